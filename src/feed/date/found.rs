//! What the words of a date say, one after the other.

use jiff::civil::{Date, Time};
use jiff::tz::Offset;

use super::Order;
use super::clock::{Clock, Half};
use super::zone;

/// English months, by their first three letters.
const MONTHS: [&str; 12] = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
];
/// What stands in front of a Vietnamese month, also in short.
const MONTH_WORDS: [&str; 4] = ["tháng", "thg", "thg.", "th"];
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
/// Words that only a Vietnamese writes beside a date; nobody writes the month first there.
const VIETNAMESE: [&str; 8] = ["thứ", "chủ", "cn", "ngày", "lúc", "giờ", "sa", "ch"];
/// What has been read of a date so far.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// Three numbers, and the mark between them.
    pub(super) numeric: Option<(i16, i16, i16, char)>,
    day: Option<i8>,
    month: Option<i8>,
    year: Option<i16>,
    clock: Option<Clock>,
    /// Its seconds are written.
    to_the_second: bool,
    half: Option<Half>,
    american: bool,
    /// It has words that only a Vietnamese writes.
    pub(super) vietnamese: bool,
    pub(super) offset: Option<Offset>,
    nonsense: bool,
}

impl Found {
    pub(super) fn take_all(&mut self, words: &[String]) {
        let mut rest = words;
        while let Some((word, after)) = rest.split_first() {
            self.vietnamese |= VIETNAMESE.contains(&word.as_str());
            if let Some((clock, after)) = Clock::read_words(rest) {
                self.clock = Some(clock);
                self.vietnamese = true;
                rest = after;
                continue;
            }
            let next = after.first().map(String::as_str);
            rest = match (word.as_str(), next) {
                (word, Some(name)) if MONTH_WORDS.contains(&word) && self.take_month(name) => {
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

    fn take_month(&mut self, name: &str) -> bool {
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
            || self.take_short_month(word)
            || self.take_number(word);
        // Words around a date ("Ngày", "Thứ tư,", "Wednesday") say nothing; words like "trước"
        // (ago) say that it is none, and so may any figures that nobody understands.
        let figures = word.contains(|letter: char| letter.is_ascii_digit());
        self.nonsense |= !taken && (figures || ["trước", "ago", "phút"].contains(&word));
    }

    fn take_half(&mut self, word: &str) -> bool {
        let word = word.replace('.', "");
        let half = Half::of(&word);
        self.half = half.or(self.half);
        self.american |= ["am", "pm"].contains(&word.as_str());
        self.vietnamese |= half.is_some() && !self.american;
        half.is_some()
    }

    /// A time of day, with a half of the day or a zone close behind it.
    fn take_clock(&mut self, word: &str) -> bool {
        if self.is_offset_without_sign(word) {
            return self.take_zone(&format!("+{word}"));
        }
        let (clock, behind) = Clock::split(word);
        let Some(read) = Clock::read(clock) else {
            return false;
        };
        // Of two times, such as those of an event, nobody knows which it was.
        self.nonsense |= self.clock.is_some_and(|known| known != read);
        self.to_the_second = clock.matches(':').count() == 2;
        self.clock = Some(read);
        behind.is_empty() || self.take_half(behind) || self.take_zone(behind)
    }

    /// `09:47:00 07:00`, `09:47:00 0700` behind a date: the plus was taken for the blank of an address.
    fn is_offset_without_sign(&self, word: &str) -> bool {
        let dated = self.numeric.is_some() || self.year.is_some();
        let figures = word.replacen(':', "", 1);
        let hours = figures.len() == 4 && figures.bytes().all(|byte| byte.is_ascii_digit());
        dated && self.to_the_second && hours
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
        self.nonsense |= word.split(mark).any(was_never_set);
        self.numeric = Some((one, two, three, mark));
        true
    }

    /// `may`, `september`, `th5`.
    fn take_short_month(&mut self, word: &str) -> bool {
        if word
            .strip_prefix("th")
            .is_some_and(|name| self.take_month(name))
        {
            return true;
        }
        let found = MONTHS.iter().position(|month| word.starts_with(month));
        let month = found.and_then(|place| i8::try_from(place + 1).ok());
        self.month = month.or(self.month);
        month.is_some()
    }

    fn take_number(&mut self, word: &str) -> bool {
        let ordinal = ["st", "nd", "rd", "th"];
        let figures = ordinal.iter().find_map(|end| word.strip_suffix(end));
        let Ok(number) = figures.unwrap_or(word).parse::<i16>() else {
            return false;
        };
        self.nonsense |= was_never_set(word);
        match (self.day, self.year) {
            (None, _) if number <= 31 => self.day = i8::try_from(number).ok(),
            (_, None) => self.year = Some(full_year(number)),
            _ => return false,
        }
        true
    }

    pub(super) fn date(&self, order: Order) -> Option<Date> {
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
            Order::Written => Some(self.american && !self.vietnamese),
            Order::DayFirst => Some(false),
            Order::MonthFirst => Some(true),
            Order::Unclear => None,
        }
    }

    pub(super) fn time(&self) -> Option<Time> {
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

/// The year `0001`: a program's date that was never set.
fn was_never_set(figures: &str) -> bool {
    figures.len() > 2 && figures.starts_with('0')
}

/// `17-may-2023`.
pub(super) fn names_month(word: &str) -> bool {
    let mut parts = word.split('-').skip(1);
    let month = parts.next().unwrap_or_default();
    MONTHS.contains(&month) && parts.next().is_some()
}

/// `2023-05-17`, `17/5/2023`.
pub(super) fn is_numeric(word: &str) -> bool {
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    ['-', '/', '.']
        .into_iter()
        .any(|mark| word.split(mark).count() == 3 && word.split(mark).all(is_number))
}
