//! Vietnamese that went through the wrong letters on its way: decoded as Latin by mistake, or
//! written for fonts of the nineties (TCVN 5712, VNI). Pure.

use std::borrow::Cow;

use encoding_rs::WINDOWS_1252;
use unicode_normalization::UnicodeNormalization;

/// Fewer signs than this may be a foreign name.
const SIGNS_MIN: usize = 3;
/// VNI's letters of their own, and what they are.
const VNI_LETTERS: [(char, char); 13] = [
    ('ñ', 'đ'),
    ('Ñ', 'Đ'),
    ('ö', 'ư'),
    ('Ö', 'Ư'),
    ('ô', 'ơ'),
    ('Ô', 'Ơ'),
    ('æ', 'ỉ'),
    ('Æ', 'Ỉ'),
    ('ó', 'ĩ'),
    ('Ó', 'Ĩ'),
    ('ò', 'ị'),
    ('Ò', 'Ị'),
    ('î', 'ỵ'),
];
/// VNI's marks, which stand behind a vowel, and the combining marks that they are.
const VNI_MARKS: [(char, &str); 18] = [
    ('ø', "\u{300}"),
    ('ù', "\u{301}"),
    ('û', "\u{309}"),
    ('õ', "\u{303}"),
    ('ï', "\u{323}"),
    ('â', "\u{302}"),
    ('à', "\u{302}\u{300}"),
    ('á', "\u{302}\u{301}"),
    ('å', "\u{302}\u{309}"),
    ('ã', "\u{302}\u{303}"),
    ('ä', "\u{302}\u{323}"),
    ('ê', "\u{306}"),
    ('è', "\u{306}\u{300}"),
    ('é', "\u{306}\u{301}"),
    ('ú', "\u{306}\u{309}"),
    ('ü', "\u{306}\u{303}"),
    ('ë', "\u{306}\u{323}"),
    ('Â', "\u{302}"),
];
/// Signs that stand inside words only in text for TCVN fonts: `C¸nh ®ång`.
const TCVN_SIGNS: [char; 14] = [
    '®', '¸', '¹', 'µ', '¶', '·', '¨', '©', 'ª', '«', '¬', '\u{ad}', '»', '¾',
];

/// What the first bytes of Vietnamese letters look like when they are read as windows-1252.
const BROKEN: [&str; 5] = ["Ã", "Ä", "Æ", "áº", "á»"];

/// Why a text cannot be posted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Garbled {
    /// Letters of TCVN fonts.
    #[error("its text is written for TCVN3 fonts, not in Unicode: the site must convert it")]
    Tcvn3,
    /// Letters of VNI fonts that make no Vietnamese.
    #[error("its text is written for VNI fonts, not in Unicode: the site must convert it")]
    Vni,
    /// Some of it cannot be recovered.
    #[error("its text was decoded with the wrong character set: the site must mend it")]
    Mojibake,
}

/// The text in its own letters. What can be recovered exactly is; sound text is not copied.
///
/// # Errors
/// When it is garbled and cannot be recovered: it must not be posted.
pub fn recovered(text: &str) -> Result<Cow<'_, str>, Garbled> {
    if text.is_ascii() {
        return Ok(Cow::Borrowed(text));
    }
    if let Some(mended) = of_mojibake(text)? {
        return Ok(Cow::Owned(mended));
    }
    if is_vietnamese(text) {
        return Ok(Cow::Borrowed(text));
    }
    if signs_inside_words(text) >= SIGNS_MIN {
        return Err(Garbled::Tcvn3);
    }
    Ok(of_vni(text)?.map_or(Cow::Borrowed(text), Cow::Owned))
}

/// Letters that only Vietnamese has, composed or with their marks apart.
fn is_vietnamese(text: &str) -> bool {
    text.chars().any(|letter| {
        matches!(
            letter,
            '\u{1ea0}'..='\u{1ef9}' | 'ơ' | 'Ơ' | 'ư' | 'Ư' | 'đ' | 'Đ' | 'ă' | 'Ă'
        ) || matches!(letter, '\u{300}'..='\u{323}')
    })
}

