//! What an entry says, in whichever elements its format has for it. Pure.

use std::cmp::Reverse;

use url::Url;

use super::tree::{Base, Element, escaped};
use crate::feed::date::Reader;
use crate::markup::{self, settled_text, tidy};

const TITLES: [&str; 5] = [
    "title",
    "atom:title",
    "dc:title",
    "media:title",
    "itunes:title",
];
const SUMMARIES: [&str; 6] = [
    "description",
    "summary",
    "atom:summary",
    "dc:description",
    "itunes:summary",
    "media:description",
];
const CONTENTS: [&str; 4] = ["content:encoded", "content", "atom:content", "xhtml:body"];
const APPEARED: [&str; 8] = [
    "pubdate",
    "published",
    "issued",
    "dc:date",
    "dcterms:issued",
    "dcterms:created",
    "atom:published",
    "created",
];
const CHANGED: [&str; 5] = [
    "updated",
    "modified",
    "dcterms:modified",
    "atom:updated",
    "dcterms:updated",
];
const AUTHORS: [&str; 6] = [
    "author",
    "dc:creator",
    "atom:author",
    "itunes:author",
    "creator",
    "media:credit",
];
const CATEGORIES: [&str; 3] = ["category", "dc:subject", "atom:category"];
/// Elements beside the text that name a picture, in order of trust.
const PICTURES: [&str; 7] = [
    "media:content",
    "enclosure",
    "image",
    "itunes:image",
    "thumb",
    "thumbnail",
    "media:thumbnail",
];
/// Where elements name an address.
const ADDRESSES: [&str; 3] = ["url", "href", "src"];
/// Endings of what is no picture.
const NO_PICTURES: [&str; 12] = [
    ".mp3", ".mp4", ".m4a", ".webm", ".avi", ".flv", ".pdf", ".doc", ".docx", ".xls", ".xlsx",
    ".zip",
];
/// What sites write where they have no address.
const NO_ADDRESSES: [&str; 6] = ["null", "n/a", "none", "undefined", "#", "-"];

/// An entry, its texts still HTML.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Item {
    pub(super) title: String,
    pub(super) link: Option<Url>,
    pub(super) guid: String,
    /// As written; one that can be read, if there is one.
    pub(super) published: String,
    pub(super) updated: String,
    pub(super) summary: String,
    pub(super) content: String,
    /// Pictures beside the texts, best first.
    pub(super) pictures: Vec<Url>,
    pub(super) author: String,
    pub(super) categories: Vec<String>,
}

/// The dates that an entry gives.
pub(super) fn dates(entry: &Element) -> Vec<String> {
    let names = APPEARED.iter().chain(&CHANGED);
    names.flat_map(|name| texts(entry, name)).collect()
}

impl Item {
    /// `address`: where the feed came from.
    pub(super) fn of(entry: &Element, base: &Base, address: Option<&Url>, dates: &Reader) -> Self {
        let within = |element: &Element| base.within(&[entry, element], address);
        Self {
            title: first(entry, &TITLES),
            link: link(entry, &within).or_else(|| link_by_id(entry, &within)),
            guid: guid(entry),
            published: readable(entry, &APPEARED, dates),
            updated: readable(entry, &CHANGED, dates),
            summary: first(entry, &SUMMARIES),
            content: first(entry, &CONTENTS),
            pictures: pictures(entry, &within),
            author: author(entry),
            categories: categories(entry),
        }
    }

    /// As an entry of an Atom feed.
    pub(super) fn write(&self, out: &mut String) {
        let mut element = |name: &str, text: &str| {
            if !text.is_empty() {
                out.push_str(&format!("<{name}>{}</{name}>", escaped(text)));
            }
        };
        element("id", &self.guid);
        element("published", &self.published);
        element("updated", &self.updated);
        for (name, html) in [
            ("title", &self.title),
            ("summary", &self.summary),
            ("content", &self.content),
        ] {
            if !html.is_empty() {
                out.push_str(&format!("<{name} type=\"html\">{}</{name}>", escaped(html)));
            }
        }
        if !self.author.is_empty() {
            out.push_str(&format!(
                "<author><name>{}</name></author>",
                escaped(&self.author)
            ));
        }
        for category in &self.categories {
            out.push_str(&format!("<category term=\"{}\"/>", escaped(category)));
        }
        if let Some(link) = &self.link {
            out.push_str(&format!("<link href=\"{}\"/>", escaped(link.as_str())));
        }
        for picture in &self.pictures {
            let picture = escaped(picture.as_str());
            out.push_str(&format!("<link rel=\"enclosure\" href=\"{picture}\"/>"));
        }
    }
}

