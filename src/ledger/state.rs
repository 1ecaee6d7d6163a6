//! The states of a record: one article on one Page. Pure words; `step` says how they follow.

mod record;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub use self::record::{Correction, PageKey, Record, Uploaded};
use crate::post::PostId;

/// Where a record stands. What each state promises is the heart of the program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "kebab-case")]
pub enum State {
    /// Seen and written down; its page has not been read yet.
    Recorded,
    /// Will be published when it is due.
    Queued {
        /// Not before this moment; `None`: as soon as the Page's manners allow.
        not_before: Option<Timestamp>,
        /// Send the stored draft, not a fresh one: an earlier attempt with it was proved absent,
        /// or a person wrote it.
        as_drafted: bool,
    },
    /// Waits for a person.
    Held {
        /// Why.
        reason: HoldReason,
    },
    /// Claimed; its pictures are being uploaded. Nothing of it can be visible.
    Uploading {
        /// By which process.
        epoch: Epoch,
    },
    /// The final call may have left. Nothing but its outcome may follow.
    Sending {
        /// By which process.
        epoch: Epoch,
        /// Which attempt.
        attempt: u32,
    },
    /// The outcome of the final call is not known; loa is looking.
    Unresolved(Search),
    /// It is on the Page.
    Published {
        /// The post.
        post: PostId,
        /// Where readers find it.
        permalink: Option<String>,
        /// How we know.
        how: How,
    },
    /// The Page said no.
    Refused {
        /// What the Page said.
        reason: String,
    },
    /// Will not be published.
    Skipped {
        /// Why.
        reason: SkipReason,
    },
}

/// The number of the process that has a claim. Rises by one at every start.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Epoch(pub u64);

/// How a post came to be known as published.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum How {
    /// The Page answered with its id.
    Direct,
    /// It was found on the Page.
    Adopted,
    /// A person said so.
    ByHand,
}

/// Why a record waits for a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum HoldReason {
    /// More new articles at once than a site brings out.
    Flood,
    /// The Page's settings ask for an editor's eye on every post.
    Review,
    /// A rule says that such articles never go out by themselves.
    NeverAuto,
    /// Older than the Page's `max_age`.
    TooOld,
    /// The feed's address changed, and the article was not known.
    MovedFeed,
    /// Reads like an article that is already known.
    DoubtfulTwin,
    /// Whether it is on the Page could not be found out: only a person who has looked may decide.
    Unresolved,
    /// A person put it here.
    ByPerson,
    /// The site took the article away before it was posted.
    Withdrawn,
}

/// Why a record will not be published.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SkipReason {
    /// It stood in the feed before loa came.
    Baseline,
    /// The feed's `include` or `exclude` says so.
    Filter,
    /// It turned out to be an article that is already known.
    Duplicate,
    /// A person said so.
    ByPerson,
}

/// The search for a post that may or may not be on the Page.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Search {
    /// What was seen instead of an answer.
    pub why: String,
    /// The Page itself said that it has this already: one complete look decides.
    pub duplicate: bool,
    /// The moments of the looks that count, by the Page's clock.
    pub looks: Vec<Timestamp>,
    /// Since when no look has counted because none could prove anything, by our own clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub blind_since: Option<Timestamp>,
}

impl HoldReason {
    /// The word for it in settings, JSON and texts.
    pub fn word(self) -> &'static str {
        match self {
            Self::Flood => "flood",
            Self::Review => "review",
            Self::NeverAuto => "never-auto",
            Self::TooOld => "too-old",
            Self::MovedFeed => "moved-feed",
            Self::DoubtfulTwin => "doubtful-twin",
            Self::Unresolved => "unresolved",
            Self::ByPerson => "by-person",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// Reads the word for it.
    pub fn from_word(word: &str) -> Option<Self> {
        [
            Self::Flood,
            Self::Review,
            Self::NeverAuto,
            Self::TooOld,
            Self::MovedFeed,
            Self::DoubtfulTwin,
            Self::Unresolved,
            Self::ByPerson,
            Self::Withdrawn,
        ]
        .into_iter()
        .find(|reason| reason.word() == word)
    }
}

impl SkipReason {
    /// The word for it in JSON and texts.
    pub fn word(self) -> &'static str {
        match self {
            Self::Baseline => "baseline",
            Self::Filter => "filter",
            Self::Duplicate => "duplicate",
            Self::ByPerson => "by-person",
        }
    }
}

/// The states without what they carry: how records are counted and listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Standing {
    /// See [`State::Recorded`].
    Recorded,
    /// See [`State::Queued`].
    Queued,
    /// See [`State::Held`].
    Held,
    /// See [`State::Uploading`].
    Uploading,
    /// See [`State::Sending`].
    Sending,
    /// See [`State::Unresolved`].
    Unresolved,
    /// See [`State::Published`].
    Published,
    /// See [`State::Refused`].
    Refused,
    /// See [`State::Skipped`].
    Skipped,
}

impl Standing {
    /// All of them, in the order in which a record passes through them.
    pub const ALL: [Self; 9] = [
        Self::Recorded,
        Self::Queued,
        Self::Held,
        Self::Uploading,
        Self::Sending,
        Self::Unresolved,
        Self::Published,
        Self::Refused,
        Self::Skipped,
    ];

    /// The word for it in JSON and texts.
    pub fn word(self) -> &'static str {
        match self {
            Self::Recorded => "recorded",
            Self::Queued => "queued",
            Self::Held => "held",
            Self::Uploading => "uploading",
            Self::Sending => "sending",
            Self::Unresolved => "unresolved",
            Self::Published => "published",
            Self::Refused => "refused",
            Self::Skipped => "skipped",
        }
    }
}

impl State {
    /// Which state it is, without what it carries.
    pub fn standing(&self) -> Standing {
        match self {
            Self::Recorded => Standing::Recorded,
            Self::Queued { .. } => Standing::Queued,
            Self::Held { .. } => Standing::Held,
            Self::Uploading { .. } => Standing::Uploading,
            Self::Sending { .. } => Standing::Sending,
            Self::Unresolved(_) => Standing::Unresolved,
            Self::Published { .. } => Standing::Published,
            Self::Refused { .. } => Standing::Refused,
            Self::Skipped { .. } => Standing::Skipped,
        }
    }

    /// In the queue, free to go at any time.
    pub fn queued() -> Self {
        Self::Queued {
            not_before: None,
            as_drafted: false,
        }
    }

    /// The reason it carries, in one word or as the Page put it.
    pub fn reason(&self) -> Option<String> {
        match self {
            Self::Held { reason } => Some(reason.word().to_owned()),
            Self::Skipped { reason } => Some(reason.word().to_owned()),
            Self::Refused { reason } => Some(reason.clone()),
            Self::Unresolved(search) => Some(search.why.clone()),
            _ => None,
        }
    }
}
