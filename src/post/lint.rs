//! The last look at a text before it goes out: what would look odd, and what must not happen.
//! Pure.

use unicode_segmentation::UnicodeSegmentation;

use crate::language::Language;

/// Facebook folds a text away behind "See more" after about so many characters …
const FOLD_CHARS: usize = 477;
/// … or so many lines.
const FOLD_LINES: usize = 5;

/// What an editor should know about a text.
pub fn warnings(message: &str, language: Language) -> Vec<String> {
    let chars = message.graphemes(true).count();
    let open = message.matches('“').count();
    let odd = [
        (message.trim().is_empty(), "lint.empty"),
        (!fold(message).1.is_empty(), "lint.folded"),
        (open != message.matches('”').count(), "lint.quotes"),
        (has_markup(message), "lint.markup"),
        (has_empty_tag(message), "lint.digits-tag"),
    ];
    let (chars, lines) = (chars.to_string(), message.lines().count().to_string());
    odd.into_iter()
        .filter(|(is_odd, _)| *is_odd)
        .map(|(_, key)| language.say(key, &[("chars", &chars), ("lines", &lines)]))
        .collect()
}

/// What of a text shows at once, and what Facebook folds away.
pub fn fold(text: &str) -> (&str, &str) {
    let by_chars = text
        .grapheme_indices(true)
        .nth(FOLD_CHARS)
        .map(|(at, _)| at);
    let by_lines = text
        .match_indices('\n')
        .nth(FOLD_LINES - 1)
        .map(|(at, _)| at);
    let Some(limit) = by_chars.into_iter().chain(by_lines).min() else {
        return (text, "");
    };
    // Between words, not within one.
    let head = text.get(..limit).unwrap_or(text);
    let at = match by_lines == Some(limit) {
        true => limit,
        false => head.rfind(char::is_whitespace).unwrap_or(limit),
    };
    text.split_at_checked(at).unwrap_or((text, ""))
}

fn has_markup(message: &str) -> bool {
    ["<p", "<br", "</", "<img", "&nbsp;", "&amp;"]
        .iter()
        .any(|markup| message.contains(markup))
}

/// Digits alone are no hashtag on Facebook.
fn has_empty_tag(message: &str) -> bool {
    message.split_whitespace().any(|word| {
        word.strip_prefix('#')
            .is_some_and(|tag| !tag.is_empty() && tag.chars().all(|letter| letter.is_ascii_digit()))
    })
}

/// `@[digits]` would mention that Page. An invisible joiner between the signs keeps it text.
pub fn neutralise_mentions(message: &str) -> String {
    message.replace("@[", "@\u{2060}[")
}

/// The text without trailing blanks and with at most one empty line in a row.
pub fn tidied(message: &str) -> String {
    let mut out = String::with_capacity(message.len());
    let mut empty_lines = 0;
    for line in message.trim().lines().map(str::trim_end) {
        empty_lines = if line.is_empty() { empty_lines + 1 } else { 0 };
        if empty_lines < 2 {
            out.push_str(line);
            out.push('\n');
        }
    }
    out.trim_end().to_owned()
}

/// The text within so many characters: a longer one is cut at a letter, with `…`.
pub fn fit(message: &str, chars_max: usize) -> String {
    match message.grapheme_indices(true).nth(chars_max) {
        None => message.to_owned(),
        Some(_) => {
            let room = message
                .grapheme_indices(true)
                .nth(chars_max.saturating_sub(1));
            let end = room.map_or(0, |(at, _)| at);
            format!("{}…", message.get(..end).unwrap_or_default().trim_end())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mention_becomes_text_and_reads_the_same() {
        let text = neutralise_mentions("Gọi @[123456] ngay");
        assert!(!text.contains("@["));
        assert_eq!(text.replace('\u{2060}', ""), "Gọi @[123456] ngay");
    }

    #[test]
    fn a_long_text_is_folded_between_words_or_lines_and_a_short_one_is_not() {
        assert_eq!(fold("Ngắn"), ("Ngắn", ""));
        assert_eq!(fold("1\n2\n3\n4\n5\n6\n7"), ("1\n2\n3\n4\n5", "\n6\n7"));
        let long = "chữ ".repeat(200);
        let (shown, folded) = fold(&long);
        assert!(shown.chars().count() <= FOLD_CHARS && shown.ends_with("chữ"));
        assert_eq!(format!("{shown}{folded}"), long);
        for text in [long.as_str(), "1\n2\n3\n4\n5\n6"] {
            let said = warnings(text, Language::En);
            assert!(
                said.iter().any(|said| said.contains("See more")),
                "{said:?}"
            );
        }
    }

    #[test]
    fn lines_are_tidied_and_long_texts_fitted() {
        assert_eq!(tidied("\n\na  \n\n\n\nb\n"), "a\n\nb");
        assert_eq!(fit("Cần Đước", 8), "Cần Đước");
        assert_eq!(fit("Cần Đước", 5), "Cần…");
    }

    #[test]
    fn a_good_text_is_passed_without_a_word_and_an_odd_one_with_reasons() {
        assert_eq!(
            warnings("Tin mới\n\n#CầnĐước", Language::Vi),
            Vec::<String>::new()
        );
        assert_eq!(warnings("“Mở <p>ra #35", Language::Vi).len(), 3);
        assert_eq!(warnings(" ", Language::En).len(), 1);
    }
}
