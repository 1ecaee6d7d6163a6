//! Tells prose from what newsrooms put around it.

use std::borrow::Cow;

use super::signature::Signature;
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
const CREDITS: [&str; 8] = [
    "Ảnh:",
    "Ảnh :",
    "Ảnh minh họa:",
    "Ảnh minh hoạ:",
    "Nguồn ảnh:",
    "Đồ họa:",
    "Video:",
    "Clip:",
];
/// The same in brackets.
const BRACKETED_CREDITS: [&str; 4] = ["(Ảnh:", "(Ảnh :", "(ảnh:", "(Nguồn ảnh:"];
/// What follows the word in notes in brackets on what a picture shows: `(ảnh minh họa)`.
const NOTES: [&str; 12] = [
    "minh họa",
    "minh hoạ",
    "trên",
    "dưới",
    "trái",
    "phải",
    "tư liệu",
    "chụp",
    "cắt từ",
    "bìa",
    "giữa",
    "do ",
];
/// A source in brackets has no more words.
const BRACKETED_WORDS_MAX: usize = 5;
/// A source that is named without brackets has no more: `Theo Cổng Thông tin điện tử Chính phủ`.
const SOURCE_WORDS_MAX: usize = 8;
/// What sentences begin with that name a rule rather than a source.
const RULES: [&str; 12] = [
    "Nghị quyết",
    "Nghị định",
    "Quyết định",
    "Thông tư",
    "Luật",
    "Chỉ thị",
    "Kế hoạch",
    "Công văn",
    "Quy định",
    "Hiến pháp",
    "Bộ luật",
    "Điều",
];

/// One line as prose: without newsroom marks, end marks and credits. Empty when it is no prose.
pub fn clean(line: &str) -> String {
    let line = tidy(line);
    let text = without_mark(&line);
    let text = without_credit(text);
    let text = with_plain_end(without_note(&text));
    let signs = Signature::of(&text).is_some_and(|signature| signature.is_certain());
    if is_furniture(&text) || is_source(&text) || signs {
        return String::new();
    }
    text
}

/// `Cánh đồng vào mùa. Ảnh: CTV`; and `Cánh đồng (Ảnh: CTV) vào mùa.`, where it ends in its bracket.
fn without_credit(text: &str) -> Cow<'_, str> {
    if let Some((before, rest)) = BRACKETED_CREDITS
        .iter()
        .find_map(|credit| text.split_once(credit))
        && let Some((_, behind)) = rest.split_once(')')
        && !behind.trim().is_empty()
    {
        let blank = if before.is_empty() || behind.starts_with([',', '.', ';', ':']) {
            ""
        } else {
            " "
        };
        return format!("{}{blank}{}", before.trim_end(), behind.trim_start()).into();
    }
    let starts = CREDITS.iter().filter_map(|credit| text.rfind(credit));
    let start = starts.filter(|start| {
        let before = text.get(..*start).unwrap_or_default().trim_end();
        before.is_empty() || before.ends_with(['.', '!', '?', '…', ')', '-', '–', '|'])
    });
    let bracketed = BRACKETED_CREDITS
        .iter()
        .filter_map(|credit| text.find(credit));
    match start.chain(bracketed).min() {
        Some(start) => {
            let before = text.get(..start).unwrap_or_default();
            before.trim_end_matches([' ', '-', '–', '|']).into()
        }
        None => text.into(),
    }
}

/// `Tuyến đường mới (ảnh minh họa)`, `Đoàn khảo sát (ảnh trên)`; not `(ảnh hưởng của bão)`.
fn without_note(text: &str) -> &str {
    let Some((before, note)) = text.rsplit_once('(') else {
        return text;
    };
    let note = note.strip_suffix(')').unwrap_or_default().to_lowercase();
    let note = note.strip_prefix("ảnh").map(str::trim);
    match note
        .is_some_and(|note| NOTES.iter().any(|known| note.starts_with(known)) || note.is_empty())
    {
        true => before.trim_end(),
        false => text,
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
        let is_rule = RULES.iter().any(|rule| source.starts_with(rule));
        let is_name = source.starts_with(char::is_uppercase) && !source.contains(',');
        is_name && !is_rule && words <= SOURCE_WORDS_MAX
    });
    unended && (bracketed || named)
}
