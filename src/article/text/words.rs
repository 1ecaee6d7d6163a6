//! Words as they are tagged, compared and written into addresses.

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
    let plain = strip_marks(text).to_lowercase();
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
    for word in phrase.split(|letter: char| !letter.is_alphanumeric()) {
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
    for word in lower.split(' ') {
        if !folded.is_empty() {
            folded.push(' ');
        }
        folded.push_str(&with_new_tones(word));
    }
    folded
}

/// Whether two texts say the same, in the sense of [`matching_form`].
pub fn same_as_text(one: &str, other: &str) -> bool {
    matching_form(one) == matching_form(other)
}

/// `hòa` becomes `hoà`. Behind `q`, the `u` is part of the consonant, and `qúy` is a misspelling.
fn with_new_tones(word: &str) -> String {
    let mut word = word.to_owned();
    for (new, old) in TONE_PLACES {
        // Only at the end of a syllable: `toán` has one spelling.
        let Some(at) = word.rfind(old) else {
            continue;
        };
        let ends_there = word
            .get(at + old.len()..)
            .is_some_and(|rest| !rest.starts_with(char::is_alphabetic));
        let after_q = word.get(..at).is_some_and(|before| before.ends_with('q'));
        if ends_there && !after_q {
            word.replace_range(at..at + old.len(), new);
        }
    }
    word
}
