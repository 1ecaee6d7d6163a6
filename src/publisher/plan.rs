//! When a Page may be posted to, by its manners. Pure: the ledger's memory and the time come in,
//! a moment goes out.

use std::time::Duration;

use jiff::civil::Time;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use crate::clock::later;
use crate::ledger::event::{Pause, PausedBy};
use crate::ledger::rows::PageRow;
use crate::ledger::state::{Record, State};

/// No Page asks for a longer rest, and none is given. One that ends later was counted from a clock
/// that has been set back since: it must not silence the Page until that time comes again.
pub const REST_MAX: SignedDuration = SignedDuration::from_hours(48);

/// Of a Page's limits, in percent: posts go slower from here on …
const SLOWER_FROM_PERCENT: u64 = 75;
/// … and slower still from here on.
const SLOWEST_FROM_PERCENT: u64 = 85;
/// So that who posts without a distance has one then.
const SLOW_SPACING_MIN: Duration = Duration::from_secs(5 * 60);

/// How a Page wants to be posted to.
#[derive(Debug, Clone)]
pub struct Manners {
    /// The zone that days and quiet hours are counted in.
    pub zone: TimeZone,
    /// Least time between two posts.
    pub spacing: Duration,
    /// When nothing goes out by itself; `None`: always open.
    pub quiet_hours: Option<QuietHours>,
    /// Time between seeing an article and posting it, for the site to correct itself.
    pub hold_for: Duration,
    /// The most posts in one day of the zone.
    pub posts_per_day: u32,
    /// Older articles wait for a person.
    pub max_age: Duration,
}

/// A daily span; it may run over midnight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QuietHours {
    /// Its first minute.
    pub from: Time,
    /// The first minute after it.
    pub to: Time,
}

impl Manners {
    /// The same, slower for a Page that has spent so many percent of what it is allowed.
    pub fn strained(mut self, percent: u64) -> Self {
        let times = match percent {
            SLOWEST_FROM_PERCENT.. => 4,
            SLOWER_FROM_PERCENT.. => 2,
            _ => return self,
        };
        self.spacing = self.spacing.max(SLOW_SPACING_MIN).saturating_mul(times);
        self
    }
}

/// Why something has to wait, and until when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wait {
    /// Why.
    pub why: Cause,
    /// Until when; `None`: until something happens that has no hour.
    pub until: Option<Timestamp>,
}

/// Why something has to wait.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cause {
    /// The Page is paused, for this reason.
    Paused(String),
    /// An answer that was lost is too young for others to go on.
    Doubt,
    /// The newest post is too young.
    Spacing,
    /// The Page is quiet at this hour.
    QuietHours,
    /// The Page has had its posts for today.
    DayFull,
    /// The site is given time to correct the article.
    HoldFor,
    /// A person, or what happened at the last attempt, set a later moment.
    NotBefore,
    /// The article's own page is read first.
    Unread,
}

impl Wait {
    /// A wait that ends by itself.
    pub fn until(until: Timestamp, why: Cause) -> Self {
        Self {
            why,
            until: Some(until),
        }
    }
}

/// Whether the Page may be posted to now, leaving its manners aside: a person's word overrules
/// those, but not a pause.
pub fn paused(page: &PageRow, now: Timestamp) -> Option<Wait> {
    let pause = page.pause.as_ref()?;
    match pause.until {
        Some(until) if until <= now => None,
        Some(until) if pause.by == PausedBy::Throttle && until.duration_since(now) > REST_MAX => {
            None
        }
        until => Some(Wait {
            why: Cause::Paused(pause.why.clone()),
            until,
        }),
    }
}

/// Whether a pause in force stands against a new one, because it was put there for another reason
/// and ends later: a rest that ends by itself must not end what only a person may end.
pub fn outlasts(page: &PageRow, pause: &Pause, now: Timestamp) -> bool {
    let end = |until: Option<Timestamp>| until.unwrap_or(Timestamp::MAX);
    let for_another_reason = page.pause.as_ref().is_some_and(|old| old.by != pause.by);
    for_another_reason
        && paused(page, now).is_some_and(|standing| end(standing.until) > end(pause.until))
}

