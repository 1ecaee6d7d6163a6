//! JSON Feed: what feed-rs is strict about, and one entry by itself. Pure.

use serde_json::{Map, Value};

/// The version of an entry's own document.
const VERSION: &str = "https://jsonfeed.org/version/1.1";

/// The document of a feed in JSON. `None`: it is another kind of document.
pub(super) fn document(text: &str) -> Option<Map<String, Value>> {
    let Value::Object(mut feed) = serde_json::from_str(text).ok()? else {
        return None;
    };
    let items = feed.get_mut("items")?.as_array_mut()?;
    for item in items {
        with_written_id(item);
    }
    feed.entry("title").or_insert_with(|| "".into());
    feed.insert("version".to_owned(), VERSION.into());
    Some(feed)
}

/// Each entry of a feed in a document of its own.
pub(super) fn one_by_one(feed: &Map<String, Value>) -> Vec<String> {
    let items = feed.get("items").and_then(Value::as_array);
    let title = feed.get("title");
    let alone = |item: &Value| {
        serde_json::json!({"version": VERSION, "title": title, "items": [item]}).to_string()
    };
    items.into_iter().flatten().map(alone).collect()
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
