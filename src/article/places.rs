//! What places are called today. The names stand in `places.toml` beside this file, which ships with the
//! program; an office adds its own.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;
use toml::Spanned;

use super::rules::{RulesError, RulesFile, text_of};
use super::text::matching_form;

/// What an office calls its own.
pub const PLACES_FILE: &str = "places.toml";
/// The names that ship with the program.
const SHIPPED: &str = include_str!("places.toml");
/// Under which name they are spoken of.
const SHIPPED_NAME: &str = "places.toml (comes with the program)";

/// Places by all that they are and were called.
#[derive(Debug, Clone, Default)]
pub struct Places {
    /// Today's name by each phrase, as words between single blanks.
    names: BTreeMap<String, String>,
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
            places.names.extend(parse(path, &text)?.names);
        }
        Ok(places)
    }

    /// What a place is called today: `xã Long Trạch` is `Rạch Kiến`. What nobody knows keeps the
    /// name it has.
    pub fn today<'a>(&'a self, phrase: &'a str) -> &'a str {
        let known = self.names.get(&words(phrase));
        known.map_or(phrase.trim(), String::as_str)
    }

    /// The places that a text names, by today's names, in the order in which it does.
    pub fn named_in(&self, text: &str) -> Vec<String> {
        let text = words(text);
        let mut mentions: Vec<(usize, usize, &str)> = Vec::new();
        for (phrase, name) in &self.names {
            let found = text.match_indices(phrase.as_str());
            mentions.extend(found.map(|(at, _)| (at, phrase.len(), name.as_str())));
        }
        // Of two at one place the longer is meant: `xã Tân Lân Đông` is not `xã Tân Lân`.
        mentions.sort_by_key(|(at, length, _)| (*at, std::cmp::Reverse(*length)));
        let mut named: Vec<String> = Vec::new();
        let mut behind = 0;
        for (at, length, name) in mentions {
            if at >= behind {
                behind = at + length - 1;
                if !named.iter().any(|known| known == name) {
                    named.push(name.to_owned());
                }
            }
        }
        named
    }
}

fn parse(path: &Path, text: &str) -> Result<Places, RulesError> {
    let file = RulesFile::new(path, text);
    let written: Written = file.parse()?;
    let mut names = BTreeMap::new();
    for place in written.place {
        let span = place.name.span();
        let name = place.name.into_inner();
        let own = (format!("{} {name}", place.kind), span);
        let was = place.was.into_iter();
        for (phrase, span) in was
            .map(|phrase| (phrase.as_ref().clone(), phrase.span()))
            .chain([own])
        {
            let form = words(&phrase);
            if form.trim().is_empty() {
                return Err(file.wrong(&span, "a place needs a name"));
            }
            names.insert(form, name.clone());
        }
    }
    Ok(Places { names })
}

/// A text as words between single blanks, as they compare.
fn words(text: &str) -> String {
    let form = matching_form(text);
    let words = form.split(|letter: char| !letter.is_alphanumeric());
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    format!(" {} ", words.join(" "))
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
