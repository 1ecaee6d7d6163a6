//! Answers that lie, and every combination of two of them in a row: for the final call, and for
//! the call that sends it again. In the end the Page shows the article once, or nobody can tell
//! and a person decides; and it shows what was sent first, whatever the template says by then.

use std::sync::Arc;

use futures::future::join_all;
use loa::desk::Request;
use loa::desk::assemble::Office;
use loa::desk::request::{PostOrder, Subject};
use loa::faults::{Protection, without};
use loa::rehearsal::mood::{Kind, Mood, Whim};
use serde_json::Value;
use tokio::sync::Semaphore;

use super::size;
use crate::house::{House, Wishes, at, close};
use crate::site::{Entry, entry};

/// Stories that are told at the same time.
const AT_ONCE: usize = 4;
/// Seconds from one look to the next, until "absent" is believed.
const PACES: [u64; 4] = [15, 45, 180, 360];
/// How often that may be: twice sent again, and once more.
const ROUNDS_MAX: usize = 4;
/// Seconds that a Page may take to show what it has.
const LATE: u64 = 30;

/// Answers from which nobody can tell whether the post was made.
fn unclear(done: bool) -> Vec<Whim> {
    let at_once = Whim::lies(done).into_iter();
    at_once.chain([Whim::Silence { done }]).collect()
}

/// Refusals that say it is there already.
fn repeats() -> Vec<Whim> {
    vec![Whim::Duplicate, Whim::AlreadyPosted, Whim::PhotosPosted]
}

/// What the Page answers to the first call and to the one after it.
#[derive(Debug, Clone)]
struct Case {
    first: Whim,
    second: Whim,
    /// Seconds until a post shows.
    late: u64,
    picture: bool,
}

/// A call that is answered as it should be.
const PLAIN: Whim = Whim::ShowsLate { seconds: 0 };

fn cases() -> Vec<Case> {
    let case = |first: &Whim, second: &Whim, late, picture| Case {
        first: first.clone(),
        second: second.clone(),
        late,
        picture,
    };
    let mut cases = Vec::new();
    for first in unclear(true).iter().chain(&repeats()) {
        cases.extend([0, LATE].map(|late| case(first, &PLAIN, late, false)));
    }
    let seconds = [unclear(false), unclear(true), repeats(), vec![PLAIN]].concat();
    let thinned = usize::try_from(size(4, 1)).unwrap();
    for (place, first) in unclear(false).iter().enumerate() {
        for (other, second) in seconds.iter().enumerate() {
            cases.push(case(first, second, 0, false));
            if (place + other).is_multiple_of(thinned) {
                cases.push(case(first, second, LATE, true));
            }
        }
    }
    cases
}

/// Whether the post is on the Page once this was the answer.
fn is_done(whim: &Whim) -> bool {
    *whim == PLAIN || unclear(true).contains(whim)
}

/// What became of an article.
#[derive(Debug, PartialEq)]
struct End {
    state: String,
    shown: usize,
    sent: usize,
}

fn expected(case: &Case) -> End {
    let end = |state: &str, shown, sent| End {
        state: state.to_owned(),
        shown,
        sent,
    };
    let [first, second] = [&case.first, &case.second];
    if is_done(first) {
        end("published", 1, 1)
    } else if repeats().contains(first) {
        end("held", 0, 1)
    } else if is_done(second) {
        end("published", 1, 2)
    } else if repeats().contains(second) {
        end("held", 0, 2)
    } else {
        end("published", 1, 3)
    }
}

async fn house() -> House {
    House::with(Wishes {
        feed: "read_pages = false",
        ..Wishes::default()
    })
    .await
}

/// One run. Who gets no answer dies while it waits for one, and another takes its place.
async fn run(house: &House, office: Office) -> Office {
    let desk = Arc::clone(&office.desk);
    let run = tokio::spawn(async move { desk.answer(Request::Once).await });
    tokio::pin!(run);
    tokio::select! {
        _ = &mut run => return office,
        () = house.page.keeps_waiting() => {}
    }
    run.abort();
    let _ = run.await;
    close(office).await;
    house.open().await
}

async fn record(office: &Office) -> Value {
    let list = Request::List {
        page: None,
        state: None,
    };
    let document = office.desk.answer(list).await.document;
    at(&document, "/records/0").clone()
}

async fn told(case: &Case) -> End {
    let house = house().await;
    let mut office = run(&house, house.open().await).await;
    house.page.show_after(case.late);
    house.mood(case.first.clone());
    house.mood(case.second.clone());
    house.site.feed(&[Entry {
        picture: case.picture.then(|| "/anh.jpg".to_owned()),
        ..entry(1, "Một")
    }]);
    office = run(&house, office).await;
    change_the_template(&house);
    let record = settled(&house, office).await;
    all_sent_is_one_text(&house);
    if let Some(post) = house.page.posts().first() {
        assert_eq!(at(&record, "/post_id"), post.id.as_str(), "{case:?}");
    }
    End {
        state: at(&record, "/state").as_str().unwrap().to_owned(),
        shown: house.page.posts().len(),
        sent: house.calls("POST", "/feed"),
    }
}

