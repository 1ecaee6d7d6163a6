//! Whether words are Vietnamese, by how its syllables are built: a beginning, a nucleus, an end.
//! Knows nothing of meaning. Pure.

use unicode_normalization::UnicodeNormalization;

/// What a syllable may begin with beside nothing, longest first.
const BEGINNINGS: [&str; 27] = [
    "ngh", "ch", "gh", "gi", "kh", "ng", "nh", "ph", "qu", "th", "tr", "b", "c", "d", "đ", "g",
    "h", "k", "l", "m", "n", "p", "r", "s", "t", "v", "x",
];
/// Its vowels, without tones.
const NUCLEI: [&str; 59] = [
    "a", "ă", "â", "e", "ê", "i", "o", "ô", "ơ", "u", "ư", "y", "ai", "ao", "au", "ay", "âu", "ây",
    "eo", "êu", "ia", "iê", "iu", "iêu", "oa", "oă", "oe", "oi", "oo", "ôi", "ơi", "oai", "oao",
    "oay", "oeo", "ua", "uâ", "ue", "uê", "ui", "uô", "uơ", "uy", "uây", "uôi", "uya", "uyê",
    "uyu", "ưa", "ưi", "ươ", "ưu", "ươi", "ươu", "yê", "yêu", "uă", "uao", "uay",
];
/// What it may end with beside nothing.
const ENDS: [&str; 8] = ["c", "ch", "m", "n", "ng", "nh", "p", "t"];

/// The longest syllable without marks is `nghieng`, in bytes.
const BYTES_MAX: usize = 7;

/// The words of a text that go beyond ASCII: how many there are, and how many are syllables.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Words {
    pub(super) all: usize,
    pub(super) syllables: usize,
}

/// Counts the words that go beyond ASCII.
pub(super) fn count(text: &str) -> Words {
    let composed: String = text.nfc().collect();
    let words = composed.split(|letter: char| letter.is_ascii() && !letter.is_ascii_alphanumeric());
    let mut found = Words::default();
    for word in words {
        let word = word.trim_matches(|letter: char| !letter.is_alphabetic());
        if !word.is_ascii() {
            found.all += 1;
            found.syllables += usize::from(is_syllable(word));
        }
    }
    found
}

/// Whether a word is built like a Vietnamese syllable.
pub(super) fn is_syllable(word: &str) -> bool {
    let mut tones = 0;
    let is_tone = |letter: &char| {
        matches!(
            letter,
            '\u{300}' | '\u{301}' | '\u{303}' | '\u{309}' | '\u{323}'
        )
    };
    let letters: String = word
        .to_lowercase()
        .nfd()
        .filter(|letter| {
            tones += usize::from(is_tone(letter));
            !is_tone(letter)
        })
        .nfc()
        .collect();
    let beginnings = BEGINNINGS
        .iter()
        .filter_map(|beginning| letters.strip_prefix(beginning));
    tones <= 1 && beginnings.chain([letters.as_str()]).any(is_rime)
}

/// Whether letters are the first ones of the syllables that a name without marks and blanks
/// consists of: `bla` of `baolongan`.
pub(super) fn are_initials(letters: &str, name: &str) -> bool {
    let Some(letter) = letters.chars().next() else {
        return name.is_empty();
    };
    let others = letters.get(letter.len_utf8()..).unwrap_or_default();
    name.starts_with(letter)
        && (1..=BYTES_MAX.min(name.len())).any(|length| {
            let split = name.split_at_checked(length);
            split.is_some_and(|(own, rest)| is_bare_syllable(own) && are_initials(others, rest))
        })
}

/// Whether a word is a syllable without its marks.
fn is_bare_syllable(word: &str) -> bool {
    let beginnings = BEGINNINGS
        .iter()
        .filter_map(|beginning| word.strip_prefix(beginning));
    beginnings.chain([word]).any(|rime| {
        NUCLEI.iter().any(|nucleus| {
            let bare: String = nucleus.nfd().filter(char::is_ascii).collect();
            let end = rime.strip_prefix(bare.as_str());
            end.is_some_and(|end| end.is_empty() || ENDS.contains(&end))
        })
    })
}

fn is_rime(rime: &str) -> bool {
    NUCLEI.iter().any(|nucleus| {
        let end = rime.strip_prefix(nucleus);
        end.is_some_and(|end| end.is_empty() || ENDS.contains(&end))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn syllables_are_told_from_other_words() {
        let own = "Đước nghiêng giữa gìn quý khuỷu thuở quyết nguệch Ấp ƯU ở yêu chuyển rượu khoẻ";
        for word in own.split(' ') {
            assert!(is_syllable(word), "{word}");
        }
        let other = "café où naître Müller año Düsseldorf crèche blåbær Đorđević ấấ";
        for word in other.split(' ').filter(|word| *word != "où") {
            assert!(!is_syllable(word), "{word}");
        }
    }

    #[test]
    fn initials_are_those_of_whole_syllables() {
        for (letters, name) in [
            ("bla", "baolongan"),
            ("tt", "tuoitre"),
            ("nld", "nguoilaodong"),
        ] {
            assert!(are_initials(letters, name), "{letters}");
        }
        for (letters, name) in [("cdc", "canduoc"), ("b", "baolongan")] {
            assert!(!are_initials(letters, name), "{letters}");
        }
    }
}
