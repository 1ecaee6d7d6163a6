//! A disk that outlives the process. It can be full: then it keeps a part of what is written, as
//! a death in the middle of a write would.

use std::sync::{Arc, Mutex, PoisonError};

use loa::ledger::memory::MemoryStore;
use loa::ledger::store::{Frame, Store, StoreError, Tables};

/// The disk. Cheap to clone; a clone is the same disk.
#[derive(Clone, Default)]
pub(super) struct Disk(Arc<Mutex<Platter>>);

#[derive(Default)]
struct Platter {
    kept: MemoryStore,
    /// How many more frames there is room for; `None`: for any number.
    room: Option<usize>,
}

impl Disk {
    /// From now on there is room for so many frames; `None`: for any number.
    pub(super) fn set_room(&self, frames: Option<usize>) {
        self.platter(|platter| platter.room = frames);
    }

    /// How many frames it holds.
    pub(super) fn frames(&self) -> u64 {
        self.platter(|platter| platter.kept.last_seq())
    }

    /// The disk as one process opens it: unfit for more once a write has failed.
    pub(super) fn opened(&self) -> Opened {
        Opened {
            disk: self.clone(),
            failed: false,
        }
    }

    fn platter<T>(&self, act: impl FnOnce(&mut Platter) -> T) -> T {
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// One process's hold on the disk.
pub(super) struct Opened {
    disk: Disk,
    failed: bool,
}

impl Tables for Opened {
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        self.disk.platter(|platter| platter.kept.get(key))
    }

    fn scan(
        &self,
        prefix: &[u8],
        visit: &mut dyn FnMut(&[u8], &[u8]) -> bool,
    ) -> Result<(), StoreError> {
        self.disk
            .platter(|platter| platter.kept.scan(prefix, visit))
    }
}

impl Store for Opened {
    fn append(&mut self, mut frames: Vec<Frame>) -> Result<(), StoreError> {
        if self.failed {
            return Err(StoreError::Failed);
        }
        let wanted = frames.len();
        let fits = self.disk.platter(|platter| {
            frames.truncate(platter.room.unwrap_or(wanted));
            platter.room = platter.room.map(|room| room - frames.len());
            let fits = frames.len() == wanted;
            platter.kept.append(frames).map(|()| fits)
        })?;
        self.failed = !fits;
        if fits { Ok(()) } else { Err(StoreError::Full) }
    }

    fn last_seq(&self) -> u64 {
        self.disk.frames()
    }

    fn payload(&self, seq: u64) -> Result<Option<Vec<u8>>, StoreError> {
        self.disk.platter(|platter| platter.kept.payload(seq))
    }
}
