//! Several hands at once: one post.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStderr, Stdio};
use std::sync::Arc;

use loa::desk::Request;
use loa::desk::assemble::Office;
use loa::desk::request::{Pick, PostOrder, Subject, Verb};
use loa::rehearsal::mood::{Kind, Whim};
use serde_json::Value;

use crate::house::{House, Ran, at, close};
use crate::site::entry;

/// A running daemon, ready to be asked.
struct Daemon {
    process: Child,
    log: BufReader<ChildStderr>,
}

impl Daemon {
    fn start(house: &House) -> Self {
        let mut process = house.program(&["run"]).spawn().unwrap();
        let log = BufReader::new(process.stderr.take().unwrap());
        let mut daemon = Self { process, log };
        daemon.says("Loa is running");
        daemon
    }

    /// Reads its log as far as this.
    fn says(&mut self, what: &str) {
        let mut said = String::new();
        while !said.contains(what) {
            said.clear();
            assert_ne!(self.log.read_line(&mut said).unwrap(), 0, "it ended");
        }
    }

    /// Asks it to stop, as a supervisor does.
    fn ask_to_stop(&mut self) {
        let id = self.process.id().to_string();
        let sent = std::process::Command::new("kill")
            .args(["-TERM", &id])
            .status()
            .unwrap();
        assert!(sent.success());
        self.says("stopping");
    }

