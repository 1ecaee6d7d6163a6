//! A ledger on disk, damaged: one file of it in every way, and whole copies lost.

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::thread;

use fastrand::Rng;
use jiff::Timestamp;
use loa::faults::{Protection, without};
use loa::ledger::books::Books;
use loa::ledger::disk::DiskStore;
use loa::ledger::event::{Event, What};
use loa::ledger::journal::Journal;
use loa::ledger::journal::files::Folder;
use loa::ledger::rebuild;
use loa::ledger::store::{Frame, Store, StoreError};
use tempfile::TempDir;

use super::scribe;
use super::shelf::{self, Content, Shared, content};

/// How many commits the ledgers hold that are damaged.
const COMMITS: u64 = 60;
/// Small, so that there are sealed segments to damage.
const SEGMENT_BYTES_MAX: u64 = 8 << 10;

/// A ledger, closed in order, and what it holds.
struct Ledger {
    shelf: TempDir,
    content: Content,
    rng: Rng,
}

/// What came of opening a damaged ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Outcome {
    /// Everything is there.
    Whole,
    /// The damage was met while reading; everything is there once it is opened again.
    WholeAtSecond,
}

impl Ledger {
    /// A ledger with a year's variety in little, opened and closed a few times on the way.
    fn written(seed: u64) -> Self {
        Self::of_length(COMMITS, seed)
    }

    fn of_length(commits: u64, seed: u64) -> Self {
        let shelf = shelf::folder();
        let dir = shelf.path().join("ledger");
        let mut rng = Rng::with_seed(seed);
        let at = Timestamp::from_second(1_700_000_000).unwrap();
        let mut found = Content::default();
        for _ in 0..3 {
            let store = Shared::new(DiskStore::open(&dir, &rebuild::replay).unwrap().0);
            let mut books = Books::open(Box::new(store.clone()), at).unwrap();
            for _ in 0..commits / 3 {
                let entries = scribe::commit(&books, &mut rng, at);
                books.commit(at, entries).unwrap();
            }
            found = content(&*store.get()).unwrap();
        }
        let ledger = Self {
            shelf,
            content: found,
            rng,
        };
        ledger.seal(&dir.join("journal"));
        ledger
    }

    /// Writes the journal once more, in segments of a few events.
    fn seal(&self, journal: &Path) {
        fs::remove_dir_all(journal).unwrap();
        let folder = Folder::make(journal).unwrap();
        let (mut journal, _) = Journal::open_on(Box::new(folder), SEGMENT_BYTES_MAX).unwrap();
        for payload in &self.content.1 {
            journal.append(&[payload]).unwrap();
        }
    }

    /// A copy of it, to be damaged.
    fn copy(&self) -> (TempDir, PathBuf) {
        let shelf = shelf::folder();
        let dir = shelf.path().join("ledger");
        shelf::copy(&self.shelf.path().join("ledger"), &dir);
        (shelf, dir)
    }

    /// Opens a copy, reads it whole, and goes on with it. What it tells must be what was written.
    fn judge(&self, dir: &Path) -> Result<Outcome, StoreError> {
        let read = at_second(|| self.read(dir))?;
        let went_on = at_second(|| go_on(dir))?;
        Ok(read.max(went_on))
    }

    fn read(&self, dir: &Path) -> Result<(), StoreError> {
        let (store, _) = DiskStore::open(dir, &rebuild::replay)?;
        assert!(content(&store)? == self.content, "it tells something else");
        Ok(())
    }
}

/// Tries again after a place was met that is mended by the next opening.
fn at_second(work: impl Fn() -> Result<(), StoreError>) -> Result<Outcome, StoreError> {
    match work() {
        Err(StoreError::IndexDamaged(_)) => work().map(|()| Outcome::WholeAtSecond),
        first => first.map(|()| Outcome::Whole),
    }
}

fn go_on(dir: &Path) -> Result<(), StoreError> {
    let (mut store, _) = DiskStore::open(dir, &rebuild::replay)?;
    let (seq, payload) = (store.last_seq() + 1, one_more());
    store.append(vec![Frame {
        seq,
        payload: payload.clone(),
        writes: rebuild::replay(&store, seq, &payload)?,
    }])?;
    assert_eq!(store.payload(seq)?, Some(payload));
    Ok(())
}

