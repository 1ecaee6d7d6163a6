//! Who wrote a text: lines that are nothing but its signature.

/// What stands in front of a name in a signature.
const LABELS: [&str; 16] = [
    "tác giả bài viết:",
    "tác giả:",
    "bài và ảnh:",
    "bài, ảnh:",
    "bài - ảnh:",
    "bài-ảnh:",
    "tin và ảnh:",
    "tin, ảnh:",
    "tin - ảnh:",
    "tin-ảnh:",
    "tin bài:",
    "tin, bài:",
    "bài viết:",
    "bài:",
    "tin:",
    "thực hiện:",
];
/// A name has no more words.
const WORDS_MAX: usize = 5;
/// A signature names no more people.
const NAMES_MAX: usize = 4;

/// The names in a line that is a signature; `None`: it is none.
pub fn signature(text: &str) -> Option<String> {
    let text = text.trim().trim_matches(['(', ')']).trim();
    let lower = text.to_lowercase();
    let label = LABELS.iter().find(|label| lower.starts_with(**label));
    let names = match label {
        // Lower-casing keeps the number of letters of Vietnamese, not of every script.
        Some(label) => text.chars().skip(label.chars().count()).collect::<String>(),
        None => text.to_owned(),
    };
    let names = names.trim();
    let all: Vec<&str> = names
        .split([',', '&', '/', '-', '–'])
        .flat_map(|part| part.split(" và "))
        .map(str::trim)
        .collect();
    let fits = all.len() <= NAMES_MAX && all.iter().all(|name| is_name(name, label.is_some()));
    fits.then(|| names.to_owned())
}

/// A few words, each with a capital. Behind a label, one word is enough.
fn is_name(text: &str, labelled: bool) -> bool {
    let words: Vec<&str> = text.split_whitespace().collect();
    let capital = |word: &&str| {
        word.chars().next().is_some_and(char::is_uppercase)
            && !text.ends_with('.')
            && word
                .chars()
                .all(|letter| letter.is_alphabetic() || letter == '.')
    };
    let fewest = if labelled { 1 } else { 2 };
    (fewest..=WORDS_MAX).contains(&words.len()) && words.iter().all(capital)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_names_people_and_a_sentence_does_not() {
        for (text, name) in [
            ("Huỳnh Hương", "Huỳnh Hương"),
            ("Bài, ảnh: Huỳnh Hương", "Huỳnh Hương"),
            ("Tác giả: CTV", "CTV"),
            ("(Tin và ảnh: Lê Đức - Mai An)", "Lê Đức - Mai An"),
        ] {
            assert_eq!(signature(text).as_deref(), Some(name), "{text}");
        }
        for text in [
            "Cần Đước vào mùa",
            "CTV",
            "Tin: mưa to ở Long Khê",
            "Ấp Bình Hòa.",
            "",
        ] {
            assert_eq!(signature(text), None, "{text}");
        }
    }
}
