//! What places are called today. The names stand in `places.toml` beside this file, which ships with the
//! program; an office adds its own.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;

use serde::Deserialize;
use toml::Spanned;

use self::words::{Word, are_together, container, joined, key, kind, next_in_list, words};
use super::rules::{RulesError, RulesFile, text_of};

mod words;

/// What an office calls its own.
pub const PLACES_FILE: &str = "places.toml";
/// The names that ship with the program.
const SHIPPED: &str = include_str!("places.toml");
/// Under which name they are spoken of.
const SHIPPED_NAME: &str = "places.toml (comes with the program)";
/// No name has more words.
const NAME_WORDS_MAX: usize = 6;
/// Places lie within no more others.
const LEVELS_MAX: usize = 4;

/// Places by all that they are and were called.
#[derive(Debug, Clone, Default)]
pub struct Places {
    /// By each phrase.
    known: BTreeMap<String, Place>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Place {
    /// Today's name.
    name: String,
    /// What it lies within, as a phrase.
    within: Option<String>,
    /// The phrase is a name without its kind, and counts in capitals only.
    alone: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    #[serde(default)]
    place: Vec<WrittenPlace>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenPlace {
    name: Spanned<String>,
    kind: String,
    #[serde(default)]
    was: Vec<Spanned<String>>,
    within: Option<String>,
    #[serde(default)]
    alone: bool,
}

impl Places {
    /// The places that ship with the program alone.
    pub fn shipped() -> Self {
        parse(Path::new(SHIPPED_NAME), SHIPPED).unwrap_or_default()
    }

    /// An office's places in `path`, if it has any, beside those that ship; where both know a
    /// phrase, the office does.
    ///
    /// # Errors
    /// When the file cannot be read, or makes no sense.
    pub fn load(path: &Path) -> Result<Self, RulesError> {
        let mut places = Self::shipped();
        if let Some(text) = text_of(path)? {
            places.known.extend(parse(path, &text)?.known);
        }
        Ok(places)
    }

    /// What a place is called today: `xã Long Trạch` is `Rạch Kiến`. What nobody knows keeps the
    /// name it has.
    pub fn today<'a>(&'a self, phrase: &'a str) -> &'a str {
        let words = words(phrase);
        let place = self.read(&words).and_then(|(places, rest)| {
            let ends = rest.is_empty() || container(rest).is_some();
            places.first().copied().filter(|_| ends)
        });
        place.map_or(phrase.trim(), |place| &place.name)
    }

    /// The places that a text names, by today's names, in the order in which it does.
    pub fn named_in(&self, text: &str) -> Vec<String> {
        let words = words(text);
        let mut rest = words.as_slice();
        let mut named: Vec<String> = Vec::new();
        while !rest.is_empty() {
            let (places, behind) = match self.read(rest) {
                Some(found) => found,
                None => (Vec::new(), rest.get(1..).unwrap_or_default()),
            };
            for place in places {
                if !named.contains(&place.name) {
                    named.push(place.name.clone());
                }
            }
            rest = behind;
        }
        named
    }

    /// The places that words begin with, and the words behind them. One kind may stand in front of
    /// several names: `các xã Phước Tuy, Long Sơn và Long Cang`.
    fn read<'a>(&self, text: &'a [Word]) -> Option<(Vec<&Place>, &'a [Word])> {
        let Some((kind, names)) = kind(text) else {
            let (place, rest) = self.place("", text)?;
            return Some((vec![place], rest));
        };
        let (first, mut rest) = self.place(kind, names).or_else(|| self.place("", text))?;
        let mut places = vec![first];
        while let Some((place, behind)) = next_in_list(rest).and_then(|next| self.place(kind, next))
        {
            places.push(place);
            rest = behind;
        }
        if let Some((kind, name)) = container(rest) {
            places.retain(|place| self.lies_within(place, kind, name));
        }
        Some((places, rest))
    }

    /// The place of a kind whose name words begin with; of several the one with the longest.
    fn place<'a>(&self, kind: &str, words: &'a [Word]) -> Option<(&Place, &'a [Word])> {
        (1..=NAME_WORDS_MAX.min(words.len()))
            .rev()
            .find_map(|length| {
                let (name, rest) = words.split_at_checked(length)?;
                let form = joined(name);
                let form = if kind.is_empty() {
                    form
                } else {
                    format!("{kind} {form}")
                };
                let place = self.known.get(&form)?;
                let written = !place.alone || name.iter().all(|word| word.is_name);
                (written && are_together(name.get(1..)?)).then_some((place, rest))
            })
    }

    /// Whether a place lies within what words name. There are communes of one name in many districts:
    /// `xã Long Hòa, huyện Dầu Tiếng` is none of Cần Đước's.
    fn lies_within(&self, place: &Place, kind: &str, name: &[Word]) -> bool {
        let mut levels = Vec::new();
        let mut within = place.within.as_ref();
        while let Some(phrase) = within.filter(|_| levels.len() < LEVELS_MAX) {
            let level = self.known.get(phrase);
            levels.extend(level.map(|level| &level.name));
            within = level.and_then(|level| level.within.as_ref());
        }
        let told = self.place(kind, name);
        levels.is_empty() || told.is_some_and(|(told, _)| levels.contains(&&told.name))
    }
}

