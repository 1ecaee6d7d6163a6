//! The journal after a power cut, in every state a disk may be left in.

mod disk;

use std::io::ErrorKind;

use loa::faults::{Protection, without};
use loa::ledger::journal::Journal;

use self::disk::{Disk, Fault, Moment};

/// Small, so that sealing happens every few commits.
const SEGMENT_BYTES_MAX: u64 = 4 << 10;

/// What is wrong with a journal that was found after a power cut.
#[derive(Debug, PartialEq, Eq)]
enum Broken {
    Refused(String),
    Lost(u64),
    Wrong(u64),
    TakesNoMore(String),
}

/// Event number `seq`: as long as real ones are, and like no other.
fn payload(seq: u64) -> Vec<u8> {
    let words = "Huyện Cần Đước khánh thành cầu mới ".repeat(4 + (seq % 7) as usize * 2);
    format!("{{\"v\":1,\"seq\":{seq},\"title\":\"{words}\"}}").into_bytes()
}

fn open(disk: &Disk) -> Result<Journal, String> {
    Journal::open_on(Box::new(disk.clone()), SEGMENT_BYTES_MAX)
        .map(|(journal, _)| journal)
        .map_err(|error| error.to_string())
}

/// Appends events up to `last`, one or three to a commit, and acknowledges each commit.
fn write(disk: &Disk, journal: &mut Journal, last: u64) -> Result<(), String> {
    while journal.last_seq() < last {
        let first = journal.last_seq() + 1;
        let together = if first.is_multiple_of(5) { 3 } else { 1 };
        let payloads: Vec<Vec<u8>> = (first..first + together).map(payload).collect();
        let payloads: Vec<&[u8]> = payloads.iter().map(Vec::as_slice).collect();
        let appended = journal.append(&payloads);
        appended.map_err(|error| error.to_string())?;
        disk.acknowledge(journal.last_seq());
    }
    Ok(())
}

/// Every moment of a journal's life, from nothing to about so many events.
fn life(events: u64) -> Vec<Moment> {
    let disk = Disk::remembering();
    let mut journal = open(&disk).unwrap();
    write(&disk, &mut journal, events).unwrap();
    disk.moments()
}

/// Opens what a power cut left, reads it, and goes on.
fn judge(disk: &Disk, acknowledged: u64) -> Result<(), Broken> {
    let mut journal = open(disk).map_err(Broken::Refused)?;
    let last = read(&journal)?;
    if last < acknowledged {
        return Err(Broken::Lost(last + 1));
    }
    if journal.last_seq() != last {
        return Err(Broken::Wrong(journal.last_seq()));
    }
    let appended = journal.append(&[&payload(last + 1)]);
    appended.map_err(|error| Broken::TakesNoMore(error.to_string()))?;
    match read(&journal)? {
        read if read == last + 1 => Ok(()),
        read => Err(Broken::Wrong(read)),
    }
}

/// Reads all events; says which is the last. They must be whole, in order, and without a hole.
fn read(journal: &Journal) -> Result<u64, Broken> {
    let (mut last, mut wrong) = (0, None);
    let visited = journal.read_from(1, &mut |seq, found| {
        if seq != last + 1 || found != payload(seq) {
            wrong = Some(Broken::Wrong(seq));
        }
        last = seq;
        Ok(wrong.is_none())
    });
    visited.map_err(|error| Broken::Refused(error.to_string()))?;
    wrong.map_or(Ok(last), Err)
}

/// Cuts the power at each of the moments; says in how many states the disk was left, and what was
/// broken.
fn cut_power<'a>(moments: impl IntoIterator<Item = &'a Moment>) -> (u64, Vec<Broken>) {
    let (mut states, mut broken) = (0, Vec::new());
    for moment in moments {
        states += moment.power_cuts(|disk| broken.extend(judge(disk, moment.acknowledged).err()));
    }
    (states, broken)
}

