//! The page as its readers see it: every post as a card, newest first.

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderName, header};
use axum::response::{Html, IntoResponse};
use axum::routing::get;
use jiff::Timestamp;

use super::card::{self, Card, Picture, escaped};
use super::posts::RehearsedPost;
use super::{RehearsalPage, graph};

/// The page runs its own script and style and shows pictures; nothing else comes in.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; \
                      img-src 'self' http: https:; base-uri 'none'; form-action 'none'";

pub(super) fn routes() -> Router<RehearsalPage> {
    Router::new()
        .route("/", get(wall).post(graph::call))
        .route(
            "/_rehearsal/wall.css",
            get(async || typed("text/css; charset=utf-8", card::STYLE)),
        )
        .route(
            "/_rehearsal/wall.js",
            get(async || typed("text/javascript; charset=utf-8", include_str!("wall.js"))),
        )
}

pub(super) fn typed(media_type: &'static str, content: &'static str) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, media_type)], content)
}

/// What every page that is shown to people comes with.
pub(super) const HEADERS: [(HeaderName, &str); 3] = [
    (header::CONTENT_SECURITY_POLICY, POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
];

async fn wall(State(page): State<RehearsalPage>) -> impl IntoResponse {
    (HEADERS, Html(html(&page)))
}

fn html(page: &RehearsalPage) -> String {
    let (name, language) = (
        escaped(&page.inner.settings.page_name),
        page.inner.settings.language,
    );
    let hidden = page.with(|posts| posts.logins.switches.development);
    let posts = match hidden {
        true => Vec::new(),
        false => page.posts(),
    };
    let mut cards: String = posts
        .iter()
        .map(|post| card::html(&card_of(page, post)))
        .collect();
    if posts.is_empty() {
        let text = match hidden {
            true => "rehearsal.development",
            false => "rehearsal.empty",
        };
        let text = language.say(text, &[]);
        cards = format!("<p class=\"empty\">{text}</p>");
    }
    format!(
        "<!DOCTYPE html>\n<html lang=\"{code}\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\"><title>{title}</title>\
         <link rel=\"stylesheet\" href=\"/_rehearsal/wall.css\">\
         <script src=\"/_rehearsal/wall.js\" defer></script></head>\
         <body data-posts=\"{count}\"><div class=\"page\"><div><h1>{name}</h1>\
         <p>{about}</p></div></div>\
         <main>{cards}</main></body></html>\n",
        count = posts.len(),
        code = language.code(),
        about = language.say("rehearsal.about", &[("count", &posts.len().to_string())]),
        title = language.say("rehearsal.title", &[("page", &name)]),
    )
}

fn card_of<'a>(page: &'a RehearsalPage, post: &'a RehearsedPost) -> Card<'a> {
    Card {
        page: &page.inner.settings.page_name,
        when: local(page, post.created),
        message: &post.message,
        pictures: post
            .photos
            .iter()
            .map(|photo| Picture {
                source: format!("/_rehearsal/media/{}", photo.id),
                alt: photo.alt_text.as_deref().unwrap_or_default(),
            })
            .collect(),
        link: post.link.as_deref(),
        preview: post.card.as_ref(),
        language: page.inner.settings.language,
    }
}

fn local(page: &RehearsalPage, at: Timestamp) -> String {
    let local = at.to_zoned_datetime(page.inner.settings.zone.clone());
    local.strftime("%H:%M:%S · %d/%m/%Y").to_string()
}
