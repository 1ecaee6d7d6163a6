//! What of a Page's queue may go now, and what the rest of it waits for. Reads the ledger, changes
//! nothing.

use std::time::Duration;

use jiff::Timestamp;

use super::Publisher;
use super::page::Page;
use super::plan::{self, Cause, Manners, Wait};
use crate::article::ArticleId;
use crate::clock::saturating;
use crate::ledger::rows::{ArticleRow, PageRow};
use crate::ledger::state::{PageKey, Record, Standing};
use crate::ledger::{Books, LedgerError};

/// While a lost answer is this young, nothing else goes to the same Page, so that what it shows
/// stays easy to read.
const DOUBT_YOUNG: Duration = Duration::from_secs(60);

/// A record that may go now.
pub(super) struct Due {
    pub(super) record: Record,
    pub(super) row: ArticleRow,
}

/// What the ledger says about a Page's queue.
pub(super) enum Turn {
    /// This one is next.
    Go(Box<Due>),
    /// Nothing may go; `None`: nothing is there.
    Wait(Option<Wait>),
    /// These have grown too old to go by themselves.
    Hold(Vec<Record>),
}

/// What keeps a queued record from going now.
enum Hindrance {
    /// It has grown too old to go by itself.
    Age,
    /// Its time has not come.
    Wait(Wait),
}

impl Publisher {
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
                let Some(Due { record, row }) = queued(books, &key, &article)? else {
                    return Ok(None);
                };
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
    pub(super) async fn turn(
        &self,
        page: &Page,
        asked: Option<ArticleId>,
    ) -> Result<Turn, LedgerError> {
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

/// The article, if it is in the Page's queue.
fn queued(books: &Books, key: &PageKey, article: &ArticleId) -> Result<Option<Due>, LedgerError> {
    let (record, row) = (books.record(article, key)?, books.article(article)?);
    let record = record.filter(|record| record.state.standing() == Standing::Queued);
    Ok(record.zip(row).map(|(record, row)| Due { record, row }))
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
    Ok(match queued(books, key, article)? {
        Some(due) => Turn::Go(Box::new(due)),
        None => Turn::Wait(None),
    })
}

fn next_due(
    books: &Books,
    key: &PageKey,
    page: &PageRow,
    manners: &Manners,
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
        match hindrance(manners, &record, &row, now) {
            Some(Hindrance::Wait(wait)) => waits.push(wait),
            Some(Hindrance::Age) => old.push(record),
            None if old.is_empty() => return Ok(Turn::Go(Box::new(Due { record, row }))),
            None => break,
        }
    }
    if !old.is_empty() {
        return Ok(Turn::Hold(old));
    }
    let soonest = |wait: &Wait| wait.until.unwrap_or(Timestamp::MAX);
    Ok(Turn::Wait(waits.into_iter().min_by_key(soonest)))
}

/// What keeps a queued record from going now; its Page's manners are another matter.
fn hindrance(
    manners: &Manners,
    record: &Record,
    row: &ArticleRow,
    now: Timestamp,
) -> Option<Hindrance> {
    if row.unread {
        // Whoever reads it will wake us.
        return Some(Hindrance::Wait(Wait {
            why: Cause::Unread,
            until: None,
        }));
    }
    let (published, seen) = (row.article.published, row.first_seen);
    if !record.cleared && record.resends == 0 && plan::too_old(manners, published, seen, now) {
        return Some(Hindrance::Age);
    }
    plan::record_waits(manners, record, seen, now).map(Hindrance::Wait)
}
