//! Makes a feed's bytes readable for a strict parser: decoded, without what is no XML. A clean
//! feed passes through uncopied. Pure.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

/// How far into a document its declaration may stand.
const DECLARATION_BYTES_MAX: usize = 1024;
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

/// The bytes as text: by their mark, else by whichever of the labels they are valid in.
pub(super) fn decode<'a>(bytes: &'a [u8], content_type: Option<&str>) -> Cow<'a, str> {
    if let Some((encoding, mark_bytes)) = Encoding::for_bom(bytes) {
        let content = bytes.get(mark_bytes..).unwrap_or_default();
        return encoding.decode_without_bom_handling(content).0;
    }
    if let Some(encoding) = wide(bytes) {
        return encoding.decode_without_bom_handling(bytes).0;
    }
    // Valid UTF-8 with letters beyond ASCII is UTF-8, whatever a label says.
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Cow::Borrowed(text);
    }
    let labelled = content_type
        .and_then(charset)
        .or_else(|| declared(bytes))
        .and_then(|label| Encoding::for_label(label.as_bytes()))
        .unwrap_or(UTF_8);
    labelled.decode_without_bom_handling(bytes).0
}

/// UTF-16 without a mark shows by its zeros.
fn wide(bytes: &[u8]) -> Option<&'static Encoding> {
    match bytes.get(..2)? {
        [b'<' | b'{', 0] => Some(UTF_16LE),
        [0, b'<' | b'{'] => Some(UTF_16BE),
        _ => None,
    }
}

fn charset(content_type: &str) -> Option<String> {
    let (_, label) = content_type.split_once("charset=")?;
    let label = label.split(';').next().unwrap_or(label);
    Some(label.trim().trim_matches(['"', '\'']).to_owned())
}

fn declared(bytes: &[u8]) -> Option<String> {
    let head = bytes.get(..bytes.len().min(DECLARATION_BYTES_MAX))?;
    let head = String::from_utf8_lossy(head);
    let (_, label) = head.split_once("encoding=")?;
    let mark = label
        .chars()
        .next()
        .filter(|mark| ['"', '\''].contains(mark))?;
    label.get(1..)?.split(mark).next().map(ToOwned::to_owned)
}

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

    #[test]
    fn bytes_that_are_valid_overrule_their_label() {
        let text = "<?xml version='1.0' encoding='windows-1258'?><rss>Cần Đước</rss>";
        assert_eq!(
            decode(text.as_bytes(), Some("text/xml; charset=iso-8859-1")),
            text
        );
        let labelled = b"<?xml version=\"1.0\" encoding=\"windows-1252\"?><rss>caf\xe9</rss>";
        assert!(decode(labelled, None).contains("café"));
        let wide: Vec<u8> = "<rss>Đ</rss>"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        assert_eq!(decode(&wide, None), "<rss>Đ</rss>");
    }
}
