//! Where Vietnamese sentences end.

/// What a full stop after it does not end a sentence: titles, places, roads. Also the last part
/// of a compound: `PGS.,TS.`.
const ABBREVIATIONS: [&str; 32] = [
    "tp", "p", "q", "h", "tx", "tt", "ql", "đt", "hl", "th", "ths", "ts", "pgs", "gs", "bs", "ks",
    "cn", "ds", "ls", "nsnd", "nsưt", "kts", "cki", "ckii", "v", "vd", "tr", "đ/c", "mr", "mrs",
    "dr", "st",
];
/// What is counted with a letter behind it: `quý I.`, `vitamin C.`. There the letter is no
/// abbreviation.
const COUNTED: [&str; 14] = [
    "quý", "vitamin", "lớp", "loại", "hạng", "nhóm", "khối", "phần", "chương", "kỳ", "khu", "ấp",
    "đợt", "kỷ",
];
/// What may close behind the mark that ends a sentence.
const CLOSERS: [char; 7] = ['”', '"', '’', ')', ']', '»', '\''];
/// What may open before the first letter of a sentence.
const OPENERS: [char; 7] = ['“', '"', '‘', '(', '[', '«', '\''];

/// The sentences of a text, each with what ends it.
pub fn sentences(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut start = 0;
    for end in ends(text) {
        push(&mut found, text.get(start..end));
        start = end;
    }
    push(&mut found, text.get(start..));
    found
}

fn push(found: &mut Vec<String>, sentence: Option<&str>) {
    let sentence = sentence.unwrap_or_default().trim();
    if !sentence.is_empty() {
        found.push(sentence.to_owned());
    }
}

/// The places right behind each sentence but the last.
pub(super) fn ends(text: &str) -> Vec<usize> {
    let mut ends = Vec::new();
    let mut letters = text.char_indices().peekable();
    while let Some((at, letter)) = letters.next() {
        if !is_mark(letter) {
            continue;
        }
        let mut end = at + letter.len_utf8();
        let mut marks = letter.to_string();
        while let Some((next, follower)) = letters.peek().copied() {
            if !(is_mark(follower) || CLOSERS.contains(&follower)) {
                break;
            }
            marks.push(follower);
            end = next + follower.len_utf8();
            letters.next();
        }
        let (before, after) = text.split_at(end);
        let before_mark = before.get(..at).unwrap_or_default();
        if begins_sentence(after, &marks) && !is_abbreviation(before_mark, &marks) {
            ends.push(end);
        }
    }
    ends
}

fn is_mark(letter: char) -> bool {
    matches!(letter, '.' | '!' | '?' | '…')
}

/// Whether what follows a mark reads like a new sentence.
fn begins_sentence(after: &str, marks: &str) -> bool {
    let Some(rest) = after.strip_prefix([' ', '\n']) else {
        return false;
    };
    let rest = rest.trim_start();
    // `!” - ông Sáu nói.`: the speaker belongs to what was said.
    let quoted = marks.ends_with(CLOSERS);
    if quoted && rest.starts_with(['-', '–', '—']) {
        return false;
    }
    let first = rest.trim_start_matches(OPENERS).chars().next();
    let opened = rest.starts_with(OPENERS);
    first.is_some_and(|letter| letter.is_uppercase() || letter.is_numeric() || opened)
}

fn is_abbreviation(before: &str, marks: &str) -> bool {
    if marks != "." {
        return false;
    }
    let mut words = before
        .rsplit(|letter: char| letter.is_whitespace() || OPENERS.contains(&letter))
        .filter(|word| !word.is_empty());
    let word = words.next().unwrap_or_default();
    let single = {
        let mut letters = word.chars();
        letters.next().is_some_and(char::is_uppercase) && letters.next().is_none()
    };
    if single {
        let counted = words.next().map(str::to_lowercase);
        return !counted.is_some_and(|counted| COUNTED.contains(&counted.as_str()));
    }
    let last = word.rsplit(['.', ',']).next().unwrap_or(word);
    let named = last.chars().next().is_some_and(char::is_uppercase) || word == "v.v";
    named && ABBREVIATIONS.contains(&last.to_lowercase().as_str())
}
