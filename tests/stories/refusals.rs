//! What the Page does not take: pictures, cards, whole posts; and what goes out all the same.

use loa::desk::Request;
use loa::rehearsal::habits::Habits;
use loa::rehearsal::mood::{Kind, Whim};
use serde_json::Value;

use crate::house::{House, at};
use crate::site::{Entry, entry};

/// The time after which a post is tried once more that the Page may take then.
const ONCE_MORE: u64 = 600;

fn with_picture() -> Entry {
    Entry {
        picture: Some("/anh-1.jpg".to_owned()),
        ..entry(1, "Cầu mới")
    }
}

fn error(code: i64) -> Whim {
    Whim::Errs {
        status: 400,
        code,
        subcode: None,
        words: format!("(#{code})"),
    }
}

async fn story(house: &House, article: &Entry) -> Vec<(String, String)> {
    let what = house.site.link(article);
    let why = house.ask(Request::Why { what }).await;
    let events = at(&why.document, "/events").as_array().unwrap().iter();
    let text = |event: &Value, name: &str| event[name].as_str().unwrap_or_default().to_owned();
    events
        .map(|event| (text(event, "what"), text(event, "detail")))
        .collect()
}

async fn state(house: &House) -> String {
    let list = Request::List {
        page: None,
        state: None,
    };
    let list = house.ask(list).await;
    at(&list.document, "/records/0/state")
        .as_str()
        .unwrap()
        .to_owned()
}

#[tokio::test]
async fn a_picture_that_is_refused_is_written_anew_and_tried_once_more() {
    let house = House::settled("").await;
    house.mood_on(Kind::Upload, Whim::BadPicture, 1);
    house.bring_out(&[with_picture()]).await;
    assert_eq!(house.page.posts()[0].photos.len(), 1);
    assert_eq!(house.calls("POST", "/photos"), 2);
}

#[tokio::test]
async fn a_picture_that_is_refused_twice_is_left_out_with_a_note_and_the_post_goes_out() {
    let house = House::settled("").await;
    house.mood_on(Kind::Upload, Whim::BadPicture, 2);
    house.bring_out(&[with_picture()]).await;
    let post = &house.page.posts()[0];
    assert!(post.photos.is_empty());
    assert!(post.link.is_some(), "without pictures it shows its card");
    assert_eq!(house.calls("POST", "/photos"), 2);
    let story = story(&house, &with_picture()).await;
    let note = story.iter().find(|(what, _)| what == "left-out");
    assert!(note.unwrap().1.ends_with("/anh-1.jpg"), "{story:?}");
}

#[tokio::test]
async fn a_card_that_cannot_be_made_is_tried_once_more_later_and_then_the_post_goes_without() {
    for code in [1_609_005, 1500] {
        let house = House::settled("").await;
        house.page.set_habits(Habits {
            unscrapable: [("127.0.0.1".to_owned(), code)].into(),
            ..Habits::default()
        });
        house.bring_out(&[entry(1, "Thông báo")]).await;
        house.wait(ONCE_MORE - 1);
        house.once().await;
        assert_eq!(
            house.calls("POST", "/feed"),
            1,
            "{code}: not before its time"
        );
        house.wait(1);
        house.once().await;
        let posts = house.page.posts();
        assert_eq!(
            (posts.len(), house.calls("POST", "/feed")),
            (1, 3),
            "{code}"
        );
        assert_eq!(posts[0].link, None, "{code}");
        let link = house.site.link(&entry(1, ""));
        assert!(posts[0].message.contains(&link), "{code}: the text has it");
        house.runs(2, 3600).await;
        assert_eq!(house.page.posts().len(), 1, "{code}: and once");
    }
}

#[tokio::test]
async fn a_site_that_is_back_in_time_gets_its_card() {
    let house = House::settled("").await;
    house.mood(error(1_609_005));
    house.bring_out(&[entry(1, "Thông báo")]).await;
    house.wait(ONCE_MORE);
    house.once().await;
    assert!(house.page.posts()[0].link.is_some());
    assert_eq!(house.calls("POST", "/feed"), 2);
}

#[tokio::test]
async fn what_programs_disagree_about_is_sent_once_more_and_refused_then() {
    let house = House::settled("").await;
    house.mood_on(Kind::Publish, error(1_349_125), 9);
    house.bring_out(&[entry(1, "Một")]).await;
    assert_eq!(state(&house).await, "queued");
    house.wait(ONCE_MORE);
    house.once().await;
    assert_eq!(state(&house).await, "refused");
    house.wait(ONCE_MORE);
    house.once().await;
    assert_eq!(house.calls("POST", "/feed"), 2);
}

#[tokio::test]
async fn a_permanent_refusal_is_not_repeated_and_a_person_may_send_it_anew() {
    let house = House::settled("").await;
    house.mood(error(2_061_006));
    house.bring_out(&[entry(1, "Một")]).await;
    assert_eq!(state(&house).await, "refused");
    house.runs(3, 3600).await;
    assert_eq!(house.calls("POST", "/feed"), 1);
}

#[tokio::test]
async fn a_card_is_whole_the_first_time_somebody_sees_it() {
    let house = House::settled("").await;
    let before = house.page.calls().len();
    house.bring_out(&[entry(1, "Thông báo")]).await;
    let calls = house.page.calls();
    let posts = calls
        .iter()
        .skip(before)
        .filter(|call| call.method == "POST");
    let posts: Vec<(&str, Option<&str>)> = posts
        .map(|call| {
            (
                call.path.as_str(),
                call.params.get("id").map(String::as_str),
            )
        })
        .collect();
    let link = house.site.link(&entry(1, ""));
    assert_eq!(
        posts[0],
        ("/v26.0/", Some(link.as_str())),
        "looked at first"
    );
    assert!(posts[1].0.ends_with("/feed"));
}

#[tokio::test]
async fn a_look_at_the_address_that_fails_does_not_keep_the_post() {
    for whim in [
        Whim::HangUp { done: false },
        Whim::Html { done: false },
        Whim::NotPermitted,
        error(1_609_005),
    ] {
        let house = House::settled("").await;
        house.mood_on(Kind::Scrape, whim.clone(), 1);
        house.bring_out(&[entry(1, "Một")]).await;
        assert_eq!(house.shown(), ["Một"], "{whim:?}");
    }
}
