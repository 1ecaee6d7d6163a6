//! What the site's feed says, unjudged. Knows nothing of articles, Pages or the ledger.

pub mod date;
pub mod fetch;
mod parse;
mod repair;
pub mod schedule;

use jiff::Timestamp;
use serde::Serialize;
use url::Url;

pub use self::parse::{ParseError, parse};

/// One entry as the feed gives it: decoded, tidied and with absolute addresses, but not judged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// The headline as plain text, in NFC. Empty, and `null` in JSON, when there is none that
    /// could be shown.
    #[serde(serialize_with = "absent_if_empty")]
    pub title: String,
    /// Where the article stands, as given, made absolute. `None`: the entry names no address.
    pub link: Option<Url>,
    /// The feed's own id of the entry, trimmed. `None`: the feed gives none.
    pub guid: Option<String>,
    /// `None` when absent or not trustworthy. Never decides whether an entry is new.
    pub published: Option<Timestamp>,
    /// When the feed says it was changed.
    pub updated: Option<Timestamp>,
    /// The summary as plain text, in NFC.
    pub lead: Option<String>,
    /// The full text where the feed carries it (`content:encoded`, Atom `content`), as plain text.
    pub content: Option<String>,
    /// Picture candidates, best first.
    pub images: Vec<Url>,
    /// Who wrote it.
    pub author: Option<String>,
    /// The sections the feed files it under.
    pub categories: Vec<String>,
}

fn absent_if_empty<S: serde::Serializer>(text: &str, serializer: S) -> Result<S::Ok, S::Error> {
    Some(text)
        .filter(|text| !text.is_empty())
        .serialize(serializer)
}

/// The formats that are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// RSS 0.9x and 2.0.
    Rss2,
    /// RSS 1.0 (RDF).
    Rss1,
    /// Atom.
    Atom,
    /// JSON Feed.
    Json,
}

/// A whole feed, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Feed {
    /// The channel's title.
    pub title: Option<String>,
    /// The site the channel says it belongs to.
    pub link: Option<Url>,
    /// Which format it was.
    pub format: Format,
    /// Every readable entry, in the feed's order, repeats as given.
    pub entries: Vec<Entry>,
    /// What could not be read, and why: the others go on.
    pub set_aside: Vec<SetAside>,
}

/// A part of a feed that could not be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SetAside {
    /// Why, for the operator.
    pub reason: String,
    /// A few words of it, so that it can be found.
    pub near: String,
    /// Whether nothing tells that there ever was an article: no title, link, id or date.
    #[serde(skip)]
    pub ghost: bool,
}

/// `loa feed --json`: what the reader sees in a feed.
#[derive(Debug, Serialize)]
pub struct FeedReport<'a> {
    /// The channel; `null` when the feed could not be read.
    pub feed: Option<Channel<'a>>,
    /// The entries, in the feed's order.
    pub entries: &'a [Entry],
    /// What could not be read.
    pub set_aside: &'a [SetAside],
    /// Why there is nothing.
    pub error: Option<String>,
}

/// The channel of a [`FeedReport`].
#[derive(Debug, Serialize)]
pub struct Channel<'a> {
    /// Its title.
    pub title: Option<&'a str>,
    /// The site it belongs to.
    pub link: Option<&'a Url>,
    /// Its format.
    pub format: Format,
}

impl<'a> From<&'a Feed> for FeedReport<'a> {
    fn from(feed: &'a Feed) -> Self {
        Self {
            feed: Some(Channel {
                title: feed.title.as_deref(),
                link: feed.link.as_ref(),
                format: feed.format,
            }),
            entries: &feed.entries,
            set_aside: &feed.set_aside,
            error: None,
        }
    }
}

impl FeedReport<'static> {
    /// The report of a feed that could not be read.
    pub fn failure(error: impl Into<String>) -> Self {
        Self {
            feed: None,
            entries: &[],
            set_aside: &[],
            error: Some(error.into()),
        }
    }
}
