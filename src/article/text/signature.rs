//! Who wrote a text: lines that are nothing but its signature.

/// What stands in front of a name in a signature.
const LABELS: [&str; 16] = [
    "tác giả bài viết:",
    "tác giả:",
    "bài và ảnh:",
    "bài, ảnh:",
    "bài - ảnh:",
    "bài-ảnh:",
    "tin và ảnh:",
    "tin, ảnh:",
    "tin - ảnh:",
    "tin-ảnh:",
    "tin bài:",
    "tin, bài:",
    "bài viết:",
    "bài:",
    "tin:",
    "thực hiện:",
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
        let text = line.trim().trim_matches(['(', ')']).trim();
        let lower = text.to_lowercase();
        let label = LABELS.iter().find(|label| lower.starts_with(**label));
        // Lower-casing keeps the number of letters of Vietnamese, not of every script.
        let behind = label.map_or(0, |label| label.chars().count());
        let begins = text
            .char_indices()
            .nth(behind)
            .map_or(text.len(), |(at, _)| at);
        let names = text.get(begins..)?.trim();
        let labelled = label.is_some();
        let fits = names_in(names).count() <= NAMES_MAX
            && names_in(names).all(|name| is_name(name, labelled));
        fits.then_some(Self { names, labelled })
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

fn is_full_name(name: &str) -> bool {
    let first = name.split(' ').next().unwrap_or_default();
    name.split(' ').count() == 2 || FAMILIES.contains(&first)
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
            "CTV",
            "Tin: mưa to ở Long Khê",
            "Ấp Bình Hòa.",
            "",
        ] {
            assert_eq!(signature(text), None, "{text}");
        }
    }
}
