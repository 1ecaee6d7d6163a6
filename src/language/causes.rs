//! Causes in the reader's language. The layers below say in English why something failed, and the
//! journal keeps it so; who shows a cause translates it.

use std::sync::LazyLock;

use serde::Deserialize;

use super::Language;

/// What varies in a cause.
const GAP: &str = "{}";

static CAUSES: LazyLock<Vec<Cause>> = LazyLock::new(|| {
    let read = toml::from_str::<Table>(include_str!("causes.toml"));
    let mut causes = read.map(|table| table.cause).unwrap_or_default();
    // Whoever says more is surely the one who is meant.
    causes.sort_by_key(|cause| std::cmp::Reverse(cause.en.replace(GAP, "").len()));
    causes
});

#[derive(Deserialize)]
struct Table {
    cause: Vec<Cause>,
}

#[derive(Deserialize)]
struct Cause {
    en: String,
    vi: String,
}

impl Language {
    /// A cause as its reader would put it; one that nobody has translated stays as it is.
    pub fn cause(self, english: &str) -> String {
        let known = match self {
            Self::En => None,
            Self::Vi => CAUSES
                .iter()
                .find_map(|cause| Some((cause, gaps(&cause.en, english)?))),
        };
        let Some((cause, found)) = known else {
            return english.to_owned();
        };
        let places = found.iter().enumerate();
        places.fold(cause.vi.clone(), |text, (place, inner)| {
            text.replace(&format!("{{{place}}}"), &self.cause(inner))
        })
    }
}

/// What stands in the gaps of a pattern; `None` where the text does not fit.
fn gaps<'a>(pattern: &str, text: &'a str) -> Option<Vec<&'a str>> {
    let mut parts = pattern.split(GAP);
    let mut rest = text.strip_prefix(parts.next()?)?;
    let mut found = Vec::new();
    let mut parts = parts.peekable();
    while let Some(part) = parts.next() {
        let end = match parts.peek() {
            // The last part ends the text, and an empty one takes all that is left.
            None => rest.strip_suffix(part)?.len(),
            Some(_) => rest.find(part)?,
        };
        let (inner, after) = rest.split_at_checked(end)?;
        found.push(inner);
        rest = after.strip_prefix(part)?;
    }
    rest.is_empty().then_some(found)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn a_cause_within_a_cause_is_translated_too() {
        let said =
            "the Page could not be read: the answer broke off: Connection refused (os error 111)";
        assert_eq!(
            Language::Vi.cause(said),
            "không đọc được Trang: đường truyền đứt giữa chừng: máy bên kia từ chối kết nối"
        );
        assert_eq!(Language::En.cause(said), said);
    }

    #[test]
    fn what_nobody_has_translated_stays_as_it_is() {
        let said = "(#506) Duplicate status message";
        assert_eq!(Language::Vi.cause(said), said);
    }

    #[test]
    fn every_gap_has_its_place_in_the_translation() {
        for cause in CAUSES.iter() {
            for place in 0..cause.en.matches(GAP).count() {
                assert!(cause.vi.contains(&format!("{{{place}}}")), "{}", cause.vi);
            }
        }
    }

    /// The English text of every error of ours, as its `#[error(…)]` says it.
    fn errors_of_ours() -> BTreeSet<String> {
        let source = crate::language::tests::all_sources();
        // Put together, so that it is not found here.
        let attribute = ["#[", "error("].concat();
        let attributes = source.split(attribute.as_str()).skip(1);
        let literals = attributes.filter_map(|rest| {
            let literal = rest.trim_start().strip_prefix('"')?;
            Some(literal.split_once('"')?.0.to_owned())
        });
        let joined = literals.map(|literal| {
            let lines: Vec<&str> = literal.split("\\\n").map(str::trim_start).collect();
            let text = lines.concat();
            let mut parts = text.split('{');
            let mut pattern = parts.next().unwrap_or_default().to_owned();
            for part in parts {
                pattern.push_str(GAP);
                pattern.push_str(part.split_once('}').map_or(part, |(_, rest)| rest));
            }
            pattern
        });
        joined.filter(|pattern| pattern != GAP).collect()
    }

    #[test]
    fn every_error_of_ours_can_be_read_in_vietnamese() {
        let errors = errors_of_ours();
        assert!(errors.len() > 50, "{errors:?}");
        let known: BTreeSet<String> = CAUSES.iter().map(|cause| cause.en.clone()).collect();
        let missing: Vec<&String> = errors.difference(&known).collect();
        assert_eq!(missing, Vec::<&String>::new());
    }
}
