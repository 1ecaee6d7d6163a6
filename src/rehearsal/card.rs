//! One post as readers see it: text with its fold, pictures in Facebook's layouts, the card of a
//! link. Pure.

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::language::Language;
use crate::post::lint;

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

/// A preview as a page of its own: `report` is the document of `loa preview --json`, `when` the
/// time that the post is to show.
pub fn preview(title: &str, when: &str, report: &Value, language: Language) -> String {
    let text = |name: &str| report.get(name).and_then(Value::as_str);
    let pictures = pictures_of(report);
    let preview = text("title").map(|title| LinkCard {
        title: title.to_owned(),
        description: text("lead").map(ToOwned::to_owned),
        image: None,
    });
    let card = Card {
        page: text("page").unwrap_or_default(),
        when: when.to_owned(),
        message: text("message").unwrap_or_default(),
        link: text("link").filter(|_| pictures.is_empty()),
        preview: preview.as_ref(),
        pictures,
        language,
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

/// The pictures of a report, each with what it shows.
fn pictures_of(report: &Value) -> Vec<Picture<'_>> {
    let texts = |name| {
        let list = report.get(name).and_then(Value::as_array);
        let values = list.map(Vec::as_slice).unwrap_or_default();
        values
            .iter()
            .map(|value| value.as_str().unwrap_or_default())
    };
    let alts = texts("alt_texts").chain(std::iter::repeat(""));
    let pictures = texts("images").zip(alts);
    let picture = |(source, alt): (&str, _)| Picture {
        source: source.to_owned(),
        alt,
    };
    pictures.map(picture).collect()
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
    let (shown, folded) = lint::fold(text);
    let mut out = format!("<div class=\"text\">{}", lines(shown));
    if !folded.is_empty() {
        let _ = write!(
            out,
            " <details><summary>{}</summary>{}</details>",
            language.say("rehearsal.more", &[]),
            lines(folded)
        );
    }
    out.push_str("</div>");
    out
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
    fn the_word_for_more_stands_apart_from_the_text() {
        assert!(!card("Ngắn", 0).contains("<details>"));
        let shown = card("1\n2\n3\n4\n5\n6", 0);
        assert!(
            shown.contains("5 <details><summary>… Xem thêm</summary>"),
            "{shown}"
        );
    }

    #[test]
    fn a_preview_shows_the_pages_name_the_time_and_the_articles_card() {
        let report = serde_json::json!({
            "page": "canduoc35", "message": "Tin", "images": [],
            "link": "https://bao.example/1", "title": "Cầu mới", "lead": "Sáng nay",
        });
        let shown = preview("Xem trước", "08:30 · 24/11/2026", &report, Language::Vi);
        for part in [
            "canduoc35",
            "08:30 · 24/11/2026",
            "Cầu mới",
            "Sáng nay",
            "BAO.EXAMPLE",
        ] {
            assert!(shown.contains(part), "{part}");
        }
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
