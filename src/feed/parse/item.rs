//! What an entry says, in whichever elements its format has for it. Pure.

mod pictures;

use url::Url;

use self::pictures::pictures;
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
            summary: summary(entry),
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

/// What the entry says in short; a film's description may stand beside the film alone.
fn summary(entry: &Element) -> String {
    let own = first(entry, &SUMMARIES);
    let mut groups = entry
        .named("media:group")
        .map(|group| first(group, &SUMMARIES));
    match own.is_empty() {
        true => groups.next().unwrap_or_default(),
        false => own,
    }
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
