//! Makes a feed readable for a strict parser: without what is no XML. A clean feed passes through
//! uncopied. Pure.

use std::borrow::Cow;
use std::collections::HashMap;

use crate::markup;

/// Names of entities that XML itself knows.
const XML_ENTITIES: [&str; 5] = ["amp", "lt", "gt", "quot", "apos"];
/// The longest name of an entity that is looked up, in bytes.
const ENTITY_BYTES_MAX: usize = 10;
/// Names of elements of RSS, which sites also write in other cases.
const ELEMENTS: [&str; 14] = [
    "rss",
    "channel",
    "item",
    "title",
    "link",
    "description",
    "guid",
    "pubDate",
    "lastBuildDate",
    "enclosure",
    "category",
    "author",
    "feed",
    "entry",
];
/// What opens and closes a feed, in lower case.
const ROOTS: [&str; 3] = ["rss", "rdf:rdf", "feed"];
const LITERAL: &str = "<![CDATA[";
const LITERAL_END: &str = "]]>";

/// The document without what a strict parser stumbles over: junk around it, its own declaration
/// (it is decoded already), document types, control characters, loose ampersands and brackets,
/// names in the wrong case.
pub(super) fn repair(text: &str) -> Cow<'_, str> {
    let text = document(text);
    if is_clean(text) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 64);
    let mut entities = HashMap::new();
    let mut rest = text;
    while let Some(at) = rest.find(LITERAL) {
        let (markup, literal) = rest.split_at(at);
        repair_markup(markup, &mut out, &mut entities);
        rest = repair_literal(literal, &mut out);
    }
    repair_markup(rest, &mut out, &mut entities);
    Cow::Owned(out)
}

/// Literal text up to its last end: one that is followed by another before the next beginning
/// stands in the text itself. Only code has it: the sentence around it is no prose and goes, where
/// it is one of several. What comes behind the literal text is returned.
fn repair_literal<'a>(literal: &'a str, out: &mut String) -> &'a str {
    out.push_str(LITERAL);
    let begin = out.len();
    let mut rest = literal.strip_prefix(LITERAL).unwrap_or(literal);
    loop {
        let Some((text, after)) = rest.split_once(LITERAL_END) else {
            out.extend(rest.chars().filter(|letter| is_xml(*letter)));
            return "";
        };
        out.extend(text.chars().filter(|letter| is_xml(*letter)));
        let next_end = after.find(LITERAL_END);
        let inside = next_end
            .and_then(|end| after.get(..end))
            .is_some_and(|between| !between.contains(LITERAL));
        if !inside {
            out.push_str(LITERAL_END);
            return after;
        }
        rest = after;
        if let Some(end) = out.get(begin..).and_then(|text| text.rfind(". ")) {
            out.truncate(begin + end + 1);
            let sentence = after.find(". ").map_or(usize::MAX, |end| end + 1);
            let literal = next_end.unwrap_or(after.len());
            rest = after.get(sentence.min(literal)..).unwrap_or_default();
        }
    }
}

/// From the root element on, to the end of it.
fn document(text: &str) -> &str {
    let start = tags(text).find(|(_, name)| is_root(name)).map(|(at, _)| at);
    let text = start.and_then(|start| text.get(start..)).unwrap_or(text);
    let end = text.rmatch_indices("</").find_map(|(at, _)| {
        let name = text.get(at + 2..)?.split_once('>')?.0;
        is_root(name.trim()).then_some(at + 3 + name.len())
    });
    end.and_then(|end| text.get(..end)).unwrap_or(text)
}

fn is_root(name: &str) -> bool {
    ROOTS.iter().any(|root| root.eq_ignore_ascii_case(name))
}

/// Where each bracket stands, with the name behind it.
fn tags(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.match_indices('<').map(|(at, _)| {
        let rest = text.get(at + 1..).unwrap_or_default();
        (at, name_of(rest))
    })
}

/// The name that a text begins with, of an element.
fn name_of(rest: &str) -> &str {
    let is_end = |letter: char| !(letter.is_ascii_alphanumeric() || ":_-.".contains(letter));
    rest.get(..rest.find(is_end).unwrap_or(rest.len()))
        .unwrap_or_default()
}

