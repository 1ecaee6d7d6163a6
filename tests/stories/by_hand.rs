//! What an editor does to one article by hand, and what loa says to it.

use loa::desk::request::{Pick, PostOrder, PreviewWish, Subject, Verb};
use loa::desk::{Answer, Request};
use loa::rehearsal::mood::Whim;
use serde_json::Value;

use crate::house::{House, at};
use crate::site::{Entry, entry};

/// A house whose feed held one article at the first poll: a thumbnail there, a photograph on the
/// article's own page, which nobody has read yet.
async fn baseline() -> (House, Entry) {
    let house = House::new().await;
    let old = Entry {
        picture: Some("/nho.jpg".to_owned()),
        ..entry(1, "Một")
    };
    house.site.page(
        &old.path,
        200,
        "<html><body><article><h1>Một</h1><p class=\"sapo\">Tóm tắt đầy đủ.</p>\
         <figure><img src=\"/lon.jpg\"><figcaption>Ảnh lớn</figcaption></figure>\
         <p>Thân bài, đủ dài để biết rằng đây là thân của một bài báo.</p></article></body></html>",
    );
    let answer = house.bring_out(std::slice::from_ref(&old)).await;
    assert_eq!(at(&answer.document, "/pages/0/skipped"), 1);
    assert_eq!(house.site.asked(&old.path), 0, "nobody wanted it");
    (house, old)
}

async fn post(house: &House, order: PostOrder) -> Answer {
    house.ask(Request::Post(order)).await
}

fn order(what: Subject) -> PostOrder {
    PostOrder {
        what,
        ..PostOrder::default()
    }
}

fn picture_shown(house: &House) -> Option<String> {
    house.page.posts()[0].photos.first()?.alt_text.clone()
}

fn said(answer: &Answer, pointer: &str) -> String {
    let text = at(&answer.document, pointer).as_str();
    text.unwrap_or_else(|| panic!("{:#}", answer.document))
        .to_owned()
}

#[tokio::test]
async fn an_old_article_posted_by_hand_has_its_page_read_first() {
    let (house, old) = baseline().await;
    let link = Subject::Address(house.site.link(&old));
    let posted = post(&house, order(link)).await;
    assert_eq!(posted.exit.code(), 0, "{:#}", posted.document);
    assert_eq!(picture_shown(&house).as_deref(), Some("Ảnh lớn"));
    assert_eq!(house.site.asked(&old.path), 1);
}

#[tokio::test]
async fn an_old_article_that_is_retried_has_its_page_read_first() {
    let (house, old) = baseline().await;
    let retry = Request::Change {
        verb: Verb::Retry,
        pick: Pick {
            articles: vec![house.site.link(&old)],
            ..Pick::default()
        },
    };
    assert_eq!(house.ask(retry).await.exit.code(), 0);
    house.once().await;
    assert_eq!(picture_shown(&house).as_deref(), Some("Ảnh lớn"));
}

#[tokio::test]
async fn a_preview_of_an_old_article_reads_its_page_and_writes_nothing_down() {
    let (house, old) = baseline().await;
    for what in [Subject::Address(house.site.link(&old)), Subject::Newest] {
        let wish = PreviewWish {
            what,
            ..PreviewWish::default()
        };
        let shown = house.ask(Request::Preview(wish)).await;
        let images = at(&shown.document, "/images/0").as_str().unwrap();
        assert!(images.ends_with("/lon.jpg"), "{images}");
    }
    let why = Request::Why {
        what: house.site.link(&old),
    };
    let story = house.ask(why).await;
    let events = at(&story.document, "/events").as_array().unwrap();
    assert!(events.iter().all(|event| event["what"] != "enriched"));
}

#[tokio::test]
async fn own_words_for_what_stands_on_the_page_already_are_not_called_posted() {
    let house = House::settled("").await;
    let link = house.site.link(&entry(1, "Một"));
    house.site.feed(&[entry(1, "Một")]);
    house.page.post_by_hand("Mời bà con", Some(&link)).unwrap();
    let own = PostOrder {
        link: Some(link),
        ..order(Subject::Text("Lời của tôi".to_owned()))
    };
    let refused = post(&house, own.clone()).await;
    assert_eq!(refused.exit.code(), 65, "{:#}", refused.document);
    assert!(said(&refused, "/error").contains("--again"));
    assert_eq!(house.shown(), ["Mời bà con"]);

    let again = PostOrder { again: true, ..own };
    assert_eq!(post(&house, again).await.exit.code(), 0);
    assert_eq!(house.shown(), ["Mời bà con", "Lời của tôi"]);
}

/// Does this to the only article.
async fn does(house: &House, verb: Verb) {
    let pick = Pick {
        articles: vec![house.site.link(&entry(1, ""))],
        ..Pick::default()
    };
    let done = house.ask(Request::Change { verb, pick }).await;
    assert_eq!(done.exit.code(), 0, "{:#}", done.document);
}

#[tokio::test]
async fn own_words_and_their_hour_outlast_a_hold() {
    let house = House::settled("").await;
    house.site.feed(&[entry(1, "Một")]);
    let own = PostOrder {
        message: Some("Lời của tôi".to_owned()),
        at: house
            .now()
            .checked_add(jiff::SignedDuration::from_hours(2))
            .ok(),
        ..order(Subject::Address(house.site.link(&entry(1, "Một"))))
    };
    post(&house, own).await;
    does(&house, Verb::Hold).await;
    does(&house, Verb::Approve).await;
    house.once().await;
    assert!(house.shown().is_empty(), "its hour has not come");
    house.wait(2 * 3600);
    house.once().await;
    assert_eq!(house.shown(), ["Lời của tôi"]);
}

