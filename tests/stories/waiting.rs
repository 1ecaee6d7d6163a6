//! Whatever waits says why, and until when.

use jiff::{SignedDuration, Timestamp};
use loa::desk::request::{PostOrder, PreviewWish, Subject};
use loa::desk::{Answer, Request};
use loa::rehearsal::mood::Whim;

use crate::house::{House, at};
use crate::site::entry;

/// Why the only Page's queue waits, and until when.
fn waits(answer: &Answer) -> (String, Option<Timestamp>) {
    let why = at(&answer.document, "/pages/0/waits").as_str();
    let next = at(&answer.document, "/pages/0/next").as_str();
    (
        why.unwrap_or_default().to_owned(),
        next.map(|next| next.parse().unwrap()),
    )
}

fn after(house: &House, minutes: i64) -> Option<Timestamp> {
    let later = house.now().checked_add(SignedDuration::from_mins(minutes));
    later.ok()
}

#[tokio::test]
async fn a_queue_says_which_of_the_pages_manners_it_waits_for() {
    // The clock stands at nine in the morning of Vietnam.
    let manners = [
        ("spacing = \"10m\"", "spacing", 10),
        ("quiet_hours = \"08:00-10:00\"", "quiet hours", 60),
        ("posts_per_day = 1", "posts_per_day", 15 * 60),
        ("hold_for = \"15m\"", "hold_for", 15),
    ];
    for (manner, word, minutes) in manners {
        let house = House::settled(manner).await;
        let answer = house.bring_out(&[entry(2, "Hai"), entry(1, "Một")]).await;
        let (why, next) = waits(&answer);
        assert!(why.contains(word), "{manner}: {why}");
        assert_eq!(next, after(&house, minutes), "{manner}");
    }
}

#[tokio::test]
async fn a_queue_says_that_it_waits_for_a_lost_answer_or_for_a_person() {
    let house = House::settled("").await;
    house.mood(Whim::HangUp { done: false });
    let answer = house.bring_out(&[entry(2, "Hai"), entry(1, "Một")]).await;
    let (why, next) = waits(&answer);
    assert!(why.contains("outcome"), "{why}");
    assert_eq!(next, after(&house, 1));

    let pause = Request::Pause {
        page: None,
        for_secs: None,
        why: Some("bão".to_owned()),
    };
    house.wait(60);
    let (why, next) = waits(&house.ask(pause).await);
    assert!(why.contains("bão") && why.contains("loa resume"), "{why}");
    assert_eq!(next, None);
}

#[tokio::test]
async fn an_empty_queue_waits_for_nothing() {
    let house = House::settled("spacing = \"10m\"").await;
    let answer = house.bring_out(&[entry(1, "Một")]).await;
    assert_eq!(waits(&answer), (String::new(), None));
}

#[tokio::test]
async fn an_order_that_cannot_go_says_why() {
    let house = House::settled("").await;
    let pause = Request::Pause {
        page: None,
        for_secs: Some(3600),
        why: Some("bão".to_owned()),
    };
    house.ask(pause).await;
    house.site.feed(&[entry(1, "Một")]);
    let order = PostOrder {
        what: Subject::Address(house.site.link(&entry(1, "Một"))),
        ..PostOrder::default()
    };
    let answer = house.ask(Request::Post(order)).await;
    assert_eq!(answer.exit.code(), 75);
    let error = at(&answer.document, "/error").as_str().unwrap();
    assert!(
        error.contains("bão") && error.contains("24/11/2026 10:00:00"),
        "{error}"
    );
}

#[tokio::test]
async fn a_post_for_later_and_its_preview_say_when_it_goes() {
    let house = House::settled("").await;
    house.site.feed(&[entry(1, "Một")]);
    let what = Subject::Address(house.site.link(&entry(1, "Một")));
    let order = PostOrder {
        what: what.clone(),
        at: after(&house, 120),
        ..PostOrder::default()
    };
    let queued = house.ask(Request::Post(order)).await;
    let wish = PreviewWish {
        what,
        ..PreviewWish::default()
    };
    let shown = house.ask(Request::Preview(wish)).await;
    for answer in [queued, shown] {
        assert_eq!(answer.exit.code(), 0, "{:#}", answer.document);
        let next = at(&answer.document, "/next").as_str().unwrap();
        assert_eq!(next.parse().ok(), after(&house, 120));
        let why = at(&answer.document, "/waits").as_str().unwrap();
        assert!(why.contains("24/11/2026 11:00:00"), "{why}");
    }
}
