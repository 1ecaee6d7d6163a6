//! Logging in, as Facebook does it: the dialog, the exchange of codes and tokens, whose Pages a
//! person keeps, what a token is good for. Whoever opens the dialog plays the person: what they
//! grant, which Pages they let in, and what they may do there is theirs to tick.

mod dialog;
mod proof;
mod switches;
mod tokens;

use axum::http::Method;
use serde_json::{Value, json};

pub(super) use self::dialog::routes;
pub use self::switches::Switches;
pub use self::tokens::TOKENS_START;
pub(super) use self::tokens::{Consent, Held, Kind, Logins};
use super::RehearsalPage;
use super::graph::fault::{BAD_TOKEN, Fault, MISSING};
use super::params::Params;
use super::reply::Reply;

/// A Page that the same person keeps, beside the one that is rehearsed on.
pub const OTHER_PAGE_ID: &str = "350350350350351";
/// The business that Pages may belong to.
const BUSINESS_ID: &str = "353535353535353";
/// The person who logs in.
const PERSON_ID: &str = "10035035035035035";

const CODE_MISMATCH: Fault<'static> = Fault {
    status: 400,
    code: 100,
    subcode: Some(36_008),
    kind: "OAuthException",
    message: "Error validating verification code. Please make sure your redirect_uri is identical to the one you used in the OAuth dialog request",
};
const CODE_USED: Fault<'static> = Fault {
    status: 400,
    code: 100,
    subcode: Some(36_009),
    kind: "OAuthException",
    message: "This authorization code has been used.",
};
const CODE_EXPIRED: Fault<'static> = Fault {
    status: 400,
    code: 100,
    subcode: Some(36_007),
    kind: "OAuthException",
    message: "This authorization code has expired.",
};
const BAD_CODE: Fault<'static> = Fault::oauth(400, 100, None, "Invalid verification code format.");
const BAD_APP: Fault<'static> = Fault::oauth(
    400,
    101,
    None,
    "Error validating application. Cannot get application info due to a system error.",
);
const BAD_SECRET: Fault<'static> = Fault::oauth(400, 1, None, "Error validating client secret.");
const BAD_PROOF: Fault<'static> = Fault {
    status: 400,
    code: 100,
    subcode: None,
    kind: "GraphMethodException",
    message: "Invalid appsecret_proof provided in the API argument",
};
const NO_PROOF: Fault<'static> = Fault {
    status: 400,
    code: 100,
    subcode: None,
    kind: "GraphMethodException",
    message: "API calls from the server require an appsecret_proof argument",
};
const NEEDS_PAGE_TOKEN: Fault<'static> = Fault::oauth(
    400,
    190,
    Some(2_069_032),
    "This endpoint is supported in the new Pages experience. User access tokens are not supported. A Page access token is required for this call.",
);

/// Answers what belongs to logging in; `None`: the call is none of these.
pub(super) fn answer(
    page: &RehearsalPage,
    method: &Method,
    segments: &[&str],
    params: &Params,
) -> Option<Reply> {
    let reply = match segments {
        ["oauth", "access_token"] => exchange(page, params),
        ["debug_token"] => debug_token(page, params),
        ["me", "permissions"] if method == Method::GET => of_person(page, params, permissions),
        ["me", "accounts"] if method == Method::GET => of_person(page, params, accounts),
        ["me", "businesses"] if method == Method::GET => of_person(page, params, businesses),
        [BUSINESS_ID, "owned_pages"] if method == Method::GET => {
            of_person(page, params, owned_pages)
        }
        [BUSINESS_ID, "client_pages"] if method == Method::GET => {
            of_person(page, params, |_, _, _| listed(Vec::new(), 25, None))
        }
        [id] if method == Method::GET => return page_of_person(page, params, id),
        _ => return None,
    };
    Some(reply)
}

/// Whether the call may be made with its token at all: a proof that is there must be right, and
/// where the app demands one, there must be one.
pub(super) fn check_proof(
    page: &RehearsalPage,
    params: &Params,
    now: jiff::Timestamp,
) -> Result<(), Fault<'static>> {
    let app_secret = &page.inner.settings.app_secret;
    let required = page.with(|posts| posts.logins.switches.proof_required);
    match (params.token.as_deref(), params.get("appsecret_proof")) {
        (Some(token), Some(proof)) => {
            let time = params.get("appsecret_time");
            proof::holds(app_secret, token, proof, time, now)
                .then_some(())
                .ok_or(BAD_PROOF)
        }
        (Some(_), None) if required => Err(NO_PROOF),
        _ => Ok(()),
    }
}

