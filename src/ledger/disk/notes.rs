//! Small files beside the two copies: that a ledger was ever here, and that a person has yet to be
//! told of a repair.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use crate::faults;
use crate::ledger::journal::files::sync_dir;
use crate::ledger::journal::text_sum;
use crate::ledger::store::StoreError;

/// The layout of the folder. A larger number is a newer loa's.
const FORMAT: u32 = 1;

/// What a ledger's folder says of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Identity {
    /// No ledger was ever here.
    None,
    /// There was one.
    Known,
    /// There was one, and the file that says so is damaged.
    Damaged,
}

/// Reads the identity of the folder.
///
/// # Errors
/// [`StoreError::TooNew`] when a newer loa wrote it.
pub(super) fn identity(dir: &Path) -> Result<Identity, StoreError> {
    let bytes = match fs::read(identity_path(dir)) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Identity::None),
        Err(source) => return Err(StoreError::io("read", source)),
    };
    match format(&bytes) {
        Some(format) if format > FORMAT => Err(StoreError::TooNew(format)),
        Some(_) => Ok(Identity::Known),
        None => Ok(Identity::Damaged),
    }
}

/// Writes down that a ledger is here: from now on an empty folder means a loss.
///
/// # Errors
/// When it cannot be written.
pub(super) fn write_identity(dir: &Path) -> Result<(), StoreError> {
    write(&identity_path(dir), &identity_text(FORMAT))
}

/// The identity's content. The checksum tells a newer format from a damaged one.
pub(super) fn identity_text(format: u32) -> String {
    let text = format!("loa ledger\nformat {format}\n");
    let sum = text_sum(&text);
    format!("{text}sum {sum:08x}\n")
}

/// The format that an identity states; `None` when it is damaged.
fn format(bytes: &[u8]) -> Option<u32> {
    let text = std::str::from_utf8(bytes).ok()?;
    let format = text.strip_prefix("loa ledger\nformat ")?.lines().next()?;
    let format = format.parse().ok()?;
    (text == identity_text(format)).then_some(format)
}

/// How many events were taken from the index because the journal lacked them, if a person has not
/// been told yet.
///
/// # Errors
/// When it cannot be read.
pub(super) fn untold_recovery(dir: &Path) -> Result<u64, StoreError> {
    match fs::read_to_string(recovery_path(dir)) {
        // What cannot be read as a number still says that something was recovered.
        Ok(text) => Ok(text.trim().parse().unwrap_or(1).max(1)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(0),
        Err(error) if error.kind() == io::ErrorKind::InvalidData => Ok(1),
        Err(source) => Err(StoreError::io("read", source)),
    }
}

/// Writes down that events are taken from the index, before they are: a kill must not make the
/// repair look like a whole ledger.
///
/// # Errors
/// When it cannot be written.
pub(super) fn write_recovery(dir: &Path, events: u64) -> Result<(), StoreError> {
    write(&recovery_path(dir), &format!("{events}\n"))
}

/// Forgets the recovery: a person has been told.
///
/// # Errors
/// When it cannot be removed.
pub(super) fn forget_recovery(dir: &Path) -> Result<(), StoreError> {
    match fs::remove_file(recovery_path(dir)) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(StoreError::io("repaired", error))
        }
        _ => Ok(()),
    }
}

fn identity_path(dir: &Path) -> PathBuf {
    dir.join("identity")
}

fn recovery_path(dir: &Path) -> PathBuf {
    dir.join("recovered")
}

/// Writes a small file, whole or not at all.
fn write(path: &Path, text: &str) -> Result<(), StoreError> {
    let written = || -> io::Result<()> {
        let part = path.with_extension("part");
        let mut file = File::create(&part)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        faults::disk_point("identity.written")?;
        fs::rename(part, path)?;
        faults::point("identity.named");
        sync_dir(path.parent().unwrap_or(Path::new(".")))
    };
    written().map_err(|source| StoreError::io("made", source))
}
