//! Tells prose from what newsrooms put around it.

use super::credit::without_credits;
use super::furniture::is_furniture;
use super::signature::Signature;
use crate::markup::{tidy, without_mark};

/// One line as prose: without newsroom marks, end marks and credits. Empty when it is no prose.
pub fn clean(line: &str) -> String {
    let line = tidy(line);
    if is_signed(&line) {
        return String::new();
    }
    let text = with_plain_ends(without_mark(&line));
    let text = without_credits(&text);
    if is_furniture(&text) || is_signed(&text) {
        return String::new();
    }
    text.into_owned()
}

fn is_signed(text: &str) -> bool {
    Signature::of(text).is_some_and(|signature| signature.is_certain())
}

/// `./.` ends official writing. In a post it is a full stop; behind another end mark, nothing.
fn with_plain_ends(text: &str) -> String {
    let mut parts = text.split("/.");
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let Some(before) = plain.trim_end().strip_suffix('.') else {
            plain.push_str("/.");
            plain.push_str(part);
            continue;
        };
        let before = before.trim_end();
        let quoted = before.ends_with(['”', '"', '’']) && {
            let said = before.trim_end_matches(['”', '"', '’']);
            said.ends_with(['.', '!', '?', '…'])
        };
        let ended = quoted || before.ends_with(['!', '?', '…', '.']);
        // `.../.` is an ellipsis, and all three belong to it.
        let mark = if ended && !before.ends_with("..") {
            ""
        } else {
            "."
        };
        plain = format!("{before}{mark}{part}");
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_mark_of_official_writing_is_a_full_stop_and_not_a_second_end() {
        for (text, want) in [
            ("Huyện họp./. Xã cũng họp./.", "Huyện họp. Xã cũng họp."),
            ("Huyện hoàn thành ./.", "Huyện hoàn thành."),
            ("Huyện hoàn thành. /.", "Huyện hoàn thành."),
            ("Huyện hoàn thành../.", "Huyện hoàn thành."),
            ("Huyện hoàn thành.../.", "Huyện hoàn thành..."),
            ("Có ai biết không?./.", "Có ai biết không?"),
            ("Ông nói: “Vui lắm.”./.", "Ông nói: “Vui lắm.”"),
            ("Ông nói: “Vui lắm”./.", "Ông nói: “Vui lắm”."),
            ("Mức thu 5.000 đồng/lượt/xe.", "Mức thu 5.000 đồng/lượt/xe."),
        ] {
            assert_eq!(clean(text), want);
        }
        assert_eq!(clean("Huyện hoàn thành./. Ảnh: CTV"), "Huyện hoàn thành.");
        assert_eq!(clean("Bài - Ảnh: LÊ ĐỨC"), "");
    }
}
