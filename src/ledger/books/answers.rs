//! What can be asked of the books. Reads the tables and the journal, writes nothing.

use std::collections::BTreeMap;

use super::Books;
use crate::article::ArticleId;
use crate::article::identity::Key;
use crate::ledger::LedgerError;
use crate::ledger::event::{Event, FeedMemory, Listing};
use crate::ledger::rows::{self, ArticleRow, PageRow};
use crate::ledger::state::{PageKey, Record, Standing};
use crate::ledger::store::Store;
use crate::post::PostId;

/// One event with its place in the journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// Its place in the journal.
    pub seq: u64,
    /// What happened.
    pub event: Event,
}

impl Books {
    /// What is known of an article.
    ///
    /// # Errors
    /// When the store cannot be read: which never means that the article is unknown.
    pub fn article(&self, id: &ArticleId) -> Result<Option<ArticleRow>, LedgerError> {
        rows::read(self.tables(), &rows::article(id))
    }

    /// The article that has the key.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn by_key(&self, key: &str) -> Result<Option<ArticleId>, LedgerError> {
        let row = self.store.get(&rows::key(key))?;
        Ok(row.map(|id| ArticleId::new(String::from_utf8_lossy(&id))))
    }

    /// The article that has the first of these keys that is known.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn first_of(
        &self,
        keys: impl IntoIterator<Item = Key>,
    ) -> Result<Option<ArticleId>, LedgerError> {
        for key in keys {
            if let Some(id) = self.by_key(&key.to_string())? {
                return Ok(Some(id));
            }
        }
        Ok(None)
    }

    /// One article on one Page.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn record(&self, id: &ArticleId, page: &PageKey) -> Result<Option<Record>, LedgerError> {
        rows::read(self.tables(), &rows::record(id, page))
    }

    /// One article on every Page that has it.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn records_of(&self, id: &ArticleId) -> Result<Vec<Record>, LedgerError> {
        let mut found = Vec::new();
        self.store.scan(&rows::records_of(id), &mut |_, row| {
            found.push(serde_json::from_slice(row).map_err(LedgerError::Row));
            true
        })?;
        found.into_iter().collect()
    }

    /// The records of a Page that stand in one state, in the order in which they were recorded.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn list(
        &self,
        page: &PageKey,
        standing: Standing,
        most: usize,
    ) -> Result<Vec<Record>, LedgerError> {
        self.records_under(&rows::standing(page, standing), page, most)
    }

    /// The records of a Page whose articles were corrected after they were posted, in the order in
    /// which they were recorded.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn outdated(&self, page: &PageKey) -> Result<Vec<Record>, LedgerError> {
        self.records_under(&rows::outdated(page), page, usize::MAX)
    }

    /// What stands in a feed, and what has left it.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn listing(&self, feed: &str) -> Result<Option<Listing>, LedgerError> {
        rows::read(self.tables(), &rows::listing(feed))
    }

    /// How many records of a Page stand in each state.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn counts(&self, page: &PageKey) -> Result<BTreeMap<Standing, u64>, LedgerError> {
        Standing::ALL
            .into_iter()
            .map(|standing| {
                let count = rows::read(self.tables(), &rows::count(page, standing))?;
                Ok((standing, count.unwrap_or_default()))
            })
            .collect()
    }

    /// What is remembered of a feed.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn feed(&self, name: &str) -> Result<Option<FeedMemory>, LedgerError> {
        rows::read(self.tables(), &rows::feed(name))
    }

    /// The names of all feeds that were last read at this address.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn feeds_at(&self, url: &str) -> Result<Vec<String>, LedgerError> {
        let mut at_url = Vec::new();
        for name in names_under(self.tables(), rows::FEEDS)? {
            if self.feed(&name)?.is_some_and(|memory| memory.url == url) {
                at_url.push(name);
            }
        }
        Ok(at_url)
    }

    /// Whether the feed's first poll for the Page is over.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn baselined(&self, feed: &str, page: &PageKey) -> Result<bool, LedgerError> {
        Ok(self.store.get(&rows::baseline(feed, page))?.is_some())
    }

    /// What is remembered of a Page.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn page(&self, page: &PageKey) -> Result<PageRow, LedgerError> {
        Ok(rows::read(self.tables(), &rows::page(page))?.unwrap_or_default())
    }

    /// Every Page that has ever had a record.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn pages(&self) -> Result<Vec<PageKey>, LedgerError> {
        pages_in(self.tables())
    }

    /// Whether a record, or a person, knows the post.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn knows_post(&self, page: &PageKey, post: &PostId) -> Result<bool, LedgerError> {
        Ok(self.store.get(&rows::post(page, post))?.is_some())
    }

    /// The article that a post is known to be of.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn article_of(
        &self,
        page: &PageKey,
        post: &PostId,
    ) -> Result<Option<ArticleId>, LedgerError> {
        let of = self.store.get(&rows::post(page, post))?;
        let of = of.map(|of| String::from_utf8_lossy(&of).into_owned());
        Ok(of.filter(|of| !of.is_empty()).map(ArticleId::new))
    }

    /// Articles that a Page wants and whose own pages are still to be read, oldest first.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn unread(&self, most: usize) -> Result<Vec<ArticleId>, LedgerError> {
        self.ids(rows::UNREAD, most)
    }

    /// Every event of an article, oldest first.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn story(&self, id: &ArticleId) -> Result<Vec<Told>, LedgerError> {
        self.told(self.seqs(&rows::story(id))?)
    }

    /// The newest notices, oldest of them first.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn notices(&self, most: usize) -> Result<Vec<Told>, LedgerError> {
        let mut seqs = self.seqs(rows::NOTICES)?;
        seqs.drain(..seqs.len().saturating_sub(most));
        self.told(seqs)
    }

    /// Every event, oldest first, as the journal keeps it.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn export(&self) -> Result<Vec<serde_json::Value>, LedgerError> {
        (1..=self.store.last_seq())
            .map(|seq| serde_json::from_slice(&self.payload(seq)?).map_err(LedgerError::Row))
            .collect()
    }

    /// Visits every article until `visit` says `false`.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn articles(
        &self,
        visit: &mut dyn FnMut(ArticleId, ArticleRow) -> bool,
    ) -> Result<(), LedgerError> {
        let mut outcome = Ok(());
        self.store.scan(rows::ARTICLES, &mut |key, row| {
            let name = key.get(rows::ARTICLES.len()..).unwrap_or_default();
            match serde_json::from_slice(row) {
                Ok(row) => visit(ArticleId::new(String::from_utf8_lossy(name)), row),
                Err(error) => {
                    outcome = Err(LedgerError::Row(error));
                    false
                }
            }
        })?;
        outcome
    }

    fn records_under(
        &self,
        prefix: &[u8],
        page: &PageKey,
        most: usize,
    ) -> Result<Vec<Record>, LedgerError> {
        let mut records = Vec::new();
        for id in self.ids(prefix, most)? {
            records.extend(self.record(&id, page)?);
        }
        Ok(records)
    }

    fn ids(&self, prefix: &[u8], most: usize) -> Result<Vec<ArticleId>, LedgerError> {
        let mut ids = Vec::new();
        self.store.scan(prefix, &mut |key, _| {
            ids.extend(rows::id_after_order(prefix, key));
            ids.len() < most
        })?;
        Ok(ids)
    }

    /// The places in the journal that the rows under `prefix` name, in ascending order.
    fn seqs(&self, prefix: &[u8]) -> Result<Vec<u64>, LedgerError> {
        let mut seqs = Vec::new();
        self.store.scan(prefix, &mut |key, _| {
            seqs.extend(rows::seq_at_end(key));
            true
        })?;
        Ok(seqs)
    }

    fn told(&self, seqs: Vec<u64>) -> Result<Vec<Told>, LedgerError> {
        seqs.into_iter()
            .map(|seq| {
                let event = Event::from_payload(&self.payload(seq)?)?;
                Ok(Told { seq, event })
            })
            .collect()
    }

    fn payload(&self, seq: u64) -> Result<Vec<u8>, LedgerError> {
        self.store.payload(seq)?.ok_or(LedgerError::NoFrame(seq))
    }

    fn tables(&self) -> &dyn Store {
        self.store.as_ref()
    }
}

/// How many posts wait for their turn in a store that nobody works on.
///
/// # Errors
/// When it cannot be read.
pub fn waiting(store: &dyn Store) -> Result<u64, LedgerError> {
    let mut waiting = 0;
    for page in pages_in(store)? {
        for standing in [Standing::Recorded, Standing::Queued, Standing::Uploading] {
            let count: Option<u64> = rows::read(store, &rows::count(&page, standing))?;
            waiting += count.unwrap_or_default();
        }
    }
    Ok(waiting)
}

fn pages_in(store: &dyn Store) -> Result<Vec<PageKey>, LedgerError> {
    let names = names_under(store, rows::PAGES)?;
    Ok(names.into_iter().map(PageKey).collect())
}

/// What the rows under `prefix` are called.
fn names_under(store: &dyn Store, prefix: &[u8]) -> Result<Vec<String>, LedgerError> {
    let mut names = Vec::new();
    store.scan(prefix, &mut |key, _| {
        let name = key.get(prefix.len()..).unwrap_or_default();
        names.push(String::from_utf8_lossy(name).into_owned());
        true
    })?;
    Ok(names)
}