/// An event to go on with.
fn one_more() -> Vec<u8> {
    let event = Event {
        at: Timestamp::UNIX_EPOCH,
        what: What::Notice {
            about: "ledger".to_owned(),
            text: "one more".to_owned(),
        },
        rule: None,
    };
    event.to_payload().unwrap()
}

/// Every file below a folder, in the order of their names.
fn files(dir: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(dir).unwrap();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
        .into_iter()
        .flat_map(|path| match path.is_dir() {
            true => files(&path),
            false => vec![path],
        })
        .collect()
}

/// Damages one file in one of five ways, at a place that chance picks.
fn damage(path: &Path, way: u64, rng: &mut Rng) {
    let mut bytes = fs::read(path).unwrap();
    let at = rng.usize(..bytes.len().max(1));
    let end = |length: usize| (at + length).min(bytes.len());
    match way {
        _ if bytes.is_empty() => bytes = b"garbage".to_vec(),
        0 => bytes[at] ^= 1 << rng.u8(..8),
        1 => {
            let page = at / 4096 * 4096;
            let end = (page + 4096).min(bytes.len());
            bytes[page..end].fill(0);
        }
        2 => bytes.truncate(at),
        3 => {
            let end = end(512);
            rng.fill(&mut bytes[at..end]);
        }
        _ => return fs::remove_file(path).unwrap(),
    }
    fs::write(path, bytes).unwrap();
}

/// Does so to each file in turn, in each way in turn; says how often it took a second opening.
fn damage_one_file(trials: u64, seed: u64) -> u64 {
    let mut ledger = Ledger::written(seed);
    let mut at_second = 0;
    for trial in 0..trials {
        let (_shelf, dir) = ledger.copy();
        let paths = files(&dir);
        let path = &paths[(trial / 5) as usize % paths.len()];
        damage(path, trial % 5, &mut ledger.rng);
        let what = format!("seed {seed}, trial {trial}: {}", path.display());
        let judged = catch_unwind(AssertUnwindSafe(|| ledger.judge(&dir)));
        match judged.unwrap_or_else(|_| panic!("{what}")) {
            Ok(Outcome::Whole) => {}
            Ok(Outcome::WholeAtSecond) => at_second += 1,
            Err(error) => panic!("{what}: {error}"),
        }
    }
    at_second
}

#[test]
fn damage_to_any_one_file_loses_nothing_and_never_keeps_the_ledger_shut() {
    let trials = super::size(1_000, 10_000);
    let shards = [1, 2].map(|seed| thread::spawn(move || damage_one_file(trials / 2, seed)));
    let at_second: u64 = shards.map(|shard| shard.join().unwrap()).iter().sum();
    println!("damage: {trials} trials, 0 lost, {at_second} whole at the second opening");
}

/// Flips one bit of a text wherever a file tells it.
fn damage_what_tells(path: &Path, text: &[u8]) {
    let mut bytes = fs::read(path).unwrap();
    let places: Vec<usize> = (0..=bytes.len().saturating_sub(text.len()))
        .filter(|at| bytes[*at..].starts_with(text))
        .collect();
    for at in places {
        bytes[at] ^= 1;
    }
    fs::write(path, bytes).unwrap();
}

#[test]
fn damage_that_is_met_only_while_reading_is_mended_by_the_next_start() {
    let ledger = Ledger::of_length(45 * COMMITS, 12);
    // Events of the first of the three runs: sled's snapshots are newer, so that opening it
    // does not read them.
    let old = &ledger.content.1[..ledger.content.1.len() / 4];
    let trials = super::size(10, 200) as usize;
    let mut at_second = 0;
    for payload in old.iter().step_by(old.len() / trials) {
        let (_shelf, dir) = ledger.copy();
        damage_what_tells(&dir.join("index/db"), payload);
        at_second += u64::from(ledger.judge(&dir).unwrap() == Outcome::WholeAtSecond);
    }
    println!("damage to old pages: {at_second} of {trials} whole at the second opening");
    assert!(at_second > 0, "sled met all of it while it was opening");
}

#[test]
fn a_last_event_torn_at_any_byte_is_taken_from_the_index() {
    let ledger = Ledger::written(3);
    let (_shelf, dir) = ledger.copy();
    let newest = files(&dir.join("journal")).pop().unwrap();
    let whole = fs::read(&newest).unwrap();
    let last = ledger.content.1.last().unwrap().len() + 20;
    let cuts = whole.len().saturating_sub(last)..whole.len();
    for bytes in cuts.step_by(super::size(7, 1) as usize) {
        let (_shelf, dir) = ledger.copy();
        let newest = files(&dir.join("journal")).pop().unwrap();
        fs::write(newest, &whole[..bytes]).unwrap();
        assert_eq!(
            ledger.judge(&dir).unwrap(),
            Outcome::Whole,
            "torn at {bytes}"
        );
    }
}

