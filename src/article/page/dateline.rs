//! When an article appeared, to the minute: what the page tells machines, else what it shows nearest
//! to the headline.

use dom_query::{Document, NodeRef};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::facts::Facts;
use super::near::Near;
use super::sites::Site;
use super::{furniture, line};
use crate::feed::date;

/// How words of class names and ids begin of what holds a time.
const NAMES: [&str; 9] = [
    "date",
    "time",
    "ngay",
    "thoi-gian",
    "thoigian",
    "publish",
    "posted",
    "submitted",
    "created",
];
/// And of what holds the time of a change, or of the only time there is.
const CHANGES: [&str; 3] = ["updated", "cap-nhat", "capnhat"];
/// Where machines read an element's time.
const MACHINE: [&str; 3] = ["datetime", "content", "title"];
/// A line with a time in it that is longer is no dateline, in characters.
const LINE_CHARS_MAX: usize = 80;
/// An element that holds more is no dateline.
const NODES_MAX: usize = 20;
/// How far out from the headline the dateline is looked for, in holders, if nothing calls it one.
const HOLDERS_MAX: usize = 4;
/// How far out from a date the time of day that belongs to it is looked for, in holders.
const CLOCK_HOLDERS_MAX: usize = 3;

/// When the article appeared. `zone` is that of times which name none.
pub(super) fn published(
    document: &Document,
    near: &[Near<'_>],
    facts: &Facts,
    site: &Site,
    zone: &TimeZone,
) -> Option<Timestamp> {
    let told = facts.published.as_deref();
    let exactly_told = told.filter(|text| has_clock(text));
    if let Some(moment) = exactly_told.and_then(|text| date::read(text, zone)) {
        return Some(moment);
    }
    let by_rule = site.time.iter();
    let by_rule = by_rule
        .filter_map(|place| document.try_select(place))
        .flat_map(|found| found.nodes().to_vec())
        .filter_map(|node| Shown::of(&node, zone));
    let beside = near
        .iter()
        .filter(|near| may_be_dateline(near))
        .filter_map(|near| Some((near, Shown::of(&near.node, zone)?)))
        .filter(|(near, _)| !near.is_of_another())
        .map(|(_, shown)| shown);
    let mut vague = told.and_then(|told| date::read(told, zone));
    for shown in by_rule.chain(beside) {
        match shown {
            Shown::Minute(moment) => return Some(moment),
            Shown::Day(moment) => vague = vague.or(Some(moment)),
        }
    }
    vague
}

/// Whether a line says when something appeared, and nothing else.
pub(super) fn is_dateline(text: &str) -> bool {
    let letters = text.chars().filter(|letter| letter.is_alphabetic()).count();
    text.chars().count() <= LINE_CHARS_MAX / 2
        && letters <= LINE_CHARS_MAX / 4
        && date::read(text, &TimeZone::UTC).is_some()
}

/// `9:47`, `09h47`, `T09:47`, `9 giờ 47`.
fn has_clock(text: &str) -> bool {
    let bytes = text.as_bytes();
    let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let in_words = text
        .split(" giờ")
        .next()
        .filter(|before| before.len() < text.len());
    in_words.is_some_and(|before| before.ends_with(|last: char| last.is_ascii_digit()))
        || (1..bytes.len()).any(|at| {
            matches!(bytes.get(at), Some(b':' | b'h' | b'g'))
                && digit(at - 1)
                && digit(at + 1)
                && digit(at + 2)
        })
}

/// Called a time by its page, or a line with a time of day near the headline.
fn may_be_dateline(near: &Near<'_>) -> bool {
    let node = &near.node;
    let named = |names: &[&str]| furniture::has_name_of(node, names);
    let property = node.attr("itemprop").unwrap_or_default();
    let changed = named(&["modified"]) || property.as_ref() == "dateModified";
    if changed || (named(&CHANGES) && !named(&NAMES)) {
        return false;
    }
    let called = node.has_name("time") || property.as_ref() == "datePublished" || named(&NAMES);
    let is_line = |text: String| has_clock(&text) && !is_of_event(&text);
    called || (near.holders <= HOLDERS_MAX && short_text(node).is_some_and(is_line))
}

/// `Thời gian: 7 giờ 30, ngày 1/6/2023`, the first line of many announcements.
fn is_of_event(text: &str) -> bool {
    let lower = text.to_lowercase();
    lower.starts_with("thời gian") && !lower.contains("đăng")
}

/// A time that a page shows.
enum Shown {
    /// To the minute.
    Minute(Timestamp),
    /// Its day alone.
    Day(Timestamp),
}

impl Shown {
    /// What an element says to machines or to people; where that is a day alone, the time of day
    /// may stand beside it.
    fn of(node: &NodeRef<'_>, zone: &TimeZone) -> Option<Self> {
        let inner = node
            .descendants_it()
            .take(NODES_MAX)
            .filter(|inner| inner.has_name("time"));
        let machine = std::iter::once(*node)
            .chain(inner)
            .flat_map(|node| MACHINE.map(|name| node.attr(name)))
            .flatten();
        let mut texts: Vec<String> = machine.map(|text| line(&text)).collect();
        texts.extend(short_text(node));
        let exact = |text: &String| has_clock(text).then(|| date::read(text, zone)).flatten();
        if let Some(moment) = texts.iter().find_map(exact) {
            return Some(Self::Minute(moment));
        }
        let day = texts.iter().find_map(|text| date::read(text, zone))?;
        let holders = node.ancestors_it(Some(CLOCK_HOLDERS_MAX));
        let mut beside = holders.map_while(|holder| short_text(&holder));
        let exact = beside.find_map(|text| exact(&text));
        Some(exact.map_or(Self::Day(day), Self::Minute))
    }
}

/// The text of an element as one line, with blanks between its parts; `None` where it is empty or
/// longer than a dateline.
fn short_text(node: &NodeRef<'_>) -> Option<String> {
    if node.descendants_it().nth(NODES_MAX).is_some() {
        return None;
    }
    let texts = node.descendants_it().filter(NodeRef::is_text);
    let texts: Vec<String> = texts.map(|text| text.text().to_string()).collect();
    let text = line(&texts.join(" "));
    (!text.is_empty() && text.chars().count() <= LINE_CHARS_MAX).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::page::near;

    fn shown(html: &str) -> Option<String> {
        let document = Document::from(html);
        let headline = document.select("h1").nodes().first().copied();
        let near = near::elements(&document, headline.as_ref());
        let (facts, site) = (Facts::default(), Site::default());
        let zone = TimeZone::get("Asia/Ho_Chi_Minh").unwrap();
        let moment = published(&document, &near, &facts, &site, &zone)?;
        Some(
            zone.to_datetime(moment)
                .strftime("%d.%m. %H:%M")
                .to_string(),
        )
    }

    #[test]
    fn the_time_nearest_to_the_headline_is_the_articles() {
        let clock = "<div><div class=date>Thứ tư, 25/11/2026 10:22:15</div></div>";
        let list = "<div><h3>Xã khai giảng lớp xóa mù</h3><time datetime='2023-05-01T08:00'>01/05</time></div>";
        let of = |meta: &str| {
            shown(&format!(
                "{clock}{list}<div class=tin><h1>Tin</h1>{meta}<p>Thân</p></div>{list}"
            ))
        };
        for meta in [
            "<p>18/07/2023 10:20</p>",
            "<div><span>18/07/2023 10:20</span><span>Lượt xem: 88</span></div>",
            "<article><header>Đăng bởi mai vào <time>Thứ ba, 18/07/2023 - 10:20</time></header></article>",
            "<ul><li><time>18/07/2023</time></li><li><time>10:20</time></li></ul>",
            "<span class=date>18/07/2023</span><span class=time>10h20</span>",
            "<p class=ngay>Đăng lúc 10 giờ 20 phút, ngày 18/7/2023</p>",
            "<a><abbr class=published title='2023-07-18T10:20:00+07:00'>10:20</abbr></a>",
            "<time class=updated datetime='2023-07-19T08:00'>19/7</time><p>18/07/2023 10:20</p>",
            "<p>Thời gian: 7 giờ 30, ngày 1/8/2023</p><p>Đăng 18/07/2023 10:20</p>",
            "<i class=itemDateModified>19/07/2023 08:00</i><p>18/07/2023 10:20</p>",
        ] {
            assert_eq!(of(meta).as_deref(), Some("18.07. 10:20"), "{meta}");
        }
        assert_eq!(
            of("<p class=date>18/07/2023</p>").as_deref(),
            Some("18.07. 00:00")
        );
        assert_eq!(of(""), None);
    }

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
