//! Looks at a Page for posts whose outcome is not known, and writes down what that shows.

use jiff::Timestamp;
use tracing::info;

use super::page::{Hand, Page};
use super::reconcile::{self, Look};
use super::sighting::{self, Whose};
use super::{Progress, PublishError, Publisher, Sent, Stop};
use crate::clock::{Clock, saturating};
use crate::destination::{ReadError, Reading};
use crate::faults::{self, Protection};
use crate::ledger::rows::ArticleRow;
use crate::ledger::state::{Record, Standing, State};
use crate::ledger::step::Change;
use crate::ledger::{Entry, LedgerError};

/// What a round of looks came to.
#[derive(Debug, Default)]
pub struct Looks {
    /// Posts that were found.
    pub found: Vec<Sent>,
    /// Why the Page could not be looked at.
    pub stop: Option<Stop>,
}

impl Publisher {
    /// Looks for every record of the Page whose outcome is not known.
    ///
    /// # Errors
    /// When the ledger fails.
    pub async fn reconcile(&self, page: &Page) -> Result<Looks, PublishError> {
        let mut hand = page.hand.lock().await;
        self.reconcile_in_hand(page, &mut hand).await
    }

    /// When the Page should be looked at next, by our own clock; `None`: nothing is in doubt.
    ///
    /// # Errors
    /// When the ledger fails.
    pub async fn next_look(&self, page: &Page) -> Result<Option<Timestamp>, LedgerError> {
        let key = page.key.clone();
        let in_doubt = self
            .ledger
            .ask(move |books| books.list(&key, Standing::Unresolved, 1))
            .await?;
        if in_doubt.is_empty() {
            return Ok(None);
        }
        let (due, now) = (page.hand.lock().await.next_look, self.clock.now());
        // No two looks stand further apart: a later one was reckoned by a clock that has been set
        // back since.
        let due = due.filter(|due| due.duration_since(now) <= saturating(page.patience.whole));
        Ok(Some(due.unwrap_or(Timestamp::MIN)))
    }

    /// The first look, right after an unclear answer.
    pub(super) async fn look_at_once(
        &self,
        page: &Page,
        hand: &mut Hand,
        record: &Record,
        row: &ArticleRow,
    ) -> Result<Progress, PublishError> {
        self.reconcile_in_hand(page, hand).await?;
        let sent = self.sent(record, row).await?;
        Ok(match sent.record.state {
            State::Published { .. } => Progress::Published(Box::new(sent)),
            State::Unresolved(_) => Progress::Doubtful,
            _ => Progress::Moved,
        })
    }

    async fn reconcile_in_hand(&self, page: &Page, hand: &mut Hand) -> Result<Looks, PublishError> {
        let key = page.key.clone();
        let doubted = self
            .ledger
            .ask(move |books| books.list(&key, Standing::Unresolved, usize::MAX))
            .await?;
        if doubted.is_empty() {
            hand.next_look = None;
            return Ok(Looks::default());
        }
        let reading = match page.read_now(hand, self.clock.as_ref()).await {
            Ok(reading) => reading,
            Err(error) => return self.blind(page, hand, error).await,
        };
        let page_time = reading.page_time.unwrap_or_else(|| self.clock.now());
        let proves = self.proves(page, &reading).await?;
        let mut looks = Looks::default();
        for record in &doubted {
            looks.found.extend(
                self.look_for(page, record, &reading, page_time, proves)
                    .await?,
            );
        }
        self.wake_for_next_look(page, hand, page_time).await?;
        Ok(looks)
    }

    /// A look that fails proves nothing; it is made again later.
    async fn blind(
        &self,
        page: &Page,
        hand: &mut Hand,
        error: ReadError,
    ) -> Result<Looks, PublishError> {
        hand.next_look = after(self.clock.as_ref(), page.patience.first);
        let stop = match error {
            ReadError::Unclear(why) => Some(Stop::Unavailable(why)),
            ReadError::Obstacle(obstacle) => match self.stopped_by(page, hand, obstacle).await? {
                Progress::Stopped(stop) => Some(stop),
                _ => None,
            },
        };
        Ok(Looks {
            found: Vec::new(),
            stop,
        })
    }

    /// Whether not finding a post in this reading means anything: the reading shows a post of
    /// ours that is known to be there, or else the token may read all there is.
    async fn proves(&self, page: &Page, reading: &Reading) -> Result<bool, LedgerError> {
        if !faults::stands(Protection::Control) {
            return Ok(true);
        }
        let (key, posts) = (page.key.clone(), reading.posts.clone());
        let control = self
            .ledger
            .ask(move |books| {
                for post in &posts {
                    if books.knows_post(&key, &post.id)? {
                        return Ok(true);
                    }
                }
                Ok(false)
            })
            .await?;
        if control {
            return Ok(true);
        }
        Ok(page.destination.inspect().await.is_ok_and(|standing| {
            standing.alive && standing.right_page && standing.missing_scopes == Some(Vec::new())
        }))
    }

    async fn look_for(
        &self,
        page: &Page,
        record: &Record,
        reading: &Reading,
        page_time: Timestamp,
        proves: bool,
    ) -> Result<Option<Sent>, PublishError> {
        let (State::Unresolved(search), Some(draft)) = (&record.state, &record.draft) else {
            return Ok(None);
        };
        let look = Look {
            found: sighting::find(draft, &record.fence, Whose::Ours, reading),
            page_time,
            proves,
        };
        let changes = reconcile::after(record, search, look, &page.patience);
        let adopted = changes
            .iter()
            .any(|(change, _)| matches!(change, Change::Adopted { .. }));
        let given_up = changes.iter().any(|(change, _)| *change == Change::GivenUp);
        for (change, rule) in &changes {
            info!(
                article.id = %record.article, page.name = %page.name,
                "looked for {} on {}: {} ({rule})", record.article, page.name, change.word(),
            );
        }
        let entries = changes
            .into_iter()
            .map(|(change, rule)| Entry::change(record, change, rule))
            .collect();
        self.commit(entries).await?;
        let article = record.article.clone();
        let row = self
            .ledger
            .ask(move |books| books.article(&article))
            .await?;
        let Some(row) = row else {
            return Ok(None);
        };
        if given_up {
            let (page_name, title) = (&page.name, &row.article.title);
            let text = self.language.say(
                "notice.unresolved",
                &[
                    ("page", page_name),
                    ("title", title),
                    ("article", record.article.as_str()),
                ],
            );
            self.notify(page_name, text).await?;
        }
        if !adopted {
            return Ok(None);
        }
        self.media.forget(&draft.photos);
        Ok(Some(self.sent(record, &row).await?))
    }

    /// Notes when to look again, by our own clock, from the distance on the Page's.
    async fn wake_for_next_look(
        &self,
        page: &Page,
        hand: &mut Hand,
        page_time: Timestamp,
    ) -> Result<(), LedgerError> {
        let key = page.key.clone();
        let doubted = self
            .ledger
            .ask(move |books| books.list(&key, Standing::Unresolved, usize::MAX))
            .await?;
        let soonest = doubted
            .iter()
            .filter_map(|record| match &record.state {
                State::Unresolved(search) => reconcile::next_look(search, &page.patience),
                _ => None,
            })
            .min();
        hand.next_look = soonest.and_then(|due| {
            let wait = due
                .duration_since(page_time)
                .max(jiff::SignedDuration::from_secs(1));
            self.clock.now().checked_add(wait).ok()
        });
        Ok(())
    }
}

fn after(clock: &dyn Clock, wait: std::time::Duration) -> Option<Timestamp> {
    clock.now().checked_add(crate::clock::saturating(wait)).ok()
}
