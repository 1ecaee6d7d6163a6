//! What becomes of a post when its article changes, or goes.

use loa::desk::request::{Pick, Verb};
use loa::desk::{Answer, Request};
use loa::rehearsal::mood::{Kind, Whim};
use serde_json::Value;

use crate::house::{House, at};
use crate::site::{Entry, entry};

/// The first article with another headline.
fn corrected(title: &str) -> Entry {
    Entry {
        title: title.to_owned(),
        ..entry(1, "")
    }
}

/// The site has the first article's page.
fn has_its_page(house: &House) {
    let html = "<html><body><article><h1>Một</h1><p>Thân bài, đủ dài để biết rằng đây là thân \
                của một bài báo.</p></article></body></html>";
    house.site.page(&entry(1, "").path, 200, html);
}

async fn decides(house: &House, verb: Verb) -> Answer {
    let pick = Pick {
        held: Some("corrected".to_owned()),
        ..Pick::default()
    };
    house.ask(Request::Change { verb, pick }).await
}

async fn story(house: &House) -> Vec<Value> {
    let why = Request::Why {
        what: house.site.link(&entry(1, "")),
    };
    let story = house.ask(why).await.document;
    at(&story, "/events").as_array().unwrap().clone()
}

async fn last_rule(house: &House) -> String {
    let story = story(house).await;
    at(story.last().unwrap(), "/rule")
        .as_str()
        .unwrap()
        .to_owned()
}

fn edits(house: &House) -> usize {
    let oldest = house.page.posts().pop().unwrap().id;
    house.calls("POST", &oldest)
}

#[tokio::test]
async fn a_corrected_headline_changes_the_post_in_place_and_both_texts_are_kept() {
    let house = House::settled("").await;
    house.bring_out(&[entry(1, "Cầu dài 42m")]).await;
    house.wait(600);
    house.bring_out(&[corrected("Cầu dài 24m")]).await;
    assert_eq!(house.shown(), ["Cầu dài 24m"]);
    assert_eq!(house.calls("POST", "/feed"), 1);
    let texts: Vec<String> = story(&house)
        .await
        .iter()
        .filter_map(|event| event["detail"].as_str())
        .filter(|detail| detail.contains("Cầu dài"))
        .map(ToOwned::to_owned)
        .collect();
    for title in ["Cầu dài 42m", "Cầu dài 24m"] {
        assert!(texts.iter().any(|text| text.contains(title)), "{texts:?}");
    }
    house
        .bring_out(&[corrected("Cầu dài 24m"), entry(2, "Hai")])
        .await;
    assert_eq!(edits(&house), 1, "it is followed once");
}

#[tokio::test]
async fn a_template_may_say_that_a_post_was_corrected() {
    let mut house = House::new().await;
    let templates = house.dir.path().join("templates");
    std::fs::create_dir_all(&templates).unwrap();
    let text = "{{ title }}{% if corrected %} (đã sửa){% endif %}";
    std::fs::write(templates.join("post.j2"), text).unwrap();
    house.change_settings("[[pages]]", "[[pages]]\ntemplate = \"post\"");
    house.settle_in().await;
    house.bring_out(&[entry(1, "Cầu dài 42m")]).await;
    house.wait(600);
    house.bring_out(&[corrected("Cầu dài 24m")]).await;
    assert_eq!(house.shown(), ["Cầu dài 24m (đã sửa)"]);
}

#[tokio::test]
async fn what_a_person_wrote_on_the_page_is_never_repaired() {
    let house = House::settled("").await;
    house.bring_out(&[entry(1, "Một")]).await;
    let post = house.page.posts()[0].id.clone();
    house
        .page
        .edit_by_hand(&post, "Lời của người trực")
        .unwrap();
    house.wait(600);
    house.bring_out(&[corrected("Một, sửa")]).await;
    assert_eq!(house.shown(), ["Lời của người trực"]);
    assert_eq!(
        last_rule(&house).await,
        "somebody changed the post on the Page"
    );
}

#[tokio::test]
async fn what_a_person_took_off_the_page_stays_off() {
    let house = House::settled("").await;
    house.bring_out(&[entry(1, "Một")]).await;
    let post = house.page.posts()[0].id.clone();
    house.page.delete_by_hand(&post).unwrap();
    house.wait(600);
    house.bring_out(&[corrected("Một, sửa")]).await;
    assert!(house.shown().is_empty());
    assert_eq!(
        last_rule(&house).await,
        "somebody took the post off the Page"
    );
}

