//! The tables in sled, the only place that knows it. Measured, not trusted: sled may forget what
//! it acknowledged and may refuse to open after a kill, so everything in it can be made again from
//! the journal, and it is opened with care.

use std::fs;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use super::journal::files::sync_dir;
use super::store::{StoreError, Tables, Write};
use crate::faults::{self, Protection};

/// Memory for pages of the tables: a year's records fit, and an idle daemon stays small.
const CACHE_BYTES: u64 = 16 << 20;
/// Where the place of the newest applied frame stands.
const APPLIED_SEQ: &[u8] = b"\0applied_seq";
/// Where payloads stand, so that a lost journal can be made again.
const FRAMES: &[u8] = b"\0frame/";

/// What sled says when its file is locked. There is no other way to know.
const LOCKED: &str = "could not acquire lock";
/// How often a locked file is tried again.
const LOCK_TRIES: usize = 400;
/// How long to wait between two tries.
const LOCK_WAIT: Duration = Duration::from_millis(5);

/// The tables, open.
pub struct Index {
    // Taken out only to be dropped with care.
    db: Option<sled::Db>,
    applied_seq: u64,
    dir: PathBuf,
}

/// Why the tables could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// They are set aside and made anew.
    #[error("sled does not open: {0}")]
    Unusable(String),
    /// The disk takes nothing: it is full, or read-only, or not ours. They may be sound.
    #[error(transparent)]
    Disk(io::Error),
}

impl From<sled::Error> for OpenError {
    fn from(error: sled::Error) -> Self {
        match error {
            sled::Error::Io(source) if takes_nothing(&source) => Self::Disk(source),
            other => Self::Unusable(other.to_string()),
        }
    }
}

fn takes_nothing(error: &io::Error) -> bool {
    use io::ErrorKind;
    matches!(
        error.kind(),
        ErrorKind::StorageFull
            | ErrorKind::QuotaExceeded
            | ErrorKind::ReadOnlyFilesystem
            | ErrorKind::PermissionDenied
    )
}

impl Index {
    /// Opens the tables in `dir`; `None` when there are none.
    ///
    /// # Errors
    /// When sled refuses or panics.
    pub fn open(dir: &Path) -> Result<Option<Self>, OpenError> {
        if !dir.exists() {
            return Ok(None);
        }
        faults::disk_point("index.opening").map_err(OpenError::Disk)?;
        if faults::stands(Protection::Guard) {
            guard(dir).map_err(|error| OpenError::from(sled::Error::Io(error)))?;
        }
        Self::open_sled(dir).map(Some)
    }

