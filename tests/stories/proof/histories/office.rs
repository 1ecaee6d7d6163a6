//! One process of loa: the real poller, publisher and desk on a disk that outlives it, run on
//! this thread, step by step, so that it can die between any two.

use std::cell::RefCell;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, LazyLock};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use fastrand::Rng;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use loa::article::select::Selection;
use loa::clock::{Clock, ManualClock};
use loa::config::{Config, Corrections};
use loa::desk::{Desk, Request};
use loa::dice::LoadedDice;
use loa::exit::Exit;
use loa::feed::Feed;
use loa::feed::fetch::Validators;
use loa::http_client::{WebClient, WebSettings};
use loa::language::Language;
use loa::ledger::state::PageKey;
use loa::ledger::{Books, Ledger, LedgerError};
use loa::poller::{Poller, Source};
use loa::post::template::Templates;
use loa::publisher::media::Media;
use loa::publisher::page::{Hand, Page as PublishersPage, Style};
use loa::publisher::pictures::DefaultPictures;
use loa::publisher::plan::Manners;
use loa::publisher::reconcile::Patience;
use loa::publisher::{Progress, PublishError, Publisher};
use loa::retry::RetryPolicy;

use super::disk::Disk;
use super::page::Page;

pub(super) const FEED: &str = "tin";
const RETRY: RetryPolicy = RetryPolicy {
    delay_first: Duration::from_secs(60),
    delay_max: Duration::from_secs(3600),
};
/// No work takes more steps than this, unless it waits for what never comes.
const STEPS_MAX: usize = 100_000;

/// What every process shares: made once, because it is slow to make.
static CONFIG: LazyLock<Arc<Config>> = LazyLock::new(|| {
    let settings = "[[feeds]]\nname = \"tin\"\nurl = \"https://bao.example/rss\"\n";
    Arc::new(Config::parse(settings, "loa.toml".as_ref()).unwrap())
});
static WEB: LazyLock<WebClient> = LazyLock::new(|| {
    WebClient::new(&WebSettings {
        allow_private: Vec::new(),
        timeout: Duration::from_secs(1),
        extra_ca_pem: None,
    })
    .unwrap()
});
static TEMPLATES: LazyLock<Arc<Templates>> =
    LazyLock::new(|| Arc::new(Templates::new(None, TimeZone::UTC)));

/// How a Page's office wants things: drawn once for a history.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wishes {
    pub(super) spacing: Duration,
    pub(super) hold_for: Duration,
    pub(super) review: bool,
    pub(super) flood_over: u32,
}

pub(super) fn page_key() -> PageKey {
    PageKey("graph.example/35".to_owned())
}

/// A process that runs.
pub(super) struct Office {
    pub(super) desk: Desk,
    keeper: Pin<Box<dyn Future<Output = ()>>>,
}

/// One thing that is being done; where it fails, the process ends.
pub(super) type Work<'a> = Pin<Box<dyn Future<Output = Result<(), LedgerError>> + 'a>>;

/// How a stretch of work ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum End {
    Done,
    /// The process was killed.
    Killed,
    /// The disk failed it.
    Failed,
    /// It ended for another reason, which it had better not.
    Ended(String),
}

impl Office {
    /// Starts a process on the disk; `None` when the disk does not let it.
    pub(super) fn open(
        disk: &Disk,
        clock: &ManualClock,
        page: &Arc<Page>,
        wishes: Wishes,
    ) -> Option<Self> {
        let books = Books::open(Box::new(disk.opened()), clock.now()).ok()?;
        let (ledger, keeper) = Ledger::of(books);
        Some(Self {
            desk: desk(ledger, clock, page, wishes),
            keeper: Box::pin(keeper.keep()),
        })
    }

    /// Lets the works go on side by side, in an order that chance draws, until all are done or
    /// the process has lived through so many steps.
    pub(super) fn run<'a>(
        &'a mut self,
        works: impl FnOnce(&'a Desk) -> Vec<Work<'a>>,
        chance: &mut Rng,
        lives: Option<usize>,
    ) -> End {
        let mut works = works(&self.desk);
        let mut context = Context::from_waker(Waker::noop());
        for steps in 0..STEPS_MAX {
            if works.is_empty() {
                return End::Done;
            }
            if lives.is_some_and(|lives| steps >= lives) {
                return End::Killed;
            }
            let turn = chance.usize(0..works.len());
            match works[turn].as_mut().poll(&mut context) {
                Poll::Ready(Ok(())) => drop(works.remove(turn)),
                Poll::Ready(Err(LedgerError::Store(_))) => return End::Failed,
                Poll::Ready(Err(error)) => return End::Ended(error.to_string()),
                Poll::Pending => {}
            }
            if lives.is_some_and(|lives| steps + 1 >= lives) && chance.bool() {
                // Killed before the ledger came to write down what it was asked to.
                return End::Killed;
            }
            let closed = self.keeper.as_mut().poll(&mut context);
            assert!(closed.is_pending(), "the ledger closed");
        }
        panic!("loa waits for what never comes");
    }

