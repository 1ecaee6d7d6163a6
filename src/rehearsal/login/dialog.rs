//! The dialog in which a person lets an app in, as a page for browsers.

use std::collections::BTreeMap;

use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderName, StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::get;
use url::Url;

use super::tokens::Consent;
use super::{OTHER_PAGE_ID, name_of};
use crate::rehearsal::RehearsalPage;
use crate::rehearsal::card::escaped;

/// The dialog shows a form and its style; the answer leads to the app's own address.
const POLICY: &str = "default-src 'none'; style-src 'self'; base-uri 'none'";

type Form = BTreeMap<String, String>;

pub(in crate::rehearsal) fn routes() -> Router<RehearsalPage> {
    let dialog = get(ask).post(decide);
    Router::new()
        .route("/{version}/dialog/oauth", dialog.clone())
        .route("/dialog/oauth", dialog)
}

/// What the app asks for, in the address of the dialog.
struct Asked {
    redirect: Url,
    state: String,
    scopes: Vec<String>,
}

impl Asked {
    fn of(page: &RehearsalPage, query: &Form) -> Result<Self, &'static str> {
        let settings = &page.inner.settings;
        let get = |name: &str| query.get(name).map(String::as_str);
        if get("client_id") != Some(settings.app_id.as_str()) {
            return Err("Invalid App ID: The provided app ID does not look like a valid app ID.");
        }
        let redirect = get("redirect_uri").unwrap_or_default();
        let allowed = page.with(|posts| posts.logins.redirects.iter().any(|one| one == redirect));
        if !allowed {
            return Err(
                "URL blocked: This redirect failed because the redirect URI is not white-listed in the app's client OAuth settings.",
            );
        }
        let redirect = Url::parse(redirect).map_err(|_| "Invalid redirect_uri")?;
        if get("response_type").is_some_and(|kind| kind != "code") {
            return Err("Invalid response_type");
        }
        let scopes = match get("config_id") {
            // The configuration says what is asked for.
            Some(_) => crate::rehearsal::graph::SCOPES.join(","),
            None => get("scope").unwrap_or_default().to_owned(),
        };
        let scopes = scopes.split([',', ' ']).filter(|scope| !scope.is_empty());
        Ok(Self {
            redirect,
            state: get("state").unwrap_or_default().to_owned(),
            scopes: scopes.map(ToOwned::to_owned).collect(),
        })
    }

    /// Back to the app, with these in the address.
    fn back(&self, values: &[(&str, &str)]) -> Response {
        let mut address = self.redirect.clone();
        address
            .query_pairs_mut()
            .extend_pairs(values)
            .append_pair("state", &self.state);
        // What the real one leaves at the end of the address.
        address.set_fragment(Some("_=_"));
        Redirect::to(address.as_str()).into_response()
    }
}

async fn ask(
    State(page): State<RehearsalPage>,
    _version: Option<Path<String>>,
    Query(query): Query<Form>,
) -> Response {
    match Asked::of(&page, &query) {
        Ok(asked) => shown(html(&page, &asked)),
        Err(why) => (StatusCode::BAD_REQUEST, why).into_response(),
    }
}

async fn decide(
    State(page): State<RehearsalPage>,
    _version: Option<Path<String>>,
    Query(query): Query<Form>,
    axum::Form(ticked): axum::Form<Form>,
) -> Response {
    let asked = match Asked::of(&page, &query) {
        Ok(asked) => asked,
        Err(why) => return (StatusCode::BAD_REQUEST, why).into_response(),
    };
    if !ticked.contains_key("agree") {
        return asked.back(&[
            ("error", "access_denied"),
            ("error_code", "200"),
            ("error_description", "Permissions error"),
            ("error_reason", "user_denied"),
        ]);
    }
    let development = page.with(|posts| posts.logins.switches.development);
    if development && !ticked.contains_key("in-app") {
        return asked.back(&[
            ("error_code", "1349045"),
            ("error_message", "App not active: This app is not currently accessible and the app developer is aware of the issue."),
        ]);
    }
    let consent = consent(&page, &asked, &ticked);
    let now = page.now();
    let code = page.with(|posts| posts.logins.agree(consent, asked.redirect.as_str(), now));
    asked.back(&[("code", &code)])
}

fn consent(page: &RehearsalPage, asked: &Asked, ticked: &Form) -> Consent {
    let is_ticked = |name: String| ticked.contains_key(&name);
    let (granted, declined) = asked
        .scopes
        .iter()
        .cloned()
        .partition(|scope| is_ticked(format!("scope:{scope}")));
    let pages = [OTHER_PAGE_ID, &page.inner.settings.page_id];
    let pages = pages
        .into_iter()
        .filter(|id| is_ticked(format!("page:{id}")));
    let tasks: &[&str] = match is_ticked("may-post".to_owned()) {
        true => &["ANALYZE", "MODERATE", "CREATE_CONTENT", "MANAGE"],
        false => &["ANALYZE"],
    };
    Consent {
        granted,
        declined,
        pages: pages.map(ToOwned::to_owned).collect(),
        tasks: tasks.iter().map(|task| (*task).to_owned()).collect(),
        through_business: is_ticked("through-business".to_owned()),
    }
}

fn shown(html: String) -> Response {
    let headers: [(HeaderName, &str); 2] = [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (headers, Html(html)).into_response()
}

fn html(page: &RehearsalPage, asked: &Asked) -> String {
    let settings = &page.inner.settings;
    let say = |key: &str| settings.language.say(key, &[]);
    let tick = |name: &str, label: &str, on: bool| {
        let checked = if on { " checked" } else { "" };
        format!(
            "<label><input type=\"checkbox\" name=\"{}\"{checked}> {}</label>",
            escaped(name),
            escaped(label)
        )
    };
    let scopes: String = asked
        .scopes
        .iter()
        .map(|scope| tick(&format!("scope:{scope}"), scope, true))
        .collect();
    let own = settings.page_id.as_str();
    let pages: String = [(own, true), (OTHER_PAGE_ID, false)]
        .map(|(id, on)| tick(&format!("page:{id}"), &name_of(page, id), on))
        .concat();
    let ways = [
        tick("in-app", &say("rehearsal.in-app"), true),
        tick("may-post", &say("rehearsal.may-post"), true),
        tick(
            "through-business",
            &say("rehearsal.through-business"),
            false,
        ),
    ];
    format!(
        "<!DOCTYPE html>\n<html lang=\"{code}\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\"><title>{title}</title>\
         <link rel=\"stylesheet\" href=\"/_rehearsal/wall.css\"></head>\
         <body><main><form method=\"post\" class=\"dialog\"><h1>{title}</h1><p>{about}</p>\
         <fieldset><legend>{scopes_legend}</legend>{scopes}</fieldset>\
         <fieldset><legend>{pages_legend}</legend>{pages}</fieldset>\
         <fieldset><legend>{ways_legend}</legend>{ways}</fieldset>\
         <p><button name=\"agree\" value=\"1\">{agree}</button> <button>{decline}</button></p>\
         </form></main></body></html>\n",
        code = settings.language.code(),
        title = say("rehearsal.dialog"),
        about = say("rehearsal.dialog-about"),
        scopes_legend = say("rehearsal.dialog-scopes"),
        pages_legend = say("rehearsal.dialog-pages"),
        ways_legend = say("rehearsal.dialog-role"),
        ways = ways.concat(),
        agree = say("rehearsal.agree"),
        decline = say("rehearsal.decline"),
    )
}
