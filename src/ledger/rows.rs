//! The tables' keys and rows: how the ledger's answers are laid out for looking up.
//! Everything here can be worked out again from the journal.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::LedgerError;
use super::event::{Ending, Pause};
use super::state::{PageKey, Standing};
use super::store::Tables;
use super::wire;
use crate::article::{Article, ArticleId};
use crate::post::PostId;

/// What is kept of an article beside what it says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArticleRow {
    /// What is known of it.
    #[serde(with = "wire::article")]
    pub article: Article,
    /// By what it is recognised.
    pub keys: Vec<String>,
    /// Whether its own page was never read, although it is to be before the article is posted.
    pub unread: bool,
    /// How often its page could not be read.
    pub read_failures: u32,
    /// When it was seen first, by our own clock.
    pub first_seen: Timestamp,
    /// Its place in the journal.
    pub order: u64,
    /// A fingerprint of what its feed said of it last.
    #[serde(default)]
    pub said: String,
    /// How often its feed has said something else since.
    #[serde(default)]
    pub corrections: u32,
    /// Whether its own page was there when it was read last.
    #[serde(default)]
    pub page_read: bool,
    /// Whether the site has taken it away.
    #[serde(default)]
    pub gone: bool,
}

/// What is kept of a Page.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct PageRow {
    /// Why nothing is sent to it; `None` when it may be posted to.
    pub pause: Option<Pause>,
    /// Whether what the Page showed at first was taken as known.
    #[serde(default)]
    pub acquainted: bool,
    /// Whether articles of a baseline are still to be looked for among its posts.
    #[serde(default)]
    pub unmatched: bool,
    /// When final calls were begun, oldest first, as far back as any rule looks.
    pub sends: Vec<Timestamp>,
    /// The newest refusal, if nothing went well since: the article and the Page's words.
    pub refusal: Option<(ArticleId, String)>,
    /// When the Page's token was looked at last.
    #[serde(default)]
    pub inspected: Option<Timestamp>,
    /// What a person was warned of last: which one it was, and how many days before its end.
    #[serde(default)]
    pub warned: BTreeMap<Ending, (String, u16)>,
}

/// How many sends are remembered for spacing and daily caps: beyond any sensible daily cap.
pub(super) const SENDS_MAX: usize = 512;

/// The row that holds the newest epoch.
pub(super) const EPOCH: &[u8] = b"m/epoch";
/// Where Pages' rows start.
pub(super) const PAGES: &[u8] = b"p/";
/// Where feeds' rows start.
pub(super) const FEEDS: &[u8] = b"f/";
/// Where articles' rows start.
pub(super) const ARTICLES: &[u8] = b"a/";
/// Where unread articles are listed that a Page wants.
pub(super) const UNREAD: &[u8] = b"u/";
/// Where notices are listed.
pub(super) const NOTICES: &[u8] = b"o/";

pub(super) fn article(id: &ArticleId) -> Vec<u8> {
    [ARTICLES, id.as_str().as_bytes()].concat()
}

pub(super) fn key(key: &str) -> Vec<u8> {
    [b"k/", key.as_bytes()].concat()
}

pub(super) fn record(id: &ArticleId, page: &PageKey) -> Vec<u8> {
    [&records_of(id), page.0.as_bytes()].concat()
}

pub(super) fn records_of(id: &ArticleId) -> Vec<u8> {
    [b"r/", id.as_str().as_bytes(), b"\0"].concat()
}

pub(super) fn standing(page: &PageKey, standing: Standing) -> Vec<u8> {
    [
        b"s/",
        page.0.as_bytes(),
        b"\0",
        standing.word().as_bytes(),
        b"\0",
    ]
    .concat()
}

/// Where a Page's posts are listed whose articles were corrected since.
pub(super) fn outdated(page: &PageKey) -> Vec<u8> {
    [b"c/", page.0.as_bytes(), b"\0"].concat()
}

pub(super) fn outdated_entry(page: &PageKey, order: u64, id: &ArticleId) -> Vec<u8> {
    [
        outdated(page).as_slice(),
        &order.to_be_bytes(),
        id.as_str().as_bytes(),
    ]
    .concat()
}

pub(super) fn listing(feed: &str) -> Vec<u8> {
    [b"l/", feed.as_bytes()].concat()
}

pub(super) fn standing_entry(page: &PageKey, at: Standing, order: u64, id: &ArticleId) -> Vec<u8> {
    [
        standing(page, at).as_slice(),
        &order.to_be_bytes(),
        id.as_str().as_bytes(),
    ]
    .concat()
}

pub(super) fn count(page: &PageKey, standing: Standing) -> Vec<u8> {
    [b"n/", page.0.as_bytes(), b"\0", standing.word().as_bytes()].concat()
}

pub(super) fn story(id: &ArticleId) -> Vec<u8> {
    [b"w/", id.as_str().as_bytes(), b"\0"].concat()
}

pub(super) fn story_entry(id: &ArticleId, seq: u64) -> Vec<u8> {
    [story(id).as_slice(), &seq.to_be_bytes()].concat()
}

pub(super) fn feed(name: &str) -> Vec<u8> {
    [FEEDS, name.as_bytes()].concat()
}

pub(super) fn baseline(feed: &str, page: &PageKey) -> Vec<u8> {
    [b"b/", feed.as_bytes(), b"\0", page.0.as_bytes()].concat()
}

pub(super) fn page(page: &PageKey) -> Vec<u8> {
    [PAGES, page.0.as_bytes()].concat()
}

pub(super) fn post(page: &PageKey, post: &PostId) -> Vec<u8> {
    [b"x/", page.0.as_bytes(), b"\0", post.0.as_bytes()].concat()
}

pub(super) fn unread(order: u64, id: &ArticleId) -> Vec<u8> {
    [UNREAD, &order.to_be_bytes(), id.as_str().as_bytes()].concat()
}

pub(super) fn notice(seq: u64) -> Vec<u8> {
    [NOTICES, &seq.to_be_bytes()].concat()
}

/// The place in the journal at the end of a key.
pub(super) fn seq_at_end(key: &[u8]) -> Option<u64> {
    Some(u64::from_be_bytes(*key.last_chunk::<8>()?))
}

/// The article at the end of a key that starts with `prefix` and a place in the journal.
pub(super) fn id_after_order(prefix: &[u8], key: &[u8]) -> Option<ArticleId> {
    let rest = key.strip_prefix(prefix)?.get(8..)?;
    Some(ArticleId::new(String::from_utf8_lossy(rest)))
}

/// Reads one row.
pub(super) fn read<T: DeserializeOwned>(
    tables: &(impl Tables + ?Sized),
    key: &[u8],
) -> Result<Option<T>, LedgerError> {
    match tables.get(key)? {
        Some(bytes) => Ok(Some(
            serde_json::from_slice(&bytes).map_err(LedgerError::Row)?,
        )),
        None => Ok(None),
    }
}

/// Writes one row.
pub(super) fn written<T: Serialize>(row: &T) -> Result<Vec<u8>, LedgerError> {
    serde_json::to_vec(row).map_err(LedgerError::Row)
}
