//! How one feed writes its dates, by what they say about each other and about the clock. Pure.

use std::ops::Range;

use jiff::civil::DateTime;
use jiff::tz::{Offset, TimeZone};
use jiff::{SignedDuration, Timestamp};

use super::{Found, Literal, Order, read_literal, small, words};

/// A site's clock may be ahead of ours by this much.
const CLOCKS_DIFFER: SignedDuration = SignedDuration::from_mins(15);

/// A date that lies further ahead than this is not how it was meant.
const AHEAD_MAX: SignedDuration = SignedDuration::from_hours(24 * 31);

/// When hardly any newsroom publishes, by its own clock.
const NIGHT_HOURS: Range<i8> = 0..6;

/// How the dates of a feed are to be read.
#[derive(Debug, Clone)]
pub struct Dates {
    /// The site's zone, for dates that name none.
    pub zone: TimeZone,
    /// How the site writes its dates, in the letters of `strptime`; `None`: as they come.
    pub format: Option<String>,
    /// When the feed was fetched: what lies ahead of it shows labels that lie. `None`: not known.
    pub fetched: Option<Timestamp>,
}

impl Dates {
    /// Dates as they come, of a site in this zone.
    pub fn in_zone(zone: TimeZone) -> Self {
        Self {
            zone,
            format: None,
            fetched: None,
        }
    }

    /// What the dates of one feed say about each other.
    pub fn habits<'a>(&self, texts: impl IntoIterator<Item = &'a str>) -> Habits {
        let texts: Vec<&str> = texts.into_iter().collect();
        let order = Order::of(&texts, self);
        let labelled = Reader::new(self, Habits::of(order));
        let literals = texts
            .iter()
            .filter_map(|text| labelled.read_as_labelled(text));
        let greenwich = literals.filter(|literal| literal.greenwich);
        let greenwich: Vec<Timestamp> = greenwich.map(|literal| literal.moment).collect();
        Habits {
            order,
            local_as_greenwich: self.are_local(&greenwich),
        }
    }

    /// Whether what is labelled as Greenwich's time is the site's own: something is ahead of the
    /// clock by then, and the newsroom does not work by night. One entry alone may be ahead for
    /// another reason.
    fn are_local(&self, moments: &[Timestamp]) -> bool {
        let ahead = |now| {
            moments
                .iter()
                .any(|moment| self.is_local_time(*moment, now))
        };
        let by_night = |zone: &TimeZone| {
            let hours = moments
                .iter()
                .map(|moment| zone.to_datetime(*moment).hour());
            hours.filter(|hour| NIGHT_HOURS.contains(hour)).count()
        };
        self.fetched.is_some_and(ahead) && by_night(&TimeZone::UTC) <= by_night(&self.zone)
    }

    /// A moment that lies ahead by more than clocks differ, but by no more than the site's zone
    /// lies ahead of Greenwich.
    fn is_local_time(&self, moment: Timestamp, now: Timestamp) -> bool {
        let ahead = moment.duration_since(now);
        let zone = self.zone.to_offset(moment).seconds();
        ahead > CLOCKS_DIFFER && ahead <= SignedDuration::from_secs(i64::from(zone))
    }
}

/// How one feed writes its dates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Habits {
    order: Order,
    /// What it labels as Greenwich's time is the site's own.
    local_as_greenwich: bool,
}

impl Habits {
    fn of(order: Order) -> Self {
        Self {
            order,
            local_as_greenwich: false,
        }
    }
}

/// Reads the dates of one feed.
#[derive(Debug, Clone)]
pub struct Reader {
    zone: TimeZone,
    format: Option<String>,
    habits: Habits,
}

impl Reader {
    /// A reader of dates with these habits.
    pub fn new(dates: &Dates, habits: Habits) -> Self {
        Self {
            zone: dates.zone.clone(),
            format: dates.format.clone(),
            habits,
        }
    }

    /// Reads one date. `None`: what it means is not certain.
    pub fn read(&self, text: &str) -> Option<Timestamp> {
        let literal = self.read_as_labelled(text)?;
        if !(literal.greenwich && self.habits.local_as_greenwich) {
            return Some(literal.moment);
        }
        let local = Offset::UTC.to_datetime(literal.moment);
        Some(local.to_zoned_datetime(self.zone.clone()).ok()?.timestamp())
    }

    fn read_as_labelled(&self, text: &str) -> Option<Literal> {
        let of_format = self.format.as_deref().and_then(|format| {
            let moment = read_format(text.trim(), format, &self.zone)?;
            Some(Literal {
                moment,
                greenwich: false,
            })
        });
        of_format.or_else(|| read_literal(text, &self.zone, self.habits.order))
    }
}

/// Reads a date text in a format of `strptime`'s letters; a zone that it names counts.
fn read_format(text: &str, format: &str, zone: &TimeZone) -> Option<Timestamp> {
    let parsed = jiff::fmt::strtime::parse(format, text).ok()?;
    if let Ok(moment) = parsed.to_timestamp() {
        return Some(moment);
    }
    let date = parsed.to_date().ok()?;
    let time = parsed.to_time().unwrap_or_default();
    let local = DateTime::from_parts(date, time);
    Some(local.to_zoned_datetime(zone.clone()).ok()?.timestamp())
}

impl Order {
    /// What the dates of one source say about each other: those tell whose day is over twelve, whose
    /// words are Vietnamese, or which could only have been written long after they were fetched.
    fn of(texts: &[&str], dates: &Dates) -> Self {
        let (mut day_first, mut month_first) = (false, false);
        for text in texts {
            let mut found = Found::default();
            found.take_all(&words(&small(text)));
            let Some((one, two, _, '/')) = found.numeric else {
                continue;
            };
            let possible = |order| {
                dates.fetched.is_none_or(|now| {
                    read_literal(text, &dates.zone, order)
                        .is_none_or(|read| read.moment.duration_since(now) <= AHEAD_MAX)
                })
            };
            let (by_day, by_month) = (possible(Self::DayFirst), possible(Self::MonthFirst));
            day_first |= (13..=31).contains(&one) || found.vietnamese || (by_day && !by_month);
            month_first |= ((13..=31).contains(&two) && one <= 12) || (by_month && !by_day);
        }
        match (day_first, month_first) {
            (true, false) => Self::DayFirst,
            (false, true) => Self::MonthFirst,
            _ => Self::Unclear,
        }
    }
}
