//! The right to post is kept: a token is looked at every day, a person is told in time, and while
//! it is dead nothing is lost.

use jiff::{SignedDuration, Timestamp};
use loa::desk::Request;
use loa::rehearsal::mood::{Kind, Whim};
use serde_json::Value;

use crate::daemon::Running;
use crate::house::{House, Wishes, at};
use crate::site::{Entry, entry};

const HOUR: u64 = 3600;
const DAY: u64 = 24 * HOUR;

/// How often loa looked at the token since the run that it settled in with.
fn looks(house: &House) -> usize {
    house.calls("POST", "/debug_token") - 1
}

fn days_from_now(house: &House, days: i64) -> Option<Timestamp> {
    house
        .now()
        .checked_add(SignedDuration::from_hours(24 * days))
        .ok()
}

/// What a person was told, oldest first.
async fn notices(daemon: &Running) -> Vec<String> {
    let journal = daemon.ask(Request::Export).await.document;
    let events = at(&journal, "/events").as_array().unwrap();
    let notices = events
        .iter()
        .filter(|event| event["what"]["kind"] == "notice");
    let text = |event: &Value| event["what"]["text"].as_str().unwrap().to_owned();
    notices.map(text).collect()
}

async fn health(daemon: &Running) -> (u8, String) {
    let answer = daemon.ask(Request::Health).await;
    (
        answer.exit.code(),
        at(&answer.document, "/reasons").to_string(),
    )
}

/// Lets so many days pass, at a stride: who naps is woken once a day.
async fn days_pass(daemon: &Running, house: &House, days: u64) {
    for _ in 0..days {
        house.wait(DAY);
        daemon.passes(house, 10).await;
    }
}

#[tokio::test]
async fn a_token_is_looked_at_at_the_start_and_once_a_day() {
    let house = House::settled("").await;
    let daemon = Running::in_house(&house).await;
    daemon.passes(&house, 60).await;
    assert_eq!(looks(&house), 1);
    house.wait(DAY - 2 * 60);
    daemon.passes(&house, 30).await;
    assert_eq!(looks(&house), 1);
    daemon.passes(&house, 60).await;
    assert_eq!(looks(&house), 2);
    assert_eq!(notices(&daemon).await, [""; 0]);
    assert_eq!(health(&daemon).await, (0, "[]".to_owned()));
    daemon.stops().await;
}

