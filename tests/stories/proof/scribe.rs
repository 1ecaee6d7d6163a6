//! Writes into a ledger whatever loa may ever write: at random, but always what can follow. And
//! sometimes what cannot.

use fastrand::Rng;
use jiff::{SignedDuration, Timestamp};
use loa::article::{Article, ArticleId};
use loa::ledger::event::{Ending, FeedMemory, Pause, PausedBy, Placed, What};
use loa::ledger::state::{Epoch, HoldReason, PageKey, Record, SkipReason, State};
use loa::ledger::step::{Balk, Change, Order, step};
use loa::ledger::{Books, Entry};
use loa::post::{Draft, PostId};

/// How many tries to find a change that can follow.
const TRIES: usize = 24;

pub(super) fn page(number: usize) -> PageKey {
    PageKey(format!("graph.example/{number}"))
}

pub(super) fn article(number: usize) -> ArticleId {
    ArticleId::new(format!("a{number}"))
}

/// One commit's worth of what may happen, by chance.
pub(super) fn commit(books: &Books, rng: &mut Rng, at: Timestamp) -> Vec<Entry> {
    let known = known(books);
    if known == 0 || rng.u8(..8) == 0 {
        return (known..known + rng.usize(1..4))
            .map(|number| recorded(number, rng, at).into())
            .collect();
    }
    let id = article(rng.usize(..known));
    match rng.u8(..10) {
        0 => vec![about_an_article(books, &id, rng).into()],
        1 => vec![about_a_page(rng, at).into()],
        _ => change(books, &id, rng, at).into_iter().collect(),
    }
}

/// A commit that must be refused: its second event can follow nothing.
pub(super) fn refused(books: &Books, rng: &mut Rng, at: Timestamp) -> Vec<Entry> {
    let known = known(books);
    let first = recorded(known, rng, at);
    vec![first.clone().into(), first.into()]
}

/// Articles are numbered without a hole.
pub(super) fn known(books: &Books) -> usize {
    let is_known = |number: &usize| books.article(&article(*number)).unwrap().is_some();
    (0..).take_while(is_known).count()
}

fn recorded(number: usize, rng: &mut Rng, at: Timestamp) -> What {
    What::Recorded {
        id: article(number),
        article: written(number, rng, at),
        keys: vec![
            format!("guid:tin:{number}"),
            format!("link:bao.example/{number}"),
        ],
        pages: (0..rng.usize(1..3)).map(|page| placed(page, rng)).collect(),
        unread: rng.bool(),
    }
}

fn written(number: usize, rng: &mut Rng, at: Timestamp) -> Article {
    Article {
        title: format!("Tin số {number} từ Cần Đước"),
        lead: rng
            .bool()
            .then(|| "Sáng nay, huyện khánh thành cầu. ".repeat(rng.usize(1..9))),
        published: Some(at),
        ..Article::default()
    }
}

fn placed(number: usize, rng: &mut Rng) -> Placed {
    let state = rng.choice([
        State::Recorded,
        State::queued(),
        State::Held {
            reason: HoldReason::Review,
        },
        State::Skipped {
            reason: SkipReason::Baseline,
        },
    ]);
    Placed {
        page: page(number),
        state: state.unwrap_or(State::Recorded),
    }
}

fn about_an_article(books: &Books, id: &ArticleId, rng: &mut Rng) -> What {
    let row = books.article(id).unwrap().unwrap();
    let elsewhere = page(2);
    match rng.u8(..4) {
        0 if books.record(id, &elsewhere).unwrap().is_none() => What::Placed {
            id: id.clone(),
            page: placed(2, rng),
        },
        1 => What::Learned {
            id: id.clone(),
            keys: vec![format!("text:{}", rng.u8(..))],
        },
        2 => What::Enriched {
            id: id.clone(),
            article: Article {
                text: Some("Cầu dài ba trăm mét. ".repeat(rng.usize(1..40))),
                ..row.article
            },
            page_read: rng.bool(),
        },
        _ => What::EnrichFailed {
            id: id.clone(),
            why: "the site does not answer".to_owned(),
        },
    }
}

fn about_a_page(rng: &mut Rng, at: Timestamp) -> What {
    let (page, feed) = (page(rng.usize(..3)), "tin".to_owned());
    match rng.u8(..8) {
        0 => What::Polled {
            feed,
            memory: FeedMemory {
                url: "https://bao.example/rss".to_owned(),
                last_good_at: Some(at),
                ..FeedMemory::default()
            },
        },
        1 => What::Baselined { feed, page },
        2 => What::Paused {
            page,
            pause: Pause {
                why: "by hand".to_owned(),
                until: None,
                by: PausedBy::Person,
            },
        },
        3 => What::Resumed { page },
        4 => What::Acknowledged {
            page,
            posts: vec![PostId(format!("1_{}", rng.u16(..)))],
        },
        5 => What::Inspected { page },
        6 => What::Warned {
            page,
            of: Ending::Token,
            which: format!("token {}", rng.u8(..)),
            days: rng.u16(..15),
        },
        _ => What::Notice {
            about: "trang".to_owned(),
            text: format!("lời nhắn {}", rng.u8(..)),
        },
    }
}

/// A change that can follow where the article stands on one of its Pages.
fn change(books: &Books, id: &ArticleId, rng: &mut Rng, at: Timestamp) -> Option<Entry> {
    let records = books.records_of(id).unwrap();
    let record = rng.choice(&records)?;
    (0..TRIES)
        .map(|_| any_change(record, books.epoch(), rng, at))
        .find(|change| step(record, change, at).is_ok())
        .map(|change| Entry::change(record, change, "by chance"))
}

fn any_change(record: &Record, epoch: Epoch, rng: &mut Rng, at: Timestamp) -> Change {
    let draft = record.draft.clone().unwrap_or(Draft {
        message: format!("Tin mới: {}", record.article),
        link: None,
        photos: Vec::new(),
        article_link: None,
    });
    let post = PostId(format!("1_{}", rng.u16(..)));
    let not_before = rng.bool().then(|| at + SignedDuration::from_mins(5));
    match rng.u8(..16) {
        0 => Change::Queued,
        1 => Change::Approved,
        2 => Change::Held {
            reason: HoldReason::ByPerson,
        },
        3 if rng.u8(..4) == 0 => Change::Skipped {
            reason: SkipReason::Filter,
        },
        4 => Change::Requeued(Order::default()),
        5 => Change::Again(Order {
            not_before,
            draft: Some(draft),
            again: true,
        }),
        6 => Change::Claimed { epoch, draft },
        7 => Change::Released {
            epoch: Some(epoch),
            not_before,
        },
        8 => Change::Sending {
            epoch,
            draft,
            fence: vec![post],
            page_time: Some(at),
        },
        9 => Change::NotSent {
            epoch,
            not_before,
            balk: rng
                .choice([None, Some(Balk::Again), Some(Balk::Card)])
                .flatten(),
        },
        10 => Change::Refused {
            epoch,
            reason: "no such parameter".to_owned(),
        },
        11 => Change::Doubted {
            epoch: Some(epoch),
            why: "no answer".to_owned(),
            duplicate: rng.bool(),
        },
        12 => Change::Looked { page_time: at },
        13 => rng
            .choice([Change::Absent, Change::GivenUp, Change::ResolvedAbsent])
            .unwrap_or(Change::Absent),
        14 => Change::LeftOut {
            epoch,
            source: "https://bao.example/1.jpg".to_owned(),
        },
        _ => Change::Published {
            epoch,
            post,
            permalink: None,
        },
    }
}
