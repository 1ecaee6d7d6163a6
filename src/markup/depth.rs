//! HTML that nests deeper than anyone reads: a parser looks through everything that is open at
//! each tag, so that some megabytes of `<div>` would take hours. Pure.

use std::borrow::Cow;

/// Deeper than this browsers do not nest elements either: they become their neighbours'. The
/// figure is that of Chromium (`kMaximumHTMLParserDOMTreeDepth`).
const DEPTH_MAX: usize = 512;
/// No name that is looked up is longer, in bytes.
const NAME_BYTES_MAX: usize = 16;
/// Elements that hold nothing, or that the next of their kind ends.
const SHALLOW: [&str; 28] = [
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source",
    "track", "wbr", "p", "li", "dt", "dd", "tr", "td", "th", "thead", "tbody", "tfoot", "option",
    "html", "head", "body",
];

/// The HTML without the tags that would nest deeper; their content stays.
pub(super) fn bounded(html: &str) -> Cow<'_, str> {
    let mut depth = 0_usize;
    let mut kept: Option<String> = None;
    let mut copied = 0;
    for (at, _) in html.match_indices('<') {
        let Some(rest) = html.get(at + 1..) else {
            continue;
        };
        match Tag::of(rest) {
            Tag::Close => depth = depth.saturating_sub(1),
            Tag::Open if depth < DEPTH_MAX => depth += 1,
            Tag::Open => {
                let end = rest.find(['<', '>']).map_or(html.len(), |end| at + 1 + end);
                let closed = usize::from(html.get(end..).is_some_and(|end| end.starts_with('>')));
                let out = kept.get_or_insert_default();
                out.push_str(html.get(copied..at).unwrap_or_default());
                copied = end + closed;
            }
            Tag::Other => {}
        }
    }
    match kept {
        None => html.into(),
        Some(mut out) => {
            out.push_str(html.get(copied..).unwrap_or_default());
            out.into()
        }
    }
}

/// What a bracket begins, as far as depth is concerned.
enum Tag {
    Open,
    Close,
    Other,
}

impl Tag {
    fn of(rest: &str) -> Self {
        let (close, name) = match rest.strip_prefix('/') {
            Some(name) => (true, name),
            None => (false, rest),
        };
        let is_end = |byte: &u8| !byte.is_ascii_alphanumeric();
        let length = name
            .bytes()
            .take(NAME_BYTES_MAX)
            .take_while(|byte| !is_end(byte))
            .count();
        let name = name.get(..length).unwrap_or_default();
        let shallow = SHALLOW.iter().any(|known| known.eq_ignore_ascii_case(name));
        match (name.is_empty() || shallow, close) {
            (true, _) => Self::Other,
            (false, true) => Self::Close,
            (false, false) => Self::Open,
        }
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
    }
}
