//! Files of rules that an office may keep beside its settings. What is wrong with one is told
//! with its line; then the rules that ship with the program do alone, so that a typo never stops
//! posting. The only reader of TOML outside the settings.

use std::io::ErrorKind;
use std::ops::Range;
use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;

/// A longer file is no list of rules, in bytes.
const FILE_BYTES_MAX: u64 = 1 << 20;

/// Why a file of rules cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RulesError {
    /// It cannot be read.
    #[error("file of rules {}: {why}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        why: String,
    },
    /// It is wrong.
    #[error("{}, line {line}: {what}", path.display())]
    Wrong {
        /// The file.
        path: PathBuf,
        /// Where.
        line: usize,
        /// What, and what to write instead.
        what: String,
    },
}

/// A file of rules, as it was written.
pub(super) struct RulesFile<'a> {
    path: &'a Path,
    text: &'a str,
}

impl<'a> RulesFile<'a> {
    /// Takes rules that stand, or would stand, in `path`.
    pub(super) fn new(path: &'a Path, text: &'a str) -> Self {
        Self { path, text }
    }

    /// The rules in their own form.
    pub(super) fn parse<T: DeserializeOwned>(&self) -> Result<T, RulesError> {
        toml::from_str(self.text).map_err(|error| {
            let place = error.span().unwrap_or_default();
            self.wrong(&place, error.message())
        })
    }

    /// A fault at a place in the file.
    pub(super) fn wrong(&self, place: &Range<usize>, what: impl Into<String>) -> RulesError {
        let before = self.text.get(..place.start).unwrap_or_default();
        RulesError::Wrong {
            path: self.path.to_owned(),
            line: before.matches('\n').count() + 1,
            what: what.into(),
        }
    }
}

/// The text of a file of rules; `None` when there is none.
///
/// # Errors
/// When there is one that cannot be read.
pub(super) fn text_of(path: &Path) -> Result<Option<String>, RulesError> {
    let unreadable = |why: String| RulesError::Unreadable {
        path: path.to_owned(),
        why,
    };
    match std::fs::metadata(path) {
        Ok(file) if file.len() > FILE_BYTES_MAX => Err(unreadable(format!(
            "it is longer than {FILE_BYTES_MAX} bytes"
        ))),
        Ok(_) => std::fs::read_to_string(path)
            .map(Some)
            .map_err(|error| unreadable(error.to_string())),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(unreadable(error.to_string())),
    }
}
