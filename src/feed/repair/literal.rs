//! Literal sections: where one ends that nobody closed, or that its own text seems to close. Pure.

use std::borrow::Cow;

pub(super) const LITERAL: &str = "<![CDATA[";
pub(super) const LITERAL_END: &str = "]]>";
const SENTENCE_END: &str = ". ";

/// Sections are written in capitals, and end without blanks.
pub(super) fn with_literals_as_known(text: &str) -> Cow<'_, str> {
    match text.contains("<![cdata[") || text.contains("]] >") {
        true => text
            .replace("<![cdata[", LITERAL)
            .replace("]] >", LITERAL_END)
            .into(),
        false => text.into(),
    }
}

/// What stands in a literal section of an element, and what stands behind it. A section may seem
/// to end early, where its own text has such an end in it: its last end before the element's own
/// is meant, unless another section begins before that.
pub(super) fn literal_text<'a>(literal: &'a str, element: &str) -> (&'a str, &'a str) {
    if let Some(end) = unclosed_end(literal, element) {
        return literal.split_at(end);
    }
    let Some((content, after)) = literal.split_once(LITERAL_END) else {
        return (literal, "");
    };
    let reach = after.split(LITERAL).next().unwrap_or_default();
    let close = format!("</{element}");
    if element.is_empty() || reach.trim_start().starts_with(&close) {
        return (content, after);
    }
    let last = reach
        .find(&close)
        .and_then(|close| reach.get(..close)?.rfind(LITERAL_END));
    let end = last.map(|last| content.len() + LITERAL_END.len() + last);
    match end.and_then(|end| Some((literal.get(..end)?, literal.get(end..)?))) {
        Some((content, after)) => (content, after.strip_prefix(LITERAL_END).unwrap_or(after)),
        None => (content, after),
    }
}

/// Where a section that nobody closed ends: at the end of its element, if another section or entry
/// begins before the next end of one.
fn unclosed_end(literal: &str, element: &str) -> Option<usize> {
    let close = literal
        .find(&format!("</{element}>"))
        .filter(|_| !element.is_empty())?;
    let end = literal.find(LITERAL_END).unwrap_or(literal.len());
    let between = literal.get(close..end)?;
    let begins = [LITERAL, "<item>", "<item ", "<entry>", "<entry "];
    begins
        .iter()
        .any(|begins| between.contains(begins))
        .then_some(close)
}

/// Literal text without ends of sections in it. One section within another is the same text; any
/// other break stands in code or damage, and the sentence around it is not for readers, where it
/// is one of several.
pub(super) fn without_breaks<'a>(content: &'a str, element: &str) -> Cow<'a, str> {
    if content.contains(LITERAL) {
        return content.replace(LITERAL, "").replace(LITERAL_END, "").into();
    }
    let (Some((before, _)), Some((_, after))) = (
        content.split_once(LITERAL_END),
        content.rsplit_once(LITERAL_END),
    ) else {
        return content.into();
    };
    match before.rfind(SENTENCE_END) {
        Some(end) if !element.ends_with("title") => {
            let kept = before.get(..=end).unwrap_or_default();
            let next = after
                .find(SENTENCE_END)
                .and_then(|end| after.get(end + 1..));
            format!("{kept}{}", next.unwrap_or_default()).into()
        }
        _ => content.replace(LITERAL_END, "").into(),
    }
}

/// Whether each literal section ends, and only once.
pub(super) fn sections_are_clean(text: &str) -> bool {
    let mut parts = text
        .split(LITERAL)
        .map(|part| part.matches(LITERAL_END).count());
    parts.next() == Some(0) && parts.all(|ends| ends == 1)
}
