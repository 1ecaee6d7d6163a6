//! Several hands at once: one post.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Stdio};
use std::sync::Arc;

use loa::desk::Request;
use loa::desk::request::{PostOrder, Subject};

use crate::house::{House, Ran, at};
use crate::site::entry;

/// A running daemon, ready to be asked.
struct Daemon(Child);

impl Daemon {
    fn start(house: &House) -> Self {
        let mut child = house.program(&["run"]).spawn().unwrap();
        let mut said = String::new();
        let mut log = BufReader::new(child.stderr.take().unwrap());
        while !said.contains("Loa is running") {
            said.clear();
            assert_ne!(log.read_line(&mut said).unwrap(), 0, "it ended");
        }
        // Nobody reads on: a full pipe would stop it.
        std::thread::spawn(move || log.lines().count());
        Self(child)
    }

    /// Asks it to stop, as a supervisor does, and waits until it has.
    fn stop(mut self) -> i32 {
        let id = self.0.id().to_string();
        let sent = std::process::Command::new("kill")
            .args(["-TERM", &id])
            .status()
            .unwrap();
        assert!(sent.success());
        self.0.wait().unwrap().code().unwrap_or(-1)
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        // A story that failed leaves nothing running behind.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_running_loa_answers_every_other_command_and_stops_when_asked() {
    let house = House::new().await;
    house.settle_in().await;
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
        second.err.contains(&format!("process {}", daemon.0.id())),
        "{}",
        second.err
    );
    assert_eq!(house.run(&["healthcheck"]).code, 0);
    let why = house.run(&["why", "họp dân", "--json"]);
    assert_eq!(at(&why.document(), "/title"), "Mời họp dân");
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
async fn the_daemon_posts_by_itself_what_the_feed_brings() {
    let house = House::new().await;
    house.settle_in().await;
    house.site.feed(&[entry(2, "Hai"), entry(1, "Một")]);
    // What is due is polled at the start: the last poll lies ten minutes back.
    house.clock.set("2020-01-01T00:00:00Z".parse().unwrap());
    house.once().await;
    assert_eq!(house.shown(), ["Một", "Hai"]);
    let daemon = Daemon::start(&house);
    assert_eq!(house.run(&["healthcheck", "--json"]).code, 0);
    assert_eq!(daemon.stop(), 0);
    assert_eq!(house.shown(), ["Một", "Hai"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn four_orders_and_two_runs_at_once_make_one_post() {
    let house = House::new().await;
    house.settle_in().await;
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
