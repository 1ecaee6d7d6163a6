//! The ledger on disk does what the one in memory does, whatever is written, lost and torn.

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::thread;

use fastrand::Rng;
use jiff::{SignedDuration, Timestamp};
use loa::faults::{Protection, without};
use loa::ledger::books::Books;
use loa::ledger::disk::DiskStore;
use loa::ledger::memory::MemoryStore;
use loa::ledger::rebuild;
use loa::ledger::state::Standing;
use proptest::prelude::*;
use proptest::test_runner::{TestCaseError, TestRunner};
use tempfile::TempDir;

use super::scribe;
use super::shelf::{self, Shared, content};

/// How many cases run side by side.
const SHARDS: u64 = 2;

/// What happens to both ledgers, or to the one on disk alone.
#[derive(Debug, Clone)]
enum Step {
    /// Something that may happen, by the numbers that follow from this one.
    Commit(u64),
    /// Something that cannot.
    Refused(u64),
    /// Closed in order and opened anew.
    Reopen,
    /// Killed: the folder as it is found while the ledger is open.
    Kill,
    /// The index is gone.
    LoseIndex,
    /// The journal is gone.
    LoseJournal,
    /// So many bytes are missing at the end of the journal.
    Tear(u8),
    /// A half-written snapshot of sled lies there.
    HalfSnapshot,
    /// The same, and the journal is gone: the index is the only copy.
    HalfSnapshotAlone,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        60 => any::<u64>().prop_map(Step::Commit),
        2 => any::<u64>().prop_map(Step::Refused),
        1 => Just(Step::Reopen),
        1 => Just(Step::Kill),
        1 => Just(Step::LoseIndex),
        1 => Just(Step::LoseJournal),
        1 => any::<u8>().prop_map(Step::Tear),
        1 => Just(Step::HalfSnapshot),
        1 => Just(Step::HalfSnapshotAlone),
    ]
}

/// Books with a store that can be looked into.
struct Twin<S> {
    books: Books,
    store: Shared<S>,
}

impl<S: loa::ledger::store::Store + 'static> Twin<S> {
    fn open(store: Shared<S>, at: Timestamp) -> Self {
        let books = Books::open(Box::new(store.clone()), at).unwrap();
        Self { books, store }
    }
}

/// Both ledgers, and the time.
struct Twins {
    memory: Twin<MemoryStore>,
    disk: Option<Twin<DiskStore>>,
    shelf: TempDir,
    folder: PathBuf,
    at: Timestamp,
}

fn open_disk(folder: &Path, at: Timestamp) -> Twin<DiskStore> {
    let (store, _) = DiskStore::open(folder, &rebuild::replay).unwrap();
    Twin::open(Shared::new(store), at)
}

impl Twins {
    fn new() -> Self {
        let at = Timestamp::from_second(1_700_000_000).unwrap();
        let shelf = shelf::folder();
        let folder = shelf.path().join("ledger");
        Self {
            memory: Twin::open(Shared::new(MemoryStore::default()), at),
            disk: Some(open_disk(&folder, at)),
            shelf,
            folder,
            at,
        }
    }

    fn take(&mut self, step: &Step) {
        self.at += SignedDuration::from_secs(7);
        match step {
            Step::Commit(seed) => self.commit(*seed, scribe::commit),
            Step::Refused(seed) => self.commit(*seed, scribe::refused),
            Step::Reopen => self.reopen(|_| {}),
            Step::Kill => self.kill(),
            Step::LoseIndex => self.reopen(|dir| fs::remove_dir_all(dir.join("index")).unwrap()),
            Step::LoseJournal => {
                self.reopen(|dir| fs::remove_dir_all(dir.join("journal")).unwrap())
            }
            Step::Tear(bytes) => self.reopen(|dir| tear(dir, *bytes)),
            Step::HalfSnapshot => self.reopen(half_a_snapshot),
            Step::HalfSnapshotAlone => self.reopen(|dir| {
                half_a_snapshot(dir);
                fs::remove_dir_all(dir.join("journal")).unwrap();
            }),
        }
    }

    fn commit(
        &mut self,
        seed: u64,
        entries: impl Fn(&Books, &mut Rng, Timestamp) -> Vec<loa::ledger::Entry>,
    ) {
        let disk = self.disk.as_mut().unwrap();
        let entries = entries(&self.memory.books, &mut Rng::with_seed(seed), self.at);
        let told = |outcome: Result<(), loa::ledger::LedgerError>| {
            outcome.map_err(|error| error.to_string())
        };
        let one = told(self.memory.books.commit(self.at, entries.clone()));
        let other = told(disk.books.commit(self.at, entries));
        assert_eq!(one, other);
    }

    /// Closes both, lets something happen to the folder, and opens both anew.
    fn reopen(&mut self, damage: impl FnOnce(&Path)) {
        self.disk = None;
        damage(&self.folder);
        self.disk = Some(open_disk(&self.folder, self.at));
        self.memory = Twin::open(self.memory.store.clone(), self.at);
    }

