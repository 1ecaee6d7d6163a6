//! What loa takes in, and when it asks.

use loa::article::ArticleId;
use loa::desk::Request;
use loa::desk::assemble::Office;
use loa::desk::request::{PostOrder, Subject};

use crate::house::{House, NEWCOMER, Wishes, at, close};
use crate::site::{Entry, entry};

#[tokio::test]
async fn the_first_poll_is_a_baseline_and_what_comes_later_is_posted_oldest_first() {
    let house = House::new().await;
    let first = house.bring_out(&[entry(2, "Hai"), entry(1, "Một")]).await;
    assert_eq!(at(&first.document, "/feeds/0/entries"), 2);
    assert_eq!(
        at(&first.document, "/feeds/0/new"),
        0,
        "a baseline brings nothing new"
    );
    assert_eq!(at(&first.document, "/pages/0/skipped"), 2);
    assert!(house.shown().is_empty());

    let entries = [
        entry(4, "Bốn"),
        entry(3, "Ba"),
        entry(2, "Hai"),
        entry(1, "Một"),
    ];
    let second = house.bring_out(&entries).await;
    assert_eq!(at(&second.document, "/feeds/0/new"), 2);
    assert_eq!(house.shown(), ["Ba", "Bốn"]);
}

#[tokio::test]
async fn an_unchanged_feed_is_not_sent_again() {
    let house = House::settled("").await;
    assert_eq!(house.site.last_feed_header("if-none-match"), None);
    let again = house.once().await;
    assert!(house.site.last_feed_header("if-none-match").is_some());
    assert_eq!(at(&again.document, "/feeds/0/outcome"), "unchanged");
    assert_eq!(again.exit.code(), 0);
}

#[tokio::test]
async fn a_page_added_later_is_neither_flooded_nor_silent() {
    let mut house = House::new().await;
    house.settle_in().await;
    house.bring_out(&[entry(1, "Một")]).await;
    house.change_settings("[facebook]", NEWCOMER);
    let answer = house.once().await;
    assert_eq!(
        at(&answer.document, "/feeds/0/outcome"),
        "changed",
        "the feed is read for the newcomer"
    );
    assert_eq!(at(&answer.document, "/pages/1/skipped"), 1);
    let answer = house.bring_out(&[entry(2, "Hai"), entry(1, "Một")]).await;
    assert_eq!(
        at(&answer.document, "/pages/1/queued"),
        1,
        "the newcomer gets what is new"
    );
    assert_eq!(house.shown(), ["Một", "Hai"]);
}

#[tokio::test]
async fn an_article_that_the_feed_lists_twice_is_placed_once_on_a_page_added_later() {
    let mut house = House::new().await;
    house.settle_in().await;
    house.bring_out(&[entry(1, "Một")]).await;
    let twice = Entry {
        guid: Some("hai".to_owned()),
        ..entry(1, "Một")
    };
    house.site.feed(&[twice, entry(1, "Một")]);
    house.change_settings("[facebook]", NEWCOMER);
    let answer = house.once().await;
    assert_eq!(at(&answer.document, "/pages/1/skipped"), 1, "{answer:?}");
}

/// Polls, and reads no pages yet.
async fn polls(office: &Office) -> ArticleId {
    let poller = &office.desk.poller;
    poller.poll(&poller.sources[0]).await.unwrap();
    let list = Request::List {
        page: None,
        state: Some("recorded".to_owned()),
    };
    let list = office.desk.answer(list).await;
    ArticleId::new(at(&list.document, "/records/0/article").as_str().unwrap())
}

#[tokio::test]
async fn two_tasks_that_read_one_page_at_once_do_not_trip_over_each_other() {
    let house = House::settled("").await;
    house.site.feed(&[entry(1, "Một")]);
    house.site.page(&entry(1, "").path, 200, "<h1>Một</h1>");
    let office = house.open().await;
    let id = polls(&office).await;
    let poller = &office.desk.poller;
    let (one, other) = tokio::join!(poller.enrich_one(&id, 1), poller.enrich_one(&id, 1));
    assert!(one.unwrap() && other.unwrap());
    close(office).await;
    house.once().await;
    assert_eq!(house.shown(), ["Một"]);
}

