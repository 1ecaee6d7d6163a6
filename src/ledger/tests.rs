//! Stories of records, through the books as everyone uses them.

use jiff::Timestamp;

use super::event::{Placed, What};
use super::memory::MemoryStore;
use super::state::{Epoch, HoldReason, PageKey, SkipReason, Standing, State};
use super::step::{Change, Order};
use super::*;
use crate::article::Article;
use crate::post::{Draft, PostId};

fn now() -> Timestamp {
    Timestamp::from_second(1_700_000_000).unwrap()
}

fn page() -> PageKey {
    PageKey("graph.example/1".to_owned())
}

fn id() -> ArticleId {
    ArticleId::new("a1")
}

fn draft() -> Draft {
    Draft {
        message: "Tin mới".to_owned(),
        link: None,
        photos: Vec::new(),
        article_link: None,
    }
}

fn recorded(state: State) -> Entry {
    Entry::from(What::Recorded {
        id: id(),
        article: Article {
            title: "Tin mới".to_owned(),
            ..Article::default()
        },
        keys: vec!["guid:f:1".to_owned(), "link:bao.example/1".to_owned()],
        pages: vec![Placed {
            page: page(),
            state,
        }],
        unread: false,
    })
}

fn books() -> Books {
    Books::open(Box::new(MemoryStore::default()), now()).unwrap()
}

fn change(books: &mut Books, change: Change) -> Result<(), LedgerError> {
    let record = books.record(&id(), &page())?.unwrap();
    books.commit(now(), [Entry::change(&record, change, "test")])
}

fn standing(books: &Books) -> Standing {
    books
        .record(&id(), &page())
        .unwrap()
        .unwrap()
        .state
        .standing()
}

/// Books with one record whose final call is under way.
fn sending() -> Books {
    let mut books = books();
    books.commit(now(), [recorded(State::queued())]).unwrap();
    let epoch = books.epoch();
    let claimed = Change::Claimed {
        epoch,
        draft: draft(),
    };
    change(&mut books, claimed).unwrap();
    let sending = Change::Sending {
        epoch,
        draft: draft(),
        fence: Vec::new(),
        page_time: None,
    };
    change(&mut books, sending).unwrap();
    books
}

#[test]
fn a_known_key_belongs_to_the_article_that_had_it_first() {
    let mut books = books();
    books.commit(now(), [recorded(State::queued())]).unwrap();
    assert_eq!(books.by_key("guid:f:1").unwrap(), Some(id()));
    let refused = books.commit(now(), [recorded(State::queued())]);
    assert!(matches!(refused, Err(LedgerError::Taken(_))));
}

#[test]
fn all_of_a_commit_is_written_or_nothing() {
    let mut books = books();
    let record = recorded(State::queued());
    assert!(books.commit(now(), [record.clone(), record]).is_err());
    assert_eq!(books.by_key("guid:f:1").unwrap(), None);
}

#[test]
fn a_claimed_record_is_not_handed_out_twice() {
    let mut books = sending();
    let claim = Change::Claimed {
        epoch: books.epoch(),
        draft: draft(),
    };
    assert!(matches!(
        change(&mut books, claim),
        Err(LedgerError::Illegal(_))
    ));
}

#[test]
fn while_a_call_may_be_out_nothing_but_its_outcome_may_follow() {
    let forbidden = [
        Change::Queued,
        Change::Approved,
        Change::Requeued(Order::default()),
        Change::Again(Order::default()),
        Change::Skipped {
            reason: SkipReason::ByPerson,
        },
        Change::Held {
            reason: HoldReason::ByPerson,
        },
        Change::Released {
            epoch: None,
            not_before: None,
        },
        Change::Absent,
    ];
    for word in forbidden {
        let mut books = sending();
        assert!(change(&mut books, word.clone()).is_err(), "{}", word.word());
        assert_eq!(standing(&books), Standing::Sending);
    }
}

