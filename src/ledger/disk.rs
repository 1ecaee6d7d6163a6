//! The ledger on disk: the journal is the truth, sled the index made from it. What is found when
//! it is opened, and what is done about it, is the table in `ARCHITECTURE.md`, "The ledger".

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use super::index::Index;
use super::journal::files::{make_dir, sync_dir};
use super::journal::{Journal, Report};
use super::store::{Frame, Opened, Replay, Store, StoreError, Tables};
use crate::faults;

/// The layout of the folder. A larger number is a newer loa's.
const FORMAT: u32 = 1;

/// A store in a folder.
pub struct DiskStore {
    journal: Journal,
    index: Index,
    failed: bool,
    /// Where the identity goes; `None` once it is there.
    nameless: Option<Paths>,
}

/// Where things are in a ledger's folder.
struct Paths {
    dir: PathBuf,
    journal: PathBuf,
    index: PathBuf,
    identity: PathBuf,
}

impl Paths {
    fn of(dir: &Path) -> Self {
        Self {
            dir: dir.to_owned(),
            journal: dir.join("journal"),
            index: dir.join("index"),
            identity: dir.join("identity"),
        }
    }
}

/// What a full check of a ledger found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Verified {
    /// How many events there are.
    pub events: u64,
    /// What is wrong, in words for the operator; empty when nothing is.
    pub faults: Vec<String>,
}

impl DiskStore {
    /// Opens the ledger in `dir`; the state folder's lock must be held. `replay` says what a
    /// journalled payload changes in the tables.
    ///
    /// # Errors
    /// [`StoreError::Lost`] when there was a ledger and its content is gone: never mistaken for a
    /// new installation.
    pub fn open(dir: &Path, replay: &Replay<'_>) -> Result<(Self, Opened), StoreError> {
        let paths = Paths::of(dir);
        make_dir(dir).map_err(|source| StoreError::io("made", source))?;
        let known = known_installation(&paths)?;
        let (journal, report) = Journal::open(&paths.journal)?;
        let mut opened = Opened {
            damage: words(&report),
            ..Opened::default()
        };
        let index = open_index(&paths, &mut opened)?;
        if journal.last_seq() == 0 && index.as_ref().is_none_or(|index| index.applied_seq() == 0) {
            if known {
                return Err(StoreError::Lost {
                    dir: dir.to_owned(),
                });
            }
            opened.new = true;
        }
        let index = match index {
            Some(index) => index,
            None => Index::create(&paths.index)?,
        };
        let mut store = Self {
            journal,
            index,
            failed: false,
            nameless: (!known).then_some(paths),
        };
        store.complete(replay, &report, &mut opened)?;
        store.identify()?;
        Ok((store, opened))
    }

    /// Writes the identity as soon as there is an event that could be lost: from then on, an empty
    /// folder means a loss. Any sooner, and a kill before the first event would look like one.
    fn identify(&mut self) -> Result<(), StoreError> {
        if self.journal.last_seq() == 0 {
            return Ok(());
        }
        if let Some(paths) = &self.nameless {
            write_identity(paths)?;
            self.nameless = None;
        }
        Ok(())
    }

    /// Gives each copy what only the other has.
    fn complete(
        &mut self,
        replay: &Replay<'_>,
        report: &Report,
        opened: &mut Opened,
    ) -> Result<(), StoreError> {
        opened.recovered = self.complete_journal()?;
        let applied = self.index.applied_seq();
        let missing = report
            .gaps
            .iter()
            .flat_map(|(first, last)| *first..=*last)
            .find(|seq| *seq > applied);
        if let Some(seq) = missing {
            return Err(StoreError::Damaged(format!(
                "event {seq} is in neither copy: restore a backup"
            )));
        }
        let Self { journal, index, .. } = self;
        journal.read_from(applied + 1, &mut |seq, payload| {
            if seq != index.applied_seq() + 1 {
                let lost = index.applied_seq() + 1;
                return Err(StoreError::Damaged(format!(
                    "event {lost} is in neither copy: restore a backup"
                )));
            }
            let writes = replay(index, seq, payload)?;
            index.apply(seq, payload, writes)?;
            opened.replayed += 1;
            Ok(true)
        })?;
        index.flush()
    }

    /// Appends to the journal what only the tables have.
    fn complete_journal(&mut self) -> Result<u64, StoreError> {
        let first = self.journal.last_seq() + 1;
        let mut recovered = 0;
        for seq in first..=self.index.applied_seq() {
            let payload = self.index.payload(seq)?.ok_or_else(|| {
                StoreError::Damaged(format!("event {seq} is in neither copy: restore a backup"))
            })?;
            self.journal.append(&[&payload])?;
            recovered += 1;
        }
        Ok(recovered)
    }

