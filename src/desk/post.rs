//! The manual one-off: one article, now, on the Pages that a person names.

use std::sync::Arc;

use jiff::Timestamp;

use super::naming::Named;
use super::once::stop_exit;
use super::queue::{self, Queued};
use super::report::{Answer, PostReport};
use super::request::PostOrder;
use super::{Desk, DeskError};
use crate::article::{Article, ArticleId};
use crate::exit::Exit;
use crate::ledger::LedgerError;
use crate::ledger::state::{How, Record, State};
use crate::poller::FAILURES_MAX;
use crate::publisher::page::Page;
use crate::publisher::plan::{Cause, Wait};
use crate::publisher::{Progress, Stop};

/// What one Page's share of an order came to.
struct Outcome {
    exit: Exit,
    report: PostReport,
}

impl Desk {
    /// Posts one article on every Page named.
    pub(super) async fn post(&self, order: PostOrder) -> Result<Answer, DeskError> {
        let pages = self.pages_ordered(&order.pages)?;
        let mut named = self.named(&order.what).await?;
        if order.dry_run || queue::fixes_the_post(&order) {
            named = self.with_its_page(named).await;
        }
        if let Some(link) = &order.link {
            named.article.link = Some(self.address(link)?);
        }
        let mut outcomes = Vec::new();
        for page in &pages {
            let outcome = self.post_on(page, &named, &order).await?;
            // A second Page must not give the article a second name.
            named.id = named
                .id
                .or(outcome.report.article.clone().map(ArticleId::new));
            outcomes.push(outcome);
        }
        let worst = outcomes.iter().map(|outcome| outcome.exit).max();
        let exit = worst.unwrap_or(Exit::Done);
        let reports: Vec<&PostReport> = outcomes.iter().map(|outcome| &outcome.report).collect();
        Ok(match reports.as_slice() {
            [one] => Answer::new(exit, one),
            several => Answer::new(exit, &several),
        })
    }

    fn pages_ordered(&self, names: &[String]) -> Result<Vec<Arc<Page>>, DeskError> {
        if names.is_empty() {
            return match self.pages.as_slice() {
                [only] => Ok(vec![Arc::clone(only)]),
                several => {
                    let names: Vec<&str> = several.iter().map(|page| page.name.as_str()).collect();
                    let known = names.join(", ");
                    Err(DeskError::Usage(
                        self.language.say("desk.which-page", &[("known", &known)]),
                    ))
                }
            };
        }
        let mut pages: Vec<Arc<Page>> = Vec::new();
        for name in names {
            let page = self.page_named(name)?;
            if !pages.iter().any(|known| known.key == page.key) {
                pages.push(Arc::clone(page));
            }
        }
        Ok(pages)
    }

    async fn post_on(
        &self,
        page: &Arc<Page>,
        named: &Named,
        order: &PostOrder,
    ) -> Result<Outcome, DeskError> {
        if order.dry_run {
            let composed = self.composed(page, &named.article, order).await?;
            self.publisher.forget_pictures().await?;
            let report = PostReport::preview(page, named, &composed);
            return Ok(Outcome {
                exit: Exit::Done,
                report,
            });
        }
        let composing = self.publisher.media.composing().await;
        let composed = match queue::fixes_the_post(order) {
            true => Some(self.composed(page, &named.article, order).await?),
            false => None,
        };
        let (draft, warnings) = composed
            .map(|composed| (composed.draft, composed.warnings))
            .unzip();
        let queued = self.queue(page, named, order, draft).await?;
        drop(composing);
        let (id, calls_before) = match queued {
            Queued::Waits { id, calls_before } => (id, calls_before),
            Queued::Stands(record) => return Ok(self.stands_already(page, &record, named)),
            Queued::Twin(twin) => return Err(self.twin(&twin)),
        };
        let progress = self.go(page, &id, order).await?;
        let mut outcome = self
            .outcome(page, &id, progress, order, calls_before)
            .await?;
        let warnings = warnings.unwrap_or_default();
        outcome.report.warnings.splice(0..0, warnings);
        Ok(outcome)
    }

    /// Lets the queued article go, unless it is meant for later.
    async fn go(
        &self,
        page: &Page,
        id: &ArticleId,
        order: &PostOrder,
    ) -> Result<Progress, DeskError> {
        self.poller.enrich_one(id, FAILURES_MAX as usize).await?;
        let now = self.publisher.clock.now();
        Ok(match order.at.filter(|at| *at > now) {
            Some(later) => Progress::Idle(Some(Wait::until(later, Cause::NotBefore))),
            None => self.publisher.publish_now(page, id.clone()).await?,
        })
    }

