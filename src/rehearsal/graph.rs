//! The Graph API's calls, as far as a publisher makes them.

use axum::body::Body;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{Method, Response};
use bytes::Bytes;
use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::line::Line;
use super::mood::{Kind, Whim};
use super::params::Params;
use super::posts::{Call, Posts, RehearsedPost};
use super::reply::{Fault, Reply, moment};
use super::{Inner, RehearsalPage};

/// Posts that one answer lists at most; asking for more is an error.
const LIMIT_MAX: usize = 100;
/// Posts that one answer lists when nobody asks.
const LIMIT_DEFAULT: usize = 25;
/// What live errors say is the most, in bytes; the documentation says 10 MB.
const PHOTO_BYTES_MAX: usize = 4 << 20;
/// The longest text that publishers send.
const MESSAGE_CHARS_MAX: usize = 63_206;
/// What the one token may do.
const SCOPES: [&str; 4] = [
    "pages_show_list",
    "pages_manage_posts",
    "pages_read_engagement",
    "pages_read_user_content",
];

const NO_TOKEN: Fault = Fault::oauth(
    400,
    104,
    None,
    "An access token is required to request this resource.",
);
const BAD_TOKEN: Fault = Fault::oauth(
    400,
    190,
    None,
    "Invalid OAuth access token - Cannot parse access token",
);
const DEAD_TOKEN: Fault = Fault::oauth(
    400,
    190,
    Some(460),
    "Error validating access token: The session has been invalidated because the user changed their password.",
);
const MISSING: Fault = Fault {
    status: 400,
    code: 100,
    subcode: Some(33),
    kind: "GraphMethodException",
    message: "Unsupported request. Object does not exist, cannot be loaded due to missing permissions, or does not support this operation.",
};
const BAD_PARAMETER: Fault = Fault::oauth(400, 100, None, "(#100) Invalid parameter");
const NO_FILE: Fault = Fault::oauth(400, 324, None, "(#324) Requires upload file");
const BAD_PICTURE: Fault = Fault::oauth(
    400,
    100,
    Some(1_366_046),
    "Your photos couldn't be uploaded. Photos should be less than 4 MB and saved as JPG, PNG, GIF, TIFF, HEIF or WebP files.",
);
const USED_PHOTO: Fault = Fault::oauth(
    400,
    100,
    Some(1_366_051),
    "These photos were already posted.",
);
const NO_READING: Fault = Fault::oauth(
    403,
    10,
    None,
    "(#10) This endpoint requires the 'pages_read_engagement' permission or the 'Page Public Content Access' feature.",
);
const NO_POSTING: Fault = Fault::oauth(
    403,
    200,
    None,
    "(#200) If posting to a page, requires both pages_read_engagement and pages_manage_posts permission with page token",
);
const SAME_AGAIN: Fault = Fault::oauth(400, 506, None, "(#506) Duplicate status message");
const TOO_FAST: Fault = Fault::oauth(
    400,
    368,
    Some(1_390_008),
    "The action attempted has been deemed abusive or is otherwise disallowed",
);
const OTHERS_POST: Fault = Fault::oauth(
    403,
    200,
    None,
    "(#200) This post was not created by this application",
);
const LOST: Fault = Fault::oauth(500, 1, None, "An unknown error occurred");

/// A call in parts.
struct Asked {
    method: Method,
    path: String,
    params: Params,
}

/// Answers any call that is none of the page's own.
pub(super) async fn call(
    State(page): State<RehearsalPage>,
    ConnectInfo(line): ConnectInfo<Line>,
    request: Request,
) -> Response<Body> {
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let asked = Asked {
        method,
        path,
        params: Params::of(request).await,
    };
    let reply = answer(&page, &asked).await;
    let call = Call {
        at: page.now(),
        method: asked.method.to_string(),
        path: asked.path.clone(),
        params: asked.params.without_token(),
        status: reply.as_ref().map(|reply| reply.status),
    };
    let kept = page.with(|posts| posts.add_call(call));
    match (reply, kept) {
        (Some(reply), Ok(())) => reply.into_response(page.now()),
        (Some(_), Err(_)) => Reply::from(LOST).into_response(page.now()),
        (None, _) => {
            line.cut();
            Response::new(Body::empty())
        }
    }
}

