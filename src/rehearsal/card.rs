//! One post as readers see it: text with its fold, pictures in Facebook's layouts, the card of a
//! link. Pure.

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::language::Language;

/// Facebook folds a text after about so many characters …
const FOLD_CHARS: usize = 477;
/// … or so many lines.
const FOLD_LINES: usize = 5;
/// Pictures that are shown; the others are counted.
const PICTURES_SHOWN: usize = 5;
/// How the cards look, in the page as in a file of its own.
pub(super) const STYLE: &str = include_str!("wall.css");

/// What the card of a link shows.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct LinkCard {
    /// The page's headline.
    pub title: String,
    /// Its description.
    pub description: Option<String>,
    /// Its picture.
    pub image: Option<String>,
}

/// A post to be shown.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Card<'a> {
    pub(super) page: &'a str,
    pub(super) when: String,
    pub(super) message: &'a str,
    pub(super) pictures: Vec<Picture<'a>>,
    pub(super) link: Option<&'a str>,
    pub(super) preview: Option<&'a LinkCard>,
    pub(super) language: Language,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Picture<'a> {
    pub(super) source: String,
    pub(super) alt: &'a str,
}

/// A preview as a page of its own: `report` is the document of `loa preview --json`.
pub fn preview(title: &str, page: &str, report: &Value, language: Language) -> String {
    let text = |value: &'_ Value| value.as_str().unwrap_or_default().to_owned();
    let list = |name: &str| {
        report
            .get(name)
            .and_then(Value::as_array)
            .cloned()
            .unwrap_or_default()
    };
    let alts: Vec<String> = list("alt_texts").iter().map(text).collect();
    let message = report
        .get("message")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let sources = list("images");
    let pictures = sources.iter().enumerate().map(|(place, source)| Picture {
        source: text(source),
        alt: alts.get(place).map_or("", String::as_str),
    });
    let pictures: Vec<Picture<'_>> = pictures.collect();
    let card = Card {
        page,
        message,
        link: report
            .get("link")
            .and_then(Value::as_str)
            .filter(|_| pictures.is_empty()),
        pictures,
        language,
        ..Card::default()
    };
    format!(
        "<!DOCTYPE html>\n<html lang=\"{}\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\"><title>{}</title>\
         <style>{STYLE}</style></head><body><main>{}</main></body></html>\n",
        language.code(),
        escaped(title),
        html(&card),
    )
}

/// The card as HTML.
pub(super) fn html(card: &Card<'_>) -> String {
    let initial = card
        .page
        .chars()
        .next()
        .unwrap_or('·')
        .to_uppercase()
        .to_string();
    let mut out = format!(
        "<article class=\"post\"><header><span class=\"avatar\" aria-hidden=\"true\">{}</span>\
         <div><strong>{}</strong><time>{}</time></div></header>",
        escaped(&initial),
        escaped(card.page),
        escaped(&card.when),
    );
    out.push_str(&message(card.message, card.language));
    if !card.pictures.is_empty() {
        out.push_str(&pictures(&card.pictures));
    } else if let Some(link) = card.link {
        out.push_str(&link_card(link, card.preview));
    }
    out.push_str("</article>");
    out
}

fn message(text: &str, language: Language) -> String {
    let (shown, folded) = fold(text);
    let mut out = format!("<div class=\"text\">{}", lines(shown));
    if !folded.is_empty() {
        let _ = write!(
            out,
            "<details><summary>{}</summary>{}</details>",
            language.say("rehearsal.more", &[]),
            lines(folded)
        );
    }
    out.push_str("</div>");
    out
}

/// What shows at once, and what is folded away.
fn fold(text: &str) -> (&str, &str) {
    let by_chars = text.char_indices().nth(FOLD_CHARS).map(|(at, _)| at);
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

/// Text with its line breaks, addresses as links, hashtags as they look.
fn lines(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 64);
    for (number, line) in text.split('\n').enumerate() {
        if number > 0 {
            out.push_str("<br>");
        }
        for (place, word) in line.split(' ').enumerate() {
            if place > 0 {
                out.push(' ');
            }
            let safe = escaped(word);
            if word.starts_with("http://") || word.starts_with("https://") {
                let _ = write!(out, "<a href=\"{safe}\" rel=\"noreferrer\">{safe}</a>");
            } else if word.len() > 1 && word.starts_with('#') {
                let _ = write!(out, "<span class=\"tag\">{safe}</span>");
            } else {
                out.push_str(&safe);
            }
        }
    }
    out
}

