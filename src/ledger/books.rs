//! The ledger itself, held by one thread: writes events down after checking that they can follow,
//! and answers questions from the tables. Knows no clock and no network.

mod answers;

use jiff::{SignedDuration, Timestamp};

pub use self::answers::{Told, waiting};
use super::LedgerError;
use super::event::{Event, What};
use super::project::{Overlay, project};
use super::rows;
use super::state::{Epoch, PageKey, Record, Standing};
use super::step::{Change, left_in_hand};
use super::store::{Frame, Store};
use crate::faults;

/// A notice that still holds is said again after this long.
const NOTICE_REPEATED_AFTER: SignedDuration = SignedDuration::from_hours(24);
/// How many of the newest notices a new one is compared with.
const NOTICES_COMPARED: usize = 50;

/// The books, open.
pub struct Books {
    store: Box<dyn Store>,
    epoch: Epoch,
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
}
