//! Credits of pictures, and notes on what they show, in and behind a text.

use std::borrow::Cow;

use super::names::are_names;

/// Words with which a credit begins, in small letters.
const LABELS: [&str; 15] = [
    "ảnh",
    "ảnh minh họa",
    "ảnh minh hoạ",
    "ảnh tư liệu",
    "ảnh bìa",
    "ảnh, clip",
    "ảnh, video",
    "ảnh và clip",
    "ảnh và video",
    "nguồn ảnh",
    "nguồn",
    "đồ họa",
    "đồ hoạ",
    "video",
    "clip",
];
/// What a credit says, or begins with, that has no name.
const KINDS: [&str; 7] = [
    "minh họa",
    "minh hoạ",
    "tư liệu",
    "sưu tầm",
    "internet",
    "chụp",
    "cắt từ",
];
/// What a note in brackets begins with beside these: which of the pictures is meant, and whose it is.
const PLACES: [&str; 8] = ["trên", "dưới", "trái", "phải", "giữa", "bìa", "nhỏ", "do "];
/// Behind whoever gave a picture.
const GIVEN: &str = "cung cấp";
/// A credit that is no name has no more words.
const WORDS_MAX: usize = 8;
/// A credit is no longer, in bytes.
const BYTES_MAX: usize = 300;
/// A line has no more credits.
const CREDITS_MAX: usize = 8;
/// What may stand in front of a credit behind a text.
const ENDS: [char; 12] = ['.', '!', '?', '…', ')', ']', '”', ';', '-', '–', '—', '|'];
/// What is left behind a text in front of a credit.
const JOINTS: [char; 6] = [' ', '-', '–', '—', '|', ';'];
const BRACKETS: [(char, char); 2] = [('(', ')'), ('[', ']')];

/// `Cánh đồng vào mùa. Ảnh: CTV`, `Cánh đồng (Ảnh: CTV) vào mùa.`, `Tuyến đường mới (ảnh minh họa)`
/// without the credits and notes. What only looks like one stays: `Video: Nông dân gặt lúa đêm.`
pub(super) fn without_credits(text: &str) -> Cow<'_, str> {
    let mut text = Cow::from(text);
    for _ in 0..CREDITS_MAX {
        match without_bracket(&text).or_else(|| without_last(&text)) {
            Some(shorter) => text = shorter.into(),
            None => break,
        }
    }
    text
}

/// The text without its first bracket that holds nothing but a credit, or none but a note at its
/// end.
fn without_bracket(text: &str) -> Option<String> {
    BRACKETS.iter().find_map(|(opener, closer)| {
        text.match_indices(*opener).find_map(|(at, _)| {
            let (before, rest) = text.split_at_checked(at)?;
            let rest = rest.strip_prefix(*opener)?;
            // One that is never closed may be cut off, and one further away is no credit's end.
            let reach = rest.get(..rest.ceil_char_boundary(BYTES_MAX))?;
            let (inside, behind) = match reach.find(*closer) {
                Some(end) => (reach.get(..end)?, rest.get(end + 1..)?),
                None if reach.len() == rest.len() => (rest, ""),
                None => return None,
            };
            let closes_text = behind.is_empty() || behind == ".";
            let goes =
                is_credit(inside, is_credited_in_bracket) || (closes_text && is_note(inside));
            goes.then(|| joined(before, behind))
        })
    })
}

fn joined(before: &str, behind: &str) -> String {
    let (before, behind) = (before.trim_end(), behind.trim_start());
    let ended = before.ends_with(['.', '!', '?', '…', ',', ';', ':']);
    match behind {
        "." if ended => before.to_owned(),
        _ if before.is_empty() || behind.is_empty() => format!("{before}{behind}"),
        _ if behind.starts_with([',', '.', ';', ':']) => format!("{before}{behind}"),
        _ => format!("{before} {behind}"),
    }
}

