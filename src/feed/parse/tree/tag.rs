//! Tags: where one ends, what it is called, which attributes it has.

use std::borrow::Cow;

use crate::feed::repair;

/// Name spaces by what their addresses have in common (without scheme, `www.`, case and what
/// stands at the end), with the prefix that elements of theirs have here.
const SPACES: [(&str, &str); 14] = [
    ("search.yahoo.com/mrss", "media"),
    ("video.search.yahoo.com/mrss", "media"),
    ("purl.org/rss/1.0/modules/content", "content"),
    ("purl.org/dc/elements/1.1", "dc"),
    ("purl.org/dc/elements/1.0", "dc"),
    ("purl.org/dc/terms", "dcterms"),
    ("w3.org/2005/atom", "atom"),
    ("purl.org/atom/ns", "atom"),
    ("itunes.com/dtds/podcast-1.0.dtd", "itunes"),
    ("rssnamespace.org/feedburner/ext/1.0", "feedburner"),
    ("w3.org/1999/xhtml", "xhtml"),
    ("w3.org/1999/02/22-rdf-syntax-ns", "rdf"),
    ("purl.org/rss/1.0", ""),
    ("backend.userland.com/rss2", ""),
];

/// A tag with its brackets.
pub(super) fn tag(rest: &str) -> &str {
    let length = rest.strip_prefix('<').and_then(repair::tag_bytes);
    let end = length.map(|length| length + 1);
    end.and_then(|end| rest.get(..end)).unwrap_or(rest)
}

/// The attributes in a tag, with or without quotes.
pub(super) fn attributes(written: &str) -> impl Iterator<Item = (String, String)> {
    let mut rest = written.trim_start();
    std::iter::from_fn(move || {
        rest = rest.trim_start_matches(|letter: char| letter.is_whitespace() || letter == '/');
        let end = rest.find(|letter: char| letter.is_whitespace() || letter == '=');
        let (name, behind) = rest.split_at(end.unwrap_or(rest.len()));
        if name.is_empty() && behind.is_empty() {
            return None;
        }
        let behind = behind.trim_start();
        let Some(value) = behind.strip_prefix('=').map(str::trim_start) else {
            rest = behind;
            return Some((name.to_ascii_lowercase(), String::new()));
        };
        let quote = value
            .chars()
            .next()
            .filter(|sign| matches!(sign, '"' | '\''));
        let quoted = quote.and_then(|quote| value.get(1..)?.split_once(quote));
        let (value, behind) = quoted.unwrap_or_else(|| {
            let bare = value.strip_prefix(['"', '\'']).unwrap_or(value);
            bare.split_at(bare.find(char::is_whitespace).unwrap_or(bare.len()))
        });
        rest = behind;
        Some((name.to_ascii_lowercase(), unescaped(value).into_owned()))
    })
}

/// A text without XML's own references, which are the only ones that repair leaves.
pub(super) fn unescaped(text: &str) -> Cow<'_, str> {
    if !text.contains('&') {
        return text.into();
    }
    let mut pieces = text.split('&');
    let mut out = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let (name, behind) = piece.split_once(';').unwrap_or((piece, ""));
        let letter = match name {
            "amp" => Some('&'),
            "lt" => Some('<'),
            "gt" => Some('>'),
            "quot" => Some('"'),
            "apos" => Some('\''),
            _ => name.strip_prefix('#').and_then(repair::character),
        };
        match letter {
            Some(letter) => {
                out.push(letter);
                out.push_str(behind);
            }
            None => {
                out.push('&');
                out.push_str(piece);
            }
        }
    }
    out.into()
}

/// The prefix that elements of a name space have here.
pub(super) fn space(address: &str) -> Option<&'static str> {
    let address = address.trim().to_ascii_lowercase();
    let address = address.rsplit("://").next().unwrap_or(&address);
    let address = address.strip_prefix("www.").unwrap_or(address);
    let address = address.trim_end_matches(['/', '#']);
    let known = SPACES.iter().find(|(space, _)| *space == address);
    known.map(|(_, prefix)| *prefix)
}
