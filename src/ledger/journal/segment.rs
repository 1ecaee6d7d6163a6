//! One file of the journal, live or sealed: how it is named, read and compressed.

use std::io::{self, Read, Write};
use std::ops::Range;

use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;

use super::files::Files;
use super::frame::{Found, MAGIC, decode};
use crate::ledger::store::StoreError;

/// The ending of a segment that is appended to.
const LIVE: &str = "journal";
/// The ending of a sealed one.
const SEALED: &str = "journal.gz";
/// What sealing adds to a name.
const SEALED_SUFFIX: &str = ".gz";
/// What it adds while it is at it.
const PART_SUFFIX: &str = ".gz.part";

/// A file of the journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Segment {
    pub(super) name: String,
    pub(super) first_seq: u64,
    pub(super) sealed: bool,
}

/// A damaged place in a segment, stepped over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Damage {
    /// The name of the file.
    pub file: String,
    /// Where in it, in bytes before compression.
    pub at: u64,
    /// How long it is, in bytes.
    pub bytes: u64,
}

/// A segment in memory.
#[derive(Debug)]
pub(super) struct ReadSegment {
    content: Vec<u8>,
    frames: Vec<(u64, Range<usize>)>,
    pub(super) damage: Vec<Damage>,
    /// Its length.
    pub(super) bytes: u64,
    /// Its length without a torn frame at its end.
    pub(super) whole_bytes: u64,
}

/// The name of a live segment that starts at `first_seq`.
pub(super) fn name(first_seq: u64) -> String {
    format!("{first_seq:020}.{LIVE}")
}

/// Every segment, oldest first. Where one is there both live and sealed, the sealed one.
pub(super) fn list(files: &dyn Files) -> Result<Vec<Segment>, StoreError> {
    let names = files.names();
    let names = names.map_err(|source| StoreError::io("read", source))?;
    let mut segments: Vec<Segment> = names.into_iter().filter_map(Segment::named).collect();
    segments.sort_by_key(|segment| (segment.first_seq, !segment.sealed));
    segments.dedup_by_key(|segment| segment.first_seq);
    Ok(segments)
}

impl Segment {
    fn named(name: String) -> Option<Self> {
        let (number, ending) = name.split_once('.')?;
        let sealed = match ending {
            LIVE => false,
            SEALED => true,
            _ => return None,
        };
        Some(Self {
            first_seq: number.parse().ok()?,
            sealed,
            name,
        })
    }

    pub(super) fn read(&self, files: &dyn Files) -> Result<ReadSegment, StoreError> {
        let raw = files.read(&self.name);
        let raw = raw.map_err(|source| StoreError::io("read", source))?;
        let content = match self.sealed {
            false => raw,
            true => unpacked(&raw),
        };
        Ok(ReadSegment::scan(&self.name, content))
    }
}

/// As much of a compressed segment as can be unpacked.
fn unpacked(raw: &[u8]) -> Vec<u8> {
    let mut content = Vec::new();
    // Damage shows as missing frames, which whoever asked for them will notice.
    let _ = GzDecoder::new(raw).read_to_end(&mut content);
    content
}

impl ReadSegment {
    fn scan(name: &str, content: Vec<u8>) -> Self {
        let (mut frames, mut damage) = (Vec::new(), Vec::new());
        let (mut at, mut whole) = (0, 0);
        while let Some(rest) = content.get(at..).filter(|rest| !rest.is_empty()) {
            if let Found::Frame {
                seq,
                bytes,
                payload,
            } = decode(rest)
            {
                let end = at + bytes;
                frames.push((seq, end - payload.len()..end));
                at = end;
                whole = at;
                continue;
            }
            let Some(next) = next_frame(&content, at + 1) else {
                // Nothing readable follows: a frame that was never acknowledged, torn by a kill.
                break;
            };
            damage.push(Damage {
                file: name.to_owned(),
                at: at as u64,
                bytes: (next - at) as u64,
            });
            at = next;
        }
        Self {
            bytes: content.len() as u64,
            whole_bytes: whole as u64,
            content,
            frames,
            damage,
        }
    }

    pub(super) fn frames(&self) -> impl Iterator<Item = (u64, &[u8])> {
        self.frames
            .iter()
            .map(|(seq, range)| (*seq, self.content.get(range.clone()).unwrap_or_default()))
    }

    pub(super) fn last_seq(&self) -> Option<u64> {
        self.frames.iter().map(|(seq, _)| *seq).max()
    }

    /// Places that are missing between two frames.
    pub(super) fn gaps(&self) -> Vec<(u64, u64)> {
        self.frames
            .windows(2)
            .filter_map(|pair| match pair {
                [(one, _), (other, _)] if *other > one + 1 => Some((one + 1, other - 1)),
                _ => None,
            })
            .collect()
    }
}

/// Where the next whole frame starts, at `from` or later.
fn next_frame(content: &[u8], from: usize) -> Option<usize> {
    let mut at = from;
    loop {
        let rest = content.get(at..)?;
        let found = rest.windows(MAGIC.len()).position(|bytes| bytes == MAGIC)?;
        at += found;
        if matches!(decode(content.get(at..)?), Found::Frame { .. }) {
            return Some(at);
        }
        at += 1;
    }
}

/// Replaces a full segment by its compressed form.
pub(super) fn seal(files: &dyn Files, live: &str) -> Result<(), StoreError> {
    let part = format!("{live}{PART_SUFFIX}");
    let sealed = format!("{live}{SEALED_SUFFIX}");
    compress(files, live, &part)
        .and_then(|()| files.rename(&part, &sealed))
        .and_then(|()| files.sync_names())
        .and_then(|()| files.remove(live))
        .map_err(|source| StoreError::io("sealed", source))
}

fn compress(files: &dyn Files, live: &str, part: &str) -> io::Result<()> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::default());
    packed.write_all(&files.read(live)?)?;
    let mut file = files.open(part)?;
    file.append(&packed.finish()?)?;
    file.sync()
}

/// Takes up what a kill left of a sealing.
pub(super) fn finish_sealing(files: &dyn Files) -> Result<(), StoreError> {
    remove_leftovers(files).map_err(|source| StoreError::io("repaired", source))
}

fn remove_leftovers(files: &dyn Files) -> io::Result<()> {
    let names = files.names()?;
    for part in names.iter().filter(|name| name.ends_with(PART_SUFFIX)) {
        files.remove(part)?;
    }
    let sealed = names
        .iter()
        .filter_map(|name| name.strip_suffix(SEALED_SUFFIX));
    for live in sealed.filter(|live| names.iter().any(|name| name == live)) {
        // The sealed one's name may not be on disk yet: a power cut must not find neither.
        files.sync_names()?;
        files.remove(live)?;
    }
    Ok(())
}
