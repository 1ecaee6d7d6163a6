//! Zones as dates name them.

use jiff::tz::Offset;

/// Names of zones that feeds use beside numbers, with their hours east of Greenwich.
const ZONES: [(&str, i8); 13] = [
    ("z", 0),
    ("gmt", 0),
    ("utc", 0),
    ("ut", 0),
    ("ict", 7),
    ("est", -5),
    ("edt", -4),
    ("cst", -6),
    ("cdt", -5),
    ("mst", -7),
    ("mdt", -6),
    ("pst", -8),
    ("pdt", -7),
];

/// `+0700`, `+07:00`, `+07`, `gmt+7`, `ict`, `z`, in small letters.
pub(super) fn offset(word: &str) -> Option<Offset> {
    let name = word.trim_end_matches(|letter: char| "+-:0123456789".contains(letter));
    let number = word.strip_prefix(name).unwrap_or_default();
    let hours = ZONES
        .iter()
        .find(|(zone, _)| *zone == name)
        .map(|(_, hours)| *hours);
    let seconds = match (hours, number) {
        (Some(hours), "") => i32::from(hours) * 3600,
        (None, _) if !name.is_empty() => return None,
        _ => signed_hours(number)?,
    };
    Offset::from_seconds(seconds).ok()
}

/// `+7`, `+07`, `+0700`, `+07:00` as seconds.
fn signed_hours(number: &str) -> Option<i32> {
    let sign = match number.chars().next()? {
        '+' => 1,
        '-' => -1,
        _ => return None,
    };
    let figures: String = number.chars().filter(char::is_ascii_digit).collect();
    let (hours, minutes) = match figures.len() {
        1 | 2 => (figures.as_str(), "0"),
        4 => figures.split_at(2),
        _ => return None,
    };
    let seconds = hours.parse::<i32>().ok()? * 3600 + minutes.parse::<i32>().ok()? * 60;
    (seconds <= 14 * 3600).then_some(sign * seconds)
}