/// UTF-8 that was read as windows-1252 and written again: each run of letters beyond ASCII is a
/// run of bytes.
fn of_mojibake(text: &str) -> Result<Option<String>, Garbled> {
    let mut out = String::with_capacity(text.len());
    let (mut mended, mut lost) = (0_usize, 0_usize);
    let mut rest = text;
    while let Some(start) = rest.find(|letter: char| !letter.is_ascii()) {
        let (before, after) = rest.split_at(start);
        let end = after
            .find(|letter: char| letter.is_ascii())
            .unwrap_or(after.len());
        let (run, behind) = after.split_at(end);
        out.push_str(before);
        match as_bytes(run).and_then(|bytes| String::from_utf8(bytes).ok()) {
            Some(letters) => {
                mended += 1;
                out.push_str(&letters);
            }
            None => {
                lost += usize::from(BROKEN.iter().any(|sign| run.starts_with(sign)));
                out.push_str(run);
            }
        }
        rest = behind;
    }
    out.push_str(rest);
    // `Vụ` is none, but `Vá»¥` is; a text is mended only where it is garbled throughout.
    if mended < SIGNS_MIN || !is_vietnamese(&out) {
        return Ok(None);
    }
    if lost > 0 {
        return Err(Garbled::Mojibake);
    }
    Ok(Some(out))
}

fn as_bytes(run: &str) -> Option<Vec<u8>> {
    let (bytes, _, unmappable) = WINDOWS_1252.encode(run);
    (!unmappable).then(|| bytes.into_owned())
}

fn signs_inside_words(text: &str) -> usize {
    let letters: Vec<char> = text.chars().collect();
    letters
        .windows(2)
        .filter(|pair| match pair {
            [one, two] => {
                let sign = |letter: &char| TCVN_SIGNS.contains(letter);
                (sign(one) && two.is_alphabetic()) || (one.is_alphabetic() && sign(two))
            }
            _ => false,
        })
        .count()
}

fn mark_of(letter: char) -> Option<&'static str> {
    VNI_MARKS
        .iter()
        .find(|(sign, _)| *sign == letter || sign.to_uppercase().eq([letter]))
        .map(|(_, marks)| *marks)
}

fn letter_of(letter: char) -> Option<char> {
    VNI_LETTERS
        .iter()
        .find(|(sign, _)| *sign == letter)
        .map(|(_, own)| *own)
}

fn of_vni(text: &str) -> Result<Option<String>, Garbled> {
    let mut out = String::with_capacity(text.len());
    let mut signs = 0_usize;
    let mut previous = ' ';
    for letter in text.chars() {
        let vowel = "aeiouyAEIOUYöôÖÔ".contains(previous);
        match (mark_of(letter).filter(|_| vowel), letter_of(letter)) {
            (Some(marks), _) => {
                signs += 1;
                out.push_str(marks);
            }
            (None, Some(own)) => out.push(own),
            (None, None) => out.push(letter),
        }
        previous = letter;
    }
    let words = text.split_whitespace().count();
    if signs < SIGNS_MIN || signs * 4 < words {
        return Ok(None);
    }
    let composed: String = out.nfc().collect();
    // Marks that found no vowel are no VNI, or damaged VNI.
    match composed
        .chars()
        .any(|letter| matches!(letter, '\u{300}'..='\u{323}'))
    {
        true => Err(Garbled::Vni),
        false => Ok(Some(composed)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_of_another_system_become_their_own_and_sound_text_is_left_alone() {
        let vni = "Caàn Ñöôùc: Vuï rau maøu giöõa naêm phuû xanh ñoàng Long Kheâ";
        let own = "Cần Đước: Vụ rau màu giữa năm phủ xanh đồng Long Khê";
        assert_eq!(recovered(vni).unwrap(), own);
        let (mojibake, _, _) = WINDOWS_1252.decode(own.as_bytes());
        assert_eq!(recovered(&mojibake).unwrap(), own);
        for sound in [
            own,
            "Le café où naître à Noël, déjà créé",
            "Long An",
            "Cô giáo và học trò",
        ] {
            assert!(matches!(recovered(sound), Ok(Cow::Borrowed(_))), "{sound}");
        }
    }

    #[test]
    fn what_cannot_be_recovered_is_named() {
        assert_eq!(
            recovered("§ång lóa C¸nh ®ång mïa gÆt ®Ñp"),
            Err(Garbled::Tcvn3)
        );
        assert_eq!(
            recovered("Cáº§n Vá»¥ rau giá»¯a Ã\u{fffd}u"),
            Err(Garbled::Mojibake)
        );
    }
}
