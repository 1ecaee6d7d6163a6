//! How the rehearsal page remembers: one JSON line a change, and the photos beside it.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use bytes::Bytes;
use serde::{Deserialize, Serialize};

use super::posts::{Call, RehearsedPhoto, RehearsedPost};

/// One thing that happened.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Change {
    Posted(RehearsedPost),
    Uploaded(RehearsedPhoto),
    Edited { id: String, message: String },
    Deleted { id: String },
    Called(Call),
}

/// Where changes go: into a folder, or nowhere.
pub(super) enum Store {
    Disk { log: File, media: PathBuf },
    Memory { media: BTreeMap<String, Bytes> },
}

impl Store {
    /// Opens the folder, with everything that was written down. A last line that broke off is as
    /// good as never written.
    pub(super) fn open(dir: Option<&Path>) -> io::Result<(Self, Vec<Change>)> {
        let Some(dir) = dir else {
            let media = BTreeMap::new();
            return Ok((Self::Memory { media }, Vec::new()));
        };
        let media = dir.join("media");
        fs::create_dir_all(&media)?;
        let path = dir.join("changes.jsonl");
        let mut changes = Vec::new();
        let mut whole = 0;
        match fs::read_to_string(&path) {
            Ok(text) => {
                for line in text
                    .split_inclusive('\n')
                    .filter(|line| line.ends_with('\n'))
                {
                    let Ok(change) = serde_json::from_str(line) else {
                        break;
                    };
                    changes.push(change);
                    whole += line.len() as u64;
                }
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
        let log = OpenOptions::new().create(true).append(true).open(path)?;
        log.set_len(whole)?;
        Ok((Self::Disk { log, media }, changes))
    }

    pub(super) fn append(&mut self, change: &Change) -> io::Result<()> {
        if let Self::Disk { log, .. } = self {
            let mut line = serde_json::to_vec(change)?;
            line.push(b'\n');
            log.write_all(&line)?;
        }
        Ok(())
    }

    pub(super) fn keep(&mut self, id: &str, bytes: &Bytes) -> io::Result<()> {
        match self {
            Self::Disk { media, .. } => fs::write(media.join(id), bytes),
            Self::Memory { media } => {
                media.insert(id.to_owned(), bytes.clone());
                Ok(())
            }
        }
    }

    pub(super) fn bytes(&self, id: &str) -> Option<Bytes> {
        match self {
            Self::Disk { media, .. } => fs::read(media.join(id)).ok().map(Bytes::from),
            Self::Memory { media } => media.get(id).cloned(),
        }
    }
}
