//! Bytes to text, by their mark, their labels and what they are valid in. Pure.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252, WINDOWS_1258};

use super::syllable;

/// How far into a document its declaration may stand.
const DECLARATION_BYTES_MAX: usize = 1024;
/// So much of a document is looked at for zeros.
const WIDE_BYTES: usize = 64;

/// The bytes as text: by their mark, else by whichever of the labels they are valid in.
pub fn decode<'a>(bytes: &'a [u8], content_type: Option<&str>) -> Cow<'a, str> {
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
    let text = labelled.decode_without_bom_handling(bytes).0;
    let lies = match labelled == UTF_8 {
        true => is_no_utf8(&text),
        // What servers say of pages whose makers said nothing.
        false => labelled == WINDOWS_1252,
    };
    if !lies {
        return text;
    }
    // What Vietnamese is written in where it is not Unicode, if that is what comes out.
    let own = WINDOWS_1258.decode_without_bom_handling(bytes).0;
    let words = syllable::count(&own);
    match words.all > 0 && words.syllables * 4 >= words.all * 3 {
        true => own,
        false => WINDOWS_1252.decode_without_bom_handling(bytes).0,
    }
}

/// A broken byte is an accident; where most letters beyond ASCII are broken, the label lies.
fn is_no_utf8(text: &str) -> bool {
    let mut broken = 0_usize;
    let mut sound = 0_usize;
    for letter in text.chars().filter(|letter| !letter.is_ascii()) {
        match letter {
            char::REPLACEMENT_CHARACTER => broken += 1,
            _ => sound += 1,
        }
    }
    broken > sound
}

/// UTF-16 without a mark shows by the zeros in its first letters, which are of markup.
fn wide(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = bytes.get(..bytes.len().min(WIDE_BYTES))?;
    let zeros = |first: usize| {
        head.iter()
            .skip(first)
            .step_by(2)
            .filter(|byte| **byte == 0)
    };
    let (even, odd) = (zeros(0).count(), zeros(1).count());
    match (even, odd) {
        (0, odd) if odd * 4 > head.len() => Some(UTF_16LE),
        (even, 0) if even * 4 > head.len() => Some(UTF_16BE),
        _ => None,
    }
}

fn charset(content_type: &str) -> Option<String> {
    let content_type = content_type.to_ascii_lowercase();
    let (_, label) = content_type.split_once("charset=")?;
    let label = label.split(';').next().unwrap_or(label);
    Some(label.trim().trim_matches(['"', '\'']).to_owned())
}

/// The label that a document gives itself: in an XML declaration or a `meta` element.
fn declared(bytes: &[u8]) -> Option<String> {
    let head = bytes.get(..bytes.len().min(DECLARATION_BYTES_MAX))?;
    let head = String::from_utf8_lossy(head);
    let (_, label) = head
        .split_once("encoding=")
        .or_else(|| head.split_once("charset="))?;
    let label = label.trim_start_matches(['"', '\'']);
    label
        .split(['"', '\'', ';', '>', ' '])
        .next()
        .map(ToOwned::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

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
        let turned: Vec<u8> = "\n<rss>Đ</rss>"
            .encode_utf16()
            .flat_map(u16::to_be_bytes)
            .collect();
        assert_eq!(decode(&turned, None), "\n<rss>Đ</rss>");
    }

    #[test]
    fn a_broken_byte_is_an_accident_and_broken_letters_throughout_are_a_lying_label() {
        let lying =
            b"<?xml version='1.0' encoding='UTF-8'?><rss>C\xe2\xccn \xd0\xfd\xf5\xecc</rss>";
        assert!(!decode(lying, Some("text/xml; charset=utf-8")).contains('\u{fffd}'));
        let accident = [b"<rss>C\xff".as_slice(), "ần Đước</rss>".as_bytes()].concat();
        assert_eq!(decode(&accident, None), "<rss>C\u{fffd}ần Đước</rss>");
    }

    #[test]
    fn a_mark_outweighs_the_server_and_the_server_outweighs_the_document() {
        let marked = [b"\xff\xfe".as_slice(), b"<\0\xd0\x01".as_slice()].concat();
        assert_eq!(decode(&marked, Some("text/xml; charset=utf-8")), "<ǐ");
        let labelled = b"<?xml version='1.0' encoding='windows-1252'?><a>\xf4</a>";
        assert!(decode(labelled, Some("text/xml; charset=\"windows-1251\"")).contains('ф'));
    }

    #[test]
    fn vietnamese_of_windows_1258_is_seen_behind_the_label_that_servers_give_by_themselves() {
        let feed = b"<?xml version='1.0' encoding='iso-8859-1'?><rss>C\xe2\xccn \xd0\xfd\xf5\xecc v\xe0 \xf0\xf4\xccng</rss>";
        let text = decode(feed, None);
        assert!(text.contains('\u{300}') && text.contains('Đ'), "{text}");
        let french = b"<?xml version='1.0' encoding='iso-8859-1'?><rss>d\xe9j\xe0 cr\xe9\xe9 \xe0 No\xebl, na\xeetre o\xf9 \xe7a</rss>";
        assert!(decode(french, None).contains("déjà créé à Noël, naître où ça"));
    }

    #[test]
    fn a_page_may_say_in_a_meta_element_what_it_is_written_in() {
        let page = b"<html><meta charset=\"windows-1252\"><p>caf\xe9";
        assert!(decode(page, Some("text/html")).contains("café"));
    }
}
