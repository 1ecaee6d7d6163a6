//! One Page as the publisher handles it: where it is, what it asks for, and what it last showed.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::Mutex;

use super::pictures::DefaultPictures;
use super::plan::Manners;
use super::reconcile::Patience;
use super::token::Right;
use super::{Progress, Stop};
use crate::clock::{Clock, saturating};
use crate::config::Corrections;
use crate::destination::{Destination, ReadError, Reading};
use crate::ledger::state::PageKey;

/// The newest posts that are read: as many as the Page gives in one answer.
pub const POSTS_READ: usize = 100;
/// What the Page showed this long ago is still good enough to claim by.
const READING_AGE_MAX: Duration = Duration::from_secs(60);

/// How long a Page that cannot be reached is left alone.
const UNAVAILABLE_REST: Duration = Duration::from_secs(60);
/// How long a Page that may not be posted to is left alone: a person has to act first.
const NOT_ALLOWED_REST: Duration = Duration::from_secs(15 * 60);
/// A person is told when a Page could not be reached for this long. Facebook's own outages are
/// mostly shorter.
const SILENCE_TOLD: Duration = Duration::from_secs(3 * 3600);
/// Failures further apart than this are two stories: in between, nothing was asked of the Page.
const SILENCE_GAP_MAX: Duration = Duration::from_secs(30 * 60);

/// A Page that articles are published on.
pub struct Page {
    /// By what the ledger knows it.
    pub key: PageKey,
    /// Its name in the settings.
    pub name: String,
    /// The names of the feeds whose articles it gets.
    pub feeds: Vec<String>,
    /// Where it is.
    pub destination: Arc<dyn Destination>,
    /// How it wants to be posted to.
    pub manners: Manners,
    /// How lost answers are looked into.
    pub patience: Patience,
    /// The template of its posts.
    pub template: String,
    /// Pictures or cards.
    pub style: Style,
    /// The most pictures in one post.
    pub images_max: usize,
    /// The pictures of articles that have none.
    pub default_pictures: DefaultPictures,
    /// Whether every post waits for an editor.
    pub review: bool,
    /// More new articles than this in a started day are held as one batch; `None`: no guard.
    pub flood_over: Option<u32>,
    /// What becomes of a post whose article is corrected.
    pub corrections: Corrections,
    /// One at a time: what is being done to the Page, and what it last showed.
    pub hand: Mutex<Hand>,
    /// What the newest look at its token showed.
    pub right: std::sync::Mutex<Right>,
}

/// Whether posts show pictures or the link's card.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// Pictures where the article has a usable one, otherwise the card.
    Auto,
    /// Pictures, otherwise the card.
    Photos,
    /// The card.
    Link,
}

/// What only one task at a time may do or know about a Page.
#[derive(Debug, Default)]
pub struct Hand {
    seen: Option<Seen>,
    /// When the Page's next look is due, by our own clock; only to know when to wake.
    pub next_look: Option<Timestamp>,
    /// How many looks in a row proved nothing.
    pub looks_in_vain: u32,
    /// Until when the Page is left alone, by the machine's uptime.
    resting: Option<Duration>,
    /// Why the Page may not be posted to, if that is what it said last.
    pub not_allowed: Option<String>,
    /// That it cannot be reached.
    silence: Option<Silence>,
}

/// A Page cannot be reached: when that was met first and last, by the machine's uptime, and why.
#[derive(Debug)]
struct Silence {
    first: Duration,
    last: Duration,
    why: String,
}

/// What the Page showed, and when: by the wall clock, which may have been set back since, and by
/// the machine's uptime, which may have stood still.
#[derive(Debug)]
struct Seen {
    reading: Reading,
    at: Timestamp,
    uptime: Duration,
}

impl Seen {
    /// Young by both clocks: an old reading would hide what has been posted since.
    fn is_young(&self, clock: &dyn Clock) -> bool {
        let now = clock.now();
        self.at <= now
            && now.duration_since(self.at) <= saturating(READING_AGE_MAX)
            && clock.uptime().saturating_sub(self.uptime) <= READING_AGE_MAX
    }
}

