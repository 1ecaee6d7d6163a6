//! The ledger on disk: the journal is the truth, sled the index made from it. What is found when
//! it is opened, and what is done about it, is the table in `ARCHITECTURE.md`, "The ledger".

mod notes;
mod words;

use std::fs;
use std::path::{Path, PathBuf};

use self::notes::Identity;
use super::index::{Index, OpenError};
use super::journal::files::{make_dir, sync_dir};
use super::journal::{Journal, Report};
use super::store::{Frame, Opened, Replay, Store, StoreError, Tables};

/// A store in a folder.
pub struct DiskStore {
    paths: Paths,
    journal: Journal,
    index: Index,
    identified: bool,
    failed: bool,
}

/// Where things are in a ledger's folder.
struct Paths {
    dir: PathBuf,
    journal: PathBuf,
    index: PathBuf,
}

impl Paths {
    fn of(dir: &Path) -> Self {
        Self {
            dir: dir.to_owned(),
            journal: dir.join("journal"),
            index: dir.join("index"),
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
        let identity = notes::identity(dir)?;
        let (journal, report) = Journal::open(&paths.journal)?;
        let mut opened = Opened {
            damage: words::damage(&report),
            ..Opened::default()
        };
        if identity == Identity::Damaged {
            let text = "the identity file was damaged and is written anew";
            opened.damage.push(text.to_owned());
        }
        let index = open_index(&paths, &journal, &mut opened)?;
        let empty = |index: &Index| index.applied_seq() == 0;
        opened.new = journal.last_seq() == 0 && index.as_ref().is_none_or(empty);
        if opened.new && identity != Identity::None {
            return Err(StoreError::Lost {
                dir: dir.to_owned(),
            });
        }
        let index = match index {
            Some(index) => index,
            None => Index::create(&paths.index)?,
        };
        let mut store = Self {
            paths,
            journal,
            index,
            identified: identity == Identity::Known,
            failed: false,
        };
        store.complete(replay, &report, &mut opened)?;
        Ok((store, opened))
    }

    /// Forgets that events were recovered: all sending has been stopped, and a person told.
    ///
    /// # Errors
    /// When the note of it cannot be removed.
    pub fn recovery_was_told(dir: &Path) -> Result<(), StoreError> {
        notes::forget_recovery(dir)
    }

    /// Gives each copy what only the other has.
    fn complete(
        &mut self,
        replay: &Replay<'_>,
        report: &Report,
        opened: &mut Opened,
    ) -> Result<(), StoreError> {
        self.complete_journal()?;
        opened.recovered = notes::untold_recovery(&self.paths.dir)?;
        let applied = self.index.applied_seq();
        let missing = report
            .gaps
            .iter()
            .flat_map(|(first, last)| *first..=*last)
            .find(|seq| *seq > applied);
        if let Some(seq) = missing {
            return Err(in_neither(seq));
        }
        let Self { journal, index, .. } = self;
        if applied == journal.last_seq() {
            return Ok(());
        }
        journal.read_from(applied + 1, &mut |seq, payload| {
            if seq != index.applied_seq() + 1 {
                return Err(in_neither(index.applied_seq() + 1));
            }
            let writes = replay(index, seq, payload)?;
            index.apply(seq, payload, writes)?;
            opened.replayed += 1;
            Ok(true)
        })?;
        index.flush()
    }

    /// Appends to the journal what only the tables have.
    fn complete_journal(&mut self) -> Result<(), StoreError> {
        let (last, applied) = (self.journal.last_seq(), self.index.applied_seq());
        if applied <= last {
            return Ok(());
        }
        notes::write_recovery(&self.paths.dir, applied - last)?;
        for seq in last + 1..=applied {
            let payload = match self.index.payload(seq) {
                Ok(Some(payload)) => payload,
                Ok(None) | Err(StoreError::IndexDamaged(_)) => return Err(in_neither(seq)),
                Err(error) => return Err(error),
            };
            self.journal.append(&[&payload])?;
        }
        Ok(())
    }

    /// Reads both copies whole and compares them. What `opened` says was repaired is told too.
    ///
    /// # Errors
    /// When one cannot be read at all.
    pub fn verify(&self, opened: &Opened) -> Result<Verified, StoreError> {
        let mut faults = words::repairs(opened);
        let damage = words::damage(&self.journal.verify()?).into_iter();
        faults.extend(damage.filter(|word| !opened.damage.contains(word)));
        let mut verified = Verified {
            events: self.journal.last_seq(),
            faults,
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

    /// Makes a ledger that stands in `dir` only once `fill` has filled it: half a ledger would be
    /// taken for a whole one.
    ///
    /// # Errors
    /// Those of `fill`, and when the folder cannot be made. `dir` is as it was then.
    pub fn create_filled<T, E: From<StoreError>>(
        dir: &Path,
        replay: &Replay<'_>,
        fill: impl FnOnce(&mut Self) -> Result<T, E>,
    ) -> Result<T, E> {
        let io = |source| StoreError::io("made", source);
        let part = dir.with_extension("part");
        match fs::remove_dir_all(&part) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(io(error).into());
            }
            _ => {}
        }
        let (mut store, _) = Self::open(&part, replay)?;
        let filled = fill(&mut store)?;
        drop(store);
        fs::rename(&part, dir).map_err(io)?;
        let parent = dir.parent().unwrap_or(Path::new("."));
        sync_dir(parent).map_err(io)?;
        Ok(filled)
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
        if !self.identified {
            // Only now that there is something to lose.
            notes::write_identity(&self.paths.dir)?;
            self.identified = true;
        }
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

/// Opens the tables; `None` when there are none, or none that can be used.
fn open_index(
    paths: &Paths,
    journal: &Journal,
    opened: &mut Opened,
) -> Result<Option<Index>, StoreError> {
    let why = match Index::open(&paths.index) {
        Ok(None) => {
            opened.rebuilt = true;
            return Ok(None);
        }
        Ok(Some(index)) => match unfit(&index, journal)? {
            None => return Ok(Some(index)),
            Some(why) => why,
        },
        Err(OpenError::Disk(source)) => return Err(StoreError::io("opened", source)),
        Err(error @ OpenError::Unusable(_)) => error.to_string(),
    };
    let aside = Index::set_aside(&paths.index)?;
    opened.rebuilt = true;
    opened
        .damage
        .push(format!("{why}; set aside as {}", aside.display()));
    Ok(None)
}

/// Why open tables are not to be used; never, where they hold what the journal lacks.
fn unfit(index: &Index, journal: &Journal) -> Result<Option<String>, StoreError> {
    let needed = index.applied_seq() > journal.last_seq();
    let why = match agree(index, journal) {
        Ok(false) => "the index tells another story than the journal".to_owned(),
        Err(error @ StoreError::IndexDamaged(_)) if !needed => error.to_string(),
        Ok(true) if index.is_doubtful() && !needed => "the index holds a damaged place".to_owned(),
        Ok(true) => return Ok(None),
        Err(error) => return Err(error),
    };
    Ok(Some(why))
}

/// Whether both copies have the same event at the newest place that both have. An index that was
/// brought here from elsewhere does not.
fn agree(index: &Index, journal: &Journal) -> Result<bool, StoreError> {
    let shared = index.applied_seq().min(journal.last_seq());
    let indexed = index.payload(shared)?;
    let mut agree = true;
    journal.read_from(shared, &mut |seq, payload| {
        let differs = |indexed: &Vec<u8>| seq == shared && indexed != payload;
        agree = !indexed.as_ref().is_some_and(differs);
        Ok(false)
    })?;
    Ok(agree)
}

fn in_neither(seq: u64) -> StoreError {
    StoreError::Damaged(format!("event {seq} is in neither copy: restore a backup"))
}

#[cfg(test)]
mod tests;
