//! What can be switched of the app and of the token that opens the page, by tests and by curious
//! people.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::tokens::{Consent, Held, Kind};
use crate::rehearsal::graph::SCOPES;
use crate::rehearsal::graph::fault::{DEAD_TOKEN, EXPIRED_TOKEN, Fault};

/// How the app and the page's own token stand. Tokens that a log-in gave out are others.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Switches {
    /// The app is in development mode: whoever has no role in it sees no post.
    pub development: bool,
    /// Calls must carry a proof of the app's secret.
    pub proof_required: bool,
    /// The page's own token is dead: somebody changed their password.
    pub token_dead: bool,
    /// When the page's own token ends; `None`: never.
    pub token_ends: Option<Timestamp>,
    /// When what its person granted ends; `None`: never.
    pub data_access_ends: Option<Timestamp>,
    /// The permissions that were taken from it.
    pub token_lacks: Vec<String>,
    /// Another app that it belongs to; `None`: the page's own.
    pub token_app: Option<String>,
    /// The most entries that a list of Pages gives in one answer; `None`: as many as asked for.
    pub list_most: Option<usize>,
}

impl Switches {
    /// The page's own token, if it is alive.
    pub(in crate::rehearsal) fn own_token(
        &self,
        page: &str,
        now: Timestamp,
    ) -> Result<Held, Fault<'static>> {
        if self.token_dead {
            return Err(DEAD_TOKEN);
        }
        if self.token_ends.is_some_and(|ends| ends <= now) {
            return Err(EXPIRED_TOKEN);
        }
        let has = |scope: &&str| !self.token_lacks.iter().any(|lacks| lacks == *scope);
        let granted = SCOPES.into_iter().filter(has).map(ToOwned::to_owned);
        Ok(Held {
            kind: Kind::Page(page.to_owned()),
            consent: Consent {
                granted: granted.collect(),
                ..Consent::default()
            },
            expires: self.token_ends,
            data_access_ends: self.data_access_ends,
        })
    }
}