/// Whether the Page may be posted to now.
pub fn page_waits(manners: &Manners, page: &PageRow, now: Timestamp) -> Option<Wait> {
    paused(page, now).or_else(|| {
        longest([
            (spacing_ends(manners, page, now), Cause::Spacing),
            (quiet_ends(manners, now), Cause::QuietHours),
            (day_ends(manners, page, now), Cause::DayFull),
        ])
    })
}

/// When a queued record may go; `None`: now. `first_seen` is when the article was.
pub fn record_waits(
    manners: &Manners,
    record: &Record,
    first_seen: Timestamp,
    now: Timestamp,
) -> Option<Wait> {
    let State::Queued {
        not_before,
        as_drafted,
    } = &record.state
    else {
        return None;
    };
    let not_before = not_before.filter(|until| !is_rest_of_another_clock(record, *until, now));
    // What was sent once, or let go by a person, has been held long enough; and when something
    // was seen in the future, nobody can tell.
    let held = (!as_drafted && !record.cleared && first_seen <= now)
        .then(|| later(first_seen, manners.hold_for));
    let waits = [(not_before, Cause::NotBefore), (held, Cause::HoldFor)];
    longest(waits).filter(|wait| wait.until.is_some_and(|until| until > now))
}

/// The wait that ends last.
fn longest<const N: usize>(waits: [(Option<Timestamp>, Cause); N]) -> Option<Wait> {
    waits
        .into_iter()
        .filter_map(|(until, why)| Some(Wait::until(until?, why)))
        .max_by_key(|wait| wait.until)
}

/// Whether a record was put to rest by a clock that has been set back since.
fn is_rest_of_another_clock(record: &Record, until: Timestamp, now: Timestamp) -> bool {
    record.named != Some(until) && record.since > now
}

/// Whether an article is too old to go out by itself. One without a date is as old as its
/// first sight.
pub fn too_old(
    manners: &Manners,
    published: Option<Timestamp>,
    first_seen: Timestamp,
    now: Timestamp,
) -> bool {
    later(published.unwrap_or(first_seen), manners.max_age) < now
}

fn spacing_ends(manners: &Manners, page: &PageRow, now: Timestamp) -> Option<Timestamp> {
    // A send from the future means that the clock was set back: it must not silence the Page.
    let last = page.sends.iter().rev().find(|sent| **sent <= now)?;
    Some(later(*last, manners.spacing)).filter(|until| *until > now)
}

fn quiet_ends(manners: &Manners, now: Timestamp) -> Option<Timestamp> {
    let hours = manners.quiet_hours?;
    let local = now.to_zoned_datetime(manners.zone.clone());
    let time = local.time();
    let over_midnight = hours.to <= hours.from;
    let inside = if over_midnight {
        time >= hours.from || time < hours.to
    } else {
        time >= hours.from && time < hours.to
    };
    if !inside {
        return None;
    }
    let day = if over_midnight && time >= hours.from {
        local.date().tomorrow().ok()?
    } else {
        local.date()
    };
    let end = day
        .to_datetime(hours.to)
        .to_zoned_datetime(manners.zone.clone())
        .ok()?;
    Some(end.timestamp())
}

fn day_ends(manners: &Manners, page: &PageRow, now: Timestamp) -> Option<Timestamp> {
    let today = now.to_zoned_datetime(manners.zone.clone()).date();
    let sent_today = page
        .sends
        .iter()
        .filter(|sent| sent.to_zoned_datetime(manners.zone.clone()).date() == today)
        .count();
    if sent_today < usize::try_from(manners.posts_per_day).unwrap_or(usize::MAX) {
        return None;
    }
    let midnight = today
        .tomorrow()
        .ok()?
        .to_zoned_datetime(manners.zone.clone())
        .ok()?;
    Some(midnight.timestamp())
}

#[cfg(test)]
mod tests;
