//! The journal: an append-only file of checksummed frames, on disk for good before anything is
//! answered. Whatever else is lost, the ledger can be made again from it.

pub mod files;
mod frame;
mod segment;

use std::path::Path;

use self::files::{Appender, Files, Folder};
use self::frame::encode;
pub(super) use self::frame::text_sum;
pub use self::segment::Damage;
use self::segment::{Segment, list};
use super::store::StoreError;
use crate::faults::{self, Protection};

/// A segment is sealed when it has grown beyond this: a start reads no more than one of them.
const SEGMENT_BYTES_MAX: u64 = 8 << 20;

/// The journal of one state folder, open for appending.
pub struct Journal {
    files: Box<dyn Files>,
    live: Live,
    last_seq: u64,
    failed: bool,
    segment_bytes_max: u64,
}

/// The segment that is being appended to.
struct Live {
    file: Box<dyn Appender>,
    name: String,
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
        let folder = Folder::make(dir).map_err(|source| StoreError::io("made", source))?;
        Self::open_on(Box::new(folder), SEGMENT_BYTES_MAX)
    }

    /// Opens the journal in a folder of any kind, to be sealed in pieces of about so many bytes.
    ///
    /// # Errors
    /// When the folder cannot be read or written.
    pub fn open_on(
        files: Box<dyn Files>,
        segment_bytes_max: u64,
    ) -> Result<(Self, Report), StoreError> {
        segment::finish_sealing(files.as_ref())?;
        let newest = list(files.as_ref())?.pop();
        let (live, last_seq, report) = match newest {
            Some(newest) => take_up(files.as_ref(), &newest)?,
            None => (
                Live::open(files.as_ref(), segment::name(1), 0)?,
                0,
                Report::default(),
            ),
        };
        let io = |source| StoreError::io("flushed", source);
        files.sync_names().map_err(io)?;
        faults::point("journal.opened");
        let journal = Self {
            files,
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
        if let Err(error) = self.live.write(&bytes) {
            // Whoever opens the journal next would read what may never reach the disk. If even
            // this fails, there is nobody to tell but the one who is told already.
            let _ = self.live.file.cut(self.live.bytes);
            return Err(error);
        }
        self.live.bytes += bytes.len() as u64;
        self.last_seq = seq;
        if self.live.bytes > self.segment_bytes_max {
            self.seal()?;
        }
        self.failed = false;
        Ok(())
    }

    /// Visits every readable frame from `first` on, oldest first, until `visit` says `false`.
    ///
    /// # Errors
    /// When a segment cannot be read at all. Damaged places are stepped over: see [`Self::verify`].
    pub fn read_from(&self, first: u64, visit: &mut Visit<'_>) -> Result<(), StoreError> {
        let segments = list(self.files.as_ref())?;
        let started = segments.partition_point(|segment| segment.first_seq <= first);
        for segment in segments.iter().skip(started.saturating_sub(1)) {
            for (seq, payload) in segment.read(self.files.as_ref())?.frames() {
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
        for segment in list(self.files.as_ref())? {
            let read = segment.read(self.files.as_ref())?;
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
        let io = |source| StoreError::io("flushed", source);
        let files = self.files.as_ref();
        let next = Live::open(files, segment::name(self.last_seq + 1), 0)?;
        files.sync_names().map_err(io)?;
        let full = std::mem::replace(&mut self.live, next);
        segment::seal(files, &full.name)?;
        files.sync_names().map_err(io)
    }
}

impl Live {
    fn open(files: &dyn Files, name: String, bytes: u64) -> Result<Self, StoreError> {
        let file = files.open(&name);
        let file = file.map_err(|source| StoreError::io("opened", source))?;
        Ok(Self { file, name, bytes })
    }

    /// Has the frames on disk for good, or says that nobody knows.
    fn write(&mut self, frames: &[u8]) -> Result<(), StoreError> {
        let io = |source| StoreError::io("written", source);
        faults::disk_point("journal.writing").map_err(io)?;
        faults::tear("journal.torn", frames, |half| {
            let _ = self.file.append(half);
        });
        self.file.append(frames).map_err(io)?;
        faults::disk_point("journal.written").map_err(io)?;
        self.sync()?;
        faults::point("journal.synced");
        Ok(())
    }

    fn sync(&mut self) -> Result<(), StoreError> {
        let synced = match faults::stands(Protection::Sync) {
            true => self.file.sync(),
            false => Ok(()),
        };
        synced.map_err(|source| StoreError::io("flushed", source))
    }
}

/// Goes on where the newest segment ends. What was read is on disk for good afterwards: the one
/// who wrote it may have been killed before it was, and it is about to be acted on.
fn take_up(files: &dyn Files, newest: &Segment) -> Result<(Live, u64, Report), StoreError> {
    let read = newest.read(files)?;
    let report = Report {
        damage: read.damage.clone(),
        gaps: read.gaps(),
    };
    let last_seq = read
        .last_seq()
        .unwrap_or(newest.first_seq.saturating_sub(1));
    if newest.sealed {
        let next = Live::open(files, segment::name(last_seq + 1), 0)?;
        return Ok((next, last_seq, report));
    }
    let mut live = Live::open(files, newest.name.clone(), read.whole_bytes)?;
    if read.whole_bytes < read.bytes {
        let io = |source| StoreError::io("repaired", source);
        live.file.cut(read.whole_bytes).map_err(io)?;
    }
    live.sync()?;
    Ok((live, last_seq, report))
}

#[cfg(test)]
mod tests;
