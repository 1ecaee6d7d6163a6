//! Stories of ledgers that lost a copy, or both.

use super::*;
use crate::ledger::conformance::{exercise, frame, rows};
use crate::ledger::store::Write;

/// Says what a payload of [`frame`] writes.
fn replay(_: &dyn Tables, _: u64, payload: &[u8]) -> Result<Vec<Write>, StoreError> {
    let text = String::from_utf8_lossy(payload);
    Ok(text
        .split_terminator(';')
        .filter_map(|row| row.split_once('='))
        .map(|(key, value)| Write {
            key: key.as_bytes().to_vec(),
            value: (!value.is_empty()).then(|| value.as_bytes().to_vec()),
        })
        .collect())
}

fn open(dir: &Path) -> (DiskStore, Opened) {
    DiskStore::open(dir, &replay).unwrap()
}

/// A ledger of three events, closed.
fn three(dir: &Path) {
    let (mut store, opened) = open(dir);
    assert!(opened.new);
    for seq in 1..=3 {
        store
            .append(vec![frame(seq, &[(&format!("k{seq}"), "x")])])
            .unwrap();
    }
}

const THREE: [&str; 3] = ["k1=x", "k2=x", "k3=x"];

#[test]
fn it_does_what_every_store_must() {
    let dirs = std::cell::RefCell::new(Vec::new());
    exercise(|| {
        let dir = tempfile::tempdir().unwrap();
        let (store, _) = open(dir.path());
        dirs.borrow_mut().push(dir);
        Box::new(store)
    });
}

#[test]
fn a_whole_ledger_opens_without_a_word() {
    let dir = tempfile::tempdir().unwrap();
    three(dir.path());
    let (store, opened) = open(dir.path());
    assert_eq!(opened, Opened::default());
    assert_eq!(rows(&store, "k"), THREE);
    assert_eq!(
        store.verify(&Opened::default()).unwrap(),
        Verified {
            events: 3,
            faults: Vec::new()
        }
    );
}

#[test]
fn a_ledger_in_which_nothing_was_written_yet_is_still_a_new_one() {
    let dir = tempfile::tempdir().unwrap();
    drop(open(dir.path()));
    let (mut store, opened) = open(dir.path());
    assert!(opened.new);
    store.append(vec![frame(1, &[("k1", "x")])]).unwrap();
    drop(store);
    for copy in ["journal", "index"] {
        fs::remove_dir_all(dir.path().join(copy)).unwrap();
    }
    let refused = DiskStore::open(dir.path(), &replay).err().unwrap();
    assert!(matches!(refused, StoreError::Lost { .. }));
}

#[test]
fn a_lost_index_is_made_again_from_the_journal() {
    let dir = tempfile::tempdir().unwrap();
    three(dir.path());
    fs::remove_dir_all(dir.path().join("index")).unwrap();
    let (store, opened) = open(dir.path());
    assert_eq!((opened.replayed, opened.rebuilt), (3, true));
    assert_eq!(rows(&store, "k"), THREE);
}

#[test]
fn an_index_that_does_not_open_is_set_aside_and_made_again() {
    let dir = tempfile::tempdir().unwrap();
    three(dir.path());
    // sled writes its snapshot while it opens.
    drop(open(dir.path()));
    for entry in fs::read_dir(dir.path().join("index")).unwrap() {
        let path = entry.unwrap().path();
        if path
            .file_name()
            .unwrap()
            .to_str()
            .unwrap()
            .starts_with("snap.")
        {
            fs::write(path, b"garbage").unwrap();
        }
    }
    let (store, opened) = open(dir.path());
    assert_eq!((opened.replayed, opened.rebuilt), (3, true));
    assert_eq!(opened.damage.len(), 1);
    assert_eq!(rows(&store, "k"), THREE);
    assert!(dir.path().join("index.broken").exists());
}

#[test]
fn a_half_written_snapshot_of_sled_is_cleared_away() {
    let dir = tempfile::tempdir().unwrap();
    three(dir.path());
    fs::write(
        dir.path().join("index/snap.FFFFFFFFFFFFFFFF.generating"),
        b"",
    )
    .unwrap();
    let (store, opened) = open(dir.path());
    assert_eq!(opened, Opened::default());
    assert_eq!(rows(&store, "k"), THREE);
}

#[test]
fn what_was_journalled_but_not_indexed_is_indexed_at_the_next_start() {
    let dir = tempfile::tempdir().unwrap();
    three(dir.path());
    let (mut journal, _) = Journal::open(&dir.path().join("journal")).unwrap();
    journal.append(&[b"k4=x;"]).unwrap();
    drop(journal);
    let (store, opened) = open(dir.path());
    assert_eq!(opened.replayed, 1);
    assert_eq!(rows(&store, "k"), ["k1=x", "k2=x", "k3=x", "k4=x"]);
}

#[test]
fn a_lost_journal_is_made_again_from_the_index_and_that_is_said() {
    let dir = tempfile::tempdir().unwrap();
    three(dir.path());
    fs::remove_dir_all(dir.path().join("journal")).unwrap();
    let (store, opened) = open(dir.path());
    assert_eq!(opened.recovered, 3);
    assert_eq!(
        store.verify(&Opened::default()).unwrap(),
        Verified {
            events: 3,
            faults: Vec::new()
        }
    );
    drop(store);
    fs::remove_dir_all(dir.path().join("index")).unwrap();
    assert_eq!(rows(&open(dir.path()).0, "k"), THREE);
}

