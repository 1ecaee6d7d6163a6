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

use super::{Entry, Feed, Format, SetAside, date, repair};
use crate::markup::{self, plain_text, tidy};

/// Entries read of one feed. Nobody's front page is longer.
const ENTRIES_MAX: usize = 2000;
/// What tables of articles call their standfirst …
const LEAD_LABELS: [&str; 4] = ["tóm tắt:", "trích yếu:", "mô tả:", "summary:"];
/// … and their headline: where one is, the description is such a table.
const TITLE_LABELS: [&str; 2] = ["tiêu đề:", "title:"];
/// How much of something that was set aside is quoted, in characters.
const NEAR_CHARS: usize = 80;

/// Why there is no feed in the bytes.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ParseError {
    /// They are something else.
    #[error("this is no feed: it looks like {0}")]
    NotAFeed(&'static str),
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
        let model = strict(trimmed, base, zone).map_err(ParseError::Broken)?;
        return Ok(feed_of(model, base));
    }
    let text = repair::repair(trimmed);
    let Some(shape) = Shape::of(&text) else {
        return Err(ParseError::NotAFeed(looks_like(trimmed)));
    };
    let text = shape.without_traps(&text);
    match strict(&text, base, zone) {
        Ok(model) => Ok(feed_of(model, base)),
        Err(why) => salvage(&text, shape, &why, base, zone),
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

/// The family of a feed, by its root element.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    Rss,
    Rdf,
    Atom,
}

impl Shape {
    fn of(text: &str) -> Option<Self> {
        let roots = [
            ("<rss", Self::Rss),
            ("<RSS", Self::Rss),
            ("<rdf:RDF", Self::Rdf),
            ("<RDF", Self::Rdf),
            ("<feed", Self::Atom),
        ];
        roots
            .iter()
            .find(|(root, _)| text.starts_with(root))
            .map(|(_, shape)| *shape)
    }

    /// The element that holds an entry.
    fn entry(self) -> &'static str {
        match self {
            Self::Rss | Self::Rdf => "item",
            Self::Atom => "entry",
        }
    }

    /// A document around one entry, with the name spaces that entries use.
    fn shell(self, entry: &str) -> String {
        const SPACES: &str = "xmlns:media=\"http://search.yahoo.com/mrss/\" \
             xmlns:content=\"http://purl.org/rss/1.0/modules/content/\" \
             xmlns:dc=\"http://purl.org/dc/elements/1.1/\" \
             xmlns:slash=\"http://purl.org/rss/1.0/modules/slash/\" \
             xmlns:atom=\"http://www.w3.org/2005/Atom\" \
             xmlns:itunes=\"http://www.itunes.com/dtds/podcast-1.0.dtd\"";
        match self {
            Self::Rss => {
                format!("<rss version=\"2.0\" {SPACES}><channel><title/>{entry}</channel></rss>")
            }
            Self::Rdf => format!(
                "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\" \
                 xmlns=\"http://purl.org/rss/1.0/\" {SPACES}><channel/>{entry}</rdf:RDF>"
            ),
            Self::Atom => format!(
                "<feed xmlns=\"http://www.w3.org/2005/Atom\" {SPACES}><id/><title/>{entry}</feed>"
            ),
        }
    }

    /// The text with what feed-rs is known to panic on, or to lose, written in another way.
    fn without_traps(self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut rest = text.replace("<RSS", "<rss").replace("</RSS>", "</rss>");
        let (open, close) = (format!("<{}", self.entry()), format!("</{}>", self.entry()));
        while let Some(block) = block(&rest, &open, &close) {
            out.push_str(rest.get(..block.start).unwrap_or_default());
            out.push_str(&without_traps(rest.get(block.clone()).unwrap_or_default()));
            rest = rest.get(block.end..).unwrap_or_default().to_owned();
        }
        out + &rest
    }
}

/// Where the next element with these tags stands.
fn block(text: &str, open: &str, close: &str) -> Option<std::ops::Range<usize>> {
    let mut from = 0;
    loop {
        let start = from + text.get(from..)?.find(open)?;
        let after = text.get(start + open.len()..)?;
        // `<item` also begins `<items`.
        if after.starts_with(['>', ' ', '\n', '\r', '\t']) {
            let end = start + text.get(start..)?.find(close)? + close.len();
            return Some(start..end);
        }
        from = start + open.len();
    }
}