    /// Makes empty tables in `dir`. A kill while sled sets itself up leaves nothing there.
    ///
    /// # Errors
    /// When the folder cannot be written.
    pub fn create(dir: &Path) -> Result<Self, StoreError> {
        let io = |source| StoreError::io("made", source);
        let fresh = dir.with_extension("new");
        match fs::remove_dir_all(&fresh) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(io(error)),
            _ => {}
        }
        let unopenable = |error: OpenError| match error {
            OpenError::Disk(source) => io(source),
            OpenError::Unusable(why) => io(io::Error::other(why)),
        };
        drop(Self::open_sled(&fresh).map_err(unopenable)?);
        faults::disk_point("index.made").map_err(io)?;
        fs::rename(&fresh, dir).map_err(io)?;
        if let Some(parent) = dir.parent() {
            sync_dir(parent).map_err(io)?;
        }
        Self::open_sled(dir).map_err(unopenable)
    }

    /// Sets tables that cannot be used aside, for whoever wants to look into them.
    ///
    /// # Errors
    /// When the folder cannot be renamed.
    pub fn set_aside(dir: &Path) -> Result<PathBuf, StoreError> {
        let io = |source| StoreError::io("set aside", source);
        let aside = dir.with_extension("broken");
        match fs::remove_dir_all(&aside) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(io(error)),
            _ => {}
        }
        fs::rename(dir, &aside).map_err(io)?;
        match fs::remove_file(doubt(dir)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(io(error)),
            _ => Ok(aside),
        }
    }

    /// Whether a damaged place was met in the tables since they were made.
    pub fn is_doubtful(&self) -> bool {
        doubt(&self.dir).exists()
    }

    /// Opens sled. Whoever gets here has the state folder's lock: if sled's own is taken, it is by
    /// a handle of this process whose threads have not all ended yet.
    fn open_sled(dir: &Path) -> Result<Self, OpenError> {
        let mut opened = Self::try_open_sled(dir);
        for _ in 0..LOCK_TRIES {
            match &opened {
                Err(OpenError::Unusable(why)) if why.contains(LOCKED) => let_go(),
                _ => break,
            }
            opened = Self::try_open_sled(dir);
        }
        opened
    }

    fn try_open_sled(dir: &Path) -> Result<Self, OpenError> {
        let opened = catch_unwind(AssertUnwindSafe(|| {
            let db = sled::Config::new()
                .path(dir)
                .mode(sled::Mode::LowSpace)
                .cache_capacity(CACHE_BYTES)
                // Every transition is flushed by us: the background flusher only costs wakes.
                .flush_every_ms(None)
                .open()?;
            let applied = db.get(APPLIED_SEQ)?;
            Ok::<_, sled::Error>((db, applied))
        }));
        let (db, applied) = match opened {
            Ok(opened) => opened?,
            Err(_) => return Err(OpenError::Unusable("it panicked".to_owned())),
        };
        faults::point("index.opened");
        Ok(Self {
            applied_seq: applied.as_deref().and_then(number).unwrap_or(0),
            db: Some(db),
            dir: dir.to_owned(),
        })
    }

    /// The place of the newest frame whose writes are in the tables.
    pub fn applied_seq(&self) -> u64 {
        self.applied_seq
    }

    /// Applies one frame's writes, all or none, and keeps its payload.
    ///
    /// # Errors
    /// When sled fails; it stays failed until it is opened anew.
    pub fn apply(
        &mut self,
        seq: u64,
        payload: &[u8],
        writes: Vec<Write>,
    ) -> Result<(), StoreError> {
        let mut batch = sled::Batch::default();
        for write in writes {
            match write.value {
                Some(value) => batch.insert(write.key, value),
                None => batch.remove(write.key),
            }
        }
        batch.insert([FRAMES, &seq.to_be_bytes()].concat(), payload);
        batch.insert(APPLIED_SEQ, &seq.to_be_bytes());
        self.with(|db| db.apply_batch(batch))?;
        faults::disk_point("index.applied").map_err(|source| StoreError::io("written", source))?;
        self.applied_seq = seq;
        Ok(())
    }

    /// Hands the tables to the system for writing. Not an fsync: the journal has that.
    ///
    /// # Errors
    /// When sled fails.
    pub fn flush(&self) -> Result<(), StoreError> {
        self.with(|db| db.flush())?;
        faults::disk_point("index.flushed").map_err(|source| StoreError::io("written", source))?;
        Ok(())
    }

    /// The payload of one applied frame.
    ///
    /// # Errors
    /// When sled fails.
    pub fn payload(&self, seq: u64) -> Result<Option<Vec<u8>>, StoreError> {
        self.get(&[FRAMES, &seq.to_be_bytes()].concat())
    }

    /// Does something with the tables. A damaged place is noted, so that the next opening makes
    /// them anew: sled may open them again and again, and fail at this place each time.
    fn with<T>(&self, work: impl FnOnce(&sled::Db) -> sled::Result<T>) -> Result<T, StoreError> {
        let db = self.db.as_ref().ok_or(StoreError::Failed)?;
        let why = match catch_unwind(AssertUnwindSafe(|| work(db))) {
            Ok(Ok(value)) => return Ok(value),
            Ok(Err(sled::Error::Io(source))) => {
                return Err(StoreError::io("read or written", source));
            }
            Ok(Err(damaged)) => damaged.to_string(),
            Err(_) => "sled panicked".to_owned(),
        };
        // Without the note it is only met once more.
        let _ = fs::write(doubt(&self.dir), &why);
        Err(StoreError::IndexDamaged(why))
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "other threads of this process are waited for: no clock that a test moves rules them"
)]
fn let_go() {
    thread::sleep(LOCK_WAIT);
}

impl Tables for Index {
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        let value = self.with(|db| db.get(key))?;
        Ok(value.map(|value| value.to_vec()))
    }

    fn scan(
        &self,
        prefix: &[u8],
        visit: &mut dyn FnMut(&[u8], &[u8]) -> bool,
    ) -> Result<(), StoreError> {
        let mut rows = self.with(|db| Ok(db.scan_prefix(prefix)))?;
        while let Some((key, value)) = self.with(|_| rows.next().transpose())? {
            if !visit(&key, &value) {
                break;
            }
        }
        Ok(())
    }
}

impl Drop for Index {
    fn drop(&mut self) {
        let db = self.db.take();
        // sled flushes when it is dropped, and panics when that fails. There is nobody to tell,
        // and nothing to lose: the journal has it all.
        let _ = catch_unwind(AssertUnwindSafe(move || drop(db)));
    }
}

/// Removes what a kill during an opening leaves behind, which sled itself cannot get over: a
/// half-written snapshot (the one before it is still there), and settings without data.
fn guard(dir: &Path) -> io::Result<()> {
    for entry in fs::read_dir(dir)? {
        let path = entry?.path();
        let name = path
            .file_name()
            .and_then(|name| name.to_str())
            .unwrap_or_default();
        if name.starts_with("snap.") && name.ends_with(".generating") {
            fs::remove_file(&path)?;
        }
    }
    let conf = dir.join("conf");
    if conf.exists() && !dir.join("db").exists() {
        fs::remove_file(conf)?;
    }
    Ok(())
}

/// The note that a damaged place was met in the tables of `dir`.
fn doubt(dir: &Path) -> PathBuf {
    dir.with_extension("doubtful")
}

fn number(bytes: &[u8]) -> Option<u64> {
    Some(u64::from_be_bytes(bytes.try_into().ok()?))
}
