//! Dates as feeds and pages write them. Pure. What is not certain is `None`: a wrong date would
//! hold an article back or let an old one out.

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::{Offset, TimeZone};
use jiff::{SignedDuration, Timestamp};

use self::clock::{Clock, Half};
pub use self::habits::{Dates, Reader};

mod clock;
mod habits;
mod zone;

/// Years before the web or far beyond today are defaults and mistakes.
const YEARS: std::ops::RangeInclusive<i16> = 1990..=2100;
/// English months, by their first three letters.
const MONTHS: [&str; 12] = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
];
/// Vietnamese month names, where they are written out.
const MONTHS_VI: [&str; 12] = [
    "một",
    "hai",
    "ba",
    "tư",
    "năm",
    "sáu",
    "bảy",
    "tám",
    "chín",
    "mười",
    "mười một",
    "mười hai",
];
/// What stands behind `Thứ`.
const WEEKDAYS: [&str; 12] = [
    "2", "3", "4", "5", "6", "7", "hai", "ba", "tư", "năm", "sáu", "bảy",
];
/// A date as its label says.
struct Literal {
    moment: Timestamp,
    /// Whether it is labelled as Greenwich's time.
    greenwich: bool,
}

/// Which of the numbers in `5/6/2023` is the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Order {
    /// The first, unless `AM` or `PM` says that an American wrote it.
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
    let text = crate::markup::tidy(text).to_lowercase().replace(" + ", "+");
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

/// Cuts a text where dates are cut: at blanks, commas, bars and brackets, an ISO date before its
/// time, and a month that is named between dashes.
fn words(text: &str) -> Vec<String> {
    let split =
        |letter: char| letter.is_whitespace() || [',', '|', '(', ')', '[', ']'].contains(&letter);
    text.split(split)
        .filter(|word| !word.is_empty() && *word != "-")
        .flat_map(|word| match word.split_once('t') {
            Some((date, time)) if is_iso(date) => vec![date.to_owned(), time.to_owned()],
            _ if has_named_month(word) => word.split('-').map(ToOwned::to_owned).collect(),
            _ => vec![word.to_owned()],
        })
        .collect()
}

/// `17-may-2023`.
fn has_named_month(word: &str) -> bool {
    let mut parts = word.split('-').skip(1);
    let month = parts.next().unwrap_or_default();
    MONTHS.contains(&month) && parts.next().is_some()
}

fn is_iso(word: &str) -> bool {
    let parts: Vec<&str> = word.split('-').collect();
    matches!(parts.as_slice(), [year, month, day] if year.len() == 4
        && [year, month, day].iter().all(|part| part.bytes().all(|byte| byte.is_ascii_digit())))
}

/// What has been read of a date so far.
#[derive(Debug, Default)]
struct Found {
    numeric: Option<(i16, i16, i16, char)>,
    day: Option<i8>,
    month: Option<i8>,
    year: Option<i16>,
    clock: Option<Clock>,
    half: Option<Half>,
    american: bool,
    offset: Option<Offset>,
    nonsense: bool,
}

impl Found {
    fn take_all(&mut self, words: &[String]) {
        let mut rest = words;
        while let Some((word, after)) = rest.split_first() {
            if let Some((clock, after)) = Clock::read_words(rest) {
                self.clock = Some(clock);
                rest = after;
                continue;
            }
            let next = after.first().map(String::as_str);
            rest = match (word.as_str(), next) {
                ("tháng", Some(name)) if self.vietnamese_month(name) => {
                    after.get(1..).unwrap_or_default()
                }
                ("năm", Some(year)) if year.len() == 4 => {
                    self.year = year.parse().ok();
                    after.get(1..).unwrap_or_default()
                }
                ("thứ", Some(day)) if WEEKDAYS.contains(&day) => {
                    after.get(1..).unwrap_or_default()
                }
                (word, _) => {
                    self.take(word);
                    after
                }
            };
        }
    }

    fn vietnamese_month(&mut self, name: &str) -> bool {
        let number = name.parse().ok().or_else(|| {
            let place = MONTHS_VI.iter().position(|month| *month == name)?;
            i8::try_from(place + 1).ok()
        });
        self.month = number.or(self.month);
        number.is_some()
    }

    fn take(&mut self, word: &str) {
        let taken = is_aside(word)
            || self.take_half(word)
            || self.take_clock(word)
            || self.take_zone(word)
            || self.take_numeric(word)
            || self.take_english_month(word)
            || self.take_number(word);
        // Words around a date ("Ngày", "Thứ tư,", "Wednesday") say nothing; words like "trước"
        // (ago) say that it is none, and so may any figures that nobody understands.
        let figures = word.contains(|letter: char| letter.is_ascii_digit());
        self.nonsense |= !taken && (figures || ["trước", "ago", "phút", "giờ"].contains(&word));
    }

