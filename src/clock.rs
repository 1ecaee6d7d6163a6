//! Time, handed in. Nothing else in the program asks the machine what time it is or sleeps.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use tokio::sync::watch;

/// A future that ends when some time has passed.
pub type Sleep = Pin<Box<dyn Future<Output = ()> + Send>>;

/// Tells the time and waits for it.
pub trait Clock: Send + Sync {
    /// The wall clock. May jump: never decide from it alone whether a post exists.
    fn now(&self) -> Timestamp;

    /// Time since some moment before, that goes on evenly whatever the wall clock does: for ages
    /// within one process. May stand still while the machine sleeps.
    fn uptime(&self) -> Duration;

    /// Ends after `duration` of uninterrupted time, whatever the wall clock does meanwhile.
    fn sleep(&self, duration: Duration) -> Sleep;
}

/// When the machine was first asked for its uptime.
#[expect(clippy::disallowed_methods, reason = "this is the one place that asks")]
static STARTED: LazyLock<Instant> = LazyLock::new(Instant::now);

/// The machine's own clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the one place that asks")]
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    fn uptime(&self) -> Duration {
        STARTED.elapsed()
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "this is the one place that sleeps"
    )]
    fn sleep(&self, duration: Duration) -> Sleep {
        Box::pin(tokio::time::sleep(duration))
    }
}

/// A clock that stands still until it is told to move: for tests, and for the rehearsal page.
#[derive(Debug, Clone)]
pub struct ManualClock {
    now: Arc<Mutex<Timestamp>>,
    uptime: Arc<Mutex<Duration>>,
    moved: watch::Sender<Timestamp>,
}

impl ManualClock {
    /// A clock that shows `now`.
    pub fn at(now: Timestamp) -> Self {
        Self {
            now: Arc::new(Mutex::new(now)),
            uptime: Arc::default(),
            moved: watch::Sender::new(now),
        }
    }

    /// Moves time forward and wakes everyone whose wait is over.
    pub fn advance(&self, duration: Duration) {
        let mut now = self.now.lock().unwrap_or_else(PoisonError::into_inner);
        *now = now.saturating_add(saturating(duration)).unwrap_or(*now);
        let mut uptime = self.uptime.lock().unwrap_or_else(PoisonError::into_inner);
        *uptime = uptime.saturating_add(duration);
        self.moved.send_replace(*now);
    }

    /// How many wait for their time to come.
    pub fn sleepers(&self) -> usize {
        self.moved.receiver_count()
    }

    /// Sets the wall clock, backwards too, as an operator or a time server might.
    pub fn set(&self, to: Timestamp) {
        *self.now.lock().unwrap_or_else(PoisonError::into_inner) = to;
        self.moved.send_replace(to);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        *self.now.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn uptime(&self) -> Duration {
        *self.uptime.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn sleep(&self, duration: Duration) -> Sleep {
        let until = self
            .now()
            .saturating_add(saturating(duration))
            .unwrap_or(Timestamp::MAX);
        let mut moved = self.moved.subscribe();
        Box::pin(async move {
            // An error means that the clock is gone, and with it whoever could move it.
            let _ = moved.wait_for(|now| *now >= until).await;
        })
    }
}

/// A duration as jiff counts them; one beyond its range is as good as for ever.
pub fn saturating(duration: Duration) -> jiff::SignedDuration {
    jiff::SignedDuration::try_from(duration).unwrap_or(jiff::SignedDuration::MAX)
}

/// The moment so much later; one beyond all calendars never comes.
pub fn later(moment: Timestamp, by: Duration) -> Timestamp {
    moment.checked_add(saturating(by)).unwrap_or(Timestamp::MAX)
}

/// A length of time as a person writes it, in the largest unit that leaves no rest: `3d`, `90m`.
pub fn written(length: Duration) -> String {
    const UNITS: [(u64, &str); 3] = [(86_400, "d"), (3600, "h"), (60, "m")];
    let seconds = length.as_secs();
    let whole = |(size, _): &(u64, &str)| seconds > 0 && seconds.is_multiple_of(*size);
    let (size, unit) = UNITS.into_iter().find(whole).unwrap_or((1, "s"));
    format!("{}{unit}", seconds / size)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_manual_clock_wakes_a_sleeper_only_when_its_time_has_come() {
        let clock = ManualClock::at(Timestamp::UNIX_EPOCH);
        let mut sleep = clock.sleep(Duration::from_secs(60));

        clock.advance(Duration::from_secs(59));
        assert!(futures::poll!(&mut sleep).is_pending());

        clock.advance(Duration::from_secs(1));
        sleep.await;
        assert_eq!(clock.now().as_second(), 60);
    }
}
