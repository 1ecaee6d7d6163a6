//! What a person is told of a feed: what was held or recognised together, what could not be read.

use super::{Poller, Source};
use crate::feed::Feed;
use crate::ledger::event::{Placed, What};
use crate::ledger::state::{HoldReason, State};
use crate::ledger::step::Change;
use crate::ledger::{Entry, LedgerError};

/// Entries that a person is told of together.
pub(super) struct Batch {
    /// The key of the notice.
    pub(super) text: &'static str,
    pub(super) count: usize,
}

impl Batch {
    /// Known articles under new keys.
    pub(super) fn rebuilt(count: usize) -> Self {
        Self {
            text: "notice.rebuilt",
            count,
        }
    }

    /// Articles that wait for a person's eye, in the same words however many there are: to say it
    /// once a day is enough.
    pub(super) fn never_auto() -> Self {
        Self {
            text: "notice.never-auto",
            count: 0,
        }
    }
}

/// Whether an article is held that a person is to see first.
pub(super) fn waits_for_eyes(entry: &Entry) -> bool {
    let reason = HoldReason::NeverAuto;
    let placed = |placed: &Placed| placed.state == State::Held { reason };
    match &entry.what {
        What::Changed { change, .. } => *change == Change::Held { reason },
        What::Recorded { pages, .. } => pages.iter().any(placed),
        What::Placed { page, .. } => placed(page),
        _ => false,
    }
}

impl Poller {
    /// Why a feed without entries is none, if it is.
    pub(super) async fn emptied(
        &self,
        source: &Source,
        feed: &Feed,
    ) -> Result<Option<String>, LedgerError> {
        if !feed.entries.is_empty() {
            return Ok(None);
        }
        if let Some(first) = feed.set_aside.first() {
            let count = feed.set_aside.len();
            let why = format!("none of its {count} entries can be read: {}", first.reason);
            return Ok(Some(why));
        }
        let name = source.name.clone();
        let before = self.ledger.ask(move |books| books.listing(&name)).await?;
        let had_some = before.is_some_and(|before| !before.listed.is_empty());
        Ok(had_some.then(|| "the feed has no entries, though it had some before".to_owned()))
    }

    /// Tells of entries that are treated as one.
    pub(super) async fn tell_of_batch(
        &self,
        source: &Source,
        batch: Batch,
    ) -> Result<(), LedgerError> {
        let count = batch.count.to_string();
        let values = [("feed", source.name.as_str()), ("count", count.as_str())];
        self.tell(source, self.language.say(batch.text, &values))
            .await
    }

    /// What cannot be read is put before a person, who may ask the site: once a day, as long as
    /// it stands in the feed. Ghosts are nobody's article.
    pub(super) async fn tell_of_set_aside(
        &self,
        source: &Source,
        feed: &Feed,
    ) -> Result<(), LedgerError> {
        let mut parts = feed.set_aside.iter().filter(|part| !part.ghost);
        let Some(first) = parts.next() else {
            return Ok(());
        };
        let count = (1 + parts.count()).to_string();
        let why = self.language.cause(&first.reason);
        let values = [
            ("feed", source.name.as_str()),
            ("count", count.as_str()),
            ("why", why.as_str()),
            ("near", first.near.as_str()),
        ];
        self.tell(source, self.language.say("notice.set-aside", &values))
            .await
    }

    /// Tells a person something of a feed.
    pub(super) async fn tell(&self, source: &Source, text: String) -> Result<(), LedgerError> {
        self.ledger.tell(self.clock.now(), &source.name, text).await
    }
}
