//! What the journal asks of a disk: few and simple things, so that a test can put a disk in the
//! place of the real one that forgets, tears and fills up.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

/// One folder of files.
pub trait Files: Send {
    /// The names of all files, in any order.
    ///
    /// # Errors
    /// When the folder cannot be read.
    fn names(&self) -> io::Result<Vec<String>>;

    /// The content of a file.
    ///
    /// # Errors
    /// When it cannot be read.
    fn read(&self, name: &str) -> io::Result<Vec<u8>>;

    /// Opens a file to append to; an empty one is made if there is none.
    ///
    /// # Errors
    /// When it cannot be opened or made.
    fn open(&self, name: &str) -> io::Result<Box<dyn Appender>>;

    /// Gives a file another name; a file that had it before is gone.
    ///
    /// # Errors
    /// When it cannot be renamed.
    fn rename(&self, from: &str, to: &str) -> io::Result<()>;

    /// Removes a file.
    ///
    /// # Errors
    /// When it cannot be removed.
    fn remove(&self, name: &str) -> io::Result<()>;

    /// Has the list of names on disk for good: a file that is synced may else still be nameless.
    ///
    /// # Errors
    /// When it cannot be written.
    fn sync_names(&self) -> io::Result<()>;
}

/// A file, open for appending.
pub trait Appender: Send {
    /// Adds bytes at the end. After an error some of them may be there.
    ///
    /// # Errors
    /// When not all could be written.
    fn append(&mut self, bytes: &[u8]) -> io::Result<()>;

    /// Has everything that was appended on disk for good.
    ///
    /// # Errors
    /// When that cannot be said: some of it may be on disk, and asking again proves nothing.
    fn sync(&mut self) -> io::Result<()>;

    /// Cuts the file down to so many bytes, for good.
    ///
    /// # Errors
    /// When it cannot be cut.
    fn cut(&mut self, bytes: u64) -> io::Result<()>;
}

/// A folder of the real disk.
#[derive(Debug)]
pub struct Folder(PathBuf);

impl Folder {
    /// The folder at `dir`, which is made for good if there is none.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn make(dir: &Path) -> io::Result<Self> {
        make_dir(dir)?;
        Ok(Self(dir.to_owned()))
    }
}

impl Files for Folder {
    fn names(&self) -> io::Result<Vec<String>> {
        let mut names = Vec::new();
        for entry in fs::read_dir(&self.0)? {
            // A name that is no text is none of ours.
            names.extend(entry?.file_name().into_string());
        }
        Ok(names)
    }

    fn read(&self, name: &str) -> io::Result<Vec<u8>> {
        fs::read(self.0.join(name))
    }

    fn open(&self, name: &str) -> io::Result<Box<dyn Appender>> {
        let mut options = OpenOptions::new();
        let file = options.append(true).create(true).mode(0o600);
        Ok(Box::new(file.open(self.0.join(name))?))
    }

    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        fs::rename(self.0.join(from), self.0.join(to))
    }

    fn remove(&self, name: &str) -> io::Result<()> {
        fs::remove_file(self.0.join(name))
    }

    fn sync_names(&self) -> io::Result<()> {
        sync_dir(&self.0)
    }
}

impl Appender for File {
    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.write_all(bytes)
    }

    fn sync(&mut self) -> io::Result<()> {
        self.sync_data()
    }

    fn cut(&mut self, bytes: u64) -> io::Result<()> {
        self.set_len(bytes)?;
        self.sync_all()
    }
}

/// Makes a folder and those above it, each with its name on disk for good: a power cut would else
/// take a folder away with all that was synced inside it.
pub(in crate::ledger) fn make_dir(dir: &Path) -> io::Result<()> {
    if dir.is_dir() {
        return Ok(());
    }
    let parent = dir.parent().filter(|parent| !parent.as_os_str().is_empty());
    if let Some(parent) = parent {
        make_dir(parent)?;
    }
    match DirBuilder::new().mode(0o700).create(dir) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
        _ => {}
    }
    sync_dir(parent.unwrap_or(Path::new(".")))
}

/// Has a folder's list of names on disk for good.
pub(in crate::ledger) fn sync_dir(dir: &Path) -> io::Result<()> {
    File::open(dir)?.sync_all()
}
