//! How one state follows another. Pure: no clock, no disk, no network.
//!
//! Every change of every record goes through [`step`]; what it refuses cannot happen.

mod change;

use jiff::Timestamp;

pub use self::change::{Balk, Change, Order};
use super::state::{Correction, Epoch, HoldReason, How, Record, Search, Standing, State};

/// A change that cannot follow from where the record stands.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a record that is {} cannot be {change}", .from.word())]
pub struct Illegal {
    /// Where it stands.
    pub from: Standing,
    /// What was to happen.
    pub change: &'static str,
}

/// The record after `change`, or why that cannot be.
pub fn step(record: &Record, change: &Change, at: Timestamp) -> Result<Record, Illegal> {
    let state = next(record, change, at).ok_or(Illegal {
        from: record.state.standing(),
        change: change.word(),
    })?;
    let mut after = Record {
        state,
        ..record.clone()
    };
    if after.state.standing() != record.state.standing() {
        after.since = at;
    }
    if let (State::Published { post, .. }, Change::Again(_)) = (&record.state, change) {
        // Its earlier post is no outcome of the new attempt.
        after.fence.push(post.clone());
    }
    remember(&mut after, change);
    Ok(after)
}

/// What a start makes of a record that the process before may have had in hand, with the rule;
/// `None`: it had not. What may have been sent is looked for, never sent again.
pub fn left_in_hand(record: &Record) -> Option<(Change, &'static str)> {
    match record.state {
        State::Uploading { .. } => Some((
            Change::Released {
                epoch: None,
                not_before: None,
            },
            "start: nothing had been sent",
        )),
        State::Sending { .. } => Some((
            Change::Doubted {
                epoch: None,
                why: "the process ended while the post was being sent".to_owned(),
                duplicate: false,
            },
            "start: it may have been sent",
        )),
        _ => None,
    }
}

/// Which state follows; `None` when none may.
fn next(record: &Record, change: &Change, at: Timestamp) -> Option<State> {
    use State as S;
    let state = match (&record.state, change) {
        (S::Recorded, Change::Queued) => S::queued(),
        (S::Recorded | S::Queued { .. }, Change::Held { reason }) => S::Held { reason: *reason },
        (from, Change::Skipped { reason }) if may_be_skipped(from) => {
            S::Skipped { reason: *reason }
        }
        (S::Held { reason }, Change::Approved) if *reason != HoldReason::Unresolved => S::Queued {
            not_before: record.named,
            as_drafted: keeps_draft(record),
        },
        (from, Change::Requeued(order)) if may_be_requeued(from) => order.queued(),
        (S::Published { .. }, Change::Again(order)) => order.queued(),

        (S::Published { .. }, change) if may_follow(record, change) => record.state.clone(),

        (S::Queued { .. }, Change::Claimed { epoch, .. }) => S::Uploading { epoch: *epoch },
        (
            S::Uploading { epoch: had },
            Change::Uploaded { epoch, .. } | Change::LeftOut { epoch, .. },
        ) if had == epoch => record.state.clone(),
        (S::Uploading { epoch: had }, Change::Released { epoch, not_before })
            if epoch.is_none_or(|epoch| epoch == *had) =>
        {
            S::Queued {
                not_before: *not_before,
                as_drafted: keeps_draft(record),
            }
        }
        (S::Uploading { epoch: had }, Change::Sending { epoch, .. }) if had == epoch => {
            S::Sending {
                epoch: *epoch,
                attempt: record.attempts.saturating_add(1),
            }
        }
        (S::Sending { epoch: had, .. }, change) => settled(record, *had, change)?,

        (S::Unresolved(search), Change::Looked { page_time }) => S::Unresolved(Search {
            looks: [search.looks.as_slice(), &[*page_time]].concat(),
            blind_since: None,
            ..search.clone()
        }),
        (S::Unresolved(search), Change::LookFailed { .. }) => S::Unresolved(Search {
            blind_since: search.blind_since.or(Some(at)),
            ..search.clone()
        }),
        (S::Unresolved(_), Change::Absent) => S::Queued {
            not_before: None,
            as_drafted: true,
        },
        (S::Unresolved(_), Change::GivenUp) => S::Held {
            reason: HoldReason::Unresolved,
        },
        (from, Change::Adopted { post, permalink }) if may_be_adopted(from) => S::Published {
            post: post.clone(),
            permalink: permalink.clone(),
            how: How::Adopted,
        },
        (
            S::Held {
                reason: HoldReason::Unresolved,
            }
            | S::Unresolved(_),
            Change::ResolvedPosted { post, permalink },
        ) => S::Published {
            post: post.clone(),
            permalink: permalink.clone(),
            how: How::ByHand,
        },
        (
            S::Held {
                reason: HoldReason::Unresolved,
            },
            Change::ResolvedAbsent,
        ) => Order::standing(record).queued(),
        _ => return None,
    };
    Some(state)
}

