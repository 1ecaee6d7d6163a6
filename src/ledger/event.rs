//! What the journal tells: every event of every article, Page and feed, as it is written down.
//! This is the disk format. Fields are only added; an unknown kind means a newer loa wrote it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::state::{Epoch, PageKey, State};
use super::step::Change;
use super::wire;
use crate::article::{Article, ArticleId};
use crate::post::PostId;

/// One line of the journal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// When, by our own clock: for people to read, never to decide by.
    pub at: Timestamp,
    /// What.
    pub what: What,
    /// The rule by which it was decided, with the value it was decided on; for `loa why`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum What {
    /// A process opened the ledger.
    Started {
        /// Its number.
        epoch: Epoch,
        /// The program's version.
        version: String,
    },
    /// An article was seen for the first time.
    Recorded {
        /// The name it was given.
        id: ArticleId,
        /// What is known of it.
        #[serde(with = "wire::article")]
        article: Article,
        /// By what it will be recognised.
        keys: Vec<String>,
        /// Where it starts on each Page.
        pages: Vec<Placed>,
        /// Whether its own page is to be read before it is posted.
        unread: bool,
    },
    /// An article that was known went to a Page that did not have it yet.
    Placed {
        /// Which article.
        id: ArticleId,
        /// Which Page, and where it starts there.
        page: Placed,
    },
    /// A known article was recognised under new keys.
    Learned {
        /// Which article.
        id: ArticleId,
        /// Its new keys.
        keys: Vec<String>,
    },
    /// The article's page was read, or given up on.
    Enriched {
        /// Which article.
        id: ArticleId,
        /// What is known of it now.
        #[serde(with = "wire::article")]
        article: Article,
        /// Whether its page was there.
        #[serde(default)]
        page_read: bool,
    },
    /// The article's page could not be read this time.
    EnrichFailed {
        /// Which article.
        id: ArticleId,
        /// Why.
        why: String,
    },
    /// The feed says something else of the article than before.
    Corrected {
        /// Which article.
        id: ArticleId,
        /// What is known of it now.
        #[serde(with = "wire::article")]
        article: Article,
        /// Whether its own page is to be read again.
        unread: bool,
    },
    /// The site has taken the article away.
    Gone {
        /// Which article.
        id: ArticleId,
        /// What its address answers.
        status: u16,
    },
    /// What stands in a feed now, and what has left it and is still to be looked for.
    Listed {
        /// The feed's name in the settings.
        feed: String,
        /// What stands in it, and what has left it.
        listing: Listing,
    },
    /// A record changed.
    Changed {
        /// Which article.
        id: ArticleId,
        /// On which Page.
        page: PageKey,
        /// How.
        change: Change,
    },
    /// A feed answered, or did not.
    Polled {
        /// The feed's name in the settings.
        feed: String,
        /// What is remembered of it.
        memory: FeedMemory,
    },
    /// From here on, what is new in the feed goes to the Page.
    Baselined {
        /// The feed's name in the settings.
        feed: String,
        /// Which Page.
        page: PageKey,
    },
    /// Nothing is sent to the Page until it is resumed.
    Paused {
        /// Which Page.
        page: PageKey,
        /// Why and for how long.
        pause: Pause,
    },
    /// The Page may be posted to again.
    Resumed {
        /// Which Page.
        page: PageKey,
    },
    /// Posts of our own app that no record knows are taken as known.
    Acknowledged {
        /// Which Page.
        page: PageKey,
        /// Which posts.
        posts: Vec<PostId>,
    },
    /// The articles of the Page's baseline were looked for among its posts.
    BaselineMatched {
        /// Which Page.
        page: PageKey,
    },
    /// A Page's token was looked at.
    Inspected {
        /// Which Page.
        page: PageKey,
    },
    /// A person was told that something ends, so that each warning is given once.
    Warned {
        /// For which Page.
        page: PageKey,
        /// What ends.
        of: Ending,
        /// Which one: another token, or another version, is warned of anew.
        which: String,
        /// The number of days before its end that the warning is for.
        days: u16,
    },
    /// Something a person should know.
    Notice {
        /// What it is about: a Page's or a feed's name, or `state`.
        about: String,
        /// Its text, in the language of the settings.
        text: String,
    },
}

