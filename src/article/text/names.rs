//! Who is named in a credit, a source or a signature.

use super::pairs;
use crate::markup::{is_host, is_known_newsroom, is_newsroom};

/// A credit names no more words.
const WORDS_MAX: usize = 8;
/// A newsroom's name alone may have more: `Cổng Thông tin điện tử Chính phủ`.
const NEWSROOM_WORDS_MAX: usize = 9;
/// What stands between two names.
const JOINTS: [char; 11] = [',', ';', '/', '&', '-', '–', '|', '(', ')', '[', ']'];
/// What stands in small letters in the names of offices: `Công an xã Long Khê`.
const LEVELS: [&str; 10] = [
    "tỉnh",
    "huyện",
    "xã",
    "phường",
    "quận",
    "ấp",
    "thị",
    "trấn",
    "thành",
    "phố",
];

/// Whether a text is nothing but names of people, newsrooms and hosts: `Mai An - CTV`,
/// `Mai An (TTXVN)`, `Báo Long An`, `baolongan.vn`.
pub(super) fn are_names(text: &str) -> bool {
    let text = text.trim().trim_end_matches('.');
    is_newsrooms_name(text) || {
        let words = text.split_whitespace();
        let named: Vec<&str> = words.filter(|word| !is_host(word)).collect();
        let hosts = text.split_whitespace().count() > named.len();
        let named = named.join(" ");
        let names = || {
            let parts = named.split(JOINTS).flat_map(|part| part.split(" và "));
            let names = parts.map(|part| part.trim_matches([' ', '.', '+']));
            names.filter(|name| !name.is_empty())
        };
        let words: usize = names().map(|name| name.split(' ').count()).sum();
        let brackets = text.matches(['(', '[']).count();
        (words > 0 || hosts) && words <= WORDS_MAX && brackets <= 1 && names().all(is_name)
    }
}

/// `Báo Long An`, `Cổng Thông tin điện tử Chính phủ`: a name, and no sentence that begins with one.
fn is_newsrooms_name(text: &str) -> bool {
    let words = text.split_whitespace().count();
    is_newsroom(text) && words <= NEWSROOM_WORDS_MAX && !text.contains([',', ':', ';', '.'])
}

/// Every word has a capital, as in the names of people; in those of offices the second syllable of a
/// word has none: `Trung tâm Truyền thông`.
fn is_name(name: &str) -> bool {
    let is_capital = |word: &str| word.starts_with(char::is_uppercase);
    let words: Vec<&str> = name.split(' ').collect();
    let befores = std::iter::once("").chain(words.iter().copied());
    let mut parts = befores.zip(words.iter().copied());
    let is_part = |(before, word): (&str, &str)| {
        is_capital(word)
            || (!before.is_empty() && LEVELS.contains(&word))
            || (is_capital(before) && pairs::is_word(before, word))
    };
    is_known_newsroom(name) || parts.all(is_part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_people_offices_newsrooms_and_hosts_are_told_from_what_is_said() {
        for names in [
            "CTV",
            "Mai An - CTV",
            "Lê Đức, Mai An và Thu Hà.",
            "Mai An (TTXVN)",
            "TTXVN/Vietnam+",
            "Báo Long An",
            "Dân trí",
            "baolongan.vn",
            "https://baolongan.vn/a.html",
            "Đài Phát thanh và Truyền hình Long An",
            "Trang thông tin điện tử huyện Cần Đước",
            "Trung tâm Văn hóa huyện Cần Đước",
            "Ban Tuyên giáo Huyện ủy",
        ] {
            assert!(are_names(names), "{names}");
        }
        for said in [
            "",
            "một kỷ niệm",
            "Nông dân gặt lúa đêm",
            "Cận cảnh cầu Mỹ Lợi trong ngày thông xe.",
            "Bác làm theo lời Người",
            "Báo cáo của Sở Y tế",
            "Báo Long An, huyện sẽ khởi công cầu",
            "Lê Đức, Mai An, Thu Hà, Bùi Sơn, Hồ Lan",
        ] {
            assert!(!are_names(said), "{said}");
        }
    }
}
