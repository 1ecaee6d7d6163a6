//! UTF-8 that was read as windows-1252 or windows-1258, once or more often, and written again.

use encoding_rs::{Encoding, WINDOWS_1252, WINDOWS_1258};

use super::super::syllable;
use super::{WORDS_MIN, is_vietnamese};

/// What the first bytes of Vietnamese letters and of quotation marks look like when they are read as
/// windows-1252 (`Ă` as windows-1258) …
pub(super) const BROKEN: [&str; 7] = ["áº", "á»", "â€", "Ã", "Ä", "Æ", "Ă"];
/// … of which these are seen nowhere else.
const SURELY_BROKEN: [&str; 3] = ["áº", "á»", "â€"];
/// So often a text may have gone through the wrong letters.
const TIMES_MAX: usize = 3;

/// A text whose runs of letters beyond ASCII may be runs of bytes.
pub(super) struct Mojibake {
    pub(super) text: String,
    mended: usize,
    pub(super) lost: usize,
}

impl Mojibake {
    /// Some texts have been garbled more than once.
    pub(super) fn of(garbled: &str) -> Self {
        let mut found = Self::once(garbled);
        for _ in 1..TIMES_MAX {
            let again = Self::once(&found.text);
            let broken = BROKEN.iter().any(|sign| found.text.contains(sign));
            if found.mended == 0 || !broken || again.mended == 0 || is_vietnamese(&found.text) {
                break;
            }
            found = Self {
                mended: found.mended,
                ..again
            };
        }
        found
    }

    fn once(garbled: &str) -> Self {
        let mut found = Self {
            text: String::with_capacity(garbled.len()),
            mended: 0,
            lost: 0,
        };
        let mut rest = garbled;
        while let Some(start) = rest.find(|letter: char| !letter.is_ascii()) {
            let (before, after) = rest.split_at(start);
            let end = after.find(|letter: char| letter.is_ascii());
            let (run, behind) = after.split_at(end.unwrap_or(after.len()));
            found.text.push_str(before);
            rest = behind;
            if let Some(letters) = as_letters(run) {
                found.mended += 1;
                found.text.push_str(&letters);
            } else if let Some((letters, behind)) = with_lost_blank(run, behind, &found.text) {
                found.mended += 1;
                found.text.push_str(&letters);
                rest = behind;
            } else {
                found.lost += usize::from(is_surely_broken(run));
                found.text.push_str(run);
            }
        }
        found.text.push_str(rest);
        found
    }

    /// `Vụ` is none, but `Vá»¥` is; a few runs of other signs may be anything.
    pub(super) fn is_mended(&self, garbled: &str) -> bool {
        let enough = self.mended >= WORDS_MIN || is_surely_broken(garbled);
        enough && self.mended > 0 && is_vietnamese(&self.text)
    }
}

fn is_surely_broken(text: &str) -> bool {
    SURELY_BROKEN.iter().any(|sign| text.contains(sign))
}

/// The letters whose bytes a run stands for, read as windows-1252 or as windows-1258.
fn as_letters(run: &str) -> Option<String> {
    let bytes = |encoding: &'static Encoding| {
        let mut bytes = Vec::with_capacity(run.len());
        for letter in run.chars() {
            // What windows-1252 leaves free is read as the control characters of Latin-1.
            match letter {
                '\u{80}'..='\u{9f}' => bytes.push(u8::try_from(letter).ok()?),
                _ => {
                    let letter = letter.to_string();
                    let (own, _, unmappable) = encoding.encode(&letter);
                    if unmappable {
                        return None;
                    }
                    bytes.extend_from_slice(&own);
                }
            }
        }
        String::from_utf8(bytes).ok()
    };
    bytes(WINDOWS_1252).or_else(|| bytes(WINDOWS_1258))
}

/// `à` is `C3 A0`, of which the second byte is a blank that cannot be broken, and often has become
/// another blank, or one with those beside it: `ngÃ y`, `BÃ Ninh`. What follows belongs to the word
/// where it makes a syllable with it.
fn with_lost_blank<'a>(run: &str, behind: &'a str, before: &str) -> Option<(String, &'a str)> {
    let stem = run.strip_suffix(['Ã', 'Ă'])?;
    let rest = behind.strip_prefix(' ')?;
    let letters = format!("{}à", as_letters(stem)?);
    let is_letter = |letter: char| letter.is_ascii_alphabetic();
    let begins = before.rsplit(|letter: char| !letter.is_alphabetic()).next();
    let ends = rest
        .split(|letter: char| !is_letter(letter))
        .next()
        .unwrap_or_default();
    let word = format!("{}{letters}{ends}", begins.unwrap_or_default());
    let joined = !ends.is_empty() && syllable::is_syllable(&word);
    Some((letters, if joined { rest } else { behind }))
}
