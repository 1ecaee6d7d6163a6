//! How one state follows another. Pure: no clock, no disk, no network.
//!
//! Every change of every record goes through [`step`]; what it refuses cannot happen.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::state::{
    Correction, Epoch, HoldReason, How, Record, Search, SkipReason, Standing, State, Uploaded,
};
use super::wire;
use crate::post::{Draft, PostId};

/// What happened to a record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "change", rename_all = "kebab-case")]
pub enum Change {
    /// Free to go.
    Queued,
    /// Put before a person.
    Held {
        /// Why.
        reason: HoldReason,
    },
    /// Will not go out.
    Skipped {
        /// Why.
        reason: SkipReason,
    },
    /// A person lets a held record go.
    Approved,
    /// A person asks for a record to be sent, wherever it waits.
    Requeued(Order),
    /// A person asks for a published article to be posted once more.
    Again(Order),
    /// This process takes it in hand.
    Claimed {
        /// Which process.
        epoch: Epoch,
        /// What it is going to send.
        #[serde(with = "wire::draft")]
        draft: Draft,
    },
    /// One of its pictures lies on the Page's side, unseen.
    Uploaded {
        /// By which process.
        epoch: Epoch,
        /// Which.
        photo: Uploaded,
    },
    /// One of its pictures is left out: the Page does not take it.
    LeftOut {
        /// By which process.
        epoch: Epoch,
        /// Where the picture came from.
        source: String,
    },
    /// Put back before anything could be visible.
    Released {
        /// By which process; `None` at a start, when the process that had it is gone.
        epoch: Option<Epoch>,
        /// Not before this moment.
        not_before: Option<Timestamp>,
    },
    /// The final call is about to be made. On disk before its first byte leaves.
    Sending {
        /// By which process.
        epoch: Epoch,
        /// Exactly what is sent.
        #[serde(with = "wire::draft")]
        draft: Draft,
        /// What the Page showed before.
        fence: Vec<PostId>,
        /// When it showed that, by its own clock.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        page_time: Option<Timestamp>,
    },
    /// The Page answered with the new post's id.
    Published {
        /// By which process.
        epoch: Epoch,
        /// The post.
        post: PostId,
        /// Where readers find it.
        permalink: Option<String>,
    },
    /// Certainly not on the Page; to be sent later.
    NotSent {
        /// By which process.
        epoch: Epoch,
        /// Not before this moment.
        not_before: Option<Timestamp>,
        /// What the Page did not like; `None`: it was nothing about this post.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        balk: Option<Balk>,
    },
    /// Certainly not on the Page, and never will be as it stands.
    Refused {
        /// By which process.
        epoch: Epoch,
        /// What the Page said.
        reason: String,
    },
    /// The outcome is not known.
    Doubted {
        /// By which process; `None` at a start, when the process that sent it is gone.
        epoch: Option<Epoch>,
        /// What was seen instead of an answer.
        why: String,
        /// The Page said that it has this already.
        duplicate: bool,
    },
    /// A look that counts did not find it.
    Looked {
        /// When, by the Page's clock.
        page_time: Timestamp,
    },
    /// A look could prove nothing: the Page may not be read, or does not show what is known to be
    /// there.
    LookFailed {
        /// Why.
        why: String,
    },
    /// It was found on the Page.
    Adopted {
        /// The post.
        post: PostId,
        /// Where readers find it.
        permalink: Option<String>,
    },
    /// Proved absent: to be sent again, as it was.
    Absent,
    /// Whether it is there cannot be found out: a person must look.
    GivenUp,
    /// A person has looked and it is there.
    ResolvedPosted {
        /// The post, as the person named it.
        post: PostId,
        /// Where readers find it.
        permalink: Option<String>,
    },
    /// A person has looked and it is not there.
    ResolvedAbsent,
    /// Its article was corrected since it was posted.
    Outdated,
    /// A person is asked whether the post is to follow its corrected article.
    CorrectionAsked,
    /// The call that edits the post is about to be made.
    Editing {
        /// The text that it gets.
        message: String,
    },
    /// The post has this text now.
    Edited {
        /// The text.
        message: String,
    },
    /// The post stays as it is.
    CorrectionDropped,
}

/// What a Page may not like about a post, without refusing it for good.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Balk {
    /// It may be as it is: once more.
    Again,
    /// Its card: without that from now on.
    Card,
}

/// How a person wants a record to be sent.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Order {
    /// Not before this moment; `None`: now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_before: Option<Timestamp>,
    /// Exactly this; `None`: what the template makes of the article when it goes out.
    #[serde(with = "wire::optional_draft", default)]
    pub draft: Option<Draft>,
    /// A new post is meant, also where the Page shows the article already.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub again: bool,
}

impl Order {
    /// What a person has ordered for the record, to be sent now: trying it again does not change
    /// what is meant.
    pub fn standing(record: &Record) -> Self {
        Self {
            not_before: None,
            draft: record.draft.clone().filter(|_| record.ordered),
            again: record.anew,
        }
    }

    fn queued(&self) -> State {
        State::Queued {
            not_before: self.not_before,
            as_drafted: self.draft.is_some(),
        }
    }
}

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

impl Change {
    /// The past participle that names it, for messages and stories.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Held { .. } => "held",
            Self::Skipped { .. } => "skipped",
            Self::Approved => "approved",
            Self::Requeued(_) => "requeued",
            Self::Again(_) => "again",
            Self::Claimed { .. } => "claimed",
            Self::Uploaded { .. } => "uploaded",
            Self::LeftOut { .. } => "left-out",
            Self::Released { .. } => "released",
            Self::Sending { .. } => "sent",
            Self::Published { .. }
            | Self::NotSent { .. }
            | Self::Refused { .. }
            | Self::Doubted { .. } => "settled",
            Self::Looked { .. } => "looked",
            Self::LookFailed { .. } => "look-failed",
            Self::Adopted { .. } | Self::Absent | Self::GivenUp => "reconciled",
            Self::ResolvedPosted { .. } | Self::ResolvedAbsent => "resolved",
            Self::Outdated => "outdated",
            Self::CorrectionAsked => "correction-asked",
            Self::Editing { .. } => "editing",
            Self::Edited { .. } => "edited",
            Self::CorrectionDropped => "correction-dropped",
        }
    }
}
