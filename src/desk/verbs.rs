//! The verbs that change records and Pages, and those that only look.

use std::sync::{Arc, PoisonError};
use std::time::Duration;

use super::report::{HealthReport, ListReport, VerbRefusal, VerbReport};
use super::request::{Pick, Verb};
use super::{Answer, Desk, DeskError};
use crate::clock::saturating;
use crate::exit::Exit;
use crate::ledger::event::{Pause, PausedBy, What};
use crate::ledger::state::{Correction, HoldReason, PageKey, Record, SkipReason, Standing, State};
use crate::ledger::step::{Change, Order};
use crate::ledger::{self, LedgerError};
use crate::poller::FAILURES_TOLD;
use crate::publisher::page::{POSTS_READ, Page};
use crate::publisher::plan;
use crate::publisher::token::Warning;

/// By what posts are picked that are to follow their corrected articles, beside the reasons for
/// holding.
const CORRECTED: &str = "corrected";

impl Desk {
    /// Every record, or those of one Page and state.
    pub(super) async fn list(
        &self,
        page: Option<&str>,
        state: Option<&str>,
    ) -> Result<Answer, DeskError> {
        let standings: Vec<Standing> = match state {
            None => Standing::ALL.to_vec(),
            Some(word) => vec![self.standing(word)?],
        };
        let mut records = Vec::new();
        for page in self.pages_meant(page)? {
            for standing in &standings {
                let (key, standing) = (page.key.clone(), *standing);
                let some = self
                    .ledger
                    .ask(move |books| books.list(&key, standing, usize::MAX))
                    .await?;
                records.extend(some);
            }
        }
        records.sort_by_key(|record| record.order);
        let mut lines = Vec::with_capacity(records.len());
        for record in records {
            lines.push(self.line(record).await?);
        }
        Ok(Answer::new(Exit::Done, &ListReport { records: lines }))
    }

    fn standing(&self, word: &str) -> Result<Standing, DeskError> {
        Standing::ALL
            .into_iter()
            .find(|standing| standing.word() == word)
            .ok_or_else(|| {
                let words: Vec<&str> = Standing::ALL
                    .iter()
                    .map(|standing| standing.word())
                    .collect();
                let known = words.join(", ");
                DeskError::Usage(
                    self.language
                        .say("desk.no-such-state", &[("state", word), ("known", &known)]),
                )
            })
    }

    /// The records of one article.
    pub(super) async fn show(&self, what: &str, page: Option<&str>) -> Result<Answer, DeskError> {
        let records = self.records_named(what, page).await?;
        let mut lines = Vec::new();
        for record in records {
            lines.push(self.line(record).await?);
        }
        Ok(Answer::new(Exit::Done, &ListReport { records: lines }))
    }

    /// Changes the records that were picked; what cannot be changed is told, and the rest goes on.
    pub(super) async fn change(&self, verb: Verb, pick: Pick) -> Result<Answer, DeskError> {
        let records = self.picked(&pick).await?;
        let mut report = VerbReport {
            records: Vec::new(),
            refused: Vec::new(),
        };
        for record in records {
            match self.change_one(verb, &record).await {
                Ok(()) => {
                    let again = self.again(&record).await?;
                    report.records.push(self.line(again).await?);
                }
                Err(LedgerError::Illegal(illegal)) => report.refused.push(VerbRefusal {
                    article: record.article.to_string(),
                    page: self.page_name(&record.page),
                    error: self.illegal(&record, verb, &illegal.to_string()),
                }),
                Err(error) => return Err(error.into()),
            }
        }
        let exit = if report.refused.is_empty() {
            Exit::Done
        } else {
            Exit::BadData
        };
        Ok(Answer::new(exit, &report))
    }

    /// Why a verb does not apply; a post in doubt has a verb of its own.
    fn illegal(&self, record: &Record, verb: Verb, plain: &str) -> String {
        let in_doubt = matches!(
            record.state,
            State::Held {
                reason: HoldReason::Unresolved
            }
        );
        if in_doubt && verb != Verb::Hold {
            let article = record.article.as_str();
            return self
                .language
                .say("desk.resolve-first", &[("article", article)]);
        }
        plain.to_owned()
    }

