//! When the Page's answer is lost: exactly one post, or a person decides.

use loa::desk::Request;
use loa::desk::request::Resolution;
use loa::rehearsal::mood::{Kind, Whim};
use serde_json::Value;

use crate::house::{House, Wishes, at};
use crate::site::entry;

fn lies(done: bool) -> [Whim; 6] {
    [
        Whim::HangUp { done },
        Whim::Fails { code: 1, done },
        Whim::Fails { code: 2, done },
        Whim::Html { done },
        Whim::Truncated { done },
        Whim::Empty { done },
    ]
}

async fn house() -> House {
    let house = House::new().await;
    house.settle_in().await;
    house
}

/// Lets loa look again and again, as a supervisor would, for a good hour.
async fn an_hour_of_looks(house: &House) {
    for _ in 0..40 {
        house.wait(100);
        house.once().await;
    }
}

async fn state(house: &House) -> Value {
    let list = Request::List {
        page: None,
        state: None,
    };
    at(&house.ask(list).await.document, "/records/0").clone()
}

#[tokio::test]
async fn a_post_that_was_made_although_the_answer_lied_is_found_and_not_repeated() {
    for whim in lies(true) {
        let house = house().await;
        house.mood(whim.clone());
        let answer = house.bring_out(&[entry(1, "Một")]).await;
        assert_eq!(answer.exit.code(), 0, "{whim:?}: found at the first look");
        an_hour_of_looks(&house).await;
        assert_eq!(house.shown(), ["Một"], "{whim:?}");
        assert_eq!(house.calls("POST", "/feed"), 1, "{whim:?}");
        assert_eq!(at(&state(&house).await, "/state"), "published", "{whim:?}");
    }
}

#[tokio::test]
async fn a_post_that_was_not_made_is_sent_again_once_that_is_proved() {
    for whim in lies(false) {
        let house = house().await;
        house.mood(whim.clone());
        let answer = house.bring_out(&[entry(1, "Một")]).await;
        assert_eq!(answer.exit.code(), 75, "{whim:?}: in doubt");
        assert!(house.shown().is_empty());
        house.wait(9 * 60);
        house.once().await;
        assert!(
            house.shown().is_empty(),
            "{whim:?}: too early to believe in absent"
        );
        an_hour_of_looks(&house).await;
        assert_eq!(house.shown(), ["Một"], "{whim:?}");
        assert_eq!(house.calls("POST", "/feed"), 2, "{whim:?}");
    }
}

#[tokio::test]
async fn a_post_that_shows_late_is_waited_for() {
    let house = house().await;
    house.mood(Whim::ShowsLate { seconds: 300 });
    // The answer came, so there is no doubt; now the same with an answer that did not.
    house.bring_out(&[entry(1, "Một")]).await;
    assert_eq!(at(&state(&house).await, "/state"), "published");
    an_hour_of_looks(&house).await;
    assert_eq!(house.shown(), ["Một"]);
}

#[tokio::test]
async fn where_the_page_cannot_be_read_nothing_is_sent() {
    let house = house().await;
    house.mood_on(Kind::Read, Whim::NotPermitted, 1000);
    let answer = house.bring_out(&[entry(1, "Một")]).await;
    assert_eq!(answer.exit.code(), 77);
    assert_eq!(house.calls("POST", "/feed"), 0);
    assert_eq!(at(&answer.document, "/pages/0/queued"), 1);
}

#[tokio::test]
async fn a_doubt_that_cannot_be_settled_waits_for_a_person_and_is_never_sent_again() {
    let house = house().await;
    house.mood(Whim::HangUp { done: true });
    house.site.feed(&[entry(1, "Một")]);
    // The Page can be read before the call, and no more after it.
    house.mood_on(Kind::Read, Whim::Slow { seconds: 0 }, 1);
    house.mood_on(Kind::Read, Whim::NotPermitted, 1000);
    house.once().await;
    an_hour_of_looks(&house).await;
    assert_eq!(house.calls("POST", "/feed"), 1);
    assert_eq!(at(&state(&house).await, "/state"), "unresolved");
    let resolve = Request::Resolve(Resolution {
        article: house.site.link(&entry(1, "")),
        page: None,
        posted: Some(format!(
            "https://www.facebook.com/{}",
            house.page.posts()[0].id
        )),
    });
    let resolved = house.ask(resolve).await;
    assert_eq!(resolved.exit.code(), 0, "{:#}", resolved.document);
    assert_eq!(at(&resolved.document, "/records/0/state"), "published");
    assert_eq!(house.calls("POST", "/feed"), 1);
}

#[tokio::test]
async fn an_office_may_ask_that_nothing_is_ever_sent_again_by_itself() {
    let house = House::with(Wishes {
        facebook: "on_unknown = \"hold\"",
        ..Wishes::default()
    })
    .await;
    house.settle_in().await;
    house.mood(Whim::Fails {
        code: 2,
        done: false,
    });
    house.bring_out(&[entry(1, "Một")]).await;
    an_hour_of_looks(&house).await;
    assert_eq!(house.calls("POST", "/feed"), 1);
    let record = state(&house).await;
    assert_eq!(
        (at(&record, "/state"), at(&record, "/reason")),
        (&"held".into(), &"unresolved".into())
    );
    let absent = Request::Resolve(Resolution {
        article: at(&record, "/article").as_str().unwrap().to_owned(),
        page: None,
        posted: None,
    });
    house.ask(absent).await;
    house.once().await;
    assert_eq!(house.shown(), ["Một"]);
}

#[tokio::test]
async fn already_posted_is_believed_only_after_a_look() {
    let house = house().await;
    house.mood(Whim::Duplicate);
    house.bring_out(&[entry(1, "Một")]).await;
    let record = state(&house).await;
    assert_eq!(
        (at(&record, "/state"), at(&record, "/reason")),
        (&"held".into(), &"unresolved".into())
    );
    an_hour_of_looks(&house).await;
    assert_eq!(
        house.calls("POST", "/feed"),
        1,
        "nobody sends it again by itself"
    );
}

#[tokio::test]
async fn the_story_of_a_doubt_can_be_told() {
    let house = house().await;
    house.mood(Whim::HangUp { done: false });
    house.bring_out(&[entry(1, "Một")]).await;
    an_hour_of_looks(&house).await;
    let why = house
        .ask(Request::Why {
            what: house.site.link(&entry(1, "")),
        })
        .await;
    let words: Vec<&str> = at(&why.document, "/events")
        .as_array()
        .unwrap()
        .iter()
        .map(|event| at(event, "/what").as_str().unwrap())
        .collect();
    let told = |word| words.contains(&word);
    assert!(
        [
            "recorded",
            "enriched",
            "queued",
            "claimed",
            "sent",
            "settled",
            "looked",
            "reconciled"
        ]
        .into_iter()
        .all(told),
        "{words:?}"
    );
}
