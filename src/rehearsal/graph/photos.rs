//! Photos: by their file or by their address, shown at once, later, or not at all:
//! <https://developers.facebook.com/docs/graph-api/reference/page/photos/>.

use bytes::Bytes;
use serde_json::json;

use super::edges::{Making, When, make};
use super::fault::{BAD_PARAMETER, BAD_PICTURE, Fault, LOST, NO_FILE};
use crate::rehearsal::RehearsalPage;
use crate::rehearsal::params::Params;
use crate::rehearsal::reply::Reply;
use crate::rehearsal::schedule::moment_in_seconds;

pub(super) async fn upload(page: &RehearsalPage, params: &Params) -> Reply {
    match uploaded(page, params).await {
        Ok(reply) => reply,
        Err(fault) => fault.into(),
    }
}

async fn uploaded(page: &RehearsalPage, params: &Params) -> Result<Reply, Fault<'static>> {
    let when = when(page, params)?;
    let bytes = pixels(page, params).await?;
    let bytes_max = page.with(|posts| posts.habits.photo_bytes_max);
    let media_type = media_type(&bytes).filter(|_| bytes.len() < bytes_max);
    let media_type = media_type.ok_or(BAD_PICTURE)?;
    let now = page.now();
    page.with(|posts| {
        let alt_text = params.get("alt_text_custom");
        let temporary = params.flag("temporary", false);
        let photo = posts
            .add_photo(&bytes, media_type, alt_text, temporary, now)
            .map_err(|_| LOST)?;
        if when == When::Never {
            return Ok(Reply::ok(&json!({ "id": photo.id })));
        }
        let media = [photo.id.clone()];
        let making = Making {
            message: params.get("caption").or_else(|| params.get("message")),
            media: &media,
            when,
            ..Making::at(now)
        };
        let post = make(page, posts, making)?;
        Ok(Reply::ok(&json!({ "id": photo.id, "post_id": post.id })))
    })
}

/// When the photo is to show. `temporary` is for posts of more than this photo, and leaves the
/// hour to them.
fn when(page: &RehearsalPage, params: &Params) -> Result<When, Fault<'static>> {
    let is_published = params.flag("published", true);
    let scheduled = params.get("scheduled_publish_time");
    if params.flag("temporary", false) && (is_published || scheduled.is_some()) {
        return Err(BAD_PARAMETER);
    }
    match (is_published, scheduled) {
        (true, None) => Ok(When::Now),
        (true, Some(_)) => Err(BAD_PARAMETER),
        (false, None) => Ok(When::Never),
        (false, Some(text)) => {
            let days = page.with(|posts| posts.habits.schedule_days);
            let moment = moment_in_seconds(text, page.now(), days);
            moment.map(When::At).ok_or(BAD_PARAMETER)
        }
    }
}

/// One source and no more: the file, or an address that the Page fetches it from.
async fn pixels(page: &RehearsalPage, params: &Params) -> Result<Bytes, Fault<'static>> {
    match (&params.file, params.get("url")) {
        (Some(bytes), None) => Ok(bytes.clone()),
        (None, Some(url)) => {
            let fetched = (page.inner.settings.fetch)(url.to_owned()).await;
            fetched
                .filter(|bytes| media_type(bytes).is_some())
                .ok_or(NO_FILE)
        }
        (Some(_), Some(_)) => Err(BAD_PARAMETER),
        (None, None) => Err(NO_FILE),
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
