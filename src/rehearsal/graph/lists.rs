//! Reading: the lists of a Page, and one post.

use serde_json::{Value, json};

use super::document::{document, selected};
use super::fault::{BAD_PARAMETER, MISSING};
use crate::rehearsal::RehearsalPage;
use crate::rehearsal::params::Params;
use crate::rehearsal::posts::RehearsedPost;
use crate::rehearsal::reply::Reply;

/// Posts that one answer lists at most; asking for more is an error.
const LIMIT_MAX: usize = 100;
/// Posts that one answer lists when nobody asks.
const LIMIT_DEFAULT: usize = 25;
/// What is told of a post when nobody asks for more.
const FIELDS_DEFAULT: &str = "created_time,message,id";

/// One page of a list, newest first, behind an opaque cursor.
pub(super) fn list(page: &RehearsalPage, edge: &str, params: &Params) -> Reply {
    let limit = params
        .get("limit")
        .map_or(Some(LIMIT_DEFAULT), |limit| limit.parse().ok());
    let Some(limit) = limit.filter(|limit| (1..=LIMIT_MAX).contains(limit)) else {
        return BAD_PARAMETER.into();
    };
    let limit = match page.habits().short_lists {
        true => limit.div_ceil(2),
        false => limit,
    };
    let posts = listed(page, edge, params);
    let fields = params.get("fields").unwrap_or(FIELDS_DEFAULT);
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
        let after = format!("c{}", last.id);
        let mut paging =
            json!({ "cursors": { "before": format!("c{}", first.id), "after": after } });
        if end < posts.len() {
            paging["next"] = json!(next_address(page, edge, params, &after));
        }
        document["paging"] = paging;
    }
    Reply::ok(&document)
}

/// The posts of one edge between `since` and `until`.
fn listed(page: &RehearsalPage, edge: &str, params: &Params) -> Vec<RehearsedPost> {
    let now = page.now();
    let second = |name| params.get(name).and_then(|text| text.parse::<i64>().ok());
    let (since, until) = (second("since"), second("until"));
    page.with(|posts| {
        let posts = match edge {
            "feed" => posts.everything(now),
            "scheduled_posts" => posts.waiting(now),
            _ => posts.shown(now),
        };
        let within = posts.into_iter().filter(|post| {
            let dated = post.dated(now).as_second();
            since.is_none_or(|since| dated >= since) && until.is_none_or(|until| dated <= until)
        });
        within.cloned().collect()
    })
}

/// The address of the next page as the real one names it: with the token in it, for whoever is
/// careless enough to follow or to log it.
fn next_address(page: &RehearsalPage, edge: &str, params: &Params, after: &str) -> String {
    let query = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("access_token", params.token.as_deref().unwrap_or_default())
        .append_pair("limit", params.get("limit").unwrap_or("25"))
        .append_pair("after", after)
        .finish();
    let id = &page.inner.settings.page_id;
    format!("https://graph.facebook.com/v26.0/{id}/{edge}?{query}")
}

pub(super) fn one(page: &RehearsalPage, id: &str, params: &Params) -> Reply {
    let now = page.now();
    let fields = params.get("fields").unwrap_or(FIELDS_DEFAULT);
    match page.with(|posts| posts.find(id, now).cloned()) {
        Some(post) => Reply::ok(&selected(&document(page, &post), fields)),
        None => MISSING.into(),
    }
}