#[tokio::test]
async fn an_article_recorded_for_a_page_that_is_missing_for_a_while_is_not_forgotten() {
    let mut house = House::new().await;
    house.change_settings("[facebook]", NEWCOMER);
    house.settle_in().await;
    house.site.feed(&[entry(1, "Một")]);
    let office = house.open().await;
    polls(&office).await;
    close(office).await;
    house.change_settings(NEWCOMER, "[facebook]");
    house.once().await;
    assert_eq!(house.shown(), ["Một"], "its page was read");
    house.change_settings("[facebook]", NEWCOMER);
    let answer = house.once().await;
    assert_eq!(at(&answer.document, "/pages/1/queued"), 1, "{answer:?}");
}

#[tokio::test]
async fn what_is_known_from_elsewhere_meets_the_eye_of_a_pages_editor_too() {
    let mut house = House::new().await;
    let reviewed = NEWCOMER.replace("max_age", "review = \"all\"\nmax_age");
    house.change_settings("[facebook]", &reviewed);
    house.settle_in().await;
    house
        .site
        .page(&entry(1, "").path, 200, "<h1>Một</h1><p>Thân bài.</p>");
    let order = PostOrder {
        what: Subject::Address(house.site.link(&entry(1, ""))),
        pages: vec!["trang".to_owned()],
        ..PostOrder::default()
    };
    house.ask(Request::Post(order)).await;
    let answer = house.bring_out(&[entry(1, "Một")]).await;
    assert_eq!(at(&answer.document, "/pages/1/held"), 1, "{answer:?}");
}

#[tokio::test]
async fn a_feed_that_fails_is_told_and_left_alone_and_nothing_is_lost() {
    let house = House::settled("").await;
    house.site.fail(503, Some("7200"));
    let failed = house.once().await;
    assert_eq!(failed.exit.code(), 69);
    assert_eq!(at(&failed.document, "/feeds/0/outcome"), "failed");
    assert!(
        at(&failed.document, "/feeds/0/error")
            .as_str()
            .unwrap()
            .contains("503")
    );
    let office = house.open().await;
    let due = office
        .desk
        .poller
        .due_at(&office.desk.poller.sources[0])
        .await
        .unwrap()
        .unwrap();
    assert!(
        due.duration_since(house.now()).as_secs() >= 7200,
        "the site's word counts"
    );
    drop(office);
    house.bring_out(&[entry(1, "Một")]).await;
    assert_eq!(house.shown(), ["Một"]);
}

#[tokio::test]
async fn every_format_is_taken_in() {
    for (name, feed) in [
        ("rss1", include_str!("feeds/rss1.xml")),
        ("atom", include_str!("feeds/atom.xml")),
        ("json", include_str!("feeds/feed.json")),
    ] {
        let house = House::with(Wishes {
            feed: "read_pages = false\nfirst_poll = \"publish\"",
            ..Wishes::default()
        })
        .await;
        house.site.page("/rss", 200, feed);
        house.site.page("/feed", 200, feed);
        let mut house = house;
        let from = format!("{}/rss", house.site.address);
        let to = format!("{}/feed", house.site.address);
        house.change_settings(&from, &to);
        let answer = house.once().await;
        assert_eq!(answer.exit.code(), 0, "{name}: {:#}", answer.document);
        assert_eq!(house.shown(), ["Cần Đước một", "Cần Đước hai"], "{name}");
    }
}

#[tokio::test]
async fn a_page_that_does_not_answer_delays_a_picture_and_never_an_article() {
    let house = House::settled("").await;
    let mut first = entry(1, "Một");
    first.picture = Some("/a.jpg".to_owned());
    house.site.page(&first.path, 500, "");
    house.bring_out(std::slice::from_ref(&first)).await;
    assert_eq!(house.shown(), ["Một"]);
    assert_eq!(house.site.asked(&first.path), 3, "asked three times");
    assert_eq!(
        house.page.posts()[0].photos.len(),
        1,
        "with the feed's own picture"
    );
}

