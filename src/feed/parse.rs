//! Bytes to entries. The only user of feed-rs, which is strict, sometimes panics, and takes a
//! whole feed down with one bad entry: so it is fed repaired text, and entry by entry when it
//! must be. Pure.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, SystemTime};

use feed_rs::model;
use feed_rs::parser::Builder;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use url::Url;

use self::traps::{Shape, block, contents};
use super::{Entry, Feed, Format, SetAside, date, repair};
use crate::markup::{self, plain_text, settled_text, tidy};

mod traps;

/// Entries read of one feed. Nobody's front page is longer.
const ENTRIES_MAX: usize = 2000;
/// What tables of articles call their standfirst …
const LEAD_LABELS: [&str; 4] = ["tóm tắt:", "trích yếu:", "mô tả:", "summary:"];
/// … and their headline: where one is, the description is such a table.
const TITLE_LABELS: [&str; 2] = ["tiêu đề:", "title:"];
/// Where dates stand.
const DATE_ELEMENTS: [&str; 4] = ["pubDate", "dc:date", "published", "updated"];
/// Signs that are left over at the end of a lead where its markup was lost.
const LEFT_OVER: [char; 6] = ['©', '•', '·', '|', '»', '▪'];
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

/// Reads a feed.
///
/// `base` is where it came from, `zone` the site's own, for dates that name none.
///
/// # Errors
/// When the bytes hold no feed. A single bad entry is set aside, and the others are read.
pub fn parse(
    bytes: &[u8],
    content_type: Option<&str>,
    base: Option<&Url>,
    zone: &TimeZone,
) -> Result<Feed, ParseError> {
    let decoded = markup::decode(bytes, content_type);
    let trimmed = decoded.trim_start_matches(['\u{feff}', ' ', '\n', '\r', '\t']);
    if trimmed.starts_with('{') {
        let reading = Reading {
            base,
            zone,
            order: date::Order::Written,
        };
        let model = reading.strict(trimmed).map_err(ParseError::Broken)?;
        return Ok(feed_of(model, base));
    }
    let text = repair::repair(trimmed);
    let Some(shape) = Shape::of(&text) else {
        return Err(match markup::feed_of_page(trimmed, base) {
            Some(address) => ParseError::ElsewhereThan(address),
            None => ParseError::NotAFeed(looks_like(trimmed)),
        });
    };
    let text = shape.without_traps(&text);
    let dates = DATE_ELEMENTS.iter().flat_map(|name| contents(&text, name));
    let reading = Reading {
        base,
        zone,
        order: date::Order::of(dates),
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
    } else if head.contains("document.cookie") {
        "a page that wants a browser's cookie before it shows the feed"
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
    zone: &'a TimeZone,
    order: date::Order,
}

impl Reading<'_> {
    /// Lets feed-rs read; a panic is an error like any other.
    fn strict(self, text: &str) -> Result<model::Feed, String> {
        let (zone, order) = (self.zone.clone(), self.order);
        let parser = Builder::new()
            .base_uri(self.base.map(Url::as_str))
            .sanitize_content(false)
            // No guid is no guid: an invented one would be new at every poll.
            .id_generator(|_, _, _| String::new())
            .timestamp_parser(move |text| {
                let since = date::read_in(text, &zone, order)?.as_second();
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
            match self.strict(&shape.shell(entry)) {
                Ok(model) => {
                    let one = feed_of(model, self.base);
                    feed.entries.extend(one.entries);
                    feed.set_aside.extend(one.set_aside);
                }
                Err(why) => feed.set_aside.push(set_aside(why, entry)),
            }
            rest = rest.get(block.end..).unwrap_or_default();
        }
        if rest.contains(open) && block(rest, open, close).is_none() {
            feed.set_aside
                .push(set_aside("it is cut off".to_owned(), rest));
        }
        if feed.entries.is_empty() {
            return Err(ParseError::Broken(why.to_owned()));
        }
        Ok(feed)
    }
}

fn set_aside(reason: String, near: &str) -> SetAside {
    SetAside {
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
            feed.set_aside
                .push(set_aside("it has neither title nor link".to_owned(), &near));
        } else {
            feed.entries.push(entry);
        }
    }
    feed
}

/// Gives an entry's texts their own letters back.
fn recover(entry: &mut model::Entry) -> Result<(), markup::Garbled> {
    let texts = [entry.title.as_mut(), entry.summary.as_mut()];
    for text in texts.into_iter().flatten() {
        text.content = markup::recovered(&text.content)?.into_owned();
    }
    if let Some(body) = entry
        .content
        .as_mut()
        .and_then(|content| content.body.as_mut())
    {
        *body = markup::recovered(body)?.into_owned();
    }
    Ok(())
}

