//! Codes and tokens: what was granted, how long it lasts, and what of it a Page's token inherits.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

use super::switches::Switches;
use super::{BAD_CODE, CODE_EXPIRED, CODE_MISMATCH, CODE_USED};
use crate::rehearsal::graph::fault::{BAD_TOKEN, EXPIRED_TOKEN, Fault};

/// What every token that is given out here starts with, so that a test can look for any of them.
pub const TOKENS_START: &str = "EAARehearsal";
/// A code waits this long.
const CODE_LIFE: SignedDuration = SignedDuration::from_mins(10);
/// A token straight from the dialog lasts this long.
const SHORT_LIFE: SignedDuration = SignedDuration::from_hours(2);
/// About sixty days: <https://developers.facebook.com/docs/facebook-login/guides/access-tokens/get-long-lived/>.
const LONG_LIFE: SignedDuration = SignedDuration::from_secs(5_184_000);

/// What a person agreed to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::rehearsal) struct Consent {
    pub(in crate::rehearsal) granted: Vec<String>,
    pub(in crate::rehearsal) declined: Vec<String>,
    /// The Pages that they let in.
    pub(in crate::rehearsal) pages: Vec<String>,
    /// What they may do there.
    pub(in crate::rehearsal) tasks: Vec<String>,
    /// The Pages belong to a business: the person's own list is empty.
    pub(in crate::rehearsal) through_business: bool,
}

impl Consent {
    pub(in crate::rehearsal) fn may(&self, scope: &str) -> bool {
        self.granted.iter().any(|granted| granted == scope)
    }
}

/// Whom a token speaks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::rehearsal) enum Kind {
    Person { long: bool },
    Page(String),
}

/// A token that is alive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::rehearsal) struct Held {
    pub(in crate::rehearsal) kind: Kind,
    pub(in crate::rehearsal) consent: Consent,
    /// `None`: never.
    pub(in crate::rehearsal) expires: Option<Timestamp>,
    /// When what the person granted ends. `None`: never.
    pub(in crate::rehearsal) data_access_ends: Option<Timestamp>,
}

struct Code {
    redirect: String,
    consent: Consent,
    issued: Timestamp,
    used: bool,
}

/// Everything that was given out.
#[derive(Default)]
pub(in crate::rehearsal) struct Logins {
    /// Where the dialog may lead back to.
    pub(in crate::rehearsal) redirects: Vec<String>,
    pub(in crate::rehearsal) switches: Switches,
    codes: BTreeMap<String, Code>,
    tokens: BTreeMap<String, Held>,
}

impl Logins {
    /// A code for what was agreed to, good for one exchange.
    pub(super) fn agree(&mut self, consent: Consent, redirect: &str, now: Timestamp) -> String {
        let code = format!("AQRehearsal{:08}", self.codes.len() + 1);
        let content = Code {
            redirect: redirect.to_owned(),
            consent,
            issued: now,
            used: false,
        };
        self.codes.insert(code.clone(), content);
        code
    }

    /// A short-lived token for a code, with its seconds.
    pub(super) fn redeem(
        &mut self,
        code: &str,
        redirect: &str,
        now: Timestamp,
    ) -> Result<(String, i64), Fault<'static>> {
        let known = self.codes.get_mut(code).ok_or(BAD_CODE)?;
        if known.redirect != redirect {
            return Err(CODE_MISMATCH);
        }
        if known.used {
            return Err(CODE_USED);
        }
        if now.duration_since(known.issued) > CODE_LIFE {
            return Err(CODE_EXPIRED);
        }
        known.used = true;
        let consent = known.consent.clone();
        Ok(self.person(consent, false, SHORT_LIFE, now))
    }

    /// A long-lived token for a short-lived one that is still alive.
    pub(super) fn lengthen(&mut self, short: &str, now: Timestamp) -> Option<(String, i64)> {
        let held = self.held(short, now).ok()?;
        match held.kind {
            Kind::Person { .. } => Some(self.person(held.consent, true, LONG_LIFE, now)),
            Kind::Page(_) => None,
        }
    }

    fn person(
        &mut self,
        consent: Consent,
        long: bool,
        life: SignedDuration,
        now: Timestamp,
    ) -> (String, i64) {
        let held = Held {
            kind: Kind::Person { long },
            consent,
            expires: now.checked_add(life).ok(),
            data_access_ends: None,
        };
        (self.give_out(held), life.as_secs())
    }

    /// The token of a Page. From a long-lived token it never ends; from a short-lived one it ends
    /// when that one does, and nothing in it says so.
    pub(super) fn page_token(&mut self, of: &str, page: &str, now: Timestamp) -> Option<String> {
        let person = self.held(of, now).ok()?;
        let expires = match person.kind {
            Kind::Person { long: true } => None,
            Kind::Person { long: false } => person.expires,
            Kind::Page(_) => return None,
        };
        let held = Held {
            kind: Kind::Page(page.to_owned()),
            consent: person.consent,
            expires,
            data_access_ends: None,
        };
        Some(self.give_out(held))
    }

    fn give_out(&mut self, held: Held) -> String {
        let token = format!("{TOKENS_START}{:08}", self.tokens.len() + 1);
        self.tokens.insert(token.clone(), held);
        token
    }

    /// The token, if it was given out here and is alive.
    pub(in crate::rehearsal) fn held(
        &self,
        token: &str,
        now: Timestamp,
    ) -> Result<Held, Fault<'static>> {
        let held = self.tokens.get(token).ok_or(BAD_TOKEN)?;
        match held.expires {
            Some(expires) if expires <= now => Err(EXPIRED_TOKEN),
            _ => Ok(held.clone()),
        }
    }
}
