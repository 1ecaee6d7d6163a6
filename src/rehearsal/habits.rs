//! How the page behaves until told otherwise, other than in a mood, which passes with a few calls.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// What the page is used to. Everything that is not named is as on a page that nobody touched.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Habits {
    /// What is posted shows only so many seconds later, by the page's clock.
    pub shows_after: u64,
    /// What becomes of a post that is like the one before.
    pub repeats: Repeats,
    /// Whether JSON is called JSON. It is called JavaScript otherwise.
    pub says_json: bool,
    /// Lists come in pages of half of what was asked for.
    pub short_lists: bool,
    /// The most calls within 24 hours; `None`: nobody counts.
    pub calls_a_day: Option<u32>,
    /// Where it is told how many of them are spent.
    pub told_in: Told,
    /// The id under which it is told; `None`: the Page's.
    pub told_under: Option<String>,
    /// More posts than `posts` within `seconds` are too fast; `None`: no pace is.
    pub pace: Option<Pace>,
    /// Hosts whose addresses cannot be looked at, with the code that says so: 1500 or 1609005.
    pub unscrapable: BTreeMap<String, i64>,
    /// The card of an address that nobody had it look at before shows no picture.
    pub cold_cards: bool,
    /// How many days ahead a post may be scheduled: the guide says 30, the reference 75.
    pub schedule_days: u32,
    /// Posts cannot be deleted.
    pub keeps_posts: bool,
    /// The oldest version that is still served; older ones are answered by it.
    pub oldest_version: String,
    /// The largest photo, in bytes: the documentation says 10 MB, live errors 4 MB.
    pub photo_bytes_max: usize,
}

impl Default for Habits {
    fn default() -> Self {
        Self {
            shows_after: 0,
            repeats: Repeats::Posted,
            says_json: false,
            short_lists: false,
            calls_a_day: None,
            told_in: Told::Business,
            told_under: None,
            pace: None,
            unscrapable: BTreeMap::new(),
            cold_cards: false,
            schedule_days: 30,
            keeps_posts: false,
            oldest_version: "v21.0".to_owned(),
            photo_bytes_max: 4 << 20,
        }
    }
}

/// What becomes of a post that is like the one before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Repeats {
    /// It is posted, as it mostly is.
    Posted,
    /// 506: "Duplicate status message".
    Duplicate,
    /// 368: "already posted".
    AlreadyPosted,
}

/// The header that tells how much is spent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Told {
    /// `X-Business-Use-Case-Usage`.
    Business,
    /// `X-Page-Usage`, its older form.
    Page,
    /// `X-App-Usage`.
    App,
}

/// The most posts within a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pace {
    /// So many are borne.
    pub posts: usize,
    /// Within so many seconds.
    pub seconds: u64,
}

/// The window in which calls are counted.
const DAY: SignedDuration = SignedDuration::from_hours(24);
/// Usage is told from here on; below, the headers are missing.
const TOLD_FROM_PERCENT: u64 = 50;
/// Who has spent everything waits this long …
const BLOCK_MINUTES: i64 = 60;
/// … and this much longer for every call in the meantime.
const PROLONGED_MINUTES: i64 = 5;

/// What of the day's calls is spent.
#[derive(Debug, Default)]
pub(super) struct Spent {
    calls: Vec<Timestamp>,
    blocked_until: Option<Timestamp>,
}

/// What becomes of one more call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Toll {
    /// It is taken; so much is spent, in percent, where that is told.
    Taken(Option<u64>),
    /// Everything is spent, for so many minutes to come.
    Blocked(i64),
}

impl Spent {
    /// Counts one more call.
    pub(super) fn one_more(&mut self, calls_a_day: Option<u32>, now: Timestamp) -> Toll {
        let Some(most) = calls_a_day else {
            return Toll::Taken(None);
        };
        if let Some(until) = self.blocked_until.filter(|until| now < *until) {
            let prolonged = later(until, PROLONGED_MINUTES);
            self.blocked_until = Some(prolonged);
            return Toll::Blocked(minutes_to(prolonged, now));
        }
        if self.blocked_until.take().is_some() {
            self.calls.clear();
        }
        self.calls.push(now);
        self.calls.retain(|at| now.duration_since(*at) < DAY);
        let percent = (self.calls.len() as u64 * 100) / u64::from(most.max(1));
        if percent <= 100 {
            return Toll::Taken(Some(percent).filter(|percent| *percent >= TOLD_FROM_PERCENT));
        }
        let until = later(now, BLOCK_MINUTES);
        self.blocked_until = Some(until);
        Toll::Blocked(minutes_to(until, now))
    }
}

fn later(moment: Timestamp, minutes: i64) -> Timestamp {
    let later = moment.checked_add(SignedDuration::from_mins(minutes));
    later.unwrap_or(moment)
}

fn minutes_to(until: Timestamp, now: Timestamp) -> i64 {
    (until.duration_since(now).as_secs() + 59) / 60
}
