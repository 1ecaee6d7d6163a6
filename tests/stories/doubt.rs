//! When the Page's answer is lost: exactly one post, or a person decides.

use loa::desk::Request;
use loa::desk::request::Resolution;
use loa::rehearsal::mood::{Kind, Whim};
use serde_json::Value;

use crate::house::{House, Wishes, at, close};
use crate::site::{Entry, entry};

/// Lets loa look again and again for a good hour.
async fn an_hour_of_looks(house: &House) {
    house.runs(40, 100).await;
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
    for whim in Whim::lies(true) {
        let house = House::settled("").await;
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
    for whim in Whim::lies(false) {
        let house = House::settled("").await;
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
    let house = House::settled("").await;
    house.mood(Whim::ShowsLate { seconds: 300 });
    // The answer came, so there is no doubt; now the same with an answer that did not.
    house.bring_out(&[entry(1, "Một")]).await;
    assert_eq!(at(&state(&house).await, "/state"), "published");
    an_hour_of_looks(&house).await;
    assert_eq!(house.shown(), ["Một"]);
}

#[tokio::test]
async fn where_the_page_cannot_be_read_nothing_is_sent_and_a_person_is_told_what_to_do() {
    let house = House::settled("").await;
    house.mood_on(Kind::Read, Whim::NotPermitted, 1000);
    let answer = house.bring_out(&[entry(1, "Một")]).await;
    assert_eq!(answer.exit.code(), 77);
    assert_eq!(house.calls("POST", "/feed"), 0);
    assert_eq!(at(&answer.document, "/pages/0/queued"), 1);
    let notice = at(&answer.document, "/notices/0").as_str().unwrap();
    assert!(notice.contains("pages_read_engagement"), "{notice}");
    assert!(notice.contains("loa login --page trang"), "{notice}");

    let office = house.open().await;
    office.desk.answer(Request::Once).await;
    let health = office.desk.answer(Request::Health).await;
    assert_eq!(
        health.exit.code(),
        1,
        "a running loa says that it is not well"
    );
    close(office).await;
}

/// A post whose answer was lost, on a Page that may not be read from then on.
async fn blinded(house: &House) -> loa::desk::Answer {
    house.mood(Whim::HangUp { done: true });
    house.site.feed(&[entry(1, "Một")]);
    // The Page can be read before the call, and no more after it.
    house.mood_on(Kind::Read, Whim::Slow { seconds: 0 }, 1);
    house.mood_on(Kind::Read, Whim::NotPermitted, 1000);
    house.once().await
}

#[tokio::test]
async fn who_may_not_look_sends_nothing_more_and_puts_the_doubt_before_a_person() {
    let house = House::settled("").await;
    let answer = blinded(&house).await;
    assert_eq!(answer.exit.code(), 75);
    assert_eq!(at(&answer.document, "/pages/0/unresolved"), 1);
    house.wait(29 * 60);
    house.once().await;
    assert_eq!(
        at(&state(&house).await, "/state"),
        "unresolved",
        "a permission may come back"
    );
    house.wait(60);
    let told = house.once().await;
    let record = state(&house).await;
    assert_eq!(
        (at(&record, "/state"), at(&record, "/reason")),
        (&"held".into(), &"unresolved".into())
    );
    let notices = at(&told.document, "/notices").to_string();
    assert!(notices.contains("loa ledger resolve"), "{notices}");
    an_hour_of_looks(&house).await;
    assert_eq!(house.calls("POST", "/feed"), 1, "never sent again");

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
async fn who_may_look_again_in_time_finds_it_and_no_person_is_needed() {
    let house = House::settled("").await;
    blinded(&house).await;
    house.wait(20 * 60);
    house.page.forget_moods();
    assert_eq!(house.once().await.exit.code(), 0);
    assert_eq!(at(&state(&house).await, "/state"), "published");
    assert_eq!(house.calls("POST", "/feed"), 1);
}

#[tokio::test]
async fn a_list_that_shows_nothing_proves_nothing_where_the_token_does_not_tell_what_it_may_read() {
    let house = House::settled("").await;
    house.bring_out(&[entry(1, "Một")]).await;
    house.wait(120);
    house.mood(Whim::HangUp { done: true });
    house.mood_on(Kind::Read, Whim::Slow { seconds: 0 }, 1);
    house.mood_on(Kind::Read, Whim::ShowsNothing, 1000);
    house.mood_on(Kind::Inspect, Whim::NotPermitted, 1000);
    house.bring_out(&[entry(2, "Hai"), entry(1, "Một")]).await;
    an_hour_of_looks(&house).await;
    assert_eq!(house.shown(), ["Một", "Hai"], "it was there all the time");
    let held = Request::List {
        page: None,
        state: Some("held".to_owned()),
    };
    let held = house.ask(held).await;
    assert_eq!(at(&held.document, "/records/0/reason"), "unresolved");
}

#[tokio::test]
async fn absence_is_not_believed_of_a_list_that_does_not_reach_back_to_the_call() {
    let house = House::settled("").await;
    house.mood(Whim::HangUp { done: true });
    house.mood_on(Kind::Read, Whim::Slow { seconds: 0 }, 1);
    house.mood_on(Kind::Read, Whim::Html { done: false }, 1);
    house.bring_out(&[entry(1, "Một")]).await;
    house.wait(120);
    for number in 0..100 {
        let text = format!("Ảnh {number}");
        house.page.post_by_hand(&text, None).unwrap();
    }
    house.bring_out(&[entry(2, "Hai"), entry(1, "Một")]).await;
    assert_eq!(house.calls("POST", "/feed"), 2, "a post of ours is shown");
    an_hour_of_looks(&house).await;
    assert_eq!(house.calls("POST", "/feed"), 2);
    let record = state(&house).await;
    assert_eq!(at(&record, "/reason"), "unresolved", "{record:#}");
}

#[tokio::test]
async fn a_picture_that_two_articles_share_is_kept_until_both_are_settled() {
    let house = House::settled("").await;
    let with_picture = |number, title| Entry {
        picture: Some("/anh.jpg".to_owned()),
        ..entry(number, title)
    };
    house.mood(Whim::HangUp { done: false });
    house.bring_out(&[with_picture(1, "Một")]).await;
    house.wait(120);
    house.bring_out(&[with_picture(2, "Hai")]).await;
    house.site.fail(404, None);
    an_hour_of_looks(&house).await;
    let photos: Vec<usize> = house
        .page
        .posts()
        .iter()
        .map(|post| post.photos.len())
        .collect();
    assert_eq!(photos, [1, 1], "{:?}", house.shown());
    let media = std::fs::read_dir(house.state().join("media")).unwrap();
    assert_eq!(media.count(), 0, "nobody needs it any more");
}

#[tokio::test]
async fn what_appears_after_it_was_proved_absent_is_adopted_before_it_is_sent_again() {
    // The clock stands at nine in the morning of Vietnam.
    let house = House::with(Wishes {
        page: "quiet_hours = \"09:05-11:00\"",
        ..Wishes::default()
    })
    .await;
    house.settle_in().await;
    house.page.show_after(3600);
    house.mood(Whim::HangUp { done: true });
    house.bring_out(&[entry(1, "Một")]).await;
    an_hour_of_looks(&house).await;
    house.wait(3600);
    let answer = house.once().await;
    assert!(
        at(&answer.document, "/pages/0/paused").is_null(),
        "it is no stranger: {:#}",
        answer.document
    );
    assert_eq!(house.calls("POST", "/feed"), 1);
    assert_eq!(house.shown(), ["Một"]);
    assert_eq!(at(&state(&house).await, "/state"), "published");
}

#[tokio::test]
async fn an_article_that_stands_there_twice_is_adopted_once_and_a_person_is_told() {
    let house = House::settled("").await;
    let link = house.site.link(&entry(1, ""));
    for text in ["Một, đăng tay", "Một, lần nữa"] {
        house.page.post_by_hand(text, Some(&link)).unwrap();
    }
    let answer = house.bring_out(&[entry(1, "Một")]).await;
    let oldest = &house.page.posts()[1].id;
    assert_eq!(at(&state(&house).await, "/post_id"), oldest.as_str());
    let notice = at(&answer.document, "/notices/0").as_str().unwrap();
    assert!(notice.contains("more than once"), "{notice}");
    assert_eq!(house.calls("POST", "/feed"), 0);
}

#[tokio::test]
async fn what_never_appears_is_sent_three_times_and_no_more() {
    let house = House::settled("").await;
    let unheard = Whim::HangUp { done: false };
    house.mood_on(Kind::Publish, unheard, 1000);
    house.bring_out(&[entry(1, "Một")]).await;
    an_hour_of_looks(&house).await;
    an_hour_of_looks(&house).await;
    assert_eq!(house.calls("POST", "/feed"), 3);
    let record = state(&house).await;
    assert_eq!(
        (at(&record, "/state"), at(&record, "/reason")),
        (&"held".into(), &"unresolved".into())
    );
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
    for whim in [Whim::Duplicate, Whim::AlreadyPosted, Whim::PhotosPosted] {
        let house = House::settled("").await;
        house.mood(whim.clone());
        house.bring_out(&[entry(1, "Một")]).await;
        let record = state(&house).await;
        assert_eq!(
            (at(&record, "/state"), at(&record, "/reason")),
            (&"held".into(), &"unresolved".into()),
            "{whim:?}"
        );
        house.wait(3600);
        house.once().await;
        assert_eq!(
            house.calls("POST", "/feed"),
            1,
            "{whim:?}: nobody sends it again by itself"
        );
    }
}

#[tokio::test]
async fn the_story_of_a_doubt_can_be_told() {
    let house = House::settled("").await;
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
