//! Bytes to text, by their mark, their labels and what they are valid in. Pure.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1258};

/// How far into a document its declaration may stand.
const DECLARATION_BYTES_MAX: usize = 1024;

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
    match labelled == UTF_8 && is_no_utf8(&text) {
        true => WINDOWS_1258.decode_without_bom_handling(bytes).0,
        false => text,
    }
}

/// A broken byte is an accident; where most letters beyond ASCII are broken, the label lies, and
/// windows-1258 is what a Vietnamese page is that says nothing true.
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
    fn a_page_may_say_in_a_meta_element_what_it_is_written_in() {
        let page = b"<html><meta charset=\"windows-1252\"><p>caf\xe9";
        assert!(decode(page, Some("text/html")).contains("café"));
    }
}