    /// Asks one thing that always comes to an end.
    pub(super) fn ask<T: Send + 'static>(
        &mut self,
        question: impl FnOnce(&mut Books) -> Result<T, LedgerError> + Send + 'static,
    ) -> T {
        let answer = RefCell::new(None);
        let end = self.run(
            |desk| {
                let answer = &answer;
                vec![Box::pin(async move {
                    *answer.borrow_mut() = Some(desk.ledger.ask(question).await?);
                    Ok(())
                })]
            },
            &mut Rng::with_seed(0),
            None,
        );
        assert_eq!(end, End::Done);
        answer.into_inner().unwrap()
    }
}

/// One poll that brings this feed.
pub(super) fn poll<'a>(desk: &'a Desk, feed: &'a Feed, read: &'a RefCell<bool>) -> Work<'a> {
    Box::pin(async move {
        let source = &desk.poller.sources[0];
        let memory = desk.ledger.ask(|books| books.feed(FEED)).await?;
        let memory = memory.unwrap_or_default();
        let validators = Validators::default();
        desk.poller
            .take_in(source, memory, feed.clone(), validators)
            .await?;
        *read.borrow_mut() = true;
        Ok(())
    })
}

/// What the daemon does for its Page when it wakes: a look that is due, then the next post. Says
/// when it wants to be woken.
pub(super) fn turn<'a>(desk: &'a Desk, wakes: &'a RefCell<Option<Timestamp>>) -> Work<'a> {
    Box::pin(async move {
        let (publisher, page) = (&desk.publisher, &desk.pages[0]);
        let mut wake = None;
        match publisher.next_look(page).await? {
            Some(look) if look <= publisher.clock.now() => {
                publisher.reconcile(page).await.map_err(of_ledger)?;
            }
            later => wake = later,
        }
        let progress = publisher.publish_next(page).await.map_err(of_ledger)?;
        if let Progress::Idle(Some(wait)) = progress
            && let Some(until) = wait.until
        {
            wake = Some(wake.map_or(until, |look| look.min(until)));
        }
        *wakes.borrow_mut() = wake;
        Ok(())
    })
}

/// A person's word.
pub(super) fn verb(desk: &Desk, request: Request) -> Work<'_> {
    Box::pin(async move {
        let answer = desk.answer(request).await;
        assert_ne!(answer.exit, Exit::Bug, "{:#}", answer.document);
        match answer.exit {
            Exit::Storage => Err(LedgerError::Store(loa::ledger::store::StoreError::Failed)),
            _ => Ok(()),
        }
    })
}

fn of_ledger(error: PublishError) -> LedgerError {
    match error {
        PublishError::Ledger(error) => error,
        PublishError::Compose(error) => panic!("{error}"),
    }
}

fn desk(ledger: Ledger, clock: &ManualClock, page: &Arc<Page>, wishes: Wishes) -> Desk {
    let clock: Arc<dyn Clock> = Arc::new(clock.clone());
    let dice = Arc::new(LoadedDice(0.5));
    let language = Language::En;
    let pages = vec![Arc::new(publishers_page(page, wishes))];
    let poller = Poller {
        ledger: ledger.clone(),
        clock: Arc::clone(&clock),
        dice: Arc::clone(&dice) as _,
        web: WEB.clone(),
        retry: RETRY,
        pages: pages.clone(),
        sources: vec![source()],
        sites: Arc::default(),
        language,
        reading: tokio::sync::Mutex::default(),
    };
    let publisher = Publisher {
        ledger: ledger.clone(),
        clock,
        dice,
        retry: RETRY,
        templates: Arc::clone(&TEMPLATES),
        media: Media::new("no-pictures", WEB.clone()),
        language,
    };
    Desk {
        config: Arc::clone(&CONFIG),
        ledger,
        poller: Arc::new(poller),
        publisher: Arc::new(publisher),
        pages,
        language,
        environment: Arc::new(|_| None),
        run: Arc::default(),
    }
}

fn source() -> Source {
    Source {
        date_format: None,
        name: FEED.to_owned(),
        url: "https://bao.example/rss".parse().unwrap(),
        poll_every: Duration::from_secs(600),
        publish_first: false,
        read_pages: false,
        selection: Selection::default(),
        zone: TimeZone::UTC,
    }
}

fn publishers_page(page: &Arc<Page>, wishes: Wishes) -> PublishersPage {
    PublishersPage {
        key: page_key(),
        name: "trang".to_owned(),
        feeds: vec![FEED.to_owned()],
        destination: Arc::clone(page) as _,
        manners: Manners {
            zone: TimeZone::UTC,
            spacing: wishes.spacing,
            quiet_hours: None,
            hold_for: wishes.hold_for,
            posts_per_day: 1000,
            max_age: Duration::from_secs(3 * 86_400),
        },
        patience: Patience {
            first: Duration::from_secs(15),
            whole: Duration::from_secs(600),
            resend: true,
        },
        template: "article".to_owned(),
        style: Style::Link,
        images_max: 10,
        default_pictures: DefaultPictures::default(),
        review: wishes.review,
        flood_over: Some(wishes.flood_over),
        corrections: Corrections::Ignore,
        hand: tokio::sync::Mutex::new(Hand::default()),
        right: std::sync::Mutex::default(),
    }
}
