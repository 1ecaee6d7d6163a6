//! When to try again. Pure: the dice are thrown by the caller, and the peer's word wins.

use std::time::Duration;

use jiff::Timestamp;
use jiff::fmt::rfc2822;

use crate::clock::later;

/// How long to wait after failures in a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetryPolicy {
    /// After the first.
    pub delay_first: Duration,
    /// Never longer than this, unless the peer asks for it.
    pub delay_max: Duration,
}

/// Nobody is believed who asks for a longer silence: a mistyped header must not end a year's work.
pub const SERVER_DELAY_MAX: Duration = Duration::from_secs(24 * 3600);

impl RetryPolicy {
    /// When the next try may start after `failures_in_a_row` of them: doubled each time, spread
    /// over the upper half by `spread` in `0.0..1.0`, and not before the peer wants it.
    pub fn next(
        &self,
        failures_in_a_row: u32,
        server: Option<Timestamp>,
        now: Timestamp,
        spread: f64,
    ) -> Timestamp {
        let doublings = failures_in_a_row.saturating_sub(1).min(16);
        let doubled = self.delay_first.saturating_mul(1 << doublings);
        let delay = doubled
            .min(self.delay_max)
            .mul_f64(0.5 + spread.clamp(0.0, 1.0) / 2.0);
        let backoff = later(now, delay);
        let server = server.map(|until| until.min(later(now, SERVER_DELAY_MAX)));
        server.map_or(backoff, |until| backoff.max(until))
    }
}

/// Reads a `Retry-After` header: seconds, or a date.
pub fn retry_after(value: &str, now: Timestamp) -> Option<Timestamp> {
    match value.trim().parse::<u64>() {
        Ok(seconds) => Some(later(now, Duration::from_secs(seconds))),
        Err(_) => http_date(value),
    }
}

/// Reads the date of an HTTP header.
pub fn http_date(value: &str) -> Option<Timestamp> {
    rfc2822::DateTimeParser::new()
        .relaxed_weekday(true)
        .parse_timestamp(value.trim())
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const POLICY: RetryPolicy = RetryPolicy {
        delay_first: Duration::from_secs(60),
        delay_max: Duration::from_secs(3600),
    };

    fn seconds(failures: u32, server: Option<i64>, spread: f64) -> i64 {
        let server = server.map(|second| Timestamp::from_second(second).unwrap());
        POLICY
            .next(failures, server, Timestamp::UNIX_EPOCH, spread)
            .as_second()
    }

    #[test]
    fn each_failure_doubles_the_wait_up_to_the_longest() {
        let waits: Vec<i64> = (1..=8)
            .map(|failures| seconds(failures, None, 1.0))
            .collect();
        assert_eq!(waits, [60, 120, 240, 480, 960, 1920, 3600, 3600]);
        assert_eq!(seconds(u32::MAX, None, 0.0), 1800);
    }

    #[test]
    fn the_peers_word_wins_within_reason() {
        assert_eq!(seconds(1, Some(7200), 0.5), 7200);
        assert_eq!(seconds(1, Some(10), 1.0), 60);
        assert_eq!(seconds(1, Some(1 << 36), 1.0), 86_400);
    }

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        let at = |value| retry_after(value, Timestamp::UNIX_EPOCH).map(Timestamp::as_second);
        assert_eq!(at("120"), Some(120));
        assert_eq!(at("Thu, 01 Jan 1970 00:01:00 GMT"), Some(60));
        assert_eq!(at("soon"), None);
    }
}
