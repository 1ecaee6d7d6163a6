//! Vietnamese that went through the wrong letters on its way: decoded as Latin by mistake, or
//! written for fonts of the nineties (TCVN 5712, VNI). What such letters mean is known; whether
//! they were meant so is judged by whether Vietnamese comes out. Pure.

mod mojibake;

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;

use self::mojibake::{BROKEN, Mojibake};
use super::syllable;

/// Fewer words than this may be foreign names.
const WORDS_MIN: usize = 3;
/// Of a hundred words in letters of another system so many become Vietnamese …
const MEANT_PERCENT: usize = 75;
/// … and where it is fewer than this, some of the text is lost.
const WHOLE_PERCENT: usize = 90;
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
const VNI_MARKS: [(char, &str); 17] = [
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
];
/// What stands at U+00A0 to U+00FF in fonts of TCVN 5712:1993; what it leaves free is as in Latin.
const TCVN3: &str = "\u{a0}ĂÂÊÔƠƯĐăâêôơưđ¯°±²³´àảãáạºằẳẵắ¿ÀÁÂÃÄÅặầẩẫấậèÍẻẽéẹềểễếệìỉÙÚÛĩíịò\
                     àỏõóọồổỗốộờởỡớợùðủũúụừửữứựỳỷỹýỵÿ";
/// Why a text cannot be posted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Garbled {
    /// Letters of TCVN fonts that do not make Vietnamese throughout.
    #[error("its text is written for TCVN3 fonts, not in Unicode: the site must convert it")]
    Tcvn3,
    /// Letters of VNI fonts that do not make Vietnamese throughout.
    #[error("its text is written for VNI fonts, not in Unicode: the site must convert it")]
    Vni,
    /// Some of it cannot be recovered.
    #[error("its text was decoded with the wrong character set: the site must mend it")]
    Mojibake,
}

/// The letters that texts are written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Letters {
    /// Their own.
    Own,
    /// UTF-8 that was read as windows-1252 and written again.
    Mojibake,
    /// Those of VNI fonts.
    Vni,
    /// Those of TCVN fonts.
    Tcvn3,
}

impl Letters {
    /// The letters of a text. Text with letters that only Vietnamese has is in its own, and so are
    /// one that is built of syllables as it stands and one that would not become Vietnamese.
    ///
    /// # Errors
    /// When it is garbled and cannot be recovered whole: it must not be posted.
    pub fn of(text: &str) -> Result<Self, Garbled> {
        if text.is_ascii() {
            return Ok(Self::Own);
        }
        let sound = is_sound(text);
        if BROKEN.iter().any(|sign| text.contains(sign)) {
            let mojibake = Mojibake::of(text);
            match (mojibake.is_mended(text), mojibake.lost) {
                (true, 0) => return Ok(Self::Mojibake),
                (true, _) => return Err(Garbled::Mojibake),
                (false, lost) if lost >= WORDS_MIN && !sound => return Err(Garbled::Mojibake),
                (false, _) => {}
            }
        }
        if sound {
            return Ok(Self::Own);
        }
        for (letters, garbled) in [(Self::Tcvn3, Garbled::Tcvn3), (Self::Vni, Garbled::Vni)] {
            let words = syllable::count(&letters.mend(text));
            let percent = words.syllables * 100 / words.all.max(1);
            if words.all >= WORDS_MIN && percent >= MEANT_PERCENT {
                return match percent >= WHOLE_PERCENT {
                    true => Ok(letters),
                    false => Err(garbled),
                };
            }
        }
        Ok(Self::Own)
    }

    /// A text that is written in these letters, in its own.
    pub fn mend(self, text: &str) -> Cow<'_, str> {
        match self {
            Self::Mojibake => Mojibake::of(text).text.into(),
            _ if is_sound(text) => text.into(),
            Self::Own => text.into(),
            Self::Vni => of_vni(text).into(),
            Self::Tcvn3 => of_tcvn3(text).into(),
        }
    }
}

/// Whether a text is Vietnamese as it stands. Plain headlines (`Cà Mau: Xóa nhà tranh tre`) have
/// none of the letters that no other language has, and the tables of old fonts would turn their
/// words into other ones.
fn is_sound(text: &str) -> bool {
    let words = syllable::count(text);
    is_vietnamese(text) || (words.all > 0 && words.syllables * 2 >= words.all)
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

fn of_tcvn3(text: &str) -> String {
    let own = |letter: char| {
        let place = u32::from(letter).checked_sub(0xa0)?;
        TCVN3.chars().nth(usize::try_from(place).ok()?)
    };
    let mut out = String::with_capacity(text.len());
    for word in text.split_inclusive(|letter: char| letter.is_ascii_whitespace()) {
        // Capitals with marks have a font of their own, in which they are written as small letters.
        let capitals = word.chars().filter(char::is_ascii_uppercase).count() > 1
            && !word.chars().any(|letter| letter.is_ascii_lowercase());
        let letters = word.chars().map(|letter| own(letter).unwrap_or(letter));
        match capitals {
            true => out.extend(letters.flat_map(char::to_uppercase)),
            false => out.extend(letters),
        }
    }
    out
}

fn of_vni(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut previous = ' ';
    for letter in text.chars() {
        let vowel = "aeiouyAEIOUYöôÖÔ".contains(previous);
        match (vni_marks(letter).filter(|_| vowel), vni_letter(letter)) {
            (Some(marks), _) => out.push_str(marks),
            (None, Some(own)) => out.push(own),
            (None, None) => out.push(letter),
        }
        previous = letter;
    }
    out.nfc().collect()
}

fn vni_marks(letter: char) -> Option<&'static str> {
    VNI_MARKS
        .iter()
        .find(|(sign, _)| *sign == letter || sign.to_uppercase().eq([letter]))
        .map(|(_, marks)| *marks)
}

