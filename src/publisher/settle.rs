//! What the Page's verdict on a post means: for the record, and for the Page.

use std::time::Duration;

use jiff::Timestamp;
use tracing::warn;

use super::attempt::Attempt;
use super::page::Page;
use super::{Progress, PublishError, Publisher};
use crate::clock::saturating;
use crate::ledger::LedgerError;
use crate::ledger::event::{Pause, PausedBy};
use crate::ledger::state::{Epoch, Record};
use crate::ledger::step::{Balk, Change};
use crate::post::{Draft, Obstacle, Then, Verdict};

/// How long a record rests whose Page could not be reached or may not be posted to.
const OBSTACLE_REST: Duration = Duration::from_secs(60);
/// How long a record rests that the Page may take the next time: an address that could not be
/// looked at is one of a site that is down for a moment.
const BALK_REST: Duration = Duration::from_secs(10 * 60);

impl Publisher {
    /// Writes the verdict down, and what it means for the Page.
    pub(super) async fn settle(
        &self,
        attempt: &mut Attempt<'_>,
        epoch: Epoch,
        verdict: Verdict,
    ) -> Result<Progress, PublishError> {
        let record = attempt.record;
        match verdict {
            Verdict::Published { id, permalink } => {
                let change = Change::Published {
                    epoch,
                    post: id,
                    permalink,
                };
                self.change(record, change, "the Page answered with its id")
                    .await?;
                let sent = self.sent(record, attempt.row).await?;
                Ok(Progress::Published(Box::new(sent)))
            }
            Verdict::NotSent(obstacle) => self.not_sent(attempt, epoch, obstacle).await,
            Verdict::TryOnceMore { refusal, .. } => {
                let change = self.balked(record, epoch);
                self.change(record, change, refusal.to_string()).await?;
                Ok(Progress::Moved)
            }
            Verdict::Refused(refusal) => self.refused(attempt, epoch, refusal.to_string()).await,
            Verdict::Duplicate(refusal) => {
                let change = Change::Doubted {
                    epoch: Some(epoch),
                    why: refusal.to_string(),
                    duplicate: true,
                };
                self.change(record, change, "the Page says it has this already")
                    .await?;
                Ok(Progress::Doubtful)
            }
            Verdict::Unknown { why } => {
                let page = &attempt.page.name;
                warn!(
                    article.id = %record.article, page.name = %page,
                    "no clear answer from {page}: {why}",
                );
                let change = Change::Doubted {
                    epoch: Some(epoch),
                    why,
                    duplicate: false,
                };
                self.change(record, change, "no clear answer").await?;
                Ok(Progress::Doubtful)
            }
        }
    }

    async fn not_sent(
        &self,
        attempt: &mut Attempt<'_>,
        epoch: Epoch,
        obstacle: Obstacle,
    ) -> Result<Progress, PublishError> {
        let record = attempt.record;
        let change = Change::NotSent {
            epoch,
            not_before: self.rest(record, &obstacle),
            balk: None,
        };
        self.change(record, change, obstacle.to_string()).await?;
        let stop = self.stopped_by(attempt.page, attempt.hand, obstacle);
        Ok(Progress::Stopped(stop.await?))
    }

    /// What the Page wants sent once more goes again later; the second time at once, without its
    /// card.
    fn balked(&self, record: &Record, epoch: Epoch) -> Change {
        let later = self.clock.now().checked_add(saturating(BALK_REST)).ok();
        let (balk, not_before) = match record.balks {
            0 => (Balk::Again, later),
            _ => (Balk::Card, None),
        };
        Change::NotSent {
            epoch,
            not_before,
            balk: Some(balk),
        }
    }

    async fn refused(
        &self,
        attempt: &Attempt<'_>,
        epoch: Epoch,
        reason: String,
    ) -> Result<Progress, PublishError> {
        let (page, record) = (attempt.page, attempt.record);
        self.pause_after_equal_refusals(page, record, &reason)
            .await?;
        let values = [
            ("page", page.name.as_str()),
            ("title", attempt.row.article.title.as_str()),
            ("why", reason.as_str()),
            ("article", record.article.as_str()),
        ];
        let text = self.language.say("notice.refused", &values);
        let change = Change::Refused { epoch, reason };
        self.change(record, change, "the Page's answer").await?;
        self.notify(&page.name, text).await?;
        Ok(Progress::Moved)
    }

    async fn pause_after_equal_refusals(
        &self,
        page: &Page,
        record: &Record,
        reason: &str,
    ) -> Result<(), LedgerError> {
        let key = page.key.clone();
        let before = self
            .ledger
            .ask(move |books| books.page(&key))
            .await?
            .refusal;
        let equal =
            before.is_some_and(|(article, said)| article != record.article && said == reason);
        if !equal {
            return Ok(());
        }
        let why = self.language.say("pause.refusals", &[("reason", reason)]);
        let pause = Pause {
            why,
            until: None,
            by: PausedBy::Refusals,
        };
        self.pause(page, pause).await
    }

    /// When a record that met an obstacle may be tried again.
    pub(super) fn rest(&self, record: &Record, obstacle: &Obstacle) -> Option<Timestamp> {
        let now = self.clock.now();
        match obstacle {
            Obstacle::Unreachable { .. } => {
                let tries = record.attempts.saturating_add(1);
                Some(self.retry.next(tries, None, now, self.dice.spread()))
            }
            Obstacle::NotAllowed { .. } => now.checked_add(saturating(OBSTACLE_REST)).ok(),
            // The Page rests as a whole.
            Obstacle::Throttled { .. } => None,
        }
    }
}

/// What the Page wanted sent once more, and did not take then, is refused; unless it is only the
/// card that is in the way.
pub(super) fn weighed(record: &Record, draft: &Draft, verdict: Verdict) -> Verdict {
    match verdict {
        Verdict::TryOnceMore { refusal, then } => {
            let has_card = draft.photos.is_empty() && draft.link.is_some();
            match record.balks == 0 || (then == Then::WithoutCard && has_card) {
                true => Verdict::TryOnceMore { refusal, then },
                false => Verdict::Refused(refusal),
            }
        }
        other => other,
    }
}