#[test]
fn an_outcome_from_another_process_is_refused() {
    let mut books = sending();
    let published = Change::Published {
        epoch: Epoch(99),
        post: PostId("1_2".to_owned()),
        permalink: None,
    };
    assert!(change(&mut books, published).is_err());
}

#[test]
fn a_post_in_doubt_leaves_only_by_a_persons_word_about_what_they_saw() {
    let in_doubt = || {
        let mut books = sending();
        let doubted = Change::Doubted {
            epoch: None,
            why: "no answer".to_owned(),
            duplicate: false,
        };
        change(&mut books, doubted).unwrap();
        change(&mut books, Change::GivenUp).unwrap();
        books
    };
    for word in [
        Change::Approved,
        Change::Requeued(Order::default()),
        Change::Skipped {
            reason: SkipReason::ByPerson,
        },
    ] {
        assert!(change(&mut in_doubt(), word).is_err());
    }
    let mut books = in_doubt();
    change(&mut books, Change::ResolvedAbsent).unwrap();
    assert_eq!(standing(&books), Standing::Queued);
}

#[test]
fn posting_again_fences_off_the_earlier_post() {
    let mut books = sending();
    let published = Change::Published {
        epoch: books.epoch(),
        post: PostId("1_2".to_owned()),
        permalink: None,
    };
    change(&mut books, published).unwrap();
    assert!(
        books
            .knows_post(&page(), &PostId("1_2".to_owned()))
            .unwrap()
    );

    change(&mut books, Change::Again(Order::default())).unwrap();
    let record = books.record(&id(), &page()).unwrap().unwrap();
    assert_eq!(
        (record.generation, record.fence),
        (1, vec![PostId("1_2".to_owned())])
    );
}

#[test]
fn what_is_sent_again_may_still_appear_as_what_the_first_call_made() {
    let mut books = books();
    books.commit(now(), [recorded(State::queued())]).unwrap();
    let send = |books: &mut Books, page_time| {
        let epoch = books.epoch();
        let draft = draft();
        let claimed = Change::Claimed {
            epoch,
            draft: draft.clone(),
        };
        change(books, claimed).unwrap();
        let sending = Change::Sending {
            epoch,
            draft,
            fence: Vec::new(),
            page_time: Some(page_time),
        };
        change(books, sending).unwrap();
        books.record(&id(), &page()).unwrap().unwrap().sent_after
    };
    let not_sent = Change::NotSent {
        epoch: books.epoch(),
        not_before: None,
        balk: None,
    };
    let doubted = Change::Doubted {
        epoch: Some(books.epoch()),
        why: "no answer".to_owned(),
        duplicate: false,
    };
    let later = Timestamp::from_second(1_700_001_000).unwrap();
    assert_eq!(send(&mut books, now()), Some(now()));
    change(&mut books, doubted.clone()).unwrap();
    change(&mut books, Change::Absent).unwrap();
    let late = "the first may be late";
    assert_eq!(send(&mut books, later), Some(now()), "{late}");
    change(&mut books, not_sent).unwrap();
    assert_eq!(send(&mut books, later), Some(now()), "{late}");
    change(&mut books, doubted).unwrap();
    change(&mut books, Change::GivenUp).unwrap();
    change(&mut books, Change::ResolvedAbsent).unwrap();
    assert_eq!(send(&mut books, later), Some(now()), "{late}");
}

#[test]
fn a_post_of_its_own_is_meant_from_when_a_person_says_again() {
    let mut books = books();
    books.commit(now(), [recorded(State::queued())]).unwrap();
    let again = |again| {
        Change::Requeued(Order {
            again,
            ..Order::default()
        })
    };
    let is_meant = |books: &Books| books.record(&id(), &page()).unwrap().unwrap().anew;
    for word in [true, false] {
        change(&mut books, again(word)).unwrap();
        assert_eq!(is_meant(&books), word);
    }
    let mut published = sending();
    let (epoch, post) = (published.epoch(), PostId("1_2".to_owned()));
    let outcome = Change::Published {
        epoch,
        post,
        permalink: None,
    };
    change(&mut published, outcome).unwrap();
    change(&mut published, Change::Again(Order::default())).unwrap();
    change(&mut published, again(false)).unwrap();
    assert!(
        is_meant(&published),
        "its first post is no outcome of the second call"
    );
}