/// The address in an entry's `atom:link`, as it stands there.
fn atom_link(entry: &str) -> Option<String> {
    let (_, link) = entry.split_once("<atom:link ")?;
    let (_, address) = link.split_once("href=\"")?;
    Some(address.split_once('"')?.0.to_owned())
}

/// feed-rs loses a thumbnail that stands alone, sees no link where an empty one comes first, and
/// panics on an author whose e-mail address touches a letter beyond ASCII.
fn without_traps(entry: &str) -> String {
    let mut entry = entry.to_owned();
    if !entry.contains("<media:content") {
        entry = entry
            .replace("<media:thumbnail", "<media:content medium=\"image\"")
            .replace("</media:thumbnail>", "</media:content>");
    }
    if let (Some(empty), Some(href)) = (block(&entry, "<link", "</link>"), atom_link(&entry))
        && entry.get(empty.clone()) == Some("<link></link>")
    {
        entry.replace_range(empty, &format!("<link>{href}</link>"));
    }
    if let Some(author) = block(&entry, "<author", "</author>") {
        let content = entry.get(author.clone()).unwrap_or_default();
        if content.contains('@') && !content.is_ascii() {
            entry.replace_range(author, "");
        }
    }
    entry
}

/// Lets feed-rs read; a panic is an error like any other.
fn strict(text: &str, base: Option<&Url>, zone: &TimeZone) -> Result<model::Feed, String> {
    let dates = zone.clone();
    let parser = Builder::new()
        .base_uri(base.map(Url::as_str))
        .sanitize_content(false)
        // No guid is no guid: an invented one would be new at every poll.
        .id_generator(|_, _, _| String::new())
        .timestamp_parser(move |text| {
            let since = u64::try_from(date::read(text, &dates)?.as_second()).ok()?;
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
fn salvage(
    text: &str,
    shape: Shape,
    why: &str,
    base: Option<&Url>,
    zone: &TimeZone,
) -> Result<Feed, ParseError> {
    let (open, close) = (
        format!("<{}", shape.entry()),
        format!("</{}>", shape.entry()),
    );
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
    let mut rest = text;
    while let Some(block) = block(rest, &open, &close) {
        let entry = rest.get(block.clone()).unwrap_or_default();
        match strict(&shape.shell(entry), base, zone) {
            Ok(model) => {
                let one = feed_of(model, base);
                feed.entries.extend(one.entries);
                feed.set_aside.extend(one.set_aside);
            }
            Err(why) => feed.set_aside.push(set_aside(why, entry)),
        }
        rest = rest.get(block.end..).unwrap_or_default();
    }
    if rest.contains(&open) {
        feed.set_aside
            .push(set_aside("it is cut off".to_owned(), rest));
    }
    if feed.entries.is_empty() {
        return Err(ParseError::Broken(why.to_owned()));
    }
    Ok(feed)
}

fn set_aside(reason: String, near: &str) -> SetAside {
    SetAside {
        reason,
        near: plain_text(near).chars().take(NEAR_CHARS).collect(),
    }
}

fn feed_of(model: model::Feed, base: Option<&Url>) -> Feed {
    let mut feed = Feed {
        title: model
            .title
            .map(|title| headline(&title.content))
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
    for entry in model.entries.into_iter().take(ENTRIES_MAX) {
        let entry = entry_of(entry, base);
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

fn entry_of(entry: model::Entry, base: Option<&Url>) -> Entry {
    let summary = entry.summary.map(|text| text.content);
    let content = entry.content.and_then(|content| content.body);
    let guid = Some(tidy(&entry.id)).filter(|guid| !guid.is_empty());
    let link = link_of(&entry.links, base).or_else(|| {
        let guid = guid.as_deref()?;
        guid.starts_with("http")
            .then(|| markup::resolve(guid, None))?
    });
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
    let content = content
        .as_deref()
        .map(plain_text)
        .filter(|text| !text.is_empty());
    let lead = summary.as_deref().and_then(standfirst);
    Entry {
        title: entry
            .title
            .map(|title| headline(&title.content))
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
            .map(|category| headline(&category.label.unwrap_or(category.term)))
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
        (None, None) => plain_text(description),
    };
    (!text.is_empty()).then_some(text)
}

/// A headline as text. Papers put HTML entities, and tags, into literal text.
fn headline(title: &str) -> String {
    plain_text(title)
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
