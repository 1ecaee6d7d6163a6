//! By what an article is recognised: a set of keys, because any single one of them changes or is
//! shared on some site. Pure.

mod address;
mod recognise;

use std::fmt;

use sha2::{Digest, Sha256};
use url::Url;

pub use self::address::canonical;
pub use self::recognise::{Recognised, Recognition, recognise_all, unique_in_poll};
use super::text::matching_form;
use super::{Article, ArticleId};

/// How many letters an article's name has: 40 bits, and short enough to type.
const NAME_CHARS: usize = 8;
/// Letters and digits that nobody confuses when reading them out.
const NAME_ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// One thing by which an article is recognised. Its text form is kept on disk for years.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Key {
    /// The feed's own id of it, on that feed. Another feed's means nothing here.
    Guid(String, String),
    /// Its address, without what does not matter.
    Link(String),
    /// The site and the number that its address carries: it survives a new headline in the slug.
    Number(String, String),
    /// Everything the entry says of itself: an entry that comes again word for word is no other.
    Whole(String),
    /// Headline and lead. Weak: a weekly column has both again.
    Text(String),
}

impl Key {
    /// Whether a hit on it alone means "known".
    pub fn is_strong(&self) -> bool {
        !matches!(self, Self::Text(_))
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Guid(feed, guid) => write!(f, "guid:{feed}:{guid}"),
            Self::Link(link) => write!(f, "link:{link}"),
            Self::Number(site, number) => write!(f, "number:{site}:{number}"),
            Self::Whole(hash) => write!(f, "whole:{hash}"),
            Self::Text(hash) => write!(f, "text:{hash}"),
        }
    }
}

/// The keys of an entry or article, as far as it has them. A headline alone is none.
pub fn keys_of(
    feed: &str,
    guid: Option<&str>,
    link: Option<&Url>,
    title: &str,
    lead: Option<&str>,
) -> Vec<Key> {
    let mut keys = Vec::with_capacity(5);
    let guid = guid.map(str::trim).filter(|guid| !guid.is_empty());
    keys.extend(guid.map(|guid| Key::Guid(feed.to_owned(), steady(guid))));
    if let Some(link) = link {
        keys.push(Key::Link(canonical(link)));
        keys.extend(address::number(link).map(|(site, number)| Key::Number(site, number)));
    }
    let (title, lead) = (
        matching_form(title),
        matching_form(lead.unwrap_or_default()),
    );
    if !title.is_empty() {
        let link = link.map(canonical).unwrap_or_default();
        let guid = guid.map(steady).unwrap_or_default();
        keys.push(Key::Whole(hash(&[feed, &guid, &link, &title, &lead])));
        if !lead.is_empty() {
            keys.push(Key::Text(hash(&[&title, &lead])));
        }
    }
    keys
}

impl Article {
    /// By what it is recognised.
    pub fn keys(&self) -> Vec<Key> {
        keys_of(
            &self.feed,
            self.guid.as_deref(),
            self.link.as_ref(),
            &self.title,
            self.lead.as_deref(),
        )
    }

    /// A fingerprint of headline and lead, letter for letter: another one is a correction.
    pub fn says(&self) -> String {
        hash(&[&self.title, self.lead.as_deref().unwrap_or_default()])
    }
}

/// A guid that is an address stays the same when the site moves to HTTPS or drops its `www`.
fn steady(guid: &str) -> String {
    match Url::parse(guid) {
        Ok(url) if matches!(url.scheme(), "http" | "https") => canonical(&url),
        _ => guid.to_owned(),
    }
}

fn hash(parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part.len().to_be_bytes());
        hash.update(part);
    }
    let digest = hash.finalize();
    digest
        .iter()
        .take(16)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// A name for an article with these keys that is not `taken` yet. The same keys give the same
/// name, so that a ledger made anew calls articles what they were called.
///
/// # Errors
/// Those of `taken`.
pub fn name<E>(
    keys: &[Key],
    mut taken: impl FnMut(&ArticleId) -> Result<bool, E>,
) -> Result<ArticleId, E> {
    let said: Vec<String> = keys.iter().map(ToString::to_string).collect();
    let mut number = 0_u64;
    loop {
        let mut hash = Sha256::new();
        hash.update(number.to_be_bytes());
        for key in &said {
            hash.update(key);
            hash.update([0]);
        }
        let letters = hash
            .finalize()
            .iter()
            .take(NAME_CHARS)
            .map(|byte| letter(*byte))
            .collect::<String>();
        let id = ArticleId::new(letters);
        if !taken(&id)? {
            return Ok(id);
        }
        number += 1;
    }
}

fn letter(byte: u8) -> char {
    char::from(NAME_ALPHABET[usize::from(byte % 32)])
}

#[cfg(test)]
mod tests;
