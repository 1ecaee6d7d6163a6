//! Killed at the worst moment: while the call that publishes is on its way.

use loa::rehearsal::mood::Whim;

use crate::house::{House, at};
use crate::site::entry;

/// A house in which loa was killed with the final call unanswered.
async fn killed(done: bool) -> House {
    let house = House::settled("").await;
    house.site.feed(&[entry(2, "Hai"), entry(1, "Một")]);
    house.mood(Whim::Silence { done });
    let mut child = house.program(&["once", "--json"]).spawn().unwrap();
    house.page.keeps_waiting().await;
    // SIGKILL: no destructor runs, no file is closed in order.
    child.kill().unwrap();
    child.wait().unwrap();
    house
}

/// Runs and waits, as the Page counts time, until everything has settled.
fn runs(house: &House) {
    for _ in 0..12 {
        house.wait(120);
        house.run(&["once", "--json"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_post_that_was_made_is_found_by_the_next_start() {
    let house = killed(true).await;
    assert_eq!(house.shown(), ["Một"], "it was there before the kill");
    let next = house.run(&["once", "--json"]);
    assert_eq!(next.code, 0, "{} {}", next.out, next.err);
    runs(&house);
    assert_eq!(house.shown(), ["Một", "Hai"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_post_that_was_not_made_is_sent_once_its_absence_is_proved() {
    let house = killed(false).await;
    let next = house.run(&["once", "--json"]);
    assert_eq!(next.code, 75, "{} {}", next.out, next.err);
    assert_eq!(at(&next.document(), "/pages/0/unresolved"), 1);
    assert!(
        !house.shown().contains(&"Một".to_owned()),
        "nothing is sent on hope"
    );
    runs(&house);
    let mut shown = house.shown();
    shown.sort();
    assert_eq!(shown, ["Hai", "Một"]);
}