#[test]
fn a_journal_cut_short_is_completed_from_the_index() {
    let dir = tempfile::tempdir().unwrap();
    three(dir.path());
    let journal = dir.path().join("journal/00000000000000000001.journal");
    let bytes = fs::read(&journal).unwrap();
    fs::write(&journal, &bytes[..bytes.len() / 2]).unwrap();
    let (store, opened) = open(dir.path());
    assert_eq!(opened.recovered, 2);
    assert_eq!(rows(&store, "k"), THREE);
}

#[test]
fn a_ledger_that_is_gone_is_never_taken_for_a_new_installation() {
    let dir = tempfile::tempdir().unwrap();
    three(dir.path());
    fs::remove_dir_all(dir.path().join("journal")).unwrap();
    fs::remove_dir_all(dir.path().join("index")).unwrap();
    let refused = DiskStore::open(dir.path(), &replay).err().unwrap();
    assert!(matches!(refused, StoreError::Lost { .. }));

    DiskStore::start_anew(dir.path()).unwrap();
    assert!(open(dir.path()).1.new);
}

#[test]
fn an_event_that_is_in_neither_copy_stops_everything() {
    let dir = tempfile::tempdir().unwrap();
    three(dir.path());
    fs::remove_dir_all(dir.path().join("index")).unwrap();
    let journal = dir.path().join("journal/00000000000000000001.journal");
    let mut bytes = fs::read(&journal).unwrap();
    let second = bytes.len() / 3;
    bytes[second + 21] ^= 1;
    fs::write(&journal, bytes).unwrap();
    let refused = DiskStore::open(dir.path(), &replay).err().unwrap();
    assert!(matches!(refused, StoreError::Damaged(_)), "{refused}");
}

#[test]
fn a_damaged_event_that_the_index_has_costs_nothing_but_a_word() {
    let dir = tempfile::tempdir().unwrap();
    three(dir.path());
    let journal = dir.path().join("journal/00000000000000000001.journal");
    let mut bytes = fs::read(&journal).unwrap();
    let second = bytes.len() / 3;
    bytes[second + 21] ^= 1;
    fs::write(&journal, bytes).unwrap();
    let (store, opened) = open(dir.path());
    assert_eq!(opened.damage.len(), 2);
    assert_eq!(rows(&store, "k"), THREE);
}

#[test]
fn a_recovery_is_told_of_until_somebody_has_heard_it() {
    let dir = tempfile::tempdir().unwrap();
    three(dir.path());
    fs::remove_dir_all(dir.path().join("journal")).unwrap();
    for _ in 0..2 {
        // Whoever opened it was killed before a word was said.
        assert_eq!(open(dir.path()).1.recovered, 3);
    }
    DiskStore::recovery_was_told(dir.path()).unwrap();
    assert_eq!(open(dir.path()).1, Opened::default());
}

#[test]
fn an_installation_killed_before_its_first_event_is_still_a_new_one() {
    let dir = tempfile::tempdir().unwrap();
    drop(open(dir.path()));
    assert!(open(dir.path()).1.new);
}

#[test]
fn a_damaged_identity_is_no_newer_one_and_still_says_that_a_ledger_was_here() {
    for damaged in ["loa ledger\nformat 3\nsum 00000000\n", "", "\u{1}"] {
        let dir = tempfile::tempdir().unwrap();
        three(dir.path());
        fs::write(dir.path().join("identity"), damaged).unwrap();
        let (mut store, opened) = open(dir.path());
        assert_eq!(opened.damage.len(), 1, "{damaged:?}");
        store.append(vec![frame(4, &[("k4", "x")])]).unwrap();
        drop(store);
        assert_eq!(open(dir.path()).1, Opened::default(), "{damaged:?}");

        fs::write(dir.path().join("identity"), damaged).unwrap();
        for lost in ["journal", "index"] {
            fs::remove_dir_all(dir.path().join(lost)).unwrap();
        }
        let refused = DiskStore::open(dir.path(), &replay).err().unwrap();
        assert!(matches!(refused, StoreError::Lost { .. }), "{damaged:?}");
    }
}

#[test]
fn an_index_with_another_story_gives_way_to_the_journal() {
    let (ours, theirs) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    three(ours.path());
    let (mut store, _) = open(theirs.path());
    for seq in 1..=5 {
        store.append(vec![frame(seq, &[("other", "x")])]).unwrap();
    }
    drop(store);
    fs::remove_dir_all(ours.path().join("index")).unwrap();
    fs::rename(theirs.path().join("index"), ours.path().join("index")).unwrap();
    let (store, opened) = open(ours.path());
    assert_eq!((opened.recovered, opened.rebuilt), (0, true));
    assert_eq!(rows(&store, "k"), THREE);
    assert_eq!(rows(&store, "other"), [""; 0]);
}

#[test]
fn a_newer_ledger_is_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    three(dir.path());
    fs::write(dir.path().join("identity"), notes::identity_text(2)).unwrap();
    let refused = DiskStore::open(dir.path(), &replay).err().unwrap();
    assert!(matches!(refused, StoreError::TooNew(2)));
}