/// The text without the credit, or the note, that stands behind its last sentence or is all of it.
fn without_last(text: &str) -> Option<String> {
    let starts = text.match_indices(' ').map(|(at, _)| at + 1);
    let may_begin = |at: &usize| {
        let before = text.get(..*at).unwrap_or_default().trim_end();
        text.len() - at <= BYTES_MAX && (before.is_empty() || before.ends_with(ENDS))
    };
    let mut starts = std::iter::once(0).chain(starts).filter(may_begin);
    starts.find_map(|at| {
        let (before, last) = text.split_at_checked(at)?;
        let bare = last.trim_end_matches('.').to_lowercase();
        let kind = bare.strip_prefix("ảnh ");
        let is_note = kind.is_some_and(|kind| KINDS.contains(&kind));
        (is_credit(last, is_credited) || is_note)
            .then(|| before.trim_end_matches(JOINTS).to_owned())
    })
}

/// `Ảnh: CTV`: a label, a colon, and what a credit says.
fn is_credit(text: &str, says: impl Fn(&str, &str) -> bool) -> bool {
    let parts = text
        .split_once(':')
        .map(|(label, said)| (label.trim().to_lowercase(), said.trim()));
    parts.is_some_and(|(label, said)| LABELS.contains(&label.as_str()) && says(&label, said))
}

fn is_credited(_: &str, said: &str) -> bool {
    let lower = said.trim_end_matches('.').to_lowercase();
    let short = lower.split(' ').count() <= WORDS_MAX;
    let says_kind = KINDS.iter().any(|kind| lower.starts_with(kind));
    are_names(said) || (short && (says_kind || lower.ends_with(GIVEN)))
}

/// A bracket sets a credit off from the text, whatever it says; not so a source, which may be one of
/// water: `(nguồn: nước ngầm)`.
fn is_credited_in_bracket(label: &str, said: &str) -> bool {
    let short = said.split(' ').count() <= WORDS_MAX;
    is_credited(label, said) || (label != "nguồn" && short && !said.is_empty())
}

/// `(ảnh minh họa)`, `(Ảnh tư liệu)`, `(ảnh trên)`; not `(ảnh hưởng của bão)`.
fn is_note(text: &str) -> bool {
    let lower = text.to_lowercase();
    let note = lower.strip_prefix("ảnh").map(str::trim);
    note.is_some_and(|note| {
        let known = KINDS.iter().chain(&PLACES);
        note.is_empty() || known.into_iter().any(|known| note.starts_with(known))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credits_and_notes_go_wherever_they_stand() {
        for (text, want) in [
            ("Cánh đồng vào mùa. ẢNH: CTV", "Cánh đồng vào mùa."),
            (
                "Cánh đồng vào mùa. Ảnh: Nhân vật cung cấp",
                "Cánh đồng vào mùa.",
            ),
            ("Cánh đồng vào mùa – Ảnh : Mai An", "Cánh đồng vào mùa"),
            ("Cánh đồng vào mùa. [Ảnh: CTV]", "Cánh đồng vào mùa."),
            ("Cánh đồng vào mùa. Nguồn: TTXVN", "Cánh đồng vào mùa."),
            ("Cánh đồng vào mùa. Ảnh minh họa.", "Cánh đồng vào mùa."),
            ("Cánh đồng vào mùa (ảnh tư liệu).", "Cánh đồng vào mùa."),
            (
                "Hai bên ký (ảnh: Mai An). Lễ có 30 người.",
                "Hai bên ký. Lễ có 30 người.",
            ),
            (
                "Cầu mới (Ảnh: CTV) thông xe. Clip: Thu Hà",
                "Cầu mới thông xe.",
            ),
            ("Ảnh: Trung tâm Truyền thông", ""),
        ] {
            assert_eq!(without_credits(text), want, "{text}");
        }
    }

    #[test]
    fn what_begins_like_a_credit_and_tells_something_stays() {
        for text in [
            "Video: Cận cảnh cầu Mỹ Lợi trong ngày thông xe.",
            "Ảnh: một kỷ niệm, chữ: một đời người.",
            "Lễ hội kết thúc. Video: Nông dân gặt lúa đêm được xem 35.000 lượt.",
            "Nguồn: nước ngầm, nước mặt, nước mưa.",
            "Triển lãm đã mở. Ảnh tư liệu về Bác thu hút người xem.",
            "Bộ ảnh (ảnh chụp năm 1975) được trưng bày.",
            "Người dân di dời (ảnh hưởng của bão số 3)",
        ] {
            assert_eq!(without_credits(text), text);
        }
    }
}
