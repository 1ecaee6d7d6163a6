//! What tests and curious people may ask and do beside the Graph API: look at posts, photos and
//! calls, set moods, habits and switches, with a small page to do it on.

mod panel;

use axum::extract::{Path, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};

use super::habits::Habits;
use super::mood::Mood;
use super::wall::{HEADERS, typed};
use super::{RehearsalPage, Shown, Switches};

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
    (HEADERS, Html(panel::html(&page)))
}
