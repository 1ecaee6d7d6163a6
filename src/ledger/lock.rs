//! Our own lock on the state folder, taken before anything in it is opened.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use super::journal::files::make_dir;
use super::store::StoreError;
use crate::faults;

/// The lock, held until dropped, or until the process ends in whatever way.
#[derive(Debug)]
pub struct StateLock {
    // The lock lives as long as the open file.
    _file: File,
}

impl StateLock {
    /// Takes the lock on `dir`, which is made if there is none.
    ///
    /// # Errors
    /// [`StoreError::Locked`] when another process has it.
    pub fn acquire(dir: &Path, now: Timestamp) -> Result<Self, StoreError> {
        let io = |source| StoreError::io("locked", source);
        make_dir(dir).map_err(io)?;
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(path(dir))
            .map_err(io)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut holder = String::new();
                file.read_to_string(&mut holder).map_err(io)?;
                return Err(StoreError::Locked {
                    dir: dir.to_owned(),
                    holder: holder.trim().to_owned(),
                });
            }
            Err(TryLockError::Error(source)) => return Err(io(source)),
        }
        file.set_len(0).map_err(io)?;
        file.rewind().map_err(io)?;
        let holder = format!("process {} since {now}\n", std::process::id());
        file.write_all(holder.as_bytes()).map_err(io)?;
        faults::disk_point("state.locked").map_err(io)?;
        Ok(Self { _file: file })
    }
}

fn path(dir: &Path) -> PathBuf {
    dir.join("LOCK")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_second_to_come_is_told_who_was_first() {
        let dir = tempfile::tempdir().unwrap();
        let state = dir.path().join("state");
        let first = StateLock::acquire(&state, Timestamp::UNIX_EPOCH).unwrap();

        let refused = StateLock::acquire(&state, Timestamp::UNIX_EPOCH).unwrap_err();
        let StoreError::Locked { holder, .. } = refused else {
            panic!("{refused}");
        };
        assert_eq!(
            holder,
            format!("process {} since 1970-01-01T00:00:00Z", std::process::id())
        );

        drop(first);
        StateLock::acquire(&state, Timestamp::UNIX_EPOCH).unwrap();
    }
}
