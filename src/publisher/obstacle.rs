//! What stands in the way of a Page as a whole: a throttle pauses it, a missing permission is put
//! before a person.

use jiff::{SignedDuration, Timestamp};

use super::page::{Hand, Page};
use super::{Publisher, Stop, plan};
use crate::destination::ReadError;
use crate::ledger::event::{Pause, PausedBy, What};
use crate::ledger::{Entry, LedgerError};
use crate::post::Obstacle;

/// A Page that asks for rest gets this much at least.
const THROTTLE_MIN: SignedDuration = SignedDuration::from_mins(1);
/// How long a Page rests that asked for rest without saying how long.
const THROTTLE_DEFAULT: SignedDuration = SignedDuration::from_hours(1);
/// Of its limits, in percent: a Page that has spent this much is left alone before it says so
/// itself, for calls made while it is blocked prolong that.
const STOP_FROM_PERCENT: u64 = 90;

impl Publisher {
    /// What it means for the Page that it could not be read.
    pub(super) async fn unreadable(
        &self,
        page: &Page,
        hand: &mut Hand,
        error: ReadError,
    ) -> Result<Stop, LedgerError> {
        match error {
            ReadError::Obstacle(Obstacle::NotAllowed { why }) => {
                self.not_allowed(page, hand, "notice.not-readable", why)
                    .await
            }
            ReadError::Obstacle(obstacle) => self.stopped_by(page, hand, obstacle).await,
            ReadError::Unclear(why) => Ok(Stop::Unavailable(why)),
        }
    }

    /// What an obstacle means for the Page.
    pub(super) async fn stopped_by(
        &self,
        page: &Page,
        hand: &mut Hand,
        obstacle: Obstacle,
    ) -> Result<Stop, LedgerError> {
        match obstacle {
            Obstacle::Unreachable { why } => Ok(Stop::Unavailable(why)),
            Obstacle::Throttled { until, why } => {
                self.throttled(page, until, why.clone()).await?;
                Ok(Stop::Unavailable(why))
            }
            Obstacle::NotAllowed { why } => {
                self.not_allowed(page, hand, "notice.not-allowed", why)
                    .await
            }
        }
    }

    /// Lets the Page rest that asked for it.
    pub(super) async fn throttled(
        &self,
        page: &Page,
        until: Option<Timestamp>,
        why: String,
    ) -> Result<(), LedgerError> {
        let now = self.clock.now();
        let within = |until: Timestamp| {
            let soonest = now.checked_add(THROTTLE_MIN).unwrap_or(until);
            let latest = now.checked_add(plan::REST_MAX).unwrap_or(until);
            until.clamp(soonest, latest.max(soonest))
        };
        let until = until.map(within);
        let pause = Pause {
            why,
            until: until.or_else(|| now.checked_add(THROTTLE_DEFAULT).ok()),
            by: PausedBy::Throttle,
        };
        self.pause(page, pause).await
    }

    /// Pauses a Page whose newest answer says that its limits are near. Survives a restart.
    pub(super) async fn heed(
        &self,
        page: &Page,
        hand: &mut Hand,
    ) -> Result<Option<Stop>, LedgerError> {
        match self.strained(page) {
            Some(obstacle) => Ok(Some(self.stopped_by(page, hand, obstacle).await?)),
            None => Ok(None),
        }
    }

    /// What the newest answer says against another call, if it does.
    pub(super) fn strained(&self, page: &Page) -> Option<Obstacle> {
        let strain = page.destination.strain();
        if strain.percent < STOP_FROM_PERCENT && strain.rest.is_none() {
            return None;
        }
        let percent = strain.percent.to_string();
        let rest = strain
            .rest
            .and_then(|rest| self.clock.now().checked_add(rest).ok());
        Some(Obstacle::Throttled {
            until: rest,
            why: self.language.say("pause.strain", &[("percent", &percent)]),
        })
    }

    /// Tells a person that a token or a permission is in the way.
    async fn not_allowed(
        &self,
        page: &Page,
        hand: &mut Hand,
        notice: &str,
        why: String,
    ) -> Result<Stop, LedgerError> {
        let values = [("page", page.name.as_str()), ("why", why.as_str())];
        let text = self.language.say(notice, &values);
        self.notify(&page.name, text).await?;
        hand.not_allowed = Some(why.clone());
        Ok(Stop::NotAllowed(why))
    }

    /// Stops sending to the Page and tells a person why, unless a pause in force outlasts it.
    pub(super) async fn pause(&self, page: &Page, pause: Pause) -> Result<(), LedgerError> {
        let values = [("page", page.name.as_str()), ("why", pause.why.as_str())];
        let text = self.language.say("notice.paused", &values);
        let (at, key) = (self.clock.now(), page.key.clone());
        let paused = self
            .ledger
            .ask(move |books| {
                if plan::outlasts(&books.page(&key)?, &pause, at) {
                    return Ok(false);
                }
                books.commit(at, [Entry::from(What::Paused { page: key, pause })])?;
                Ok(true)
            })
            .await?;
        match paused {
            true => self.notify(&page.name, text).await,
            false => Ok(()),
        }
    }
}