#[tokio::test]
async fn an_office_may_ask_to_be_asked() {
    for (verb, shown) in [(Verb::Approve, "Một, sửa"), (Verb::Skip, "Một")] {
        let house = House::settled("corrections = \"ask\"").await;
        house.bring_out(&[entry(1, "Một")]).await;
        house.wait(600);
        let answer = house.bring_out(&[corrected("Một, sửa")]).await;
        let notice = at(&answer.document, "/notices/0").as_str().unwrap();
        assert!(notice.contains("--held corrected"), "{notice}");
        assert_eq!(house.shown(), ["Một"]);
        let decided = decides(&house, verb).await;
        assert_eq!(decided.exit.code(), 0, "{:#}", decided.document);
        house.once().await;
        assert_eq!(house.shown(), [shown]);
    }
}

#[tokio::test]
async fn a_month_of_posts_is_not_rewritten_without_a_person() {
    let house = House::settled("flood_over = 2").await;
    let numbers = [1, 2, 3];
    for number in numbers {
        house.bring_out(&[entry(number, "Tin cũ")]).await;
        house.wait(86_400);
    }
    let rewritten: Vec<Entry> = numbers.map(|number| entry(number, "Tin mới")).to_vec();
    let answer = house.bring_out(&rewritten).await;
    let notices = at(&answer.document, "/notices").as_array().unwrap().clone();
    assert_eq!(notices.len(), 1, "{notices:?}");
    assert_eq!(house.shown(), ["Tin cũ"; 3]);
    decides(&house, Verb::Approve).await;
    house.once().await;
    assert_eq!(house.shown(), ["Tin mới"; 3]);
}

#[tokio::test]
async fn a_change_whose_answer_is_lost_is_looked_at_and_not_taken_for_a_persons() {
    for whim in Whim::lies(true).into_iter().chain(Whim::lies(false)) {
        let house = House::settled("").await;
        house.bring_out(&[entry(1, "Một")]).await;
        house.wait(600);
        house.mood_on(Kind::Edit, whim.clone(), 1);
        house.bring_out(&[corrected("Một, sửa")]).await;
        house.wait(120);
        house.once().await;
        assert_eq!(house.shown(), ["Một, sửa"], "{whim:?}");
        let words = story(&house).await;
        assert!(
            words.iter().any(|event| event["what"] == "edited"),
            "{whim:?}"
        );
    }
}

#[tokio::test]
async fn what_is_corrected_while_it_waits_goes_out_as_it_is_now() {
    let house = House::settled("hold_for = \"30m\"").await;
    house.bring_out(&[entry(1, "Một")]).await;
    house.wait(600);
    house.bring_out(&[corrected("Một, sửa")]).await;
    house.wait(1500);
    house.once().await;
    assert_eq!(house.shown(), ["Một, sửa"]);
    assert_eq!(edits(&house), 0);
}

#[tokio::test]
async fn an_article_that_is_gone_is_told_and_its_post_stays_up() {
    let house = House::settled("").await;
    has_its_page(&house);
    house.bring_out(&[entry(1, "Một")]).await;
    house.wait(600);
    house.site.page(&entry(1, "").path, 410, "");
    let answer = house.bring_out(&[entry(2, "Hai")]).await;
    let notice = at(&answer.document, "/notices/0").as_str().unwrap();
    assert!(notice.contains("“Một” is gone"), "{notice}");
    assert_eq!(house.shown(), ["Một", "Hai"]);
    let again = house.bring_out(&[entry(3, "Ba"), entry(2, "Hai")]).await;
    let notices = at(&again.document, "/notices");
    assert_eq!(notices, &serde_json::json!([]));
}

#[tokio::test]
async fn an_article_that_has_only_grown_old_is_no_news() {
    let house = House::settled("").await;
    has_its_page(&house);
    house.bring_out(&[entry(1, "Một")]).await;
    house.wait(600);
    let answer = house.bring_out(&[entry(2, "Hai")]).await;
    assert_eq!(
        at(&answer.document, "/notices").as_array().unwrap().len(),
        0
    );
}

#[tokio::test]
async fn what_the_site_takes_away_before_it_is_posted_is_held() {
    let house = House::settled("hold_for = \"30m\"").await;
    has_its_page(&house);
    house.bring_out(&[entry(1, "Một")]).await;
    house.wait(600);
    house.site.page(&entry(1, "").path, 404, "");
    house.bring_out(&[entry(2, "Hai")]).await;
    house.wait(2000);
    house.once().await;
    assert_eq!(house.shown(), ["Hai"]);
    let held = Request::List {
        page: None,
        state: Some("held".to_owned()),
    };
    let held = house.ask(held).await;
    assert_eq!(at(&held.document, "/records/0/reason"), "withdrawn");
}
