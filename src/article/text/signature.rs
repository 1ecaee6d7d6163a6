//! Who wrote a text: lines that are nothing but its signature.

use crate::markup::is_known_newsroom;

/// What stands in front of a name in a signature.
const LABELS: [&str; 8] = [
    "tác giả bài viết",
    "tác giả",
    "bài viết",
    "thực hiện",
    "phóng viên",
    "ghi nhận",
    "biên tập",
    "nhóm thực hiện",
];
/// What somebody made of an article, in any mix: `Bài, ảnh:`, `Tin - clip:` …
const PARTS: [&str; 6] = ["bài", "tin", "ảnh", "clip", "video", "và"];
/// … and without any of these the names are only a picture's.
const WRITTEN_PARTS: [&str; 2] = ["bài", "tin"];
/// Who signs without a name.
const STAFF: [&str; 9] = [
    "PV",
    "P.V",
    "CTV",
    "C.T.V",
    "BBT",
    "Nhóm PV",
    "Nhóm P.V",
    "Nhóm phóng viên",
    "Ban Biên tập",
];
/// What stands in brackets behind the name of who did no more than that.
const DONE: [&str; 8] = [
    "tổng hợp",
    "ghi",
    "lược ghi",
    "thực hiện",
    "sưu tầm",
    "biên tập",
    "dịch",
    "t/h",
];
/// Family names, which stand first. With them and with two words alone a line is taken for a name
/// wherever it stands: `Chúc Mừng Năm Mới` is none.
const FAMILIES: [&str; 60] = [
    "Âu", "Bạch", "Bùi", "Cao", "Châu", "Chu", "Danh", "Diệp", "Doãn", "Dương", "Đàm", "Đào",
    "Đặng", "Đinh", "Đoàn", "Đỗ", "Giang", "Hà", "Hồ", "Hoàng", "Hứa", "Huỳnh", "Khổng", "Kiều",
    "Kim", "La", "Lại", "Lâm", "Lê", "Lương", "Lưu", "Lý", "Mạc", "Mai", "Nghiêm", "Ngô", "Nguyễn",
    "Ninh", "Ông", "Phạm", "Phan", "Phùng", "Quách", "Sơn", "Tạ", "Tăng", "Thạch", "Thái", "Thân",
    "Tô", "Tống", "Trần", "Triệu", "Trịnh", "Trương", "Từ", "Văn", "Võ", "Vũ", "Vương",
];
/// A name has no more words.
const WORDS_MAX: usize = 5;
/// Initials are no more.
const INITIALS_MAX: usize = 4;
/// A signature names no more people.
const NAMES_MAX: usize = 4;

/// The names in a line that is a signature, if it stands where one is to be expected; `None`: it is
/// none.
pub fn signature(text: &str) -> Option<String> {
    Signature::of(text).map(|found| found.names.to_owned())
}

/// A line that is nothing but the names of who wrote or photographed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Signature<'a> {
    /// As they stand there.
    pub names: &'a str,
    /// It says that it is one: `Bài, ảnh: …`.
    pub labelled: bool,
}

impl<'a> Signature<'a> {
    /// `None`: the line is none.
    pub fn of(line: &'a str) -> Option<Self> {
        let text = line.trim();
        let inside = text
            .strip_prefix('(')
            .and_then(|text| text.strip_suffix(')'));
        let text = without_note(inside.unwrap_or(text).trim(), false);
        let label = text.split_once(':').filter(|(label, _)| is_label(label));
        let labelled = label.is_some();
        let names = match label {
            Some((_, names)) => without_note(names.trim().trim_end_matches('.'), true),
            None => text,
        };
        let all = || names_in(names);
        let fits = all().count() <= NAMES_MAX && all().all(|name| is_name(name, labelled));
        let named = labelled || all().any(|name| !is_newsroom(name));
        (fits && named).then_some(Self { names, labelled })
    }

    /// Whether it is one wherever it stands, and not only behind an article.
    pub fn is_certain(&self) -> bool {
        self.labelled || names_in(self.names).all(is_full_name)
    }
}

fn names_in(text: &str) -> impl Iterator<Item = &str> {
    text.split([',', '&', '/', '-', '–'])
        .flat_map(|part| part.split(" và "))
        .map(str::trim)
}