/// A text that holds what a broken byte left is not for readers.
fn whole(text: String) -> Option<String> {
    (!text.is_empty() && !text.contains(char::REPLACEMENT_CHARACTER)).then_some(text)
}

fn entry_of(entry: model::Entry, site: Option<&str>, base: Option<&Url>) -> Entry {
    let summary = entry.summary.map(|text| text.content);
    let content = entry.content.and_then(|content| content.body);
    let guid = Some(tidy(&entry.id)).filter(|guid| !guid.is_empty());
    let link = link_of(&entry.links, base).or_else(|| {
        let guid = guid.as_deref()?;
        guid.starts_with("http")
            .then(|| markup::resolve(guid, None))?
    });
    let host = link.as_ref().and_then(Url::host_str).map(ToOwned::to_owned);
    let base = link.as_ref().or(base);
    let mut images = Vec::new();
    for html in [&summary, &content].into_iter().flatten() {
        images.extend(
            markup::pictures(html, base)
                .into_iter()
                .map(|picture| picture.url),
        );
    }
    images.extend(media(&entry.media, &entry.links, base));
    let mut seen = std::collections::HashSet::new();
    images.retain(|image| seen.insert(image.clone()));
    let content = content.as_deref().map(settled_text).and_then(whole);
    let lead = summary.as_deref().and_then(standfirst);
    Entry {
        title: entry
            .title
            .and_then(|title| whole(settled_text(&title.content)))
            .map(|title| markup::without_signature(&title, site, host.as_deref()).to_owned())
            .unwrap_or_default(),
        link,
        guid,
        published: entry
            .published
            .and_then(|at| Timestamp::from_second(at.timestamp()).ok()),
        updated: entry
            .updated
            .and_then(|at| Timestamp::from_second(at.timestamp()).ok()),
        lead,
        content,
        images,
        author: entry
            .authors
            .into_iter()
            .filter_map(|person| person.name)
            .map(|name| tidy(&name))
            .find(|name| !name.is_empty()),
        categories: entry
            .categories
            .into_iter()
            .map(|category| settled_text(&category.label.unwrap_or(category.term)))
            .filter(|category| !category.is_empty())
            .collect(),
    }
}

/// The standfirst in a description. That of a SharePoint list holds every column of its table,
/// each behind its label: only one of them is for readers.
fn standfirst(description: &str) -> Option<String> {
    let columns = markup::labelled(description);
    let labelled = |labels: &[&str]| {
        let mut named = columns.iter();
        named.find(|column| labels.contains(&column.label.to_lowercase().as_str()))
    };
    let text = match (labelled(&LEAD_LABELS), labelled(&TITLE_LABELS)) {
        (Some(lead), _) => lead.text.clone(),
        (None, Some(_)) => return None,
        (None, None) => settled_text(description),
    };
    whole(
        text.trim_end_matches(|letter: char| letter == ' ' || LEFT_OVER.contains(&letter))
            .to_owned(),
    )
}

fn link_of(links: &[model::Link], base: Option<&Url>) -> Option<Url> {
    let alternate = links
        .iter()
        .filter(|link| matches!(link.rel.as_deref(), None | Some("alternate")))
        .chain(links)
        .filter(|link| link.rel.as_deref() != Some("enclosure"));
    alternate
        .filter_map(|link| markup::resolve(&link.href, base))
        .next()
}

/// Pictures beside the text: media elements and enclosures.
fn media(objects: &[model::MediaObject], links: &[model::Link], base: Option<&Url>) -> Vec<Url> {
    let is_picture = |kind: Option<String>| kind.is_none_or(|kind| kind.starts_with("image/"));
    let contents = objects
        .iter()
        .flat_map(|object| &object.content)
        .filter(|content| is_picture(content.content_type.as_ref().map(ToString::to_string)))
        .filter_map(|content| content.url.as_ref().map(ToString::to_string));
    let thumbnails = objects
        .iter()
        .flat_map(|object| &object.thumbnails)
        .map(|thumbnail| thumbnail.image.uri.clone());
    let enclosures = links
        .iter()
        .filter(|link| link.rel.as_deref() == Some("enclosure"))
        .filter(|link| is_picture(link.media_type.clone()))
        .map(|link| link.href.clone());
    contents
        .chain(enclosures)
        .chain(thumbnails)
        .filter_map(|address| markup::usable(&address, base))
        .collect()
}

#[cfg(test)]
mod tests;
