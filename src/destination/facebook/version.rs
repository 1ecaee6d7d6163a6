//! Versions of the Graph API. A call that names an expired one is not refused: it is served by the
//! oldest that is left, and behaves differently without a word.
//! <https://developers.facebook.com/docs/graph-api/guides/versioning>.

use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

/// When versions end, as far as was known when this was written:
/// <https://developers.facebook.com/docs/graph-api/changelog>. Newer ones live two years at least.
const ENDS: [(&str, Date); 7] = [
    ("v19.0", Date::constant(2026, 5, 21)),
    ("v20.0", Date::constant(2026, 9, 24)),
    ("v21.0", Date::constant(2027, 1, 21)),
    ("v22.0", Date::constant(2027, 5, 20)),
    ("v23.0", Date::constant(2027, 10, 8)),
    ("v24.0", Date::constant(2028, 2, 18)),
    ("v25.0", Date::constant(2028, 7, 29)),
];
/// Older versions had ended before all of these.
const ENDED_UP_TO: u32 = 18;
/// A person is told so long before the end.
const TOLD_BEFORE: SignedDuration = SignedDuration::from_hours(60 * 24);

/// The day on which the version ends, if that is near or past.
pub(super) fn near_its_end(version: &str, now: Timestamp) -> Option<Date> {
    let ended = major(version).is_some_and(|number| number <= ENDED_UP_TO);
    if ended {
        return Some(Date::constant(2026, 5, 21));
    }
    let (_, end) = ENDS.into_iter().find(|(known, _)| *known == version)?;
    let end_at = end
        .to_datetime(Time::midnight())
        .to_zoned_datetime(TimeZone::UTC)
        .ok()?
        .timestamp();
    (end_at.duration_since(now) <= TOLD_BEFORE).then_some(end)
}

/// Whether the call was served by another version than it named.
pub(super) fn is_other(asked: &str, served: &str) -> bool {
    match (major(asked), major(served)) {
        (Some(asked), Some(served)) => asked != served,
        _ => false,
    }
}

fn major(version: &str) -> Option<u32> {
    version.strip_prefix('v')?.split('.').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_end_is_told_two_months_before_and_ever_after() {
        let told = |version, now: &str| near_its_end(version, now.parse().unwrap()).is_some();
        assert!(!told("v25.0", "2028-05-29T00:00:00Z"));
        assert!(told("v25.0", "2028-05-31T00:00:00Z"));
        assert!(told("v25.0", "2030-01-01T00:00:00Z"));
        assert!(told("v19.0", "2026-11-25T00:00:00Z"));
        assert!(
            !told("v26.0", "2030-01-01T00:00:00Z"),
            "nothing is known of its end"
        );
    }

    #[test]
    fn only_another_number_is_another_version() {
        assert!(is_other("v20.0", "v22.0"));
        assert!(!is_other("v26.0", "v26.0"));
        assert!(!is_other("v26.0", "unknown"));
    }
}
