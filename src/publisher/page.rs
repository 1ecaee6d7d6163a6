//! One Page as the publisher handles it: where it is, what it asks for, and what it last showed.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::Mutex;

use super::plan::Manners;
use super::reconcile::Patience;
use crate::clock::{Clock, saturating};
use crate::destination::{Destination, ReadError, Reading};
use crate::ledger::state::PageKey;

/// The newest posts that are read: as many as the Page gives in one answer.
pub const POSTS_READ: usize = 100;
/// What the Page showed this long ago is still good enough to claim by.
const READING_AGE_MAX: Duration = Duration::from_secs(60);

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
    /// Whether every post waits for an editor.
    pub review: bool,
    /// More new articles than this in a started day are held as one batch; `None`: no guard.
    pub flood_over: Option<u32>,
    /// One at a time: what is being done to the Page, and what it last showed.
    pub hand: Mutex<Hand>,
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
    reading: Option<(Timestamp, Reading)>,
    /// When the Page's next look is due, by our own clock; only to know when to wake.
    pub next_look: Option<Timestamp>,
    /// Why the Page may not be posted to, if that is what it said last.
    pub not_allowed: Option<String>,
}

impl Page {
    /// What the Page shows, read at most a minute ago.
    ///
    /// # Errors
    /// When it has to be read and cannot be: then nothing may be sent.
    pub async fn reading(&self, hand: &mut Hand, clock: &dyn Clock) -> Result<Reading, ReadError> {
        let now = clock.now();
        if let Some((at, reading)) = &hand.reading
            && *at <= now
            && now.duration_since(*at) <= saturating(READING_AGE_MAX)
        {
            return Ok(reading.clone());
        }
        self.read_now(hand, clock).await
    }

    /// What the Page shows now.
    ///
    /// # Errors
    /// When it cannot be read.
    pub async fn read_now(&self, hand: &mut Hand, clock: &dyn Clock) -> Result<Reading, ReadError> {
        hand.reading = None;
        let reading = self.destination.read(POSTS_READ).await?;
        hand.not_allowed = None;
        hand.reading = Some((clock.now(), reading.clone()));
        Ok(reading)
    }
}
