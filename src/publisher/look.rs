//! Looks at a Page for posts whose outcome is not known, and writes down what that shows.

use jiff::Timestamp;
use tracing::info;

use super::page::{Hand, Page};
use super::reconcile::{self, Look};
use super::sighting;
use super::{Progress, PublishError, Publisher, Sent, Stop};
use crate::clock::{Clock, saturating};
use crate::destination::{ReadError, Reading, RemotePost};
use crate::faults::{self, Protection};
use crate::ledger::rows::ArticleRow;
use crate::ledger::state::{PageKey, Record, Standing, State};
use crate::ledger::step::Change;
use crate::ledger::{Books, Entry, LedgerError};

/// Why a look at a list without a control proves nothing.
const NO_CONTROL: &str =
    "the Page shows no post that is known to be there, and does not say what the token may read";

/// What a round of looks came to.
#[derive(Debug, Default)]
pub struct Looks {
    /// Posts that were found.
    pub found: Vec<Sent>,
    /// Why the Page could not be looked at.
    pub stop: Option<Stop>,
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
            Err(error) => return self.blind(page, hand, &doubted, error).await,
        };
        let proves = self.proves(page, &reading).await?;
        let page_time = reading.page_time.unwrap_or_else(|| self.clock.now());
        let mut looks = Looks::default();
        for record in &doubted {
            let found = self.look_for(page, record, &reading, page_time, proves);
            looks.found.extend(found.await?);
        }
        self.wake_for_next_look(page, hand, page_time).await?;
        Ok(looks)
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
        hand.next_look = after(self.clock.as_ref(), page.patience.first);
        let why = error.to_string();
        let Progress::Stopped(stop) = self.unreadable(page, hand, error).await? else {
            return Ok(Looks::default());
        };
        if matches!(stop, Stop::NotAllowed(_)) {
            for record in doubted {
                self.looked_in_vain(page, record, &why).await?;
            }
        }
        Ok(Looks {
            found: Vec::new(),
            stop: Some(stop),
        })
    }

    async fn looked_in_vain(
        &self,
        page: &Page,
        record: &Record,
        why: &str,
    ) -> Result<(), LedgerError> {
        let State::Unresolved(search) = &record.state else {
            return Ok(());
        };
        let now = self.clock.now();
        let change = reconcile::after_blind_look(search, why, now, &page.patience);
        self.conclude(page, record, Vec::from_iter(change), &[])
            .await
    }

    /// Whether not finding a post in this reading means anything: the reading shows a post of
    /// ours that is known to be there, or none is and the token may read all there is.
    async fn proves(&self, page: &Page, reading: &Reading) -> Result<bool, LedgerError> {
        if !faults::stands(Protection::Control) {
            return Ok(true);
        }
        let (key, posts) = (page.key.clone(), reading.posts.clone());
        let control = self
            .ledger
            .ask(move |books| Control::of(books, &key, &posts))
            .await?;
        Ok(match control {
            Control::Shown => true,
            Control::Missing => {
                info!(page.name = %page.name, "{} shows no post of ours: that proves nothing", page.name);
                false
            }
            Control::NoneKnown => page.destination.inspect().await.is_ok_and(|standing| {
                standing.alive && standing.right_page && standing.missing_scopes == Some(Vec::new())
            }),
        })
    }

    async fn look_for(
        &self,
        page: &Page,
        record: &Record,
        reading: &Reading,
        page_time: Timestamp,
        proves: bool,
    ) -> Result<Option<Sent>, PublishError> {
        let State::Unresolved(search) = &record.state else {
            return Ok(None);
        };
        let posts = sighting::outcomes(record, reading);
        let look = Look {
            found: posts.first().copied(),
            page_time,
            proves,
        };
        let changes = reconcile::after(record, search, look, &page.patience);
        if posts.is_empty() && !proves {
            self.looked_in_vain(page, record, NO_CONTROL).await?;
            return Ok(None);
        }
        self.conclude(page, record, changes, &posts).await?;
        if posts.is_empty() {
            return Ok(None);
        }
        if let Some(draft) = &record.draft {
            self.media.forget(&draft.photos);
        }
        let row = self.row(record).await?;
        Ok(Some(self.sent(record, &row).await?))
    }

    /// Writes down what a look has shown, and tells a person what only a person can settle.
    async fn conclude(
        &self,
        page: &Page,
        record: &Record,
        changes: Vec<(Change, String)>,
        posts: &[&RemotePost],
    ) -> Result<(), LedgerError> {
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
        let title = self.row(record).await?.article.title;
        let copies = posts.get(1..).unwrap_or_default();
        self.tell_of_copies(page, &title, copies).await?;
        if !given_up {
            return Ok(());
        }
        let text = self.language.say(
            "notice.unresolved",
            &[
                ("page", &page.name),
                ("title", &title),
                ("article", record.article.as_str()),
            ],
        );
        self.notify(&page.name, text).await
    }

    async fn row(&self, record: &Record) -> Result<ArticleRow, LedgerError> {
        let article = record.article.clone();
        self.ledger
            .ask(move |books| {
                books
                    .article(&article)?
                    .ok_or(LedgerError::NoArticle(article))
            })
            .await
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
