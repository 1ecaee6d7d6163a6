//! One poll of one feed as a story: fetch, parse, identify, guard, write down. Knows no Page's
//! network; what a new article's fate is, is decided in [`decide`].

mod arrival;
pub mod decide;
mod enrich;
mod fates;
mod gone;
mod identify;
mod memory;
mod place;
mod reading;
mod telling;

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use tokio::sync::Mutex;
use tracing::info;
use url::Url;

use self::arrival::First;
pub use self::enrich::{Enriched, FAILURES_MAX, FEED_ALONE};
use self::identify::Poll;
pub use self::memory::FAILURES_TOLD;
use self::memory::Trouble;
pub use self::reading::{PAGE_BYTES_MAX, ReadingFailed, read};
use self::telling::Batch;
use crate::article::page::Sites;
use crate::article::select::Selection;
use crate::clock::Clock;
use crate::dice::Dice;
use crate::feed::date::Dates;
use crate::feed::fetch::{FeedError, Fetch, Validators, fetch};
use crate::feed::{self, Entry};
use crate::http_client::WebClient;
use crate::language::Language;
use crate::ledger::event::FeedMemory;
use crate::ledger::{self, Ledger, LedgerError};
use crate::publisher::page::Page;
use crate::retry::RetryPolicy;

/// A feed as the poller handles it.
#[derive(Debug, Clone)]
pub struct Source {
    /// Its name in the settings.
    pub name: String,
    /// Where it is.
    pub url: Url,
    /// How long to leave it alone after a good poll.
    pub poll_every: Duration,
    /// Whether what stands in the feed at the first poll is published rather than skipped.
    pub publish_first: bool,
    /// Whether the articles' own pages are read.
    pub read_pages: bool,
    /// Which of its articles are wanted.
    pub selection: Selection,
    /// The zone of dates that name none.
    pub zone: TimeZone,
    /// How its dates are written, in the letters of `strptime`; `None`: as they come.
    pub date_format: Option<String>,
}

impl Source {
    /// How its dates are read, of a feed fetched at that moment.
    pub fn dates(&self, fetched: Timestamp) -> Dates {
        Dates {
            zone: self.zone.clone(),
            format: self.date_format.clone(),
            fetched: Some(fetched),
        }
    }
}

/// Polls feeds and reads articles' pages.
pub struct Poller {
    /// Where everything is written down.
    pub ledger: Ledger,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Chance, for spreading retries.
    pub dice: Arc<dyn Dice>,
    /// The way to feeds and pages.
    pub web: WebClient,
    /// How long to leave a failing feed alone.
    pub retry: RetryPolicy,
    /// The Pages that articles go to.
    pub pages: Vec<Arc<Page>>,
    /// The feeds.
    pub sources: Vec<Source>,
    /// What is known of the sites that articles stand on.
    pub sites: Arc<Sites>,
    /// The language of notices.
    pub language: Language,
    /// Held by whoever reads articles' pages.
    pub reading: Mutex<()>,
}

/// What one poll came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Polled {
    /// The feed's name in the settings.
    pub feed: String,
    /// How it went.
    pub outcome: Outcome,
    /// How many entries the feed held; 0 when it was not read.
    pub entries: usize,
    /// How many of them were new and not part of a baseline.
    pub new: usize,
}

/// How a poll went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The feed was read.
    Changed,
    /// The site says that nothing changed.
    Unchanged,
    /// The feed could not be read: why, for the operator.
    Failed(String),
}

impl Poller {
    /// Polls the feed whatever the back-off says.
    ///
    /// # Errors
    /// When the ledger fails: then nothing of the feed is remembered, and nothing is lost.
    pub async fn poll(&self, source: &Source) -> Result<Polled, LedgerError> {
        let name = source.name.clone();
        let memory = self.ledger.ask(move |books| books.feed(&name)).await?;
        let memory = memory.unwrap_or_default();
        match self.fetch(source, &memory).await {
            Ok(Fetch::Unchanged) => self.unchanged(source, memory).await,
            Ok(Fetch::Changed {
                body,
                content_type,
                url,
                validators,
            }) => {
                let dates = source.dates(self.clock.now());
                let parsed = tokio::task::spawn_blocking(move || {
                    feed::parse(&body, content_type.as_deref(), Some(&url), &dates)
                });
                match parsed.await {
                    Ok(Ok(feed)) => self.take_in(source, memory, feed, validators).await,
                    Ok(Err(error)) => self.failed(source, memory, Trouble::of(&error)).await,
                    Err(error) => self.failed(source, memory, Trouble::of(&error)).await,
                }
            }
            Err(error) => {
                let trouble = Trouble {
                    retry_at: error.retry_at(),
                    ..Trouble::of(&error)
                };
                self.failed(source, memory, trouble).await
            }
        }
    }