/// Where an article starts on one Page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Placed {
    /// Which Page.
    pub page: PageKey,
    /// Where it starts: recorded, queued, held or skipped.
    pub state: State,
}

/// The articles of a feed, as it was read last.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Listing {
    /// Those that stand in it.
    pub listed: Vec<ArticleId>,
    /// Those that have left it since their address was last asked for, the newest last.
    pub left: Vec<ArticleId>,
}

/// What is remembered of a feed between polls.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct FeedMemory {
    /// The address these validators belong to.
    pub url: String,
    /// The validator to send as `If-None-Match`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub etag: Option<String>,
    /// The validator to send as `If-Modified-Since`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_modified: Option<String>,
    /// Polls that failed since one last went well.
    pub failures_in_a_row: u32,
    /// When the feed may be polled next.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_poll_at: Option<Timestamp>,
    /// When a poll last went well.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_good_at: Option<Timestamp>,
    /// Why the newest poll failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

/// What ends some day, and must be seen to before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ending {
    /// The Page's token.
    Token,
    /// What the person granted who logged in.
    DataAccess,
    /// The version by which the Page is reached.
    Version,
    /// That version itself has ended: another one answers in its place.
    Replaced,
}

/// A stop of sending to one Page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pause {
    /// Why, for people.
    pub why: String,
    /// When it ends by itself; `None`: when a person resumes it.
    pub until: Option<Timestamp>,
    /// Who stopped it.
    pub by: PausedBy,
}

/// Who stopped sending to a Page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PausedBy {
    /// A person.
    Person,
    /// The Page: too many calls, or a block.
    Throttle,
    /// Two equal refusals in a row.
    Refusals,
    /// The Page shows posts of our app that the ledger does not know.
    Strangers,
    /// The ledger was not whole when it was opened.
    Recovery,
}

/// The format of the journal's payloads. A larger number is a newer loa's.
const VERSION: u32 = 1;

#[derive(Serialize)]
struct Written<'a> {
    v: u32,
    #[serde(flatten)]
    event: &'a Event,
}

#[derive(Deserialize)]
struct Versioned {
    v: u32,
}

/// Why a payload could not be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadEventError {
    /// A newer loa wrote it.
    #[error("format {0} is newer than this loa")]
    TooNew(u32),
    /// It is not an event.
    #[error("not an event: {0}")]
    Garbage(#[from] serde_json::Error),
}

impl What {
    /// The article whose story this is part of.
    pub(super) fn article(&self) -> Option<&ArticleId> {
        match self {
            Self::Recorded { id, .. }
            | Self::Placed { id, .. }
            | Self::Learned { id, .. }
            | Self::Enriched { id, .. }
            | Self::EnrichFailed { id, .. }
            | Self::Corrected { id, .. }
            | Self::Gone { id, .. }
            | Self::Changed { id, .. } => Some(id),
            Self::Started { .. }
            | Self::Listed { .. }
            | Self::Polled { .. }
            | Self::Baselined { .. }
            | Self::Paused { .. }
            | Self::Resumed { .. }
            | Self::Acknowledged { .. }
            | Self::BaselineMatched { .. }
            | Self::Inspected { .. }
            | Self::Warned { .. }
            | Self::Notice { .. } => None,
        }
    }
}

impl Event {
    /// The payload that the journal keeps.
    ///
    /// # Errors
    /// Never for events of this program; the serialiser's error is passed on all the same.
    pub fn to_payload(&self) -> Result<Vec<u8>, serde_json::Error> {
        serde_json::to_vec(&Written {
            v: VERSION,
            event: self,
        })
    }

    /// Reads a payload of the journal.
    ///
    /// # Errors
    /// When a newer loa wrote it, or it is none.
    pub fn from_payload(payload: &[u8]) -> Result<Self, ReadEventError> {
        let Versioned { v } = serde_json::from_slice(payload)?;
        if v > VERSION {
            return Err(ReadEventError::TooNew(v));
        }
        Ok(serde_json::from_slice(payload)?)
    }
}