    async fn change_one(&self, verb: Verb, record: &Record) -> Result<(), LedgerError> {
        let change = match verb {
            Verb::Skip if record.correction == Some(Correction::Asked) => Change::CorrectionDropped,
            Verb::Approve => Change::Approved,
            Verb::Hold => Change::Held {
                reason: HoldReason::ByPerson,
            },
            Verb::Skip => Change::Skipped {
                reason: SkipReason::ByPerson,
            },
            Verb::Retry => Change::Requeued(Order::standing(record)),
        };
        self.commit(vec![ledger::Entry::change(record, change, "by a person")])
            .await
    }

    pub(super) async fn commit(&self, entries: Vec<ledger::Entry>) -> Result<(), LedgerError> {
        let at = self.publisher.clock.now();
        self.ledger
            .ask(move |books| books.commit(at, entries))
            .await
    }

    pub(super) async fn again(&self, record: &Record) -> Result<Record, LedgerError> {
        let (id, page) = (record.article.clone(), record.page.clone());
        self.ledger
            .ask(move |books| books.record(&id, &page)?.ok_or(LedgerError::NoArticle(id)))
            .await
    }

    async fn picked(&self, pick: &Pick) -> Result<Vec<Record>, DeskError> {
        let mut records = Vec::new();
        for what in &pick.articles {
            records.extend(self.records_named(what, pick.page.as_deref()).await?);
        }
        if pick.held.as_deref() == Some(CORRECTED) {
            for page in self.pages_meant(pick.page.as_deref())? {
                let key = page.key.clone();
                let outdated = self.ledger.ask(move |books| books.outdated(&key)).await?;
                let asked = |record: &Record| record.correction == Some(Correction::Asked);
                records.extend(outdated.into_iter().filter(asked));
            }
        } else if let Some(word) = &pick.held {
            let reason = HoldReason::from_word(word).ok_or_else(|| {
                DeskError::Usage(
                    self.language
                        .say("desk.no-such-reason", &[("reason", word)]),
                )
            })?;
            for page in self.pages_meant(pick.page.as_deref())? {
                let key = page.key.clone();
                let held = self
                    .ledger
                    .ask(move |books| books.list(&key, Standing::Held, usize::MAX))
                    .await?;
                let meant = State::Held { reason };
                records.extend(held.into_iter().filter(|record| record.state == meant));
            }
        }
        if pick.articles.is_empty() && pick.held.is_none() {
            return Err(DeskError::Usage(
                self.language.say("desk.which-article", &[]),
            ));
        }
        Ok(records)
    }

    pub(super) async fn records_named(
        &self,
        what: &str,
        page: Option<&str>,
    ) -> Result<Vec<Record>, DeskError> {
        let unknown =
            || DeskError::BadRequest(self.language.say("desk.unknown-article", &[("what", what)]));
        let id = self.article_named(what).await?.ok_or_else(unknown)?;
        let mut records = self.ledger.ask(move |books| books.records_of(&id)).await?;
        if let Some(name) = page {
            let key = self.page_named(name)?.key.clone();
            records.retain(|record| record.page == key);
        }
        if records.is_empty() {
            return Err(unknown());
        }
        Ok(records)
    }

    /// The whole journal, one event a line.
    pub(super) async fn export(&self) -> Result<Answer, DeskError> {
        let events = self.ledger.ask(|books| books.export()).await?;
        Ok(Answer::new(
            Exit::Done,
            &serde_json::json!({ "events": events }),
        ))
    }

    /// Stops sending.
    pub(super) async fn pause(
        &self,
        page: Option<&str>,
        for_secs: Option<u64>,
        why: Option<String>,
    ) -> Result<Answer, DeskError> {
        let pages = self.pages_meant(page)?;
        let now = self.publisher.clock.now();
        let until = for_secs.and_then(|seconds| {
            now.checked_add(saturating(Duration::from_secs(seconds)))
                .ok()
        });
        let why = why.unwrap_or_else(|| self.language.say("pause.by-person", &[]));
        let pause = Pause {
            why,
            until,
            by: PausedBy::Person,
        };
        let keys: Vec<PageKey> = pages.iter().map(|page| page.key.clone()).collect();
        self.ledger
            .ask(move |books| {
                let mut entries = Vec::new();
                for page in keys {
                    if !plan::outlasts(&books.page(&page)?, &pause, now) {
                        let pause = pause.clone();
                        entries.push(ledger::Entry::from(What::Paused { page, pause }));
                    }
                }
                books.commit(now, entries)
            })
            .await?;
        self.standing_of(&pages).await
    }