/// What the elements of a name hold that are not blank.
fn texts<'a>(entry: &'a Element, name: &'a str) -> impl Iterator<Item = String> + 'a {
    let all = entry.named(name).map(Element::html);
    all.map(|html| opened(html.trim()).to_owned())
        .filter(|text| !tidy(text).is_empty())
}

/// A text out of a literal section whose brackets were escaped with it.
fn opened(text: &str) -> &str {
    let inside = text
        .strip_prefix("<![CDATA[")
        .or_else(|| text.strip_prefix("<![cdata["));
    inside.map_or(text, |inside| {
        inside.strip_suffix("]]>").unwrap_or(inside).trim()
    })
}

fn first(entry: &Element, names: &[&str]) -> String {
    let mut found = names.iter().filter_map(|name| texts(entry, name).next());
    found.next().unwrap_or_default()
}

/// The first date of these that can be read, or the first.
fn readable(entry: &Element, names: &[&str], dates: &Reader) -> String {
    let all: Vec<String> = names.iter().flat_map(|name| texts(entry, name)).collect();
    let place = all.iter().position(|text| dates.read(text).is_some());
    all.into_iter()
        .nth(place.unwrap_or_default())
        .unwrap_or_default()
}

fn guid(entry: &Element) -> String {
    let named = ["guid", "id", "atom:id"].iter();
    let mut named = named.filter_map(|name| texts(entry, name).next());
    let about = || entry.attribute("rdf:about").map(ToOwned::to_owned);
    tidy(&named.next().or_else(about).unwrap_or_default())
}

/// The article's own address; never that of its comments, of the entry itself, or of a file.
fn link(entry: &Element, within: &impl Fn(&Element) -> Option<Url>) -> Option<Url> {
    let is_other = |link: &&Element| {
        let other = link.attribute("rel").is_some_and(|rel| rel != "alternate");
        let page = link
            .attribute("type")
            .is_none_or(|kind| kind.contains("html"));
        other || !page
    };
    let links = || entry.named("link").chain(entry.named("atom:link"));
    let own = links().filter(|link| !is_other(link));
    let original = entry.named("feedburner:origlink");
    let mut addresses = original.chain(own).flat_map(|link| {
        let shown = link.children().find_map(|shown| shown.attribute("href"));
        let named = link.attribute("href").or(shown).map(ToOwned::to_owned);
        [Some(link.html()), named].map(|address| (link, address))
    });
    addresses.find_map(|(link, address)| resolved(&address?, within(link).as_ref()))
}

/// An entry without a link may be called by its address.
fn link_by_id(entry: &Element, within: &impl Fn(&Element) -> Option<Url>) -> Option<Url> {
    let ids = entry
        .named("guid")
        .chain(entry.named("id"))
        .chain(entry.named("atom:id"));
    let by_id = ids.filter_map(|id| {
        let text = id.html();
        let absolute = text.trim().to_lowercase().starts_with("http");
        let relative = text.trim().starts_with('/') && id.attribute("ispermalink") != Some("false");
        (absolute || relative).then(|| resolved(&text, within(id).as_ref()))?
    });
    let about = entry
        .attribute("rdf:about")
        .filter(|about| about.starts_with("http"));
    by_id.into_iter().next().or_else(|| resolved(about?, None))
}

/// An address as sites write it: between blanks of all kinds, broken over lines, escaped twice,
/// without a scheme. `None`: it is none.
pub(super) fn resolved(written: &str, base: Option<&Url>) -> Option<Url> {
    let lines = opened(written.trim())
        .lines()
        .map(|line| tidy(&line.replace('\t', "")));
    let address = lines.collect::<String>().replace("&amp;", "&");
    let address = address
        .strip_prefix("http://")
        .filter(|rest| rest.starts_with("http"))
        .unwrap_or(&address);
    let lower = address.to_lowercase();
    if address.is_empty() || address.contains(['<', '>']) || NO_ADDRESSES.contains(&lower.as_str())
    {
        return None;
    }
    let host = base.and_then(Url::host_str).unwrap_or_default();
    let is_host = address.starts_with("www.")
        || (!host.is_empty() && address.split('/').next() == Some(host));
    match is_host {
        true => markup::resolve(&format!("//{address}"), base),
        false => markup::resolve(address, base),
    }
}

