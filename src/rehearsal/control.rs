//! What tests and curious people may ask and do beside the Graph API: look at posts, photos and
//! calls, set moods, habits and switches, with a small page to do it on.

use axum::extract::{Path, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};

use super::card::escaped;
use super::habits::Habits;
use super::mood::{Kind, Mood, Whim};
use super::wall::{HEADERS, typed};
use super::{Call, RehearsalPage, Shown, Switches};
use crate::language::Language;

/// The newest calls that the page shows.
const CALLS_SHOWN: usize = 30;
/// Which calls a mood can concern.
const KINDS: [Kind; 6] = [
    Kind::Publish,
    Kind::Upload,
    Kind::Edit,
    Kind::Read,
    Kind::Inspect,
    Kind::Scrape,
];

pub(super) fn routes() -> Router<RehearsalPage> {
    Router::new()
        .route("/_rehearsal", get(control))
        .route(
            "/_rehearsal/control.js",
            get(async || typed("text/javascript; charset=utf-8", include_str!("control.js"))),
        )
        .route("/_rehearsal/posts", get(posts))
        .route("/_rehearsal/calls", get(calls))
        .route(
            "/_rehearsal/moods",
            get(moods).post(set_mood).delete(forget_moods),
        )
        .route("/_rehearsal/habits", get(habits).put(set_habits))
        .route("/_rehearsal/switches", get(switches).put(set_switches))
        .route("/_rehearsal/media/{id}", get(media))
}

async fn posts(State(page): State<RehearsalPage>) -> Response {
    Json(Shown {
        posts: page.posts(),
    })
    .into_response()
}

async fn calls(State(page): State<RehearsalPage>) -> Response {
    Json(page.calls()).into_response()
}

async fn moods(State(page): State<RehearsalPage>) -> Response {
    Json(page.moods()).into_response()
}

async fn set_mood(State(page): State<RehearsalPage>, Json(mood): Json<Mood>) -> StatusCode {
    page.set_mood(mood);
    StatusCode::NO_CONTENT
}

async fn forget_moods(State(page): State<RehearsalPage>) -> StatusCode {
    page.forget_moods();
    StatusCode::NO_CONTENT
}

async fn habits(State(page): State<RehearsalPage>) -> Response {
    Json(page.habits()).into_response()
}

async fn set_habits(State(page): State<RehearsalPage>, Json(habits): Json<Habits>) -> StatusCode {
    page.set_habits(habits);
    StatusCode::NO_CONTENT
}

async fn switches(State(page): State<RehearsalPage>) -> Response {
    Json(page.switches()).into_response()
}

async fn set_switches(
    State(page): State<RehearsalPage>,
    Json(switches): Json<Switches>,
) -> StatusCode {
    page.switch(|now| *now = switches);
    StatusCode::NO_CONTENT
}

async fn media(State(page): State<RehearsalPage>, Path(id): Path<String>) -> Response {
    let found = page.with(|posts| Some((posts.photo(&id)?.media_type.clone(), posts.bytes(&id)?)));
    let Some((media_type, bytes)) = found else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let mut response = bytes.into_response();
    if let Ok(media_type) = HeaderValue::try_from(media_type) {
        response
            .headers_mut()
            .insert(header::CONTENT_TYPE, media_type);
    }
    response
}

async fn control(State(page): State<RehearsalPage>) -> impl IntoResponse {
    (HEADERS, Html(html(&page)))
}

