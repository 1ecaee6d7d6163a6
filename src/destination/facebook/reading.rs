//! From the Graph API's documents to what the rest of the program knows. Pure.

use jiff::Timestamp;
use jiff::fmt::strtime;
use url::Url;

use super::wire::{Attachment, Moment, Post, Token};
use crate::destination::{RemotePost, Standing};
use crate::post::PostId;
use crate::telemetry::redacted;

/// How moments look in the Graph API: an offset without a colon.
const MOMENT: &str = "%Y-%m-%dT%H:%M:%S%z";

/// A post as it was read, `ours` if it was made by the app of that id.
pub(super) fn remote_post(post: Post, our_app: Option<&str>) -> RemotePost {
    let mut links = Vec::new();
    for attachment in post.attachments.iter().flat_map(|list| &list.data) {
        gather_links(attachment, &mut links);
    }
    // What is copied from Facebook leads through its redirect, also in a text.
    links.extend(post.message.split_whitespace().filter_map(behind_redirect));
    links.dedup();
    RemotePost {
        id: PostId(post.id.0),
        message: post.message,
        links,
        created: post.created_time.and_then(moment),
        permalink: post.permalink_url,
        ours: our_app
            .zip(post.application)
            .map(|(ours, app)| app.id.0 == ours),
    }
}

fn gather_links(attachment: &Attachment, links: &mut Vec<String>) {
    let target = attachment
        .target
        .as_ref()
        .and_then(|target| target.url.as_ref());
    let addresses = [
        attachment.unshimmed_url.as_ref(),
        target,
        attachment.url.as_ref(),
    ];
    links.extend(
        addresses
            .into_iter()
            .flatten()
            .map(|address| behind_redirect(address).unwrap_or_else(|| address.clone())),
    );
    for inner in attachment.subattachments.iter().flat_map(|list| &list.data) {
        gather_links(inner, links);
    }
}

/// The address behind Facebook's own redirect, `https://l.facebook.com/l.php?u=…`.
fn behind_redirect(address: &str) -> Option<String> {
    let url = Url::parse(address.get(address.find("http")?..)?).ok()?;
    let host = url.host_str()?;
    let is_facebooks = host == "facebook.com" || host.ends_with(".facebook.com");
    let (_, target) = url.query_pairs().find(|(name, _)| name == "u")?;
    (is_facebooks && url.path() == "/l.php").then(|| target.into_owned())
}

fn moment(moment: Moment) -> Option<Timestamp> {
    match moment {
        Moment::Text(text) => strtime::parse(MOMENT, &text).ok()?.to_timestamp().ok(),
        Moment::Seconds(seconds) => Timestamp::from_second(seconds).ok(),
    }
}

/// What a token is good for on the Page.
pub(super) fn standing(token: Token, page: &str, needed: &[&str]) -> Standing {
    let missing = token.scopes.map(|scopes| {
        let lacks = |scope: &&&str| !scopes.iter().any(|has| has == **scope);
        needed
            .iter()
            .filter(lacks)
            .map(|scope| (*scope).to_owned())
            .collect()
    });
    let speaks_for = token.profile_id.map(|id| id.0);
    let is_pages = token.kind.as_deref().is_none_or(|kind| kind == "PAGE");
    Standing {
        alive: token.is_valid,
        right_page: is_pages && speaks_for.is_none_or(|id| id == page),
        missing_scopes: missing,
        expires: end(token.expires_at),
        data_access_ends: end(token.data_access_expires_at),
        app_id: token.app_id.map(|id| id.0),
        trouble: token.error.map(|error| redacted(&error.message)),
    }
}

/// A moment at which something ends; `None`: never.
fn end(seconds: Option<i64>) -> Option<Timestamp> {
    let seconds = seconds.filter(|seconds| *seconds != 0)?;
    Timestamp::from_second(seconds).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn links(document: serde_json::Value) -> Vec<String> {
        remote_post(serde_json::from_value(document).unwrap(), None).links
    }

    #[test]
    fn facebooks_redirect_is_undone_in_cards_and_in_texts() {
        let redirect = "https://l.facebook.com/l.php?u=https%3A%2F%2Fbao.example%2Ftin-a1.html%3Ffbclid%3DIwAR0&h=AT0";
        let card =
            serde_json::json!({ "id": "1_2", "attachments": { "data": [{ "url": redirect }] } });
        let text = serde_json::json!({ "id": "1_2", "message": format!("Xem ({redirect}) nhé") });
        for document in [card, text] {
            assert_eq!(
                links(document),
                ["https://bao.example/tin-a1.html?fbclid=IwAR0"]
            );
        }
    }

    #[test]
    fn what_only_looks_like_it_is_left_as_it_is() {
        for address in [
            "https://notfacebook.com/l.php?u=https%3A%2F%2Fbao.example",
            "https://www.facebook.com/photo?fbid=1",
        ] {
            let card =
                serde_json::json!({ "id": "1_2", "attachments": { "data": [{ "url": address }] } });
            assert_eq!(links(card), [address]);
        }
    }
}