    fn take_half(&mut self, word: &str) -> bool {
        let half = Half::of(word);
        self.half = half.or(self.half);
        self.american |= ["am", "pm"].contains(&word);
        half.is_some()
    }

    /// A time of day, with a zone or half of the day behind it or none.
    fn take_clock(&mut self, word: &str) -> bool {
        let half = ["am", "pm"].into_iter().find(|half| word.ends_with(half));
        if let Some((clock, half)) = half.and_then(|half| Some((word.strip_suffix(half)?, half))) {
            return !clock.is_empty() && self.take_clock(clock) && self.take_half(half);
        }
        let end = word.find(['+', 'z']).or_else(|| word.rfind('-'));
        let (clock, zone) = word.split_at(end.unwrap_or(word.len()));
        let Some(clock) = Clock::read(clock) else {
            return false;
        };
        self.clock = Some(clock);
        zone.is_empty() || self.take_zone(zone)
    }

    fn take_zone(&mut self, word: &str) -> bool {
        let offset = zone::offset(word);
        self.offset = offset.or(self.offset);
        offset.is_some()
    }

    /// `17/05/2023`, `2023-05-17`, `17.5.2023`.
    fn take_numeric(&mut self, word: &str) -> bool {
        let Some(mark) = ['/', '-', '.']
            .into_iter()
            .find(|mark| word.contains(*mark))
        else {
            return false;
        };
        let mut parts = word.split(mark).map(str::parse);
        let (Some(Ok(one)), Some(Ok(two)), Some(Ok(three)), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return false;
        };
        // `0001-01-01`: a date that was never set.
        self.nonsense |= word
            .split(mark)
            .any(|part| part.len() > 2 && part.starts_with('0'));
        self.numeric = Some((one, two, three, mark));
        true
    }

    fn take_english_month(&mut self, word: &str) -> bool {
        let found = MONTHS.iter().position(|month| word.starts_with(month));
        let month = found.and_then(|place| i8::try_from(place + 1).ok());
        self.month = month.or(self.month);
        month.is_some()
    }

    fn take_number(&mut self, word: &str) -> bool {
        let Ok(number) = word.parse::<i16>() else {
            return false;
        };
        match (self.day, self.year) {
            (None, _) if number <= 31 => self.day = i8::try_from(number).ok(),
            (_, None) => self.year = Some(full_year(number)),
            _ => return false,
        }
        true
    }

    fn date(&self, order: Order) -> Option<Date> {
        if self.nonsense {
            return None;
        }
        let Some((one, two, three, mark)) = self.numeric else {
            return Date::new(self.year?, self.month?, self.day?).ok();
        };
        let (year, month, day) = if one > 31 {
            (one, two, three)
        } else if self.month_first(one, two, mark, order)? {
            (full_year(three), one, two)
        } else {
            (full_year(three), two, one)
        };
        Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
    }

    /// Whether the month comes first. `None`: that cannot be told, and would matter.
    fn month_first(&self, one: i16, two: i16, mark: char, order: Order) -> Option<bool> {
        if one > 12 || two > 12 || one == two || mark != '/' {
            return Some(two > 12 && one <= 12);
        }
        match order {
            Order::Written => Some(self.american),
            Order::DayFirst => Some(false),
            Order::MonthFirst => Some(true),
            Order::Unclear => None,
        }
    }

    fn time(&self) -> Option<Time> {
        match self.clock {
            Some(clock) => clock.time(self.half),
            None => Some(Time::midnight()),
        }
    }
}

/// What stands beside a date and has figures: `T4` for a weekday, `1.234` for how often it was read.
fn is_aside(word: &str) -> bool {
    let weekday = word
        .strip_prefix('t')
        .is_some_and(|day| WEEKDAYS.contains(&day));
    let mut groups = word.split('.');
    let first = groups.next().unwrap_or_default();
    let digits = |group: &str| !group.is_empty() && group.bytes().all(|byte| byte.is_ascii_digit());
    let count = word.contains('.') && groups.all(|group| group.len() == 3 && digits(group));
    weekday || (count && first.len() <= 3 && digits(first))
}

fn full_year(number: i16) -> i16 {
    if (0..100).contains(&number) {
        2000 + number
    } else {
        number
    }
}

/// Whether a moment can be when an article appeared, seen at `now`: one that lies further ahead
/// than a site's clock goes wrong is an announcement or a mistake.
pub fn trustworthy(moment: Timestamp, now: Timestamp) -> bool {
    moment.duration_since(now) < SignedDuration::from_hours(24)
}

#[cfg(test)]
mod tests;