#[tokio::test]
async fn own_words_that_were_refused_are_tried_again_as_they_were() {
    let house = House::settled("").await;
    house.site.feed(&[entry(1, "Một")]);
    house.mood(Whim::Refused);
    let own = PostOrder {
        message: Some("Lời của tôi".to_owned()),
        ..order(Subject::Address(house.site.link(&entry(1, "Một"))))
    };
    assert_eq!(post(&house, own).await.exit.code(), 65);
    does(&house, Verb::Retry).await;
    house.once().await;
    assert_eq!(house.shown(), ["Lời của tôi"]);
}

#[tokio::test]
async fn again_means_again_also_where_the_post_is_not_ours() {
    let house = House::settled("").await;
    let link = house.site.link(&entry(1, "Một"));
    house.site.feed(&[entry(1, "Một")]);
    house.page.post_by_hand("Mời bà con", Some(&link)).unwrap();
    let again = PostOrder {
        again: true,
        ..order(Subject::Address(link))
    };
    assert_eq!(post(&house, again).await.exit.code(), 0);
    assert_eq!(house.shown(), ["Mời bà con", "Một"]);
}

#[tokio::test]
async fn what_was_sent_and_whose_answer_was_lost_is_not_taken_for_what_was_there() {
    let house = House::settled("").await;
    let link = house.site.link(&entry(1, "Một"));
    house.site.feed(&[entry(1, "Một")]);
    post(&house, order(Subject::Address(link.clone()))).await;

    house.mood(Whim::HangUp { done: true });
    let again = PostOrder {
        again: true,
        ..order(Subject::Address(link.clone()))
    };
    assert_eq!(post(&house, again.clone()).await.exit.code(), 0);
    assert_eq!(house.shown(), ["Một", "Một"], "one more, and not two");

    house.mood(Whim::HangUp { done: true });
    let own_words = PostOrder {
        message: Some("Lời của tôi".to_owned()),
        ..again
    };
    let sent = post(&house, own_words).await;
    assert_eq!(sent.exit.code(), 0, "it went out: {:#}", sent.document);
    assert_eq!(house.shown(), ["Một", "Một", "Lời của tôi"]);
}

#[tokio::test]
async fn an_article_that_stands_on_the_page_already_is_taken_as_posted_and_told_so() {
    let house = House::settled("").await;
    let link = house.site.link(&entry(1, "Một"));
    house.site.feed(&[entry(1, "Một")]);
    house.page.post_by_hand("Mời bà con", Some(&link)).unwrap();
    let adopted = post(&house, order(Subject::Address(link))).await;
    assert_eq!(adopted.exit.code(), 0, "{:#}", adopted.document);
    assert_eq!(said(&adopted, "/state"), "published");
    assert!(said(&adopted, "/warnings/0").contains("nothing was sent"));
    assert_eq!(house.shown(), ["Mời bà con"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_article_written_to_a_file_is_the_same_article() {
    let house = House::settled("").await;
    let one = entry(1, "Một");
    house.site.feed(std::slice::from_ref(&one));
    let link = house.site.link(&one);
    let mut document = house.run(&["article", &link, "--json"]).document();
    assert_eq!(at(&document, "/link"), link.as_str());
    assert_eq!(house.run(&["post", &link]).code, 0);

    let file = house.dir.path().join("bai.json");
    let name = file.to_str().unwrap();
    std::fs::write(&file, document.to_string()).unwrap();
    assert_eq!(house.run(&["post", name]).code, 65, "posted already");
    document["link"] = Value::Null;
    std::fs::write(&file, document.to_string()).unwrap();
    let refused = house.run(&["post", name]);
    assert_eq!(refused.code, 65);
    assert!(refused.err.contains("--again"), "{}", refused.err);
    assert_eq!(house.shown(), ["Một"]);

    assert_eq!(house.run(&["post", name, "--again"]).code, 0);
    assert_eq!(house.shown(), ["Một", "Một"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_in_a_file_is_told_with_the_address_that_is_given_for_it() {
    let house = House::settled("").await;
    let file = house.dir.path().join("bai.html");
    let page = "<article><h1>Một</h1><p>Thân bài, đủ dài để là một bài báo.</p></article>";
    std::fs::write(&file, page).unwrap();
    let base = "https://bao.example/mot-a1.html";
    let arguments = ["article", file.to_str().unwrap(), "--base", base, "--json"];
    assert_eq!(at(&house.run(&arguments).document(), "/link"), base);
}

#[tokio::test]
async fn a_template_that_a_person_names_is_that_one_or_none() {
    let house = House::settled("").await;
    house.site.feed(&[entry(1, "Một")]);
    let what = Subject::Address(house.site.link(&entry(1, "Một")));
    let named = PostOrder {
        template: Some("khong-co".to_owned()),
        ..order(what.clone())
    };
    let refused = post(&house, named).await;
    assert_eq!(refused.exit.code(), 64);
    assert!(said(&refused, "/error").contains("article, ngan"));
    let wish = PreviewWish {
        what,
        page: None,
        template: Some("khong-co".to_owned()),
    };
    assert_eq!(house.ask(Request::Preview(wish)).await.exit.code(), 64);
    assert!(house.shown().is_empty());
}

#[tokio::test]
async fn a_post_without_words_has_no_blank_lines_instead() {
    let (house, old) = baseline().await;
    let link = house.site.link(&old);
    let silent = PostOrder {
        message: Some(String::new()),
        ..order(Subject::Address(link.clone()))
    };
    assert_eq!(post(&house, silent).await.exit.code(), 0);
    assert_eq!(house.page.posts()[0].message, link);
}
