//! The verbs that look at records and change them.

use super::report::{ListReport, VerbRefusal, VerbReport};
use super::request::{Pick, Verb};
use super::{Answer, Desk, DeskError};
use crate::exit::Exit;
use crate::ledger::state::{Correction, HoldReason, Record, SkipReason, Standing, State};
use crate::ledger::step::{Change, Order};
use crate::ledger::{Entry, LedgerError};

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
        self.commit(vec![Entry::change(record, change, "by a person")])
            .await
    }

    pub(super) async fn commit(&self, entries: Vec<Entry>) -> Result<(), LedgerError> {
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
        if pick.articles.is_empty() && pick.held.is_none() {
            return Err(DeskError::Usage(
                self.language.say("desk.which-article", &[]),
            ));
        }
        let mut records = Vec::new();
        for what in &pick.articles {
            records.extend(self.records_named(what, pick.page.as_deref()).await?);
        }
        if let Some(word) = &pick.held {
            records.extend(self.waiting_for(word, pick.page.as_deref()).await?);
        }
        Ok(records)
    }

    /// The records that wait for a person, by the word for why.
    async fn waiting_for(&self, word: &str, page: Option<&str>) -> Result<Vec<Record>, DeskError> {
        let reason = HoldReason::from_word(word);
        if reason.is_none() && word != CORRECTED {
            let values = [("reason", word)];
            return Err(DeskError::Usage(
                self.language.say("desk.no-such-reason", &values),
            ));
        }
        let waits = move |record: &Record| match reason {
            Some(reason) => record.state == State::Held { reason },
            None => record.correction == Some(Correction::Asked),
        };
        let mut records = Vec::new();
        for page in self.pages_meant(page)? {
            let key = page.key.clone();
            let some = self.ledger.ask(move |books| match reason {
                Some(_) => books.list(&key, Standing::Held, usize::MAX),
                None => books.outdated(&key),
            });
            records.extend(some.await?.into_iter().filter(waits));
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
}
