//! When a feed may be polled next. Pure.

use std::time::Duration;

use jiff::Timestamp;

use crate::clock::saturating;
use crate::retry::RetryPolicy;

/// Polls of one rhythm drift apart by up to this share of it, so that a hundred bots started by
/// one power cut do not knock together.
const JITTER: f64 = 0.1;

/// How a feed has been doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct FeedHealth {
    /// Polls that failed since one last went well.
    pub failures_in_a_row: u32,
    /// When it may be polled next; `None`: now.
    pub next_poll_at: Option<Timestamp>,
}

impl FeedHealth {
    /// After a poll that went well. `spread` is drawn by the caller, in `0.0..1.0`.
    pub fn after_success(self, now: Timestamp, poll_every: Duration, spread: f64) -> Self {
        let delay = poll_every.mul_f64(1.0 + JITTER * spread.clamp(0.0, 1.0));
        Self {
            failures_in_a_row: 0,
            next_poll_at: now.checked_add(saturating(delay)).ok(),
        }
    }

    /// After a poll that failed: sooner than the rhythm at first, since most failures are hiccups,
    /// then later and later, and not before the site wants it.
    pub fn after_failure(
        self,
        now: Timestamp,
        retry: &RetryPolicy,
        server: Option<Timestamp>,
        spread: f64,
    ) -> Self {
        let failures_in_a_row = self.failures_in_a_row.saturating_add(1);
        Self {
            failures_in_a_row,
            next_poll_at: Some(retry.next(failures_in_a_row, server, now, spread)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RETRY: RetryPolicy = RetryPolicy {
        delay_first: Duration::from_secs(60),
        delay_max: Duration::from_secs(7200),
    };
    const RHYTHM: Duration = Duration::from_secs(600);

    fn seconds(health: FeedHealth) -> i64 {
        health.next_poll_at.unwrap().as_second()
    }

    #[test]
    fn a_good_poll_is_followed_by_the_rhythm_and_a_little() {
        let health = FeedHealth {
            failures_in_a_row: 3,
            next_poll_at: None,
        };
        let after = health.after_success(Timestamp::UNIX_EPOCH, RHYTHM, 0.5);
        assert_eq!((after.failures_in_a_row, seconds(after)), (0, 630));
    }

    #[test]
    fn failures_back_off_and_the_sites_word_wins() {
        let mut health = FeedHealth::default();
        let mut waits = Vec::new();
        for _ in 0..4 {
            health = health.after_failure(Timestamp::UNIX_EPOCH, &RETRY, None, 1.0);
            waits.push(seconds(health));
        }
        assert_eq!(waits, [60, 120, 240, 480]);
        let asked = Timestamp::from_second(3600).ok();
        let after = health.after_failure(Timestamp::UNIX_EPOCH, &RETRY, asked, 1.0);
        assert_eq!(seconds(after), 3600);
    }
}
