//! Bytes to entries: a repaired feed is read part by part, whatever its format; what its entries
//! say is written down as one Atom feed, and that is read by feed-rs. The only user of feed-rs, which
//! by itself is strict, sometimes panics, and takes a whole feed down with one bad entry. Pure.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, SystemTime};

use feed_rs::model;
use feed_rs::parser::Builder;
use url::Url;

use self::entry::{entry_of, recover};
use self::item::Item;
use self::tree::{Base, Element, Part, Shape};
use super::date::{Dates, Reader};
use super::{Feed, Format, SetAside, repair};
use crate::markup::{self, plain_text, settled_text, tidy};

mod entry;
mod item;
mod json;
mod tree;

/// Entries read of one feed. Nobody's front page is longer.
const ENTRIES_MAX: usize = 2000;
/// The name space of the Atom feed that entries are written down in.
const ATOM: &str = "http://www.w3.org/2005/Atom";
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
    let call = trimmed
        .split_once('(')
        .filter(|(name, _)| is_name_of_function(name));
    let json = call.map_or(trimmed, |(_, inside)| inside.trim_start());
    if json.starts_with('{') {
        let Some(document) = json::Document::of(json) else {
            return Err(ParseError::NotAFeed(looks_like(trimmed)));
        };
        return of_json(&document, base, dates).saved();
    }
    let text = repair::repair(trimmed);
    let Some(shape) = Shape::of(&text).filter(|_| !repair::is_page(trimmed)) else {
        return Err(match markup::feed_of_page(trimmed, base) {
            Some(address) => ParseError::ElsewhereThan(address),
            None => ParseError::NotAFeed(looks_like(trimmed)),
        });
    };
    of_xml(&text, shape, base, dates).saved()
}

/// `loadFeed`, as sites write around what their pages load.
fn is_name_of_function(name: &str) -> bool {
    let is_part = |letter: char| letter.is_ascii_alphanumeric() || "_.$".contains(letter);
    !name.is_empty() && name.chars().all(is_part)
}

fn of_json(document: &json::Document, base: Option<&Url>, dates: &Dates) -> Feed {
    let written = document.dates();
    let reader = Reader::new(dates, dates.habits(written.iter().map(String::as_str)));
    let mut feed = Feed {
        title: document.title().map(|title| tidy(&title)),
        link: document.link().and_then(|link| item::resolved(&link, base)),
        format: Format::Json,
        entries: Vec::new(),
        set_aside: Vec::new(),
    };
    feed.add(document.items(base), base, &reader);
    feed
}

fn of_xml(text: &str, shape: Shape, base: Option<&Url>, dates: &Dates) -> Feed {
    let mut feed = Feed {
        title: None,
        link: None,
        format: match shape {
            Shape::Rss => Format::Rss2,
            Shape::Rdf => Format::Rss1,
            Shape::Atom => Format::Atom,
        },
        entries: Vec::new(),
        set_aside: Vec::new(),
    };
    let mut entries: Vec<(Element, Base)> = Vec::new();
    tree::read(text, shape, &mut |part, around| {
        match part {
            Part::Head(element) => feed.take_head(&element, around, base),
            Part::Entry(element) => entries.push((element, around.clone())),
            Part::Damaged(why, source) => feed.set_aside.push(set_aside(why, source)),
        }
        entries.len() + feed.set_aside.len() < ENTRIES_MAX
    });
    let written: Vec<String> = entries
        .iter()
        .flat_map(|(entry, _)| item::dates(entry))
        .collect();
    let reader = Reader::new(dates, dates.habits(written.iter().map(String::as_str)));
    let items = entries
        .iter()
        .map(|(entry, around)| Item::of(entry, around, base, &reader));
    feed.add(items, base, &reader);
    feed
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

impl Feed {
    /// What the feed says of itself: the first title, and the first link that leads to a page.
    fn take_head(&mut self, element: &Element, around: &Base, address: Option<&Url>) {
        let html = element.html();
        if element.name == "title" {
            let title = settled_text(&html);
            self.title = self
                .title
                .take()
                .or(Some(title).filter(|title| !title.is_empty()));
        } else if element
            .attribute("rel")
            .is_none_or(|rel| rel == "alternate")
        {
            let written = element.attribute("href").unwrap_or(&html);
            let base = around.within(&[element], address);
            self.link = self
                .link
                .take()
                .or_else(|| item::resolved(written, base.as_ref()));
        }
    }

    /// Adds what entries say; one that cannot be read is set aside.
    fn add(&mut self, items: impl Iterator<Item = Item>, base: Option<&Url>, dates: &Reader) {
        let items: Vec<Item> = items.collect();
        let entries = match read(&items, dates) {
            Ok(entries) => entries,
            // One of them is too much for the parser: each by itself then.
            Err(_) => {
                let one_by_one = items
                    .iter()
                    .map(|item| (item, read(std::slice::from_ref(item), dates)));
                let mut entries = Vec::new();
                for (item, read) in one_by_one {
                    match read {
                        Ok(one) => entries.extend(one),
                        Err(why) => self.set_aside.push(set_aside(why, &item.title)),
                    }
                }
                entries
            }
        };
        let site = self.title.clone().filter(|site| signs(site, &entries));
        for mut entry in entries {
            if let Err(why) = recover(&mut entry) {
                let title = entry.title.map(|title| title.content).unwrap_or_default();
                self.set_aside.push(set_aside(why.to_string(), &title));
                continue;
            }
            let entry = entry_of(entry, site.as_deref(), base);
            if entry.title.is_empty() && entry.link.is_none() {
                let near = entry.lead.unwrap_or_default();
                self.set_aside.push(SetAside {
                    ghost: entry.guid.is_none() && entry.published.is_none(),
                    ..set_aside("it has neither title nor link".to_owned(), &near)
                });
            } else {
                self.entries.push(entry);
            }
        }
    }
}

/// Whether a site writes its name behind its headlines: a newsroom's is one wherever it stands, but
/// many are called after their district, and headlines speak of that.
fn signs(site: &str, entries: &[model::Entry]) -> bool {
    let titles = entries.iter().filter_map(|entry| entry.title.as_ref());
    let signed = titles
        .filter(|title| settled_text(&title.content).ends_with(site))
        .count();
    markup::is_newsroom(site) || signed * 10 >= entries.len() * 9
}

impl Feed {
    /// A feed with entries of which none can be read is none.
    fn saved(self) -> Result<Self, ParseError> {
        let damaged = self.set_aside.iter().find(|part| !part.ghost);
        match damaged.filter(|_| self.entries.is_empty()) {
            Some(part) => Err(ParseError::Broken(part.reason.clone())),
            None => Ok(self),
        }
    }
}

/// Writes entries down as an Atom feed, and lets feed-rs read it; a panic is an error like any
/// other.
fn read(items: &[Item], dates: &Reader) -> Result<Vec<model::Entry>, String> {
    let mut text = format!("<feed xmlns=\"{ATOM}\"><id/><title/>");
    for item in items {
        text.push_str("<entry>");
        item.write(&mut text);
        text.push_str("</entry>");
    }
    text.push_str("</feed>");
    let dates = dates.clone();
    let parser = Builder::new()
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
        Ok(Ok(feed)) => Ok(feed.entries),
        Ok(Err(error)) => Err(error.to_string()),
        Err(_) => Err("the parser panicked".to_owned()),
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

#[cfg(test)]
mod kinds;
#[cfg(test)]
mod tests;
