//! Makes a feed readable for a strict parser: without what is no XML. A clean feed passes through
//! uncopied. Pure.

mod literal;

use std::borrow::Cow;
use std::collections::HashMap;

use self::literal::{
    LITERAL, LITERAL_END, literal_text, sections_are_clean, with_literals_as_known, without_breaks,
};
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
const ROOTS: [&str; 3] = ["rss", "rdf", "feed"];
/// So much of a text shows whether it is a web page, in characters.
const PAGE_CHARS: usize = 20;
/// Elements of a web page in which a whole feed may stand.
const PAGE_HOLDERS: [&str; 4] = ["html", "head", "body", "pre"];
/// The attributes of an element are no longer, in bytes.
const VALUE_BYTES_MAX: usize = 16_384;

/// The document without what a strict parser stumbles over: junk around it, its own declaration
/// (it is decoded already), document types, control characters, loose ampersands and brackets,
/// names in the wrong case.
pub(super) fn repair(text: &str) -> Cow<'_, str> {
    let text = document(text);
    if is_clean(text) {
        return Cow::Borrowed(text);
    }
    let text = &*with_literals_as_known(text);
    let mut out = String::with_capacity(text.len() + 64);
    let mut entities = HashMap::new();
    let mut rest = text;
    while let Some(at) = rest.find(LITERAL) {
        let (markup, literal) = rest.split_at(at);
        repair_markup(markup, &mut out, &mut entities);
        let literal = literal.strip_prefix(LITERAL).unwrap_or(literal);
        let (content, after) = literal_text(literal, element_before(markup));
        out.push_str(LITERAL);
        let content = without_breaks(content, element_before(markup));
        out.extend(content.chars().filter(|letter| is_xml(*letter)));
        out.push_str(LITERAL_END);
        rest = after;
    }
    repair_markup(rest, &mut out, &mut entities);
    Cow::Owned(out)
}

/// The name of the element that a text ends inside, where it begins just there.
fn element_before(markup: &str) -> &str {
    let tag = markup.trim_end().strip_suffix('>').unwrap_or_default();
    let name = tag.rsplit_once('<').map_or("", |(_, name)| name);
    name_of(name)
}

/// From the root element on, to the end of it.
fn document(text: &str) -> &str {
    let start = tags(text).find(|(_, name)| is_root(name)).map(|(at, _)| at);
    let text = start.and_then(|start| text.get(start..)).unwrap_or(text);
    let end = text.rmatch_indices("</").find_map(|(at, _)| {
        let name = name_of(text.get(at + 2..)?);
        let behind = text.get(at + 2 + name.len()..)?;
        let end = behind.trim_start().strip_prefix('>')?;
        is_root(name).then_some(text.len() - end.len())
    });
    end.and_then(|end| text.get(..end)).unwrap_or(text)
}

/// Whether a text is a web page, though elements named like a feed's stand somewhere in it. A browser
/// that shows a feed, and saves what it shows, puts the feed right into its page.
pub(super) fn is_page(text: &str) -> bool {
    let start: String = text.trim_start().chars().take(PAGE_CHARS).collect();
    let start = start.to_lowercase();
    if !start.starts_with("<!doctype html") && !start.starts_with("<html") {
        return false;
    }
    if !text.contains("<item") && !text.contains("<entry") {
        return true;
    }
    let root = tags(text).find(|(_, name)| is_root(name));
    let before = root.and_then(|(at, _)| text.get(..at)).unwrap_or(text);
    let last = before
        .trim_end()
        .rsplit_once('<')
        .map_or("", |(_, last)| last);
    !PAGE_HOLDERS
        .iter()
        .any(|holder| holder.eq_ignore_ascii_case(name_of(last)))
}

fn is_root(name: &str) -> bool {
    let local = name.rsplit(':').next().unwrap_or(name);
    ROOTS.iter().any(|root| root.eq_ignore_ascii_case(local))
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
        && sections_are_clean(text)
}

/// Whether what stands behind a bracket makes it one of markup.
fn is_tag(rest: &str) -> bool {
    let name = rest.strip_prefix('/').unwrap_or(rest);
    rest.starts_with(['!', '?'])
        || (name.starts_with(|letter: char| letter.is_ascii_alphabetic() || letter == '_')
            && tag_bytes(rest).is_some())
}

/// How long a tag is behind its opening bracket, in bytes: up to the bracket that is in no value. One
/// whose quotes do not fit ends at its first bracket. `None`: it does not end before another begins.
pub(super) fn tag_bytes(rest: &str) -> Option<usize> {
    let mut quote = None;
    let mut before = ' ';
    for (at, letter) in rest.char_indices() {
        match (quote, letter) {
            (None, '>') => return Some(at + 1),
            (None, '<') => return None,
            (None, '"' | '\'') if before == '=' => quote = Some(letter),
            (Some(open), letter) if open == letter => quote = None,
            (Some(_), _) if at > VALUE_BYTES_MAX => break,
            _ => {}
        }
        if !letter.is_whitespace() {
            before = letter;
        }
    }
    let end = rest.find(['<', '>'])?;
    rest.get(end..)?.starts_with('>').then_some(end + 1)
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

pub(super) fn character(number: &str) -> Option<char> {
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
            // In capitals XML does not know them: `&AMP;`.
            let letters = letters.replace('&', "&amp;").replace('<', "&lt;");
            out.push_str(&letters);
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
    let is_character = !letter.is_control() && !matches!(letter, '\u{fffe}' | '\u{ffff}');
    is_character || matches!(letter, '\t' | '\n' | '\r') || ('\u{80}'..='\u{9f}').contains(&letter)
}

#[cfg(test)]
mod tests;