fn is_clean(text: &str) -> bool {
    text.chars().all(is_xml)
        && ampersands(text).all(|rest| entity(rest).is_some_and(is_known))
        && text.match_indices('<').all(|(at, _)| {
            let rest = text.get(at + 1..).unwrap_or_default();
            let name = rest.strip_prefix('/').unwrap_or(rest);
            is_tag(rest) && canonical(name_of(name)).is_none()
        })
        && text.matches(LITERAL).count() == text.matches(LITERAL_END).count()
}

/// Whether what stands behind a bracket makes it one of markup.
fn is_tag(rest: &str) -> bool {
    let name = rest.strip_prefix('/').unwrap_or(rest);
    if rest.starts_with(['!', '?']) {
        return true;
    }
    name.starts_with(|letter: char| letter.is_ascii_alphabetic() || letter == '_')
        && rest
            .find(['<', '>'])
            .is_some_and(|at| rest.get(at..).is_some_and(|end| end.starts_with('>')))
}

/// The right name of an element that is written in another case.
fn canonical(name: &str) -> Option<&'static str> {
    let known = ELEMENTS
        .iter()
        .find(|known| known.eq_ignore_ascii_case(name))?;
    (*known != name).then_some(known)
}

fn ampersands(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices('&')
        .filter_map(|(at, _)| text.get(at + 1..))
}

/// The name of the entity that a text after an ampersand starts with.
fn entity(rest: &str) -> Option<&str> {
    let end = rest
        .bytes()
        .take(ENTITY_BYTES_MAX)
        .position(|byte| byte == b';')?;
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

fn repair_markup(markup: &str, out: &mut String, entities: &mut HashMap<String, Option<String>>) {
    let mut rest = markup;
    while let Some(at) = rest.find(['&', '<']) {
        let (before, sign) = rest.split_at(at);
        out.extend(before.chars().filter(|letter| is_xml(*letter)));
        let after = sign.get(1..).unwrap_or_default();
        let skip = match sign.starts_with('<') {
            true => repair_bracket(after, out),
            false => repair_ampersand(after, out, entities),
        };
        rest = after.get(skip..).unwrap_or_default();
    }
    out.extend(rest.chars().filter(|letter| is_xml(*letter)));
}

/// How much of what stands behind the bracket has been written, in bytes.
fn repair_bracket(after: &str, out: &mut String) -> usize {
    if !is_tag(after) {
        out.push_str("&lt;");
        return 0;
    }
    out.push('<');
    let slash = usize::from(after.starts_with('/'));
    let name = name_of(after.get(slash..).unwrap_or_default());
    match canonical(name) {
        Some(right) => {
            out.push_str(after.get(..slash).unwrap_or_default());
            out.push_str(right);
            slash + name.len()
        }
        None => 0,
    }
}

/// How much of what stands behind the ampersand has been written, in bytes.
fn repair_ampersand(
    after: &str,
    out: &mut String,
    entities: &mut HashMap<String, Option<String>>,
) -> usize {
    let Some(name) = entity(after) else {
        out.push_str("&amp;");
        return 0;
    };
    if is_known(name) {
        out.push('&');
        return 0;
    }
    // A reference to a character that XML forbids.
    if name.starts_with('#') {
        return name.len() + 1;
    }
    if !name.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        out.push_str("&amp;");
        return 0;
    }
    let letters = entities
        .entry(name.to_owned())
        .or_insert_with(|| markup::entity(name));
    match letters {
        Some(letters) => {
            out.push_str(letters);
            name.len() + 1
        }
        None => {
            out.push_str("&amp;");
            0
        }
    }
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
    fn loose_brackets_and_names_in_the_wrong_case_are_mended() {
        assert_eq!(
            repair(
                "<RSS><Item><pubdate>1</pubdate><title>gia < 5, x<y &eacute;</title></Item></RSS>"
            ),
            "<rss><item><pubDate>1</pubDate><title>gia &lt; 5, x&lt;y é</title></item></rss>"
        );
    }

    #[test]
    fn literal_text_that_seems_to_end_early_is_kept_whole() {
        assert_eq!(
            repair("<rss><a><![CDATA[x ]]> y]]></a><b><![CDATA[z]]></b></rss>"),
            "<rss><a><![CDATA[x  y]]></a><b><![CDATA[z]]></b></rss>"
        );
        assert_eq!(
            repair("<rss><![CDATA[Prose. a[b[0]]]> c. More.]]></rss>"),
            "<rss><![CDATA[Prose. More.]]></rss>"
        );
    }
}
