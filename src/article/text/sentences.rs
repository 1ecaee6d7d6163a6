//! Where Vietnamese sentences end.

use super::abbreviations::{is_abbreviated, numbers_entry};
use crate::markup::tidy;

/// What may close behind the mark that ends a sentence.
const CLOSERS: [char; 7] = ['”', '"', '’', ')', ']', '»', '\''];
/// What may open before the first letter of a sentence.
const OPENERS: [char; 7] = ['“', '"', '‘', '(', '[', '«', '\''];
const DASHES: [char; 3] = ['-', '–', '—'];
/// Where a line ends: also as Unicode's line and paragraph separators.
const BREAKS: [char; 4] = ['\n', '\r', '\u{2028}', '\u{2029}'];
/// From here on Unicode has arrows, symbols and emoji, beside the letters of other scripts.
const FIRST_SYMBOL: char = '\u{2190}';

/// The sentences of a text, each with what ends it. The end of a paragraph ends one too.
pub fn sentences(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for line in text.split(BREAKS).map(tidy) {
        let mut start = 0;
        for end in ends(&line).into_iter().chain([line.len()]) {
            let sentence = line.get(start..end).unwrap_or_default().trim();
            if !sentence.is_empty() {
                found.push(sentence.to_owned());
            }
            start = end;
        }
    }
    found
}

/// The places right behind each sentence of a tidy line but the last.
pub(super) fn ends(line: &str) -> Vec<usize> {
    let mut ends = Vec::new();
    let mut start = 0;
    let mut letters = line.char_indices().peekable();
    while let Some((at, letter)) = letters.next() {
        if !is_mark(letter) {
            continue;
        }
        let mut end = at + letter.len_utf8();
        let mut marks = letter.to_string();
        while let Some((next, follower)) = letters.peek().copied() {
            if !(is_mark(follower) || CLOSERS.contains(&follower)) {
                break;
            }
            marks.push(follower);
            end = next + follower.len_utf8();
            letters.next();
        }
        let after = line.get(end..).unwrap_or_default();
        let begins = begins_sentence(after, &marks) || (answers(after) && line.starts_with(DASHES));
        let sentence = line.get(start..at).unwrap_or_default().trim_start();
        let stays = || numbers_entry(sentence) || is_abbreviated(sentence, after);
        if begins && !(marks == "." && stays()) {
            ends.push(end);
            start = end;
        }
    }
    ends
}

fn is_mark(letter: char) -> bool {
    matches!(letter, '.' | '!' | '?' | '…')
}

/// Whether what follows a mark reads like a new sentence.
fn begins_sentence(after: &str, marks: &str) -> bool {
    let Some(rest) = after.strip_prefix(' ') else {
        return false;
    };
    // `!” - ông Sáu nói.`: the speaker belongs to what was said.
    let quoted = marks.ends_with(CLOSERS);
    if quoted && rest.starts_with(DASHES) {
        return false;
    }
    let rest = rest.trim_start_matches(|letter| is_symbol(letter) || letter == ' ');
    let first = rest.trim_start_matches(OPENERS).chars().next();
    let opened = rest.starts_with(OPENERS);
    first.is_some_and(|letter| letter.is_uppercase() || letter.is_numeric() || opened)
}

/// `- Anh đi đâu? - Tôi đi chợ.`
fn answers(after: &str) -> bool {
    let said = after
        .strip_prefix(' ')
        .and_then(|rest| rest.strip_prefix(DASHES));
    said.is_some_and(|said| said.trim_start().starts_with(char::is_uppercase))
}

fn is_symbol(letter: char) -> bool {
    letter >= FIRST_SYMBOL && !letter.is_alphanumeric()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each `|` is where a sentence ends.
    fn assert_ends(marked: &str) {
        let text = marked.replace('|', " ");
        let wanted: Vec<&str> = marked.split('|').collect();
        assert_eq!(sentences(&text), wanted);
    }

    #[test]
    fn shortened_words_and_initials_end_nothing() {
        for marked in [
            "Các Th.S. Lê A và B.S. Trần Ba dự.|Dân mừng.",
            "GS.TSKH. Võ Tòng Xuân và NGƯT. Lê Tư dự.|Dân mừng.",
            "Ông N.V.A. (45 tuổi) bị tạm giữ.|Công an điều tra.",
            "Sách của J.K. Rowling và J. K. Jerome bán chạy.|Em nào cũng thích.",
            "Chủ tịch Hội Nông dân T.Ư. Lương Quốc Đoàn đến.|Dân mừng.",
            "Xem tr. 15, vd. Mỹ Lệ, ở tp. Tân An và các đ/c. Nam, Ba.|Dân mừng.",
            "Lễ ở X. Long Khê, giáp H. Cần Đước.|Dân mừng.",
            "TM. ỦY BAN NHÂN DÂN",
        ] {
            assert_ends(marked);
        }
        assert_eq!(sentences("NSU\u{31b}T. Ái Vân hát.").len(), 1, "decomposed");
    }

    #[test]
    fn a_letter_that_says_of_which_kind_something_is_may_end_a_sentence() {
        for marked in [
            "Ông mắc viêm gan B.|Nay ông khỏe.",
            "Huyện chọn phương án B.|Theo đó, cầu dài 350m.",
            "Công an bắt ông T. Theo lời khai, ông đã bán lúa.",
            "Giá 35 tr.|Ai cũng mua.",
        ] {
            assert_ends(marked);
        }
    }

    #[test]
    fn the_numbers_of_a_list_belong_to_its_entries() {
        for marked in [
            "1. Khởi công cầu.|2. Thông xe đường.|3. Trồng cây.",
            "Hồ sơ gồm: 1. Đơn; 2. Bản sao; 3. Ảnh.|Nộp tại UBND xã.",
            "III. Tổ chức thực hiện",
            "1.1. Mục tiêu chung.|1.2. Mục tiêu cụ thể.",
            "Tuyến Quốc lộ 1.|Xe tải bị cấm.",
            "Điện thoại: 0272.3.881.213.|Hộp thư: abc@gmail.com.",
        ] {
            assert_ends(marked);
        }
    }

    #[test]
    fn lines_answers_and_emoji_part_sentences() {
        let wanted = ["Kết quả đạt được", "Xã có 5 ấp.", "Dân mừng."];
        assert_eq!(
            sentences("Kết quả đạt được\r\n\r\nXã có 5 ấp.\u{a0}Dân\tmừng."),
            wanted
        );
        assert_ends("- Anh đi đâu?|- Tôi đi chợ.|- Chợ nào?");
        assert_ends("Chúc mừng!|🎉 Cả nhà vui.");
        assert_ends("“Mưa to quá.” — Bà Tư kể.|Ai cũng lo.");
    }
}
