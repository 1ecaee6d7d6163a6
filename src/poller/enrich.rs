//! Reads the pages of new articles: lead, text and full-size pictures. A slow site delays a
//! picture, never a memory.

use jiff::tz::TimeZone;
use tracing::{info, warn};
use url::Url;

use super::decide::decide;
use super::identify::keys_of;
use super::{Poller, Source};
use crate::article::page::{self, PageArticle, PageError};
use crate::article::{Article, ArticleId};
use crate::http_client::{FetchError, Get, WebClient};
use crate::ledger::event::What;
use crate::ledger::rows::ArticleRow;
use crate::ledger::state::{HoldReason, Record, State};
use crate::ledger::step::Change;
use crate::ledger::{Books, Entry, LedgerError};
use crate::publisher::page::Page;

/// A page larger than this is a mistake or an attack.
pub const PAGE_BYTES_MAX: usize = 8 << 20;
/// Pages read after one poll, so that a rebuilt site is not stormed. The rest follow.
const PAGES_PER_ROUND_MAX: usize = 30;
/// After so many failures the feed's own data must do.
pub const FAILURES_MAX: u32 = 3;
/// How the rule begins by which an article goes without its page.
pub const FEED_ALONE: &str = "from the feed alone: ";
/// A page that points on to another is followed this often.
const MOVES_MAX: usize = 2;

/// What a round of reading came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Enriched {
    /// Articles that are now known well enough.
    pub settled: usize,
    /// Articles whose pages have to be tried again.
    pub failed: usize,
}

/// Why an article's page did not help.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadingFailed {
    /// It may help later.
    #[error("{0}")]
    ForNow(String),
    /// The site does not hand the page out.
    #[error("{0}")]
    NotThere(String),
    /// We must not go there.
    #[error("{0}")]
    Forbidden(String),
    /// It never will.
    #[error("{0}")]
    ForGood(String),
}

