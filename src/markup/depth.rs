//! HTML that nests deeper than anyone reads: a parser looks through everything that is open at
//! each tag, so that some megabytes of `<div>` would take hours. And tags with more attributes than
//! anyone writes, each of which it compares with all. Pure.

use std::borrow::Cow;

/// Deeper than this browsers do not nest elements either: they become their neighbours'. The
/// figure is that of Chromium (`kMaximumHTMLParserDOMTreeDepth`).
const DEPTH_MAX: usize = 512;
/// Tags with more attributes are left out.
const ATTRIBUTES_MAX: usize = 300;
/// No name that is looked up is longer, in bytes.
const NAME_BYTES_MAX: usize = 16;
/// Elements that hold nothing, or that the next of their kind ends.
const SHALLOW: [&str; 28] = [
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source",
    "track", "wbr", "p", "li", "dt", "dd", "tr", "td", "th", "thead", "tbody", "tfoot", "option",
    "html", "head", "body",
];

/// Elements that others may end within: their ends leave what was opened since open.
const FORMATTING: [&str; 14] = [
    "a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u",
];

/// The HTML without the tags that would nest deeper; their content stays.
pub(super) fn bounded(html: &str) -> Cow<'_, str> {
    let mut open: Vec<&str> = Vec::new();
    let mut kept: Option<String> = None;
    let mut copied = 0;
    for (at, _) in html.match_indices('<') {
        let rest = html.get(at + 1..).unwrap_or_default();
        if let Some(name) = rest.strip_prefix('/').and_then(nesting) {
            close(&mut open, name);
            continue;
        }
        let length = rest.find(['<', '>']).unwrap_or(rest.len());
        let many = has_many_attributes(rest.get(..length).unwrap_or_default());
        let end = at + 1 + length;
        match nesting(rest) {
            Some(name) if !many && open.len() < DEPTH_MAX => {
                open.push(name);
                continue;
            }
            None if !many => continue,
            _ => {}
        }
        let closed = html.get(end..).is_some_and(|end| end.starts_with('>'));
        let out = kept.get_or_insert_default();
        out.push_str(html.get(copied..at).unwrap_or_default());
        copied = end + usize::from(closed);
    }
    match kept {
        None => html.into(),
        Some(mut out) => {
            out.push_str(html.get(copied..).unwrap_or_default());
            out.into()
        }
    }
}

/// Whether a tag has more attributes than anyone writes: a parser compares each with all.
fn has_many_attributes(tag: &str) -> bool {
    if tag.len() <= ATTRIBUTES_MAX {
        return false;
    }
    let (mut blanks, mut before, mut quote) = (0, b' ', None);
    for byte in tag.bytes() {
        match quote {
            None if before == b'=' && matches!(byte, b'"' | b'\'') => quote = Some(byte),
            None => blanks += usize::from(byte.is_ascii_whitespace()),
            Some(open) if open == byte => quote = None,
            Some(_) => {}
        }
        before = byte;
    }
    blanks > ATTRIBUTES_MAX
}

/// The name of an element that others nest in, where a tag begins with it.
fn nesting(rest: &str) -> Option<&str> {
    let letters = rest.bytes().take(NAME_BYTES_MAX);
    let length = letters.take_while(u8::is_ascii_alphanumeric).count();
    let name = rest.get(..length).filter(|name| !name.is_empty())?;
    let shallow = SHALLOW.iter().any(|known| known.eq_ignore_ascii_case(name));
    (!shallow).then_some(name)
}

fn close(open: &mut Vec<&str>, name: &str) {
    let Some(at) = open
        .iter()
        .rposition(|open| open.eq_ignore_ascii_case(name))
    else {
        return;
    };
    match FORMATTING
        .iter()
        .any(|known| known.eq_ignore_ascii_case(name))
    {
        true => drop(open.remove(at)),
        false => open.truncate(at),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_nests_too_deep_is_changed() {
        let flat = "<div><p>a<br>b</div>".repeat(10_000) + &"<li>c".repeat(10_000);
        assert!(matches!(bounded(&flat), Cow::Borrowed(_)));
        let deep =
            "<div class='x'>".repeat(DEPTH_MAX + 9) + "đáy" + &"</div>".repeat(DEPTH_MAX + 9);
        let read = bounded(&deep);
        assert_eq!(read.matches("<div").count(), DEPTH_MAX);
        assert!(read.contains("đáy"));
        let crossed = "<div><b>a:</b>".repeat(DEPTH_MAX + 9);
        assert_eq!(bounded(&crossed).matches("<div>").count(), DEPTH_MAX);
    }

    #[test]
    fn a_tag_with_more_attributes_than_anyone_writes_goes_and_long_values_stay() {
        let many = format!("<p {}>Tin</p>", "a ".repeat(ATTRIBUTES_MAX + 9));
        assert_eq!(bounded(&many), "Tin</p>");
        let long = format!("<img alt=\"{}\">", "a ".repeat(ATTRIBUTES_MAX + 9));
        assert_eq!(bounded(&long), long);
    }
}
