//! The ledger itself, held by one thread: answers questions from the tables, and writes events
//! down after checking that they can follow. Knows no clock and no network.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

use super::LedgerError;
use super::event::{Event, FeedMemory, Listing, What};
use super::project::{Overlay, project};
use super::rows::{self, ArticleRow, PageRow};
use super::state::{Epoch, PageKey, Record, Standing};
use super::step::{Change, left_in_hand};
use super::store::{Frame, Store};
use crate::article::ArticleId;
use crate::article::identity::Key;
use crate::faults;
use crate::post::PostId;

/// A notice that still holds is said again after this long.
const NOTICE_REPEATED_AFTER: SignedDuration = SignedDuration::from_hours(24);
/// How many of the newest notices a new one is compared with.
const NOTICES_COMPARED: usize = 50;

/// The books, open.
pub struct Books {
    store: Box<dyn Store>,
    epoch: Epoch,
}

/// One event with its place in the journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// Its place in the journal.
    pub seq: u64,
    /// What happened.
    pub event: Event,
}

/// An event about to be written down, with the rule by which it was decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// What happened.
    pub what: What,
    /// By which rule, and on which value.
    pub rule: Option<String>,
}

impl From<What> for Entry {
    fn from(what: What) -> Self {
        Self { what, rule: None }
    }
}

impl Entry {
    /// A record's change, with its rule.
    pub fn change(record: &Record, change: Change, rule: impl Into<String>) -> Self {
        Self {
            what: What::Changed {
                id: record.article.clone(),
                page: record.page.clone(),
                change,
            },
            rule: Some(rule.into()),
        }
    }
}

impl Books {
    /// Opens the books for a new process: takes the next epoch, and puts what the process before
    /// left in hand where it belongs. What it may have sent is looked for, never sent again.
    ///
    /// # Errors
    /// When the store cannot be read or written.
    pub fn open(store: Box<dyn Store>, at: Timestamp) -> Result<Self, LedgerError> {
        let before: Epoch = rows::read(store.as_ref(), rows::EPOCH)?.unwrap_or_default();
        let mut books = Self {
            store,
            epoch: Epoch(before.0.saturating_add(1)),
        };
        let mut entries = vec![Entry::from(What::Started {
            epoch: books.epoch,
            version: env!("CARGO_PKG_VERSION").to_owned(),
        })];
        for page in books.pages()? {
            entries.extend(books.left_in_hand(&page)?);
        }
        books.commit(at, entries)?;
        faults::point("ledger.opened");
        Ok(books)
    }

    fn left_in_hand(&self, page: &PageKey) -> Result<Vec<Entry>, LedgerError> {
        let mut entries = Vec::new();
        for standing in [Standing::Uploading, Standing::Sending] {
            for record in self.list(page, standing, usize::MAX)? {
                let change = left_in_hand(&record);
                entries.extend(change.map(|(change, rule)| Entry::change(&record, change, rule)));
            }
        }
        Ok(entries)
    }

    /// The number of this process.
    pub fn epoch(&self) -> Epoch {
        self.epoch
    }

    /// Writes events down: all of them can follow, or none is written.
    ///
    /// # Errors
    /// [`LedgerError::Illegal`] when one cannot follow; store errors, after which the books must
    /// be opened anew.
    pub fn commit(
        &mut self,
        at: Timestamp,
        entries: impl IntoIterator<Item = Entry>,
    ) -> Result<(), LedgerError> {
        let mut frames = Vec::new();
        let mut overlay = Overlay::on(self.store.as_ref());
        for entry in entries {
            let seq = self.store.last_seq() + frames.len() as u64 + 1;
            let event = Event {
                at,
                what: entry.what,
                rule: entry.rule,
            };
            project(&mut overlay, seq, &event)?;
            frames.push(Frame {
                seq,
                payload: event.to_payload().map_err(LedgerError::Row)?,
                writes: overlay.take_writes(),
            });
        }
        if frames.is_empty() {
            return Ok(());
        }
        Ok(self.store.append(frames)?)
    }

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
        let mut found = Ok(Vec::new());
        self.store.scan(&rows::records_of(id), &mut |_, row| {
            push_row(&mut found, row)
        })?;
        found
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
        let prefix = rows::standing(page, standing);
        let ids = self.ids(&prefix, most)?;
        let mut records = Vec::with_capacity(ids.len());
        for id in ids {
            records.extend(self.record(&id, page)?);
        }
        Ok(records)
    }

    /// The records of a Page whose articles were corrected after they were posted, in the order in
    /// which they were recorded.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn outdated(&self, page: &PageKey) -> Result<Vec<Record>, LedgerError> {
        let mut records = Vec::new();
        for id in self.ids(&rows::outdated(page), usize::MAX)? {
            records.extend(self.record(&id, page)?);
        }
        Ok(records)
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
        let mut names = Vec::new();
        self.store.scan(rows::FEEDS, &mut |key, _| {
            let name = key.get(rows::FEEDS.len()..).unwrap_or_default();
            names.push(String::from_utf8_lossy(name).into_owned());
            true
        })?;
        let mut at_url = Vec::new();
        for name in names {
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

    /// Writes a notice down unless the same was said within the last day. Says whether it was.
    ///
    /// # Errors
    /// When the store cannot be read or written.
    pub fn notify(&mut self, at: Timestamp, about: &str, text: &str) -> Result<bool, LedgerError> {
        let said_lately = self.notices(NOTICES_COMPARED)?.iter().any(|told| {
            let age = at.duration_since(told.event.at);
            matches!(&told.event.what, What::Notice { about: a, text: t } if a == about && t == text)
                && age < NOTICE_REPEATED_AFTER
        });
        if said_lately {
            return Ok(false);
        }
        let notice = What::Notice {
            about: about.to_owned(),
            text: text.to_owned(),
        };
        self.commit(at, [Entry::from(notice)])?;
        Ok(true)
    }

    /// Every event, oldest first, as the journal keeps it.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn export(&self) -> Result<Vec<serde_json::Value>, LedgerError> {
        (1..=self.store.last_seq())
            .map(|seq| {
                let payload = self.store.payload(seq)?.ok_or(LedgerError::NoFrame(seq))?;
                serde_json::from_slice(&payload).map_err(LedgerError::Row)
            })
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
        let mut told = Vec::with_capacity(seqs.len());
        for seq in seqs {
            let payload = self.store.payload(seq)?.ok_or(LedgerError::NoFrame(seq))?;
            let event = Event::from_payload(&payload)?;
            told.push(Told { seq, event });
        }
        Ok(told)
    }

    fn tables(&self) -> &dyn Store {
        self.store.as_ref()
    }
}

fn push_row(found: &mut Result<Vec<Record>, LedgerError>, row: &[u8]) -> bool {
    match (serde_json::from_slice(row), found.as_mut()) {
        (Ok(record), Ok(records)) => {
            records.push(record);
            true
        }
        (Err(error), _) => {
            *found = Err(LedgerError::Row(error));
            false
        }
        (Ok(_), Err(_)) => false,
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
    let mut pages = Vec::new();
    store.scan(rows::PAGES, &mut |key, _| {
        let name = key.get(rows::PAGES.len()..).unwrap_or_default();
        pages.push(PageKey(String::from_utf8_lossy(name).into_owned()));
        true
    })?;
    Ok(pages)
}
