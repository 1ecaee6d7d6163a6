//! Where the proofs keep their ledgers, and how they look into them.

use std::fs;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use loa::ledger::store::{Frame, Store, StoreError, Tables};
use tempfile::TempDir;

/// A folder in memory, where the machine has one: thousands of ledgers are made and thrown away.
pub(super) fn folder() -> TempDir {
    let memory = Path::new("/dev/shm");
    match memory.is_dir() {
        true => tempfile::tempdir_in(memory).unwrap(),
        false => tempfile::tempdir().unwrap(),
    }
}

pub(super) fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        match entry.file_type().unwrap().is_dir() {
            true => copy(&entry.path(), &target),
            false => {
                fs::copy(entry.path(), target).unwrap();
            }
        }
    }
}

/// Every row and every event of a store.
pub(super) type Content = (Vec<(Vec<u8>, Vec<u8>)>, Vec<Vec<u8>>);

pub(super) fn content(store: &impl Store) -> Result<Content, StoreError> {
    let mut rows = Vec::new();
    // Rows that start with a zero are the store's own.
    for first in 1..=u8::MAX {
        store.scan(&[first], &mut |key, value| {
            rows.push((key.to_vec(), value.to_vec()));
            true
        })?;
    }
    let payloads: Result<Vec<_>, _> = (1..=store.last_seq())
        .map(|seq| store.payload(seq))
        .collect();
    Ok((rows, payloads?.into_iter().flatten().collect()))
}

/// A store that the books have and that can be looked into from beside them.
pub(super) struct Shared<S>(Arc<Mutex<S>>);

impl<S> Shared<S> {
    pub(super) fn new(store: S) -> Self {
        Self(Arc::new(Mutex::new(store)))
    }

    pub(super) fn get(&self) -> MutexGuard<'_, S> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<S> Clone for Shared<S> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<S: Store> Tables for Shared<S> {
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        self.get().get(key)
    }

    fn scan(
        &self,
        prefix: &[u8],
        visit: &mut dyn FnMut(&[u8], &[u8]) -> bool,
    ) -> Result<(), StoreError> {
        self.get().scan(prefix, visit)
    }
}

impl<S: Store> Store for Shared<S> {
    fn append(&mut self, frames: Vec<Frame>) -> Result<(), StoreError> {
        self.get().append(frames)
    }

    fn last_seq(&self) -> u64 {
        self.get().last_seq()
    }

    fn payload(&self, seq: u64) -> Result<Option<Vec<u8>>, StoreError> {
        self.get().payload(seq)
    }
}
