//! The daemon in this process, on a clock that the story moves.

use std::sync::Arc;

use jiff::SignedDuration;
use loa::daemon::{self, DaemonError};
use loa::desk::assemble::Office;
use loa::desk::request::{PostOrder, Subject};
use loa::desk::{Answer, Request};
use loa::rehearsal::mood::{Kind, Whim};
use tokio::net::UnixListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::house::House;
use crate::site::{Entry, entry};

/// Whose naps end every few seconds: the poller, the reader of pages, the publisher and whoever
/// watches the token.
const SLEEPERS: usize = 4;
/// The longest nap.
const NAP: u64 = 5;

/// A feed is due this long after its last poll.
const POLL: u64 = 20 * 60;

/// A running daemon.
pub(crate) struct Running {
    office: Office,
    stop: CancellationToken,
    ended: JoinHandle<Result<(), DaemonError>>,
}

impl Running {
    pub(crate) async fn in_house(house: &House) -> Self {
        let office = house.open().await;
        let socket = house.dir.path().join("daemon.sock");
        // One that was stopped leaves its own behind.
        let _ = std::fs::remove_file(&socket);
        let (desk, listener) = (
            Arc::clone(&office.desk),
            UnixListener::bind(socket).unwrap(),
        );
        let stop = CancellationToken::new();
        Self {
            office,
            ended: tokio::spawn(daemon::run(desk, listener, stop.clone())),
            stop,
        }
    }

    /// Lets so many seconds pass, a nap at a time.
    pub(crate) async fn passes(&self, house: &House, seconds: u64) {
        self.falls_asleep(house).await;
        for _ in 0..seconds / NAP {
            house.wait(NAP);
            self.falls_asleep(house).await;
        }
    }

    pub(crate) async fn falls_asleep(&self, house: &House) {
        let calls = house.page.calls().len();
        // Whoever was woken gets up first.
        tokio::task::yield_now().await;
        while house.clock.sleepers() < SLEEPERS {
            assert!(house.page.calls().len() < calls + 100, "it never rests");
            assert!(!self.ended.is_finished(), "it ended");
            tokio::task::yield_now().await;
        }
    }

    pub(crate) async fn ask(&self, request: Request) -> Answer {
        self.office.desk.answer(request).await
    }

    pub(crate) async fn stops(self) {
        self.stop.cancel();
        self.ended.await.unwrap().unwrap();
        crate::house::close(self.office).await;
    }
}

fn reads(house: &House) -> usize {
    house.calls("GET", "/published_posts")
}

#[tokio::test]
async fn a_page_that_may_not_be_read_is_asked_every_quarter_of_an_hour_until_a_person_acts() {
    let house = House::settled("").await;
    house.wait(POLL);
    house.site.feed(&[entry(1, "Một")]);
    house.mood_on(Kind::Read, Whim::NotPermitted, 2);
    let daemon = Running::in_house(&house).await;
    daemon.passes(&house, 20 * 60).await;
    assert_eq!(reads(&house), 2, "at once, and a quarter of an hour later");
    daemon.ask(Request::Resume { page: None }).await;
    daemon.passes(&house, 60).await;
    assert_eq!(house.shown(), ["Một"]);
    daemon.stops().await;
}

#[tokio::test]
async fn a_page_that_is_out_of_reach_for_hours_is_told_and_then_goes_on_by_itself() {
    let house = House::settled("").await;
    house.wait(POLL);
    house.site.feed(&[entry(1, "Một")]);
    house.mood_on(Kind::Read, Whim::HangUp { done: false }, 10_000);
    let daemon = Running::in_house(&house).await;
    daemon.passes(&house, 2 * 3600).await;
    assert_eq!(daemon.ask(Request::Health).await.exit.code(), 0);
    daemon.passes(&house, 2 * 3600).await;
    let ill = daemon.ask(Request::Health).await;
    assert_eq!(ill.exit.code(), 1);
    assert!(ill.document.to_string().contains("not been reached"));
    let journal = daemon.ask(Request::Export).await.document.to_string();
    assert_eq!(journal.matches("Nothing is lost").count(), 1, "told once");
    house.page.forget_moods();
    daemon.passes(&house, 120).await;
    assert_eq!(house.shown(), ["Một"]);
    assert_eq!(daemon.ask(Request::Health).await.exit.code(), 0);
    daemon.stops().await;
}

#[tokio::test]
async fn a_page_in_trouble_is_looked_at_less_and_less_often_and_the_daemon_can_be_stopped() {
    let house = House::settled("").await;
    house.bring_out(&[entry(1, "Một")]).await;
    house.wait(POLL);
    house.site.feed(&[entry(2, "Hai"), entry(1, "Một")]);
    house.mood(Whim::HangUp { done: false });
    house.mood_on(Kind::Read, Whim::Slow { seconds: 0 }, 1);
    house.mood_on(Kind::Read, Whim::ShowsNothing, 10_000);
    let daemon = Running::in_house(&house).await;
    daemon.passes(&house, 25 * 60).await;
    let looks = reads(&house);
    assert!((5..20).contains(&looks), "{looks} looks");
    assert_eq!(house.calls("POST", "/feed"), 2, "one for each article");
    daemon.stops().await;
}

