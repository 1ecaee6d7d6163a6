//! Words behind which a full stop ends no sentence.

/// Titles, offices, places, roads and other words that are shortened, in small letters. Also the
/// last part of a compound: `PGS.,TS.`.
const SHORT: [&str; 49] = [
    // Places and roads
    "tp", "p", "q", "h", "x", "đ", "tx", "tt", "kp", "kcn", "ql", "đt", "hl",
    // Titles and professions
    "th", "ths", "ts", "tsbs", "tskh", "pgs", "gs", "bs", "ks", "cn", "ds", "ls", "kts", "nsnd",
    "nsưt", "ngnd", "ngưt", "cki", "ckii", "đ/c", "mr", "mrs", "ms", "dr", "prof", "st",
    // Offices, and who signs for whom
    "bv", "cty", "tm", "kt", "tl", // Other words
    "vd", "tr", "sđt", "no", "vol",
];
/// These count only in front of a number.
const NUMBERED: [&str; 3] = ["tr", "no", "vol"];
/// Single letters that stand for a kind of place.
const PLACES: [&str; 5] = ["P", "Q", "H", "X", "Đ"];
/// What is counted with a letter behind it: `quý I.`, `vitamin C.`. There the letter is no
/// abbreviation.
const COUNTED: [&str; 14] = [
    "quý", "vitamin", "lớp", "loại", "hạng", "nhóm", "khối", "phần", "chương", "kỳ", "khu", "ấp",
    "đợt", "kỷ",
];
/// What stands in front of a name, whose first letter may stand for it: `ông T.`, `giáo sư A.`, `của J.
/// Rowling`. Behind other words a letter says of which kind they are: `viêm gan B.`
const BEFORE_NAMES: &str = "ông bà anh chị em cô chú bác cậu dì cháu bé thầy \
    sư sĩ viên sinh nhân tịch thống thư đốc trưởng phó chí can cáo hại phạm tượng \
    tên là của và với cùng cho do bởi từ về như hay hoặc tại ở trong trên đến gặp";

/// A list's number has no more figures: `2025.` is none.
const LIST_DIGITS_MAX: usize = 3;

/// Whether a word without its full stop is shortened.
pub(super) fn is_short(word: &str) -> bool {
    let whole = word.replace('.', "");
    let last = word.rsplit(['.', ',']).next().unwrap_or(word);
    let last = if SHORT.contains(&whole.to_lowercase().as_str()) {
        &whole
    } else {
        last
    };
    let lower = last.to_lowercase();
    // `h` for hours and `p` for minutes are no places, and what has a vowel may be a word.
    let capital = last.starts_with(char::is_uppercase);
    let is_no_word =
        lower.chars().count() > 1 && !lower.contains(['a', 'e', 'i', 'o', 'u', 'y', 'ư']);
    word == "v.v" || (SHORT.contains(&lower.as_str()) && (capital || is_no_word))
}

/// Whether a full stop between the two parts of a text belongs to the word in front of it.
pub(super) fn is_abbreviated(before: &str, after: &str) -> bool {
    let apart = |letter: char| letter.is_whitespace() || "“\"‘([«'".contains(letter);
    let mut words = before.rsplit(apart).filter(|word| !word.is_empty());
    let word = words.next().unwrap_or_default();
    if is_letter(word) {
        return stands_for_name(words.next().unwrap_or_default(), word, after);
    }
    let numbered = NUMBERED.contains(&word.to_lowercase().as_str());
    let counts = after
        .trim_start()
        .starts_with(|next: char| next.is_numeric());
    are_initials(word) || (is_short(word) && (!numbered || counts))
}

fn is_letter(word: &str) -> bool {
    let mut letters = word.chars();
    letters.next().is_some_and(char::is_uppercase) && letters.next().is_none()
}

/// `N.V.A.`, `J.K.`, `T.Ư.`
fn are_initials(word: &str) -> bool {
    word.contains('.') && word.split('.').all(is_letter)
}

/// Whether a single capital is short for a name or a place.
fn stands_for_name(before: &str, letter: &str, after: &str) -> bool {
    let next = after.trim_start().split(' ').next().unwrap_or_default();
    let lower = before.to_lowercase();
    if COUNTED.contains(&lower.as_str()) {
        return false;
    }
    let said = before
        .chars()
        .all(|letter| letter.is_alphabetic() && letter.is_lowercase());
    let kind = !before.is_empty() && said && !BEFORE_NAMES.split(' ').any(|word| word == before);
    PLACES.contains(&letter) || !kind || next.strip_suffix('.').is_some_and(is_letter)
}

/// The number of a list's entry, which stands first or behind a colon or a semicolon: `2.`, `1.1.`,
/// `II.`
pub(super) fn numbers_entry(sentence: &str) -> bool {
    let word = sentence.rsplit(' ').next().unwrap_or_default();
    let before = sentence.strip_suffix(word).unwrap_or_default().trim_end();
    let dotted = word.contains('.');
    let part = |part: &str| {
        let digits = part.chars().all(|letter| letter.is_ascii_digit());
        let roman = part.chars().all(|letter| "IVX".contains(letter));
        let digits_max = if dotted { 2 } else { LIST_DIGITS_MAX };
        !part.is_empty() && (roman || (digits && part.len() <= digits_max))
    };
    (before.is_empty() || before.ends_with([':', ';'])) && word.split('.').all(part)
}
