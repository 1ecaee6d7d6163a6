//! The ledger in memory: the disk's twin for tests, and proof that the trait is narrow enough.

use std::collections::BTreeMap;

use super::store::{Frame, Store, StoreError, Tables};

/// Tables and journal that end with the process.
#[derive(Debug, Default)]
pub struct MemoryStore {
    rows: BTreeMap<Vec<u8>, Vec<u8>>,
    payloads: Vec<Vec<u8>>,
}

impl Tables for MemoryStore {
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self.rows.get(key).cloned())
    }

    fn scan(
        &self,
        prefix: &[u8],
        visit: &mut dyn FnMut(&[u8], &[u8]) -> bool,
    ) -> Result<(), StoreError> {
        let from_prefix = self.rows.range(prefix.to_vec()..);
        for (key, value) in from_prefix.take_while(|(key, _)| key.starts_with(prefix)) {
            if !visit(key, value) {
                break;
            }
        }
        Ok(())
    }
}

impl Store for MemoryStore {
    fn append(&mut self, frames: Vec<Frame>) -> Result<(), StoreError> {
        for frame in frames {
            for write in frame.writes {
                match write.value {
                    Some(value) => self.rows.insert(write.key, value),
                    None => self.rows.remove(&write.key),
                };
            }
            self.payloads.push(frame.payload);
        }
        Ok(())
    }

    fn last_seq(&self) -> u64 {
        self.payloads.len() as u64
    }

    fn payload(&self, seq: u64) -> Result<Option<Vec<u8>>, StoreError> {
        let place = usize::try_from(seq).ok().and_then(|seq| seq.checked_sub(1));
        Ok(place.and_then(|place| self.payloads.get(place)).cloned())
    }
}
