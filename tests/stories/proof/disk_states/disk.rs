//! A disk that keeps what it was told to keep, and anything else only by chance.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use loa::ledger::journal::files::{Appender, Files};

/// A folder on such a disk. Clones are the same folder.
#[derive(Clone, Default)]
pub(super) struct Disk(Arc<Mutex<Inner>>);

#[derive(Default)]
struct Inner {
    now: Moment,
    /// Every moment after an operation, oldest first, if they are wanted.
    moments: Option<Vec<Moment>>,
    /// What the owner says is certain now: handed back with each moment.
    acknowledged: u64,
    operations: u64,
    fault: Option<Fault>,
}

/// An operation that fails.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fault {
    /// Which one, from 1.
    pub at: u64,
    pub kind: io::ErrorKind,
    /// Whether all that follow fail too.
    pub for_ever: bool,
}

/// What is in the cache, and what is on the disk.
#[derive(Clone, Default)]
pub(super) struct Moment {
    pub acknowledged: u64,
    contents: Vec<Content>,
    names: BTreeMap<String, usize>,
    durable_names: BTreeMap<String, usize>,
    unsynced: Vec<Naming>,
}

#[derive(Clone, Default)]
struct Content {
    cached: Arc<Vec<u8>>,
    durable: Arc<Vec<u8>>,
    /// From here on a flush has failed. The system takes what it holds for written and does not
    /// try again: only what is written anew reaches the disk.
    given_up_from: Option<usize>,
}

#[derive(Clone)]
enum Naming {
    Made(String, usize),
    Renamed(String, String, usize),
    Removed(String),
}

/// How much of one file's cache a power cut left.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kept {
    Bytes(usize),
    /// The new length, but zeros where the bytes should be.
    Zeros,
}

impl Disk {
    /// The same, but remembering every moment.
    pub(super) fn remembering() -> Self {
        let disk = Self::default();
        disk.with(|inner| inner.moments = Some(Vec::new()));
        disk
    }

    /// A disk on which nothing is in the cache alone.
    fn of(files: BTreeMap<String, Vec<u8>>) -> Self {
        let disk = Self::default();
        disk.with(|inner| {
            for (number, (name, bytes)) in files.into_iter().enumerate() {
                let bytes = Arc::new(bytes);
                inner.now.contents.push(Content {
                    cached: Arc::clone(&bytes),
                    durable: bytes,
                    given_up_from: None,
                });
                inner.now.names.insert(name, number);
            }
            inner.now.durable_names = inner.now.names.clone();
        });
        disk
    }

    pub(super) fn fail(&self, fault: Option<Fault>) {
        self.with(|inner| inner.fault = fault);
    }

    pub(super) fn remember(&self, acknowledged: u64) {
        self.with(|inner| {
            inner.acknowledged = acknowledged;
            inner.moments = Some(Vec::new());
        });
    }

    pub(super) fn acknowledge(&self, last: u64) {
        self.with(|inner| inner.acknowledged = last);
    }

    pub(super) fn operations(&self) -> u64 {
        self.with(|inner| inner.operations)
    }

    pub(super) fn moments(&self) -> Vec<Moment> {
        self.with(|inner| inner.moments.clone().unwrap_or_default())
    }

    pub(super) fn now(&self) -> Moment {
        self.with(|inner| Moment {
            acknowledged: inner.acknowledged,
            ..inner.now.clone()
        })
    }

    /// Loses what is in the cache alone.
    pub(super) fn forget_cache(&self) {
        self.with(|inner| {
            inner.now.names = inner.now.durable_names.clone();
            inner.now.unsynced.clear();
            for content in &mut inner.now.contents {
                content.cached = Arc::clone(&content.durable);
                content.given_up_from = None;
            }
        });
    }

