//! The Graph API's calls, as far as a publisher makes them.

pub(super) mod document;
mod edges;
pub(super) mod fault;
mod limits;
mod lists;
mod photos;

use axum::body::Body;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{Method, Response};
use serde_json::json;

use self::document::selected;
use self::edges::{delete, edit, publish, scrape};
use self::fault::{
    ALREADY_POSTED, BAD_PARAMETER, BAD_PICTURE, DEAD_TOKEN, Fault, LOST, MISSING, NO_ENGAGEMENT,
    NO_POSTING, NO_READING, NO_TOKEN, SAME_AGAIN, TOO_FAST, UNEXPECTED, USED_PHOTO,
};
use self::lists::{list, one};
use self::photos::upload;
use super::RehearsalPage;
use super::line::Line;
use super::login::{self, Held};
use super::mood::{Kind, Whim};
use super::params::Params;
use super::posts::Call;
use super::reply::Reply;

/// What the one token may do.
pub(super) const SCOPES: [&str; 4] = [
    "pages_show_list",
    "pages_manage_posts",
    "pages_read_engagement",
    "pages_read_user_content",
];

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
    let outcome = limits::within(&page, &asked, answer(&page, &asked)).await;
    let call = Call {
        at: page.now(),
        method: asked.method.to_string(),
        path: asked.path.clone(),
        params: asked.params.without_secrets(),
        status: match &outcome {
            Outcome::Reply(reply) => Some(reply.status),
            Outcome::Cut | Outcome::Silence => None,
        },
    };
    let kept = page.with(|posts| posts.add_call(call));
    match (outcome, kept) {
        (Outcome::Reply(reply), Ok(())) => reply.into_response(page.now()),
        (Outcome::Reply(_), Err(_)) => Reply::from(LOST).into_response(page.now()),
        (Outcome::Cut, _) => {
            line.cut();
            Response::new(Body::empty())
        }
        (Outcome::Silence, _) => {
            page.inner.waiting.notify_one();
            std::future::pending().await
        }
    }
}

/// What a caller gets.
enum Outcome {
    /// An answer.
    Reply(Reply),
    /// None: the connection is cut.
    Cut,
    /// None, and the connection stays open.
    Silence,
}

async fn answer(page: &RehearsalPage, asked: &Asked) -> Outcome {
    let kind = asked.kind();
    let whim = page.with(|posts| posts.take_mood(kind));
    if let Some(Whim::Slow { seconds }) = whim {
        let wait = std::time::Duration::from_secs(seconds);
        let late = page.inner.settings.clock.sleep(wait);
        page.inner.waiting.notify_one();
        late.await;
    }
    let shows_after = match whim {
        Some(Whim::ShowsLate { seconds }) => seconds,
        _ => page.with(|posts| posts.habits.shows_after),
    };
    let done = whim.as_ref().is_none_or(Whim::is_done);
    let plain = match done {
        true => Some(plainly(page, asked, shows_after).await),
        false => None,
    };
    match (whim, plain) {
        (Some(Whim::HangUp { .. }), _) => Outcome::Cut,
        (Some(Whim::Silence { .. }), _) => Outcome::Silence,
        (None | Some(Whim::Slow { .. } | Whim::ShowsLate { .. }), Some(plain)) => {
            Outcome::Reply(plain)
        }
        (Some(whim), plain) => Outcome::Reply(instead(page, kind, whim, plain)),
        (None, None) => Outcome::Cut,
    }
}