fn author(entry: &Element) -> String {
    let elements = AUTHORS.iter().flat_map(|name| entry.named(name));
    let names = elements.map(|element| {
        let name = element.named("name").next().unwrap_or(element);
        name_beside_address(&settled_text(opened(name.html().trim())))
    });
    names
        .into_iter()
        .find(|name| !name.is_empty())
        .unwrap_or_default()
}

/// The name in `a@b.vn (Huỳnh Hương)`, or in `Huỳnh Hương a@b.vn`.
fn name_beside_address(author: &str) -> String {
    let author = author.trim_matches(['(', ')', ' ']);
    if !author.contains('@') {
        return author.to_owned();
    }
    let words = author.split(|letter: char| letter.is_whitespace() || "<>()".contains(letter));
    let words: Vec<&str> = words
        .filter(|word| !word.is_empty() && !word.contains('@'))
        .collect();
    words.join(" ")
}

fn categories(entry: &Element) -> Vec<String> {
    let elements = CATEGORIES.iter().flat_map(|name| entry.named(name));
    let mut found: Vec<String> = Vec::new();
    for element in elements {
        let attribute = || {
            element
                .attribute("label")
                .or_else(|| element.attribute("term"))
        };
        let text = element.html();
        let text = match text.trim().is_empty() {
            true => attribute().unwrap_or_default().to_owned(),
            false => opened(text.trim()).to_owned(),
        };
        if !text.is_empty() && !found.contains(&text) {
            found.push(text);
        }
    }
    found
}

/// Pictures beside the texts. What stands in one group is one picture in several sizes.
fn pictures(entry: &Element, within: &impl Fn(&Element) -> Option<Url>) -> Vec<Url> {
    let mut found: Vec<(usize, Url)> = Vec::new();
    let groups = entry.named("media:group");
    for holder in std::iter::once(entry).chain(groups) {
        let mut named: Vec<(usize, &Element)> = Vec::new();
        for element in holder.children() {
            let inner = element
                .children()
                .filter(|inner| inner.name.starts_with("media:"));
            let all = std::iter::once(element).chain(inner);
            named.extend(all.filter_map(|element| {
                let attached =
                    element.name.ends_with("link") && element.attribute("rel") == Some("enclosure");
                let name = if attached { "enclosure" } else { &element.name };
                Some((PICTURES.iter().position(|known| *known == name)?, element))
            }));
        }
        // The sort is stable: what gives no width keeps its place.
        named.sort_by_key(|(place, element)| (*place, Reverse(width(element))));
        let one = holder.name == "media:group" || width_is_given(&named);
        let mut last = None;
        for (place, element) in named {
            if one && last == Some(place) {
                continue;
            }
            if let Some(url) = picture(element, within(element).as_ref()) {
                found.push((place, url));
                last = Some(place);
            }
        }
    }
    found.sort_by_key(|(place, _)| *place);
    found.into_iter().map(|(_, url)| url).collect()
}

/// Whether thumbnails beside each other are sizes of one.
fn width_is_given(named: &[(usize, &Element)]) -> bool {
    let mut thumbnails = named
        .iter()
        .filter(|(_, element)| element.name == "media:thumbnail");
    thumbnails.all(|(_, element)| width(element) > 0)
        && named
            .iter()
            .all(|(_, element)| element.name == "media:thumbnail")
}

fn width(element: &Element) -> u32 {
    let width = element
        .attribute("width")
        .and_then(|width| width.parse().ok());
    width.unwrap_or_default()
}

fn picture(element: &Element, base: Option<&Url>) -> Option<Url> {
    let kind = element.attribute("type").unwrap_or_default().to_lowercase();
    let medium = element.attribute("medium").unwrap_or("image");
    let named = ADDRESSES
        .iter()
        .find_map(|name| element.attribute(name))
        .map(ToOwned::to_owned);
    let inner = || ADDRESSES.iter().find_map(|name| texts_of(element, name));
    let text = || Some(element.html()).filter(|html| !html.contains('<') || html.contains("<img"));
    let address = named.or_else(inner).or_else(text)?;
    let shown = || markup::pictures(&address, base).into_iter().next();
    let url = match address.contains("<img") {
        true => shown()?.url,
        false => resolved(&address, base)?,
    };
    let path = url.path().to_ascii_lowercase();
    let other = NO_PICTURES.iter().any(|ending| path.ends_with(ending));
    let is_image = kind.starts_with("image/");
    let unknown = kind.is_empty() || kind == "application/octet-stream" || !kind.contains('/');
    (medium == "image" && (is_image || (unknown && !other))).then_some(url)
}

fn texts_of(element: &Element, name: &str) -> Option<String> {
    texts(element, name).next()
}