    /// Asks it to stop and waits until it has.
    fn stop(mut self) -> i32 {
        self.ask_to_stop();
        self.process.wait().unwrap().code().unwrap_or(-1)
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        // A story that failed leaves nothing running behind.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_running_loa_answers_every_other_command_and_stops_when_asked() {
    let house = House::settled("").await;
    let daemon = Daemon::start(&house);

    let mut post = house
        .program(&["post", "-", "--json"])
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    post.stdin
        .take()
        .unwrap()
        .write_all("Mời họp dân".as_bytes())
        .unwrap();
    let posted = Ran::of(post.wait_with_output().unwrap());
    assert_eq!(posted.code, 0, "{}", posted.out);
    assert_eq!(at(&posted.document(), "/state"), "published");
    assert_eq!(house.shown(), ["Mời họp dân"]);

    let second = house.run(&["run"]);
    assert_eq!(second.code, 75);
    assert!(
        second
            .err
            .contains(&format!("process {}", daemon.process.id())),
        "{}",
        second.err
    );
    assert_eq!(house.run(&["healthcheck"]).code, 0);
    let why = house.run(&["why", "họp dân", "--json"]);
    assert_eq!(at(&why.document(), "/title"), "Mời họp dân");
    for command in [
        ["ledger", "list", "--json"].as_slice(),
        &["ledger", "list", "--only", "published"],
        &["ledger", "export"],
        &["template", "check"],
    ] {
        let asked = house.run(command);
        assert_eq!(asked.code, 0, "{command:?}: {} {}", asked.out, asked.err);
    }
    let in_use = house.run(&["ledger", "verify"]);
    assert_eq!(in_use.code, 75, "the ledger as a whole: {}", in_use.err);
    let paused = house.run(&["pause", "--for", "2h", "--json"]);
    assert!(at(&paused.document(), "/pages/0/paused").is_string());
    assert_eq!(house.run(&["once", "--json"]).code, 0);

    assert_eq!(daemon.stop(), 0);
    assert_eq!(
        house.run(&["healthcheck"]).code,
        1,
        "nobody answers any more"
    );
    let after = house.run(&["resume", "--json"]);
    assert!(
        at(&after.document(), "/pages/0/paused").is_null(),
        "the state is free again"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_daemon_posts_by_itself_and_when_asked_to_stop_finishes_the_post_in_hand() {
    let house = House::new().await;
    // The last poll lies years back: what is due is polled at the start.
    house.clock.set("2020-01-01T00:00:00Z".parse().unwrap());
    house.settle_in().await;
    house.site.feed(&[entry(2, "Hai"), entry(1, "Một")]);
    house.mood(Whim::Slow { seconds: 20 });
    let mut daemon = Daemon::start(&house);
    house.page.keeps_waiting().await;
    daemon.ask_to_stop();
    house.wait(20);
    assert_eq!(daemon.process.wait().unwrap().code(), Some(0));
    assert_eq!(house.shown(), ["Một"], "the next one was not begun");
    let records = house.run(&["ledger", "list", "--json"]).document();
    let states: Vec<&Value> = at(&records, "/records")
        .as_array()
        .unwrap()
        .iter()
        .map(|record| at(record, "/state"))
        .collect();
    assert_eq!(states, ["published", "queued"]);
    assert_eq!(house.run(&["once"]).code, 0);
    assert_eq!(house.shown(), ["Một", "Hai"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn four_orders_and_two_runs_at_once_make_one_post() {
    let house = House::settled("").await;
    house.site.feed(&[entry(1, "Một")]);
    let office = house.open().await;
    let order = Request::Post(PostOrder {
        what: Subject::Address(house.site.link(&entry(1, "Một"))),
        ..PostOrder::default()
    });
    let requests = [
        order.clone(),
        Request::Once,
        order.clone(),
        order.clone(),
        Request::Once,
        order,
    ];
    let mut asked = Vec::new();
    for request in requests {
        let desk = Arc::clone(&office.desk);
        asked.push(tokio::spawn(async move { desk.answer(request).await }));
    }
    for answer in asked {
        answer.await.unwrap();
    }
    assert_eq!(house.shown(), ["Một"]);
    assert_eq!(house.calls("POST", "/feed"), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_running_loa_answers_in_the_askers_language_and_is_well_whatever_the_settings_have_become()
 {
    let mut house = House::new().await;
    house.settle_in().await;
    let daemon = Daemon::start(&house);
    let asked = |language| house.run(&["ledger", "list", "--only", "nonsense", "--lang", language]);
    assert!(asked("vi").err.contains("Không có trạng thái “nonsense”"));
    assert!(asked("en").err.contains("There is no state “nonsense”"));

    house.change_settings("spacing =", "spacign =");
    assert_eq!(house.run(&["once"]).code, 78);
    let health = house.run(&["healthcheck"]);
    assert_eq!(health.code, 0, "{}", health.err);
    assert_eq!(daemon.stop(), 0);
}

/// Lets loa run, does something while it reads the Page, and lets it go on.
async fn meanwhile(house: &House, request: Request) {
    house.mood_on(Kind::Read, Whim::Slow { seconds: 20 }, 1);
    house.site.feed(&[entry(1, "Một")]);
    let office = house.open().await;
    let run = Arc::clone(&office.desk);
    let run = tokio::spawn(async move { run.answer(Request::Once).await });
    house.page.keeps_waiting().await;
    let hand = Arc::clone(&office.desk);
    let hand = tokio::spawn(async move { hand.answer(request).await });
    while !hand.is_finished() && !has_another_word(&office).await {
        tokio::task::yield_now().await;
    }
    house.wait(20);
    for answer in [run.await.unwrap(), hand.await.unwrap()] {
        assert_eq!(answer.exit.code(), 0, "{:#}", answer.document);
    }
    close(office).await;
}

/// Whether the only record is no longer as loa took it up.
async fn has_another_word(office: &Office) -> bool {
    let list = Request::List {
        page: None,
        state: None,
    };
    let list = office.desk.answer(list).await;
    let why = Request::Why {
        what: at(&list.document, "/records/0/article")
            .as_str()
            .unwrap()
            .to_owned(),
    };
    let story = office.desk.answer(why).await;
    let events = at(&story.document, "/events").as_array().unwrap();
    events.iter().any(|event| event["what"] == "requeued")
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_person_holds_while_the_page_is_being_read_is_held() {
    let house = House::settled("").await;
    let hold = Request::Change {
        verb: Verb::Hold,
        pick: Pick {
            articles: vec![house.site.link(&entry(1, "Một"))],
            ..Pick::default()
        },
    };
    meanwhile(&house, hold).await;
    assert!(house.shown().is_empty());
    let once = house.once().await;
    assert_eq!(at(&once.document, "/pages/0/held"), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_words_that_a_person_gives_while_the_page_is_being_read_go_out() {
    let house = House::settled("").await;
    let order = Request::Post(PostOrder {
        what: Subject::Address(house.site.link(&entry(1, "Một"))),
        message: Some("Lời của tôi".to_owned()),
        ..PostOrder::default()
    });
    meanwhile(&house, order).await;
    assert_eq!(house.shown(), ["Lời của tôi"]);
}

/// Everybody at once, each in a process of its own: orders for one article, and whole runs.
fn everybody(house: &House) -> Vec<Ran> {
    let link = house.site.link(&entry(1, "Một"));
    let order = ["post", link.as_str(), "--json"];
    let run = ["once", "--json"];
    let commands: [&[&str]; 5] = [&order, &run, &order, &run, &order];
    let started: Vec<Child> = commands
        .iter()
        .map(|command| house.program(command).spawn().unwrap())
        .collect();
    started
        .into_iter()
        .map(|child| Ran::of(child.wait_with_output().unwrap()))
        .collect()
}

/// Published by it, by another, or still in another's hands.
fn all_went_well(ran: &[Ran]) {
    for one in ran {
        assert!([0, 65, 75].contains(&one.code), "{}: {}", one.code, one.out);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn processes_that_race_for_one_article_make_one_post() {
    let house = House::settled("").await;
    house.site.feed(&[entry(1, "Một")]);
    all_went_well(&everybody(&house));
    assert_eq!(house.shown(), ["Một"]);
    assert_eq!(house.calls("POST", "/feed"), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn so_do_processes_that_race_with_the_daemon() {
    let house = House::new().await;
    // The last poll lies years back: the daemon polls, and posts, as soon as it runs.
    house.clock.set("2020-01-01T00:00:00Z".parse().unwrap());
    house.settle_in().await;
    house.site.feed(&[entry(1, "Một")]);
    let daemon = Daemon::start(&house);
    all_went_well(&everybody(&house));
    assert_eq!(daemon.stop(), 0);
    assert_eq!(house.shown(), ["Một"]);
    assert_eq!(house.calls("POST", "/feed"), 1);
}

#[tokio::test]
async fn of_two_loas_with_a_ledger_each_one_notices_the_other_and_stops() {
    let house = House::settled("").await;
    house.bring_out(&[entry(1, "Một")]).await;
    let other = house.open_on(&house.dir.path().join("other")).await;
    other.desk.answer(Request::Once).await;
    house.site.feed(&[entry(2, "Hai"), entry(1, "Một")]);
    other.desk.answer(Request::Once).await;
    assert_eq!(house.shown(), ["Một", "Hai"], "the other was quicker");

    house.wait(120);
    let noticed = house.once().await;
    assert!(at(&noticed.document, "/pages/0/paused").is_string());
    let notice = at(&noticed.document, "/notices/0").as_str().unwrap();
    assert!(notice.contains("another loa may be running"), "{notice}");
    house.bring_out(&[entry(3, "Ba"), entry(2, "Hai")]).await;
    assert_eq!(house.shown(), ["Một", "Hai"], "it stays out of the way");
    other.desk.answer(Request::Once).await;
    assert_eq!(house.shown(), ["Một", "Hai", "Ba"]);
    close(other).await;
}
