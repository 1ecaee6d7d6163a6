//! JSON Feed: what feed-rs is strict about, and one entry by itself. Pure.

use std::fmt;

use serde::de::{Deserialize, Deserializer, IgnoredAny, SeqAccess, Visitor};
use serde_json::{Value, json};

use super::ENTRIES_MAX;

/// The version of a document of ours.
const VERSION: &str = "https://jsonfeed.org/version/1.1";

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
        let mut document: Self = serde_json::from_str(text).ok()?;
        document.items.0.iter_mut().for_each(with_written_id);
        Some(document)
    }

    /// What it calls itself.
    pub(super) fn title(&self) -> Option<&str> {
        self.title.as_str()
    }

    /// The feed as it should be written.
    pub(super) fn whole(&self) -> String {
        self.with(&self.items.0)
    }

    /// Each entry in a document of its own.
    pub(super) fn one_by_one(&self) -> impl Iterator<Item = String> {
        let alone = |item| self.with(std::slice::from_ref(item));
        self.items.0.iter().map(alone)
    }

    fn with(&self, items: &[Value]) -> String {
        let title = self.title().unwrap_or_default();
        let home = self.home_page_url.as_str();
        json!({"version": VERSION, "title": title, "home_page_url": home, "items": items})
            .to_string()
    }
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

/// JSON Feed wants ids to be texts; sites number their articles.
fn with_written_id(item: &mut Value) {
    let Some(item) = item.as_object_mut() else {
        return;
    };
    let id = match item.get("id") {
        Some(Value::String(_)) => return,
        Some(Value::Number(number)) => number.to_string(),
        _ => String::new(),
    };
    item.insert("id".to_owned(), id.into());
}
