//! Bytes to entries. The only user of feed-rs, which is strict, sometimes panics, and takes a
//! whole feed down with one bad entry: so it is fed repaired text, and entry by entry when it
//! must be. Pure.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, SystemTime};

use feed_rs::model;
use feed_rs::parser::Builder;
use url::Url;

use self::entry::{entry_of, recover};
use self::traps::{Shape, block, contents};
use super::date::{Dates, Reader};
use super::{Feed, Format, SetAside, repair};
use crate::markup::{self, plain_text, settled_text, tidy};

mod entry;
mod json;
mod traps;

/// Entries read of one feed. Nobody's front page is longer.
const ENTRIES_MAX: usize = 2000;
/// Where dates stand.
const DATE_ELEMENTS: [&str; 4] = ["pubDate", "dc:date", "published", "updated"];
/// Signs of pages that let only browsers in …
const BROWSER_CHECKS: [&str; 3] = ["document.cookie", "challenge-platform", "just a moment"];
/// … and words of those that stand in for a site.
const OUT_OF_SERVICE: [&str; 8] = [
    "bảo trì",
    "nâng cấp hệ thống",
    "tạm ngừng",
    "ngừng hoạt động",
    "ngưng hoạt động",
    "địa chỉ mới",
    "under maintenance",
    "down for maintenance",
];
/// How much of something that was set aside is quoted, in characters.
const NEAR_CHARS: usize = 80;

/// Why there is no feed in the bytes.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ParseError {
    /// They are something else.
    #[error("this is no feed: it looks like {0}")]
    NotAFeed(&'static str),
    /// They are a web page that says where the feed is.
    #[error("this is a web page; it says that its feed is {0}")]
    ElsewhereThan(Url),
    /// They are a feed that not even one entry could be saved from.
    #[error("the feed cannot be read: {0}")]
    Broken(String),
}

/// Reads a feed that came from `base`.
///
/// # Errors
/// When the bytes hold no feed. A single bad entry is set aside, and the others are read.
pub fn parse(
    bytes: &[u8],
    content_type: Option<&str>,
    base: Option<&Url>,
    dates: &Dates,
) -> Result<Feed, ParseError> {
    let decoded = markup::decode(bytes, content_type);
    let trimmed = decoded.trim_start_matches(['\u{feff}', ' ', '\n', '\r', '\t']);
    if trimmed.starts_with('{') {
        let Some(document) = json::Document::of(trimmed) else {
            return Err(ParseError::NotAFeed(looks_like(trimmed)));
        };
        let reading = Reading {
            base,
            dates: &Reader::new(dates, dates.habits([])),
        };
        return reading.json(&document);
    }
    let text = repair::repair(trimmed);
    let Some(shape) = Shape::of(&text) else {
        return Err(match markup::feed_of_page(trimmed, base) {
            Some(address) => ParseError::ElsewhereThan(address),
            None => ParseError::NotAFeed(looks_like(trimmed)),
        });
    };
    let text = shape.without_traps(&text, ENTRIES_MAX);
    let written = DATE_ELEMENTS.iter().flat_map(|name| contents(&text, name));
    let reading = Reading {
        base,
        dates: &Reader::new(dates, dates.habits(written)),
    };
    match reading.strict(&text) {
        Ok(model) => {
            let feed = feed_of(model, base);
            // Entries beside the channel rather than in it are not seen.
            let unseen = feed.entries.is_empty() && feed.set_aside.is_empty();
            match unseen.then(|| reading.salvage(&text, shape, "")) {
                Some(Ok(saved)) => Ok(Feed {
                    entries: saved.entries,
                    set_aside: saved.set_aside,
                    ..feed
                }),
                _ => Ok(feed),
            }
        }
        Err(why) => reading.salvage(&text, shape, &why),
    }
}

/// What a text that is no feed seems to be.
fn looks_like(text: &str) -> &'static str {
    let head: String = text.chars().take(2000).collect::<String>().to_lowercase();
    if head.trim().is_empty() {
        "an empty answer"
    } else if BROWSER_CHECKS.iter().any(|sign| head.contains(sign)) {
        "a page that wants a browser's cookie before it shows the feed"
    } else if OUT_OF_SERVICE.iter().any(|words| head.contains(words)) {
        "a notice that the site is out of service or has moved"
    } else if head.starts_with(['{', '[']) {
        "a JSON document of another kind"
    } else if head.contains("<html") || head.contains("<!doctype html") || head.contains("<body") {
        "a web page"
    } else {
        "something unknown"
    }
}

/// How a feed is read.
#[derive(Clone, Copy)]
struct Reading<'a> {
    base: Option<&'a Url>,
    dates: &'a Reader,
}