/// What was sent before, or written by a person, goes out as it was.
fn keeps_draft(record: &Record) -> bool {
    record.resends > 0 || record.ordered
}

/// What may follow a final call: nothing but its outcome, from the process that made it, or from
/// a later one that knows the maker to be gone.
fn settled(record: &Record, had: Epoch, change: &Change) -> Option<State> {
    match change {
        Change::Published {
            epoch,
            post,
            permalink,
        } if *epoch == had => Some(State::Published {
            post: post.clone(),
            permalink: permalink.clone(),
            how: How::Direct,
        }),
        Change::NotSent {
            epoch, not_before, ..
        } if *epoch == had => Some(State::Queued {
            not_before: *not_before,
            as_drafted: keeps_draft(record),
        }),
        Change::Refused { epoch, reason } if *epoch == had => Some(State::Refused {
            reason: reason.clone(),
        }),
        Change::Doubted {
            epoch,
            why,
            duplicate,
        } if epoch.is_none_or(|epoch| epoch == had) => Some(State::Unresolved(Search {
            why: why.clone(),
            duplicate: *duplicate,
            ..Search::default()
        })),
        _ => None,
    }
}

/// Whatever waits or was put aside may be sent at a person's word; not what may be on the Page.
fn may_be_requeued(from: &State) -> bool {
    matches!(from, State::Skipped { .. }) || may_be_skipped(from)
}

/// Whatever may be on the Page cannot be waved away.
fn may_be_skipped(from: &State) -> bool {
    match from {
        State::Recorded | State::Queued { .. } | State::Refused { .. } => true,
        State::Held { reason } => *reason != HoldReason::Unresolved,
        _ => false,
    }
}

/// Only a post that loa made itself, in words of its own, follows its article.
fn may_follow(record: &Record, change: &Change) -> bool {
    let is_ours = matches!(
        record.state,
        State::Published {
            how: How::Direct,
            ..
        }
    );
    match change {
        Change::Outdated => is_ours && !record.ordered && record.draft.is_some(),
        Change::Approved => record.correction == Some(Correction::Asked),
        Change::CorrectionAsked
        | Change::Editing { .. }
        | Change::Edited { .. }
        | Change::CorrectionDropped => record.correction.is_some(),
        _ => false,
    }
}

/// A post found on the Page is the outcome wherever none is known and no call is under way.
fn may_be_adopted(from: &State) -> bool {
    !matches!(
        from,
        State::Uploading { .. } | State::Sending { .. } | State::Published { .. }
    )
}

/// What the record carries on from the change, beside its state.
fn remember(record: &mut Record, change: &Change) {
    match change {
        Change::Claimed { draft, .. } => record.draft = Some(draft.clone()),
        Change::Uploaded { photo, .. } => record.uploaded.push(photo.clone()),
        Change::Sending {
            draft,
            fence,
            page_time,
            ..
        } => {
            record.attempts = record.attempts.saturating_add(1);
            record.draft = Some(draft.clone());
            record.fence.clone_from(fence);
            // What is sent again may still appear as what the first call made.
            if !record.called {
                record.sent_after = *page_time;
            }
            record.called = true;
        }
        Change::NotSent {
            balk: Some(balk), ..
        } => {
            record.balks = record.balks.saturating_add(1);
            record.without_card |= *balk == Balk::Card;
        }
        Change::Absent => {
            record.resends = record.resends.saturating_add(1);
            // The Page may have taken them for the post that never appeared.
            record.uploaded.clear();
        }
        Change::Published { .. } | Change::Adopted { .. } | Change::Refused { .. } => {
            record.uploaded.clear();
        }
        Change::Again(order) => {
            record.generation = record.generation.saturating_add(1);
            record.called = false;
            start_anew(record, order);
        }
        Change::Requeued(order) => start_anew(record, order),
        Change::Approved => match record.correction {
            Some(_) => record.correction = Some(Correction::Approved),
            None => record.cleared = true,
        },
        Change::Outdated => record.correction = Some(Correction::Due),
        Change::CorrectionAsked => record.correction = Some(Correction::Asked),
        Change::Editing { message } => {
            let message = message.clone();
            record.correction = Some(Correction::Editing { message });
        }
        Change::Edited { message } => {
            record.correction = None;
            if let Some(draft) = &mut record.draft {
                draft.message.clone_from(message);
            }
        }
        Change::CorrectionDropped => record.correction = None,
        Change::ResolvedAbsent => start_anew(record, &Order::standing(&record.clone())),
        _ => {}
    }
}

/// A person's word wipes out what earlier attempts left behind, except that calls were made.
fn start_anew(record: &mut Record, order: &Order) {
    record.cleared = true;
    record.resends = 0;
    record.balks = 0;
    record.without_card = false;
    record.ordered = order.draft.is_some();
    record.draft.clone_from(&order.draft);
    record.named = order.not_before;
    record.anew = order.again || record.generation > 0;
    record.uploaded.clear();
    record.correction = None;
}
