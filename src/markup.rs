//! HTML to plain text and pictures, for whoever meets it: feeds, and articles' pages.
//! Knows nothing of either.

mod bracket;
mod column;
mod decode;
mod depth;
mod legacy;
mod newsroom;
mod picture;
mod syllable;

use std::borrow::Cow;
use std::collections::HashMap;

use dom_query::{Document, NodeRef};
use unicode_normalization::UnicodeNormalization;
use url::Url;

pub use self::bracket::is_tag;
use self::bracket::{has_markup, loose_brackets_written_out, words_in_brackets_written_out};
pub use self::column::{Column, labelled};
pub use self::decode::decode;
pub use self::legacy::{Garbled, Letters};
pub use self::newsroom::{
    is_host, is_known_newsroom, is_newsroom, without_foreign_mark, without_mark, without_signature,
};
pub use self::picture::{PICTURES_MAX, Picture, picture, pictures, put_in_without_scripts, usable};

/// Elements that begin or end a line.
const BLOCKS: [&str; 29] = [
    "p",
    "div",
    "br",
    "li",
    "ul",
    "ol",
    "tr",
    "td",
    "table",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "figure",
    "figcaption",
    "blockquote",
    "section",
    "article",
    "header",
    "footer",
    "hr",
    "dl",
    "dt",
    "dd",
    "th",
    "caption",
    "pre",
];
/// The longest name of an entity, in bytes.
const ENTITY_BYTES_MAX: usize = 8;
/// Makes one emoji of several. Elsewhere it is invisible, and not wanted.
const JOINER: char = '\u{200D}';
/// Elements whose text is not for readers.
const SILENT: [&str; 5] = ["script", "style", "noscript", "template", "iframe"];

/// What the feed of a page's comments is called, or stands below.
const COMMENTS: [&str; 3] = ["comments", "bình luận", "binh-luan"];

/// One line of text as it is stored and shown: composed letters, single blanks, no invisible or
/// control characters.
pub fn tidy(text: &str) -> String {
    let mut letters = text.nfc().peekable();
    let mut composed = String::with_capacity(text.len());
    while let Some(letter) = letters.next() {
        let joins = letter == JOINER
            && is_sign(composed.chars().last())
            && is_sign(letters.peek().copied());
        if joins || !is_invisible(letter) {
            composed.push(letter);
        }
    }
    let words = composed.split_whitespace().map(with_own_d);
    words.collect::<Vec<_>>().join(" ")
}

/// Neither letter nor blank: what a joiner may join, as in the emoji of a family.
fn is_sign(letter: Option<char>) -> bool {
    letter.is_some_and(|letter| !letter.is_alphanumeric() && !letter.is_whitespace())
}

/// A word with Đ where its look-alike Eth stands, which some keyboards write; not so a word that
/// is no Vietnamese then. Capitals alone are an abbreviation, which has no syllables: `HĐND`.
fn with_own_d(word: &str) -> Cow<'_, str> {
    if !word.contains(['Ð', 'ð']) {
        return word.into();
    }
    let own = word.replace('Ð', "Đ").replace('ð', "đ");
    let words = syllable::count(&own);
    let abbreviates = !own.contains(char::is_lowercase);
    match abbreviates || (words.all > 0 && words.syllables == words.all) {
        true => own.into(),
        false => word.into(),
    }
}

fn is_invisible(letter: char) -> bool {
    let zero_width = matches!(
        letter,
        '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}' | '\u{FEFF}' | '\u{FFFC}' | '\u{AD}'
    );
    zero_width || (letter.is_control() && !letter.is_whitespace())
}

/// A page, as browsers read it.
pub fn document(html: &str) -> Document {
    let html = words_in_brackets_written_out(html);
    Document::from(depth::bounded(&html).as_ref())
}

/// A piece of a page.
fn fragment(html: &str) -> Document {
    Document::fragment(depth::bounded(html).as_ref())
}

/// The text of some HTML, or of a text that is none, as one tidy line.
pub fn plain_text(html: &str) -> String {
    if !html.contains(['<', '&']) {
        return tidy(html);
    }
    let document = fragment(&loose_brackets_written_out(html));
    let mut text = String::with_capacity(html.len());
    gather(&document.root(), &mut text);
    tidy(&text)
}

/// The text of some HTML that may have been escaped twice: read until it is stable, at most twice.
pub fn settled_text(html: &str) -> String {
    let text = plain_text(html);
    match has_markup(&text) {
        true => plain_text(&text),
        false => text,
    }
}

/// HTML in which letters beyond ASCII are written out that stand there as references. What would be
/// markup stays as it is.
pub fn with_own_letters(html: &str) -> Cow<'_, str> {
    if !html.contains('&') {
        return html.into();
    }
    let mut pieces = html.split('&');
    let mut out = pieces.next().unwrap_or_default().to_owned();
    let mut known: HashMap<&str, Option<String>> = HashMap::new();
    for piece in pieces {
        let end = piece
            .bytes()
            .take(ENTITY_BYTES_MAX + 1)
            .position(|byte| byte == b';');
        let name = end.and_then(|end| piece.get(..end)).unwrap_or_default();
        let letters = match name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'#')
        {
            true if !name.is_empty() => known.entry(name).or_insert_with(|| entity(name)),
            _ => &None,
        };
        match letters.as_deref().filter(|letters| !letters.is_ascii()) {
            Some(letters) => {
                out.push_str(letters);
                out.push_str(piece.get(name.len() + 1..).unwrap_or_default());
            }
            None => {
                out.push('&');
                out.push_str(piece);
            }
        }
    }
    out.into()
}

