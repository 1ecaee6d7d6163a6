//! One attempt to publish one record, from reading the Page to writing down what came of it.
//! The order of the steps is the promise: see "The guarantee" in `ARCHITECTURE.md`.

use tracing::info;

use super::compose::{self, ComposeError, Composed};
use super::page::{Hand, Page};
use super::queue::Due;
use super::settle::weighed;
use super::uploads::Uploads;
use super::{Progress, PublishError, Publisher, Sent, plan, sighting};
use crate::destination::{ReadError, Reading};
use crate::faults::{self, Protection};
use crate::ledger::rows::ArticleRow;
use crate::ledger::state::{Epoch, Record, State};
use crate::ledger::step::Change;
use crate::ledger::{Entry, LedgerError};
use crate::post::{Draft, PhotoId};

/// What one attempt is about: the Page, with what only one task at a time may do or know of it, and
/// what is to go there.
pub(super) struct Attempt<'a> {
    pub(super) page: &'a Page,
    pub(super) hand: &'a mut Hand,
    pub(super) record: &'a Record,
    pub(super) row: &'a ArticleRow,
}

impl Publisher {
    pub(super) async fn attempt(
        &self,
        page: &Page,
        hand: &mut Hand,
        due: Due,
    ) -> Result<Progress, PublishError> {
        let Due { record, row } = &due;
        let mut attempt = Attempt {
            page,
            hand,
            record,
            row,
        };
        let composed = self.draft_text(page, record, row)?;
        if let Err(progress) = self.nothing_there(&mut attempt, &composed).await? {
            return Ok(progress);
        }
        let composing = self.media.composing().await;
        let draft = self
            .draft_whole(page, record, row, composed.clone())
            .await?;
        // A slow site may have taken minutes to hand out its pictures.
        let reading = match self.nothing_there(&mut attempt, &composed).await? {
            Ok(reading) => reading,
            Err(progress) => return Ok(progress),
        };
        let Some(epoch) = self.claim(record, &draft).await? else {
            return Ok(Progress::Moved);
        };
        drop(composing);
        match self.upload(page, record, epoch, draft).await? {
            Uploads::Ready(draft, photos) => {
                self.send(&mut attempt, epoch, draft, photos, &reading)
                    .await
            }
            Uploads::Stopped(obstacle) => {
                let not_before = self.rest(record, &obstacle);
                let change = Change::Released {
                    epoch: Some(epoch),
                    not_before,
                };
                self.change(record, change, obstacle.to_string()).await?;
                let stop = self.stopped_by(page, attempt.hand, obstacle).await?;
                Ok(Progress::Stopped(stop))
            }
        }
    }

    /// The Page, read at most a minute ago, if it shows neither the article nor strangers; what
    /// came of it otherwise.
    async fn nothing_there(
        &self,
        attempt: &mut Attempt<'_>,
        composed: &Composed,
    ) -> Result<Result<Reading, Progress>, PublishError> {
        let Attempt {
            page,
            hand,
            record,
            row,
        } = attempt;
        let reading = match self.shown(page, hand).await {
            Ok(reading) => reading,
            Err(error) => {
                let stop = self.unreadable(page, hand, error).await?;
                return Ok(Err(Progress::Stopped(stop)));
            }
        };
        if let Some(stop) = self.heed(page, hand).await? {
            return Ok(Err(Progress::Stopped(stop)));
        }
        if self.strangers_stop(page, &reading).await? {
            return Ok(Err(Progress::Moved));
        }
        let adopted = self.adopt(page, record, row, &composed.draft, &reading);
        Ok(match adopted.await? {
            Some(progress) => Err(progress),
            None => Ok(reading),
        })
    }

    /// The one dangerous call, between the frame that announces it and the one that settles it.
    async fn send(
        &self,
        attempt: &mut Attempt<'_>,
        epoch: Epoch,
        draft: Draft,
        photos: Vec<PhotoId>,
        reading: &Reading,
    ) -> Result<Progress, PublishError> {
        let (page, record) = (attempt.page, attempt.record);
        let sending = Change::Sending {
            epoch,
            draft: draft.clone(),
            fence: sighting::fence(record, reading),
            page_time: reading.page_time,
        };
        let rule = "the Page was read, nothing there";
        if faults::stands(Protection::SendingFrame)
            && !self
                .commit_unless_paused(record, sending.clone(), rule)
                .await?
        {
            let released = Change::Released {
                epoch: Some(epoch),
                not_before: None,
            };
            self.change(record, released, "the Page was paused").await?;
            return Ok(Progress::Moved);
        }
        info!(
            article.id = %record.article, page.name = %page.name,
            "sending {} to {}", record.article, page.name,
        );
        let verdict = page.destination.publish(&draft, &photos).await;
        if !faults::stands(Protection::SendingFrame) {
            self.change(record, sending, rule).await?;
        }
        let verdict = weighed(record, &draft, verdict);
        let progress = self.settle(attempt, epoch, verdict).await?;
        self.heed(page, attempt.hand).await?;
        match progress {
            Progress::Doubtful => return self.look_at_once(attempt).await,
            Progress::Published(_) => self.forget_pictures().await?,
            _ => {}
        }
        Ok(progress)
    }

