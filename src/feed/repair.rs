//! Makes a feed readable for a strict parser: without what is no XML. A clean feed passes through
//! uncopied. Pure.

use std::borrow::Cow;

/// Names of entities that XML itself knows.
const XML_ENTITIES: [&str; 5] = ["amp", "lt", "gt", "quot", "apos"];
/// Names of HTML entities that feeds use without declaring them.
const HTML_ENTITIES: [(&str, &str); 14] = [
    ("nbsp", "\u{a0}"),
    ("hellip", "…"),
    ("ndash", "–"),
    ("mdash", "—"),
    ("lsquo", "‘"),
    ("rsquo", "’"),
    ("ldquo", "“"),
    ("rdquo", "”"),
    ("bull", "•"),
    ("middot", "·"),
    ("deg", "°"),
    ("laquo", "«"),
    ("raquo", "»"),
    ("copy", "©"),
];

/// The document without what a strict parser stumbles over: junk around it, its own declaration
/// (it is decoded already), document types, control characters, loose ampersands.
pub(super) fn repair(text: &str) -> Cow<'_, str> {
    let text = document(text);
    if is_clean(text) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 64);
    let mut rest = text;
    while let Some(at) = rest.find("<![CDATA[") {
        let (markup, literal) = rest.split_at(at);
        repair_markup(markup, &mut out);
        let end = literal.find("]]>").map_or(literal.len(), |end| end + 3);
        let (literal, after) = literal.split_at(end);
        out.extend(literal.chars().filter(|letter| is_xml(*letter)));
        rest = after;
    }
    repair_markup(rest, &mut out);
    Cow::Owned(out)
}

/// From the root element on, to the end of it.
fn document(text: &str) -> &str {
    let roots = ["<rss", "<RSS", "<rdf:RDF", "<feed", "<RDF"];
    let start = roots.iter().filter_map(|root| text.find(root)).min();
    let text = start.and_then(|start| text.get(start..)).unwrap_or(text);
    let ends = ["</rss>", "</RSS>", "</rdf:RDF>", "</feed>", "</RDF>"];
    let end = ends
        .iter()
        .filter_map(|end| Some(text.rfind(end)? + end.len()))
        .max();
    end.and_then(|end| text.get(..end)).unwrap_or(text)
}

fn is_clean(text: &str) -> bool {
    text.chars().all(is_xml) && ampersands(text).all(|rest| entity(rest).is_some_and(is_known))
}

fn ampersands(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices('&')
        .filter_map(|(at, _)| text.get(at + 1..))
}

/// The name of the entity that a text after an ampersand starts with.
fn entity(rest: &str) -> Option<&str> {
    let end = rest
        .char_indices()
        .take(12)
        .find(|(_, letter)| *letter == ';')?
        .0;
    rest.get(..end)
}

fn is_known(name: &str) -> bool {
    match name.strip_prefix('#') {
        Some(number) => character(number).is_some_and(is_xml),
        None => XML_ENTITIES.contains(&name),
    }
}

fn character(number: &str) -> Option<char> {
    let code = match number.strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16).ok()?,
        None => number.parse().ok()?,
    };
    char::from_u32(code)
}

fn repair_markup(markup: &str, out: &mut String) {
    let mut rest = markup;
    while let Some(at) = rest.find('&') {
        let (before, after) = rest.split_at(at);
        out.extend(before.chars().filter(|letter| is_xml(*letter)));
        let after = after.get(1..).unwrap_or_default();
        let name = entity(after);
        let html = name.and_then(|name| HTML_ENTITIES.iter().find(|(known, _)| *known == name));
        let skip = match (name, html) {
            (Some(name), _) if is_known(name) => {
                out.push('&');
                0
            }
            (Some(name), Some((_, letter))) => {
                out.push_str(letter);
                name.len() + 1
            }
            // A reference to a character that XML forbids.
            (Some(name), None) if name.starts_with('#') => name.len() + 1,
            _ => {
                out.push_str("&amp;");
                0
            }
        };
        rest = after.get(skip..).unwrap_or_default();
    }
    out.extend(rest.chars().filter(|letter| is_xml(*letter)));
}

/// Whether XML 1.0 allows the character.
fn is_xml(letter: char) -> bool {
    !letter.is_control()
        || matches!(letter, '\t' | '\n' | '\r')
        || ('\u{80}'..='\u{9f}').contains(&letter)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clean_feed_is_not_copied() {
        let clean = "<rss><item>A &amp; B &#7899;</item></rss>";
        assert!(matches!(repair(clean), Cow::Borrowed(text) if text == clean));
    }

    #[test]
    fn loose_ampersands_entities_and_control_characters_are_mended_outside_literal_text() {
        let broken = "junk<?xml version='1.0'?><rss>A & B&nbsp;C &unknown; \u{8}<![CDATA[a & b\u{8}]]>&#8;</rss> more";
        assert_eq!(
            repair(broken),
            "<rss>A &amp; B\u{a0}C &amp;unknown; <![CDATA[a & b]]></rss>"
        );
    }
}
