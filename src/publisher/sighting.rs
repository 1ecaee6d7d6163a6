//! Finds an article among the posts that a Page shows. Pure.

use std::collections::HashSet;

use unicode_normalization::UnicodeNormalization;
use url::Url;

use crate::article::identity::canonical;
use crate::destination::{Reading, RemotePost};
use crate::faults::{self, Protection};
use crate::ledger::state::Record;
use crate::post::{Draft, PostId};

/// Whose posts may be meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    /// Any, also those made by hand: before anything of ours was sent.
    Anyones,
    /// Not those that the Page says another app or a person made: the outcome of our own call.
    Ours,
}

/// The post that shows the draft's article, if there is one; the oldest where there are several.
///
/// Posts in `fence` were there before and are not meant. An address decides where both sides have
/// one; the text, only where they have not.
pub fn find<'a>(
    draft: &Draft,
    fence: &[PostId],
    whose: Whose,
    reading: &'a Reading,
) -> Option<&'a RemotePost> {
    let wanted_link = draft.article_link.as_ref().map(canonical);
    let wanted_text = folded(&draft.message);
    reading
        .posts
        .iter()
        .rev()
        .filter(|post| !fence.contains(&post.id))
        .filter(|post| whose == Whose::Anyones || post.ours != Some(false))
        .find(|post| {
            let links = links(post);
            match &wanted_link {
                Some(wanted) if !links.is_empty() => links.contains(wanted),
                _ => !wanted_text.is_empty() && folded(&post.message) == wanted_text,
            }
        })
}

/// The post that shows a queued record's article before anything of this generation was sent, or
/// after what was sent was proved absent. A new generation is no copy of an earlier one.
pub fn shown_already<'a>(
    record: &Record,
    draft: &Draft,
    reading: &'a Reading,
) -> Option<&'a RemotePost> {
    if record.generation > 0 && record.resends == 0 {
        return None;
    }
    find(draft, &record.fence, Whose::Anyones, reading)
}

/// The posts that are no outcome of the call about to be made: what the Page shows now, and what
/// was no outcome before.
pub fn fence(record: &Record, reading: &Reading) -> Vec<PostId> {
    if !faults::stands(Protection::Fence) {
        return Vec::new();
    }
    let shown: Vec<&PostId> = reading.posts.iter().map(|post| &post.id).collect();
    let before = record.fence.iter().filter(|post| !shown.contains(post));
    before.chain(shown.iter().copied()).cloned().collect()
}

/// Every address a post carries, in the form in which they compare; the network's own excepted.
fn links(post: &RemotePost) -> HashSet<String> {
    let attached = post.links.iter().map(String::as_str);
    attached
        .chain(addresses(&post.message))
        .filter_map(|text| Url::parse(text).ok())
        .filter(|url| !is_the_networks_own(url))
        .map(|url| canonical(&url))
        .collect()
}

fn is_the_networks_own(url: &Url) -> bool {
    url.host_str()
        .is_some_and(|host| host == "facebook.com" || host.ends_with(".facebook.com"))
}

/// The web addresses in a text.
fn addresses(text: &str) -> impl Iterator<Item = &str> {
    text.split_whitespace().filter_map(|word| {
        let start = word.find("http://").or_else(|| word.find("https://"))?;
        Some(
            word.get(start..)?
                .trim_end_matches([',', '.', ';', ':', '!', '?', '…', '”', '"', '\'']),
        )
    })
}

/// A text as it compares: composed letters, single blanks.
fn folded(text: &str) -> String {
    let composed: String = text.nfc().collect();
    composed.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft(message: &str, link: Option<&str>) -> Draft {
        Draft {
            message: message.to_owned(),
            link: None,
            photos: Vec::new(),
            article_link: link.map(|link| link.parse().unwrap()),
        }
    }

    fn post(id: &str, message: &str, links: &[&str]) -> RemotePost {
        RemotePost {
            id: PostId(id.to_owned()),
            message: message.to_owned(),
            links: links.iter().map(|link| (*link).to_owned()).collect(),
            created: None,
            permalink: None,
            ours: None,
        }
    }

    fn page(posts: Vec<RemotePost>) -> Reading {
        Reading {
            posts,
            page_time: None,
        }
    }

    fn found(draft: &Draft, whose: Whose, reading: &Reading) -> Option<String> {
        find(draft, &[], whose, reading).map(|post| post.id.0.clone())
    }

    #[test]
    fn a_post_is_recognised_by_the_articles_address_in_its_card_or_in_its_text() {
        let draft = draft("Tin mới", Some("https://bao.example/tin-a1.html"));
        for shown in [
            post(
                "1",
                "chữ khác",
                &["http://www.bao.example/tin-a1.html?utm_source=fb"],
            ),
            post("1", "Xem tại https://bao.example/tin-a1.html.", &[]),
        ] {
            let reading = page(vec![shown]);
            assert_eq!(found(&draft, Whose::Ours, &reading).as_deref(), Some("1"));
        }
    }

    #[test]
    fn the_same_headline_with_another_address_is_another_article() {
        let draft = draft("Thông báo", Some("https://bao.example/thong-bao-a1.html"));
        let reading = page(vec![post(
            "1",
            "Thông báo",
            &["https://bao.example/thong-bao-a2.html"],
        )]);
        assert_eq!(found(&draft, Whose::Ours, &reading), None);
    }

    #[test]
    fn without_an_address_the_text_decides_whatever_its_normal_form_and_blanks() {
        let draft = draft("Cần Đước\n\nhôm nay", None);
        let decomposed: String = "Cần Đước hôm  nay".nfd().collect();
        let reading = page(vec![post(
            "1",
            &decomposed,
            &["https://www.facebook.com/photo?fbid=1"],
        )]);
        assert_eq!(found(&draft, Whose::Ours, &reading).as_deref(), Some("1"));
    }

    #[test]
    fn of_two_the_oldest_is_meant_and_what_was_there_before_is_not() {
        let draft = draft("Tin", Some("https://bao.example/a1"));
        let copy = |id| post(id, "Tin", &["https://bao.example/a1"]);
        let reading = page(vec![copy("3"), copy("2"), copy("1")]);
        assert_eq!(found(&draft, Whose::Ours, &reading).as_deref(), Some("1"));
        let fence = [PostId("1".to_owned())];
        let second = find(&draft, &fence, Whose::Ours, &reading).map(|post| post.id.0.as_str());
        assert_eq!(second, Some("2"));
    }

    #[test]
    fn a_post_made_by_hand_counts_before_the_first_send_and_not_as_its_outcome() {
        let draft = draft("Tin", Some("https://bao.example/a1"));
        let mut by_hand = post("1", "Tin", &["https://bao.example/a1"]);
        by_hand.ours = Some(false);
        let reading = page(vec![by_hand]);
        assert_eq!(
            found(&draft, Whose::Anyones, &reading).as_deref(),
            Some("1")
        );
        assert_eq!(found(&draft, Whose::Ours, &reading), None);
    }
}