/// The answer; `None`: the connection is cut instead.
async fn answer(page: &RehearsalPage, asked: &Asked) -> Option<Reply> {
    let kind = asked.kind();
    let whim = page.with(|posts| posts.take_mood(kind));
    if let Some(Whim::Slow { seconds }) = whim {
        let wait = std::time::Duration::from_secs(seconds);
        page.inner.settings.clock.sleep(wait).await;
    }
    let shows_after = match whim {
        Some(Whim::ShowsLate { seconds }) => seconds,
        _ => 0,
    };
    let done = whim.as_ref().is_none_or(Whim::is_done);
    let plain = match done {
        true => Some(plainly(page, asked, shows_after).await),
        false => None,
    };
    let Some(whim) = whim else {
        return plain;
    };
    Some(match whim {
        Whim::HangUp { .. } => return None,
        Whim::Silence { .. } => {
            page.inner.silence.notify_one();
            std::future::pending().await
        }
        Whim::Fails { code: 2, .. } => Fault::oauth(
            500,
            2,
            None,
            "An unexpected error has occurred. Please retry your request later.",
        )
        .into(),
        Whim::Fails { .. } => LOST.into(),
        Whim::Html { .. } => {
            let page = "<!DOCTYPE html><html><title>Facebook | Error</title><h1>Sorry, something went wrong.</h1></html>";
            Reply::raw(502, page, "text/html; charset=utf-8")
        }
        Whim::Truncated { .. } => plain
            .unwrap_or_else(|| Reply::ok(&json!({ "id": "0_0" })))
            .truncated(),
        Whim::Empty { .. } => Reply::raw(200, "", "text/plain"),
        Whim::RateLimit { code, minutes } => limited(page, code, minutes),
        Whim::TooFast => TOO_FAST.into(),
        Whim::DeadToken => DEAD_TOKEN.into(),
        Whim::NotPermitted if kind == Kind::Read => NO_READING.into(),
        Whim::NotPermitted => NO_POSTING.into(),
        Whim::Duplicate => SAME_AGAIN.into(),
        Whim::BadPicture => BAD_PICTURE.into(),
        Whim::Refused => BAD_PARAMETER.into(),
        Whim::Slow { .. } | Whim::ShowsLate { .. } => return plain,
    })
}

fn limited(page: &RehearsalPage, code: i64, minutes: u64) -> Reply {
    let fault = Fault::oauth(403, code, None, "(#32) Page request limit reached");
    let entry = json!([{
        "type": "pages", "call_count": 100, "total_cputime": 25, "total_time": 25,
        "estimated_time_to_regain_access": minutes,
    }]);
    let usage = json!({ page.inner.settings.page_id.clone(): entry });
    Reply {
        usage: Some(usage.to_string()),
        ..Reply::from(fault)
    }
}

impl Asked {
    /// The path without the version in front.
    fn segments(&self) -> Vec<&str> {
        let mut segments: Vec<&str> = self
            .path
            .split('/')
            .filter(|part| !part.is_empty())
            .collect();
        let is_version = segments.first().is_some_and(|first| {
            first
                .strip_prefix('v')
                .is_some_and(|rest| rest.starts_with(|digit: char| digit.is_ascii_digit()))
        });
        if is_version {
            segments.remove(0);
        }
        segments
    }

    fn kind(&self) -> Kind {
        match self.segments().as_slice() {
            [_, "feed"] if self.method == Method::POST => Kind::Publish,
            [_, "photos"] if self.method == Method::POST => Kind::Upload,
            ["debug_token" | "me"] => Kind::Inspect,
            _ => Kind::Read,
        }
    }
}

