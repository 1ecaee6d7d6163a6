//! Every text that people read, in Vietnamese and English, in one place: two tables with the same
//! keys. Knows nothing of who says them.

mod causes;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

/// The languages there are.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Default,
    Serialize,
    Deserialize,
    schemars::JsonSchema,
    clap::ValueEnum,
)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// Vietnamese, the language of the office.
    #[default]
    Vi,
    /// English.
    En,
}

type Texts = BTreeMap<String, String>;

static VI: LazyLock<Texts> = LazyLock::new(|| read(include_str!("language/vi.toml")));
static EN: LazyLock<Texts> = LazyLock::new(|| read(include_str!("language/en.toml")));

impl Language {
    /// Its code, as in a document's `lang`.
    pub fn code(self) -> &'static str {
        match self {
            Self::Vi => "vi",
            Self::En => "en",
        }
    }

    /// The text with its places filled in: `{name}` by the value given for `name`, which is
    /// translated where it is a cause: `{why}`.
    ///
    /// A key that is in no table is said as it is; a test sees to it that there is none.
    pub fn say(self, key: &str, values: &[(&str, &str)]) -> String {
        let mut text = self
            .texts()
            .get(key)
            .cloned()
            .unwrap_or_else(|| key.to_owned());
        for (name, value) in values {
            let place = format!("{{{name}}}");
            text = match *name {
                "why" => text.replace(&place, &self.cause(value)),
                _ => text.replace(&place, value),
            };
        }
        text
    }

    /// The text of a key that may be in no table.
    pub fn find(self, key: &str) -> Option<&'static str> {
        self.texts().get(key).map(String::as_str)
    }

    fn texts(self) -> &'static Texts {
        match self {
            Self::Vi => &VI,
            Self::En => &EN,
        }
    }
}

/// A table whose keys are joined by dots.
fn read(table: &str) -> Texts {
    let mut texts = Texts::new();
    if let Ok(table) = table.parse::<toml::Table>() {
        flatten("", &toml::Value::Table(table), &mut texts);
    }
    texts
}

fn flatten(path: &str, value: &toml::Value, texts: &mut Texts) {
    match value {
        toml::Value::Table(table) => {
            for (key, value) in table {
                let path = if path.is_empty() {
                    key.clone()
                } else {
                    format!("{path}.{key}")
                };
                flatten(&path, value, texts);
            }
        }
        toml::Value::String(text) => {
            texts.insert(path.to_owned(), text.clone());
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::*;

    fn places(text: &str) -> BTreeSet<&str> {
        let opened = text.split('{').skip(1);
        let inner = opened.filter_map(|rest| Some(rest.split_once('}')?.0));
        inner
            .filter(|name| name.bytes().all(|byte| byte.is_ascii_lowercase()))
            .collect()
    }

    #[test]
    fn both_tables_say_the_same_things_about_the_same_values() {
        let keys = |texts: &Texts| texts.keys().cloned().collect::<BTreeSet<_>>();
        assert!(!VI.is_empty());
        assert_eq!(keys(&VI), keys(&EN));
        for (key, text) in VI.iter() {
            assert!(
                !text.trim().is_empty() && !EN[key].trim().is_empty(),
                "{key}"
            );
            assert_eq!(places(text), places(&EN[key]), "{key}");
        }
    }

    /// Everything that the program is written in.
    pub(super) fn all_sources() -> String {
        let mut source = String::new();
        sources(
            &Path::new(env!("CARGO_MANIFEST_DIR")).join("src"),
            &mut source,
        );
        source
    }

    fn sources(dir: &Path, found: &mut String) {
        for entry in std::fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                sources(&path, found);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                found.push_str(&std::fs::read_to_string(path).unwrap());
            }
        }
    }

    /// Keys are words joined by dots and written as literals: that is how the test finds them.
    #[test]
    fn every_text_is_said_somewhere_and_everything_said_is_in_the_tables() {
        let source = all_sources();
        let literals: BTreeSet<&str> = source.split('"').collect();
        let groups: BTreeSet<&str> = VI
            .keys()
            .filter_map(|key| Some(key.split_once('.')?.0))
            .collect();
        let said = |key: &str| {
            literals.contains(key) || key.starts_with("help.") || key.starts_with("word.")
        };
        let unsaid: Vec<&String> = VI.keys().filter(|key| !said(key)).collect();
        assert_eq!(unsaid, Vec::<&String>::new());
        let is_key = |literal: &&str| {
            let mut parts = literal.split('.');
            parts.next().is_some_and(|group| groups.contains(group))
                && parts.next().is_some_and(|rest| {
                    !rest.is_empty()
                        && rest
                            .chars()
                            .all(|letter| letter.is_ascii_lowercase() || letter == '-')
                })
                && parts.next().is_none()
        };
        let missing: Vec<&str> = literals
            .into_iter()
            .filter(is_key)
            .filter(|key| !VI.contains_key(*key))
            .collect();
        assert_eq!(missing, Vec::<&str>::new());
    }
}
