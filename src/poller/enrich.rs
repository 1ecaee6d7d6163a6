//! Reads the pages of new articles: lead, text and full-size pictures. A slow site delays a
//! picture, never a memory.

use std::sync::Arc;

use jiff::tz::TimeZone;
use tracing::{info, warn};

use super::Poller;
use super::fates::{Fate, decided};
use super::identify::outdated;
use super::reading::{ReadingFailed, read};
use super::telling::{Batch, waits_for_eyes};
use crate::article::page::PageReader;
use crate::article::{Article, ArticleId};
use crate::ledger::event::What;
use crate::ledger::rows::ArticleRow;
use crate::ledger::state::HoldReason;
use crate::ledger::step::Change;
use crate::ledger::{Books, Entry, LedgerError};

/// Pages read after one poll, so that a rebuilt site is not stormed. The rest follow.
const PAGES_PER_ROUND_MAX: usize = 30;
/// After so many failures the feed's own data must do.
pub const FAILURES_MAX: u32 = 3;
/// How the rule begins by which an article goes without its page.
pub const FEED_ALONE: &str = "from the feed alone: ";
/// What a round of reading came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Enriched {
    /// Articles that are now known well enough.
    pub settled: usize,
    /// Articles whose pages have to be tried again.
    pub failed: usize,
}

impl Poller {
    /// Reads the pages of articles that wait for it, oldest first, and decides what becomes of
    /// them. A page that does not answer is asked up to `tries` times in a row. Does nothing while
    /// another task is at it: no page is read twice.
    ///
    /// # Errors
    /// When the ledger fails.
    pub async fn enrich(&self, tries: usize) -> Result<Enriched, LedgerError> {
        let Ok(_alone) = self.reading.try_lock() else {
            return Ok(Enriched::default());
        };
        self.decide_left_over().await?;
        let unread = self
            .ledger
            .ask(|books| books.unread(PAGES_PER_ROUND_MAX))
            .await?;
        let mut enriched = Enriched::default();
        for id in unread {
            if self.enrich_one(&id, tries).await? {
                enriched.settled += 1;
            } else {
                enriched.failed += 1;
            }
        }
        Ok(enriched)
    }

