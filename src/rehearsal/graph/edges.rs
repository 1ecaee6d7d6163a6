//! What can be done on a Page: publish, upload, list, read, edit, delete.

use bytes::Bytes;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::document::{document, selected};
use super::fault::{
    BAD_PARAMETER, BAD_PICTURE, Fault, LOST, MISSING, NO_FILE, OTHERS_POST, USED_PHOTO,
};
use crate::rehearsal::params::Params;
use crate::rehearsal::posts::{Posts, RehearsedPost};
use crate::rehearsal::reply::Reply;
use crate::rehearsal::{LinkCard, RehearsalPage};

/// Posts that one answer lists at most; asking for more is an error.
const LIMIT_MAX: usize = 100;
/// Posts that one answer lists when nobody asks.
const LIMIT_DEFAULT: usize = 25;
/// What live errors say is the most, in bytes; the documentation says 10 MB.
const PHOTO_BYTES_MAX: usize = 4 << 20;
/// The longest text that publishers send.
const MESSAGE_CHARS_MAX: usize = 63_206;
pub(super) async fn publish(page: &RehearsalPage, params: &Params, shows_after: u64) -> Reply {
    let message = params.get("message").unwrap_or_default();
    let link = params.get("link").filter(|link| !link.is_empty());
    let media = params.attached_media();
    let nothing = message.is_empty() && link.is_none() && media.is_empty();
    if nothing || message.chars().count() > MESSAGE_CHARS_MAX {
        return BAD_PARAMETER.into();
    }
    let card = match link {
        Some(link) if media.is_empty() => (page.inner.settings.scrape)(link.to_owned()).await,
        _ => None,
    };
    let now = page.now();
    let made = page.with(|posts| make(page, posts, params, link, card, &media, now, shows_after));
    let post = match made {
        Ok(post) => post,
        Err(fault) => return fault.into(),
    };
    let fields = params.get("fields").unwrap_or("id");
    Reply::ok(&selected(&document(page, &post), fields))
}

#[expect(clippy::too_many_arguments, reason = "they are what a post is made of")]
fn make(
    page: &RehearsalPage,
    posts: &mut Posts,
    params: &Params,
    link: Option<&str>,
    card: Option<LinkCard>,
    media: &[String],
    now: Timestamp,
    shows_after: u64,
) -> Result<RehearsedPost, Fault> {
    let mut photos = Vec::with_capacity(media.len());
    for id in media {
        match (posts.loose_photo(id, now), posts.photo(id)) {
            (Some(photo), _) => photos.push(photo.clone()),
            (None, Some(_)) => return Err(USED_PHOTO),
            (None, None) => return Err(BAD_PARAMETER),
        }
    }
    let late = std::time::Duration::from_secs(shows_after);
    let post = RehearsedPost {
        id: posts.next_id(&page.inner.settings.page_id),
        message: params.get("message").unwrap_or_default().to_owned(),
        link: link.map(ToOwned::to_owned),
        card,
        photos,
        created: now,
        visible_from: now.checked_add(late).unwrap_or(now),
        app: Some(page.inner.settings.app_id.clone()),
    };
    // What cannot be remembered has not happened.
    posts.add(post.clone()).map_err(|_| LOST)?;
    Ok(post)
}

pub(super) fn upload(page: &RehearsalPage, params: &Params) -> Reply {
    let Some(bytes) = &params.file else {
        return NO_FILE.into();
    };
    let Some(media_type) = media_type(bytes).filter(|_| bytes.len() < PHOTO_BYTES_MAX) else {
        return BAD_PICTURE.into();
    };
    let alt_text = params.get("alt_text_custom");
    let now = page.now();
    let kept = page.with(|posts| posts.add_photo(bytes, media_type, alt_text, now));
    let Ok(photo) = kept else {
        return LOST.into();
    };
    if !params.flag("published", true) {
        return Reply::ok(&json!({ "id": photo.id }));
    }
    let made = page.with(|posts| {
        let media = [photo.id.clone()];
        make(page, posts, params, None, None, &media, now, 0)
    });
    match made {
        Ok(post) => Reply::ok(&json!({ "id": photo.id, "post_id": post.id })),
        Err(fault) => fault.into(),
    }
}

/// By the first bytes, as there.
fn media_type(bytes: &Bytes) -> Option<&'static str> {
    match bytes.as_ref() {
        [0xff, 0xd8, 0xff, ..] => Some("image/jpeg"),
        [0x89, b'P', b'N', b'G', ..] => Some("image/png"),
        [b'G', b'I', b'F', b'8', ..] => Some("image/gif"),
        _ => None,
    }
}

/// One page of the list, newest first, behind an opaque cursor.
pub(super) fn list(page: &RehearsalPage, params: &Params) -> Reply {
    let limit = params
        .get("limit")
        .map_or(Some(LIMIT_DEFAULT), |limit| limit.parse().ok());
    let Some(limit) = limit.filter(|limit| (1..=LIMIT_MAX).contains(limit)) else {
        return BAD_PARAMETER.into();
    };
    let fields = params.get("fields").unwrap_or("created_time,message,id");
    let posts = page.posts();
    let start = match params.get("after") {
        Some(cursor) => posts
            .iter()
            .position(|post| format!("c{}", post.id) == cursor)
            .map_or(posts.len(), |at| at + 1),
        None => 0,
    };
    let shown = posts.iter().skip(start).take(limit);
    let data: Vec<Value> = shown
        .map(|post| selected(&document(page, post), fields))
        .collect();
    let end = start + data.len();
    let mut document = json!({ "data": data });
    if let (Some(first), Some(last)) = (
        posts.get(start),
        end.checked_sub(1).and_then(|at| posts.get(at)),
    ) {
        let cursors =
            json!({ "before": format!("c{}", first.id), "after": format!("c{}", last.id) });
        let mut paging = json!({ "cursors": cursors });
        if end < posts.len() {
            // The real one names an address with the token in it; nobody should follow it.
            paging["next"] = json!("https://graph.facebook.com/do-not-follow?access_token=TOKEN");
        }
        document["paging"] = paging;
    }
    Reply::ok(&document)
}

pub(super) fn one(page: &RehearsalPage, id: &str, params: &Params) -> Reply {
    let now = page.now();
    let fields = params.get("fields").unwrap_or("created_time,message,id");
    match page.with(|posts| posts.find(id, now).cloned()) {
        Some(post) => Reply::ok(&selected(&document(page, &post), fields)),
        None => MISSING.into(),
    }
}

pub(super) fn edit(page: &RehearsalPage, id: &str, params: &Params) -> Reply {
    let now = page.now();
    let app = page.inner.settings.app_id.clone();
    page.with(|posts| match (posts.find(id, now), params.get("message")) {
        (None, _) => MISSING.into(),
        (Some(post), _) if post.app.as_ref() != Some(&app) => OTHERS_POST.into(),
        (Some(_), None) => BAD_PARAMETER.into(),
        (Some(_), Some(message)) => match posts.edit(id, message) {
            Ok(()) => Reply::ok(&json!({ "success": true })),
            Err(_) => LOST.into(),
        },
    })
}

pub(super) fn delete(page: &RehearsalPage, id: &str) -> Reply {
    let now = page.now();
    page.with(|posts| match posts.find(id, now) {
        None => MISSING.into(),
        Some(_) => match posts.delete(id) {
            Ok(()) => Reply::ok(&json!({ "success": true })),
            Err(_) => LOST.into(),
        },
    })
}
