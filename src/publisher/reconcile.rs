//! Finds out what became of a final call whose answer was lost. Pure: looks come in, what follows
//! goes out. Times are the *Page's*, so that our own clock may jump as it likes; only who cannot
//! look at all has nothing but its own.

use std::time::Duration;

use jiff::Timestamp;

use crate::clock::later;
use crate::destination::RemotePost;
use crate::faults::{self, Protection};
use crate::ledger::state::{Record, Search};
use crate::ledger::step::Change;

/// How long and how often to look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// Time from the first look to the second.
    pub first: Duration,
    /// Time from the first look until "absent" may be believed. Longer than the Page can take to
    /// make a request effective and readable, or the article goes out twice.
    pub whole: Duration,
    /// Whether what was proved absent is sent again without a person.
    pub resend: bool,
}

/// Each look stands this many times further from the first than the one before.
const SPREAD: u32 = 4;
/// Fewer looks prove nothing, however far apart they stand.
const LOOKS_MIN: usize = 3;
/// A draft that was proved absent this often is put before a person.
const RESENDS_MAX: u32 = 2;
/// Who can prove nothing for this many times the whole wait puts it before a person: by then a
/// permission that is missing does not come back by itself.
const BLIND_WAITS: u32 = 3;

/// Why a look dated before an earlier one proves nothing.
const CLOCK_SET_BACK: &str = "the Page's clock was set back";

/// What one look at the Page showed of one record.
#[derive(Debug, Clone, Copy)]
pub struct Look<'a> {
    /// The post, if it is there.
    pub found: Option<&'a RemotePost>,
    /// Where not finding it means anything: when that was, by the Page's clock. The list reached
    /// back to the call, and showed a post of ours known to be there or came by a token that was
    /// proved able to read. Otherwise, why it means nothing.
    pub absence: Result<Timestamp, &'a str>,
}

/// What follows from a look at `now` by our own clock, with the rule by which it does; empty when
/// it came too early.
pub fn after(
    record: &Record,
    search: &Search,
    look: Look<'_>,
    now: Timestamp,
    patience: &Patience,
) -> Vec<(Change, String)> {
    if let Some(post) = look.found {
        let change = Change::Adopted {
            post: post.id.clone(),
            permalink: post.permalink.clone(),
        };
        return vec![(change, format!("the Page shows it as {}", post.id))];
    }
    match look.absence {
        Ok(page_time) if search.looks.last().is_some_and(|last| page_time < *last) => {
            Vec::from_iter(after_blind_look(search, CLOCK_SET_BACK, now, patience))
        }
        Ok(page_time) => after_absence(record, search, page_time, patience),
        Err(why) => Vec::from_iter(after_blind_look(search, why, now, patience)),
    }
}

fn after_absence(
    record: &Record,
    search: &Search,
    page_time: Timestamp,
    patience: &Patience,
) -> Vec<(Change, String)> {
    if search.duplicate {
        let rule = "the Page refused it as a repeat, and does not show it".to_owned();
        return vec![(Change::GivenUp, rule)];
    }
    if next_look(search, patience).is_some_and(|due| page_time < due) {
        return Vec::new();
    }
    let looked = Change::Looked { page_time };
    let mut changes = vec![(looked, "complete list, not there".to_owned())];
    changes.extend(conclusion(record, search, page_time, patience));
    changes
}

/// What follows from a look that can prove nothing, and `why` it cannot: a person decides in the
/// end, and nothing is ever sent. Only our own clock counts the time: where that jumps ahead, a
/// person is asked sooner.
fn after_blind_look(
    search: &Search,
    why: &str,
    now: Timestamp,
    patience: &Patience,
) -> Option<(Change, String)> {
    let Some(since) = search.blind_since else {
        let change = Change::LookFailed {
            why: why.to_owned(),
        };
        return Some((change, "nothing is sent until a look counts".to_owned()));
    };
    let until = later(since, patience.whole.saturating_mul(BLIND_WAITS));
    let minutes = now.duration_since(since).as_mins();
    (now >= until).then(|| {
        let rule = format!("no look has counted for {minutes} min: {why}");
        (Change::GivenUp, rule)
    })
}

/// When the next look counts, by the Page's clock; `None`: at once.
pub fn next_look(search: &Search, patience: &Patience) -> Option<Timestamp> {
    let (began, last) = (search.looks.first()?, search.looks.last()?);
    let spread = std::iter::successors(Some(patience.first), |offset| offset.checked_mul(SPREAD))
        .take_while(|offset| !offset.is_zero() && *offset < patience.whole)
        .chain([patience.whole]);
    let due = spread
        .map(|offset| later(*began, offset))
        .find(|due| due > last);
    Some(due.unwrap_or_else(|| later(*last, patience.first)))
}