/// The letters that an HTML entity stands for. `None`: there is no such entity.
pub fn entity(name: &str) -> Option<String> {
    let written = format!("&{name};");
    let document = Document::fragment(written.as_str());
    let letters = document.root().text().to_string();
    (letters != written).then_some(letters)
}

/// Where a page says that its feed is: its own, rather than that of its comments.
pub fn feed_of_page(html: &str, address: Option<&Url>) -> Option<Url> {
    let document = document(html);
    let named = document.select("base[href]").attr("href");
    let base = named.and_then(|href| resolve(&href, address));
    let base = base.as_ref().or(address);
    let named = document.select("link[rel~='alternate'][href]");
    let mut feeds = named.iter().filter_map(|link| {
        let kind = link.attr("type")?.to_ascii_lowercase();
        let kinds = ["rss+xml", "atom+xml", "feed+json", "rdf+xml"];
        let is_feed = kinds.iter().any(|known| kind.contains(known));
        let feed = is_feed.then(|| resolve(&link.attr("href")?, base))??;
        let title = link.attr("title").unwrap_or_default().to_lowercase();
        let of_comments = COMMENTS
            .iter()
            .any(|word| title.contains(word) || feed.path().contains(word));
        Some((of_comments, feed))
    });
    let first = feeds.next()?;
    let own = std::iter::once(first.clone())
        .chain(feeds)
        .find(|(of_comments, _)| !of_comments);
    Some(own.unwrap_or(first).1)
}

/// The text below a node as one tidy line.
pub fn text_of(node: &NodeRef<'_>) -> String {
    let mut text = String::new();
    gather(node, &mut text);
    tidy(&text)
}

fn gather(root: &NodeRef<'_>, text: &mut String) {
    // A stack instead of recursion: a hostile page nests deeper than any thread's.
    let mut open = vec![(*root, false)];
    while let Some((node, done)) = open.pop() {
        if node.is_text() {
            text.push_str(&node.text());
            continue;
        }
        let name = node.node_name();
        let name = name.as_deref().unwrap_or_default();
        let block = BLOCKS.contains(&name);
        if block {
            text.push(' ');
        }
        if done || SILENT.contains(&name) {
            continue;
        }
        if block {
            open.push((node, true));
        }
        let mut children = node.children();
        children.reverse();
        open.extend(children.into_iter().map(|child| (child, false)));
    }
}

/// An address as it stands in markup, made absolute. Blanks are encoded once; letters are left
/// as they are, because a server's file may really have a decomposed name.
pub fn resolve(address: &str, base: Option<&Url>) -> Option<Url> {
    let address = address.trim();
    if address.is_empty() {
        return None;
    }
    let url = match base {
        Some(base) => base.join(address).ok()?,
        None if address.starts_with("//") => Url::parse(&format!("https:{address}")).ok()?,
        None => Url::parse(address).ok()?,
    };
    matches!(url.scheme(), "http" | "https").then_some(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_composed_and_its_blanks_are_single() {
        assert_eq!(tidy("  Cần\u{a0} Đước\u{200b} \n 35 "), "Cần Đước 35");
        assert_eq!(
            tidy("Tỉnh ðoàn, “ÐẢNG” það við"),
            "Tỉnh đoàn, “ĐẢNG” það við"
        );
        assert_eq!(tidy("Ca\u{302}\u{300}n \u{1}Đu\u{31b}\u{301}c"), "Cần Đức");
        assert_eq!(tidy("Ðước, ðồng, ca\u{340} a\u{341}"), "Đước, đồng, cà á");
        assert_eq!(tidy("HÐND, 15/2020/NÐ-CP"), "HĐND, 15/2020/NĐ-CP");
        let family = "Chúc mừng 👨\u{200d}👩\u{200d}👧 nhé";
        assert_eq!(tidy(family), family);
        assert_eq!(
            tidy("Cần\u{200d} Đư\u{200d}ớc 👧\u{200d} \u{200d}"),
            "Cần Đước 👧"
        );
    }

    #[test]
    fn markup_becomes_one_line_and_what_is_no_markup_stays() {
        let html = "<p>Một</p><p>hai<br>ba &amp; bốn</p><script>var x;</script>";
        assert_eq!(plain_text(html), "Một hai ba & bốn");
        assert_eq!(plain_text("5 < 7 & hơn"), "5 < 7 & hơn");
        assert_eq!(plain_text("a<b <i>và</i> c<d"), "a<b và c<d");
        for quoted in [
            "Hội thi <Em yêu trường em> khai mạc",
            "Vở <<Đêm trắng>> diễn lại",
            "Cuộc thi <Thầy> & <Biển>, x <b = 5",
        ] {
            assert_eq!(settled_text(quoted), quoted);
        }
        assert_eq!(
            plain_text("<o:p>x</o:p><IMG SRC=a.jpg><hr noshade>y"),
            "x y"
        );
        assert_eq!(plain_text("Mùa gặt <img alt=\"a > b\" src=\"/a"), "Mùa gặt");
        assert_eq!(plain_text("ẩm thực & <b>du lịch</b>"), "ẩm thực & du lịch");
    }

    #[test]
    fn nesting_deeper_than_any_stack_is_read() {
        let deep = "<b>".repeat(20_000) + "đáy";
        assert_eq!(plain_text(&deep), "đáy");
    }
}
