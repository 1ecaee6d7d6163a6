//! Our clean, identified form of an entry, enriched from the article's page.
//! Knows feeds; knows nothing of posts, Pages or the ledger.

pub mod text;

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use url::Url;

/// The name under which the ledger keeps an article: short enough to type, never reused.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ArticleId(String);

impl ArticleId {
    /// Takes a name as it was written down.
    pub fn new(name: impl Into<String>) -> Self {
        Self(name.into())
    }

    /// The name as it is written down.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ArticleId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What is known of one article. Text is NFC and tidy; addresses are as the site wrote them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Article {
    /// The name of the feed that brought it, as in the settings; empty for one posted by hand.
    pub feed: String,
    /// The headline.
    pub title: String,
    /// The standfirst. `None`: neither the feed nor the page has one.
    pub lead: Option<String>,
    /// The body's paragraphs, separated by blank lines. `None` until the page has been read.
    pub text: Option<String>,
    /// The address to post. `None`: the entry names none.
    pub link: Option<Url>,
    /// The feed's own id of it.
    pub guid: Option<String>,
    /// `None` when absent or not trustworthy.
    pub published: Option<Timestamp>,
    /// Who wrote it.
    pub byline: Option<String>,
    /// The section of the site it stands in.
    pub section: Option<String>,
    /// The sections the feed files it under.
    pub categories: Vec<String>,
    /// Picture candidates, best first; the page's own, in the page's order, come before the feed's.
    pub images: Vec<Image>,
}

/// A picture that an article may be posted with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Image {
    /// Where it can be fetched.
    pub url: Url,
    /// What the page writes below it.
    pub caption: Option<String>,
    /// What the page's markup says it shows.
    pub alt: Option<String>,
}

impl Image {
    /// A candidate of which only the address is known.
    pub fn bare(url: Url) -> Self {
        Self {
            url,
            caption: None,
            alt: None,
        }
    }
}