fn html(page: &RehearsalPage) -> String {
    let language = page.inner.settings.language;
    let say = |key: &str| escaped(&language.say(key, &[]));
    let json = |value: serde_json::Result<String>| escaped(&value.unwrap_or_default());
    let kinds: String = KINDS
        .iter()
        .map(|kind| {
            let said = language.say(kind_key(*kind), &[]);
            format!(
                "<option value=\"{}\">{}</option>",
                word(kind),
                escaped(&said)
            )
        })
        .collect();
    let buttons: String = Whim::samples()
        .iter()
        .map(|whim| {
            let sent = json(serde_json::to_string(whim));
            let said = escaped(&in_words(language, whim));
            format!("<button data-whim=\"{sent}\">{said}</button> ")
        })
        .collect();
    let moods: String = page
        .moods()
        .iter()
        .map(|mood| {
            let on = language.say(kind_key(mood.on), &[]);
            let said = in_words(language, &mood.whim);
            format!(
                "<li>{}</li>",
                escaped(&format!("{on} × {}: {said}", mood.calls))
            )
        })
        .collect();
    let calls: String = page
        .calls()
        .iter()
        .rev()
        .take(CALLS_SHOWN)
        .map(call_row)
        .collect();
    format!(
        "<!DOCTYPE html>\n<html lang=\"{code}\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\"><title>{title}</title>\
         <link rel=\"stylesheet\" href=\"/_rehearsal/wall.css\">\
         <script src=\"/_rehearsal/control.js\" defer></script></head>\
         <body><div class=\"page\"><div><h1>{title}</h1><p>{about}</p>\
         <output id=\"said\"></output></div></div>\
         <main class=\"control\"><h2>{mood}</h2>\
         <p><label>{on} <select id=\"on\">{kinds}</select></label> \
         <label>{count} <input id=\"calls\" type=\"number\" min=\"1\" value=\"1\"></label></p>\
         <p>{buttons}</p><ul>{moods}</ul><p><button id=\"forget\">{forget}</button></p>\
         <h2>{habits_title}</h2>\
         <textarea id=\"habits\" rows=\"16\" aria-label=\"{habits_title}\">{habits}</textarea>\
         <p><button id=\"keep\">{keep}</button></p>\
         <h2>{switches_title}</h2>\
         <textarea id=\"switches\" rows=\"10\" aria-label=\"{switches_title}\">{switches}</textarea>\
         <p><button id=\"switch\">{switch}</button></p>\
         <h2>{journal}</h2><table>{calls}</table></main></body></html>\n",
        code = language.code(),
        title = say("rehearsal.control"),
        about = say("rehearsal.control-about"),
        mood = say("rehearsal.control-moods"),
        on = say("rehearsal.control-on"),
        count = say("rehearsal.control-calls"),
        forget = say("rehearsal.control-forget"),
        habits_title = say("rehearsal.control-habits"),
        habits = json(serde_json::to_string_pretty(&page.habits())),
        switches_title = say("rehearsal.control-switches"),
        switches = json(serde_json::to_string_pretty(&page.switches())),
        switch = say("rehearsal.control-switch"),
        keep = say("rehearsal.control-keep"),
        journal = say("rehearsal.control-journal"),
    )
}

fn call_row(call: &Call) -> String {
    let status = call
        .status
        .map_or_else(|| "—".to_owned(), |status| status.to_string());
    format!(
        "<tr><td>{}</td><td>{} {}</td><td>{status}</td></tr>",
        call.at,
        escaped(&call.method),
        escaped(&call.path),
    )
}

/// What a mood does, in words.
fn in_words(language: Language, whim: &Whim) -> String {
    let (key, number, done) = match whim {
        Whim::HangUp { done } => ("mood.hang-up", None, Some(done)),
        Whim::Fails { code, done } => ("mood.fails", Some(code.to_string()), Some(done)),
        Whim::Html { done } => ("mood.html", None, Some(done)),
        Whim::Errs { code, subcode, .. } => {
            let subcode = subcode.map(|subcode| format!("/{subcode}"));
            let code = format!("{code}{}", subcode.unwrap_or_default());
            ("mood.errs", Some(code), None)
        }
        Whim::Truncated { done } => ("mood.truncated", None, Some(done)),
        Whim::Empty { done } => ("mood.empty", None, Some(done)),
        Whim::Missing { done } => ("mood.missing", None, Some(done)),
        Whim::Silence { done } => ("mood.silence", None, Some(done)),
        Whim::Slow { seconds } => ("mood.slow", Some(seconds.to_string()), None),
        Whim::RateLimit { code, .. } => ("mood.rate-limit", Some(code.to_string()), None),
        Whim::TooFast => ("mood.too-fast", None, None),
        Whim::DeadToken => ("mood.dead-token", None, None),
        Whim::NotPermitted => ("mood.not-permitted", None, None),
        Whim::Duplicate => ("mood.duplicate", None, None),
        Whim::AlreadyPosted => ("mood.already-posted", None, None),
        Whim::PhotosPosted => ("mood.photos-posted", None, None),
        Whim::BadPicture => ("mood.bad-picture", None, None),
        Whim::Refused => ("mood.refused", None, None),
        Whim::ShowsLate { seconds } => ("mood.shows-late", Some(seconds.to_string()), None),
        Whim::ShowsNothing => ("mood.shows-nothing", None, None),
    };
    let number = number.unwrap_or_default();
    let text = language.say(key, &[("number", &number)]);
    match done {
        Some(true) => format!("{text}, {}", language.say("mood.done", &[])),
        Some(false) => format!("{text}, {}", language.say("mood.undone", &[])),
        None => text,
    }
}

fn kind_key(kind: Kind) -> &'static str {
    match kind {
        Kind::Publish => "mood.on-publish",
        Kind::Upload => "mood.on-upload",
        Kind::Edit => "mood.on-edit",
        Kind::Read => "mood.on-read",
        Kind::Inspect => "mood.on-inspect",
        Kind::Scrape => "mood.on-scrape",
    }
}

/// How a kind of call is written in JSON.
fn word(kind: &Kind) -> String {
    let word = serde_json::to_value(kind).unwrap_or_default();
    word.as_str().unwrap_or_default().to_owned()
}
