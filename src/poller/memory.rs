//! What is remembered of a feed from one poll to the next: validators, failures, and when it is due.

use jiff::Timestamp;
use tracing::warn;

use super::{Outcome, Polled, Poller, Source};
use crate::feed::schedule::FeedHealth;
use crate::ledger::event::{FeedMemory, What};
use crate::ledger::{Entry, LedgerError};

/// A person is told of a feed that could not be read so many times in a row: with the back-off,
/// most hiccups of a site are over by then.
pub const FAILURES_TOLD: u32 = 5;

/// Why a poll went wrong, and when the site wants to be asked again.
pub(super) struct Trouble {
    pub(super) why: String,
    pub(super) retry_at: Option<Timestamp>,
}

impl Trouble {
    /// The site does not say when it wants to be asked again.
    pub(super) fn new(why: String) -> Self {
        Self {
            why,
            retry_at: None,
        }
    }

    pub(super) fn of(error: &dyn std::error::Error) -> Self {
        Self::new(error.to_string())
    }
}

impl Poller {
    /// When the feed is due, by what is remembered of it; `None`: now.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub async fn due_at(&self, source: &Source) -> Result<Option<Timestamp>, LedgerError> {
        let name = source.name.clone();
        let memory = self.ledger.ask(move |books| books.feed(&name)).await?;
        Ok(memory.and_then(|memory| memory.next_poll_at))
    }

    pub(super) async fn unchanged(
        &self,
        source: &Source,
        memory: FeedMemory,
    ) -> Result<Polled, LedgerError> {
        let memory = self.after_success(source, memory);
        self.remember(source, memory).await?;
        Ok(Polled {
            feed: source.name.clone(),
            outcome: Outcome::Unchanged,
            entries: 0,
            new: 0,
        })
    }

    pub(super) async fn failed(
        &self,
        source: &Source,
        memory: FeedMemory,
        trouble: Trouble,
    ) -> Result<Polled, LedgerError> {
        let Trouble { why, retry_at } = trouble;
        warn!(feed.name = %source.name, "could not poll {}: {why}", source.name);
        let health = FeedHealth {
            failures_in_a_row: memory.failures_in_a_row,
            next_poll_at: memory.next_poll_at,
        }
        .after_failure(self.clock.now(), &self.retry, retry_at, self.dice.spread());
        if health.failures_in_a_row >= FAILURES_TOLD {
            let values = [("feed", source.name.as_str()), ("why", why.as_str())];
            self.tell(source, self.language.say("notice.feed-fails", &values))
                .await?;
        }
        let memory = FeedMemory {
            failures_in_a_row: health.failures_in_a_row,
            next_poll_at: health.next_poll_at,
            error: Some(why.clone()),
            ..memory
        };
        self.remember(source, memory).await?;
        Ok(Polled {
            feed: source.name.clone(),
            outcome: Outcome::Failed(why),
            entries: 0,
            new: 0,
        })
    }

    pub(super) fn after_success(&self, source: &Source, memory: FeedMemory) -> FeedMemory {
        let now = self.clock.now();
        let health =
            FeedHealth::default().after_success(now, source.poll_every, self.dice.spread());
        FeedMemory {
            url: source.url.to_string(),
            failures_in_a_row: 0,
            next_poll_at: health.next_poll_at,
            last_good_at: Some(now),
            error: None,
            ..memory
        }
    }

    async fn remember(&self, source: &Source, memory: FeedMemory) -> Result<(), LedgerError> {
        let (at, feed) = (self.clock.now(), source.name.clone());
        self.ledger
            .ask(move |books| {
                let polled = What::Polled { feed, memory };
                books.commit(at, [Entry::from(polled)])
            })
            .await
    }
}
