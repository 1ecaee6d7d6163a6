//! Posts as JSON documents, and the choice of members that a caller asks for.

use serde_json::{Map, Value, json};

use crate::rehearsal::RehearsalPage;
use crate::rehearsal::posts::RehearsedPost;
use crate::rehearsal::reply::moment;

/// A post with everything that can be asked of it.
pub(super) fn document(page: &RehearsalPage, post: &RehearsedPost) -> Value {
    let permalink = format!("https://www.facebook.com/{}", post.id);
    let now = page.now();
    let dated = moment(post.dated(now));
    let mut document = json!({
        "id": post.id, "created_time": dated, "updated_time": dated,
        "permalink_url": permalink, "is_published": post.is_published(now),
        "from": { "id": page.inner.settings.page_id, "name": page.inner.settings.page_name },
        "status_type": if post.photos.is_empty() { "shared_story" } else { "added_photos" },
    });
    if let Some(at) = post.scheduled.filter(|_| !post.is_published(now)) {
        document["scheduled_publish_time"] = json!(at.as_second());
    }
    if !post.message.is_empty() {
        document["message"] = json!(post.message);
    }
    if let Some(app) = &post.app {
        document["application"] = json!({ "id": app, "name": "loa", "category": "Business" });
    }
    if let Some(attachment) = attachment(post, &permalink) {
        document["attachments"] = json!({ "data": [attachment] });
    }
    document
}

fn attachment(post: &RehearsedPost, permalink: &str) -> Option<Value> {
    let photo = |id: &str| {
        let url = format!("https://www.facebook.com/photo/?fbid={id}");
        json!({ "type": "photo", "media_type": "photo", "url": url, "unshimmed_url": url, "target": { "id": id, "url": url } })
    };
    match (post.photos.as_slice(), &post.link) {
        ([], None) => None,
        ([], Some(link)) => {
            let query = url::form_urlencoded::Serializer::new(String::new())
                .append_pair("u", link)
                .append_pair("h", "AT0rehearsal")
                .finish();
            let shimmed = format!("https://l.facebook.com/l.php?{query}");
            Some(
                json!({ "type": "share", "media_type": "link", "url": shimmed, "unshimmed_url": link, "target": { "url": shimmed } }),
            )
        }
        ([one], _) => Some(photo(&one.id)),
        (several, _) => {
            let inner: Vec<Value> = several.iter().map(|one| photo(&one.id)).collect();
            Some(json!({
                "type": "album", "media_type": "album", "url": permalink, "unshimmed_url": permalink,
                "target": { "url": permalink }, "subattachments": { "data": inner },
            }))
        }
    }
}

/// Only the members that were asked for, `id` always; `attachments{url,target}` selects within.
pub(in crate::rehearsal) fn selected(document: &Value, fields: &str) -> Value {
    let mut chosen = Map::new();
    for (name, inner) in fields_of(fields).into_iter().chain([("id", None)]) {
        let Some(value) = document.get(name) else {
            continue;
        };
        let value = match inner {
            Some(inner) => within(value, inner),
            None => value.clone(),
        };
        chosen.insert(name.to_owned(), value);
    }
    Value::Object(chosen)
}

fn within(value: &Value, fields: &str) -> Value {
    match value.get("data").and_then(Value::as_array) {
        Some(items) => {
            let items: Vec<Value> = items.iter().map(|item| selected(item, fields)).collect();
            json!({ "data": items })
        }
        None => selected(value, fields),
    }
}

/// `a,b{c,d},e` as names with what is selected within them.
fn fields_of(fields: &str) -> Vec<(&str, Option<&str>)> {
    let mut found = Vec::new();
    let (mut start, mut depth) = (0, 0_usize);
    for (at, letter) in fields.char_indices().chain([(fields.len(), ',')]) {
        match letter {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => {
                let field = fields.get(start..at).unwrap_or_default().trim();
                found.push(match field.split_once('{') {
                    Some((name, inner)) => (name, inner.strip_suffix('}')),
                    None => (field, None),
                });
                start = at + 1;
            }
            _ => {}
        }
    }
    found
}
