//! Finds an article among the posts that a Page shows. Pure.

use std::collections::HashSet;

use jiff::{SignedDuration, Timestamp};
use unicode_normalization::UnicodeNormalization;
use url::Url;

use crate::article::identity::canonical;
use crate::destination::{Reading, RemotePost};
use crate::faults::{self, Protection};
use crate::ledger::state::Record;
use crate::post::{Draft, PostId};
use crate::publisher::page::POSTS_READ;

/// How much older than our call its outcome may seem: the Page's servers do not all show one time.
const OLDER_BY_MAX: SignedDuration = SignedDuration::from_mins(5);

/// The posts that may be the outcome of the record's newest call, the oldest first: those that
/// show what was sent, were not there before, are not older than the call by the Page's clock, and
/// of which the Page does not say that another app or a person made them.
pub fn outcomes<'a>(record: &Record, reading: &'a Reading) -> Vec<&'a RemotePost> {
    let Some(draft) = &record.draft else {
        return Vec::new();
    };
    let earliest = earliest(record);
    let is_too_old = |post: &RemotePost| {
        post.created
            .zip(earliest)
            .is_some_and(|(created, earliest)| created < earliest)
    };
    let mut posts = showing(draft, &record.fence, reading);
    posts.retain(|post| post.ours != Some(false) && !is_too_old(post));
    posts
}

/// Whether the reading goes back to before the record's call: it is all there is, or shows a post
/// that is older. Otherwise the outcome may stand behind what others posted since.
pub fn reaches_back(record: &Record, reading: &Reading) -> bool {
    let was_there = |post: &RemotePost| {
        let older = post.created.zip(earliest(record));
        record.fence.contains(&post.id) || older.is_some_and(|(created, call)| created < call)
    };
    reading.posts.len() < POSTS_READ || reading.posts.iter().any(was_there)
}

/// Before this moment by the Page's clock nothing can be the outcome of the record's call.
fn earliest(record: &Record) -> Option<Timestamp> {
    record.sent_after?.checked_sub(OLDER_BY_MAX).ok()
}

/// The posts that show the draft's article, whoever made them, the oldest first.
///
/// Posts in `fence` are not meant. An address decides where both sides have one; the text, only
/// where they have not.
pub fn showing<'a>(draft: &Draft, fence: &[PostId], reading: &'a Reading) -> Vec<&'a RemotePost> {
    let wanted_link = draft.article_link.as_ref().map(canonical);
    let wanted_text = folded(&draft.message);
    let shows = |post: &RemotePost| {
        let links = links(post);
        match &wanted_link {
            Some(wanted) if !links.is_empty() => links.contains(wanted),
            _ => !wanted_text.is_empty() && folded(&post.message) == wanted_text,
        }
    };
    let posts = reading.posts.iter().rev();
    posts
        .filter(|post| !fence.contains(&post.id) && shows(post))
        .collect()
}

/// The posts that show a queued record's article, the oldest first: before anything was sent, and
/// after what was sent seemed absent. Where a post of its own is meant, none is its before its call
/// was begun.
pub fn shown_already<'a>(
    record: &Record,
    draft: &Draft,
    reading: &'a Reading,
) -> Vec<&'a RemotePost> {
    match record.anew && !record.called {
        true => Vec::new(),
        false => showing(draft, &record.fence, reading),
    }
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

/// Whether two texts are one to a reader, whatever their normal form and blanks.
pub fn says_the_same(one: &str, other: &str) -> bool {
    folded(one) == folded(other)
}

/// A text as it compares: composed letters, single blanks.
fn folded(text: &str) -> String {
    let composed: String = text.nfc().collect();
    composed.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::ArticleId;
    use crate::ledger::state::{PageKey, State};

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

    fn noon(minutes: i64) -> Timestamp {
        Timestamp::from_second(1_700_000_000 + 60 * minutes).unwrap()
    }

    /// A record whose draft was sent at noon, with these posts on the Page before.
    fn sent(draft: Draft, fence: &[&str]) -> Record {
        let page = PageKey("p".to_owned());
        Record {
            attempts: 1,
            draft: Some(draft),
            fence: fence.iter().map(|id| PostId((*id).to_owned())).collect(),
            sent_after: Some(noon(0)),
            ..Record::new(ArticleId::new("a"), page, State::Recorded, noon(0), 1)
        }
    }

    fn ids<'a>(posts: &[&'a RemotePost]) -> Vec<&'a str> {
        posts.iter().map(|post| post.id.0.as_str()).collect()
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
            assert_eq!(ids(&showing(&draft, &[], &reading)), ["1"]);
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
        assert!(showing(&draft, &[], &reading).is_empty());
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
        assert_eq!(ids(&showing(&draft, &[], &reading)), ["1"]);
    }

    #[test]
    fn several_come_oldest_first_and_what_was_there_before_is_not_meant() {
        let draft = draft("Tin", Some("https://bao.example/a1"));
        let copy = |id| post(id, "Tin", &["https://bao.example/a1"]);
        let reading = page(vec![copy("3"), copy("2"), copy("1")]);
        assert_eq!(ids(&showing(&draft, &[], &reading)), ["1", "2", "3"]);
        assert_eq!(ids(&outcomes(&sent(draft, &["1"]), &reading)), ["2", "3"]);
    }

    #[test]
    fn a_post_made_by_hand_shows_the_article_and_is_no_outcome_of_our_call() {
        let draft = draft("Tin", Some("https://bao.example/a1"));
        let mut by_hand = post("1", "Tin", &["https://bao.example/a1"]);
        by_hand.ours = Some(false);
        let reading = page(vec![by_hand]);
        assert_eq!(ids(&showing(&draft, &[], &reading)), ["1"]);
        assert!(outcomes(&sent(draft, &[]), &reading).is_empty());
    }

    #[test]
    fn what_is_older_than_the_call_by_the_pages_clock_is_no_outcome_of_it() {
        let draft = draft("Tin", Some("https://bao.example/a1"));
        let made = |id, minutes| RemotePost {
            created: Some(noon(minutes)),
            ..post(id, "Tin", &["https://bao.example/a1"])
        };
        let reading = page(vec![made("3", 20), made("2", -5), made("1", -6)]);
        assert_eq!(ids(&outcomes(&sent(draft, &[]), &reading)), ["2", "3"]);
    }

    #[test]
    fn a_full_list_reaches_back_to_the_call_only_where_it_shows_something_older() {
        let record = sent(draft("Tin", Some("https://bao.example/a1")), &["before"]);
        let newer = |count: usize| {
            let later = |place: usize| RemotePost {
                created: Some(noon(1)),
                ..post(&format!("newer-{place}"), "Tin khác", &[])
            };
            (0..count).map(later).collect::<Vec<_>>()
        };
        let older = |id, minutes| RemotePost {
            created: Some(noon(minutes)),
            ..post(id, "Tin cũ", &[])
        };
        let reaches = |posts| reaches_back(&record, &page(posts));
        assert!(reaches(newer(POSTS_READ - 1)));
        assert!(!reaches(newer(POSTS_READ)));
        for last in [older("before", -1), older("old", -6)] {
            assert!(reaches([newer(POSTS_READ - 1), vec![last]].concat()));
        }
    }
}