/// `Bài, ảnh`, `Tin và clip`, `Tác giả`; not `Ảnh`, which is a credit.
fn is_label(text: &str) -> bool {
    let lower = text.trim().to_lowercase();
    let apart = |letter: char| !letter.is_alphabetic();
    let mut parts = lower.split(apart).filter(|part| !part.is_empty());
    let is_mix = parts.clone().all(|part| PARTS.contains(&part));
    LABELS.contains(&lower.as_str()) || (is_mix && parts.any(|part| WRITTEN_PARTS.contains(&part)))
}

/// `Huỳnh Hương (tổng hợp)`, `Huỳnh Hương (TTXVN)`: the names alone. Behind a label they may work
/// anywhere: `Tin: Thanh Nga (Phòng VHTT)`.
fn without_note(text: &str, labelled: bool) -> &str {
    let parts = text
        .strip_suffix(')')
        .and_then(|text| text.rsplit_once('('));
    let is_note = |note: &str| {
        let lower = note.to_lowercase();
        DONE.contains(&lower.as_str())
            || lower.starts_with("theo ")
            || note.split('/').all(is_newsroom)
            || (labelled && note.starts_with(char::is_uppercase))
    };
    match parts {
        Some((names, note)) if is_note(note.trim()) => names.trim_end(),
        _ => text,
    }
}

fn is_newsroom(name: &str) -> bool {
    is_known_newsroom(name) && name.chars().count() > 2
}

fn is_full_name(name: &str) -> bool {
    let first = name.split(' ').next().unwrap_or_default();
    name.split(' ').count() == 2
        || FAMILIES.contains(&first)
        || STAFF.contains(&name)
        || is_newsroom(name)
}

/// `N.T`, `L.H.N`: how authors sign short news.
fn is_initials(text: &str) -> bool {
    let is_capital = |part: &str| {
        let mut letters = part.chars();
        letters.next().is_some_and(char::is_uppercase) && letters.next().is_none()
    };
    (2..=INITIALS_MAX).contains(&text.split('.').count()) && text.split('.').all(is_capital)
}

/// A few words, each with a capital. Behind a label, one word is enough.
fn is_name(text: &str, labelled: bool) -> bool {
    let words: Vec<&str> = text.split_whitespace().collect();
    let capital = |word: &&str| {
        word.chars().next().is_some_and(char::is_uppercase)
            && !text.ends_with('.')
            && word
                .chars()
                .all(|letter| letter.is_alphabetic() || letter == '.')
    };
    let fewest = if labelled { 1 } else { 2 };
    if STAFF.contains(&text) || is_newsroom(text) || is_initials(text) {
        return true;
    }
    (fewest..=WORDS_MAX).contains(&words.len()) && words.iter().all(capital)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_names_people_and_a_sentence_does_not() {
        for (text, name) in [
            ("Huỳnh Hương", "Huỳnh Hương"),
            ("Bài, ảnh: Huỳnh Hương", "Huỳnh Hương"),
            ("Tác giả: CTV", "CTV"),
            ("(Tin và ảnh: Lê Đức - Mai An)", "Lê Đức - Mai An"),
            ("Bài, ảnh, clip : Lê Đức.", "Lê Đức"),
            ("Bài - Ảnh: LÊ ĐỨC", "LÊ ĐỨC"),
            ("Huỳnh Hương (tổng hợp)", "Huỳnh Hương"),
            ("Hải Đăng (TTXVN/Vietnam+)", "Hải Đăng"),
            ("Tin: Thanh Nga (Phòng VHTT)", "Thanh Nga"),
            ("Huỳnh Hương/TTXVN", "Huỳnh Hương/TTXVN"),
            ("PV - CTV", "PV - CTV"),
            ("N.T - L.H", "N.T - L.H"),
            ("Nhóm phóng viên", "Nhóm phóng viên"),
        ] {
            assert_eq!(signature(text).as_deref(), Some(name), "{text}");
        }
        for (text, certain) in [
            ("Huỳnh Hương", true),
            ("Nguyễn Thị Thanh Mai", true),
            ("Tin: CTV", true),
            ("Chúc Mừng Năm Mới", false),
            ("Xã Tân Lân", false),
        ] {
            assert_eq!(Signature::of(text).unwrap().is_certain(), certain, "{text}");
        }
        for text in [
            "Cần Đước vào mùa",
            "Ảnh: Mai An",
            "Tin bão: Mưa Lớn",
            "TTXVN",
            "Tin: mưa to ở Long Khê",
            "Ấp Bình Hòa.",
            "",
        ] {
            assert_eq!(signature(text), None, "{text}");
        }
    }
}
