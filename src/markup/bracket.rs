//! Brackets: which of them open a tag, and which newsrooms write for other reasons. Pure.

use std::borrow::Cow;

use super::ENTITY_BYTES_MAX;

/// The names of HTML's elements, those of old times too.
/// Source: <https://html.spec.whatwg.org/multipage/indices.html#elements-3>
const TAGS: &str = "a abbr acronym address applet area article aside audio b base basefont bdi bdo \
    big blink blockquote body br button canvas caption center cite code col colgroup data datalist \
    dd del details dfn dialog dir div dl dt em embed fieldset figcaption figure font footer form \
    frame frameset h1 h2 h3 h4 h5 h6 head header hgroup hr html i iframe image img input ins kbd \
    label legend li link main map mark marquee menu meta meter nav nobr noframes noscript object \
    ol optgroup option output p param path picture pre progress q rp rt ruby s samp script search \
    section select small source span strike strong style sub summary sup svg table tbody td \
    template textarea tfoot th thead time title tr track tt u ul var video wbr xml";
/// Words in brackets are no longer, in bytes.
const QUOTED_BYTES_MAX: usize = 200;

/// Whether a text still has tags or entities in it, rather than loose signs.
pub(super) fn has_markup(text: &str) -> bool {
    let tag = after_each(text, '<').any(is_tag);
    let entity = after_each(text, '&').any(|rest| {
        let name = rest.strip_prefix('#').unwrap_or(rest);
        let mut bytes = name.bytes();
        let letters = bytes.by_ref().take(ENTITY_BYTES_MAX + 1);
        let letters = letters.take_while(u8::is_ascii_alphanumeric).count();
        (1..=ENTITY_BYTES_MAX).contains(&letters) && name.as_bytes().get(letters) == Some(&b';')
    });
    tag || entity
}

/// What stands behind each such sign.
fn after_each(text: &str, sign: char) -> impl Iterator<Item = &str> {
    text.match_indices(sign)
        .filter_map(move |(at, _)| text.get(at + sign.len_utf8()..))
}

/// Whether what stands behind a bracket is a tag: a name that HTML knows, then nothing or
/// attributes. Some newsrooms write brackets for quotation marks: `<Em yêu trường em>`.
pub fn is_tag(rest: &str) -> bool {
    let inside = rest.strip_prefix('/').unwrap_or(rest);
    let length = inside
        .bytes()
        .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b':'))
        .count();
    let Some((name, behind)) = inside.split_at_checked(length) else {
        return false;
    };
    let name = name.to_ascii_lowercase();
    if !TAGS.split(' ').any(|known| known == name) && !name.contains([':', '-']) {
        return false;
    }
    let end = behind.find(['<', '>']).unwrap_or(behind.len());
    let (attributes, close) = behind.split_at(end);
    // The value of one may hold a bracket; where a text was cut, its tag may have no end.
    let mut values = attributes.match_indices('=');
    let valued = values.any(|(at, _)| {
        let before = attributes.get(..at).unwrap_or_default();
        before.ends_with(|letter: char| letter.is_ascii_alphanumeric())
    });
    let bare = attributes.trim_end_matches('/').trim();
    let bare = bare.bytes().all(|byte| byte.is_ascii_lowercase());
    valued || (bare && close.starts_with('>'))
}

/// The text with brackets that open no tag written out, so that what follows them is not taken
/// for one.
pub(super) fn loose_brackets_written_out(text: &str) -> Cow<'_, str> {
    let is_loose = |rest: &str| !rest.starts_with(['!', '?']) && !is_tag(rest);
    if !after_each(text, '<').any(is_loose) {
        return text.into();
    }
    let mut pieces = text.split('<');
    let mut out = pieces.next().unwrap_or_default().to_owned();
    let mut at = out.len();
    for piece in pieces {
        let rest = text.get(at + 1..).unwrap_or_default();
        out.push_str(if is_loose(rest) { "&lt;" } else { "<" });
        out.push_str(piece);
        at += 1 + piece.len();
    }
    out.into()
}

/// A page with the brackets written out that some newsrooms write for quotation marks: `<Em yêu biển
/// đảo>`. Brackets with anything else in them are left to the parser.
pub(super) fn words_in_brackets_written_out(html: &str) -> Cow<'_, str> {
    let words_bytes = |rest: &str| {
        let length = rest.find(['<', '>', '=', '"', '\n'])?;
        let inside = rest
            .get(..length)
            .filter(|inside| inside.len() <= QUOTED_BYTES_MAX)?;
        let ends = rest.get(length..)?.starts_with('>');
        let are_words = !inside.is_ascii() && inside.starts_with(char::is_alphabetic);
        (ends && are_words).then_some(length)
    };
    let mut out = String::new();
    let mut copied = 0;
    for (at, _) in html.match_indices('<') {
        let rest = html.get(at + 1..).unwrap_or_default();
        if let Some(length) = words_bytes(rest) {
            out.push_str(html.get(copied..at).unwrap_or_default());
            out.push_str("&lt;");
            out.push_str(rest.get(..length).unwrap_or_default());
            copied = at + 1 + length;
        }
    }
    match copied {
        0 => html.into(),
        _ => {
            out.push_str(html.get(copied..).unwrap_or_default());
            out.into()
        }
    }
}