#[tokio::test]
async fn a_corrected_headline_changes_the_post_and_makes_no_other() {
    let house = House::settled("").await;
    let first = entry(1, "Một");
    house.bring_out(std::slice::from_ref(&first)).await;
    let corrected = crate::site::Entry {
        title: "Một, đã sửa".to_owned(),
        published: "2026-11-24T08:00:00+07:00".to_owned(),
        ..first
    };
    house.bring_out(&[corrected]).await;
    assert_eq!(house.shown(), ["Một, đã sửa"]);
    assert_eq!(house.calls("POST", "/feed"), 1);
}

#[tokio::test]
async fn more_than_a_day_brings_is_held_as_one_batch_and_let_go_by_one_word() {
    let house = House::with(Wishes {
        page: "flood_over = 3",
        ..Wishes::default()
    })
    .await;
    house.settle_in().await;
    let entries: Vec<_> = (1..=5)
        .rev()
        .map(|number| entry(number, &format!("Bài {number}")))
        .collect();
    let held = house.bring_out(&entries).await;
    assert_eq!(at(&held.document, "/pages/0/held"), 5);
    assert_eq!(at(&held.document, "/notices").as_array().unwrap().len(), 1);
    assert!(house.shown().is_empty());
    let approved = house
        .ask(Request::Change {
            verb: loa::desk::request::Verb::Approve,
            pick: loa::desk::request::Pick {
                held: Some("flood".to_owned()),
                ..Default::default()
            },
        })
        .await;
    assert_eq!(
        at(&approved.document, "/records").as_array().unwrap().len(),
        5
    );
    house.once().await;
    assert_eq!(house.shown(), ["Bài 1", "Bài 2", "Bài 3", "Bài 4", "Bài 5"]);
}

#[tokio::test]
async fn each_page_has_its_own_measure_of_a_flood() {
    let mut house = House::with(Wishes {
        page: "flood_over = 2",
        ..Wishes::default()
    })
    .await;
    house.change_settings("[facebook]", NEWCOMER);
    house.settle_in().await;
    let answer = house
        .bring_out(&[entry(3, "Ba"), entry(2, "Hai"), entry(1, "Một")])
        .await;
    assert_eq!(at(&answer.document, "/pages/0/held"), 3);
    assert_eq!(at(&answer.document, "/pages/1/queued"), 3);
}

#[tokio::test]
async fn a_changed_address_keeps_what_is_known_and_holds_the_rest() {
    let mut house = House::new().await;
    house.settle_in().await;
    house.bring_out(&[entry(1, "Một")]).await;
    let (from, to) = (
        format!("{}/rss", house.site.address),
        format!("{}/rss?moi=1", house.site.address),
    );
    house.change_settings(&from, &to);
    let answer = house.bring_out(&[entry(2, "Hai"), entry(1, "Một")]).await;
    assert_eq!(at(&answer.document, "/pages/0/held"), 1);
    assert_eq!(house.shown(), ["Một"]);
}

#[tokio::test]
async fn words_that_are_not_wanted_are_skipped_and_why_tells_by_which_rule() {
    let house = House::with(Wishes {
        feed: "exclude = [\"Đấu Thầu\"]",
        ..Wishes::default()
    })
    .await;
    house.settle_in().await;
    let unwanted = entry(1, "Thông báo đấu thầu");
    house.bring_out(std::slice::from_ref(&unwanted)).await;
    assert!(house.shown().is_empty());
    let why = house
        .ask(Request::Why {
            what: house.site.link(&unwanted),
        })
        .await;
    let events = at(&why.document, "/events").as_array().unwrap();
    let last = events.last().unwrap();
    assert_eq!(at(last, "/what"), "skipped");
    assert!(
        at(last, "/rule").as_str().unwrap().contains("Đấu Thầu"),
        "{last:#}"
    );
}

#[tokio::test]
async fn a_feed_that_fails_again_and_again_is_told_once_a_day() {
    let house = House::settled("").await;
    house.site.fail(503, None);
    let mut told = Vec::new();
    for _ in 0..7 {
        let answer = house.once().await;
        told.push(at(&answer.document, "/notices").as_array().unwrap().len());
        house.wait(3600);
    }
    assert_eq!(told, [0, 0, 0, 0, 1, 0, 0]);
}
