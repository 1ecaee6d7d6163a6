//! Which entries of one poll are known. The rules, one by one:
//!
//! 1. A strong key that two entries of the poll share, although nothing else says that they are
//!    one article, is no key: one guid on all entries, all links leading to one notice.
//! 2. An entry that says what an earlier one of the same poll said is a repeat of it.
//! 3. A hit on a strong key means known.
//! 4. A hit on headline and lead alone means: another article, if the known one stands in the
//!    feed too; the known one, if the site was rebuilt; otherwise nobody can tell.
//! 5. Everything else is new.
//!
//! A site was rebuilt if most entries of the poll, and not just one or two, are known articles
//! under a guid or an address that is not.

use std::collections::{HashMap, HashSet};

use super::Key;
use crate::article::ArticleId;

/// Fewer known entries under new keys are corrections, or columns that come again.
const MOVED_MIN: usize = 3;

/// What the entries of one poll were recognised as.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recognised {
    /// Each of them, in the order of the entries.
    pub entries: Vec<Recognition>,
    /// How many known articles stand under new keys, if that means that the site was rebuilt.
    pub rebuilt: Option<usize>,
}

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
) -> Result<Recognised, E> {
    let hits = entries
        .iter()
        .map(|keys| Hit::of(keys, &mut lookup))
        .collect::<Result<Vec<_>, E>>()?;
    let standing: HashSet<&ArticleId> = hits.iter().filter_map(|hit| hit.strong.as_ref()).collect();
    let moved = hits.iter().filter(|hit| hit.moved).count();
    let rebuilt = moved >= MOVED_MIN && moved * 2 > entries.len();
    let mut seen: HashSet<&Key> = HashSet::new();
    let mut recognised = Vec::with_capacity(entries.len());
    for (keys, hit) in entries.iter().zip(&hits) {
        let repeats = keys.iter().any(|key| key.is_strong() && seen.contains(key));
        seen.extend(keys.iter().filter(|key| key.is_strong()));
        recognised.push(match (&hit.strong, &hit.weak) {
            (Some(id), _) => Recognition::Known(id.clone()),
            _ if repeats => Recognition::Repeat,
            (None, Some(twin)) if standing.contains(twin) => Recognition::New,
            (None, Some(twin)) if rebuilt => Recognition::Known(twin.clone()),
            (None, Some(twin)) => Recognition::Doubtful(twin.clone()),
            (None, None) => Recognition::New,
        });
    }
    Ok(Recognised {
        entries: recognised,
        rebuilt: rebuilt.then_some(moved),
    })
}

/// What the keys of one entry hit.
struct Hit {
    strong: Option<ArticleId>,
    weak: Option<ArticleId>,
    /// Something was hit, but the entry has a guid or an address that nobody knows.
    moved: bool,
}

impl Hit {
    fn of<E>(
        keys: &[Key],
        lookup: &mut impl FnMut(&Key) -> Result<Option<ArticleId>, E>,
    ) -> Result<Self, E> {
        let mut hit = Self {
            strong: None,
            weak: None,
            moved: false,
        };
        let mut renamed = false;
        for key in keys {
            let found = lookup(key)?;
            renamed |= found.is_none() && matches!(key, Key::Guid(..) | Key::Link(_));
            let place = match key.is_strong() {
                true => &mut hit.strong,
                false => &mut hit.weak,
            };
            *place = place.take().or(found);
        }
        hit.moved = renamed && (hit.strong.is_some() || hit.weak.is_some());
        Ok(hit)
    }
}
