//! Which words belong together, so that no cut falls between them. Vietnamese writes a blank
//! between syllables, not between words: the words themselves stand in `pairs.txt`.

use std::collections::HashSet;
use std::sync::LazyLock;

static PAIRS: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    include_str!("pairs.txt")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .flat_map(|line| line.split(','))
        .map(str::trim)
        .filter(|pair| !pair.is_empty())
        .collect()
});
/// Words that say what the number behind them is.
const COUNTED: [&str; 12] = [
    "số", "ngày", "tháng", "năm", "quý", "khoản", "điều", "khóa", "lúc", "hơn", "gần", "khoảng",
];

/// Whether the two are the syllables of one word.
pub(super) fn is_word(one: &str, other: &str) -> bool {
    PAIRS.contains(format!("{} {}", one.to_lowercase(), other.to_lowercase()).as_str())
}

/// Whether a cut between the two words would tear something: a word of two syllables, a name, a
/// number and what is counted.
pub(super) fn belong_together(before: &str, after: &str) -> bool {
    if before.ends_with([',', ';', ':', '!', '?', '…', '”', ')']) {
        return false;
    }
    let starts = |word: &str, kind: fn(char) -> bool| word.chars().next().is_some_and(kind);
    let lower = before.to_lowercase();
    let after_word = after.trim_end_matches(|letter: char| !letter.is_alphanumeric());
    let pair = format!("{lower} {}", after_word.to_lowercase());
    let names = starts(before, char::is_uppercase) && starts(after, char::is_uppercase);
    let counted = COUNTED.contains(&lower.as_str()) && starts(after, char::is_numeric);
    let measured = before.ends_with(|letter: char| letter.is_ascii_digit())
        && starts(after, char::is_lowercase);
    PAIRS.contains(pair.as_str()) || names || counted || measured
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
            ("nông", "dân"),
            ("Nông", "dân,"),
            ("Cần", "Đước"),
            ("số", "05-CT/TW"),
            ("350", "triệu"),
        ] {
            assert!(belong_together(before, after), "{before} {after}");
        }
        for (before, after) in [("dân", "xã"), ("Đước,", "Long"), ("và", "Cần")] {
            assert!(!belong_together(before, after), "{before} {after}");
        }
    }
}