/// What is behind a token: the page's own, or one that a log-in gave out.
fn held(page: &RehearsalPage, token: &str, now: jiff::Timestamp) -> Result<Held, Fault<'static>> {
    let settings = &page.inner.settings;
    page.with(|posts| match token == settings.token {
        true => posts.logins.switches.own_token(&settings.page_id, now),
        false => posts.logins.held(token, now),
    })
}

/// A code for a token, or a short-lived token for a long-lived one.
fn exchange(page: &RehearsalPage, params: &Params) -> Reply {
    let settings = &page.inner.settings;
    if params.get("client_id") != Some(settings.app_id.as_str()) {
        return BAD_APP.into();
    }
    if params.get("client_secret") != Some(settings.app_secret.as_str()) {
        return BAD_SECRET.into();
    }
    let now = page.now();
    let exchanged = page.with(|posts| match params.get("grant_type") {
        Some("fb_exchange_token") => {
            let short = params.get("fb_exchange_token").unwrap_or_default();
            posts.logins.lengthen(short, now).ok_or(BAD_TOKEN)
        }
        _ => {
            let code = params.get("code").unwrap_or_default();
            let redirect = params.get("redirect_uri").unwrap_or_default();
            posts.logins.redeem(code, redirect, now)
        }
    });
    match exchanged {
        Ok((token, seconds)) => Reply::ok(
            &json!({ "access_token": token, "token_type": "bearer", "expires_in": seconds }),
        ),
        Err(fault) => fault.into(),
    }
}

fn debug_token(page: &RehearsalPage, params: &Params) -> Reply {
    let settings = &page.inner.settings;
    let app_token = format!("{}|{}", settings.app_id, settings.app_secret);
    let asked_by = params.token.as_deref().unwrap_or_default();
    let input = params.get("input_token").unwrap_or_default();
    let now = page.now();
    // An app's own token, or one of somebody who uses it.
    if asked_by != app_token
        && let Err(fault) = held(page, asked_by, now)
    {
        return fault.into();
    }
    let of_app = page.with(|posts| posts.logins.switches.token_app.clone());
    let app = match (input == settings.token, of_app) {
        (true, Some(app)) => app,
        _ => settings.app_id.clone(),
    };
    match held(page, input, now) {
        Ok(held) => Reply::ok(&json!({ "data": described(&held, &app) })),
        Err(fault) => {
            let mut error = json!({ "code": fault.code, "message": fault.message });
            if let Some(subcode) = fault.subcode {
                // Here, and only here, the member is called so.
                error["subcode"] = json!(subcode);
            }
            Reply::ok(&json!({ "data": { "error": error, "is_valid": false, "scopes": [] } }))
        }
    }
}

fn described(held: &Held, app: &str) -> Value {
    let second = |end: Option<jiff::Timestamp>| end.map_or(0, jiff::Timestamp::as_second);
    let (expires, data_access) = (second(held.expires), second(held.data_access_ends));
    let mut told = json!({
        "app_id": app, "application": "loa", "is_valid": true, "expires_at": expires,
        "data_access_expires_at": data_access, "user_id": PERSON_ID, "scopes": held.consent.granted,
    });
    match &held.kind {
        Kind::Person { .. } => told["type"] = json!("USER"),
        Kind::Page(id) => {
            told["type"] = json!("PAGE");
            told["profile_id"] = json!(id);
        }
    }
    told
}

/// What a person's own token may ask.
fn of_person(
    page: &RehearsalPage,
    params: &Params,
    answer: impl FnOnce(&RehearsalPage, &Params, &str) -> Reply,
) -> Reply {
    let token = params.token.as_deref().unwrap_or_default();
    let now = page.now();
    match page.with(|posts| posts.logins.held(token, now)) {
        Ok(held) if matches!(held.kind, Kind::Person { .. }) => answer(page, params, token),
        Ok(_) => MISSING.into(),
        Err(fault) => fault.into(),
    }
}

fn consent(page: &RehearsalPage, token: &str) -> Consent {
    let now = page.now();
    let held = page.with(|posts| posts.logins.held(token, now));
    held.map(|held| held.consent).unwrap_or_default()
}