fn pictures(pictures: &[Picture<'_>]) -> String {
    let shown = pictures.len().min(PICTURES_SHOWN);
    let more = pictures.len() - shown;
    let mut out = format!("<div class=\"pictures n{shown}\">");
    for (place, picture) in pictures.iter().take(shown).enumerate() {
        let _ = write!(
            out,
            "<figure><img src=\"{}\" alt=\"{}\">",
            escaped(&picture.source),
            escaped(picture.alt)
        );
        if more > 0 && place + 1 == shown {
            let _ = write!(out, "<figcaption>+{more}</figcaption>");
        }
        out.push_str("</figure>");
    }
    out.push_str("</div>");
    out
}

fn link_card(link: &str, preview: Option<&LinkCard>) -> String {
    let host = url::Url::parse(link)
        .ok()
        .and_then(|url| Some(url.host_str()?.trim_start_matches("www.").to_uppercase()))
        .unwrap_or_default();
    let mut out = format!(
        "<a class=\"card\" href=\"{}\" rel=\"noreferrer\">",
        escaped(link)
    );
    if let Some(image) = preview.and_then(|preview| preview.image.as_deref()) {
        let _ = write!(out, "<img src=\"{}\" alt=\"\">", escaped(image));
    }
    let title = preview.map_or(link, |preview| preview.title.as_str());
    let _ = write!(
        out,
        "<span class=\"host\">{}</span><strong>{}</strong>",
        escaped(&host),
        escaped(title)
    );
    if let Some(description) = preview.and_then(|preview| preview.description.as_deref()) {
        let _ = write!(out, "<span class=\"about\">{}</span>", escaped(description));
    }
    out.push_str("</a>");
    out
}

/// Text that can stand anywhere in HTML.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn card(message: &str, pictures: usize) -> String {
        html(&Card {
            page: "Cần Đước 35",
            message,
            pictures: (0..pictures)
                .map(|number| Picture {
                    source: format!("/{number}"),
                    alt: "Cầu \"mới\"",
                })
                .collect(),
            ..Card::default()
        })
    }

    #[test]
    fn nothing_in_a_post_becomes_markup() {
        let shown = card("<script>alert(1)</script> https://a.example/?q=\"x", 1);
        assert!(!shown.contains("<script>") && !shown.contains("q=\"x"));
        assert!(shown.contains("alt=\"Cầu &quot;mới&quot;\""));
    }

    #[test]
    fn a_long_text_is_folded_between_words_and_a_short_one_is_not() {
        assert!(!card("Ngắn", 0).contains("<details>"));
        let (shown, folded) = fold_of(&"chữ ".repeat(200));
        assert!(shown.chars().count() <= FOLD_CHARS && !folded.is_empty());
        let (shown, folded) = fold_of("1\n2\n3\n4\n5\n6\n7");
        assert_eq!(
            (shown.as_str(), folded.as_str()),
            ("1\n2\n3\n4\n5", "\n6\n7")
        );
    }

    fn fold_of(text: &str) -> (String, String) {
        let (shown, folded) = fold(text);
        assert_eq!(format!("{shown}{folded}"), text);
        (shown.to_owned(), folded.to_owned())
    }

    #[test]
    fn pictures_stand_in_facebooks_layouts_and_the_surplus_is_counted() {
        for number in 1..=5 {
            let shown = card("", number);
            assert_eq!(shown.matches("<img").count(), number);
            assert!(shown.contains(&format!("pictures n{number}")));
        }
        let shown = card("", 8);
        assert_eq!(shown.matches("<img").count(), 5);
        assert!(shown.contains("<figcaption>+3</figcaption>"));
    }

    #[test]
    fn a_link_shows_its_card_only_where_there_are_no_pictures() {
        let preview = LinkCard {
            title: "Cầu mới".to_owned(),
            description: Some("Sáng nay".to_owned()),
            image: None,
        };
        let shown = html(&Card {
            link: Some("https://www.bao.example/1"),
            preview: Some(&preview),
            ..Card::default()
        });
        assert!(
            shown.contains("BAO.EXAMPLE")
                && shown.contains("Cầu mới")
                && shown.contains("Sáng nay")
        );
    }
}
