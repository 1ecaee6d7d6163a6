//! Where Vietnamese sentences end.

/// What a full stop after it does not end a sentence: titles, places, roads.
const ABBREVIATIONS: [&str; 36] = [
    "tp", "p", "q", "h", "tx", "tt", "ql", "đt", "hl", "th", "ths", "ts", "pgs", "gs", "bs", "ks",
    "cn", "ds", "ls", "nsnd", "nsưt", "kts", "cki", "ckii", "bs.cki", "bs.ckii", "pgs.ts", "gs.ts",
    "v.v", "vd", "tr", "đ/c", "mr", "mrs", "dr", "st",
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
    let word = before.rsplit(|letter: char| letter.is_whitespace() || OPENERS.contains(&letter));
    let word = word.into_iter().next().unwrap_or_default();
    let single = {
        let mut letters = word.chars();
        letters.next().is_some_and(char::is_uppercase) && letters.next().is_none()
    };
    single
        || (word.chars().next().is_some_and(char::is_uppercase) || word == "v.v")
            && ABBREVIATIONS.contains(&word.to_lowercase().as_str())
}