fn parse(path: &Path, text: &str) -> Result<Places, RulesError> {
    let file = RulesFile::new(path, text);
    let written: Written = file.parse()?;
    let mut known = BTreeMap::new();
    for place in written.place {
        let span = place.name.span();
        let name = place.name.into_inner();
        let own = (format!("{} {name}", place.kind), span.clone());
        let was = place.was.into_iter();
        let phrases = was.map(|phrase| (phrase.as_ref().clone(), phrase.span()));
        let within = place.within.as_deref().map(key);
        let mut add = |phrase: &str, span: &Range<usize>, alone: bool| {
            let form = key(phrase);
            if form.is_empty() {
                return Err(file.wrong(span, "a place needs a name"));
            }
            let (name, within) = (name.clone(), within.clone());
            known.insert(
                form,
                Place {
                    name,
                    within,
                    alone,
                },
            );
            Ok(())
        };
        for (phrase, span) in phrases.chain([own]) {
            add(&phrase, &span, false)?;
        }
        if place.alone {
            add(&name, &span, true)?;
        }
    }
    Ok(Places { known })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_known_by_all_its_names_in_any_spelling() {
        let places = Places::shipped();
        assert_eq!(places.today("xã Long Trạch"), "Rạch Kiến");
        assert_eq!(places.today("XÃ LONG HOÀ"), "Rạch Kiến");
        assert_eq!(places.today("tỉnh Long An"), "Tây Ninh");
        assert_eq!(places.today("phường Long An"), "phường Long An");
        assert_eq!(
            places.named_in(
                "Sáng 5/7, tại xã Long Hựu Đông (huyện Cần Đước cũ), tỉnh Long An; xã Long Hựu Tây."
            ),
            ["Long Hựu", "Cần Đước", "Tây Ninh"]
        );
        assert_eq!(places.named_in("Không có nơi nào."), Vec::<String>::new());
    }

    #[test]
    fn places_are_known_by_short_kinds_in_lists_and_by_a_name_that_no_other_has() {
        let places = Places::shipped();
        for (text, named) in [
            ("H. Cần Đước và TT. Cần Đước.", "Cần Đước"),
            ("Nông dân Cần Đước vào vụ.", "Cần Đước"),
            ("Nước cần được trữ.", ""),
            (
                "Xã Phước Tuy, Long Sơn và Long Cang",
                "Cần Đước|Mỹ Lệ|Long Cang",
            ),
            ("TPHCM, TP Hồ Chí Minh, Tp. HCM", "TP.HCM"),
            ("tỉnh Bà Rịa-Vũng Tàu", "TP.HCM"),
            ("Các xã: Long Trạch; Phước Vân", "Rạch Kiến|Long Cang"),
            ("tỉnh Đăk Nông", "Lâm Đồng"),
            ("Thái Bình Dương rộng lớn.", ""),
        ] {
            assert_eq!(places.named_in(text).join("|"), named, "{text}");
        }
        assert_eq!(places.today("TT. Cần Đước"), "Cần Đước");
        assert_eq!(
            places.today("xã Long Trạch họp dân"),
            "xã Long Trạch họp dân"
        );
    }

    #[test]
    fn a_commune_of_another_district_is_not_meant() {
        let places = Places::shipped();
        for (text, named) in [
            ("Xã Long Hòa, huyện Dầu Tiếng, tỉnh Bình Dương.", "TP.HCM"),
            ("Xã Long Sơn (TP. Vũng Tàu)", ""),
            ("Các xã Long Hòa và Tân Lân thuộc huyện Gò Dầu", ""),
            (
                "Xã Long Hòa, huyện Cần Đước, tỉnh Long An",
                "Rạch Kiến|Cần Đước|Tây Ninh",
            ),
            ("xã Mỹ Lệ, tỉnh Long An cũ", "Mỹ Lệ|Tây Ninh"),
            ("Về xã Tân Lân, huyện đã hỗ trợ vốn.", "Tân Lân"),
        ] {
            assert_eq!(places.named_in(text).join("|"), named, "{text}");
        }
        let other = "xã Long Hòa, huyện Dầu Tiếng";
        assert_eq!(places.today(other), other);
        assert_eq!(places.today("xã Long Hòa, huyện Cần Đước"), "Rạch Kiến");
    }

    #[test]
    fn all_seventeen_units_of_the_district_have_a_name_today() {
        let text = "thị trấn Cần Đước, xã Phước Tuy, xã Tân Ân, xã Tân Chánh, xã Long Trạch, xã Long Khê, \
            xã Long Hòa, xã Tân Trạch, xã Long Sơn, xã Mỹ Lệ, xã Phước Đông, xã Tân Lân, xã Long Hựu Đông, \
            xã Long Hựu Tây, xã Long Định, xã Phước Vân, xã Long Cang";
        let places = Places::shipped();
        for unit in text.split(", ") {
            assert_ne!(places.today(unit), unit);
        }
        assert_eq!(
            places.named_in(text),
            [
                "Cần Đước",
                "Rạch Kiến",
                "Mỹ Lệ",
                "Tân Lân",
                "Long Hựu",
                "Long Cang"
            ]
        );
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line() {
        let text = "[[place]]\nname = \"A\"\nkind = \"xã\"\nwas = [\"!\"]";
        let fault = parse(Path::new("places.toml"), text).unwrap_err();
        assert_eq!(
            fault.to_string(),
            "places.toml, line 4: a place needs a name"
        );
    }
}