/// Runs until the article has its end, and a while longer, in which nothing may happen any more.
async fn settled(house: &House, mut office: Office) -> Value {
    for pace in PACES.repeat(ROUNDS_MAX) {
        house.wait(pace);
        office = run(house, office).await;
        let state = at(&record(&office).await, "/state").clone();
        if ["published", "held"].iter().any(|end| state == **end) {
            break;
        }
    }
    for _ in 0..2 {
        house.wait(3600);
        office = run(house, office).await;
    }
    let record = record(&office).await;
    close(office).await;
    record
}

fn change_the_template(house: &House) {
    let folder = house.dir.path().join("templates");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("article.j2"), "MẪU MỚI: {{ title }}").unwrap();
}

fn all_sent_is_one_text(house: &House) {
    let calls = house.page.calls();
    let sent: Vec<&str> = calls
        .iter()
        .filter(|call| call.method == "POST" && call.path.ends_with("/feed"))
        .filter_map(|call| Some(call.params.get("message")?.as_str()))
        .collect();
    assert!(sent.iter().all(|text| *text == sent[0]), "{sent:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_two_answers_in_a_row_end_in_one_post_or_before_a_person() {
    let cases = cases();
    let count = cases.len();
    let turns = Arc::new(Semaphore::new(AT_ONCE));
    let stories = cases.into_iter().map(|case| {
        let turns = Arc::clone(&turns);
        tokio::spawn(async move {
            let _turn = turns.acquire().await.unwrap();
            assert_eq!(told(&case).await, expected(&case), "{case:?}");
        })
    });
    let stories: Vec<_> = stories.collect();
    for story in join_all(stories).await {
        story.unwrap();
    }
    println!("answers: {count} combinations, 0 repeats, 0 losses");
}

/// Tells a story on this thread, without a protection.
fn on_this_thread<T>(protection: Option<Protection>, story: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    without(protection, || runtime.block_on(story))
}

/// How many posts the Page shows of one article, with the protection and without it.
fn with_and_without<S: Future<Output = usize>>(
    protection: Protection,
    story: impl Fn() -> S,
) -> [usize; 2] {
    [None, Some(protection)].map(|taken_away| on_this_thread(taken_away, story()))
}

/// Brings out one article in these moods; says how many posts the Page shows in the end.
async fn posts_in(house: &House, moods: &[Mood]) -> usize {
    let mut office = run(house, house.open().await).await;
    for mood in moods {
        house.page.set_mood(mood.clone());
    }
    house.site.feed(&[entry(1, "Một")]);
    office = run(house, office).await;
    settled(house, office).await;
    house.page.posts().len()
}

fn mood(on: Kind, whim: Whim, calls: u32) -> Mood {
    Mood { whim, on, calls }
}

#[test]
fn without_the_wait_a_post_that_shows_late_is_made_twice() {
    let story = || async {
        let house = house().await;
        house.page.show_after(LATE);
        let lost = mood(Kind::Publish, Whim::HangUp { done: true }, 1);
        posts_in(&house, &[lost]).await
    };
    let [with, without] = with_and_without(Protection::Wait, story);
    assert_eq!(with, 1);
    assert!(without > 1, "{without}");
}

#[test]
fn without_a_control_a_list_that_comes_bare_makes_a_post_twice() {
    let story = || async {
        let house = house().await;
        let moods = [
            mood(Kind::Publish, Whim::HangUp { done: true }, 1),
            mood(Kind::Read, PLAIN, 1),
            mood(Kind::Read, Whim::ShowsNothing, 1000),
            mood(Kind::Inspect, Whim::NotPermitted, 1000),
        ];
        posts_in(&house, &moods).await
    };
    let [with, without] = with_and_without(Protection::Control, story);
    assert_eq!(with, 1);
    assert!(without > 1, "{without}");
}

#[test]
fn without_the_reading_before_the_claim_what_a_person_posted_is_posted_again() {
    let story = || async {
        let house = house().await;
        let link = house.site.link(&entry(1, ""));
        house.page.post_by_hand("Một", Some(&link)).unwrap();
        posts_in(&house, &[]).await
    };
    assert_eq!(with_and_without(Protection::ReadBeforeClaim, story), [1, 2]);
}

#[test]
fn without_the_frame_a_process_that_dies_while_it_sends_makes_a_post_twice() {
    let story = || async {
        let house = house().await;
        house.page.show_after(LATE);
        let silence = mood(Kind::Publish, Whim::Silence { done: true }, 1);
        posts_in(&house, &[silence]).await
    };
    assert_eq!(with_and_without(Protection::SendingFrame, story), [1, 2]);
}

#[test]
fn without_the_fence_an_older_post_passes_for_the_one_that_was_lost() {
    let story = || async {
        let house = house().await;
        posts_of_two_generations(&house).await
    };
    assert_eq!(with_and_without(Protection::Fence, story), [2, 1]);
}

/// Posts one article, and at a person's word once more, which is lost on the way.
async fn posts_of_two_generations(house: &House) -> usize {
    let mut office = run(house, house.open().await).await;
    house.site.feed(&[entry(1, "Một")]);
    office = run(house, office).await;
    house.mood(Whim::HangUp { done: false });
    let again = PostOrder {
        what: Subject::Address(house.site.link(&entry(1, ""))),
        again: true,
        ..PostOrder::default()
    };
    office.desk.answer(Request::Post(again)).await;
    settled(house, office).await;
    house.page.posts().len()
}