    /// Reads both copies whole and compares them.
    ///
    /// # Errors
    /// When one cannot be read at all.
    pub fn verify(&self) -> Result<Verified, StoreError> {
        let mut verified = Verified {
            events: self.journal.last_seq(),
            faults: words(&self.journal.verify()?),
        };
        self.journal.read_from(1, &mut |seq, payload| {
            if self.index.payload(seq)?.as_deref() != Some(payload) {
                verified
                    .faults
                    .push(format!("event {seq} differs between journal and index"));
            }
            Ok(true)
        })?;
        Ok(verified)
    }

    /// Sets whatever is in `dir` aside, so that the next opening is a new installation. Says where
    /// it is now; `None`: there was nothing.
    ///
    /// # Errors
    /// When the folder cannot be renamed.
    pub fn start_anew(dir: &Path) -> Result<Option<PathBuf>, StoreError> {
        let io = |source| StoreError::io("set aside", source);
        if !dir.exists() {
            return Ok(None);
        }
        let mut number = 1;
        let mut aside = dir.with_extension(format!("before-{number}"));
        while aside.exists() {
            number += 1;
            aside = dir.with_extension(format!("before-{number}"));
        }
        fs::rename(dir, &aside).map_err(io)?;
        Ok(Some(aside))
    }
}

impl Tables for DiskStore {
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        self.index.get(key)
    }

    fn scan(
        &self,
        prefix: &[u8],
        visit: &mut dyn FnMut(&[u8], &[u8]) -> bool,
    ) -> Result<(), StoreError> {
        self.index.scan(prefix, visit)
    }
}

impl Store for DiskStore {
    fn append(&mut self, frames: Vec<Frame>) -> Result<(), StoreError> {
        if self.failed {
            return Err(StoreError::Failed);
        }
        self.failed = true;
        let payloads: Vec<&[u8]> = frames
            .iter()
            .map(|frame| frame.payload.as_slice())
            .collect();
        self.journal.append(&payloads)?;
        for frame in frames {
            self.index.apply(frame.seq, &frame.payload, frame.writes)?;
        }
        self.index.flush()?;
        self.identify()?;
        self.failed = false;
        Ok(())
    }

    fn last_seq(&self) -> u64 {
        self.journal.last_seq()
    }

    fn payload(&self, seq: u64) -> Result<Option<Vec<u8>>, StoreError> {
        self.index.payload(seq)
    }
}

fn open_index(paths: &Paths, opened: &mut Opened) -> Result<Option<Index>, StoreError> {
    match Index::open(&paths.index) {
        Ok(index) => {
            opened.rebuilt = index.is_none();
            Ok(index)
        }
        Err(error) => {
            let aside = Index::set_aside(&paths.index)?;
            opened.rebuilt = true;
            opened
                .damage
                .push(format!("{error}; set aside as {}", aside.display()));
            Ok(None)
        }
    }
}

/// Whether a ledger was ever here.
fn known_installation(paths: &Paths) -> Result<bool, StoreError> {
    let text = match fs::read_to_string(&paths.identity) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(false),
        Err(source) => return Err(StoreError::io("read", source)),
    };
    let format = text
        .lines()
        .find_map(|line| line.strip_prefix("format "))
        .and_then(|number| number.trim().parse().ok())
        .unwrap_or(FORMAT);
    if format > FORMAT {
        return Err(StoreError::TooNew(format));
    }
    Ok(true)
}

fn write_identity(paths: &Paths) -> Result<(), StoreError> {
    let io = |source| StoreError::io("made", source);
    let part = paths.identity.with_extension("part");
    let mut file = fs::File::create(&part).map_err(io)?;
    writeln!(file, "loa ledger\nformat {FORMAT}").map_err(io)?;
    file.sync_all().map_err(io)?;
    faults::point("identity.written");
    fs::rename(part, &paths.identity).map_err(io)?;
    faults::point("identity.named");
    sync_dir(&paths.dir).map_err(io)
}

fn words(report: &Report) -> Vec<String> {
    let damage = report.damage.iter().map(|damage| {
        format!(
            "{} unreadable bytes at {} of {}",
            damage.bytes, damage.at, damage.file
        )
    });
    let gaps = report
        .gaps
        .iter()
        .map(|(first, last)| format!("events {first} to {last} are missing from the journal"));
    damage.chain(gaps).collect()
}

#[cfg(test)]
mod tests;