#[test]
fn either_copy_may_be_lost_older_or_newer_than_the_other() {
    let ledger = Ledger::written(4);
    for older in ["journal", "index"] {
        let (shelf, dir) = ledger.copy();
        let aside = shelf.path().join("older");
        fs::rename(dir.join(older), &aside).unwrap();
        // Lost as a whole.
        assert_eq!(
            ledger.judge(&dir).unwrap(),
            Outcome::Whole,
            "without {older}"
        );
        // As it was one event ago: the other one has that event.
        fs::remove_dir_all(dir.join(older)).unwrap();
        fs::rename(&aside, dir.join(older)).unwrap();
        let (store, opened) = DiskStore::open(&dir, &rebuild::replay).unwrap();
        let lacked = if older == "journal" {
            opened.recovered
        } else {
            opened.replayed
        };
        assert!(lacked >= 1, "{older}: {opened:?}");
        assert_eq!(store.last_seq(), ledger.content.1.len() as u64 + 1);
    }
}

#[test]
fn both_copies_lost_are_never_a_new_ledger_and_the_way_out_is_said() {
    let ledger = Ledger::written(5);
    let (_shelf, dir) = ledger.copy();
    for lost in ["journal", "index"] {
        fs::remove_dir_all(dir.join(lost)).unwrap();
    }
    let error = ledger.judge(&dir).unwrap_err();
    assert!(matches!(error, StoreError::Lost { .. }), "{error}");
    assert!(
        error.to_string().contains("loa ledger init --adopt"),
        "{error}"
    );
}

#[test]
fn both_copies_rolled_back_open_as_they_were_then() {
    let (earlier, at) = (Ledger::written(6), Timestamp::UNIX_EPOCH);
    let (_shelf, dir) = earlier.copy();
    let (backup, _) = earlier.copy();
    let (store, _) = DiskStore::open(&dir, &rebuild::replay).unwrap();
    let mut books = Books::open(Box::new(store), at).unwrap();
    let entries = scribe::commit(&books, &mut Rng::with_seed(7), at);
    books.commit(at, entries).unwrap();
    drop(books);
    // That the Page shows more is found by reading it: see the stories of restarts.
    assert_eq!(
        earlier.judge(&backup.path().join("ledger")).unwrap(),
        Outcome::Whole
    );
}

#[test]
fn settings_of_sled_without_its_data_are_made_anew() {
    let ledger = Ledger::written(8);
    let (_shelf, dir) = ledger.copy();
    for path in files(&dir.join("index")) {
        if !path.ends_with("conf") {
            fs::remove_file(path).unwrap();
        }
    }
    assert_eq!(ledger.judge(&dir).unwrap(), Outcome::Whole);
}

/// The journal is lost, and a kill while sled was opening has left half a snapshot.
fn lost_journal_and_half_a_snapshot(ledger: &Ledger) -> Result<Outcome, StoreError> {
    let (_shelf, dir) = ledger.copy();
    fs::remove_dir_all(dir.join("journal")).unwrap();
    fs::write(dir.join("index/snap.FFFFFFFFFFFFFFFF.generating"), b"").unwrap();
    ledger.judge(&dir)
}

#[test]
fn without_the_guard_half_a_snapshot_makes_the_only_copy_unusable() {
    let ledger = Ledger::written(9);
    assert_eq!(
        lost_journal_and_half_a_snapshot(&ledger).unwrap(),
        Outcome::Whole
    );
    let unguarded = without(Some(Protection::Guard), || {
        lost_journal_and_half_a_snapshot(&ledger)
    });
    assert!(
        matches!(unguarded, Err(StoreError::Lost { .. })),
        "{unguarded:?}"
    );
}

#[test]
fn a_ledger_that_tells_something_else_is_seen() {
    let ledger = Ledger::written(10);
    let (_shelf, dir) = ledger.copy();
    // Sixty other commits, in a ledger that is as whole as this one.
    let other = Ledger::written(11);
    let judged = catch_unwind(AssertUnwindSafe(|| other.judge(&dir)));
    assert!(judged.is_err(), "{judged:?}");
}
