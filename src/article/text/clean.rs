//! Tells prose from what newsrooms put around it.

use super::signature::signature;
use crate::markup::{tidy, without_mark};

/// Lines that start so are the page's furniture, not the article's.
const FURNITURE: [&str; 13] = [
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
    "nguồn tin:",
    "theo dõi",
    "ý kiến bạn đọc",
];
/// Where newsrooms invite their readers to.
const CHANNELS: [&str; 7] = [
    "facebook", "fanpage", "google", "zalo", "youtube", "telegram", "tiktok",
];
/// What ends like a sentence and has so many words is one.
const SENTENCE_WORDS_MIN: usize = 8;
/// Words with which a photo's credit begins.
const CREDITS: [&str; 9] = [
    "Ảnh:",
    "Ảnh :",
    "(Ảnh:",
    "Ảnh minh họa:",
    "Ảnh minh hoạ:",
    "Nguồn ảnh:",
    "Đồ họa:",
    "Video:",
    "Clip:",
];
/// A source in brackets has no more words.
const BRACKETED_WORDS_MAX: usize = 5;
/// A source that is named without brackets has no more: `Theo Cổng Thông tin điện tử Chính phủ`.
const SOURCE_WORDS_MAX: usize = 8;

/// One line as prose: without newsroom marks, end marks and credits. Empty when it is no prose.
pub fn clean(line: &str) -> String {
    let line = tidy(line);
    let text = without_mark(&line);
    let text = without_note(without_credit(text));
    let text = with_plain_end(text);
    if is_furniture(&text) || is_source(&text) || signature(&text).is_some() {
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
            || before.ends_with(['.', '!', '?', '…', ')', '-', '–', '|'])
            || text
                .get(*start..)
                .is_some_and(|credit| credit.starts_with('('))
    });
    match start.min() {
        Some(start) => {
            let before = text.get(..start).unwrap_or_default();
            before.trim_end_matches([' ', '-', '–', '|'])
        }
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

/// A whole sentence that happens to begin so (`Theo dõi sát diễn biến mưa lũ, Chủ tịch …`) is prose,
/// unless it leads to the newsroom's channels.
fn is_furniture(text: &str) -> bool {
    let lower = text.to_lowercase();
    let words = text.split_whitespace().count();
    let sentence = text.ends_with(['.', '!', '?', '…', '”']) && words >= SENTENCE_WORDS_MIN;
    let invites = CHANNELS.iter().any(|channel| lower.contains(channel));
    FURNITURE.iter().any(|start| lower.starts_with(start)) && (!sentence || invites)
}

/// `Theo TTXVN/Vietnam+`, `(TTXVN/Vietnam+)`: a source, and no sentence.
fn is_source(text: &str) -> bool {
    let unended = !text.ends_with(['.', '!', '?', '…', ':']);
    let words = text.split_whitespace().count();
    let bracketed = text.starts_with('(') && text.ends_with(')') && words <= BRACKETED_WORDS_MAX;
    let named = text.strip_prefix("Theo ").is_some_and(|source| {
        source.starts_with(char::is_uppercase) && !source.contains(',') && words <= SOURCE_WORDS_MAX
    });
    unended && (bracketed || named)
}
