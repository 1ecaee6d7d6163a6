//! One file of the journal, live or sealed: how it is named, read and compressed.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;

use super::frame::{Found, MAGIC, decode};
use super::sync_dir;
use crate::ledger::store::StoreError;

/// The ending of a segment that is appended to.
const LIVE: &str = "journal";
/// The ending of a sealed one.
const SEALED: &str = "journal.gz";
/// The ending of one that is being sealed.
const SEALING: &str = "journal.gz.part";

/// A file of the journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Segment {
    pub(super) path: PathBuf,
    pub(super) first_seq: u64,
    pub(super) sealed: bool,
}

/// A damaged place in a segment, stepped over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Damage {
    /// Which file.
    pub file: PathBuf,
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
pub(super) fn list(dir: &Path) -> Result<Vec<Segment>, StoreError> {
    let io = |source| StoreError::io("read", source);
    let mut segments = Vec::new();
    for entry in fs::read_dir(dir).map_err(io)? {
        let path = entry.map_err(io)?.path();
        segments.extend(Segment::at(path));
    }
    segments.sort_by_key(|segment| (segment.first_seq, !segment.sealed));
    segments.dedup_by_key(|segment| segment.first_seq);
    Ok(segments)
}

impl Segment {
    fn at(path: PathBuf) -> Option<Self> {
        let (number, ending) = path.file_name()?.to_str()?.split_once('.')?;
        let sealed = match ending {
            LIVE => false,
            SEALED => true,
            _ => return None,
        };
        Some(Self {
            first_seq: number.parse().ok()?,
            sealed,
            path,
        })
    }

    pub(super) fn read(&self) -> Result<ReadSegment, StoreError> {
        let raw = fs::read(&self.path).map_err(|source| StoreError::io("read", source))?;
        let content = match self.sealed {
            false => raw,
            true => unpacked(&raw),
        };
        Ok(ReadSegment::scan(&self.path, content))
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
    fn scan(path: &Path, content: Vec<u8>) -> Self {
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
                file: path.to_owned(),
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
pub(super) fn seal(path: &Path) -> Result<(), StoreError> {
    let part = path.with_extension(SEALING);
    compress(path, &part).map_err(|source| StoreError::io("sealed", source))?;
    let io = |source| StoreError::io("sealed", source);
    fs::rename(&part, path.with_extension(SEALED)).map_err(io)?;
    if let Some(dir) = path.parent() {
        sync_dir(dir)?;
    }
    fs::remove_file(path).map_err(io)
}

fn compress(path: &Path, part: &Path) -> io::Result<()> {
    let mut packed = GzEncoder::new(File::create(part)?, Compression::default());
    io::copy(&mut File::open(path)?, &mut packed)?;
    let mut file = packed.finish()?;
    file.flush()?;
    file.sync_all()
}

/// Takes up what a kill left of a sealing.
pub(super) fn finish_sealing(dir: &Path) -> Result<(), StoreError> {
    let io = |source| StoreError::io("repaired", source);
    for entry in fs::read_dir(dir).map_err(io)? {
        let path = entry.map_err(io)?.path();
        let file_name = path
            .file_name()
            .and_then(|name| name.to_str())
            .unwrap_or_default();
        if file_name.ends_with(SEALING) {
            fs::remove_file(&path).map_err(io)?;
        } else if file_name.ends_with(SEALED) {
            let live = dir.join(file_name.trim_end_matches(".gz"));
            if live.exists() {
                fs::remove_file(live).map_err(io)?;
            }
        }
    }
    Ok(())
}