impl Hand {
    /// Leaves the Page alone for a while after an answer that stopped the work.
    pub(super) fn rest_after(&mut self, progress: &Progress, clock: &dyn Clock) {
        let rest = match progress {
            Progress::Stopped(Stop::Unavailable(_)) => UNAVAILABLE_REST,
            Progress::Stopped(Stop::NotAllowed(_)) => NOT_ALLOWED_REST,
            // Nothing was asked of the Page.
            Progress::Idle(_) => return,
            _ => {
                self.silence = None;
                return self.wake();
            }
        };
        let now = clock.uptime();
        if let Progress::Stopped(Stop::Unavailable(why)) = progress {
            let before = self.silence.take();
            let one = before.filter(|before| now.saturating_sub(before.last) <= SILENCE_GAP_MAX);
            self.silence = Some(Silence {
                first: one.map_or(now, |one| one.first),
                last: now,
                why: why.clone(),
            });
        }
        self.resting = Some(now.saturating_add(rest));
    }

    /// Why the Page cannot be reached, once that has lasted for so long that a person should know.
    pub fn silent(&self, clock: &dyn Clock) -> Option<&str> {
        let silence = self.silence.as_ref()?;
        let lasted = silence.last.saturating_sub(silence.first);
        let lasts = clock.uptime().saturating_sub(silence.last) <= SILENCE_GAP_MAX;
        (lasts && lasted >= SILENCE_TOLD).then_some(silence.why.as_str())
    }

    /// The token was replaced: what was said of the old one no longer counts.
    pub fn let_in(&mut self) {
        self.not_allowed = None;
        self.wake();
    }

    /// What the Page showed is no longer so.
    pub(super) fn forget_reading(&mut self) {
        self.seen = None;
    }

    /// Ends a rest: a person did something about what was in the way.
    pub fn wake(&mut self) {
        self.resting = None;
    }

    /// When the Page's rest ends, by our own clock; `None`: it has none.
    pub fn rest_ends(&self, clock: &dyn Clock) -> Option<Timestamp> {
        let left = self.resting?.checked_sub(clock.uptime())?;
        let ends = clock.now().checked_add(saturating(left)).ok();
        ends.filter(|_| !left.is_zero())
    }
}

impl Page {
    /// How the Page wants to be posted to, after what its newest answer told.
    pub fn manners(&self) -> Manners {
        let percent = self.destination.strain().percent;
        self.manners.clone().strained(percent)
    }

    /// What the Page shows, read at most a minute ago.
    ///
    /// # Errors
    /// When it has to be read and cannot be: then nothing may be sent.
    pub async fn reading(&self, hand: &mut Hand, clock: &dyn Clock) -> Result<Reading, ReadError> {
        match &hand.seen {
            Some(seen) if seen.is_young(clock) => Ok(seen.reading.clone()),
            _ => self.read_now(hand, clock).await,
        }
    }

    /// What the Page shows now.
    ///
    /// # Errors
    /// When it cannot be read.
    pub async fn read_now(&self, hand: &mut Hand, clock: &dyn Clock) -> Result<Reading, ReadError> {
        hand.seen = None;
        let (at, uptime) = (clock.now(), clock.uptime());
        let reading = self.destination.read(POSTS_READ).await?;
        hand.not_allowed = None;
        hand.seen = Some(Seen {
            reading: reading.clone(),
            at,
            uptime,
        });
        Ok(reading)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::ManualClock;

    fn seen(clock: &ManualClock) -> Seen {
        Seen {
            reading: Reading {
                posts: Vec::new(),
                page_time: None,
            },
            at: clock.now(),
            uptime: clock.uptime(),
        }
    }

    #[test]
    fn what_was_read_an_hour_ago_is_old_although_the_clock_was_set_back_by_an_hour() {
        let clock = ManualClock::at(Timestamp::UNIX_EPOCH);
        let seen = seen(&clock);
        clock.advance(Duration::from_secs(60));
        assert!(seen.is_young(&clock));
        clock.advance(Duration::from_secs(3600));
        clock.set(Timestamp::UNIX_EPOCH);
        assert!(!seen.is_young(&clock));
    }

    #[test]
    fn what_was_read_before_the_machine_slept_is_old() {
        let clock = ManualClock::at(Timestamp::UNIX_EPOCH);
        let seen = seen(&clock);
        clock.set(Timestamp::from_second(3600).unwrap());
        assert!(!seen.is_young(&clock));
    }
}
