//! Makes tables from events: those of a journal that is replayed, and those of another ledger.

use super::LedgerError;
use super::event::Event;
use super::project::{Overlay, project};
use super::store::{Frame, Store, StoreError, Tables, Write};

/// How many events are flushed together while another ledger's are taken over.
const IMPORTED_TOGETHER: usize = 256;

/// Works out what a journalled payload changes: for stores that make their tables anew.
///
/// # Errors
/// When the payload was written by a newer loa, or cannot follow what came before it.
pub fn replay(tables: &dyn Tables, seq: u64, payload: &[u8]) -> Result<Vec<Write>, StoreError> {
    let damaged = |why: &dyn std::fmt::Display| StoreError::Damaged(format!("frame {seq}: {why}"));
    let event = Event::from_payload(payload).map_err(|error| damaged(&error))?;
    let mut overlay = Overlay::on(tables);
    project(&mut overlay, seq, &event).map_err(|error| match error {
        LedgerError::Store(error) => error,
        other => damaged(&other),
    })?;
    Ok(overlay.take_writes())
}

/// Whether these are events that this loa can read, before anything is written.
///
/// # Errors
/// That of the first one that is not.
pub fn check_import(events: &[&[u8]]) -> Result<(), LedgerError> {
    events.iter().try_for_each(|payload| {
        Event::from_payload(payload)?;
        Ok(())
    })
}

/// Fills an empty store with the events of another one. Says how many there were.
///
/// # Errors
/// When an event cannot follow, or the store cannot be written.
pub fn import(store: &mut dyn Store, events: &[&[u8]]) -> Result<u64, LedgerError> {
    for together in events.chunks(IMPORTED_TOGETHER) {
        let mut frames = Vec::with_capacity(together.len());
        let mut overlay = Overlay::on(store);
        for payload in together {
            let seq = store.last_seq() + frames.len() as u64 + 1;
            project(&mut overlay, seq, &Event::from_payload(payload)?)?;
            frames.push(Frame {
                seq,
                payload: payload.to_vec(),
                writes: overlay.take_writes(),
            });
        }
        store.append(frames)?;
    }
    Ok(store.last_seq())
}
