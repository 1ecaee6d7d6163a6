//! The journal: an append-only file of checksummed frames, on disk for good before anything is
//! answered. Whatever else is lost, the ledger can be made again from it.

mod frame;
mod segment;

use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use self::frame::encode;
pub use self::segment::Damage;
use self::segment::list;
use super::store::StoreError;
use crate::faults::{self, Protection};

/// A segment is sealed when it has grown beyond this: a start reads no more than one of them.
const SEGMENT_BYTES_MAX: u64 = 8 << 20;

/// The journal of one state folder, open for appending.
#[derive(Debug)]
pub struct Journal {
    dir: PathBuf,
    live: Live,
    last_seq: u64,
    failed: bool,
    segment_bytes_max: u64,
}

/// The segment that is being appended to.
#[derive(Debug)]
struct Live {
    file: File,
    path: PathBuf,
    bytes: u64,
}

/// Takes one frame; says whether to go on.
pub type Visit<'a> = dyn FnMut(u64, &[u8]) -> Result<bool, StoreError> + 'a;

/// What was found when a journal was opened.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Report {
    /// Damaged places in the newest segment.
    pub damage: Vec<Damage>,
    /// Frames that are missing between two that are there.
    pub gaps: Vec<(u64, u64)>,
}

impl Journal {
    /// Opens the journal in `dir`, which is made if there is none. Reads the newest segment only.
    ///
    /// What a kill left half-written at the end is cut off: it was never acknowledged.
    ///
    /// # Errors
    /// When the folder cannot be read or written.
    pub fn open(dir: &Path) -> Result<(Self, Report), StoreError> {
        Self::open_with(dir, SEGMENT_BYTES_MAX)
    }

    fn open_with(dir: &Path, segment_bytes_max: u64) -> Result<(Self, Report), StoreError> {
        let io = |source| StoreError::io("opened", source);
        fs::create_dir_all(dir).map_err(io)?;
        segment::finish_sealing(dir)?;
        let segments = list(dir)?;
        let mut report = Report::default();
        let (mut last_seq, mut live_path) = (0, dir.join(segment::name(1)));
        if let Some(newest) = segments.last() {
            let read = newest.read()?;
            report.damage.clone_from(&read.damage);
            report.gaps = read.gaps();
            last_seq = read
                .last_seq()
                .unwrap_or(newest.first_seq.saturating_sub(1));
            live_path = match newest.sealed {
                true => dir.join(segment::name(last_seq + 1)),
                false => newest.path.clone(),
            };
            if !newest.sealed && read.whole_bytes < read.bytes {
                cut(&live_path, read.whole_bytes)?;
            }
        }
        let live = Live::open(live_path)?;
        sync_dir(dir)?;
        faults::point("journal.opened");
        let journal = Self {
            dir: dir.to_owned(),
            live,
            last_seq,
            failed: false,
            segment_bytes_max,
        };
        Ok((journal, report))
    }

    /// The place of the newest frame; 0 when there is none.
    pub fn last_seq(&self) -> u64 {
        self.last_seq
    }

    /// Appends the payloads as consecutive frames and has them on disk for good before it returns.
    ///
    /// # Errors
    /// Afterwards the journal takes nothing more: after a failed flush nobody can say what is on
    /// disk. A prefix of the frames may be.
    pub fn append(&mut self, payloads: &[&[u8]]) -> Result<(), StoreError> {
        if self.failed {
            return Err(StoreError::Failed);
        }
        let mut bytes = Vec::new();
        let mut seq = self.last_seq;
        for payload in payloads {
            seq += 1;
            encode(seq, payload, &mut bytes)?;
        }
        // From here on only success clears it.
        self.failed = true;
        let io = |source| StoreError::io("written", source);
        faults::disk_point("journal.writing").map_err(io)?;
        faults::tear("journal.torn", &bytes, |half| {
            let _ = self.live.file.write_all(half);
        });
        self.live.file.write_all(&bytes).map_err(io)?;
        faults::disk_point("journal.written").map_err(io)?;
        if faults::stands(Protection::Sync) {
            let flushed = self.live.file.sync_data();
            flushed.map_err(|source| StoreError::io("flushed", source))?;
        }
        faults::point("journal.synced");
        self.failed = false;
        self.live.bytes += bytes.len() as u64;
        self.last_seq = seq;
        if self.live.bytes > self.segment_bytes_max {
            self.seal()?;
        }
        Ok(())
    }

    /// Visits every readable frame from `first` on, oldest first, until `visit` says `false`.
    ///
    /// # Errors
    /// When a segment cannot be read at all. Damaged places are stepped over: see [`Self::verify`].
    pub fn read_from(&self, first: u64, visit: &mut Visit<'_>) -> Result<(), StoreError> {
        let segments = list(&self.dir)?;
        let started = segments.partition_point(|segment| segment.first_seq <= first);
        for segment in segments.iter().skip(started.saturating_sub(1)) {
            for (seq, payload) in segment.read()?.frames() {
                if seq >= first && !visit(seq, payload)? {
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    /// Reads everything and reports what is damaged or missing.
    ///
    /// # Errors
    /// When a segment cannot be read at all.
    pub fn verify(&self) -> Result<Report, StoreError> {
        let mut report = Report::default();
        let mut expected = 1;
        for segment in list(&self.dir)? {
            let read = segment.read()?;
            report.damage.extend(read.damage.clone());
            for (seq, _) in read.frames() {
                if seq > expected {
                    report.gaps.push((expected, seq - 1));
                }
                expected = seq + 1;
            }
        }
        Ok(report)
    }

    /// Compresses the full segment and starts the next. A kill at any point leaves one of the two
    /// whole.
    fn seal(&mut self) -> Result<(), StoreError> {
        let next = Live::open(self.dir.join(segment::name(self.last_seq + 1)))?;
        sync_dir(&self.dir)?;
        let full = std::mem::replace(&mut self.live, next);
        segment::seal(&full.path)?;
        sync_dir(&self.dir)
    }
}

impl Live {
    fn open(path: PathBuf) -> Result<Self, StoreError> {
        let io = |source| StoreError::io("opened", source);
        let file = OpenOptions::new()
            .append(true)
            .create(true)
            .mode(0o600)
            .open(&path)
            .map_err(io)?;
        let bytes = file.metadata().map_err(io)?.len();
        Ok(Self { file, path, bytes })
    }
}

fn cut(path: &Path, bytes: u64) -> Result<(), StoreError> {
    let io = |source| StoreError::io("repaired", source);
    let file = OpenOptions::new().write(true).open(path).map_err(io)?;
    file.set_len(bytes).map_err(io)?;
    file.sync_all().map_err(io)
}

/// Has the folder's list of files on disk: a file that is synced may else still be nameless.
pub(super) fn sync_dir(dir: &Path) -> Result<(), StoreError> {
    File::open(dir)
        .and_then(|dir| dir.sync_all())
        .map_err(|source| StoreError::io("flushed", source))
}

#[cfg(test)]
mod tests;
