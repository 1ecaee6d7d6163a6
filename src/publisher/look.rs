//! Looks at a Page for posts whose outcome is not known, and writes down what that shows.

use jiff::{SignedDuration, Timestamp};
use tracing::info;

use super::attempt::Attempt;
use super::page::{Hand, Page};
use super::reconcile::{self, Look};
use super::{Progress, PublishError, Publisher, Sent, Stop};
use super::{plan, sighting};
use crate::clock::saturating;
use crate::destination::{ReadError, Reading, RemotePost};
use crate::faults::{self, Protection};
use crate::ledger::event::{Pause, PausedBy};
use crate::ledger::rows::ArticleRow;
use crate::ledger::state::{PageKey, Record, Standing, State};
use crate::ledger::step::Change;
use crate::ledger::{Books, Entry, LedgerError};

/// Why a look at a list without a control proves nothing.
const NO_CONTROL: &str =
    "the Page shows no post that is known to be there, and does not say what the token may read";
/// Why a look at an undated list proves nothing.
const NO_TIME: &str = "the Page does not say what time it is";
/// Why a look at too short a list proves nothing.
const OUT_OF_REACH: &str = "so much was posted since that the list does not reach back to the call";

/// What a round of looks came to.
#[derive(Debug, Default)]
pub struct Looks {
    /// Posts that were found.
    pub found: Vec<Sent>,
    /// Why the Page could not be looked at.
    pub stop: Option<Stop>,
}

impl Looks {
    fn stopped(stop: Stop) -> Self {
        Self {
            found: Vec::new(),
            stop: Some(stop),
        }
    }
}

/// What a reading shows of the posts that are known to be there.
enum Control {
    /// One of them at least.
    Shown,
    /// None, although there are some: the list is not what it seems.
    Missing,
    /// There are none yet.
    NoneKnown,
}

impl Control {
    fn of(books: &Books, page: &PageKey, posts: &[RemotePost]) -> Result<Self, LedgerError> {
        for post in posts {
            if books.knows_post(page, &post.id)? {
                return Ok(Self::Shown);
            }
        }
        let published = books.list(page, Standing::Published, 1)?;
        Ok(match published.is_empty() {
            true => Self::NoneKnown,
            false => Self::Missing,
        })
    }
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
        let (doubted, throttle) = self.in_doubt(page).await?;
        if doubted.is_empty() {
            return Ok(None);
        }
        if let Some(until) = throttle.and_then(|throttle| throttle.until) {
            return Ok(Some(until));
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
        attempt: &mut Attempt<'_>,
    ) -> Result<Progress, PublishError> {
        self.reconcile_in_hand(attempt.page, attempt.hand).await?;
        let sent = self.sent(attempt.record, attempt.row).await?;
        Ok(match sent.record.state {
            State::Published { .. } => Progress::Published(Box::new(sent)),
            State::Unresolved(_) => Progress::Doubtful,
            _ => Progress::Moved,
        })
    }

    async fn reconcile_in_hand(&self, page: &Page, hand: &mut Hand) -> Result<Looks, PublishError> {
        let (doubted, throttle) = self.in_doubt(page).await?;
        if doubted.is_empty() {
            hand.next_look = None;
            return Ok(Looks::default());
        }
        if let Some(throttle) = throttle {
            return Ok(Looks::stopped(Stop::Unavailable(throttle.why)));
        }
        let reading = match page.read_now(hand, self.clock.as_ref()).await {
            Ok(reading) => reading,
            Err(error) => return self.blind(page, hand, &doubted, error).await,
        };
        let proof = self.proof(page, &reading).await?;
        let mut looks = Looks::default();
        for record in &doubted {
            let absence = match sighting::reaches_back(record, &reading) {
                true => proof,
                false => Err(OUT_OF_REACH),
            };
            let posts = sighting::outcomes(record, &reading);
            let posts = self.not_anothers(record, posts).await?;
            let found = self.look_for(page, record, &posts, absence).await?;
            looks.found.extend(found);
        }
        self.wake_for_next_look(page, hand, proof.ok()).await?;
        self.heed(page, hand).await?;
        Ok(looks)
    }

    /// The records whose outcome is not known, and the throttle by which the Page wants to be left
    /// alone now.
    async fn in_doubt(&self, page: &Page) -> Result<(Vec<Record>, Option<Pause>), LedgerError> {
        let (key, now) = (page.key.clone(), self.clock.now());
        self.ledger
            .ask(move |books| {
                let doubted = books.list(&key, Standing::Unresolved, usize::MAX)?;
                let row = books.page(&key)?;
                let is_paused = plan::paused(&row, now).is_some();
                let throttle = row.pause.filter(|pause| pause.by == PausedBy::Throttle);
                Ok((doubted, throttle.filter(|_| is_paused)))
            })
            .await
    }

    /// A look that fails proves nothing; it is made again later. Where it fails for want of a
    /// permission, it may fail for ever: then a person decides.
    async fn blind(
        &self,
        page: &Page,
        hand: &mut Hand,
        doubted: &[Record],
        error: ReadError,
    ) -> Result<Looks, PublishError> {
        hand.next_look = self.after_a_look_in_vain(page, hand);
        let why = error.to_string();
        let stop = self.unreadable(page, hand, error).await?;
        if matches!(stop, Stop::NotAllowed(_)) {
            for record in doubted {
                self.look_for(page, record, &[], Err(&why)).await?;
            }
        }
        Ok(Looks::stopped(stop))
    }

