//! Secrets: never in the settings file, only a word where they are. Read when they are needed, so
//! that one that is replaced is used at once and a verb that needs none asks for none.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use schemars::JsonSchema;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};

/// The environment's variables, handed in.
pub type Environment = Arc<dyn Fn(&str) -> Option<String> + Send + Sync>;

/// Where a secret is, as it is written.
#[derive(Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SecretEntry {
    /// In this variable of the environment.
    pub(super) env: Option<String>,
    /// In this file, alone.
    pub(super) file: Option<PathBuf>,
}

impl SecretEntry {
    /// What one may look like.
    pub(super) fn example() -> serde_json::Value {
        serde_json::json!({ "env": "LOA_CANDUOC35_TOKEN" })
    }
}

/// Where a secret is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SecretRef {
    /// In this variable of the environment.
    Env(String),
    /// In this file, alone.
    File(PathBuf),
}

/// Why a secret could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SecretError {
    /// The variable does not exist.
    #[error("the environment variable {0} is not set")]
    Unset(String),
    /// Nothing in it.
    #[error("{0} is empty")]
    Empty(String),
    /// The file cannot be read.
    #[error("the secret file {} cannot be read: {why}", path.display())]
    Unreadable {
        /// Which.
        path: PathBuf,
        /// What the system said.
        why: String,
    },
}

impl SecretRef {
    /// Reads the secret. A line break at the end does not belong to it.
    ///
    /// # Errors
    /// When it is not there, or empty.
    pub fn read(&self, environment: &Environment) -> Result<SecretString, SecretError> {
        let (text, place) = match self {
            Self::Env(name) => {
                let text = environment(name).ok_or_else(|| SecretError::Unset(name.clone()))?;
                (text, name.clone())
            }
            Self::File(path) => {
                let text = fs::read_to_string(path).map_err(|error| SecretError::Unreadable {
                    path: path.clone(),
                    why: error.to_string(),
                })?;
                (text, path.display().to_string())
            }
        };
        match text.trim() {
            "" => Err(SecretError::Empty(place)),
            secret => Ok(SecretString::from(secret)),
        }
    }
}
