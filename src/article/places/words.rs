//! A text as words, and what kinds of places there are.

use crate::article::text::matching_form;

/// What stands in front of a place's name, and how it is shortened.
const KINDS: [(&str, &str); 12] = [
    ("tỉnh", ""),
    ("thành phố", "tp"),
    ("quận", "q"),
    ("huyện", "h"),
    ("thị xã", "tx"),
    ("thị trấn", "tt"),
    ("phường", "p"),
    ("xã", "x"),
    ("đặc khu", ""),
    ("khu phố", "kp"),
    ("ấp", ""),
    ("thôn", ""),
];
/// Kinds of places that others lie within.
const CONTAINERS: [&str; 5] = ["tỉnh", "thành phố", "quận", "huyện", "thị xã"];

/// One word of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Word {
    /// As it compares.
    pub(super) form: String,
    /// It begins with a capital or is a number.
    pub(super) is_name: bool,
    /// The signs and blanks in front of it.
    gap: String,
}

/// The words of a text.
pub(super) fn words(text: &str) -> Vec<Word> {
    let mut words = Vec::new();
    let mut gap = String::new();
    let mut word = String::new();
    for letter in crate::markup::tidy(text).chars().chain([' ']) {
        if letter.is_alphanumeric() {
            word.push(letter);
            continue;
        }
        if !word.is_empty() {
            words.push(Word {
                form: form(&word),
                is_name: !word.starts_with(char::is_lowercase),
                gap: std::mem::take(&mut gap),
            });
            word.clear();
        }
        gap.push(letter);
    }
    words
}

/// `Đăk` is an older way to write `Đắk`: Vietnamese has no level tone in front of a `k`.
fn form(word: &str) -> String {
    let form = matching_form(word);
    match form.strip_suffix("ăk") {
        Some(begin) => format!("{begin}ắk"),
        None => form,
    }
}

/// A phrase as it is known: its kind in full, and a single blank between two words.
pub(super) fn key(phrase: &str) -> String {
    let words = words(phrase);
    match kind(&words) {
        Some((kind, rest)) => format!("{kind} {}", joined(rest)),
        None => joined(&words),
    }
}

pub(super) fn joined(words: &[Word]) -> String {
    let forms: Vec<&str> = words.iter().map(|word| word.form.as_str()).collect();
    forms.join(" ")
}

/// The kind of place that words begin with, and the words behind it: `huyện Cần Đước`, `H. Cần Đước`.
pub(super) fn kind(words: &[Word]) -> Option<(&'static str, &[Word])> {
    KINDS.iter().find_map(|(kind, short)| {
        let in_full = kind.split(' ').count();
        let begins = |length: usize, with: &str| {
            let (begin, rest) = words.split_at_checked(length)?;
            let name = rest.first()?;
            let goes_on = ["", ".", ":"].contains(&name.gap.trim_end());
            (joined(begin) == with && goes_on).then_some((name, rest))
        };
        let shortened = || {
            let (name, rest) = begins(1, short)?;
            // `h` and `x` alone stand for much else.
            let clear = short.len() > 1 || name.gap.starts_with('.');
            (clear && name.is_name).then_some(rest)
        };
        let rest = begins(in_full, kind).map(|(_, rest)| rest);
        rest.or_else(shortened).map(|rest| (*kind, rest))
    })
}

/// Whether nothing but blanks and dashes stands in front of each of the words: they may be one name.
pub(super) fn are_together(words: &[Word]) -> bool {
    let is_part = |sign: char| [' ', '-', '–'].contains(&sign);
    words.iter().all(|word| word.gap.chars().all(is_part))
}

/// The words behind a comma, a semicolon or an `và`, where a list goes on.
pub(super) fn next_in_list(words: &[Word]) -> Option<&[Word]> {
    let first = words.first()?;
    match (first.form.as_str(), first.gap.trim_end()) {
        ("và", "" | ",") => words.get(1..),
        (_, "," | ";") => Some(words),
        _ => None,
    }
}

/// What a place lies within, as the words behind it say: `, huyện Dầu Tiếng`, `(huyện Cần Đước)`,
/// `thuộc tỉnh Bình Dương`.
pub(super) fn container(words: &[Word]) -> Option<(&'static str, &[Word])> {
    let first = words.first()?;
    let words = match first.form.as_str() {
        "thuộc" | "của" | "ở" | "cũ" => words.get(1..)?,
        _ => words,
    };
    let near = [" ", ", ", " (", " - ", " – "].contains(&words.first()?.gap.as_str());
    let (kind, name) = kind(words).filter(|_| near)?;
    let is_named = name.first().is_some_and(|word| word.is_name);
    (CONTAINERS.contains(&kind) && is_named).then_some((kind, name))
}
