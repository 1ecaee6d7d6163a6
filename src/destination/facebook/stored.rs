//! Tokens that a log-in has stored: one file a Page in the state folder, for its owner's eyes
//! only. EDGE: disk.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};

use super::login::Grant;

/// The format of the files. A larger number is a newer loa's.
const VERSION: u32 = 1;

/// The tokens of one state folder.
#[derive(Debug, Clone)]
pub struct TokenStore {
    dir: PathBuf,
}

/// A token as it is written.
#[derive(Serialize, Deserialize)]
struct Written {
    v: u32,
    page: String,
    token: String,
    app_id: Option<String>,
    scopes: Vec<String>,
    expires: Option<Timestamp>,
    stored_at: Timestamp,
}

/// Why there is no stored token.
#[derive(Debug, thiserror::Error)]
pub enum StoredError {
    /// Nobody has logged the Page in.
    #[error("no token is stored: run `loa login`")]
    None,
    /// The file is there and cannot be used.
    #[error("the stored token {} cannot be read: {why}; run `loa login` again", path.display())]
    Unreadable {
        /// Which.
        path: PathBuf,
        /// Why.
        why: String,
    },
}

impl TokenStore {
    /// The tokens in a state folder.
    pub fn of(state: &Path) -> Self {
        Self {
            dir: state.join("tokens"),
        }
    }

    /// Stores what was obtained; a token that was there is replaced whole or not at all.
    ///
    /// # Errors
    /// When the folder cannot be written.
    pub fn save(&self, grant: &Grant, now: Timestamp) -> io::Result<()> {
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&self.dir)?;
        let written = Written {
            v: VERSION,
            page: grant.page.clone(),
            token: grant.exposed().to_owned(),
            app_id: grant.app_id.clone(),
            scopes: grant.scopes.clone(),
            expires: grant.expires,
            stored_at: now,
        };
        let path = self.path(&grant.page);
        let part = path.with_extension("part");
        let mut file = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(&part)?;
        file.write_all(serde_json::to_string_pretty(&written)?.as_bytes())?;
        file.sync_all()?;
        fs::rename(part, path)?;
        File::open(&self.dir)?.sync_all()
    }

    /// The token of a Page.
    ///
    /// # Errors
    /// When there is none, or none that can be read.
    pub fn load(&self, page: &str) -> Result<SecretString, StoredError> {
        let path = self.path(page);
        let unreadable = |why: String| StoredError::Unreadable {
            path: path.clone(),
            why,
        };
        let text = match fs::read(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(StoredError::None),
            Err(error) => return Err(unreadable(error.to_string())),
        };
        // What the parser says could quote the token.
        let written: Written =
            serde_json::from_slice(&text).map_err(|_| unreadable("it is damaged".to_owned()))?;
        if written.v > VERSION {
            return Err(unreadable("a newer loa wrote it".to_owned()));
        }
        Ok(SecretString::from(written.token))
    }

    fn path(&self, page: &str) -> PathBuf {
        self.dir.join(format!("{page}.json"))
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use secrecy::ExposeSecret;

    use super::*;

    fn grant(token: &str) -> Grant {
        Grant {
            page: "350".to_owned(),
            token: SecretString::from(token),
            app_id: None,
            scopes: Vec::new(),
            expires: None,
        }
    }

    #[test]
    fn a_stored_token_is_for_its_owners_eyes_and_replaced_by_the_next() {
        let state = tempfile::tempdir().unwrap();
        let tokens = TokenStore::of(state.path());
        assert!(matches!(tokens.load("350"), Err(StoredError::None)));
        for token in ["first", "second"] {
            tokens.save(&grant(token), Timestamp::UNIX_EPOCH).unwrap();
            assert_eq!(tokens.load("350").unwrap().expose_secret(), token);
        }
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&state.path().join("tokens")), 0o700);
        assert_eq!(mode(&state.path().join("tokens/350.json")), 0o600);
    }

    #[test]
    fn a_damaged_token_is_no_missing_one_and_is_not_quoted() {
        let state = tempfile::tempdir().unwrap();
        let tokens = TokenStore::of(state.path());
        tokens.save(&grant("EAAG"), Timestamp::UNIX_EPOCH).unwrap();
        fs::write(state.path().join("tokens/350.json"), "{\"token\":\"EAAG\"").unwrap();
        let said = tokens.load("350").unwrap_err().to_string();
        assert!(said.contains("damaged") && !said.contains("EAAG"), "{said}");
    }
}
