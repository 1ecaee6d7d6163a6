//! Faults that tests bring about: places where the process is killed or the disk fails, and
//! protections that are taken away, to prove that each of them is needed. All of it vanishes from
//! programs that are built without the feature `faults`, as every released one is.
//!
//! Whoever starts a process says so in its environment, `LOA_FAULTS="kill=journal.synced:3"`;
//! parts are joined by `;`:
//!
//! - `kill=NAME:N`: SIGKILL at the Nth visit of a point; `any` counts visits of all of them.
//! - `full=NAME:N`: from that visit on, the disk is full.
//! - `panic=NAME:N` and `quoting=TEXT`: a panic at that visit, with this text in its words.
//! - `without=PROTECTION`: a protection is off.
//! - `visits=FILE`: every point that is visited is written there, one a line.

#[cfg(not(feature = "faults"))]
use std::io;

#[cfg(feature = "faults")]
mod plan;

/// What keeps a post from being made twice, or from being lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Protection {
    /// The journal is on disk for good before anything is answered.
    Sync,
    /// The final call is announced on disk before its first byte leaves.
    SendingFrame,
    /// What a kill left in sled's folder is removed before sled is opened.
    Guard,
    /// What the Page showed before the call is no outcome of it.
    Fence,
    /// The Page is read before a record is claimed.
    ReadBeforeClaim,
    /// Time passes on the Page before "absent" is believed.
    Wait,
    /// A list proves an absence only if it shows a post that is known to be there.
    Control,
}

impl Protection {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Sync,
        Self::SendingFrame,
        Self::Guard,
        Self::Fence,
        Self::ReadBeforeClaim,
        Self::Wait,
        Self::Control,
    ];

    /// Its name in `LOA_FAULTS`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Sync => "sync",
            Self::SendingFrame => "sending-frame",
            Self::Guard => "guard",
            Self::Fence => "fence",
            Self::ReadBeforeClaim => "read-before-claim",
            Self::Wait => "wait",
            Self::Control => "control",
        }
    }
}

/// Every place where a process may die, in the order in which a post passes them.
pub const POINTS: [&str; 21] = [
    "state.locked",
    "journal.opened",
    "index.made",
    "index.opening",
    "index.opened",
    "identity.written",
    "identity.named",
    "ledger.opened",
    "web.asking",
    "web.answered",
    "graph.asking",
    "graph.answered",
    "media.writing",
    "media.written",
    "media.forgetting",
    "journal.writing",
    "journal.torn",
    "journal.written",
    "journal.synced",
    "index.applied",
    "index.flushed",
];

/// Whether a protection stands: always, but where a test has taken it away.
#[cfg(not(feature = "faults"))]
pub const fn stands(_protection: Protection) -> bool {
    true
}

/// A place where a test may kill the process.
#[cfg(not(feature = "faults"))]
pub const fn point(_name: &'static str) {}

/// A place where a test may kill the process or find the disk full.
///
/// # Errors
/// That the disk is full, where a test says so.
#[cfg(not(feature = "faults"))]
pub const fn disk_point(_name: &'static str) -> io::Result<()> {
    Ok(())
}

/// A place where a test may kill the process while `bytes` are being written: `write` gets half
/// of them then, and is not called otherwise.
#[cfg(not(feature = "faults"))]
pub fn tear(_name: &'static str, _bytes: &[u8], _write: impl FnOnce(&[u8])) {}

#[cfg(feature = "faults")]
pub use self::plan::{disk_point, point, stands, tear, without};
