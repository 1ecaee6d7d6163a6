//! What a restart finds, and what it never does: post again.

use std::fs;

use loa::desk::Request;
use loa::desk::assemble::AssembleError;

use crate::house::{House, NEWCOMER, at};
use crate::site::entry;

async fn house_with_two_posts() -> House {
    let house = House::settled("").await;
    house.bring_out(&[entry(2, "Hai"), entry(1, "Một")]).await;
    assert_eq!(house.shown(), ["Một", "Hai"]);
    house
}

#[tokio::test]
async fn nothing_is_posted_again_after_a_restart() {
    let house = house_with_two_posts().await;
    for _ in 0..3 {
        house.bring_out(&[entry(2, "Hai"), entry(1, "Một")]).await;
    }
    assert_eq!(house.shown(), ["Một", "Hai"]);
}

#[tokio::test]
async fn a_lost_index_is_made_again_from_the_journal() {
    let house = house_with_two_posts().await;
    fs::remove_dir_all(house.state().join("ledger/index")).unwrap();
    let answer = house
        .bring_out(&[entry(3, "Ba"), entry(2, "Hai"), entry(1, "Một")])
        .await;
    assert_eq!(answer.exit.code(), 0, "{:#}", answer.document);
    assert_eq!(house.shown(), ["Một", "Hai", "Ba"]);
}

#[tokio::test]
async fn a_lost_journal_is_recovered_and_a_person_looks_before_anything_is_sent() {
    let house = house_with_two_posts().await;
    fs::remove_dir_all(house.state().join("ledger/journal")).unwrap();
    let answer = house
        .bring_out(&[entry(3, "Ba"), entry(2, "Hai"), entry(1, "Một")])
        .await;
    assert!(
        at(&answer.document, "/pages/0/paused").is_string(),
        "{:#}",
        answer.document
    );
    assert_eq!(house.shown(), ["Một", "Hai"]);
    house.ask(Request::Resume { page: None }).await;
    house.once().await;
    assert_eq!(house.shown(), ["Một", "Hai", "Ba"]);
}

#[tokio::test]
async fn after_a_recovery_a_person_looks_also_at_a_page_that_is_missing_from_the_settings() {
    let mut house = House::new().await;
    house.change_settings("[facebook]", NEWCOMER);
    house.settle_in().await;
    house.bring_out(&[entry(1, "Một")]).await;
    house.change_settings(NEWCOMER, "[facebook]");
    fs::remove_dir_all(house.state().join("ledger/journal")).unwrap();
    house.once().await;
    house.change_settings("[facebook]", NEWCOMER);
    let answer = house.once().await;
    for page in ["/pages/0/paused", "/pages/1/paused"] {
        let paused = at(&answer.document, page);
        assert!(paused.is_string(), "{page}: {:#}", answer.document);
    }
}

#[tokio::test]
async fn a_lost_ledger_is_no_new_installation() {
    let house = house_with_two_posts().await;
    for lost in ["journal", "index"] {
        fs::remove_dir_all(house.state().join("ledger").join(lost)).unwrap();
    }
    let Err(error) = house.try_open().await else {
        panic!("it opened");
    };
    assert_eq!(error.exit().code(), 74);
    assert!(
        error.to_string().contains("loa ledger init --adopt"),
        "{error}"
    );
}

#[tokio::test]
async fn a_ledger_made_anew_takes_what_the_page_shows_as_known() {
    let house = house_with_two_posts().await;
    fs::rename(house.state(), house.dir.path().join("lost")).unwrap();
    house.once().await;
    house
        .bring_out(&[entry(3, "Ba"), entry(2, "Hai"), entry(1, "Một")])
        .await;
    assert_eq!(house.shown(), ["Một", "Hai", "Ba"]);
}

#[tokio::test]
async fn a_restored_backup_is_noticed_and_posts_nothing_again() {
    let house = House::settled("").await;
    house.bring_out(&[entry(1, "Một")]).await;
    let backup = house.dir.path().join("backup");
    copy(&house.state(), &backup);
    house.bring_out(&[entry(2, "Hai"), entry(1, "Một")]).await;
    fs::remove_dir_all(house.state()).unwrap();
    copy(&backup, &house.state());
    house.wait(120);
    let answer = house
        .bring_out(&[entry(3, "Ba"), entry(2, "Hai"), entry(1, "Một")])
        .await;
    assert!(
        at(&answer.document, "/pages/0/paused").is_string(),
        "{:#}",
        answer.document
    );
    assert_eq!(house.shown(), ["Một", "Hai"]);
    house.ask(Request::Resume { page: None }).await;
    house.once().await;
    assert_eq!(house.shown(), ["Một", "Hai", "Ba"]);
}

fn copy(from: &std::path::Path, to: &std::path::Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else if entry.file_type().unwrap().is_file() {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

#[tokio::test]
async fn a_second_loa_on_the_same_state_is_told_who_was_first() {
    let house = house_with_two_posts().await;
    let office = house.open().await;
    let Err(error) = house.try_open().await else {
        panic!("two at once");
    };
    assert!(matches!(error, AssembleError::Ledger(_)));
    assert_eq!(error.exit().code(), 75);
    assert!(
        error
            .to_string()
            .contains(&format!("process {}", std::process::id())),
        "{error}"
    );
    drop(office);
}
