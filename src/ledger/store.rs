//! What the ledger needs of whatever keeps it: ordered tables to look things up in, and a journal
//! to which frames are appended for good. Knows nothing of articles or states.

use std::path::PathBuf;

/// One change to the tables.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Write {
    /// Which row. The first byte is never zero: such keys are the store's own.
    pub key: Vec<u8>,
    /// Its new content; `None` removes it.
    pub value: Option<Vec<u8>>,
}

/// One event on its way to the journal, with what it changes in the tables.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    /// Its place in the journal: one more than the frame before.
    pub seq: u64,
    /// The event, written down.
    pub payload: Vec<u8>,
    /// What follows from it. Can always be worked out again from the payloads up to this one.
    pub writes: Vec<Write>,
}

/// Ordered rows to look things up in.
pub trait Tables {
    /// The row, if there is one.
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError>;

    /// Visits the rows whose keys start with `prefix`, in ascending order, until `visit` says
    /// `false`.
    fn scan(
        &self,
        prefix: &[u8],
        visit: &mut dyn FnMut(&[u8], &[u8]) -> bool,
    ) -> Result<(), StoreError>;
}

/// Tables beside the journal that they are made from.
pub trait Store: Tables + Send {
    /// Writes the frames down for good, then applies what follows from them. When this returns
    /// `Ok`, a power cut loses none of them; when it returns an error, the store must be opened
    /// anew before anything else is written, and a prefix of the frames may have been kept.
    fn append(&mut self, frames: Vec<Frame>) -> Result<(), StoreError>;

    /// The place of the newest frame; 0 when there is none.
    fn last_seq(&self) -> u64;

    /// The payload of one frame. `None`: there is no such frame.
    fn payload(&self, seq: u64) -> Result<Option<Vec<u8>>, StoreError>;
}

/// Works out what one journalled payload changes, when tables are made anew from the journal.
pub type Replay<'a> = dyn Fn(&dyn Tables, u64, &[u8]) -> Result<Vec<Write>, StoreError> + 'a;

/// What was found when a store was opened.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Opened {
    /// Nothing was there: this is a new installation.
    pub new: bool,
    /// How many frames the tables lacked and took from the journal.
    pub replayed: u64,
    /// Whether the tables had to be made anew from the first frame.
    pub rebuilt: bool,
    /// How many frames the journal lacked and took from the tables: pause, and tell a person.
    pub recovered: u64,
    /// Damaged places in the journal that were stepped over, in words for the operator.
    pub damage: Vec<String>,
}

/// Why the store does not answer. One variant for each reaction.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Another process has it.
    #[error("the state folder {} is in use by {holder}", dir.display())]
    Locked {
        /// The folder.
        dir: PathBuf,
        /// Who says that it has it: process number and start time.
        holder: String,
    },
    /// There was a ledger here, and its content is gone: posting on would repeat everything.
    #[error(
        "the ledger in {} is gone although this installation had one: restore it from a backup, \
         or start anew with `loa ledger init --adopt`",
        dir.display()
    )]
    Lost {
        /// The folder.
        dir: PathBuf,
    },
    /// The disk is full. What was written before stays; free some space and start again.
    #[error(
        "the disk that holds the ledger is full: free some space and start again, nothing that \
         was written is lost"
    )]
    Full,
    /// The journal cannot be read as ours at all.
    #[error("the ledger is damaged: {0}")]
    Damaged(String),
    /// The tables hold a place that cannot be read. Nothing is lost.
    #[error("the index is damaged and is made again from the journal at the next start: {0}")]
    IndexDamaged(String),
    /// A newer loa wrote this.
    #[error("the ledger was written by a newer loa (format {0}): upgrade this one")]
    TooNew(u32),
    /// Reading or writing failed.
    #[error("the ledger could not be {what}: {source}")]
    Io {
        /// What was being done.
        what: &'static str,
        /// What the system said.
        source: std::io::Error,
    },
    /// An earlier error made this handle unfit: open the store anew.
    #[error("the ledger failed before and must be opened again")]
    Failed,
}

impl StoreError {
    /// The variant for what the system said while the ledger was being `what`.
    pub(crate) fn io(what: &'static str, source: std::io::Error) -> Self {
        match source.kind() {
            std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => Self::Full,
            _ => Self::Io { what, source },
        }
    }
}
