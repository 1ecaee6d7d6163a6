//! Publishes what is due, once. The only module that knows both the ledger and destinations.
//!
//! What may go out is decided in [`plan`] and `queue`, what a lost answer means in [`reconcile`];
//! here is only the order in which things are done, and written down.

mod acquaint;
mod attempt;
pub mod compose;
mod follow;
mod look;
pub mod media;
mod obstacle;
pub mod page;
pub mod pictures;
pub mod plan;
mod queue;
pub mod reconcile;
mod settle;
pub mod sighting;
pub mod token;
mod uploads;

use std::sync::Arc;

use self::compose::ComposeError;
use self::media::Media;
use self::page::{Hand, Page};
use self::plan::Wait;
use self::queue::Turn;
use crate::article::ArticleId;
use crate::clock::Clock;
use crate::dice::Dice;
use crate::language::Language;
use crate::ledger::state::{HoldReason, Record};
use crate::ledger::step::Change;
use crate::ledger::{Entry, Ledger, LedgerError};
use crate::post::template::Templates;
use crate::retry::RetryPolicy;

/// Publishes records on Pages.
pub struct Publisher {
    /// Where everything is written down.
    pub ledger: Ledger,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Chance, for spreading retries.
    pub dice: Arc<dyn Dice>,
    /// How long to wait after a Page could not be reached.
    pub retry: RetryPolicy,
    /// The texts.
    pub templates: Arc<Templates>,
    /// The pictures.
    pub media: Media,
    /// The language of notices.
    pub language: Language,
}

/// What one turn of the publisher came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Progress {
    /// Nothing may go now, and why; `None`: nothing is there to go.
    Idle(Option<Wait>),
    /// A post is on the Page.
    Published(Box<Sent>),
    /// A record moved on without a post: held, refused, put back, dropped.
    Moved,
    /// The outcome of a call is not known. It is being looked for.
    Doubtful,
    /// The Page cannot be posted to now.
    Stopped(Stop),
}

/// Why a Page cannot be posted to now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stop {
    /// It could not be reached, or made no sense.
    Unavailable(String),
    /// The token or a permission: a person must act.
    NotAllowed(String),
}

/// A post that went out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent {
    /// The record, published.
    pub record: Record,
    /// The article's headline.
    pub title: String,
    /// The article's address.
    pub link: Option<String>,
}

/// Why publishing had to stop altogether.
#[derive(Debug, thiserror::Error)]
pub enum PublishError {
    /// The ledger.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// Neither text nor pictures.
    #[error(transparent)]
    Compose(#[from] ComposeError),
}

impl Publisher {
    /// Publishes the next record of the Page that may go, if there is one.
    ///
    /// # Errors
    /// When the ledger or the disk fails: nothing more may be sent then.
    pub async fn publish_next(&self, page: &Page) -> Result<Progress, PublishError> {
        let mut hand = page.hand.lock().await;
        let progress = self.next(page, &mut hand).await?;
        hand.rest_after(&progress, self.clock.as_ref());
        if let Some(why) = hand.silent(self.clock.as_ref()) {
            let values = [("page", page.name.as_str()), ("why", why)];
            let text = self.language.say("notice.unreachable", &values);
            self.notify(&page.name, text).await?;
        }
        Ok(progress)
    }

    async fn next(&self, page: &Page, hand: &mut Hand) -> Result<Progress, PublishError> {
        if let Some(progress) = self.match_baseline(page, hand).await? {
            return Ok(progress);
        }
        if let Some(progress) = self.follow(page, hand).await? {
            return Ok(progress);
        }
        match self.turn(page, None).await? {
            Turn::Go(due) => self.attempt(page, hand, *due).await,
            Turn::Wait(wait) => Ok(Progress::Idle(wait)),
            Turn::Hold(records) => {
                self.hold_too_old(page, records).await?;
                Ok(Progress::Moved)
            }
        }
    }

    /// Publishes a queued article at a person's word: spacing, quiet hours, caps, age and waiting
    /// do not apply; a pause does.
    ///
    /// # Errors
    /// When the ledger or the disk fails.
    pub async fn publish_now(
        &self,
        page: &Page,
        article: ArticleId,
    ) -> Result<Progress, PublishError> {
        let mut hand = page.hand.lock().await;
        match self.turn(page, Some(article)).await? {
            Turn::Go(due) => {
                let progress = self.attempt(page, &mut hand, *due).await?;
                hand.rest_after(&progress, self.clock.as_ref());
                Ok(progress)
            }
            Turn::Wait(wait) => Ok(Progress::Idle(wait)),
            Turn::Hold(_) => Ok(Progress::Moved),
        }
    }

    async fn hold_too_old(&self, page: &Page, records: Vec<Record>) -> Result<(), LedgerError> {
        let count = records.len().to_string();
        let values = [("page", page.name.as_str()), ("count", count.as_str())];
        let text = self.language.say("notice.too-old", &values);
        for record in records {
            let change = Change::Held {
                reason: HoldReason::TooOld,
            };
            let entry = Entry::change(&record, change, "max_age, at the time of posting");
            self.commit_if_unchanged(&record, vec![entry]).await?;
        }
        self.notify(&page.name, text).await
    }

    /// Writes events down at the present time.
    async fn commit(&self, entries: Vec<Entry>) -> Result<(), LedgerError> {
        let at = self.clock.now();
        self.ledger
            .ask(move |books| books.commit(at, entries))
            .await
    }

    /// Writes down what follows from a record as it was read, and says whether it was written: a
    /// person may have changed the record since, and then nothing follows.
    async fn commit_if_unchanged(
        &self,
        record: &Record,
        entries: Vec<Entry>,
    ) -> Result<bool, LedgerError> {
        let (at, read) = (self.clock.now(), record.clone());
        self.ledger
            .ask(move |books| {
                let stands = books.record(&read.article, &read.page)?;
                if stands.as_ref() != Some(&read) {
                    return Ok(false);
                }
                books.commit(at, entries)?;
                Ok(true)
            })
            .await
    }

    /// Tells a person something.
    async fn notify(&self, about: &str, text: String) -> Result<(), LedgerError> {
        self.ledger.tell(self.clock.now(), about, text).await
    }
}
