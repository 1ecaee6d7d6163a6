//! Which entries of one poll are known. The rules, one by one:
//!
//! 1. A strong key that two entries of the poll share, although nothing else says that they are
//!    one article, is no key: one guid on all entries, all links leading to one notice.
//! 2. An entry that says what an earlier one of the same poll said is a repeat of it.
//! 3. A hit on a strong key means known.
//! 4. A hit on headline and lead alone means: another article, if the known one stands in the
//!    feed too; the known one, if most of the poll is known by these alone, for then the site was
//!    rebuilt; otherwise nobody can tell.
//! 5. Everything else is new.

use std::collections::{HashMap, HashSet};

use super::Key;
use crate::article::ArticleId;

/// What an entry was recognised as.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Recognition {
    /// This article.
    Known(ArticleId),
    /// An article that was never seen.
    New,
    /// It reads like this article, and may be it or not: a person decides.
    Doubtful(ArticleId),
    /// An earlier entry of the same poll, once more.
    Repeat,
}

/// The keys of one poll's entries, without those that two different entries share.
pub fn unique_in_poll(entries: Vec<Vec<Key>>) -> Vec<Vec<Key>> {
    let mut holders: HashMap<&Key, Vec<usize>> = HashMap::new();
    for (place, keys) in entries.iter().enumerate() {
        for key in keys.iter().filter(|key| key.is_strong()) {
            holders.entry(key).or_default().push(place);
        }
    }
    let shared: HashSet<Key> = holders
        .into_iter()
        .filter(|(key, places)| {
            places.windows(2).any(|pair| match pair {
                [one, other] => !are_one(key, &entries[*one], &entries[*other]),
                _ => false,
            })
        })
        .map(|(key, _)| key.clone())
        .collect();
    entries
        .into_iter()
        .map(|keys| {
            keys.into_iter()
                .filter(|key| !shared.contains(key))
                .collect()
        })
        .collect()
}

/// Whether two entries that share `key` have something else in common that says so.
fn are_one(key: &Key, one: &[Key], other: &[Key]) -> bool {
    matches!(key, Key::Whole(_))
        || one
            .iter()
            .filter(|witness| is_independent(key, witness))
            .any(|witness| other.contains(witness))
}

/// An address and the number in it are one witness, not two; a guid that is the address, too.
fn is_independent(key: &Key, witness: &Key) -> bool {
    match (key, witness) {
        (_, Key::Text(_)) => true,
        (Key::Guid(_, guid), Key::Link(link)) | (Key::Link(link), Key::Guid(_, guid)) => {
            guid != link
        }
        (Key::Guid(_, guid), Key::Number(_, number))
        | (Key::Number(_, number), Key::Guid(_, guid)) => !guid.contains(number.as_str()),
        _ => false,
    }
}

/// Recognises the entries of one poll, in their order, by the rules above. `lookup` says which
/// article a key belongs to.
///
/// # Errors
/// Those of `lookup`: doubt means no.
pub fn recognise_all<E>(
    entries: &[Vec<Key>],
    mut lookup: impl FnMut(&Key) -> Result<Option<ArticleId>, E>,
) -> Result<Vec<Recognition>, E> {
    let mut strong = Vec::with_capacity(entries.len());
    let mut weak = Vec::with_capacity(entries.len());
    for keys in entries {
        strong.push(first_hit(
            keys.iter().filter(|key| key.is_strong()),
            &mut lookup,
        )?);
        weak.push(first_hit(
            keys.iter().filter(|key| !key.is_strong()),
            &mut lookup,
        )?);
    }
    let standing: HashSet<ArticleId> = strong.iter().flatten().cloned().collect();
    let both = strong.iter().zip(&weak);
    let by_text_alone = both
        .filter(|(strong, weak)| strong.is_none() && weak.is_some())
        .count();
    // One entry is no proof: it may be next week's column, alone in the feed.
    let rebuilt = by_text_alone > 1 && by_text_alone * 2 > entries.len();
    let mut seen: HashSet<&Key> = HashSet::new();
    let mut recognised = Vec::with_capacity(entries.len());
    for ((keys, strong), weak) in entries.iter().zip(strong).zip(weak) {
        let repeats = keys.iter().any(|key| key.is_strong() && seen.contains(key));
        seen.extend(keys.iter().filter(|key| key.is_strong()));
        recognised.push(match (strong, weak) {
            (Some(id), _) => Recognition::Known(id),
            _ if repeats => Recognition::Repeat,
            (None, Some(twin)) if standing.contains(&twin) => Recognition::New,
            (None, Some(twin)) if rebuilt => Recognition::Known(twin),
            (None, Some(twin)) => Recognition::Doubtful(twin),
            (None, None) => Recognition::New,
        });
    }
    Ok(recognised)
}

fn first_hit<'a, E>(
    keys: impl Iterator<Item = &'a Key>,
    lookup: &mut impl FnMut(&Key) -> Result<Option<ArticleId>, E>,
) -> Result<Option<ArticleId>, E> {
    for key in keys {
        if let Some(id) = lookup(key)? {
            return Ok(Some(id));
        }
    }
    Ok(None)
}