/// The answer of a page in no mood.
async fn plainly(page: &RehearsalPage, asked: &Asked, shows_after: u64) -> Reply {
    let inner = page.inner.as_ref();
    let segments = asked.segments();
    if segments.as_slice() == ["debug_token"] {
        return debug_token(inner, &asked.params);
    }
    match asked.params.token.as_deref() {
        None => return NO_TOKEN.into(),
        Some(token) if token == inner.settings.token => {}
        Some(_) => return BAD_TOKEN.into(),
    }
    let own = inner.settings.page_id.as_str();
    match (asked.method.as_str(), segments.as_slice()) {
        ("POST", [id, "feed"]) if *id == own || *id == "me" => {
            publish(page, &asked.params, shows_after).await
        }
        ("POST", [id, "photos"]) if *id == own || *id == "me" => upload(page, &asked.params),
        ("GET", [id, "feed" | "posts" | "published_posts"]) if *id == own || *id == "me" => {
            list(page, &asked.params)
        }
        ("GET", [id]) if *id == own || *id == "me" => {
            let whole = json!({ "id": own, "name": inner.settings.page_name });
            Reply::ok(&selected(
                &whole,
                asked.params.get("fields").unwrap_or("id,name"),
            ))
        }
        ("GET", [id]) => one(page, id, &asked.params),
        ("POST", [id]) => edit(page, id, &asked.params),
        ("DELETE", [id]) => delete(page, id),
        _ => MISSING.into(),
    }
}

fn debug_token(inner: &Inner, params: &Params) -> Reply {
    let settings = &inner.settings;
    let app_token = params.token.as_deref().is_some_and(|token| {
        token == settings.token
            || token
                .split_once('|')
                .is_some_and(|(id, _)| id == settings.app_id)
    });
    if !app_token {
        return BAD_TOKEN.into();
    }
    if params.get("input_token") != Some(settings.token.as_str()) {
        let error = json!({ "code": 190, "message": "Invalid OAuth access token." });
        return Reply::ok(&json!({ "data": { "error": error, "is_valid": false, "scopes": [] } }));
    }
    Reply::ok(&json!({ "data": {
        "app_id": settings.app_id, "type": "PAGE", "application": "loa", "is_valid": true,
        "data_access_expires_at": 0, "expires_at": 0, "profile_id": settings.page_id,
        "scopes": SCOPES,
    } }))
}

async fn publish(page: &RehearsalPage, params: &Params, shows_after: u64) -> Reply {
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
    card: Option<super::LinkCard>,
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

fn upload(page: &RehearsalPage, params: &Params) -> Reply {
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
fn list(page: &RehearsalPage, params: &Params) -> Reply {
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

fn one(page: &RehearsalPage, id: &str, params: &Params) -> Reply {
    let now = page.now();
    let fields = params.get("fields").unwrap_or("created_time,message,id");
    match page.with(|posts| posts.find(id, now).cloned()) {
        Some(post) => Reply::ok(&selected(&document(page, &post), fields)),
        None => MISSING.into(),
    }
}

fn edit(page: &RehearsalPage, id: &str, params: &Params) -> Reply {
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

fn delete(page: &RehearsalPage, id: &str) -> Reply {
    let now = page.now();
    page.with(|posts| match posts.find(id, now) {
        None => MISSING.into(),
        Some(_) => match posts.delete(id) {
            Ok(()) => Reply::ok(&json!({ "success": true })),
            Err(_) => LOST.into(),
        },
    })
}

/// A post with everything that can be asked of it.
fn document(page: &RehearsalPage, post: &RehearsedPost) -> Value {
    let permalink = format!("https://www.facebook.com/{}", post.id);
    let mut document = json!({
        "id": post.id, "created_time": moment(post.created), "updated_time": moment(post.created),
        "permalink_url": permalink, "is_published": true,
        "from": { "id": page.inner.settings.page_id, "name": page.inner.settings.page_name },
        "status_type": if post.photos.is_empty() { "shared_story" } else { "added_photos" },
    });
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
fn selected(document: &Value, fields: &str) -> Value {
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
