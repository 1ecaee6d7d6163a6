//! Stories of journals that were killed, torn and damaged.

use std::fs::{self, File};
use std::path::PathBuf;

use super::*;

/// Files with their content.
type Files = Vec<(PathBuf, Vec<u8>)>;

fn payloads(journal: &Journal) -> Vec<(u64, String)> {
    let mut found = Vec::new();
    journal
        .read_from(1, &mut |seq, payload| {
            found.push((seq, String::from_utf8_lossy(payload).into_owned()));
            Ok(true)
        })
        .unwrap();
    found
}

fn written(dir: &Path, words: &[&str]) -> Journal {
    let (mut journal, _) = Journal::open(dir).unwrap();
    for word in words {
        journal.append(&[word.as_bytes()]).unwrap();
    }
    journal
}

/// A journal that seals a segment after every few words.
fn sealing_early(dir: &Path) -> (Journal, Report) {
    Journal::open_on(Box::new(Folder::make(dir).unwrap()), 60).unwrap()
}

fn told(words: &[(u64, &str)]) -> Vec<(u64, String)> {
    words
        .iter()
        .map(|(seq, word)| (*seq, (*word).to_owned()))
        .collect()
}

#[test]
fn what_was_appended_is_read_back_after_opening_anew() {
    let dir = tempfile::tempdir().unwrap();
    let mut journal = written(dir.path(), &["một", "hai"]);
    journal.append(&[b"ba", b"bon"]).unwrap();
    drop(journal);

    let (journal, report) = Journal::open(dir.path()).unwrap();
    assert_eq!(report, Report::default());
    assert_eq!(journal.last_seq(), 4);
    assert_eq!(
        payloads(&journal),
        told(&[(1, "một"), (2, "hai"), (3, "ba"), (4, "bon")])
    );
}

#[test]
fn a_frame_torn_at_any_byte_is_cut_off_and_its_place_used_again() {
    let dir = tempfile::tempdir().unwrap();
    drop(written(dir.path(), &["một", "hai"]));
    let path = dir.path().join(segment::name(1));
    let whole = fs::read(&path).unwrap();
    let last = whole.len() - (frame::HEADER_BYTES + "hai".len());
    for torn in last..whole.len() {
        fs::write(&path, &whole[..torn]).unwrap();
        let (mut journal, report) = Journal::open(dir.path()).unwrap();
        assert_eq!(report, Report::default(), "torn at {torn}");
        assert_eq!(journal.last_seq(), 1);
        journal.append(&[b"HAI"]).unwrap();
        assert_eq!(payloads(&journal), told(&[(1, "một"), (2, "HAI")]));
    }
}

#[test]
fn damage_in_the_middle_is_stepped_over_and_reported_never_taken_for_the_end() {
    let dir = tempfile::tempdir().unwrap();
    drop(written(dir.path(), &["một", "hai", "ba"]));
    let path = dir.path().join(segment::name(1));
    let mut bytes = fs::read(&path).unwrap();
    let second = frame::HEADER_BYTES + "một".len();
    bytes[second + frame::HEADER_BYTES] ^= 1;
    fs::write(&path, bytes).unwrap();

    let (journal, report) = Journal::open(dir.path()).unwrap();
    assert_eq!(report.gaps, [(2, 2)]);
    assert_eq!(report.damage.len(), 1);
    assert_eq!(journal.last_seq(), 3);
    assert_eq!(payloads(&journal), told(&[(1, "một"), (3, "ba")]));
    assert_eq!(journal.verify().unwrap(), report);
}

#[test]
fn full_segments_are_sealed_and_still_read() {
    let dir = tempfile::tempdir().unwrap();
    let (mut journal, _) = sealing_early(dir.path());
    for word in ["một", "hai", "ba", "bốn", "năm", "sáu"] {
        journal.append(&[word.as_bytes()]).unwrap();
    }
    let all = [
        (1, "một"),
        (2, "hai"),
        (3, "ba"),
        (4, "bốn"),
        (5, "năm"),
        (6, "sáu"),
    ];
    assert_eq!(payloads(&journal), told(&all));
    let sealed = list(&Folder::make(dir.path()).unwrap())
        .unwrap()
        .iter()
        .filter(|segment| segment.sealed)
        .count();
    assert_eq!(sealed, 2);

    drop(journal);
    let (journal, report) = sealing_early(dir.path());
    assert_eq!((journal.last_seq(), report), (6, Report::default()));
    assert_eq!(payloads(&journal), told(&all));
}

#[test]
fn a_kill_at_any_point_of_a_sealing_leaves_everything_readable() {
    let dir = tempfile::tempdir().unwrap();
    drop(written(dir.path(), &["một", "hai"]));
    let live = dir.path().join(segment::name(1));
    let plain = fs::read(&live).unwrap();
    segment::seal(&Folder::make(dir.path()).unwrap(), &segment::name(1)).unwrap();
    let sealed = live.with_extension("journal.gz");
    let packed = fs::read(&sealed).unwrap();
    let left_behind: [(&str, Files); 3] = [
        (
            "while compressing",
            vec![
                (live.clone(), plain.clone()),
                (
                    live.with_extension("journal.gz.part"),
                    packed[..packed.len() / 2].to_vec(),
                ),
            ],
        ),
        (
            "after the renaming",
            vec![(live.clone(), plain), (sealed.clone(), packed.clone())],
        ),
        ("after the removal", vec![(sealed, packed)]),
    ];
    for (when, files) in left_behind {
        let dir = tempfile::tempdir().unwrap();
        for (path, bytes) in files {
            fs::write(dir.path().join(path.file_name().unwrap()), bytes).unwrap();
        }
        let (mut journal, report) = Journal::open(dir.path()).unwrap();
        assert_eq!(report, Report::default(), "{when}");
        journal.append(&[b"ba"]).unwrap();
        assert_eq!(
            payloads(&journal),
            told(&[(1, "một"), (2, "hai"), (3, "ba")]),
            "{when}"
        );
    }
}

#[test]
fn after_a_failed_write_nothing_more_is_taken() {
    let dir = tempfile::tempdir().unwrap();
    let mut journal = written(dir.path(), &["một"]);
    // A file opened for reading stands in for a disk that takes nothing.
    journal.live.file = Box::new(File::open(dir.path().join(segment::name(1))).unwrap());
    assert!(matches!(
        journal.append(&[b"hai"]),
        Err(StoreError::Io { .. })
    ));
    assert!(matches!(journal.append(&[b"hai"]), Err(StoreError::Failed)));
    drop(journal);
    let (journal, _) = Journal::open(dir.path()).unwrap();
    assert_eq!(payloads(&journal), told(&[(1, "một")]));
}
