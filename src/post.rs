//! An article rendered for one Page, and what became of an attempt to publish it.
//! Knows articles; knows nothing of the ledger or of any particular destination.

pub mod context;
mod filters;
pub mod lint;
pub mod template;

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use url::Url;

/// An article rendered for one Page, within the Page's limits: exactly what will be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// The text.
    pub message: String,
    /// The address to attach as a card. `None` for a photo post, whose text carries the address.
    pub link: Option<Url>,
    /// The pictures, in order; empty for a link or text post.
    pub photos: Vec<Photo>,
    /// The article's address, whichever way the post carries it: what a post is recognised by.
    pub article_link: Option<Url>,
}

/// One picture of a draft, fetched and made fit to send.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Photo {
    /// The name of its bytes in the media folder: the SHA-256 of the JPEG or PNG that is sent.
    pub media: String,
    /// Where it came from.
    pub source: Url,
    /// What it shows, for readers who cannot see it.
    pub alt_text: Option<String>,
}

/// The remote id of a post. Ids outgrow 2^53: they are never numbers here.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PostId(pub String);

impl fmt::Display for PostId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The remote id of a photo that was uploaded and not yet shown.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PhotoId(pub String);

/// What one attempt to publish yielded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It is there.
    Published {
        /// The new post.
        id: PostId,
        /// Where readers find it, when the answer said so.
        permalink: Option<String>,
    },
    /// It is certainly not there, and may be sent later.
    NotSent(Obstacle),
    /// It is certainly not there, and this draft will never be.
    Refused(Refusal),
    /// It is certainly not there, and may be sent once more later; and what then, if that comes to
    /// the same.
    TryOnceMore {
        /// What the Page said.
        refusal: Refusal,
        /// What then.
        then: Then,
    },
    /// The Page says that it has this already. Only looking can tell.
    Duplicate(Refusal),
    /// It may be there. Only looking can tell.
    Unknown {
        /// What was seen instead of an answer.
        why: String,
    },
}

/// What follows when the Page said the same twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Then {
    /// It is sent without the card of its address.
    WithoutCard,
    /// It is refused.
    Never,
}

/// Why nothing was sent. Each asks for another reaction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Obstacle {
    /// No connection came about, so not a byte of the request left.
    Unreachable {
        /// What went wrong.
        why: String,
    },
    /// The Page, not the article, has to wait.
    Throttled {
        /// When the next call may be made; `None` when the answer does not say.
        until: Option<Timestamp>,
        /// What the Page said.
        why: String,
    },
    /// The token is dead, or lacks a permission: a person must act.
    NotAllowed {
        /// What the Page said.
        why: String,
    },
}

/// A plain no, as the Page put it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// The Page's error code; `None` where it gave none.
    pub code: Option<i64>,
    /// The Page's finer error code.
    pub subcode: Option<i64>,
    /// What the Page said.
    pub message: String,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.code, self.subcode) {
            (Some(code), Some(subcode)) => write!(f, "{} ({code}/{subcode})", self.message),
            (Some(code), None) => write!(f, "{} ({code})", self.message),
            _ => f.write_str(&self.message),
        }
    }
}

impl fmt::Display for Obstacle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreachable { why } | Self::Throttled { why, .. } | Self::NotAllowed { why } => {
                f.write_str(why)
            }
        }
    }
}
