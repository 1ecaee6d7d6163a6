//! A Page's manners at the hours at which they matter.

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