#[test]
fn whatever_a_power_cut_leaves_nothing_acknowledged_is_lost() {
    let (states, broken) = cut_power(&life(super::size(60, 400)));
    println!("power cuts: {states} disk states, {} broken", broken.len());
    assert_eq!(broken, []);
    assert!(states >= 20_000, "{states}");
}

#[test]
fn a_power_cut_while_the_journal_is_being_opened_loses_nothing_either() {
    let (mut states, mut broken) = (0, Vec::new());
    // Sealing takes several operations; a frame has two. All of them, of a few events.
    for moment in life(super::size(20, 60)) {
        let mut left = 0_u64;
        moment.power_cuts(|disk| {
            left += 1;
            // Each length of a torn frame is opened alike: one in a few is enough here.
            if left % 37 != 1 {
                return;
            }
            disk.remember(moment.acknowledged);
            open(disk).unwrap();
            let (more, found) = cut_power(&disk.moments());
            states += more;
            broken.extend(found);
        });
    }
    println!("power cuts while opening: {states} disk states");
    assert_eq!(broken, []);
    assert!(states > 1_000, "{states}");
}

#[test]
fn after_a_kill_a_power_cut_takes_nothing_of_what_the_next_start_has_read() {
    let (mut states, mut broken) = (0, Vec::new());
    for moment in life(super::size(20, 60)) {
        // Killed: what was in the cache is still there for the next process, and only there.
        let disk = moment.without_its_process();
        disk.remember(moment.acknowledged);
        let journal = open(&disk).unwrap();
        let (more, found) = cut_power(&disk.moments());
        states += more;
        broken.extend(found);
        // From here on the next process acts on what it has read.
        disk.acknowledge(journal.last_seq());
        let (more, found) = cut_power([&disk.now()]);
        states += more;
        broken.extend(found);
    }
    println!("power cuts after a kill: {states} disk states");
    assert_eq!(broken, []);
    assert!(states > 100, "{states}");
}

/// Lives through one fault, opening the journal anew after each error, and then the power is cut.
fn live_with(fault: Fault, events: u64) -> (u64, Vec<Broken>) {
    let disk = Disk::default();
    disk.fail(Some(fault));
    let first = open(&disk).and_then(|mut journal| write(&disk, &mut journal, events));
    let (mut states, mut broken) = match first {
        Ok(()) => (0, Vec::new()),
        Err(_) => cut_power([&disk.now()]),
    };
    disk.fail(None);
    if fault.for_ever && fault.kind != ErrorKind::StorageFull {
        // A disk that was broken is mounted anew before it is used again.
        disk.forget_cache();
    }
    let again = open(&disk).and_then(|mut journal| write(&disk, &mut journal, events));
    broken.extend(again.err().map(Broken::TakesNoMore));
    let (more, found) = cut_power([&disk.now()]);
    states += more;
    broken.extend(found);
    (states, broken)
}

#[test]
fn a_write_or_a_flush_that_fails_once_or_for_ever_loses_nothing() {
    let events = super::size(20, 60);
    let disk = Disk::default();
    write(&disk, &mut open(&disk).unwrap(), events).unwrap();
    let (mut faults, mut states) = (0, 0);
    for at in 1..=disk.operations() {
        for kind in [ErrorKind::StorageFull, ErrorKind::Other] {
            for for_ever in [false, true] {
                let fault = Fault { at, kind, for_ever };
                let (more, broken) = live_with(fault, events);
                assert_eq!(broken, [], "{fault:?}");
                faults += 1;
                states += more;
            }
        }
    }
    println!("failing operations: {faults} faults, {states} disk states");
    assert!(faults > 100, "{faults}");
}

#[test]
fn without_the_flush_a_power_cut_takes_what_was_acknowledged() {
    let (states, broken) = without(Some(Protection::Sync), || cut_power(&life(4)));
    let lost = broken
        .iter()
        .filter(|broken| matches!(broken, Broken::Lost(_)));
    let lost = lost.count();
    println!("without the flush: {lost} of {states} disk states lost something");
    assert!(lost > 0, "the states would not show a loss");
}
