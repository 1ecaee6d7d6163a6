//! Tells prose from what newsrooms put around it.

use crate::markup::{tidy, without_mark};

/// Lines that start so are the page's furniture, not the article's.
const FURNITURE: [&str; 12] = [
    "chia sẻ bài viết",
    "từ khóa",
    "từ khoá",
    "tags:",
    "quảng cáo",
    ">>",
    "xem thêm",
    "đọc thêm",
    "tin liên quan",
    "nguồn:",
    "theo dõi",
    "ý kiến bạn đọc",
];
/// Words with which a photo's credit begins.
const CREDITS: [&str; 4] = ["Ảnh:", "Ảnh :", "(Ảnh:", "Nguồn ảnh:"];
/// A line of so few words that is all names is its author's, or its source's.
const NAME_WORDS_MAX: usize = 5;

/// One line as prose: without newsroom marks, end marks and credits. Empty when it is no prose.
pub fn clean(line: &str) -> String {
    let line = tidy(line);
    let text = without_mark(&line);
    let text = without_note(without_credit(text));
    let text = with_plain_end(text);
    if is_furniture(&text) || is_source(&text) || is_names(&text) {
        return String::new();
    }
    text
}

/// `Cánh đồng vào mùa. Ảnh: CTV`.
fn without_credit(text: &str) -> &str {
    let starts = CREDITS.iter().filter_map(|credit| text.rfind(credit));
    let start = starts.filter(|start| {
        let before = text.get(..*start).unwrap_or_default().trim_end();
        before.is_empty()
            || before.ends_with(['.', '!', '?', '…', ')'])
            || text
                .get(*start..)
                .is_some_and(|credit| credit.starts_with('('))
    });
    match start.min() {
        Some(start) => text.get(..start).unwrap_or_default().trim_end(),
        None => text,
    }
}

/// `Tuyến đường mới (ảnh minh họa)`.
fn without_note(text: &str) -> &str {
    let Some(start) = text.rfind('(') else {
        return text;
    };
    let note = text.get(start..).unwrap_or_default().to_lowercase();
    if note.starts_with("(ảnh") && note.ends_with(')') {
        text.get(..start).unwrap_or_default().trim_end()
    } else {
        text
    }
}

/// `./.` ends official writing. In a post it is a full stop; after an ellipsis, nothing.
fn with_plain_end(text: &str) -> String {
    match text.strip_suffix("./.") {
        Some(rest) if rest.ends_with("..") => format!("{rest}."),
        Some(rest) if rest.ends_with('…') => rest.to_owned(),
        Some(rest) => format!("{rest}."),
        None => text.to_owned(),
    }
}

fn is_furniture(text: &str) -> bool {
    let lower = text.to_lowercase();
    FURNITURE.iter().any(|start| lower.starts_with(start))
}

/// `Theo TTXVN/Vietnam+`, `(TTXVN/Vietnam+)`: a source, and no sentence.
fn is_source(text: &str) -> bool {
    let unended = !text.ends_with(['.', '!', '?', '…']);
    let short = text.split_whitespace().count() <= NAME_WORDS_MAX;
    let bracketed = text.starts_with('(') && text.ends_with(')');
    unended && short && (text.starts_with("Theo ") || bracketed)
}

/// A few words, each with a capital, and no end: an author's line.
fn is_names(text: &str) -> bool {
    let words: Vec<&str> = text.split_whitespace().collect();
    let capital = |word: &&str| word.chars().next().is_some_and(char::is_uppercase);
    let letters = |word: &&str| {
        word.chars()
            .all(|letter| letter.is_alphabetic() || letter == '.')
    };
    (2..=NAME_WORDS_MAX).contains(&words.len())
        && !text.ends_with(['.', '!', '?', '…', ':'])
        && words.iter().all(|word| capital(word) && letters(word))
}
