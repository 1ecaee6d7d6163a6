//! When a Page may be posted to, by its manners. Pure: the ledger's memory and the time come in,
//! a moment goes out.

use std::time::Duration;

use jiff::civil::Time;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use crate::clock::saturating;
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
        .then(|| after(first_seen, manners.hold_for));
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
    after(published.unwrap_or(first_seen), manners.max_age) < now
}

fn spacing_ends(manners: &Manners, page: &PageRow, now: Timestamp) -> Option<Timestamp> {
    // A send from the future means that the clock was set back: it must not silence the Page.
    let last = page.sends.iter().rev().find(|sent| **sent <= now)?;
    Some(after(*last, manners.spacing)).filter(|until| *until > now)
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

fn after(moment: Timestamp, duration: Duration) -> Timestamp {
    moment
        .checked_add(saturating(duration))
        .unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::ArticleId;
    use crate::ledger::state::PageKey;

    fn manners() -> Manners {
        Manners {
            zone: TimeZone::get("Asia/Ho_Chi_Minh").unwrap(),
            spacing: Duration::from_secs(600),
            quiet_hours: Some(QuietHours {
                from: Time::constant(21, 30, 0, 0),
                to: Time::constant(5, 30, 0, 0),
            }),
            hold_for: Duration::ZERO,
            posts_per_day: 3,
            max_age: Duration::from_secs(3 * 86_400),
        }
    }

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn sent(at_times: &[&str]) -> PageRow {
        PageRow {
            sends: at_times.iter().map(|text| at(text)).collect(),
            ..PageRow::default()
        }
    }

    #[test]
    fn two_posts_stand_ten_minutes_apart() {
        let page = sent(&["2026-11-23T10:00:00+07:00"]);
        let waits = |now| page_waits(&manners(), &page, at(now));
        assert_eq!(
            waits("2026-11-23T10:09:59+07:00"),
            Some(Wait::until(at("2026-11-23T10:10:00+07:00"), Cause::Spacing))
        );
        assert_eq!(waits("2026-11-23T10:10:00+07:00"), None);
    }

    #[test]
    fn the_night_is_quiet_on_both_sides_of_midnight() {
        let waits = |now| page_waits(&manners(), &PageRow::default(), at(now));
        let morning = Some(Wait::until(
            at("2026-11-24T05:30:00+07:00"),
            Cause::QuietHours,
        ));
        assert_eq!(waits("2026-11-23T21:29:59+07:00"), None);
        assert_eq!(waits("2026-11-23T21:30:00+07:00"), morning);
        assert_eq!(waits("2026-11-24T05:29:59+07:00"), morning);
        assert_eq!(waits("2026-11-24T05:30:00+07:00"), None);
    }

    #[test]
    fn a_full_day_waits_for_the_next_one_in_the_sites_own_zone() {
        let page = sent(&[
            "2026-11-23T00:01:00+07:00",
            "2026-11-23T08:00:00+07:00",
            "2026-11-23T09:00:00+07:00",
        ]);
        assert_eq!(
            page_waits(&manners(), &page, at("2026-11-23T12:00:00+07:00")),
            Some(Wait::until(at("2026-11-24T00:00:00+07:00"), Cause::DayFull))
        );
    }

    #[test]
    fn a_clock_set_back_a_year_does_not_silence_the_page() {
        let page = sent(&["2027-11-23T10:00:00+07:00"]);
        assert_eq!(
            page_waits(&manners(), &page, at("2026-11-23T10:00:00+07:00")),
            None
        );
    }

    fn queued_at(since: Timestamp, not_before: Option<Timestamp>) -> Record {
        let state = State::Queued {
            not_before,
            as_drafted: false,
        };
        let page = PageKey("p".to_owned());
        Record::new(ArticleId::new("a"), page, state, since, 1)
    }

    #[test]
    fn a_rest_given_by_a_clock_that_was_a_year_ahead_does_not_last_a_year() {
        let (then, now) = (
            at("2027-11-23T10:00:00+07:00"),
            at("2026-11-23T10:00:00+07:00"),
        );
        let manners = Manners {
            hold_for: Duration::from_secs(900),
            ..manners()
        };
        let rested = queued_at(then, then.checked_add(Duration::from_secs(3600)).ok());
        assert_eq!(record_waits(&manners, &rested, then, now), None);
        let page = PageRow {
            pause: Some(Pause {
                why: "too many calls".to_owned(),
                until: then.checked_add(Duration::from_secs(3600)).ok(),
                by: PausedBy::Throttle,
            }),
            ..PageRow::default()
        };
        assert_eq!(paused(&page, now), None);
    }

    #[test]
    fn the_moment_that_a_person_named_stands_however_far_off() {
        let now = at("2026-11-23T10:00:00+07:00");
        let set_back = at("2026-11-23T11:00:00+07:00");
        for named in ["2026-11-23T12:00:00+07:00", "2027-11-23T10:00:00+07:00"].map(at) {
            for since in [now, set_back] {
                let ordered = Record {
                    named: Some(named),
                    ..queued_at(since, Some(named))
                };
                let waits = record_waits(&manners(), &ordered, now, now);
                assert_eq!(waits, Some(Wait::until(named, Cause::NotBefore)));
            }
        }
    }

    #[test]
    fn a_rest_that_ends_by_itself_does_not_end_what_only_a_person_may_end() {
        let now = at("2026-11-23T10:00:00+07:00");
        let later = Some(at("2026-11-23T11:00:00+07:00"));
        let pause = |by, until| Pause {
            why: "why".to_owned(),
            until,
            by,
        };
        let stands = |old, new| {
            let page = PageRow {
                pause: Some(old),
                ..PageRow::default()
            };
            outlasts(&page, &new, now)
        };
        let throttle = pause(PausedBy::Throttle, later);
        for by in [PausedBy::Person, PausedBy::Recovery, PausedBy::Strangers] {
            assert!(stands(pause(by, None), throttle.clone()), "{by:?}");
            assert!(!stands(throttle.clone(), pause(by, None)), "{by:?}");
        }
        let refusals = pause(PausedBy::Refusals, None);
        assert!(stands(refusals, pause(PausedBy::Person, later)));
        let whole_day = pause(PausedBy::Person, None);
        assert!(
            !stands(whole_day, pause(PausedBy::Person, later)),
            "a person's newest word"
        );
        let over = pause(PausedBy::Person, Some(now));
        assert!(!stands(over, throttle));
    }

    #[test]
    fn a_pause_ends_by_itself_only_when_it_says_so() {
        let mut page = PageRow {
            pause: Some(Pause {
                why: "too many calls".to_owned(),
                until: Some(at("2026-11-23T11:00:00+07:00")),
                by: PausedBy::Throttle,
            }),
            ..PageRow::default()
        };
        assert_eq!(
            paused(&page, at("2026-11-23T10:59:59+07:00")),
            Some(Wait::until(
                at("2026-11-23T11:00:00+07:00"),
                Cause::Paused("too many calls".to_owned())
            ))
        );
        assert_eq!(paused(&page, at("2026-11-23T11:00:00+07:00")), None);

        if let Some(pause) = &mut page.pause {
            pause.until = None;
        }
        assert_eq!(
            paused(&page, at("2036-11-23T11:00:00+07:00")),
            Some(Wait {
                why: Cause::Paused("too many calls".to_owned()),
                until: None
            })
        );
    }

    #[test]
    fn an_article_is_held_back_until_the_site_had_time_to_correct_it_unless_it_is_a_resend() {
        let manners = Manners {
            hold_for: Duration::from_secs(900),
            ..manners()
        };
        let seen = at("2026-11-23T10:00:00+07:00");
        let record = |as_drafted| Record {
            state: State::Queued {
                not_before: None,
                as_drafted,
            },
            ..queued_at(seen, None)
        };
        assert_eq!(
            record_waits(&manners, &record(false), seen, seen),
            Some(Wait::until(at("2026-11-23T10:15:00+07:00"), Cause::HoldFor))
        );
        assert_eq!(record_waits(&manners, &record(true), seen, seen), None);
    }

    #[test]
    fn who_has_spent_most_of_what_is_allowed_goes_slower() {
        let minutes = |spacing: u64, percent| {
            let manners = Manners {
                spacing: Duration::from_secs(spacing * 60),
                ..manners()
            };
            manners.strained(percent).spacing.as_secs() / 60
        };
        assert_eq!([minutes(10, 0), minutes(10, 74)], [10, 10]);
        assert_eq!([minutes(10, 75), minutes(0, 75)], [20, 10]);
        assert_eq!([minutes(10, 85), minutes(0, 100)], [40, 20]);
    }

    #[test]
    fn an_article_without_a_date_is_as_old_as_its_first_sight() {
        let seen = at("2026-11-20T10:00:00+07:00");
        let old = |published, now| too_old(&manners(), published, seen, at(now));
        assert!(!old(None, "2026-11-23T10:00:00+07:00"));
        assert!(old(None, "2026-11-23T10:00:01+07:00"));
        assert!(old(
            Some(at("2023-05-17T09:47:00+07:00")),
            "2026-11-20T10:00:00+07:00"
        ));
    }
}
