//! The durable list of every (article, page) and its state: outbox and memory in one.
//!
//! One thread owns it. Everyone else holds a [`Ledger`] and asks; whatever is asked runs there,
//! one thing at a time, so that what was read still holds when what follows from it is written.

pub mod books;
#[cfg(test)]
mod conformance;
pub mod disk;
pub mod event;
pub mod index;
pub mod journal;
pub mod lock;
pub mod memory;
mod project;
pub mod rebuild;
pub mod rows;
pub mod state;
pub mod step;
pub mod store;
mod wire;

use std::thread;

use jiff::Timestamp;
use tokio::sync::{mpsc, oneshot};
use tracing::{info, warn};

pub use self::books::{Books, Entry};
use self::step::Illegal;
use self::store::StoreError;
use crate::article::ArticleId;

/// Why the ledger did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    /// The store failed: stop, and open it anew.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// What was asked cannot follow from where the record stands: somebody was faster.
    #[error(transparent)]
    Illegal(#[from] Illegal),
    /// There is no such article, or not on that Page.
    #[error("the ledger knows no article {0}")]
    NoArticle(ArticleId),
    /// It is there already.
    #[error("the ledger has article {0} already")]
    Taken(ArticleId),
    /// The tables name an event that the journal lacks.
    #[error("event {0} is missing from the journal: run `loa ledger verify`")]
    NoFrame(u64),
    /// An event could not be read back.
    #[error("the journal holds an event that cannot be read: {0}")]
    Event(#[from] event::ReadEventError),
    /// A row could not be read or written.
    #[error("the ledger holds a row that cannot be read: {0}")]
    Row(serde_json::Error),
    /// The ledger's thread has ended.
    #[error("the ledger is closed")]
    Closed,
}

type Job = Box<dyn FnOnce(&mut Books) + Send>;

/// How many questions may wait for the ledger's thread before askers have to.
const QUESTIONS_WAITING_MAX: usize = 64;

/// A way to ask the ledger. Cheap to clone.
#[derive(Clone)]
pub struct Ledger {
    jobs: mpsc::Sender<Job>,
}

/// Whoever has the books in hand and answers what is asked of them.
pub struct Keeper {
    books: Books,
    queue: mpsc::Receiver<Job>,
}

impl Keeper {
    /// Answers, one question at a time, until the last [`Ledger`] is dropped.
    pub async fn keep(mut self) {
        while let Some(job) = self.queue.recv().await {
            job(&mut self.books);
        }
    }

    /// The same on a thread that may be blocked.
    fn keep_on_this_thread(mut self) {
        while let Some(job) = self.queue.blocking_recv() {
            job(&mut self.books);
        }
    }
}

impl Ledger {
    /// A way to ask the books, and whoever is to answer.
    pub fn of(books: Books) -> (Self, Keeper) {
        let (jobs, queue) = mpsc::channel(QUESTIONS_WAITING_MAX);
        (Self { jobs }, Keeper { books, queue })
    }

    /// Gives the books to a thread of their own. It ends when the last handle is dropped.
    ///
    /// # Errors
    /// When the system has no thread to give.
    pub fn start(books: Books) -> std::io::Result<(Self, thread::JoinHandle<()>)> {
        let (ledger, keeper) = Self::of(books);
        let thread = thread::Builder::new()
            .name("ledger".to_owned())
            .spawn(move || keeper.keep_on_this_thread())?;
        Ok((ledger, thread))
    }

    /// Runs `question` on the ledger's thread and brings back its answer.
    ///
    /// # Errors
    /// Those of the question; [`LedgerError::Closed`] when the thread has ended.
    pub async fn ask<T: Send + 'static>(
        &self,
        question: impl FnOnce(&mut Books) -> Result<T, LedgerError> + Send + 'static,
    ) -> Result<T, LedgerError> {
        let (answer, answered) = oneshot::channel();
        let job: Job = Box::new(move |books| {
            // An asker that has gone away does not undo what it asked for.
            let _ = answer.send(question(books));
        });
        self.jobs.send(job).await.map_err(|_| LedgerError::Closed)?;
        answered.await.map_err(|_| LedgerError::Closed)?
    }

    /// Tells a person something about a Page, a feed or the ledger: a notice and a warning in the
    /// log. What was told within the last day goes to the log alone.
    ///
    /// # Errors
    /// When the ledger fails.
    pub async fn tell(&self, at: Timestamp, about: &str, text: String) -> Result<(), LedgerError> {
        let (about, said) = (about.to_owned(), text.clone());
        let news = self.ask(move |books| books.notify(at, &about, &said));
        match news.await? {
            true => warn!("{text}"),
            false => info!("{text}"),
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