fn conclusion(
    record: &Record,
    search: &Search,
    page_time: Timestamp,
    patience: &Patience,
) -> Option<(Change, String)> {
    let looks = search.looks.len() + 1;
    let began = *search.looks.first().unwrap_or(&page_time);
    let waited = looks >= LOOKS_MIN && page_time >= later(began, patience.whole);
    if faults::stands(Protection::Wait) && !waited {
        return None;
    }
    let seconds = page_time.duration_since(began).as_secs();
    let proof = format!("absent in {looks} looks over {seconds} s of the Page's time");
    if !patience.resend {
        Some((Change::GivenUp, format!("{proof}; on_unknown = \"hold\"")))
    } else if record.resends >= RESENDS_MAX {
        Some((
            Change::GivenUp,
            format!("{proof}; sent again {RESENDS_MAX} times already"),
        ))
    } else {
        Some((Change::Absent, proof))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::ArticleId;
    use crate::ledger::state::{PageKey, State};
    use crate::ledger::step::step;
    use crate::post::PostId;

    const PATIENCE: Patience = Patience {
        first: Duration::from_secs(15),
        whole: Duration::from_secs(600),
        resend: true,
    };

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_700_000_000 + second).unwrap()
    }

    fn doubted(duplicate: bool) -> Record {
        let state = State::Unresolved(Search {
            why: "no answer".to_owned(),
            duplicate,
            ..Search::default()
        });
        let page = PageKey("p".to_owned());
        Record {
            attempts: 1,
            ..Record::new(ArticleId::new("a"), page, state, at(0), 1)
        }
    }

    fn absent(second: i64) -> Look<'static> {
        Look {
            found: None,
            absence: Ok(at(second)),
        }
    }

    /// Looks at the given seconds and does not find it; says where the record stands afterwards.
    fn after_looks(mut record: Record, patience: &Patience, seconds: &[i64]) -> Record {
        for second in seconds {
            let State::Unresolved(search) = record.state.clone() else {
                break;
            };
            for (change, _) in after(&record, &search, absent(*second), at(*second), patience) {
                record = step(&record, &change, at(*second)).unwrap();
            }
        }
        record
    }

    fn state_after(seconds: &[i64]) -> &'static str {
        after_looks(doubted(false), &PATIENCE, seconds)
            .state
            .standing()
            .word()
    }

    #[test]
    fn absence_is_believed_after_three_looks_the_last_when_the_whole_wait_is_over() {
        assert_eq!(state_after(&[0, 15, 60, 240, 599]), "unresolved");
        assert_eq!(state_after(&[0, 15, 60, 240, 600]), "queued");
        assert_eq!(state_after(&[0, 600]), "unresolved");
        assert_eq!(state_after(&[0, 600, 615]), "queued");
    }

    #[test]
    fn looks_made_too_early_do_not_count() {
        assert_eq!(state_after(&[0, 1, 2, 3, 600]), "unresolved");
    }

    #[test]
    fn looks_are_spread_from_the_first_wait_to_the_whole() {
        let due = |looks: &[i64]| {
            let search = Search {
                looks: looks.iter().map(|second| at(*second)).collect(),
                ..Search::default()
            };
            next_look(&search, &PATIENCE)
        };
        assert_eq!(due(&[]), None);
        assert_eq!(due(&[0]), Some(at(15)));
        assert_eq!(due(&[0, 15]), Some(at(60)));
        assert_eq!(due(&[0, 15, 60]), Some(at(240)));
        assert_eq!(due(&[0, 15, 60, 240]), Some(at(600)));
    }

    #[test]
    fn who_can_prove_nothing_for_three_whole_waits_puts_it_before_a_person() {
        let blind_look = |record: &Record, second| {
            let State::Unresolved(search) = &record.state else {
                panic!("settled");
            };
            let look = Look {
                found: None,
                absence: Err("(#10)"),
            };
            let changes = after(record, search, look, at(second), &PATIENCE);
            let (change, _) = changes.first()?;
            Some(step(record, change, at(second)).unwrap())
        };
        let blind = blind_look(&doubted(false), 0).unwrap();
        assert_eq!(blind.state.standing().word(), "unresolved");
        assert_eq!(blind_look(&blind, 3 * 600 - 1), None);
        let given_up = blind_look(&blind, 3 * 600).unwrap();
        assert_eq!(given_up.state.reason().as_deref(), Some("unresolved"));

        let seeing = after_looks(blind, &PATIENCE, &[900]);
        let again = blind_look(&seeing, 3 * 600).unwrap();
        assert_eq!(
            again.state.standing().word(),
            "unresolved",
            "a look that counts begins the wait anew"
        );
    }

    #[test]
    fn a_page_whose_clock_was_wrong_for_once_is_put_before_a_person_in_the_end() {
        let mut record = after_looks(doubted(false), &PATIENCE, &[365 * 86_400]);
        for second in [0, 3 * 600] {
            let State::Unresolved(search) = record.state.clone() else {
                panic!("settled at {second}");
            };
            let changes = after(&record, &search, absent(second), at(second), &PATIENCE);
            for (change, _) in changes {
                record = step(&record, &change, at(second)).unwrap();
            }
        }
        assert_eq!(record.state.reason().as_deref(), Some("unresolved"));
    }

    #[test]
    fn what_is_found_is_adopted_at_once() {
        let record = doubted(false);
        let State::Unresolved(search) = &record.state else {
            unreachable!("made so above");
        };
        let post = RemotePost {
            id: PostId("1_2".to_owned()),
            message: String::new(),
            links: Vec::new(),
            created: None,
            permalink: None,
            ours: None,
        };
        let look = Look {
            found: Some(&post),
            absence: Err("(#10)"),
        };
        let changes = after(&record, search, look, at(0), &PATIENCE);
        assert!(matches!(changes.as_slice(), [(Change::Adopted { .. }, _)]));
    }

    #[test]
    fn a_repeat_that_the_page_does_not_show_is_a_persons_to_decide() {
        let record = after_looks(doubted(true), &PATIENCE, &[0]);
        assert_eq!(record.state.reason().as_deref(), Some("unresolved"));
        assert_eq!(record.state.standing().word(), "held");
    }

    #[test]
    fn a_third_resend_is_a_persons_to_decide_and_so_is_the_first_where_the_settings_say_so() {
        let looks = [0, 15, 60, 240, 600];
        let mut tired = doubted(false);
        tired.resends = RESENDS_MAX;
        let careful = Patience {
            resend: false,
            ..PATIENCE
        };
        for (record, patience) in [(tired, PATIENCE), (doubted(false), careful)] {
            let record = after_looks(record, &patience, &looks);
            assert_eq!(record.state.standing().word(), "held");
        }
    }
}
