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
    let name = word.trim_end_matches(|letter: char| "+-:.0123456789".contains(letter));
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

/// `+7`, `+07`, `+0700`, `+07:00`, `+7:00` as seconds.
fn signed_hours(number: &str) -> Option<i32> {
    let sign = match number.chars().next()? {
        '+' => 1,
        '-' => -1,
        _ => return None,
    };
    let figures = number.get(1..)?;
    let (hours, minutes) = match (figures.split_once([':', '.']), figures.len()) {
        (Some(parts), _) => parts,
        (None, 1 | 2) => (figures, "0"),
        (None, 4) => figures.split_at_checked(2)?,
        _ => return None,
    };
    let (hours, minutes) = (hours.parse::<u8>().ok()?, minutes.parse::<u8>().ok()?);
    let seconds = i32::from(hours) * 3600 + i32::from(minutes) * 60;
    (minutes < 60 && seconds <= 14 * 3600).then_some(sign * seconds)
}