fn vni_letter(letter: char) -> Option<char> {
    VNI_LETTERS
        .iter()
        .find(|(sign, _)| *sign == letter)
        .map(|(_, own)| *own)
}

#[cfg(test)]
mod tests {
    use encoding_rs::{WINDOWS_1252, WINDOWS_1258};

    use super::*;

    const OWN: &str = "Cần Đước: Vụ rau màu giữa năm phủ xanh đồng Long Khê";

    fn recovered(text: &str) -> Result<Cow<'_, str>, Garbled> {
        Letters::of(text).map(|letters| letters.mend(text))
    }

    #[test]
    fn letters_of_another_system_become_their_own() {
        let vni = "Caàn Ñöôùc: Vuï rau maøu giöõa naêm phuû xanh ñoàng Long Kheâ";
        assert_eq!(recovered(vni).unwrap(), OWN);
        let tcvn3 = "CÇn §\u{ad}íc: Vô rau mµu gi÷a n¨m phñ xanh ®ång Long Khª";
        assert_eq!(recovered(tcvn3).unwrap(), OWN);
        for encoding in [WINDOWS_1252, WINDOWS_1258] {
            let (mojibake, _, _) = encoding.decode(OWN.as_bytes());
            assert_eq!(recovered(&mojibake).unwrap(), OWN);
        }
        let (mojibake, _, _) = WINDOWS_1252.decode(OWN.as_bytes());
        let (twice, _, _) = WINDOWS_1252.decode(mojibake.as_bytes());
        assert_eq!(recovered(&twice).unwrap(), OWN);
        for (garbled, own) in [
            ("Cáº§n Ä\u{90}Æ°á»›c", "Cần Đước"),
            (
                "Cần Đước: â€œDân vận khéoâ€\u{9d}",
                "Cần Đước: “Dân vận khéo”",
            ),
            (
                "Những ngÃ y giá»¯a vụ, cầu BÃ Ninh, lÃºa chÃ\u{ad}n",
                "Những ngày giữa vụ, cầu Bà Ninh, lúa chín",
            ),
        ] {
            assert_eq!(recovered(garbled).unwrap(), own);
        }
        assert_eq!(
            recovered("HäC SINH Lµm §åNG Lóa").unwrap(),
            "HỌC SINH Làm ĐỒNG Lúa"
        );
    }

    #[test]
    fn sound_text_is_left_alone_whatever_its_language() {
        for sound in [
            OWN,
            "Le café où naître à Noël, déjà créé; le «Monde» et le «Figaro» l’été",
            "Müller in Köln: Grüße, schöne Bäume und größere Häuser für München",
            "São Paulo não é só uma cidade; é também ação e emoção à noite",
            "El niño soñó con montañas; también canción, corazón y razón",
            "Blåbær på fjellet, rødt øl og søte æbler i Tromsø",
            "Giải thưởng Sony® Walkman® và Nintendo®",
            "Sony® Walkman® · Canon® EOS® «Pro» ©2023 ±5° µm",
            "so\u{ad}ft hy\u{ad}phens in ev\u{ad}ery wo\u{ad}rd of this li\u{ad}ne",
            "Long An",
            "Cô giáo và học trò",
            "Thông tin giá vàng hôm nay",
            "Nhà nông xã Long Hòa làm giàu nhanh",
            "Xã Long Cang: Ra quân làm giao thông nông thôn",
            "Cà Mau: Xóa nhà tranh tre",
            "Tình quân dân",
            "Cô giáo trao quà cho 3 bé nghèo",
            "Xóa nhà lá, xây nhà tình nghĩa cho bà con nghèo",
            "Khánh thành nhà máy xay lúa trên vùng quê nghèo.",
            "Hà Giang, Cà Mau and Phú Yên welcome record visitors",
        ] {
            assert_eq!(recovered(sound).as_deref(), Ok(sound));
        }
    }

    #[test]
    fn what_cannot_be_recovered_whole_is_named() {
        assert_eq!(
            recovered("C¸nh ®ång lóa ®Ñp, §µi ph¸tx thanhª huyÖn nhµo"),
            Err(Garbled::Tcvn3)
        );
        assert_eq!(
            recovered("Caàn Ñöôùc: Vuï rau maøu giöõa naêm phuûq xanh ñoàng"),
            Err(Garbled::Vni)
        );
        assert_eq!(
            recovered("Cáº§n Vá»¥ rau giá»¯a \u{e1}\u{bb}\u{fffd}"),
            Err(Garbled::Mojibake)
        );
    }
}
