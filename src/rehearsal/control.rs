//! What tests and curious people may ask and do beside the Graph API: look at posts, photos and
//! calls, set a mood.

use axum::extract::{Path, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};

use super::mood::Mood;
use super::{RehearsalPage, Shown};

pub(super) fn routes() -> Router<RehearsalPage> {
    Router::new()
        .route("/_rehearsal/posts", get(posts))
        .route("/_rehearsal/calls", get(calls))
        .route("/_rehearsal/moods", post(set_mood))
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

async fn set_mood(State(page): State<RehearsalPage>, Json(mood): Json<Mood>) -> StatusCode {
    page.set_mood(mood);
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