impl Poller {
    /// Reads the pages of articles that wait for it, oldest first, and decides what becomes of
    /// them. A page that does not answer is asked up to `tries` times in a row.
    ///
    /// # Errors
    /// When the ledger fails.
    pub async fn enrich(&self, tries: usize) -> Result<Enriched, LedgerError> {
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
        let zone = self.zone_of(&row.article.feed);
        let (article, rule) = match &row.article.link {
            None => (row.article.clone(), "it has no address".to_owned()),
            Some(link) => match read(&self.web, link, &zone).await {
                Ok(page) => (row.article.enriched(&page), "its page was read".to_owned()),
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

    /// Writes down what is known now, and what becomes of the article on each Page.
    async fn known_well_enough(
        &self,
        id: &ArticleId,
        row: &ArticleRow,
        article: Article,
        rule: String,
    ) -> Result<(), LedgerError> {
        let (now, name) = (self.clock.now(), id.clone());
        let records = self
            .ledger
            .ask(move |books| books.records_of(&name))
            .await?;
        let waiting = records
            .iter()
            .filter(|record| record.state == State::Recorded);
        let decided: Vec<Entry> = waiting
            .filter_map(|record| self.decided(record, &article, row, now))
            .collect();
        let late = late_keys(&row.article, &article);
        let enriched = Entry {
            what: What::Enriched {
                id: id.clone(),
                article,
            },
            rule: Some(rule),
        };
        let id = id.clone();
        self.ledger
            .ask(move |books| {
                let mut entries = vec![enriched];
                match twin(books, &id, &late)? {
                    Some(twin) => {
                        entries.extend(decided.into_iter().map(|entry| doubtful(entry, &twin)));
                    }
                    None => {
                        entries.extend(learned(id, late));
                        entries.extend(decided);
                    }
                }
                books.commit(now, entries)
            })
            .await
    }

    fn decided(
        &self,
        record: &Record,
        article: &Article,
        row: &ArticleRow,
        now: jiff::Timestamp,
    ) -> Option<Entry> {
        let page = self.page(record)?;
        let selection = self
            .source(&article.feed)
            .map(|source| source.selection.clone())
            .unwrap_or_default();
        let seen = row.first_seen;
        let (state, rule) = decide(article, &selection, &page.manners, page.review, seen, now);
        let change = match state {
            State::Held { reason } => Change::Held { reason },
            State::Skipped { reason } => Change::Skipped { reason },
            _ => Change::Queued,
        };
        Some(Entry::change(record, change, rule))
    }

    fn page(&self, record: &Record) -> Option<&Page> {
        self.pages
            .iter()
            .find(|page| page.key == record.page)
            .map(AsRef::as_ref)
    }

    fn source(&self, feed: &str) -> Option<&Source> {
        self.sources.iter().find(|source| source.name == feed)
    }

    fn zone_of(&self, feed: &str) -> TimeZone {
        self.source(feed)
            .or(self.sources.first())
            .map_or(TimeZone::UTC, |source| source.zone.clone())
    }

    async fn article(&self, id: &ArticleId) -> Result<ArticleRow, LedgerError> {
        let id = id.clone();
        self.ledger
            .ask(move |books| books.article(&id)?.ok_or(LedgerError::NoArticle(id)))
            .await
    }

    async fn commit(&self, entries: Vec<Entry>) -> Result<(), LedgerError> {
        let at = self.clock.now();
        self.ledger
            .ask(move |books| books.commit(at, entries))
            .await
    }
}

/// What an article can be recognised by only now that its page was read: headline and lead,
/// where the feed had no lead, or another one.
fn late_keys(before: &Article, after: &Article) -> Vec<String> {
    let known = keys_of(before);
    let late = keys_of(after).into_iter();
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

/// Fetches an article's page and reads it.
///
/// # Errors
/// [`ReadingFailed::ForNow`] when it may help to ask again later.
pub async fn read(
    web: &WebClient,
    link: &Url,
    zone: &TimeZone,
) -> Result<PageArticle, ReadingFailed> {
    let mut address = link.clone();
    for _ in 0..=MOVES_MAX {
        match read_one(web, &address, zone).await? {
            Ok(page) => return Ok(page),
            Err(moved) => address = moved,
        }
    }
    Err(ReadingFailed::ForGood(
        "the page points on and on".to_owned(),
    ))
}

async fn read_one(
    web: &WebClient,
    link: &Url,
    zone: &TimeZone,
) -> Result<Result<PageArticle, Url>, ReadingFailed> {
    let request = Get {
        url: link,
        accept: "text/html, application/xhtml+xml",
        etag: None,
        last_modified: None,
        bytes_max: PAGE_BYTES_MAX,
    };
    let answer = web.get(request).await.map_err(|error| match error {
        FetchError::Forbidden(_) => ReadingFailed::Forbidden(error.to_string()),
        FetchError::BadAddress(_) | FetchError::TooLarge { .. } => {
            ReadingFailed::ForGood(error.to_string())
        }
        other => ReadingFailed::ForNow(other.to_string()),
    })?;
    match answer.status {
        200 => {}
        429 | 500.. => {
            return Err(ReadingFailed::ForNow(format!(
                "the site answered {}",
                answer.status
            )));
        }
        status => {
            return Err(ReadingFailed::NotThere(format!(
                "the site answered {status}"
            )));
        }
    }
    let zone = zone.clone();
    let read = tokio::task::spawn_blocking(move || {
        page::read(
            &answer.body,
            answer.content_type.as_deref(),
            Some(&answer.url),
            &zone,
        )
    });
    match read.await {
        Ok(Ok(page)) => Ok(Ok(page)),
        Ok(Err(PageError::MovedTo(url))) => Ok(Err(url)),
        Ok(Err(error)) => Err(ReadingFailed::ForGood(error.to_string())),
        Err(error) => Err(ReadingFailed::ForGood(error.to_string())),
    }
}