    /// When not finding a post in this reading means anything, by the Page's clock: the reading
    /// shows a post of ours that is known to be there, or none is and the token may read all there
    /// is. Otherwise, why it means nothing.
    async fn proof(
        &self,
        page: &Page,
        reading: &Reading,
    ) -> Result<Result<Timestamp, &'static str>, LedgerError> {
        let Some(page_time) = reading.page_time else {
            return Ok(Err(NO_TIME));
        };
        if !faults::stands(Protection::Control) {
            return Ok(Ok(page_time));
        }
        let (key, posts) = (page.key.clone(), reading.posts.clone());
        let control = self
            .ledger
            .ask(move |books| Control::of(books, &key, &posts))
            .await?;
        let proves = match control {
            Control::Shown => true,
            Control::Missing => false,
            Control::NoneKnown => page.destination.inspect().await.is_ok_and(|standing| {
                standing.alive && standing.right_page && standing.missing_scopes == Some(Vec::new())
            }),
        };
        Ok(if proves {
            Ok(page_time)
        } else {
            Err(NO_CONTROL)
        })
    }

    /// Writes down what a look shows of one record: `posts` that may be its outcome, the oldest
    /// first.
    async fn look_for(
        &self,
        page: &Page,
        record: &Record,
        posts: &[&RemotePost],
        absence: Result<Timestamp, &str>,
    ) -> Result<Option<Sent>, PublishError> {
        let State::Unresolved(search) = &record.state else {
            return Ok(None);
        };
        let look = Look {
            found: posts.first().copied(),
            absence,
        };
        let changes = reconcile::after(record, search, look, self.clock.now(), &page.patience);
        let concluded = self.conclude(page, record, changes, posts).await?;
        if posts.is_empty() || !concluded {
            return Ok(None);
        }
        self.forget_pictures().await?;
        let row = self.row(record).await?;
        Ok(Some(self.sent(record, &row).await?))
    }

    /// Writes down what a look has shown, and tells a person what only a person can settle. Says
    /// whether it was written: a person may have been faster.
    async fn conclude(
        &self,
        page: &Page,
        record: &Record,
        changes: Vec<(Change, String)>,
        posts: &[&RemotePost],
    ) -> Result<bool, LedgerError> {
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
        if !self.commit_if_unchanged(record, entries).await? {
            return Ok(false);
        }
        let title = self.row(record).await?.article.title;
        let copies = posts.get(1..).unwrap_or_default();
        self.tell_of_copies(page, &title, copies).await?;
        if !given_up {
            return Ok(true);
        }
        let text = self.language.say(
            "notice.unresolved",
            &[
                ("page", &page.name),
                ("title", &title),
                ("article", record.article.as_str()),
            ],
        );
        self.notify(&page.name, text).await?;
        Ok(true)
    }

    pub(super) async fn row(&self, record: &Record) -> Result<ArticleRow, LedgerError> {
        let article = record.article.clone();
        self.ledger
            .ask(move |books| {
                books
                    .article(&article)?
                    .ok_or(LedgerError::NoArticle(article))
            })
            .await
    }

    /// Notes when to look again, by our own clock, from the distance on the Page's. A look that
    /// did not count is followed by a rest.
    async fn wake_for_next_look(
        &self,
        page: &Page,
        hand: &mut Hand,
        page_time: Option<Timestamp>,
    ) -> Result<(), LedgerError> {
        let (doubted, _) = self.in_doubt(page).await?;
        let ahead = |record: &Record| {
            let State::Unresolved(search) = &record.state else {
                return None;
            };
            let due = reconcile::next_look(search, &page.patience)?;
            Some(due.duration_since(page_time?)).filter(SignedDuration::is_positive)
        };
        let waits: Option<Vec<SignedDuration>> = doubted.iter().map(ahead).collect();
        hand.next_look = match waits {
            None => self.after_a_look_in_vain(page, hand),
            Some(waits) => {
                hand.looks_in_vain = 0;
                // A Page whose clock was wrong for once is looked at all the same.
                let longest = saturating(page.patience.whole);
                let soonest = waits.into_iter().min().map(|wait| wait.min(longest));
                soonest.and_then(|wait| self.clock.now().checked_add(wait).ok())
            }
        };
        Ok(())
    }

    /// When to look again after a look that proved nothing, by our own clock: each time twice as
    /// late, so that a Page in trouble is not asked all day.
    fn after_a_look_in_vain(&self, page: &Page, hand: &mut Hand) -> Option<Timestamp> {
        let patience = page.patience;
        let doubled = 2_u32.saturating_pow(hand.looks_in_vain);
        hand.looks_in_vain = hand.looks_in_vain.saturating_add(1);
        let rest = patience.first.saturating_mul(doubled).min(patience.whole);
        self.clock.now().checked_add(saturating(rest)).ok()
    }
}