    /// Reads one article's page, if that is still to be done. Says whether the article is now
    /// known well enough to be posted.
    ///
    /// # Errors
    /// When the ledger fails.
    pub async fn enrich_one(&self, id: &ArticleId, tries: usize) -> Result<bool, LedgerError> {
        for _ in 0..tries {
            let row = self.article(id).await?;
            if !row.unread || self.read_page_of(id, &row).await? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    async fn read_page_of(&self, id: &ArticleId, row: &ArticleRow) -> Result<bool, LedgerError> {
        let reader = self.reader_of(&row.article.feed);
        let (article, rule) = match &row.article.link {
            None => (row.article.clone(), "it has no address".to_owned()),
            Some(link) => match read(&self.web, link, &reader).await {
                Ok(page) => {
                    let article = row.article.enriched(&page, self.clock.now());
                    (article, "its page was read".to_owned())
                }
                Err(ReadingFailed::ForNow(why)) if row.read_failures + 1 < FAILURES_MAX => {
                    warn!(article.id = %id, "could not read {link}: {why}");
                    self.commit(vec![Entry::from(What::EnrichFailed {
                        id: id.clone(),
                        why,
                    })])
                    .await?;
                    return Ok(false);
                }
                Err(why) => {
                    info!(article.id = %id, "posting {id} from the feed alone: {why}");
                    (row.article.clone(), format!("{FEED_ALONE}{why}"))
                }
            },
        };
        self.known_well_enough(id, row, article, rule).await?;
        Ok(true)
    }

    /// Writes down what is known now, and what becomes of the article on each Page; unless another
    /// task has read the page meanwhile.
    async fn known_well_enough(
        &self,
        id: &ArticleId,
        row: &ArticleRow,
        article: Article,
        rule: String,
    ) -> Result<(), LedgerError> {
        let now = self.clock.now();
        let feed = article.feed.clone();
        let reading = ReadingDone {
            id: id.clone(),
            fates: self.fates(&article, row.first_seen, now),
            late: late_keys(&row.article, &article),
            article,
            rule,
        };
        let waits = self
            .ledger
            .ask(move |books| {
                let entries = reading.entries(books)?;
                let waits = entries.iter().any(waits_for_eyes);
                books.commit(now, entries)?;
                Ok(waits)
            })
            .await?;
        match self.source(&feed).filter(|_| waits) {
            Some(source) => self.tell_of_batch(source, Batch::never_auto()).await,
            None => Ok(()),
        }
    }

    fn reader_of(&self, feed: &str) -> PageReader {
        let source = self.source(feed).or(self.sources.first());
        PageReader {
            zone: source.map_or(TimeZone::UTC, |source| source.zone.clone()),
            sites: Arc::clone(&self.sites),
        }
    }

    pub(super) async fn article(&self, id: &ArticleId) -> Result<ArticleRow, LedgerError> {
        let id = id.clone();
        self.ledger.ask(move |books| article_row(books, &id)).await
    }

    async fn commit(&self, entries: Vec<Entry>) -> Result<(), LedgerError> {
        let at = self.clock.now();
        self.ledger
            .ask(move |books| books.commit(at, entries))
            .await
    }
}

/// An article whose page was read, or is done without.
struct ReadingDone {
    id: ArticleId,
    article: Article,
    /// How it was read.
    rule: String,
    fates: Vec<Fate>,
    /// What it can be recognised by only now.
    late: Vec<String>,
}

impl ReadingDone {
    /// What follows from it; nothing, where another task was faster.
    fn entries(self, books: &Books) -> Result<Vec<Entry>, LedgerError> {
        let Self {
            id,
            article,
            rule,
            fates,
            late,
        } = self;
        let row = article_row(books, &id)?;
        if !row.unread {
            return Ok(Vec::new());
        }
        let outdated = match row.corrections {
            0 => Vec::new(),
            _ => outdated(books, &id)?,
        };
        let mut decided = decided(books, &id, &fates)?;
        let mut entries = vec![Entry {
            what: What::Enriched {
                id: id.clone(),
                article,
                page_read: !rule.starts_with(FEED_ALONE) && row.article.link.is_some(),
            },
            rule: Some(rule),
        }];
        match twin(books, &id, &late)? {
            Some(twin) => {
                let doubtful = |entry| doubtful(entry, &twin);
                decided = decided.into_iter().map(doubtful).collect();
            }
            None => entries.extend(learned(id, late)),
        }
        entries.extend(decided);
        entries.extend(outdated);
        Ok(entries)
    }
}

pub(super) fn article_row(books: &Books, id: &ArticleId) -> Result<ArticleRow, LedgerError> {
    books
        .article(id)?
        .ok_or_else(|| LedgerError::NoArticle(id.clone()))
}

/// What an article can be recognised by only now that its page was read: headline and lead,
/// where the feed had no lead, or another one.
fn late_keys(before: &Article, after: &Article) -> Vec<String> {
    let known = before.keys();
    let late = after.keys().into_iter();
    late.filter(|key| !key.is_strong() && !known.contains(key))
        .map(|key| key.to_string())
        .collect()
}

/// The other article that has one of these keys.
fn twin(books: &Books, id: &ArticleId, keys: &[String]) -> Result<Option<ArticleId>, LedgerError> {
    for key in keys {
        if let Some(twin) = books.by_key(key)?.filter(|twin| twin != id) {
            return Ok(Some(twin));
        }
    }
    Ok(None)
}

/// What was to go out may be the known article under a new address, or the next of a column: a
/// person decides.
fn doubtful(entry: Entry, twin: &ArticleId) -> Entry {
    match entry.what {
        What::Changed {
            id,
            page,
            change: Change::Queued,
        } => Entry {
            what: What::Changed {
                id,
                page,
                change: Change::Held {
                    reason: HoldReason::DoubtfulTwin,
                },
            },
            rule: Some(format!("reads like {twin}")),
        },
        _ => entry,
    }
}

fn learned(id: ArticleId, keys: Vec<String>) -> Option<Entry> {
    (!keys.is_empty()).then(|| Entry {
        what: What::Learned { id, keys },
        rule: Some("its page was read".to_owned()),
    })
}