#[test]
fn what_did_not_leave_counts_neither_for_the_spacing_nor_for_the_day() {
    let mut books = sending();
    let sends = |books: &Books| books.page(&page()).unwrap().sends.len();
    assert_eq!(sends(&books), 1);
    let not_sent = Change::NotSent {
        epoch: books.epoch(),
        not_before: None,
        balk: None,
    };
    change(&mut books, not_sent).unwrap();
    assert_eq!(sends(&books), 0);
}

#[test]
fn counts_lists_and_story_follow_every_change() {
    let mut books = books();
    let held = State::Held {
        reason: HoldReason::Flood,
    };
    books.commit(now(), [recorded(held)]).unwrap();
    assert_eq!(books.counts(&page()).unwrap()[&Standing::Held], 1);

    change(&mut books, Change::Approved).unwrap();
    let counts = books.counts(&page()).unwrap();
    assert_eq!((counts[&Standing::Held], counts[&Standing::Queued]), (0, 1));
    assert!(books.list(&page(), Standing::Held, 9).unwrap().is_empty());
    assert_eq!(books.list(&page(), Standing::Queued, 9).unwrap().len(), 1);
    assert_eq!(books.story(&id()).unwrap().len(), 2);
}

#[test]
fn a_send_found_at_the_start_is_looked_for_never_sent_again() {
    let dir = tempfile::tempdir().unwrap();
    let open = || {
        let (store, opened) = disk::DiskStore::open(dir.path(), &rebuild::replay).unwrap();
        (Books::open(Box::new(store), now()).unwrap(), opened)
    };
    let (mut first, _) = open();
    first.commit(now(), [recorded(State::queued())]).unwrap();
    let epoch = first.epoch();
    let claimed = Change::Claimed {
        epoch,
        draft: draft(),
    };
    change(&mut first, claimed).unwrap();
    drop(first);

    let (mut second, _) = open();
    assert_eq!(standing(&second), Standing::Queued, "nothing had been sent");
    let epoch = second.epoch();
    let claimed = Change::Claimed {
        epoch,
        draft: draft(),
    };
    change(&mut second, claimed).unwrap();
    let sending = Change::Sending {
        epoch,
        draft: draft(),
        fence: Vec::new(),
        page_time: None,
    };
    change(&mut second, sending).unwrap();
    drop(second);

    // The index is lost besides: the journal alone must know.
    std::fs::remove_dir_all(dir.path().join("index")).unwrap();
    let (third, opened) = open();
    assert!(opened.rebuilt);
    assert_eq!(standing(&third), Standing::Unresolved);
    assert_eq!(third.epoch(), Epoch(3));
}

#[test]
fn a_notice_is_said_once_a_day() {
    let mut books = books();
    assert!(books.notify(now(), "p", "mã truy cập đã chết").unwrap());
    assert!(!books.notify(now(), "p", "mã truy cập đã chết").unwrap());
    let tomorrow = now() + jiff::SignedDuration::from_hours(25);
    assert!(books.notify(tomorrow, "p", "mã truy cập đã chết").unwrap());
    assert_eq!(books.notices(9).unwrap().len(), 2);
}

#[tokio::test]
async fn a_question_that_panics_closes_the_ledger_for_everyone() {
    let (ledger, _thread) = Ledger::start(books()).unwrap();
    let asked = ledger
        .ask(|_| -> Result<(), LedgerError> { panic!("as a mistake would") })
        .await;
    assert!(matches!(asked, Err(LedgerError::Closed)));
    let after = ledger.ask(|books| books.pages()).await;
    assert!(matches!(after, Err(LedgerError::Closed)));
}
