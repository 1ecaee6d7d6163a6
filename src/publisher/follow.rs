//! Lets a post follow its article when the site corrects that. Only posts that loa made itself and
//! that show what loa sent: whatever a person did to a post stays.

use tracing::info;

use super::compose;
use super::page::{Hand, Page};
use super::plan;
use super::sighting;
use super::{Progress, PublishError, Publisher, Stop};
use crate::config::Corrections;
use crate::destination::EditError;
use crate::ledger::rows::ArticleRow;
use crate::ledger::state::{Correction, Record, State};
use crate::ledger::step::Change;
use crate::ledger::{Entry, LedgerError};
use crate::post::{Draft, PostId};

impl Publisher {
    /// Takes the next post of the Page whose article was corrected a step further; `None`: there
    /// is nothing to do.
    pub(super) async fn follow(
        &self,
        page: &Page,
        hand: &mut Hand,
    ) -> Result<Option<Progress>, PublishError> {
        let (key, now) = (page.key.clone(), self.clock.now());
        let outdated = self
            .ledger
            .ask(move |books| match plan::paused(&books.page(&key)?, now) {
                Some(_) => Ok(Vec::new()),
                None => books.outdated(&key),
            })
            .await?;
        let is = |record: &&Record, state| record.correction.as_ref() == Some(state);
        let due: Vec<&Record> = outdated
            .iter()
            .filter(|record| is(record, &Correction::Due))
            .collect();
        let too_many = page
            .flood_over
            .is_some_and(|most| due.len() as u64 > u64::from(most));
        let next = outdated
            .iter()
            .find(|record| !is(record, &Correction::Asked));
        match (page.corrections, next) {
            (_, None) => Ok(None),
            (Corrections::Ignore, Some(record)) => {
                self.drop_correction(record, "corrections = \"ignore\"")
                    .await?;
                Ok(Some(Progress::Moved))
            }
            (Corrections::Ask, _) | (Corrections::Edit, _)
                if !due.is_empty() && (too_many || page.corrections == Corrections::Ask) =>
            {
                self.ask_about(page, &due).await?;
                Ok(Some(Progress::Moved))
            }
            (_, Some(record)) => self.follow_one(page, hand, record).await.map(Some),
        }
    }

    /// Puts corrections before a person, with one notice.
    async fn ask_about(&self, page: &Page, due: &[&Record]) -> Result<(), LedgerError> {
        for record in due {
            let entry = Entry::change(record, Change::CorrectionAsked, "a person decides");
            self.commit_if_unchanged(record, vec![entry]).await?;
        }
        let count = due.len().to_string();
        let titles = match due {
            [only] => self.row(only).await?.article.title,
            _ => String::new(),
        };
        let values = [
            ("page", page.name.as_str()),
            ("count", count.as_str()),
            ("title", titles.as_str()),
        ];
        let key = match due.len() {
            1 => "notice.corrected",
            _ => "notice.corrected-many",
        };
        self.notify(&page.name, self.language.say(key, &values))
            .await
    }

    async fn follow_one(
        &self,
        page: &Page,
        hand: &mut Hand,
        record: &Record,
    ) -> Result<Progress, PublishError> {
        let (State::Published { post, .. }, Some(posted)) = (&record.state, &record.draft) else {
            return self
                .drop_correction(record, "it was not posted by loa")
                .await;
        };
        let reading = match page.read_now(hand, self.clock.as_ref()).await {
            Ok(reading) => reading,
            Err(error) => return Ok(Progress::Stopped(self.unreadable(page, hand, error).await?)),
        };
        let row = self.row(record).await?;
        let Some(shown) = reading.posts.iter().find(|shown| shown.id == *post) else {
            let why = match sighting::reaches_back(record, &reading) {
                true => "somebody took the post off the Page",
                false => "the post is too old to be followed",
            };
            return self.drop_correction(record, why).await;
        };
        let wanted = self.corrected_text(page, &row, posted)?;
        let is_shown = |text: &str| sighting::says_the_same(&shown.message, text);
        if is_shown(&wanted) {
            let message = wanted;
            let edited = Change::Edited { message };
            return self
                .after_edit(page, record, edited, "the Page shows it so")
                .await;
        }
        let was_ours = is_shown(&posted.message)
            || matches!(&record.correction, Some(Correction::Editing { message }) if is_shown(message));
        if !was_ours || shown.ours == Some(false) {
            return self
                .drop_correction(record, "somebody changed the post on the Page")
                .await;
        }
        self.edit(page, hand, record, post, wanted).await
    }

    fn corrected_text(
        &self,
        page: &Page,
        row: &ArticleRow,
        posted: &Draft,
    ) -> Result<String, PublishError> {
        let (templates, article) = (&self.templates, &row.article);
        let plain = compose::text(templates, &page.template, page, article, self.language)?;
        let plain = compose::shaped(Draft {
            photos: posted.photos.clone(),
            article_link: posted.article_link.clone(),
            ..plain.draft
        });
        // A correction that the post does not show needs no mark either.
        if sighting::says_the_same(&plain.message, &posted.message) {
            return Ok(posted.message.clone());
        }
        let draft = compose::correction(templates, page, article, posted, self.language)?;
        Ok(draft.message)
    }

    async fn edit(
        &self,
        page: &Page,
        hand: &mut Hand,
        record: &Record,
        post: &PostId,
        message: String,
    ) -> Result<Progress, PublishError> {
        let editing = Change::Editing {
            message: message.clone(),
        };
        let entry = Entry::change(record, editing, "the Page shows what loa sent");
        if !self.commit_if_unchanged(record, vec![entry]).await? {
            return Ok(Progress::Moved);
        }
        let edited = page.destination.edit(post, &message).await;
        hand.forget_reading();
        self.heed(page, hand).await?;
        match edited {
            Ok(()) => {
                let edited = Change::Edited { message };
                self.after_edit(page, record, edited, "the Page took it")
                    .await
            }
            Err(EditError::Refused(refusal)) => {
                let title = self.row(record).await?.article.title;
                let why = refusal.to_string();
                let values = [
                    ("page", page.name.as_str()),
                    ("title", &title),
                    ("why", &why),
                ];
                let text = self.language.say("notice.correction-refused", &values);
                self.notify(&page.name, text).await?;
                self.change(record, Change::CorrectionDropped, why).await?;
                Ok(Progress::Moved)
            }
            Err(EditError::Obstacle(obstacle)) => {
                let stop = self.stopped_by(page, hand, obstacle).await?;
                Ok(Progress::Stopped(stop))
            }
            // The next look shows whether the post has the text.
            Err(EditError::Unclear(why)) => Ok(Progress::Stopped(Stop::Unavailable(why))),
        }
    }

    async fn after_edit(
        &self,
        page: &Page,
        record: &Record,
        edited: Change,
        rule: &str,
    ) -> Result<Progress, PublishError> {
        info!(
            article.id = %record.article, page.name = %page.name,
            "the post of {} on {} follows its article", record.article, page.name,
        );
        self.change(record, edited, rule).await?;
        Ok(Progress::Moved)
    }

    async fn drop_correction(&self, record: &Record, why: &str) -> Result<Progress, PublishError> {
        let entry = Entry::change(record, Change::CorrectionDropped, why);
        self.commit_if_unchanged(record, vec![entry]).await?;
        Ok(Progress::Moved)
    }
}
