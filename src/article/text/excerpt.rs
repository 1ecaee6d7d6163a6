//! Cuts a text where a careful editor would.

use unicode_segmentation::UnicodeSegmentation;

use super::pairs;
use super::sentences::{ends, sentences};
use crate::markup::tidy;

/// A cut at a sentence is preferred while it leaves at least this share of the room used.
const SENTENCE_SHARE: f64 = 0.4;
/// A cut at a clause likewise.
const CLAUSE_SHARE: f64 = 0.5;

/// So many words are given up at most for a better cut.
const STEPS_BACK_MAX: usize = 3;

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
        && unclosed(text, end).is_empty()
    {
        return text.get(..end).unwrap_or_default().to_owned();
    }
    let clause = within
        .rfind([',', ';', ':', '–'])
        .filter(|at| enough(*at, CLAUSE_SHARE) && !is_inside_number(text, *at));
    let stem = clause
        .map(|at| within.get(..at).unwrap_or_default())
        .filter(|stem| unclosed(text, stem.len()).is_empty())
        .unwrap_or_else(|| between_words(text, room));
    ended(text, stem.len(), room)
}

/// `52,5%`, `7:30`: no clause ends there.
fn is_inside_number(text: &str, at: usize) -> bool {
    let rest = text.get(at..).unwrap_or_default();
    rest.chars().nth(1).is_some_and(|next| next.is_numeric())
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
        .filter(|at| *at as f64 >= room as f64 * CLAUSE_SHARE)
        .find(|at| {
            let (before, after) = text.split_at(*at);
            let before = before.rsplit(' ').next().unwrap_or_default();
            let after = after.trim_start().split(' ').next().unwrap_or_default();
            !pairs::belong_together(before, after)
        });
    text.get(..best.unwrap_or(last)).unwrap_or_default()
}

/// The text up to `end` with one `…`, and with its quotes and brackets closed where there is room for
/// it.
fn ended(text: &str, end: usize, room: usize) -> String {
    let stem = text.get(..end).unwrap_or_default();
    let stem = stem.trim_end_matches(|letter: char| {
        letter.is_whitespace()
            || [',', ';', ':', '-', '–', '…', '.', '“', '«', '('].contains(&letter)
    });
    let open = unclosed(text, stem.len());
    let Some((first, _)) = open.first() else {
        return format!("{stem}…");
    };
    // Better to stop before the quotation than to lose most of the text with it.
    if *first as f64 >= room as f64 * SENTENCE_SHARE {
        return ended(text, *first, room);
    }
    let closers: String = open.iter().rev().map(|(_, closer)| closer).collect();
    let shorter = stem.len() + closers.len() <= room;
    let stem = match stem.rsplit_once(' ') {
        Some((stem, _)) if !shorter => stem,
        _ => stem,
    };
    format!("{}…{closers}", stem.trim_end_matches([',', ';', ':']))
}

/// The quotes and brackets that a text opens before `end` and does not close there: where, and by what
/// they are closed. A bracket that the whole text never closes is no pair's half.
fn unclosed(text: &str, end: usize) -> Vec<(usize, char)> {
    let (within, beyond) = text.split_at_checked(end).unwrap_or((text, ""));
    let mut open: Vec<(usize, char)> = Vec::new();
    for (at, letter) in within.char_indices() {
        match letter {
            '“' => open.push((at, '”')),
            '«' => open.push((at, '»')),
            '(' => open.push((at, ')')),
            '"' if open.last().is_none_or(|(_, closer)| *closer != '"') => open.push((at, '"')),
            '”' | '»' | '"' | ')' if open.last().is_some_and(|(_, closer)| *closer == letter) => {
                open.pop();
            }
            _ => {}
        }
    }
    open.retain(|(_, closer)| *closer != ')' || beyond.contains(')'));
    open
}