impl Reading<'_> {
    /// Lets feed-rs read; a panic is an error like any other.
    fn strict(self, text: &str) -> Result<model::Feed, String> {
        let dates = self.dates.clone();
        let parser = Builder::new()
            .base_uri(self.base.map(Url::as_str))
            .sanitize_content(false)
            // No guid is no guid: an invented one would be new at every poll.
            .id_generator(|_, _, _| String::new())
            .timestamp_parser(move |text| {
                let since = dates.read(text)?.as_second();
                let since = u64::try_from(since).ok()?;
                Some((SystemTime::UNIX_EPOCH + Duration::from_secs(since)).into())
            })
            .build();
        match catch_unwind(AssertUnwindSafe(|| parser.parse(text.as_bytes()))) {
            Ok(Ok(feed)) => Ok(feed),
            Ok(Err(error)) => Err(error.to_string()),
            Err(_) => Err("the parser panicked".to_owned()),
        }
    }

    fn json(self, document: &json::Document) -> Result<Feed, ParseError> {
        let why = match self.strict(&document.whole()) {
            Ok(model) => return Ok(feed_of(model, self.base)),
            Err(why) => why,
        };
        let mut feed = Feed {
            title: document.title().map(tidy),
            link: None,
            format: Format::Json,
            entries: Vec::new(),
            set_aside: Vec::new(),
        };
        for entry in document.one_by_one() {
            self.add(&mut feed, &entry, &entry);
        }
        feed.saved(&why)
    }

    /// Adds what is read of an entry in a document of its own.
    fn add(self, feed: &mut Feed, document: &str, entry: &str) {
        match self.strict(document) {
            Ok(model) => {
                let one = feed_of(model, self.base);
                feed.entries.extend(one.entries);
                feed.set_aside.extend(one.set_aside);
            }
            Err(why) => feed.set_aside.push(set_aside(why, entry)),
        }
    }

    /// Reads the entries one by one, so that a bad one costs only itself.
    fn salvage(self, text: &str, shape: Shape, why: &str) -> Result<Feed, ParseError> {
        let (open, close) = shape.entry();
        let head = text.find(open).and_then(|at| text.get(..at));
        let named = |name| head.and_then(|head| contents(head, name).first().copied());
        let mut feed = Feed {
            title: named("title")
                .map(settled_text)
                .filter(|title| !title.is_empty()),
            link: named("link").and_then(|link| markup::resolve(&plain_text(link), self.base)),
            format: match shape {
                Shape::Rss => Format::Rss2,
                Shape::Rdf => Format::Rss1,
                Shape::Atom => Format::Atom,
            },
            entries: Vec::new(),
            set_aside: Vec::new(),
        };
        let mut rest = text;
        while let Some(block) = block(rest, open, close) {
            if feed.entries.len() + feed.set_aside.len() >= ENTRIES_MAX {
                break;
            }
            let entry = rest.get(block.clone()).unwrap_or_default();
            self.add(&mut feed, &shape.shell(entry), entry);
            rest = rest.get(block.end..).unwrap_or_default();
        }
        if rest.contains(open) && block(rest, open, close).is_none() {
            feed.set_aside
                .push(set_aside("it is cut off".to_owned(), rest));
        }
        feed.saved(why)
    }
}

impl Feed {
    /// What was saved of a feed that cannot be read as a whole.
    fn saved(self, why: &str) -> Result<Self, ParseError> {
        match self.entries.is_empty() {
            true => Err(ParseError::Broken(why.to_owned())),
            false => Ok(self),
        }
    }
}

fn set_aside(reason: String, near: &str) -> SetAside {
    SetAside {
        ghost: false,
        reason,
        near: near_text(near).chars().take(NEAR_CHARS).collect(),
    }
}

/// The text of what may be very long.
fn near_text(near: &str) -> String {
    plain_text(&near.chars().take(NEAR_CHARS * 10).collect::<String>())
}

fn feed_of(model: model::Feed, base: Option<&Url>) -> Feed {
    let mut feed = Feed {
        title: model
            .title
            .map(|title| settled_text(&title.content))
            .filter(|title| !title.is_empty()),
        link: model
            .links
            .iter()
            .find(|link| link.rel.as_deref() != Some("self"))
            .and_then(|link| markup::resolve(&link.href, base)),
        format: match model.feed_type {
            model::FeedType::Atom => Format::Atom,
            model::FeedType::JSON => Format::Json,
            model::FeedType::RSS1 => Format::Rss1,
            model::FeedType::RSS0 | model::FeedType::RSS2 => Format::Rss2,
        },
        entries: Vec::new(),
        set_aside: Vec::new(),
    };
    for mut entry in model.entries.into_iter().take(ENTRIES_MAX) {
        if let Err(why) = recover(&mut entry) {
            let title = entry.title.map(|title| title.content).unwrap_or_default();
            feed.set_aside.push(set_aside(why.to_string(), &title));
            continue;
        }
        let entry = entry_of(entry, feed.title.as_deref(), base);
        if entry.title.is_empty() && entry.link.is_none() {
            let near = entry.lead.unwrap_or_default();
            feed.set_aside.push(SetAside {
                ghost: entry.guid.is_none() && entry.published.is_none(),
                ..set_aside("it has neither title nor link".to_owned(), &near)
            });
        } else {
            feed.entries.push(entry);
        }
    }
    feed
}

#[cfg(test)]
mod kinds;
#[cfg(test)]
mod tests;