    /// Starts sending again. What the Page shows then is taken as known.
    pub(super) async fn resume(&self, page: Option<&str>) -> Result<Answer, DeskError> {
        let pages = self.pages_meant(page)?;
        for page in &pages {
            let mut entries = vec![ledger::Entry::from(What::Resumed {
                page: page.key.clone(),
            })];
            let key = page.key.clone();
            let row = self.ledger.ask(move |books| books.page(&key)).await?;
            if row
                .pause
                .is_some_and(|pause| pause.by == PausedBy::Strangers)
            {
                entries.insert(0, self.acknowledged(page).await?);
            }
            self.commit(entries).await?;
            page.hand.lock().await.wake();
        }
        self.standing_of(&pages).await
    }

    async fn acknowledged(&self, page: &Arc<Page>) -> Result<ledger::Entry, DeskError> {
        let reading = page.destination.read(POSTS_READ).await.map_err(|error| {
            let why = error.to_string();
            let text = self
                .language
                .say("desk.page-stopped", &[("page", &page.name), ("why", &why)]);
            DeskError::Unavailable(text)
        })?;
        let ours = reading
            .posts
            .into_iter()
            .filter(|post| post.ours == Some(true));
        Ok(ledger::Entry::from(What::Acknowledged {
            page: page.key.clone(),
            posts: ours.map(|post| post.id).collect(),
        }))
    }

    pub(super) async fn standing_of(&self, pages: &[Arc<Page>]) -> Result<Answer, DeskError> {
        let mut lines = Vec::new();
        for page in pages {
            lines.push(self.page_line(page, Vec::new()).await?);
        }
        Ok(Answer::new(
            Exit::Done,
            &serde_json::json!({ "pages": lines }),
        ))
    }

    /// Whether everything goes by itself.
    pub(super) async fn health(&self) -> Result<Answer, DeskError> {
        let mut reasons = Vec::new();
        for source in &self.poller.sources {
            let name = source.name.clone();
            let memory = self.ledger.ask(move |books| books.feed(&name)).await?;
            let memory = memory.unwrap_or_default();
            if memory.failures_in_a_row >= FAILURES_TOLD {
                let (count, why) = (
                    memory.failures_in_a_row.to_string(),
                    memory.error.unwrap_or_default(),
                );
                reasons.push(self.language.say(
                    "health.feed",
                    &[("feed", &source.name), ("count", &count), ("why", &why)],
                ));
            }
        }
        for page in &self.pages {
            reasons.extend(self.page_troubles(page).await?);
        }
        let healthy = reasons.is_empty();
        let exit = if healthy { Exit::Done } else { Exit::Faulty };
        Ok(Answer::new(exit, &HealthReport { healthy, reasons }))
    }

    async fn page_troubles(&self, page: &Arc<Page>) -> Result<Vec<String>, DeskError> {
        let key = page.key.clone();
        let (row, in_doubt) = self
            .ledger
            .ask(move |books| {
                let held = books.list(&key, Standing::Held, usize::MAX)?;
                let doubt = State::Held {
                    reason: HoldReason::Unresolved,
                };
                let in_doubt = held.iter().filter(|record| record.state == doubt).count();
                Ok((books.page(&key)?, in_doubt))
            })
            .await?;
        let mut troubles = Vec::new();
        // A person's own pause, and a rest that ends by itself, are no illness.
        let illness = [PausedBy::Refusals, PausedBy::Strangers, PausedBy::Recovery];
        if let Some(pause) = row.pause.filter(|pause| illness.contains(&pause.by)) {
            let values = [("page", page.name.as_str()), ("why", pause.why.as_str())];
            troubles.push(self.language.say("health.paused", &values));
        }
        if in_doubt > 0 {
            let count = in_doubt.to_string();
            let values = [("page", page.name.as_str()), ("count", count.as_str())];
            troubles.push(self.language.say("health.in-doubt", &values));
        }
        let right = page.right.lock();
        let right = right.unwrap_or_else(PoisonError::into_inner).clone();
        let now = self.publisher.clock.now();
        let said = |warning: &Warning| warning.say(self.language, page, now);
        troubles.extend(right.warnings.iter().map(said));
        let hand = page.hand.lock().await;
        let not_allowed = hand.not_allowed.clone().or(right.trouble);
        let unreachable = hand
            .silent(self.publisher.clock.as_ref())
            .map(str::to_owned);
        for (key, why) in [
            ("health.not-allowed", not_allowed),
            ("health.unreachable", unreachable),
        ] {
            if let Some(why) = why {
                let values = [("page", page.name.as_str()), ("why", why.as_str())];
                troubles.push(self.language.say(key, &values));
            }
        }
        Ok(troubles)
    }
}
