//! Causes in the reader's language. The layers below say in English why something failed, and the
//! journal keeps it so; who shows a cause translates it.

use std::sync::LazyLock;

use serde::Deserialize;

use super::Language;

/// What varies in a cause.
const GAP: &str = "{}";
/// What stands between causes that hold together.
const JOINT: &str = "; ";

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
    ///
    /// Several causes may be joined by `; `, and a name may stand before one: `canduoc: …`.
    pub fn cause(self, english: &str) -> String {
        if self == Self::En {
            return english.to_owned();
        }
        self.whole(english)
            .or_else(|| self.joined(english))
            .or_else(|| self.behind_a_name(english))
            .unwrap_or_else(|| english.to_owned())
    }

    fn whole(self, english: &str) -> Option<String> {
        let (cause, found) = CAUSES
            .iter()
            .find_map(|cause| Some((cause, gaps(&cause.en, english)?)))?;
        let mut text = cause.vi.clone();
        for (place, inner) in found.iter().enumerate() {
            let word = self.find(&format!("word.{inner}")).unwrap_or(inner);
            text = text
                .replace(&format!("{{{place}w}}"), word)
                .replace(&format!("{{{place}}}"), &self.cause(inner));
        }
        Some(text)
    }

    fn joined(self, english: &str) -> Option<String> {
        let (first, rest) = english.split_once(JOINT)?;
        Some(format!("{}{JOINT}{}", self.cause(first), self.cause(rest)))
    }

    fn behind_a_name(self, english: &str) -> Option<String> {
        let (name, cause) = english.split_once(": ")?;
        let is_name = !name.is_empty() && !name.contains(char::is_whitespace);
        is_name.then(|| format!("{name}: {}", self.cause(cause)))
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
            "không đọc được Trang: kết nối bị ngắt giữa chừng: máy chủ từ chối kết nối"
        );
        assert_eq!(Language::En.cause(said), said);
    }

    #[test]
    fn causes_that_are_joined_or_stand_behind_a_name_are_translated_one_by_one() {
        assert_eq!(
            Language::Vi.cause("21 new at once; flood_over = 20; its page is read first"),
            "21 bài mới cùng lúc; flood_over = 20; đọc trang của bài trước"
        );
        assert_eq!(
            Language::Vi.cause("canduoc35: the Page could not be read: no answer in time"),
            "canduoc35: không đọc được Trang: không trả lời trong thời gian chờ"
        );
        assert_eq!(
            Language::Vi.cause("a record that is published cannot be approved"),
            "bài đang ở trạng thái “đã đăng”, không thể chuyển thành “đã duyệt”"
        );
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
                let places = [format!("{{{place}}}"), format!("{{{place}w}}")];
                let is_said = places.iter().any(|place| cause.vi.contains(place));
                assert!(is_said, "{}", cause.vi);
            }
        }
    }

    #[test]
    fn nothing_is_translated_twice() {
        let mut seen = BTreeSet::new();
        let twice = CAUSES.iter().filter(|cause| !seen.insert(&cause.en));
        assert_eq!(
            twice.map(|cause| &cause.en).collect::<Vec<_>>(),
            Vec::<&String>::new()
        );
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
            gapped(&lines.concat())
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

    /// The files in which rules, and what the story tells of them, are put into words.
    const RULES: [&str; 21] = [
        include_str!("../article/select.rs"),
        include_str!("../desk/queue.rs"),
        include_str!("../desk/records.rs"),
        include_str!("../desk/stories.rs"),
        include_str!("../ledger/books.rs"),
        include_str!("../ledger/disk.rs"),
        include_str!("../ledger/disk/words.rs"),
        include_str!("../ledger/step.rs"),
        include_str!("../poller/decide.rs"),
        include_str!("../poller/enrich.rs"),
        include_str!("../poller/gone.rs"),
        include_str!("../poller/identify.rs"),
        include_str!("../poller/place.rs"),
        include_str!("../poller/reading.rs"),
        include_str!("../publisher.rs"),
        include_str!("../publisher/acquaint.rs"),
        include_str!("../publisher/attempt.rs"),
        include_str!("../publisher/follow.rs"),
        include_str!("../publisher/look.rs"),
        include_str!("../publisher/reconcile.rs"),
        include_str!("../publisher/settle.rs"),
    ];
    /// What is said to the log.
    const LOGGED: [&str; 3] = ["info!(", "warn!(", "debug!("];
    /// What is said to whoever reads the sources, or to a site.
    const ASIDE: [&str; 3] = ["//", "reason = ", "accept: "];

    /// The sentences of a source, with gaps for what varies. Most stand alone on their lines.
    fn sentences(source: &str) -> Vec<String> {
        let code = source.split("#[cfg(test)]").next().unwrap_or_default();
        let mut sentences = Vec::new();
        let mut logging = false;
        for line in code.lines() {
            let has = |marks: &[&str]| marks.iter().any(|mark| line.contains(mark));
            logging |= has(&LOGGED);
            let passed_over = logging || has(&ASIDE);
            logging &= !line.trim_end().ends_with(';');
            if passed_over {
                continue;
            }
            let plain = line.replace("\\\"", "\u{1}");
            let quoted = plain.split('"').skip(1).step_by(2);
            let said = quoted.filter(|text| text.trim().contains(' '));
            sentences.extend(said.map(|text| gapped(&text.replace('\u{1}', "\""))));
        }
        sentences
    }

    /// A format string as a pattern.
    fn gapped(text: &str) -> String {
        let mut parts = text.split('{');
        let mut pattern = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            pattern.push_str(GAP);
            pattern.push_str(part.split_once('}').map_or(part, |(_, rest)| rest));
        }
        pattern
    }

    #[test]
    fn every_rule_and_every_detail_of_a_story_can_be_read_in_vietnamese() {
        let said: BTreeSet<String> = RULES.into_iter().flat_map(sentences).collect();
        assert!(said.len() > 30, "{said:?}");
        // A command and a setting are the same in every language.
        let same = ["loa post", "corrections = \"ignore\""];
        let missing: Vec<&String> = said
            .iter()
            .filter(|text| !same.contains(&text.as_str()))
            .filter(|text| Language::Vi.cause(text) == **text)
            .collect();
        assert_eq!(missing, Vec::<&String>::new());
    }
}
