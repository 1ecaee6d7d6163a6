//! When an article appeared, to the minute: what the page tells machines, else what it shows.

use dom_query::{Document, NodeRef};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::facts::Facts;
use super::line;
use super::sites::Site;
use crate::feed::date;

/// Where sites put the time, if nothing else is known of them.
const TIMES: [&str; 8] = [
    "time[datetime]",
    "[itemprop='datePublished']",
    "time",
    ".date",
    ".time",
    ".publish-date",
    ".post-date",
    ".detail-time",
];
/// A line with a time in it that is longer is no dateline, in characters.
const LINE_CHARS_MAX: usize = 80;
/// An element that holds more is no dateline.
const NODES_MAX: usize = 20;
/// How many elements around the headline are looked at for a dateline.
const ELEMENTS_MAX: usize = 200;
/// How far from the headline that is, in holders.
const HOLDERS_MAX: usize = 4;

/// When the article appeared. `zone` is that of times which name none.
pub(super) fn published(
    document: &Document,
    facts: &Facts,
    site: &Site,
    headline: Option<&NodeRef<'_>>,
    zone: &TimeZone,
) -> Option<Timestamp> {
    let told = facts.published.as_deref();
    if let Some(told) = told.filter(|text| has_clock(text))
        && let Some(moment) = date::read(told, zone)
    {
        return Some(moment);
    }
    let places = site.time.iter().map(String::as_str).chain(TIMES);
    let shown = places
        .filter_map(|place| document.try_select(place))
        .flat_map(|found| found.nodes().to_vec())
        .filter_map(|node| time_of(&node));
    let mut shown: Vec<String> = shown.collect();
    if !shown.iter().any(|text| has_clock(text)) {
        shown.extend(headline.map(around).unwrap_or_default());
    }
    let exact = shown.iter().filter(|text| has_clock(text));
    let vague = told.into_iter().chain(shown.iter().map(String::as_str));
    exact
        .map(String::as_str)
        .chain(vague)
        .find_map(|text| date::read(text, zone))
}

/// Whether a line says when something appeared, and nothing else.
pub(super) fn is_dateline(text: &str) -> bool {
    let letters = text.chars().filter(|letter| letter.is_alphabetic()).count();
    text.chars().count() <= LINE_CHARS_MAX / 2
        && letters <= LINE_CHARS_MAX / 4
        && date::read(text, &TimeZone::UTC).is_some()
}

/// `9:47`, `09h47`, `T09:47`.
fn has_clock(text: &str) -> bool {
    let bytes = text.as_bytes();
    let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    (1..bytes.len()).any(|at| {
        matches!(bytes.get(at), Some(b':' | b'h'))
            && digit(at - 1)
            && digit(at + 1)
            && digit(at + 2)
    })
}

fn time_of(node: &NodeRef<'_>) -> Option<String> {
    if node.descendants_it().nth(NODES_MAX).is_some() {
        return None;
    }
    let machine = node.attr("datetime").or_else(|| node.attr("content"));
    let text = machine.map_or_else(|| line(&crate::markup::text_of(node)), |text| line(&text));
    is_short(&text).then_some(text)
}

fn is_short(text: &str) -> bool {
    !text.is_empty() && text.chars().count() <= LINE_CHARS_MAX
}

/// Short lines with a time of day, the nearest to the headline first.
fn around(headline: &NodeRef<'_>) -> Vec<String> {
    let holders = headline.ancestors_it(Some(HOLDERS_MAX));
    holders
        .flat_map(|holder| {
            let near = holder.descendants_it().filter(NodeRef::is_element);
            near.take(ELEMENTS_MAX)
                .filter_map(|node| time_of(&node))
                .filter(|text| has_clock(text))
                .collect::<Vec<_>>()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dateline_is_told_from_a_sentence_with_a_date() {
        for text in [
            "15:55 15/05/2023",
            "Thứ tư, 17/05/2023 - 09:47",
            "17/05/2023",
        ] {
            assert!(is_dateline(text), "{text}");
        }
        for text in [
            "Từ ngày 4.1.2023 đến 17.5.2023, trạm ghi nhận 3 đợt mặn.",
            "Giờ mở cửa: 7:30",
        ] {
            assert!(!is_dateline(text), "{text}");
        }
    }
}
