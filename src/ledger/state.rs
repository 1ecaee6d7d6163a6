//! The states of a record: one article on one Page. Pure words; `step` says how they follow.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::wire;
use crate::article::ArticleId;
use crate::post::{Draft, PhotoId, PostId};

/// Which Page, by its Facebook id and the host it is reached at, so that renaming a Page in the
/// settings changes nothing.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PageKey(pub String);

impl fmt::Display for PageKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The number of the process that has a claim. Rises by one at every start.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Epoch(pub u64);

/// One article on one Page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// Which article.
    pub article: ArticleId,
    /// Which Page.
    pub page: PageKey,
    /// Where it stands.
    pub state: State,
    /// When it came to stand there.
    pub since: Timestamp,
    /// The place in the journal at which it was recorded: what was seen first goes out first.
    pub order: u64,
    /// How often the final call was begun.
    pub attempts: u32,
    /// How often it was sent again after it was proved absent; starts anew with `generation`.
    pub resends: u32,
    /// 0 at first; one more each time a person asks for the article to be posted again.
    pub generation: u32,
    /// A person let it go: age, waiting time and review no longer apply.
    #[serde(default)]
    pub cleared: bool,
    /// How often in this generation the Page wanted it sent once more.
    #[serde(default)]
    pub balks: u32,
    /// The Page cannot make a card of its address: the text carries that alone.
    #[serde(default)]
    pub without_card: bool,
    /// The draft is a person's own, not a template's.
    #[serde(default)]
    pub ordered: bool,
    /// The draft of the newest claim: what to look for on the Page, and what a resend sends.
    #[serde(with = "wire::optional_draft", default)]
    pub draft: Option<Draft>,
    /// Pictures that lie on the Page's side, not yet shown.
    pub uploaded: Vec<Uploaded>,
    /// Posts that were on the Page before the newest attempt, and so are not its outcome.
    pub fence: Vec<PostId>,
    /// The Page's time before the first call that may still show: a post much older is no outcome
    /// of it. `None`: the Page did not tell.
    #[serde(default)]
    pub sent_after: Option<Timestamp>,
    /// Whether the final call of this generation was ever begun: then what the Page shows may be
    /// its outcome, however much later.
    #[serde(default)]
    pub called: bool,
    /// A post of its own is meant, whatever the Page shows: until the final call was begun, nothing
    /// there is its outcome.
    #[serde(default)]
    pub anew: bool,
    /// The moment before which a person does not want it to go; it stands whatever the clock does.
    #[serde(default)]
    pub named: Option<Timestamp>,
    /// What is to become of its post, whose article was corrected since; `None`: nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub correction: Option<Correction>,
}

/// What is to become of a post whose article was corrected since.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "correction", rename_all = "kebab-case")]
pub enum Correction {
    /// To be followed.
    Due,
    /// Put before a person.
    Asked,
    /// A person lets it go.
    Approved,
    /// The call that edits the post may have left; it makes the text this.
    Editing {
        /// The new text.
        message: String,
    },
}

impl Record {
    /// A record as it begins, before anything was done with it.
    pub fn new(
        article: ArticleId,
        page: PageKey,
        state: State,
        since: Timestamp,
        order: u64,
    ) -> Self {
        Self {
            article,
            page,
            state,
            since,
            order,
            attempts: 0,
            resends: 0,
            generation: 0,
            cleared: false,
            balks: 0,
            without_card: false,
            ordered: false,
            draft: None,
            uploaded: Vec::new(),
            fence: Vec::new(),
            sent_after: None,
            called: false,
            anew: false,
            named: None,
            correction: None,
        }
    }
}

/// A picture uploaded and not yet shown. The Page forgets it after a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Uploaded {
    /// The name of its bytes in the media folder.
    pub media: String,
    /// What the Page calls it.
    pub photo: PhotoId,
    /// When it was uploaded.
    pub at: Timestamp,
}

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
