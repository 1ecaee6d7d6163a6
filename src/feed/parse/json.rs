//! JSON Feed (<https://www.jsonfeed.org/version/1.1/>), as sites write it: a member of another type
//! than it should be costs that member alone. Pure.

use std::fmt;

use serde::de::{Deserialize, Deserializer, IgnoredAny, SeqAccess, Visitor};
use serde_json::Value;
use url::Url;

use super::ENTRIES_MAX;
use super::item::{Item, resolved};

/// When an entry appeared; the second is how programs call it that translate RSS.
const DATES: [&str; 2] = ["date_published", "pubDate"];

/// What is read of a feed.
#[derive(Debug, serde::Deserialize)]
pub(super) struct Document {
    #[serde(default)]
    title: Value,
    #[serde(default)]
    home_page_url: Value,
    items: Items,
}

/// Its first entries: those behind are passed over unread.
#[derive(Debug)]
struct Items(Vec<Value>);

impl Document {
    /// `None`: it is another kind of document.
    pub(super) fn of(text: &str) -> Option<Self> {
        // Sites write line breaks into texts, which JSON forbids.
        let text = text.replace(|letter: char| letter.is_control(), " ");
        // What stands around it calls a function of JavaScript.
        let text = text.trim_end().trim_end_matches([')', ';']);
        serde_json::from_str(text).ok()
    }

    /// What it calls itself.
    pub(super) fn title(&self) -> Option<String> {
        words(&self.title)
    }

    /// The site that it belongs to.
    pub(super) fn link(&self) -> Option<String> {
        words(&self.home_page_url)
    }

    /// The dates that its entries give.
    pub(super) fn dates(&self) -> Vec<String> {
        let entries = self.entries();
        let dates = [&DATES[..], &["date_modified"]];
        entries
            .iter()
            .flat_map(|entry| dates.map(|names| member(entry, names)))
            .collect()
    }

    /// Its entries.
    pub(super) fn items(&self, base: Option<&Url>) -> impl Iterator<Item = Item> {
        self.entries().iter().map(move |entry| item(entry, base))
    }

    fn entries(&self) -> &[Value] {
        &self.items.0
    }
}

fn item(entry: &Value, base: Option<&Url>) -> Item {
    let guid = member(entry, &["id"]);
    let link = member(entry, &["url", "external_url", "link"]);
    let by_id = || guid.starts_with("http").then(|| resolved(&guid, None))?;
    let html = member(entry, &["content_html"]);
    let text = || super::tree::escaped(&member(entry, &["content_text"]));
    Item {
        title: member(entry, &["title"]),
        link: resolved(&link, base).or_else(by_id),
        published: member(entry, &DATES),
        updated: member(entry, &["date_modified"]),
        summary: member(entry, &["summary", "description"]),
        content: if html.is_empty() { text() } else { html },
        pictures: pictures(entry, base),
        author: author(entry),
        categories: list(entry.get("tags")).filter_map(words).collect(),
        guid,
    }
}

/// The first of the members that says something.
fn member(entry: &Value, names: &[&str]) -> String {
    let mut all = names.iter().filter_map(|name| words(entry.get(name)?));
    all.next().unwrap_or_default()
}

/// A text, or a number as one.
fn words(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// What a list holds; something else is a list of one.
fn list(value: Option<&Value>) -> impl Iterator<Item = &Value> {
    let value = value.unwrap_or(&Value::Null);
    value
        .as_array()
        .map_or(std::slice::from_ref(value), Vec::as_slice)
        .iter()
}

fn author(entry: &Value) -> String {
    let people = list(entry.get("authors")).chain(list(entry.get("author")));
    let mut names = people.filter_map(|one| words(one.get("name").unwrap_or(one)));
    names.next().unwrap_or_default()
}

fn pictures(entry: &Value, base: Option<&Url>) -> Vec<Url> {
    let own = ["image", "banner_image"]
        .iter()
        .filter_map(|name| words(entry.get(name)?));
    let attached = list(entry.get("attachments")).filter_map(|attachment| {
        let kind = attachment.get("mime_type").and_then(words);
        let is_image = kind.is_some_and(|kind| kind.starts_with("image/"));
        is_image.then(|| words(attachment.get("url")?))?
    });
    own.chain(attached)
        .filter_map(|address| resolved(&address, base))
        .collect()
}

impl<'de> Deserialize<'de> for Items {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(FirstItems)
    }
}

struct FirstItems;

impl<'de> Visitor<'de> for FirstItems {
    type Value = Items;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of entries")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Items, A::Error> {
        let mut items = Vec::new();
        while items.len() < ENTRIES_MAX {
            match list.next_element()? {
                Some(item) => items.push(item),
                None => return Ok(Items(items)),
            }
        }
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Items(items))
    }
}