fn permissions(page: &RehearsalPage, _: &Params, token: &str) -> Reply {
    let consent = consent(page, token);
    let one = |name: &String, status| json!({ "permission": name, "status": status });
    let granted = consent.granted.iter().map(|name| one(name, "granted"));
    let declined = consent.declined.iter().map(|name| one(name, "declined"));
    Reply::ok(&json!({ "data": granted.chain(declined).collect::<Vec<_>>() }))
}

fn accounts(page: &RehearsalPage, params: &Params, token: &str) -> Reply {
    let consent = consent(page, token);
    match consent.through_business {
        true => listed(Vec::new(), 25, None),
        false => pages_of(page, params, token, &consent),
    }
}

fn businesses(page: &RehearsalPage, _: &Params, token: &str) -> Reply {
    let consent = consent(page, token);
    let business = json!({ "id": BUSINESS_ID, "name": "Văn phòng huyện" });
    match consent.through_business && consent.may("business_management") {
        true => listed(vec![business], 25, None),
        false => listed(Vec::new(), 25, None),
    }
}

fn owned_pages(page: &RehearsalPage, params: &Params, token: &str) -> Reply {
    let consent = consent(page, token);
    pages_of(page, params, token, &consent)
}

fn pages_of(page: &RehearsalPage, params: &Params, token: &str, consent: &Consent) -> Reply {
    let now = page.now();
    let fields = params.get("fields").unwrap_or("id,name,access_token,tasks");
    let pages = consent.pages.iter().map(|id| {
        let mut document = json!({ "id": id, "name": name_of(page, id), "tasks": consent.tasks });
        let issued = page.with(|posts| posts.logins.page_token(token, id, now));
        if let Some(issued) = issued {
            document["access_token"] = json!(issued);
        }
        super::graph::document::selected(&document, fields)
    });
    let asked = params.get("limit").and_then(|limit| limit.parse().ok());
    let most = page.with(|posts| posts.logins.switches.list_most);
    let limit = asked.unwrap_or(25).min(most.unwrap_or(usize::MAX));
    listed(pages.collect(), limit, params.get("after"))
}

/// A Page's node, asked with a person's token; `None`: it is none of theirs, or no such token.
fn page_of_person(page: &RehearsalPage, params: &Params, id: &str) -> Option<Reply> {
    let token = params.token.as_deref()?;
    let now = page.now();
    let held = page.with(|posts| posts.logins.held(token, now)).ok()?;
    if !matches!(held.kind, Kind::Person { .. }) || !held.consent.pages.iter().any(|own| own == id)
    {
        return None;
    }
    let mut document = json!({ "id": id, "name": name_of(page, id) });
    if let Some(issued) = page.with(|posts| posts.logins.page_token(token, id, now)) {
        document["access_token"] = json!(issued);
    }
    let fields = params.get("fields").unwrap_or("id,name");
    Some(Reply::ok(&super::graph::document::selected(
        &document, fields,
    )))
}

pub(super) fn name_of(page: &RehearsalPage, id: &str) -> String {
    let settings = &page.inner.settings;
    match id == settings.page_id {
        true => settings.page_name.clone(),
        false => "Trang khác".to_owned(),
    }
}

/// One page of a list behind an opaque cursor.
fn listed(items: Vec<Value>, limit: usize, after: Option<&str>) -> Reply {
    let start = after
        .and_then(|cursor| cursor.strip_prefix('n')?.parse().ok())
        .unwrap_or(0);
    let end = (start + limit).min(items.len());
    let data = items.get(start..end).unwrap_or_default();
    let mut document = json!({ "data": data });
    if !data.is_empty() {
        document["paging"] = json!({ "cursors": { "before": "n0", "after": format!("n{end}") } });
    }
    if end < items.len() {
        document["paging"]["next"] =
            json!("https://graph.facebook.com/do-not-follow?access_token=TOKEN");
    }
    Reply::ok(&document)
}

/// Why a Page's node cannot be asked with this token, if it cannot.
pub(super) fn check_page_token(
    page: &RehearsalPage,
    params: &Params,
) -> Result<Held, Fault<'static>> {
    let settings = &page.inner.settings;
    let token = params.token.as_deref().unwrap_or_default();
    let held = held(page, token, page.now())?;
    match &held.kind {
        Kind::Page(id) if *id == settings.page_id => Ok(held),
        Kind::Page(_) => Err(MISSING),
        Kind::Person { .. } => Err(NEEDS_PAGE_TOKEN),
    }
}