    fn with<T>(&self, work: impl FnOnce(&mut Inner) -> T) -> T {
        work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Inner {
    /// Begins an operation; says whether it fails.
    fn begin(&mut self) -> io::Result<()> {
        self.operations += 1;
        let due = |fault: &Fault| {
            self.operations == fault.at || fault.for_ever && self.operations > fault.at
        };
        match self.fault.filter(due) {
            Some(fault) => Err(fault.kind.into()),
            None => Ok(()),
        }
    }

    fn end(&mut self) {
        if let Some(moments) = &mut self.moments {
            moments.push(Moment {
                acknowledged: self.acknowledged,
                ..self.now.clone()
            });
        }
    }

    fn operate(&mut self, work: impl FnOnce(&mut Moment)) -> io::Result<()> {
        self.begin()?;
        work(&mut self.now);
        self.end();
        Ok(())
    }

    fn number(&self, name: &str) -> io::Result<usize> {
        let number = self.now.names.get(name).copied();
        number.ok_or_else(|| io::ErrorKind::NotFound.into())
    }
}

impl Content {
    fn cut(&mut self, bytes: usize) {
        let kept = self.cached.get(..bytes).unwrap_or(&self.cached);
        self.cached = Arc::new(kept.to_vec());
        self.given_up_from = self.given_up_from.filter(|from| *from < bytes);
    }

    fn sync(&mut self) {
        let mut durable = self.cached.to_vec();
        if let Some(from) = self.given_up_from {
            durable[from..].fill(0);
        }
        self.durable = Arc::new(durable);
    }

    /// Everything that a power cut may leave of it.
    fn kept(&self) -> Vec<Kept> {
        if self.cached == self.durable {
            return vec![Kept::Bytes(self.cached.len())];
        }
        let (cached, durable) = (self.cached.len(), self.durable.len());
        if cached <= durable {
            return vec![Kept::Bytes(cached), Kept::Bytes(durable)];
        }
        let mut kept: Vec<Kept> = (durable..=cached).map(Kept::Bytes).collect();
        kept.push(Kept::Zeros);
        kept
    }

    fn left(&self, kept: Kept) -> Vec<u8> {
        let on_disk = self.durable.len();
        match kept {
            Kept::Bytes(bytes) if bytes <= on_disk => self.durable[..bytes].to_vec(),
            Kept::Bytes(bytes) => [&self.durable, &self.cached[on_disk..bytes]].concat(),
            Kept::Zeros => {
                let mut left = self.durable.to_vec();
                left.resize(self.cached.len(), 0);
                left
            }
        }
    }
}

impl Moment {
    /// The disk at this moment, for another process to go on with.
    pub(super) fn without_its_process(&self) -> Disk {
        let disk = Disk::default();
        disk.with(|inner| inner.now = self.clone());
        disk
    }

    /// Calls `visit` with a disk for every state that a power cut at this moment may leave; says
    /// how many there were.
    pub(super) fn power_cuts(&self, mut visit: impl FnMut(&Disk)) -> u64 {
        let mut seen = BTreeSet::new();
        for subset in 0..1_u32 << self.unsynced.len() {
            for (names, kept) in self.combinations(subset) {
                let state: Vec<(String, usize, Kept)> = names
                    .iter()
                    .map(|(name, number)| (name.clone(), *number, kept[number]))
                    .collect();
                if seen.insert(state) {
                    let files = names.iter();
                    let files = files.map(|(name, number)| {
                        (name.clone(), self.contents[*number].left(kept[number]))
                    });
                    visit(&Disk::of(files.collect()));
                }
            }
        }
        seen.len() as u64
    }

    /// The names that are left when those of the unsynced changes reached the disk, each with
    /// every combination of what is left of the files.
    fn combinations(&self, subset: u32) -> Vec<(BTreeMap<String, usize>, BTreeMap<usize, Kept>)> {
        let mut names = self.durable_names.clone();
        let reached = self.unsynced.iter().enumerate();
        for (_, naming) in reached.filter(|(place, _)| subset >> place & 1 == 1) {
            naming.apply(&mut names);
        }
        let mut combinations = vec![BTreeMap::new()];
        for number in names.values() {
            let kept = self.contents[*number].kept();
            combinations = combinations
                .into_iter()
                .flat_map(|combination| {
                    kept.iter().map(move |kept| {
                        let mut combination = combination.clone();
                        combination.insert(*number, *kept);
                        combination
                    })
                })
                .collect();
        }
        let with_names = |kept| (names.clone(), kept);
        combinations.into_iter().map(with_names).collect()
    }
}

impl Naming {
    fn apply(&self, names: &mut BTreeMap<String, usize>) {
        match self {
            Self::Made(name, number) => {
                names.insert(name.clone(), *number);
            }
            Self::Renamed(from, to, number) => {
                names.remove(from);
                names.insert(to.clone(), *number);
            }
            Self::Removed(name) => {
                names.remove(name);
            }
        }
    }
}

impl Moment {
    fn name(&mut self, naming: Naming) {
        naming.apply(&mut self.names);
        self.unsynced.push(naming);
    }
}

impl Files for Disk {
    fn names(&self) -> io::Result<Vec<String>> {
        self.with(|inner| Ok(inner.now.names.keys().cloned().collect()))
    }

    fn read(&self, name: &str) -> io::Result<Vec<u8>> {
        self.with(|inner| {
            let number = inner.number(name)?;
            Ok(inner.now.contents[number].cached.to_vec())
        })
    }

    fn open(&self, name: &str) -> io::Result<Box<dyn Appender>> {
        let number = self.with(|inner| {
            if let Ok(number) = inner.number(name) {
                return Ok(number);
            }
            let number = inner.now.contents.len();
            inner.operate(|now| {
                now.contents.push(Content::default());
                now.name(Naming::Made(name.to_owned(), number));
            })?;
            io::Result::Ok(number)
        })?;
        Ok(Box::new(Opened {
            disk: self.clone(),
            number,
        }))
    }

    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        self.with(|inner| {
            let number = inner.number(from)?;
            let naming = Naming::Renamed(from.to_owned(), to.to_owned(), number);
            inner.operate(|now| now.name(naming))
        })
    }

    fn remove(&self, name: &str) -> io::Result<()> {
        self.with(|inner| {
            inner.number(name)?;
            inner.operate(|now| now.name(Naming::Removed(name.to_owned())))
        })
    }

    fn sync_names(&self) -> io::Result<()> {
        self.with(|inner| {
            inner.operate(|now| {
                now.durable_names = now.names.clone();
                now.unsynced.clear();
            })
        })
    }
}

struct Opened {
    disk: Disk,
    number: usize,
}

impl Opened {
    fn operate(&self, work: impl FnOnce(&mut Content)) -> io::Result<()> {
        self.disk
            .with(|inner| inner.operate(|now| work(&mut now.contents[self.number])))
    }

