//! Which words belong together, so that no cut falls between them. Vietnamese writes a blank
//! between syllables, not between words: the words themselves stand in `pairs.txt`.

use std::collections::HashSet;
use std::sync::LazyLock;

use super::abbreviations::is_short;

static PAIRS: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    include_str!("pairs.txt")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .flat_map(|line| line.split(','))
        .map(str::trim)
        .filter(|pair| !pair.is_empty())
        .collect()
});
/// What is counted or measured in, and words for large numbers: what stands in front of a number is
/// not named by it then.
const UNITS: [&str; 24] = [
    "%", "trăm", "nghìn", "ngàn", "triệu", "tỷ", "tỉ", "đồng", "vnd", "usd", "m", "m2", "m²", "m3",
    "mm", "cm", "km", "g", "kg", "tấn", "tạ", "lít", "ha", "độ",
];

/// They belong to any number behind them.
const NEARLY: [&str; 6] = ["hơn", "gần", "khoảng", "trên", "dưới", "chừng"];

/// Whether the two are the syllables of one word.
pub(super) fn is_word(one: &str, other: &str) -> bool {
    PAIRS.contains(format!("{} {}", one.to_lowercase(), other.to_lowercase()).as_str())
}

/// Whether a cut between a word and the text behind it would tear something: a word of two
/// syllables, a name, a number and what is counted or named by it.
pub(super) fn belong_together(before: &str, behind: &str) -> bool {
    if before.ends_with([',', ';', ':', '!', '?', '…', '”', ')']) {
        return false;
    }
    let mut words = behind.split(' ');
    let after = bare(words.next().unwrap_or_default());
    let next = bare(words.next().unwrap_or_default());
    // `Q. 1`, and a list's `2.`, which is not its last entry's end.
    let is_stopped = |word: &str| is_short(word) || (is_number(word) && !word.contains('.'));
    let shortened = before.strip_suffix('.').is_some_and(is_stopped);
    shortened
        || is_word(before, after)
        || is_name(before, after, next)
        || is_numbered(before, after, next)
        || is_counted(before, after)
}

/// `Cần | Đước`, `Bến Lức | – Long Thành`.
fn is_name(before: &str, after: &str, next: &str) -> bool {
    let is_capital = |word: &str| word.starts_with(char::is_uppercase);
    match (before, after) {
        ("-" | "–", _) => is_capital(after),
        (_, "-" | "–") => is_capital(before) && is_capital(next),
        _ => is_capital(before) && is_capital(after),
    }
}

/// `Quốc lộ | 50`, `hơn | 350`; not `tổng vốn | 350 triệu đồng`, which is said of something.
fn is_numbered(before: &str, after: &str, next: &str) -> bool {
    let figures = after.starts_with(|first: char| first.is_ascii_digit());
    let nearly = NEARLY.contains(&before.to_lowercase().as_str());
    figures && (nearly || (before.ends_with(char::is_alphabetic) && !is_measured(after, next)))
}

/// `350 | triệu`, `95 | %`, `5.000.000 | VND`.
fn is_counted(before: &str, after: &str) -> bool {
    let small = after.starts_with(char::is_lowercase) || after == "%";
    let abbreviates = (1..=4).contains(&after.chars().count());
    is_number(before) && (small || (abbreviates && after.chars().all(char::is_uppercase)))
}

/// Without the signs behind it, if it is more than a sign.
fn bare(word: &str) -> &str {
    let bare = word.trim_end_matches(|letter: char| !letter.is_alphanumeric() && letter != '%');
    if bare.is_empty() { word } else { bare }
}

fn is_number(word: &str) -> bool {
    let first = word.starts_with(|first: char| first.is_ascii_digit());
    first
        && word
            .chars()
            .all(|letter| letter.is_ascii_digit() || ".,".contains(letter))
}

/// `350 triệu`, `57km`, `52,5%` are said of something; `50` in `Quốc lộ 50` and `05-CT/TW` name it.
fn is_measured(number: &str, next: &str) -> bool {
    let unit =
        number.trim_start_matches(|letter: char| letter.is_ascii_digit() || ".,".contains(letter));
    let is_unit = |word: &str| {
        let unit = word.split('/').next().unwrap_or_default();
        UNITS.contains(&unit.to_lowercase().as_str())
    };
    is_unit(unit) || (unit.is_empty() && is_unit(next))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pair_is_one_of_two_syllables_in_lower_case() {
        assert!(PAIRS.len() > 250);
        for pair in PAIRS.iter() {
            assert_eq!(pair.split(' ').count(), 2, "{pair}");
            assert_eq!(*pair, pair.to_lowercase());
            assert_eq!(*pair, crate::markup::tidy(pair));
        }
    }

    #[test]
    fn words_names_and_numbers_stay_whole() {
        for (before, after) in [
            ("lộ", "50 đoạn"),
            ("ấp", "5"),
            ("95", "% và"),
            ("Lức", "– Long Thành"),
            ("–", "Long Thành"),
            ("5.000.000", "VND do"),
            ("Q.", "1 và"),
            ("số", "05-CT/TW"),
            ("lúc", "9h30"),
            ("hơn", "350 triệu"),
            ("nông", "dân"),
            ("Nông", "dân,"),
            ("Cần", "Đước"),
            ("350", "triệu"),
        ] {
            assert!(belong_together(before, after), "{before} {after}");
        }
        for (before, after) in [
            ("dân", "xã"),
            ("Đước,", "Long"),
            ("và", "Cần"),
            ("vốn", "350 triệu"),
            ("đạt", "52,5% và"),
            ("dài", "57km và"),
            ("chạy", "80 km/h"),
            ("–", "rồi cười"),
            ("9h30", "ngày"),
            ("nay.", "Xã"),
        ] {
            assert!(!belong_together(before, after), "{before} {after}");
        }
    }
}