#[tokio::test]
async fn a_person_is_told_14_7_3_and_1_days_before_a_token_ends_each_time_once() {
    let house = House::settled("").await;
    let end = days_from_now(&house, 20);
    house.page.switch(|switches| switches.token_ends = end);
    let daemon = Running::in_house(&house).await;
    days_pass(&daemon, &house, 5).await;
    assert_eq!(notices(&daemon).await, [""; 0]);
    assert_eq!(health(&daemon).await.0, 0);
    days_pass(&daemon, &house, 4).await;
    // Whoever starts anew is not told again what was told.
    daemon.stops().await;
    let daemon = Running::in_house(&house).await;
    days_pass(&daemon, &house, 10).await;
    insta::assert_snapshot!(notices(&daemon).await.join("\n"), @r"
    The token of the Page trang ends on 14/12/2026 (days left: 14). Log in before: loa login --page trang
    The token of the Page trang ends on 14/12/2026 (days left: 7). Log in before: loa login --page trang
    The token of the Page trang ends on 14/12/2026 (days left: 3). Log in before: loa login --page trang
    The token of the Page trang ends on 14/12/2026 (days left: 1). Log in before: loa login --page trang
    ");
    let (exit, reasons) = health(&daemon).await;
    assert_eq!(exit, 1);
    assert!(reasons.contains("ends on 14/12/2026"), "{reasons}");
    days_pass(&daemon, &house, 1).await;
    let told = notices(&daemon).await;
    assert!(
        told.last().unwrap().contains("does not let us post"),
        "{told:?}"
    );
    daemon.stops().await;
}

#[tokio::test]
async fn a_new_token_is_warned_of_anew() {
    let house = House::settled("").await;
    let soon = days_from_now(&house, 2);
    house.page.switch(|switches| switches.token_ends = soon);
    let daemon = Running::in_house(&house).await;
    daemon.passes(&house, 60).await;
    let later = days_from_now(&house, 6);
    house.page.switch(|switches| switches.token_ends = later);
    daemon.ask(Request::Renewed { page: None }).await;
    let told = notices(&daemon).await;
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(told[1].contains("days left: 6"), "{told:?}");
    daemon.stops().await;
}

#[tokio::test]
async fn the_end_of_data_access_is_told_before_and_is_no_matter_once_it_is_past() {
    let house = House::settled("").await;
    let end = days_from_now(&house, 3);
    house
        .page
        .switch(|switches| switches.data_access_ends = end);
    let daemon = Running::in_house(&house).await;
    daemon.passes(&house, 60).await;
    assert_eq!(health(&daemon).await.0, 1);
    days_pass(&daemon, &house, 5).await;
    let told = notices(&daemon).await;
    assert_eq!(told.len(), 2, "three days before, and one: {told:?}");
    assert!(told[0].contains("posting goes on"), "{told:?}");
    assert_eq!(health(&daemon).await.0, 0);
    daemon.stops().await;
}

#[tokio::test]
async fn another_version_than_the_one_asked_for_is_told_once() {
    let house = House::with(Wishes {
        facebook: "version = \"v19.0\"",
        ..Wishes::default()
    })
    .await;
    house.settle_in().await;
    let daemon = Running::in_house(&house).await;
    days_pass(&daemon, &house, 3).await;
    insta::assert_snapshot!(notices(&daemon).await.join("\n"), @"Facebook answers with version v21.0 of the Graph API, not with v19.0: that one has ended, and things may behave differently. Write v21.0 or a newer one into the settings (facebook.version), start loa anew and look at the next post");
    let (exit, reasons) = health(&daemon).await;
    assert_eq!(exit, 1);
    assert!(reasons.contains("v21.0"), "{reasons}");
    daemon.stops().await;
}

#[tokio::test]
async fn the_end_of_a_version_is_told_in_steps_and_goes_on_being_told_once_past() {
    let house = House::with(Wishes {
        facebook: "version = \"v21.0\"",
        ..Wishes::default()
    })
    .await;
    house.settle_in().await;
    let daemon = Running::in_house(&house).await;
    days_pass(&daemon, &house, 62).await;
    insta::assert_snapshot!(notices(&daemon).await.join("\n"), @r"
    Version v21.0 of the Graph API ends on 21/01/2027 (days left: 58). Before that, write a newer one into the settings (facebook.version), start loa anew and look at the next post
    Version v21.0 of the Graph API ends on 21/01/2027 (days left: 14). Before that, write a newer one into the settings (facebook.version), start loa anew and look at the next post
    Version v21.0 of the Graph API ends on 21/01/2027 (days left: 7). Before that, write a newer one into the settings (facebook.version), start loa anew and look at the next post
    Version v21.0 of the Graph API ends on 21/01/2027 (days left: 3). Before that, write a newer one into the settings (facebook.version), start loa anew and look at the next post
    Version v21.0 of the Graph API ends on 21/01/2027 (days left: 1). Before that, write a newer one into the settings (facebook.version), start loa anew and look at the next post
    Version v21.0 of the Graph API has ended (21/01/2027): another one answers, and may behave differently. Write a newer one into the settings (facebook.version), start loa anew and look at the next post
    ");
    assert_eq!(health(&daemon).await.0, 1);
    daemon.stops().await;
}

#[tokio::test]
async fn single_runs_look_at_the_token_once_a_day() {
    let house = House::settled("").await;
    let soon = days_from_now(&house, 3);
    house.page.switch(|switches| switches.token_ends = soon);
    house.once().await;
    assert_eq!(looks(&house), 0, "that was today");
    house.wait(DAY);
    let told = house.once().await;
    assert_eq!(looks(&house), 1);
    assert!(
        at(&told.document, "/notices/0")
            .to_string()
            .contains("days left: 2"),
        "{:#}",
        told.document
    );
    house.once().await;
    assert_eq!(looks(&house), 1);
}

#[tokio::test]
async fn a_look_that_tells_nothing_is_made_again_and_none_is_made_while_the_page_wants_rest() {
    let house = House::settled("").await;
    house.mood_on(Kind::Inspect, Whim::Html { done: false }, 2);
    let daemon = Running::in_house(&house).await;
    daemon.passes(&house, 60).await;
    assert_eq!(looks(&house), 1);
    let limit = Whim::RateLimit {
        code: 4,
        minutes: 150,
    };
    house.mood_on(Kind::Inspect, limit.clone(), 2);
    house.wait(HOUR);
    daemon.passes(&house, 30).await;
    assert_eq!(looks(&house), 2);
    house.wait(HOUR);
    daemon.passes(&house, 30).await;
    assert_eq!(looks(&house), 2, "the Page wants rest");
    house.wait(2 * HOUR);
    daemon.passes(&house, 30).await;
    assert_eq!(looks(&house), 3);
    assert_eq!(health(&daemon).await.0, 0);
    daemon.stops().await;
}

/// An article that came out just now.
fn fresh(house: &House, number: u32, title: &'static str) -> Entry {
    Entry {
        published: house.now().to_string(),
        ..entry(number, title)
    }
}

#[tokio::test]
async fn a_token_that_dies_is_told_at_once_and_after_a_log_in_the_queue_goes_out_oldest_first() {
    let house = House::with(Wishes {
        page: "spacing = \"10m\"\nmax_age = \"3d\"",
        ..Wishes::default()
    })
    .await;
    house.settle_in().await;
    let daemon = Running::in_house(&house).await;
    daemon.passes(&house, 60).await;
    house.page.switch(|switches| switches.token_dead = true);
    let old = fresh(&house, 1, "Một");
    house.site.feed(std::slice::from_ref(&old));
    house.wait(HOUR);
    daemon.passes(&house, 60).await;
    let told = notices(&daemon).await;
    assert!(told[0].contains("nothing is lost"), "{told:?}");
    assert_eq!(health(&daemon).await.0, 1);

    days_pass(&daemon, &house, 4).await;
    let news = [fresh(&house, 3, "Ba"), fresh(&house, 2, "Hai"), old];
    house.site.feed(&news);
    house.wait(HOUR);
    daemon.passes(&house, 60).await;
    let told = notices(&daemon).await.len();
    assert!(told <= 10, "a reminder a day is enough: {told}");
    assert_eq!(house.shown(), [""; 0]);

    house.page.switch(|switches| switches.token_dead = false);
    daemon.ask(Request::Renewed { page: None }).await;
    assert_eq!(health(&daemon).await.0, 0);
    daemon.passes(&house, 10).await;
    assert_eq!(house.shown(), ["Hai"]);
    daemon.passes(&house, 9 * 60).await;
    assert_eq!(house.shown(), ["Hai"]);
    daemon.passes(&house, 2 * 60).await;
    assert_eq!(house.shown(), ["Hai", "Ba"]);
    let held = Request::List {
        page: None,
        state: Some("held".to_owned()),
    };
    let held = daemon.ask(held).await.document;
    assert_eq!(at(&held, "/records/0/title"), "Một");
    assert_eq!(at(&held, "/records/0/reason"), "too-old");
    daemon.stops().await;
}