/// What a page in this mood answers instead of what is `plain`.
fn instead(page: &RehearsalPage, kind: Kind, whim: Whim, plain: Option<Reply>) -> Reply {
    match whim {
        Whim::Fails { code: 2, .. } => UNEXPECTED.into(),
        Whim::Fails { .. } => LOST.into(),
        Whim::Errs {
            status,
            code,
            subcode,
            words,
        } => Fault::oauth(status, code, subcode, &words).into(),
        Whim::Html { .. } => {
            let page = "<!DOCTYPE html><html><title>Facebook | Error</title><h1>Sorry, something went wrong.</h1></html>";
            Reply::raw(502, page, "text/html; charset=utf-8")
        }
        Whim::Truncated { .. } => plain
            .unwrap_or_else(|| Reply::ok(&json!({ "id": "0_0" })))
            .truncated(),
        Whim::Missing { .. } => MISSING.into(),
        Whim::Empty { .. } => Reply::raw(200, "", "text/plain"),
        Whim::RateLimit { code, minutes } => limits::reached(page, code, minutes),
        Whim::TooFast => TOO_FAST.into(),
        Whim::DeadToken => DEAD_TOKEN.into(),
        Whim::NotPermitted if kind == Kind::Read => NO_READING.into(),
        Whim::NotPermitted => NO_POSTING.into(),
        Whim::Duplicate => SAME_AGAIN.into(),
        Whim::AlreadyPosted => ALREADY_POSTED.into(),
        Whim::PhotosPosted => USED_PHOTO.into(),
        Whim::BadPicture => BAD_PICTURE.into(),
        Whim::Refused => BAD_PARAMETER.into(),
        Whim::ShowsNothing => Reply::ok(&json!({ "data": [] })),
        Whim::HangUp { .. } | Whim::Silence { .. } | Whim::Slow { .. } | Whim::ShowsLate { .. } => {
            plain.unwrap_or_else(|| MISSING.into())
        }
    }
}

impl Asked {
    /// The path without the version in front.
    fn segments(&self) -> Vec<&str> {
        let segments = self.path.split('/').filter(|part| !part.is_empty());
        let has_version = self.version().is_some();
        segments.skip(usize::from(has_version)).collect()
    }

    /// The version that the path names.
    fn version(&self) -> Option<(u32, u32)> {
        let mut segments = self.path.split('/').filter(|part| !part.is_empty());
        limits::version(segments.next()?)
    }

    /// Whether the token was granted what the call needs.
    fn check_scopes(&self, held: &Held) -> Result<(), Fault<'static>> {
        let may = |scope| held.consent.may(scope);
        let is_list = matches!(
            self.segments().as_slice(),
            [_, "feed" | "posts" | "published_posts" | "scheduled_posts"]
        );
        if self.method == Method::GET {
            let readable = may("pages_read_engagement") && may("pages_read_user_content");
            return if is_list && !readable {
                Err(NO_READING)
            } else {
                Ok(())
            };
        }
        match (may("pages_manage_posts"), may("pages_read_engagement")) {
            (true, true) => Ok(()),
            (true, false) => Err(NO_ENGAGEMENT),
            (false, _) => Err(NO_POSTING),
        }
    }

    fn kind(&self) -> Kind {
        match self.segments().as_slice() {
            [_, "feed"] if self.method == Method::POST => Kind::Publish,
            [_, "photos"] if self.method == Method::POST => Kind::Upload,
            ["debug_token" | "me"] => Kind::Inspect,
            [] => Kind::Scrape,
            [_] if self.method != Method::GET => Kind::Edit,
            _ => Kind::Read,
        }
    }
}

/// The answer of a page in no mood.
async fn plainly(page: &RehearsalPage, asked: &Asked, shows_after: u64) -> Reply {
    let inner = page.inner.as_ref();
    let segments = asked.segments();
    if let Err(fault) = login::check_proof(page, &asked.params, page.now()) {
        return fault.into();
    }
    if let Some(reply) = login::answer(page, &asked.method, &segments, &asked.params) {
        return reply;
    }
    if asked.params.token.is_none() {
        return NO_TOKEN.into();
    }
    let allowed = login::check_page_token(page, &asked.params);
    if let Err(fault) = allowed.and_then(|held| asked.check_scopes(&held)) {
        return fault.into();
    }
    let own = inner.settings.page_id.as_str();
    match (asked.method.as_str(), segments.as_slice()) {
        ("POST", [id, "feed"]) if *id == own || *id == "me" => {
            publish(page, &asked.params, shows_after).await
        }
        ("POST", [id, "photos"]) if *id == own || *id == "me" => upload(page, &asked.params).await,
        (
            "GET",
            [
                id,
                edge @ ("feed" | "posts" | "published_posts" | "scheduled_posts"),
            ],
        ) if *id == own || *id == "me" => list(page, edge, &asked.params),
        ("POST", []) => scrape(page, &asked.params).await,
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
