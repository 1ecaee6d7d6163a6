//! The first day, and days that look like one: what the Page shows already is never repeated.

use loa::desk::Request;
use loa::desk::request::{PostOrder, Subject};
use serde_json::Value;

use crate::house::{House, Wishes, at};
use crate::site::{Entry, entry};

async fn records(house: &House) -> Vec<Value> {
    let list = Request::List {
        page: None,
        state: None,
    };
    let answer = house.ask(list).await;
    at(&answer.document, "/records").as_array().unwrap().clone()
}

fn states(records: &[Value]) -> Vec<&str> {
    let state = |record| at(record, "/state").as_str().unwrap();
    records.iter().map(state).collect()
}

async fn post_by_hand(house: &House, entry: &Entry) -> loa::desk::Answer {
    let order = PostOrder {
        what: Subject::Address(house.site.link(entry)),
        ..PostOrder::default()
    };
    house.ask(Request::Post(order)).await
}

#[tokio::test]
async fn what_somebody_posted_by_hand_before_is_known_for_good() {
    let house = House::new().await;
    let link = house.site.link(&entry(1, ""));
    let post = house
        .page
        .post_by_hand("Một, đăng tay", Some(&link))
        .unwrap();
    house.bring_out(&[entry(2, "Hai"), entry(1, "Một")]).await;
    let known = records(&house).await;
    assert_eq!(states(&known), ["published", "skipped"]);
    assert_eq!(at(&known[0], "/post_id"), post.as_str());

    // The Page lists a hundred posts; by then it is not among them any more.
    for number in 0..100 {
        house
            .page
            .post_by_hand(&format!("Ảnh {number}"), None)
            .unwrap();
    }
    house.wait(86_400);
    let again = post_by_hand(&house, &entry(1, "Một")).await;
    assert_eq!(again.exit.code(), 65, "{:#}", again.document);
    assert_eq!(house.calls("POST", "/feed"), 0);
}

#[tokio::test]
async fn a_baseline_article_may_be_sent_by_hand_once() {
    let house = House::new().await;
    house.bring_out(&[entry(1, "Một")]).await;
    assert_eq!(post_by_hand(&house, &entry(1, "")).await.exit.code(), 0);
    assert_eq!(post_by_hand(&house, &entry(1, "")).await.exit.code(), 65);
    assert_eq!(house.shown(), ["Một"]);
}

#[tokio::test]
async fn a_lost_ledger_made_anew_at_a_persons_word_repeats_nothing() {
    for feed in ["", "first_poll = \"publish\""] {
        let house = House::with(Wishes {
            feed,
            ..Wishes::default()
        })
        .await;
        house.settle_in().await;
        house.bring_out(&[entry(2, "Hai"), entry(1, "Một")]).await;
        let refused = house.run(&["ledger", "init"]);
        assert_eq!(refused.code, 64, "{}", refused.err);
        let anew = house.run(&["ledger", "init", "--adopt", "--force"]);
        assert_eq!(anew.code, 0, "{}", anew.err);
        house.wait(600);
        house.bring_out(&[entry(2, "Hai"), entry(1, "Một")]).await;
        assert_eq!(states(&records(&house).await), ["published", "published"]);
        house
            .bring_out(&[entry(3, "Ba"), entry(2, "Hai"), entry(1, "Một")])
            .await;
        assert_eq!(house.shown(), ["Một", "Hai", "Ba"], "{feed}");
        assert_eq!(house.calls("POST", "/feed"), 3);
    }
}

#[tokio::test]
async fn a_page_that_cannot_be_read_on_the_first_day_says_so_then() {
    let house = House::new().await;
    house.mood_on(
        loa::rehearsal::mood::Kind::Read,
        loa::rehearsal::mood::Whim::NotPermitted,
        1,
    );
    let told = house.bring_out(&[entry(1, "Một")]).await;
    assert_eq!(told.exit.code(), 77);
    assert_eq!(house.once().await.exit.code(), 0);
    house.bring_out(&[entry(2, "Hai"), entry(1, "Một")]).await;
    assert_eq!(house.shown(), ["Hai"]);
}

#[tokio::test]
async fn a_feed_under_another_name_drops_nothing_and_repeats_nothing() {
    let mut house = House::settled("").await;
    house.bring_out(&[entry(1, "Một")]).await;
    house.site.feed(&[entry(2, "Hai"), entry(1, "Một")]);
    house.change_settings("name = \"tin\"", "name = \"canduoc\"");
    house.change_settings("feeds = [\"tin\"]", "feeds = [\"canduoc\"]");
    house.wait(20 * 60);
    let answer = house.once().await;
    assert_eq!(house.shown(), ["Một"]);
    assert_eq!(at(&answer.document, "/pages/0/held"), 1);
    let told = at(&answer.document, "/notices/0").to_string();
    assert!(told.contains("--held moved-feed"), "{told}");
}