    async fn fetch(&self, source: &Source, memory: &FeedMemory) -> Result<Fetch, FeedError> {
        // Validators belong to an address. Those of another one would hide what is new.
        let validators = if memory.url == source.url.as_str() && !self.has_newcomer(source).await {
            Validators {
                etag: memory.etag.clone(),
                last_modified: memory.last_modified.clone(),
            }
        } else {
            Validators::default()
        };
        fetch(&self.web, &source.url, &validators, self.clock.now()).await
    }

    /// Whether a Page of the feed has never seen it: then the feed must be read, changed or not.
    async fn has_newcomer(&self, source: &Source) -> bool {
        let (feed, keys) = (source.name.clone(), self.keys_of_pages(source));
        let all_known = self.ledger.ask(move |books| {
            keys.iter()
                .try_fold(true, |all, key| Ok(all && books.baselined(&feed, key)?))
        });
        !all_known.await.unwrap_or(false)
    }

    fn source(&self, feed: &str) -> Option<&Source> {
        self.sources.iter().find(|source| source.name == feed)
    }

    fn pages_of<'a>(&'a self, source: &'a Source) -> impl Iterator<Item = &'a Arc<Page>> {
        self.pages
            .iter()
            .filter(|page| page.feeds.contains(&source.name))
    }

    fn keys_of_pages(&self, source: &Source) -> Vec<ledger::state::PageKey> {
        self.pages_of(source).map(|page| page.key.clone()).collect()
    }

    /// Takes in a feed that has been read: writes down what is new in it, and the validators
    /// behind that. `before` is what was remembered of the feed until now.
    ///
    /// # Errors
    /// When the ledger fails: then the feed will be read again, and nothing is lost.
    pub async fn take_in(
        &self,
        source: &Source,
        before: FeedMemory,
        feed: feed::Feed,
        validators: Validators,
    ) -> Result<Polled, LedgerError> {
        self.tell_of_set_aside(source, &feed).await?;
        if let Some(why) = self.emptied(source, &feed).await? {
            return self.failed(source, before, Trouble::new(why)).await;
        }
        let entries = feed.entries.len();
        let mut memory = self.after_success(source, before.clone());
        memory.etag = validators.etag;
        memory.last_modified = validators.last_modified;
        match self.record(source, &before, memory, feed.entries).await? {
            Recorded::Done { new, told } => {
                info!(
                    feed.name = %source.name, entries, new,
                    "polled {}: {entries} entries, {new} new", source.name,
                );
                for batch in told {
                    self.tell_of_batch(source, batch).await?;
                }
                Ok(Polled {
                    feed: source.name.clone(),
                    outcome: Outcome::Changed,
                    entries,
                    new,
                })
            }
            Recorded::PageUnreadable(why) => self.failed(source, before, Trouble::new(why)).await,
        }
    }

    /// Identifies the entries and writes them down, with the feed's validators behind them.
    async fn record(
        &self,
        source: &Source,
        before: &FeedMemory,
        memory: FeedMemory,
        entries: Vec<Entry>,
    ) -> Result<Recorded, LedgerError> {
        let mut arrivals = Vec::new();
        for page in self.pages_of(source) {
            match self.arrival(source, page).await? {
                Ok(arrival) => arrivals.push(arrival),
                Err(why) => return Ok(Recorded::PageUnreadable(why)),
            }
        }
        let renamed = arrivals
            .iter()
            .any(|arrival| arrival.first == First::Renamed);
        let poll = Poll {
            feed: source.clone(),
            now: self.clock.now(),
            // Ids belong to a feed's name, so that under another one a known article may look new.
            moved: renamed || (!before.url.is_empty() && before.url != source.url.as_str()),
            last_good_at: before.last_good_at,
            arrivals,
            entries,
            memory,
        };
        self.ledger.ask(move |books| poll.write_down(books)).await
    }
}

/// What writing a poll down came to.
enum Recorded {
    Done { new: usize, told: Vec<Batch> },
    PageUnreadable(String),
}