    /// A file without an address that reads like a known article is that article, most likely.
    fn twin(&self, twin: &ArticleId) -> DeskError {
        let values = [("article", twin.as_str())];
        DeskError::BadRequest(self.language.say("desk.reads-like", &values))
    }

    /// What may already be on the Page is told, not sent.
    fn stands_already(&self, page: &Page, record: &Record, named: &Named) -> Outcome {
        let (exit, key) = match &record.state {
            State::Published { .. } => (Exit::BadData, "desk.published-already"),
            _ => (Exit::TryLater, "desk.in-doubt"),
        };
        let mut report = PostReport::of(page, record, &named.article);
        let place = report.place();
        let values = [
            ("page", page.name.as_str()),
            ("place", place.as_str()),
            ("article", record.article.as_str()),
        ];
        report.error = Some(self.language.say(key, &values));
        Outcome { exit, report }
    }

    async fn outcome(
        &self,
        page: &Arc<Page>,
        id: &ArticleId,
        progress: Progress,
        order: &PostOrder,
        calls_before: u32,
    ) -> Result<Outcome, DeskError> {
        let (record, article) = self.stands(page, id).await?;
        let mut report = PostReport::of(page, &record, &article);
        if let Progress::Idle(Some(wait)) = &progress {
            report.waits = Some(self.waiting(wait));
            report.next = wait.until;
        }
        let was_there = was_there(&record, calls_before);
        let exit = match was_there && queue::has_own_words(order) {
            // The person's own words did not go out.
            true => Exit::BadData,
            false => exit_of(&record, &progress, self.publisher.clock.now()),
        };
        if was_there {
            let place = report.place();
            let values = [("page", page.name.as_str()), ("place", place.as_str())];
            match exit {
                Exit::Done => report
                    .warnings
                    .push(self.language.say("desk.adopted", &values)),
                _ => report.error = Some(self.language.say("desk.adopted-unsent", &values)),
            }
        } else if exit != Exit::Done {
            report.error = Some(self.why_not(page, &record, &progress).await?);
        }
        Ok(Outcome { exit, report })
    }

    async fn stands(&self, page: &Page, id: &ArticleId) -> Result<(Record, Article), LedgerError> {
        let (id, key) = (id.clone(), page.key.clone());
        self.ledger
            .ask(move |books| {
                let (record, row) = (books.record(&id, &key)?, books.article(&id)?);
                let both = record.zip(row).ok_or(LedgerError::NoArticle(id))?;
                Ok((both.0, both.1.article))
            })
            .await
    }

    async fn why_not(
        &self,
        page: &Page,
        record: &Record,
        progress: &Progress,
    ) -> Result<String, LedgerError> {
        let name = ("page", page.name.as_str());
        Ok(match (progress, &record.state) {
            (Progress::Stopped(Stop::NotAllowed(why)), _) => {
                let faults = self.secret_faults();
                let why = match faults.is_empty() {
                    true => why.clone(),
                    false => faults.join("; "),
                };
                self.language
                    .say("desk.page-stopped", &[name, ("why", &why)])
            }
            (Progress::Stopped(Stop::Unavailable(why)), _) => self
                .language
                .say("desk.page-stopped", &[name, ("why", why)]),
            (_, State::Refused { reason }) => self
                .language
                .say("desk.refused", &[name, ("reason", reason)]),
            (_, State::Unresolved(search)) => self
                .language
                .say("desk.unresolved", &[name, ("why", &search.why)]),
            (Progress::Idle(Some(wait)), _) => self.waits_because(page, wait),
            _ => match self.publisher.waits_for(page, &record.article).await? {
                Some(wait) => self.waits_because(page, &wait),
                None => self.language.say(
                    "desk.in-doubt",
                    &[name, ("article", record.article.as_str())],
                ),
            },
        })
    }

    fn waits_because(&self, page: &Page, wait: &Wait) -> String {
        let why = self.waiting(wait);
        self.language
            .say("desk.waits", &[("page", &page.name), ("why", &why)])
    }
}

fn exit_of(record: &Record, progress: &Progress, now: Timestamp) -> Exit {
    match (&record.state, progress) {
        (State::Published { .. }, _) => Exit::Done,
        (State::Queued { not_before, .. }, Progress::Idle(_))
            if not_before.is_some_and(|at| at > now) =>
        {
            Exit::Done
        }
        (_, Progress::Stopped(stop)) => stop_exit(stop),
        (State::Refused { .. }, _) => Exit::BadData,
        _ => Exit::TryLater,
    }
}

/// Whether the Page showed the article before anything was sent for this order. A post that is
/// found after a call whose answer was lost is what was sent.
fn was_there(record: &Record, calls_before: u32) -> bool {
    let adopted = matches!(
        record.state,
        State::Published {
            how: How::Adopted,
            ..
        }
    );
    adopted && record.attempts == calls_before
}