#[tokio::test]
async fn while_a_page_asks_for_rest_nobody_looks_at_it() {
    let house = House::settled("").await;
    house.bring_out(&[entry(1, "Một")]).await;
    house.wait(POLL);
    house.site.feed(&[entry(2, "Hai"), entry(1, "Một")]);
    house.mood(Whim::HangUp { done: true });
    house.mood_on(Kind::Read, Whim::Slow { seconds: 0 }, 1);
    let limit = Whim::RateLimit {
        code: 80_001,
        minutes: 30,
    };
    house.mood_on(Kind::Read, limit, 1);
    let daemon = Running::in_house(&house).await;
    daemon.passes(&house, 60).await;
    let calls = house.page.calls().len();
    daemon.passes(&house, 28 * 60).await;
    assert_eq!(house.page.calls().len(), calls);
    daemon.passes(&house, 120).await;
    assert_eq!(house.calls("POST", "/feed"), 2, "it was found");
    daemon.stops().await;
}

#[tokio::test]
async fn a_limit_met_while_a_person_pauses_the_page_does_not_end_that_pause() {
    let house = House::settled("").await;
    house.wait(POLL);
    house.site.feed(&[entry(2, "Hai"), entry(1, "Một")]);
    house.mood(Whim::HangUp { done: true });
    house.mood_on(Kind::Read, Whim::Slow { seconds: 0 }, 1);
    house.mood_on(Kind::Read, Whim::Html { done: false }, 1);
    let limit = Whim::RateLimit {
        code: 80_001,
        minutes: 30,
    };
    house.mood_on(Kind::Read, limit, 1);
    let daemon = Running::in_house(&house).await;
    daemon.passes(&house, 10).await;
    let pause = Request::Pause {
        page: None,
        for_secs: None,
        why: None,
    };
    daemon.ask(pause).await;
    daemon.passes(&house, 3600).await;
    assert_eq!(house.shown(), ["Một"], "its answer was lost");
    daemon.ask(Request::Resume { page: None }).await;
    daemon.passes(&house, 120).await;
    assert_eq!(house.shown(), ["Một", "Hai"]);
    daemon.stops().await;
}

#[tokio::test]
async fn a_site_that_asks_for_a_day_of_silence_gets_it() {
    let house = House::settled("").await;
    house.wait(POLL);
    house.site.fail(503, Some("86400"));
    let asked = house.site.asked("/rss");
    let daemon = Running::in_house(&house).await;
    daemon.passes(&house, 3600).await;
    assert_eq!(house.site.asked("/rss"), asked + 1);
    daemon.stops().await;
}

#[tokio::test]
async fn a_pause_that_comes_while_pictures_are_being_uploaded_is_kept() {
    let house = House::settled("").await;
    house.wait(POLL);
    house.site.feed(&[Entry {
        picture: Some("/anh.jpg".to_owned()),
        ..entry(1, "Một")
    }]);
    house.mood_on(Kind::Upload, Whim::Slow { seconds: 20 }, 1);
    let daemon = Running::in_house(&house).await;
    daemon.falls_asleep(&house).await;
    house.wait(NAP);
    house.page.keeps_waiting().await;
    let pause = Request::Pause {
        page: None,
        for_secs: None,
        why: None,
    };
    daemon.ask(pause).await;
    daemon.passes(&house, 300).await;
    assert_eq!(house.calls("POST", "/feed"), 0);
    daemon.ask(Request::Resume { page: None }).await;
    daemon.passes(&house, 60).await;
    assert_eq!(house.shown(), ["Một"]);
    daemon.stops().await;
}

#[tokio::test]
async fn an_order_for_later_that_the_page_shows_by_then_is_not_lost_without_a_word() {
    let house = House::settled("").await;
    house.site.feed(&[entry(1, "Một")]);
    let link = house.site.link(&entry(1, "Một"));
    let own_words = PostOrder {
        at: house.now().checked_add(SignedDuration::from_mins(10)).ok(),
        message: Some("Lời của tôi".to_owned()),
        ..order(&link)
    };
    let daemon = Running::in_house(&house).await;
    let queued = daemon.ask(Request::Post(own_words)).await;
    assert_eq!(queued.exit.code(), 0, "{:#}", queued.document);
    house.page.post_by_hand("Mời bà con", Some(&link)).unwrap();
    daemon.passes(&house, 15 * 60).await;
    assert_eq!(house.shown(), ["Mời bà con"]);
    let journal = daemon.ask(Request::Export).await.document.to_string();
    assert!(journal.contains("for it were not sent"), "{journal}");
    daemon.stops().await;
}

#[tokio::test]
async fn again_and_later_means_a_new_post_although_the_page_shows_one() {
    let house = House::settled("").await;
    house.site.feed(&[entry(1, "Một")]);
    let link = house.site.link(&entry(1, "Một"));
    house.page.post_by_hand("Mời bà con", Some(&link)).unwrap();
    let again = PostOrder {
        at: house.now().checked_add(SignedDuration::from_mins(10)).ok(),
        again: true,
        ..order(&link)
    };
    let daemon = Running::in_house(&house).await;
    daemon.ask(Request::Post(again)).await;
    daemon.passes(&house, 9 * 60).await;
    assert_eq!(house.shown(), ["Mời bà con"]);
    daemon.passes(&house, 2 * 60).await;
    assert_eq!(house.shown(), ["Mời bà con", "Một"]);
    daemon.stops().await;
}

fn order(link: &str) -> PostOrder {
    PostOrder {
        what: Subject::Address(link.to_owned()),
        ..PostOrder::default()
    }
}