    /// The post as it stands in the ledger now.
    pub(super) async fn sent(
        &self,
        record: &Record,
        row: &ArticleRow,
    ) -> Result<Sent, LedgerError> {
        let (article, page) = (record.article.clone(), record.page.clone());
        let record = self
            .ledger
            .ask(move |books| {
                books
                    .record(&article, &page)?
                    .ok_or(LedgerError::NoArticle(article))
            })
            .await?;
        Ok(Sent {
            record,
            title: row.article.title.clone(),
            link: row.article.link.as_ref().map(ToString::to_string),
        })
    }

    /// What the Page shows before a claim.
    pub(super) async fn shown(&self, page: &Page, hand: &mut Hand) -> Result<Reading, ReadError> {
        if faults::stands(Protection::ReadBeforeClaim) {
            page.reading(hand, self.clock.as_ref()).await
        } else {
            Ok(Reading {
                posts: Vec::new(),
                page_time: None,
            })
        }
    }

    /// Takes the record in hand; `None` when a person was faster, with it or with the Page.
    async fn claim(&self, record: &Record, draft: &Draft) -> Result<Option<Epoch>, LedgerError> {
        let (at, read, draft) = (self.clock.now(), record.clone(), draft.clone());
        self.ledger
            .ask(move |books| {
                let stands = books.record(&read.article, &read.page)?.as_ref() == Some(&read);
                if !stands || plan::paused(&books.page(&read.page)?, at).is_some() {
                    return Ok(None);
                }
                let epoch = books.epoch();
                let claim = Change::Claimed { epoch, draft };
                books.commit(at, [Entry::change(&read, claim, "due")])?;
                Ok(Some(epoch))
            })
            .await
    }

    /// Writes a change down, unless the Page was paused meanwhile; says whether it was written.
    async fn commit_unless_paused(
        &self,
        record: &Record,
        change: Change,
        rule: &str,
    ) -> Result<bool, LedgerError> {
        let (at, page) = (self.clock.now(), record.page.clone());
        let entry = Entry::change(record, change, rule);
        self.ledger
            .ask(move |books| {
                if plan::paused(&books.page(&page)?, at).is_some() {
                    return Ok(false);
                }
                books.commit(at, [entry])?;
                Ok(true)
            })
            .await
    }

    pub(super) async fn change(
        &self,
        record: &Record,
        change: Change,
        rule: impl Into<String>,
    ) -> Result<(), LedgerError> {
        self.commit(vec![Entry::change(record, change, rule)]).await
    }

    fn draft_text(
        &self,
        page: &Page,
        record: &Record,
        row: &ArticleRow,
    ) -> Result<Composed, PublishError> {
        if let Some(draft) = as_drafted(record) {
            return Ok(Composed {
                draft: draft.clone(),
                warnings: Vec::new(),
            });
        }
        Ok(compose::text(
            &self.templates,
            &page.template,
            page,
            &row.article,
            self.language,
        )?)
    }

    async fn draft_whole(
        &self,
        page: &Page,
        record: &Record,
        row: &ArticleRow,
        composed: Composed,
    ) -> Result<Draft, ComposeError> {
        if as_drafted(record).is_some() {
            return Ok(composed.draft);
        }
        let whole = compose::with_pictures(composed, &self.media, page, &row.article).await?;
        for warning in &whole.warnings {
            info!(article.id = %record.article, page.name = %page.name, "{warning}");
        }
        Ok(whole.draft)
    }
}

/// What was sent before, or written by a person, goes out as it was.
fn as_drafted(record: &Record) -> Option<&Draft> {
    match record.state {
        State::Queued {
            as_drafted: true, ..
        } => record.draft.as_ref(),
        _ => None,
    }
}
