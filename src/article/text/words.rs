//! Words as they are tagged, compared and written into addresses.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;

use crate::markup::tidy;

/// Vowel pairs whose tone may stand on either letter: the new way, and the old.
const TONE_PLACES: [(&str, &str); 15] = [
    ("oà", "òa"),
    ("oá", "óa"),
    ("oả", "ỏa"),
    ("oã", "õa"),
    ("oạ", "ọa"),
    ("oè", "òe"),
    ("oé", "óe"),
    ("oẻ", "ỏe"),
    ("oẽ", "õe"),
    ("oẹ", "ọe"),
    ("uỳ", "ùy"),
    ("uý", "úy"),
    ("uỷ", "ủy"),
    ("uỹ", "ũy"),
    ("uỵ", "ụy"),
];

/// Composed letters; nothing else is changed.
pub fn nfc(text: &str) -> String {
    text.nfc().collect()
}

/// Without tone and letter marks: `Cần Đước` becomes `Can Duoc`.
pub fn strip_marks(text: &str) -> String {
    text.nfd()
        .filter(|letter| !unicode_normalization::char::is_combining_mark(*letter))
        .map(|letter| match letter {
            'Đ' | 'Ð' => 'D',
            'đ' | 'ð' => 'd',
            other => other,
        })
        .collect()
}

/// As it stands in an address: `Cần Đước: 1,8km` becomes `can-duoc-1-8km`.
pub fn slug(text: &str) -> String {
    let plain = strip_marks(&tidy(text)).to_lowercase();
    let words = plain.split(|letter: char| !letter.is_ascii_alphanumeric());
    words
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join("-")
}

/// A hashtag of a phrase, `#` included: `#CầnĐước35`. `None` when the phrase gives none; digits
/// alone are no tag on Facebook.
pub fn hashtag(phrase: &str, marks: bool) -> Option<String> {
    let phrase = tidy(phrase);
    let mut tag = String::from("#");
    // A raised `²` and a fraction are numbers to Unicode, and nothing that a tag may have.
    let belongs = |letter: char| letter.is_alphabetic() || letter.is_ascii_digit();
    for word in phrase.split(|letter| !belongs(letter)) {
        let mut letters = word.chars();
        tag.extend(letters.next().into_iter().flat_map(char::to_uppercase));
        tag.push_str(letters.as_str());
    }
    if !tag.chars().any(char::is_alphabetic) {
        return None;
    }
    Some(if marks { tag } else { strip_marks(&tag) })
}

/// The form in which texts compare: case, tone placement, normal form and blanks make no
/// difference.
pub fn matching_form(text: &str) -> String {
    let lower = tidy(text).to_lowercase();
    let mut folded = String::with_capacity(lower.len());
    for piece in lower.split_inclusive(|letter: char| !letter.is_alphabetic()) {
        let syllable = piece.trim_end_matches(|letter: char| !letter.is_alphabetic());
        folded.push_str(&with_new_tone(syllable));
        folded.push_str(piece.get(syllable.len()..).unwrap_or_default());
    }
    folded
}

/// Whether two texts say the same, in the sense of [`matching_form`].
pub fn same_as_text(one: &str, other: &str) -> bool {
    matching_form(one) == matching_form(other)
}

/// `hòa` becomes `hoà`; only at its end, as `toán` has one spelling. Behind `q`, the `u` is part of
/// the consonant, and `qúy` is a misspelling.
fn with_new_tone(syllable: &str) -> Cow<'_, str> {
    let found = TONE_PLACES.iter().find_map(|(new, old)| {
        let begin = syllable.strip_suffix(old)?;
        (!begin.ends_with('q')).then(|| format!("{begin}{new}").into())
    });
    found.unwrap_or(syllable.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_syllable_of_a_text_compares() {
        for (one, other) in [
            ("hòa-hòa", "hoà-hoà"),
            ("văn hóa/hóa học", "văn hoá/hoá học"),
            ("xã hội hóa,hóa đơn", "xã hội hoá,hoá đơn"),
        ] {
            assert!(same_as_text(one, other), "{one}");
        }
        assert!(!same_as_text("qùy", "quỳ"));
    }

    #[test]
    fn what_is_invisible_parts_no_word_of_an_address() {
        assert_eq!(slug("Cần Đư\u{ad}ớc, Đư\u{200b}ờng"), "can-duoc-duong");
        assert_eq!(hashtag("500m² đất", true).as_deref(), Some("#500mĐất"));
    }
}
