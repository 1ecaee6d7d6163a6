//! Cuts a text where a careful editor would.

use unicode_segmentation::UnicodeSegmentation;

use super::brackets::Pairs;
use super::pairs;
use super::sentences::{ends, sentences};
use crate::markup::tidy;

/// A cut at a sentence is preferred while it leaves at least this share of the room used.
const SENTENCE_SHARE: f64 = 0.4;
/// A cut at a clause likewise.
const CLAUSE_SHARE: f64 = 0.5;

/// A few words are given up for a better cut while that leaves at least this share.
const WORDS_SHARE: f64 = 1.0 / 3.0;
/// So many words are given up at most for a better cut.
const STEPS_BACK_MAX: usize = 5;

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
    let tidied = tidy(text);
    let room = match limit {
        Limit::Sentences(most) => {
            let all = sentences(text);
            return all.get(..most.min(all.len())).unwrap_or_default().join(" ");
        }
        Limit::Words(0) => Some(0),
        Limit::Words(most) => {
            let mut places = tidied.match_indices(' ').map(|(at, _)| at);
            places.nth(most - 1)
        }
        Limit::Chars(most) => {
            let mut places = tidied.grapheme_indices(true).map(|(at, _)| at);
            places.nth(most)
        }
    };
    match room {
        Some(0) => String::new(),
        Some(room) => cut(&tidied, room),
        None => tidied,
    }
}

/// The text within its first `room` bytes.
fn cut(text: &str, room: usize) -> String {
    let pairs = Pairs::of(text);
    let fits = |at: usize, share: f64| {
        at <= room && at as f64 >= room as f64 * share && pairs.open_at(at).is_empty()
    };
    let sentence = ends(text)
        .into_iter()
        .rfind(|end| fits(*end, SENTENCE_SHARE));
    if let Some(end) = sentence {
        return text.get(..end).unwrap_or_default().to_owned();
    }
    let within = text.get(..room).unwrap_or_default();
    let clauses = within.rmatch_indices([',', ';', ':', '–']);
    let clause = clauses
        .map(|(at, _)| at)
        .find(|at| ends_clause(text, *at) && fits(*at, CLAUSE_SHARE));
    let end = clause.unwrap_or_else(|| between_words(text, room).len());
    ended(text, &pairs, end, room)
}

/// `52,5%`, `7:30` and `https://` have no blank behind their sign, and the dash in `Bến Lức – Long Thành`
/// stands within a name.
fn ends_clause(text: &str, at: usize) -> bool {
    let (before, rest) = text.split_at_checked(at).unwrap_or((text, ""));
    let mut rest = rest.chars();
    let dash = rest.next() == Some('–');
    let last_word = before.trim_end().rsplit(' ').next().unwrap_or_default();
    let behind = rest.as_str();
    let names = last_word.starts_with(char::is_uppercase)
        && behind.trim_start().starts_with(char::is_uppercase);
    behind.starts_with(' ') && !(dash && names)
}

/// As many whole words as fit, and not half of what belongs together if a better cut is near;
/// where not even one word fits, whole letters.
fn between_words(text: &str, room: usize) -> &str {
    let within = text.get(..room).unwrap_or_default();
    let fits = text.get(room..).is_some_and(|rest| rest.starts_with(' '));
    let places = within.match_indices(' ').map(|(at, _)| at).rev();
    let mut places = fits.then_some(room).into_iter().chain(places);
    let Some(last) = places.next() else {
        return within;
    };
    let near = std::iter::once(last).chain(places.take(STEPS_BACK_MAX));
    let best = near
        .filter(|at| *at as f64 >= room as f64 * WORDS_SHARE)
        .find(|at| {
            let (before, after) = text.split_at(*at);
            let before = before.rsplit(' ').next().unwrap_or_default();
            !pairs::belong_together(before, after.trim_start())
        });
    text.get(..best.unwrap_or(last)).unwrap_or_default()
}

/// The text up to `end` with one `…`, and with its quotes and brackets closed where there is room for
/// it.
fn ended(text: &str, pairs: &Pairs, end: usize, room: usize) -> String {
    let stem = text.get(..end).unwrap_or_default();
    let stem = stem.trim_end_matches(|letter: char| {
        letter.is_whitespace()
            || [',', ';', ':', '-', '–', '…', '.', '“', '«', '‘', '(', '['].contains(&letter)
    });
    let open = pairs.open_at(stem.len());
    let Some((first, _)) = open.first() else {
        return format!("{stem}…");
    };
    // Better to stop before the quotation than to lose most of the text with it.
    if *first as f64 >= room as f64 * SENTENCE_SHARE {
        return ended(text, pairs, *first, room);
    }
    let closers: String = open.iter().rev().map(|(_, closer)| closer).collect();
    match stem.rsplit_once(' ') {
        Some((shorter, _)) if stem.len() + closers.len() > room => {
            ended(text, pairs, shorter.len(), room)
        }
        _ => format!("{stem}…{closers}"),
    }
}
