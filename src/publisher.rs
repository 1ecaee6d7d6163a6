//! Publishes what is due, once. The only module that knows both the ledger and destinations.
//!
//! What may go out is decided in [`plan`], what a lost answer means in [`reconcile`]; here is only
//! the order in which things are done, and written down.

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
pub mod reconcile;
mod settle;
pub mod sighting;
pub mod token;
mod uploads;

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use self::compose::ComposeError;
use self::media::Media;
use self::page::{Hand, Page};
use self::plan::{Cause, Wait};
use crate::article::ArticleId;
use crate::clock::{Clock, saturating};
use crate::dice::Dice;
use crate::language::Language;
use crate::ledger::rows::{ArticleRow, PageRow};
use crate::ledger::state::{HoldReason, PageKey, Record, Standing, State};
use crate::ledger::step::Change;
use crate::ledger::{Books, Entry, Ledger, LedgerError};
use crate::post::template::Templates;
use crate::retry::RetryPolicy;

/// While a lost answer is this young, nothing else goes to the same Page, so that what it shows
/// stays easy to read.
const DOUBT_YOUNG: Duration = Duration::from_secs(60);

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

/// A record that may go now.
struct Due {
    record: Record,
    row: ArticleRow,
}

/// What the ledger says about a Page's queue.
enum Turn {
    Go(Box<Due>),
    Wait(Option<Wait>),
    Hold(Vec<Record>),
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

    /// Why nothing of the Page's queue goes now; `None` where something would, or nothing is there.
    ///
    /// # Errors
    /// When the ledger fails.
    pub async fn waits(&self, page: &Page) -> Result<Option<Wait>, LedgerError> {
        Ok(match self.turn(page, None).await? {
            Turn::Wait(wait) => wait,
            Turn::Go(_) | Turn::Hold(_) => None,
        })
    }

    /// Why a queued article does not go to the Page by itself now, whatever waits before it.
    ///
    /// # Errors
    /// When the ledger fails.
    pub async fn waits_for(
        &self,
        page: &Page,
        article: &ArticleId,
    ) -> Result<Option<Wait>, LedgerError> {
        let (key, manners, now) = (page.key.clone(), page.manners(), self.clock.now());
        let article = article.clone();
        self.ledger
            .ask(move |books| {
                let (record, row) = (books.record(&article, &key)?, books.article(&article)?);
                let (Some(record), Some(row)) = (record, row) else {
                    return Ok(None);
                };
                if record.state.standing() != Standing::Queued {
                    return Ok(None);
                }
                if let Some(until) = doubt_is_young(books, &key, now)? {
                    return Ok(Some(Wait::until(until, Cause::Doubt)));
                }
                let of_page = plan::page_waits(&manners, &books.page(&key)?, now);
                let own = plan::record_waits(&manners, &record, row.first_seen, now);
                // A wait without an end is the longest.
                let end = |wait: &Wait| wait.until.unwrap_or(Timestamp::MAX);
                Ok(of_page.into_iter().chain(own).max_by_key(end))
            })
            .await
    }

    /// What may be done next: with the article that a person asks for, or with the queue.
    async fn turn(&self, page: &Page, asked: Option<ArticleId>) -> Result<Turn, LedgerError> {
        let (key, manners, now) = (page.key.clone(), page.manners(), self.clock.now());
        self.ledger
            .ask(move |books| {
                let page = books.page(&key)?;
                if let Some(until) = doubt_is_young(books, &key, now)? {
                    return Ok(Turn::Wait(Some(Wait::until(until, Cause::Doubt))));
                }
                match asked {
                    Some(article) => ordered(books, &key, &page, &article, now),
                    None => next_due(books, &key, &page, &manners, now),
                }
            })
            .await
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

/// When the youngest lost answer of a Page is old enough for others to go on.
fn doubt_is_young(
    books: &Books,
    page: &PageKey,
    now: Timestamp,
) -> Result<Option<Timestamp>, LedgerError> {
    let doubted = books.list(page, Standing::Unresolved, usize::MAX)?;
    Ok(doubted
        .iter()
        .filter(|record| record.since <= now)
        .filter_map(|record| record.since.checked_add(saturating(DOUBT_YOUNG)).ok())
        .filter(|until| *until > now)
        .max())
}

fn ordered(
    books: &Books,
    key: &PageKey,
    page: &PageRow,
    article: &ArticleId,
    now: Timestamp,
) -> Result<Turn, LedgerError> {
    if let Some(wait) = plan::paused(page, now) {
        return Ok(Turn::Wait(Some(wait)));
    }
    let record = books.record(article, key)?;
    let row = books.article(article)?;
    match (record, row) {
        (Some(record), Some(row)) if matches!(record.state, State::Queued { .. }) => {
            Ok(Turn::Go(Box::new(Due { record, row })))
        }
        _ => Ok(Turn::Wait(None)),
    }
}

fn next_due(
    books: &Books,
    key: &PageKey,
    page: &PageRow,
    manners: &plan::Manners,
    now: Timestamp,
) -> Result<Turn, LedgerError> {
    let queue = books.list(key, Standing::Queued, usize::MAX)?;
    if queue.is_empty() {
        return Ok(Turn::Wait(None));
    }
    if let Some(wait) = plan::page_waits(manners, page, now) {
        return Ok(Turn::Wait(Some(wait)));
    }
    let (mut old, mut waits) = (Vec::new(), Vec::new());
    for record in queue {
        let Some(row) = books.article(&record.article)? else {
            return Err(LedgerError::NoArticle(record.article));
        };
        let (published, seen) = (row.article.published, row.first_seen);
        if row.unread {
            // Whoever reads it will wake us.
            waits.push(Wait {
                why: Cause::Unread,
                until: None,
            });
            continue;
        }
        if !record.cleared && record.resends == 0 && plan::too_old(manners, published, seen, now) {
            old.push(record);
        } else if let Some(wait) = plan::record_waits(manners, &record, seen, now) {
            waits.push(wait);
        } else if old.is_empty() {
            return Ok(Turn::Go(Box::new(Due { record, row })));
        } else {
            break;
        }
    }
    Ok(if old.is_empty() {
        let soonest = |wait: &Wait| wait.until.unwrap_or(Timestamp::MAX);
        Turn::Wait(waits.into_iter().min_by_key(soonest))
    } else {
        Turn::Hold(old)
    })
}
