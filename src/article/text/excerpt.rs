//! Cuts a text where a careful editor would.

use unicode_segmentation::UnicodeSegmentation;

use super::sentences::{ends, sentences};
use crate::markup::tidy;

/// A cut at a sentence is preferred while it leaves at least this share of the room used.
const SENTENCE_SHARE: f64 = 0.4;
/// A cut at a clause likewise.
const CLAUSE_SHARE: f64 = 0.5;

/// How long an excerpt may be, the `…` not counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    /// Characters as readers count them.
    Chars(usize),
    /// Words between blanks.
    Words(usize),
    /// Whole sentences.
    Sentences(usize),
}

/// The beginning of a text within the limit: whole sentences if that leaves enough, else up to a
/// clause, else up to a word, with one `…` where a sentence is cut. Quotes it opens, it closes.
pub fn excerpt(text: &str, limit: Limit) -> String {
    let text = tidy(text);
    match limit {
        Limit::Sentences(most) => {
            let all = sentences(&text);
            all.get(..most.min(all.len())).unwrap_or_default().join(" ")
        }
        Limit::Words(most) => {
            let mut places = text.match_indices(' ').map(|(at, _)| at);
            match most.checked_sub(1).and_then(|last| places.nth(last)) {
                Some(room) => cut(&text, room),
                None if most == 0 => String::new(),
                None => text,
            }
        }
        Limit::Chars(most) => match text.grapheme_indices(true).nth(most) {
            Some((room, _)) => cut(&text, room),
            None => text,
        },
    }
}

/// The text within its first `room` bytes.
fn cut(text: &str, room: usize) -> String {
    let within = text.get(..room).unwrap_or_default();
    let enough = |at: usize, share: f64| at as f64 >= room as f64 * share;
    if let Some(end) = ends(text).into_iter().rfind(|end| *end <= room)
        && enough(end, SENTENCE_SHARE)
        && is_balanced(text.get(..end).unwrap_or_default())
    {
        return text.get(..end).unwrap_or_default().to_owned();
    }
    let clause = within
        .rfind([',', ';', ':', '–'])
        .filter(|at| enough(*at, CLAUSE_SHARE));
    let word = whole_words(text, room);
    let stem = clause
        .map(|at| within.get(..at).unwrap_or_default())
        .filter(|stem| is_balanced(stem))
        .unwrap_or(word);
    ended(stem, room)
}

/// As many whole words as fit; where not even one does, whole letters.
fn whole_words(text: &str, room: usize) -> &str {
    let within = text.get(..room).unwrap_or_default();
    if text.get(room..).is_some_and(|rest| rest.starts_with(' ')) {
        return within;
    }
    within
        .rfind(' ')
        .and_then(|at| within.get(..at))
        .unwrap_or(within)
}

/// With one `…`, and with its quotes closed where there is room for it.
fn ended(stem: &str, room: usize) -> String {
    let stem = stem.trim_end_matches(|letter: char| {
        letter.is_whitespace() || [',', ';', ':', '-', '–', '…', '.', '“', '('].contains(&letter)
    });
    if is_balanced(stem) {
        return format!("{stem}…");
    }
    let open = stem.rfind('“').unwrap_or(0);
    let before = stem.get(..open).unwrap_or_default().trim_end();
    // Better to stop before the quotation than to lose most of the text with it.
    if open as f64 >= room as f64 * SENTENCE_SHARE {
        return ended(before, room);
    }
    let all_closed = "”".repeat(stem.matches('“').count() - stem.matches('”').count());
    let shorter = stem.len() + all_closed.len() <= room;
    let stem = if shorter {
        stem
    } else {
        stem.rsplit_once(' ').map_or(stem, |(stem, _)| stem)
    };
    format!("{}…{all_closed}", stem.trim_end_matches([',', ';', ':']))
}

fn is_balanced(text: &str) -> bool {
    text.matches('“').count() <= text.matches('”').count()
}
