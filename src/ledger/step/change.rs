//! What can happen to a record, as words. They stand in the journal: fields are only added.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::super::state::{Epoch, HoldReason, Record, SkipReason, State, Uploaded};
use super::super::wire;
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

    pub(super) fn queued(&self) -> State {
        State::Queued {
            not_before: self.not_before,
            as_drafted: self.draft.is_some(),
        }
    }
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
