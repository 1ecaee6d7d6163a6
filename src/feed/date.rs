//! Dates as feeds and pages write them. Pure. What is not certain is `None`: a wrong date would
//! hold an article back or let an old one out.

use jiff::civil::DateTime;
use jiff::tz::{Offset, TimeZone};
use jiff::{SignedDuration, Timestamp};

use self::found::Found;
pub use self::habits::{Dates, Reader};

mod clock;
mod found;
mod habits;
mod zone;

/// Years before the web or far beyond today are defaults and mistakes.
const YEARS: std::ops::RangeInclusive<i16> = 1990..=2100;

/// A date as its label says.
struct Literal {
    moment: Timestamp,
    /// Whether it is labelled as Greenwich's time.
    greenwich: bool,
}

/// Which of the numbers in `5/6/2023` is the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Order {
    /// The first, unless `AM` or `PM` says that an American wrote it, and no word a Vietnamese.
    Written,
    /// The first.
    DayFirst,
    /// The second.
    MonthFirst,
    /// Nothing tells: such a date is none.
    Unclear,
}

/// Reads a date text. Where it names no zone, `zone` is the site's; where it names no time of
/// day, it is the day's beginning.
pub fn read(text: &str, zone: &TimeZone) -> Option<Timestamp> {
    Some(read_literal(text, zone, Order::Written)?.moment)
}

fn read_literal(text: &str, zone: &TimeZone, order: Order) -> Option<Literal> {
    let text = small(text);
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        let moment = digits(&text, zone)?;
        return Some(Literal {
            moment,
            greenwich: false,
        });
    }
    let words = words(&text);
    let mut found = Found::default();
    found.take_all(&words);
    let date = found.date(order)?;
    let time = found.time()?;
    if !YEARS.contains(&date.year()) {
        return None;
    }
    let local = DateTime::from_parts(date, time);
    let moment = match found.offset {
        Some(offset) => offset.to_timestamp(local).ok()?,
        None => local.to_zoned_datetime(zone.clone()).ok()?.timestamp(),
    };
    Some(Literal {
        moment,
        greenwich: found.offset == Some(Offset::UTC),
    })
}

/// Nothing but digits: seconds or milliseconds since 1970, or a date run together.
fn digits(text: &str, zone: &TimeZone) -> Option<Timestamp> {
    match text.len() {
        8 => digits(&format!("{text}000000"), zone),
        10 => Timestamp::from_second(text.parse().ok()?).ok(),
        13 => Timestamp::from_millisecond(text.parse().ok()?).ok(),
        14 => {
            let local = DateTime::strptime("%Y%m%d%H%M%S", text).ok()?;
            let moment = local.to_zoned_datetime(zone.clone()).ok()?;
            YEARS.contains(&local.year()).then(|| moment.timestamp())
        }
        _ => None,
    }
}

/// A date text in small letters, with what belongs together together: `17 / 5 / 2023`, `GMT + 7`.
fn small(text: &str) -> String {
    let text = crate::markup::tidy(text).to_lowercase();
    text.replace(" + ", "+").replace(" / ", "/")
}

/// Cuts a text where dates are cut: at blanks, commas, bars and brackets, a date before the `T` of
/// its time, and a month that is named between dashes.
fn words(text: &str) -> Vec<String> {
    let marks = [',', '|', '(', ')', '[', ']'];
    let split = |letter: char| letter.is_whitespace() || marks.contains(&letter);
    text.split(split)
        .filter(|word| !word.is_empty() && *word != "-")
        .flat_map(|word| match word.split_once('t') {
            Some((date, time)) if found::is_numeric(date) => vec![date.to_owned(), time.to_owned()],
            _ if found::names_month(word) => word.split('-').map(ToOwned::to_owned).collect(),
            _ => vec![word.to_owned()],
        })
        .collect()
}

/// Whether a moment can be when an article appeared, seen at `now`: one that lies further ahead
/// than a site's clock goes wrong is an announcement or a mistake.
pub fn trustworthy(moment: Timestamp, now: Timestamp) -> bool {
    moment.duration_since(now) < SignedDuration::from_hours(24)
}

#[cfg(test)]
mod tests;