    /// What a failed operation did all the same.
    fn fail(&self, error: io::Error, work: impl FnOnce(&mut Content)) -> io::Result<()> {
        self.disk.with(|inner| {
            work(&mut inner.now.contents[self.number]);
            inner.end();
        });
        Err(error)
    }
}

impl Appender for Opened {
    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        let add = |content: &mut Content, bytes: &[u8]| {
            content.cached = Arc::new([&content.cached, bytes].concat());
        };
        self.operate(|content| add(content, bytes))
            .or_else(|error| self.fail(error, |content| add(content, &bytes[..bytes.len() / 2])))
    }

    fn sync(&mut self) -> io::Result<()> {
        self.operate(Content::sync).or_else(|error| {
            self.fail(error, |content| {
                let from = content.durable.len().min(content.cached.len());
                content.given_up_from.get_or_insert(from);
            })
        })
    }

    fn cut(&mut self, bytes: u64) -> io::Result<()> {
        let bytes = usize::try_from(bytes).unwrap_or(usize::MAX);
        self.disk.with(|inner| match inner.begin() {
            // A full disk takes nothing, but it gives back.
            Err(error) if error.kind() != io::ErrorKind::StorageFull => Err(error),
            _ => {
                inner.now.contents[self.number].cut(bytes);
                inner.end();
                Ok(())
            }
        })?;
        self.operate(Content::sync)
    }
}
