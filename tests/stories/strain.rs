//! A Page's limits: told in time they are never reached; reached, they are waited out.

use loa::desk::Request;
use loa::rehearsal::habits::{Habits, Told};
use loa::rehearsal::mood::{Kind, Whim};

use crate::house::{House, at, close};
use crate::site::{Entry, entry};

/// How often the Page was called, the look at the token of each day aside.
fn asked(house: &House) -> usize {
    house.page.calls().len() - house.calls("POST", "/debug_token")
}

fn with_pictures(number: u32) -> Entry {
    Entry {
        picture: Some("/anh-1.jpg".to_owned()),
        ..entry(number, "Cầu mới")
    }
}

#[tokio::test]
async fn an_article_costs_its_pictures_and_two_calls_and_no_article_none() {
    let house = House::settled("").await;
    assert_eq!(asked(&house), 0, "who has nothing to post asks nothing");
    house.bring_out(&[with_pictures(1)]).await;
    assert_eq!(asked(&house), 3, "a look, a picture, the post");
    house.runs(5, 3600).await;
    assert_eq!(asked(&house), 3);
    house
        .bring_out(&[entry(2, "Thông báo"), with_pictures(1)])
        .await;
    assert_eq!(asked(&house), 6, "a look, the card as a picture, the post");
}

#[tokio::test]
async fn posts_go_slower_from_three_quarters_on_and_stop_at_nine_tenths_also_after_a_restart() {
    for told_in in [Told::Business, Told::Page, Told::App] {
        let house = House::settled("").await;
        house.page.set_habits(Habits {
            calls_a_day: Some(20),
            told_in,
            told_under: Some("998877".to_owned()),
            ..Habits::default()
        });
        let articles: Vec<Entry> = (1..10).map(|n| entry(n, &n.to_string())).collect();
        house.site.feed(&articles);
        let office = house.open().await;
        office.desk.answer(Request::Once).await;
        assert_eq!((house.shown().len(), asked(&house)), (7, 15), "75 %");
        house.wait(599);
        office.desk.answer(Request::Once).await;
        assert_eq!(asked(&house), 15, "twice the distance");
        house.wait(1);
        let answer = office.desk.answer(Request::Once).await;
        close(office).await;
        assert_eq!((house.shown().len(), asked(&house)), (8, 18), "90 %");
        let paused = at(&answer.document, "/pages/0/paused").as_str().unwrap();
        assert!(paused.contains("90 %"), "{paused}");
        house.wait(3599);
        house.once().await;
        assert_eq!(asked(&house), 18, "every run is a restart");
        house.wait(1);
        house.once().await;
        assert_eq!(asked(&house), 19, "a look shows that it is still so");
        house.wait(24 * 3600);
        house.once().await;
        assert_eq!(house.shown().len(), 9);
        let refused = house.page.calls().into_iter();
        let refused = refused.filter(|call| call.status == Some(403));
        assert_eq!(refused.count(), 0, "the limit was never reached");
    }
}

#[tokio::test]
async fn every_limit_rests_the_page_and_not_the_article_for_as_long_as_it_says() {
    let limited = |code| Whim::RateLimit { code, minutes: 47 };
    let unsaid = |code, subcode| Whim::Errs {
        status: 403,
        code,
        subcode,
        words: String::new(),
    };
    for (whim, minutes) in [
        (limited(80_001), 47),
        (limited(32), 47),
        (limited(4), 47),
        (limited(17), 47),
        (limited(613), 47),
        (unsaid(341, None), 60),
        (unsaid(613, Some(1996)), 60),
        (Whim::TooFast, 24 * 60),
        (unsaid(1_404_112, None), 24 * 60),
    ] {
        for on in [Kind::Read, Kind::Upload, Kind::Publish] {
            let house = House::settled("").await;
            house.mood_on(on, whim.clone(), 1);
            let answer = house.bring_out(&[with_pictures(1)]).await;
            let page = at(&answer.document, "/pages/0");
            assert!(page["paused"].is_string(), "{whim:?} {on:?}");
            assert_eq!(page["queued"], 1, "{whim:?} {on:?}");
            let before = asked(&house);
            house.wait(minutes * 60 - 1);
            house.once().await;
            assert_eq!(asked(&house), before, "{whim:?} {on:?}: not a call");
            house.wait(1);
            house.once().await;
            assert_eq!(house.shown(), ["Cầu mới"], "{whim:?} {on:?}");
            assert_eq!(house.page.posts()[0].photos.len(), 1);
        }
    }
}

#[tokio::test]
async fn a_limit_met_while_a_card_is_fetched_rests_the_page_too() {
    let house = House::settled("").await;
    let whim = Whim::RateLimit {
        code: 80_001,
        minutes: 5,
    };
    house.mood_on(Kind::Scrape, whim, 1);
    house.bring_out(&[entry(1, "Một")]).await;
    assert_eq!(house.calls("POST", "/feed"), 0);
    house.wait(300);
    house.once().await;
    assert_eq!(house.shown(), ["Một"]);
}
