//! When a scheduled post is to appear, in the forms in which that may be said:
//! <https://developers.facebook.com/docs/pages-api/posts>.

use jiff::{SignedDuration, Timestamp};

/// Nothing is scheduled closer than this.
const AHEAD_LEAST: SignedDuration = SignedDuration::from_mins(10);

/// The moment that `text` names, if a post may be scheduled for it: seconds, ISO 8601, or a few of
/// the words that PHP's `strtotime` understands.
pub(super) fn moment(text: &str, now: Timestamp, days_most: u32) -> Option<Timestamp> {
    let moment = seconds(text)
        .or_else(|| text.parse().ok())
        .or_else(|| without_colon(text))
        .or_else(|| relative(text, now))?;
    within(moment, now, days_most)
}

/// The moment as `/photos` takes it: seconds and nothing else.
pub(super) fn moment_in_seconds(text: &str, now: Timestamp, days_most: u32) -> Option<Timestamp> {
    within(seconds(text)?, now, days_most)
}

fn within(moment: Timestamp, now: Timestamp, days_most: u32) -> Option<Timestamp> {
    let ahead = moment.duration_since(now);
    let most = SignedDuration::from_hours(24 * i64::from(days_most));
    (AHEAD_LEAST..=most).contains(&ahead).then_some(moment)
}

fn seconds(text: &str) -> Option<Timestamp> {
    Timestamp::from_second(text.parse().ok()?).ok()
}

/// As documents have it: `2026-11-24T05:00:00+0000`.
fn without_colon(text: &str) -> Option<Timestamp> {
    Timestamp::strptime("%Y-%m-%dT%H:%M:%S%z", text).ok()
}

/// `+2 hours`, `tomorrow`.
fn relative(text: &str, now: Timestamp) -> Option<Timestamp> {
    let hours = |hours| now.checked_add(SignedDuration::from_hours(hours)).ok();
    if text.trim() == "tomorrow" {
        return hours(24);
    }
    let (count, unit) = text.trim().strip_prefix('+')?.split_once(' ')?;
    let count: i64 = count.parse().ok()?;
    match unit.trim_end_matches('s') {
        "minute" => now.checked_add(SignedDuration::from_mins(count)).ok(),
        "hour" => hours(count),
        "day" => hours(count.checked_mul(24)?),
        _ => None,
    }
}