    fn kill(&mut self) {
        let found = self.shelf.path().join("found");
        shelf::copy(&self.folder, &found);
        self.reopen(|folder| {
            fs::remove_dir_all(folder).unwrap();
            fs::rename(&found, folder).unwrap();
        });
    }

    fn compare(&self) -> Result<(), TestCaseError> {
        let disk = self.disk.as_ref().unwrap();
        let (memory, disk) = (&*self.memory.store.get(), &*disk.store.get());
        prop_assert_eq!(content(memory).unwrap(), content(disk).unwrap());
        Ok(())
    }

    /// Asks both what loa asks.
    fn ask(&self) -> Result<(), TestCaseError> {
        let (memory, disk) = (&self.memory.books, &self.disk.as_ref().unwrap().books);
        prop_assert_eq!(memory.epoch(), disk.epoch());
        prop_assert_eq!(memory.export().unwrap(), disk.export().unwrap());
        prop_assert_eq!(memory.notices(9).unwrap(), disk.notices(9).unwrap());
        prop_assert_eq!(memory.unread(9).unwrap(), disk.unread(9).unwrap());
        for number in 0..scribe::known(memory) {
            let id = scribe::article(number);
            prop_assert_eq!(memory.article(&id).unwrap(), disk.article(&id).unwrap());
            prop_assert_eq!(memory.story(&id).unwrap(), disk.story(&id).unwrap());
        }
        for page in memory.pages().unwrap() {
            prop_assert_eq!(memory.counts(&page).unwrap(), disk.counts(&page).unwrap());
            for standing in Standing::ALL {
                let listed = |books: &Books| books.list(&page, standing, usize::MAX).unwrap();
                prop_assert_eq!(listed(memory), listed(disk));
            }
        }
        Ok(())
    }
}

/// What a kill leaves behind while sled is opened.
fn half_a_snapshot(folder: &Path) {
    fs::write(folder.join("index/snap.FFFFFFFFFFFFFFFF.generating"), b"").unwrap();
}

/// The end of the journal is missing: part of an event, or the newest few.
fn tear(folder: &Path, bytes: u8) {
    let newest = fs::read_dir(folder.join("journal")).unwrap();
    let newest = newest.map(|entry| entry.unwrap().path()).max().unwrap();
    let whole = fs::read(&newest).unwrap();
    let kept = whole.len().saturating_sub(usize::from(bytes));
    fs::write(&newest, &whole[..kept]).unwrap();
}

fn live(steps: &[Step]) -> Result<(), TestCaseError> {
    let mut twins = Twins::new();
    for step in steps {
        twins.take(step);
        // What a commit has changed shows at the next loss, or at the end.
        if !matches!(step, Step::Commit(_)) {
            twins.compare()?;
        }
    }
    twins.compare()?;
    twins.ask()
}

/// Runs the cases of one shard; the seed is its number, so that a failure is met again.
fn run(cases: u64, shard: u64) {
    let config = ProptestConfig {
        cases: u32::try_from(cases).unwrap(),
        failure_persistence: None,
        max_shrink_iters: 400,
        rng_seed: proptest::test_runner::RngSeed::Fixed(shard),
        ..ProptestConfig::default()
    };
    let steps = prop::collection::vec(step(), 40);
    TestRunner::new(config)
        .run(&steps, |steps| live(&steps))
        .unwrap_or_else(|failure| panic!("shard {shard}: {failure}"));
}

#[test]
fn the_ledger_on_disk_tells_what_the_one_in_memory_tells() {
    let cases = super::size(300, 50_000);
    thread::scope(|scope| {
        for shard in 0..SHARDS {
            scope.spawn(move || run(cases / SHARDS, shard));
        }
    });
    println!("twins: {cases} cases of 40 steps");
}

#[test]
fn without_the_guard_half_a_snapshot_takes_the_last_copy_with_it() {
    let steps = [
        Step::Commit(1),
        Step::Commit(2),
        Step::HalfSnapshotAlone,
        Step::Commit(3),
    ];
    let [guarded, unguarded] = [None, Some(Protection::Guard)].map(|taken_away| {
        let lived = || without(taken_away, || live(&steps));
        catch_unwind(AssertUnwindSafe(lived)).is_ok_and(|lived| lived.is_ok())
    });
    assert!(guarded && !unguarded);
}

#[test]
fn a_loss_that_only_one_of_them_has_is_seen() {
    let mut twins = Twins::new();
    for seed in 0..5 {
        twins.take(&Step::Commit(seed));
    }
    // Both copies are rolled back together: what no single loss can do.
    let older = twins.shelf.path().join("older");
    shelf::copy(&twins.folder, &older);
    twins.take(&Step::Commit(5));
    twins.reopen(|folder| {
        fs::remove_dir_all(folder).unwrap();
        fs::rename(&older, folder).unwrap();
    });
    assert!(twins.compare().is_err());
}
