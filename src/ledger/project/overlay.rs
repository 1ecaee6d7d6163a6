//! Tables as they will be, over tables as they are.

use std::collections::BTreeMap;

use super::super::store::{StoreError, Tables, Write};

/// Tables as they will be once the collected writes are applied.
pub(in crate::ledger) struct Overlay<'a> {
    below: &'a dyn Tables,
    above: BTreeMap<Vec<u8>, Option<Vec<u8>>>,
    fresh: Vec<Write>,
}

impl<'a> Overlay<'a> {
    pub(in crate::ledger) fn on(below: &'a dyn Tables) -> Self {
        Self {
            below,
            above: BTreeMap::new(),
            fresh: Vec::new(),
        }
    }

    /// The writes since this was last asked.
    pub(in crate::ledger) fn take_writes(&mut self) -> Vec<Write> {
        std::mem::take(&mut self.fresh)
    }

    pub(super) fn put(&mut self, key: Vec<u8>, value: Vec<u8>) {
        self.write(key, Some(value));
    }

    pub(super) fn remove(&mut self, key: Vec<u8>) {
        self.write(key, None);
    }

    fn write(&mut self, key: Vec<u8>, value: Option<Vec<u8>>) {
        self.above.insert(key.clone(), value.clone());
        self.fresh.push(Write { key, value });
    }
}

impl Tables for Overlay<'_> {
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        match self.above.get(key) {
            Some(value) => Ok(value.clone()),
            None => self.below.get(key),
        }
    }

    fn scan(
        &self,
        prefix: &[u8],
        visit: &mut dyn FnMut(&[u8], &[u8]) -> bool,
    ) -> Result<(), StoreError> {
        let mut rows = BTreeMap::new();
        self.below.scan(prefix, &mut |key, value| {
            rows.insert(key.to_vec(), value.to_vec());
            true
        })?;
        for (key, value) in self.above.range(prefix.to_vec()..) {
            if !key.starts_with(prefix) {
                break;
            }
            match value {
                Some(value) => rows.insert(key.clone(), value.clone()),
                None => rows.remove(key),
            };
        }
        let _ = rows.iter().all(|(key, value)| visit(key, value));
        Ok(())
    }
}
