//! Whether everything goes by itself, or a person is needed.

use std::sync::{Arc, PoisonError};

use super::report::HealthReport;
use super::{Answer, Desk, DeskError};
use crate::exit::Exit;
use crate::ledger::event::PausedBy;
use crate::ledger::state::{HoldReason, Standing, State};
use crate::poller::{FAILURES_TOLD, Source};
use crate::publisher::page::Page;
use crate::publisher::token::Warning;

/// A person's own pause, and a rest that ends by itself, are no illness.
const ILLNESS: [PausedBy; 3] = [PausedBy::Refusals, PausedBy::Strangers, PausedBy::Recovery];

impl Desk {
    /// Whether everything goes by itself.
    pub(super) async fn health(&self) -> Result<Answer, DeskError> {
        let mut reasons = Vec::new();
        for source in &self.poller.sources {
            reasons.extend(self.feed_trouble(source).await?);
        }
        for page in &self.pages {
            reasons.extend(self.troubles_written_down(page).await?);
            reasons.extend(self.token_troubles(page).await);
        }
        let healthy = reasons.is_empty();
        let exit = if healthy { Exit::Done } else { Exit::Faulty };
        Ok(Answer::new(exit, &HealthReport { healthy, reasons }))
    }

    async fn feed_trouble(&self, source: &Source) -> Result<Option<String>, DeskError> {
        let name = source.name.clone();
        let memory = self.ledger.ask(move |books| books.feed(&name)).await?;
        let memory = memory.unwrap_or_default();
        if memory.failures_in_a_row < FAILURES_TOLD {
            return Ok(None);
        }
        let count = memory.failures_in_a_row.to_string();
        let why = memory.error.unwrap_or_default();
        let values = [("feed", &source.name), ("count", &count), ("why", &why)];
        let values = values.map(|(name, value)| (name, value.as_str()));
        Ok(Some(self.language.say("health.feed", &values)))
    }

    /// What the ledger says against a Page.
    async fn troubles_written_down(&self, page: &Page) -> Result<Vec<String>, DeskError> {
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
        if let Some(pause) = row.pause.filter(|pause| ILLNESS.contains(&pause.by)) {
            let values = [("page", page.name.as_str()), ("why", pause.why.as_str())];
            troubles.push(self.language.say("health.paused", &values));
        }
        if in_doubt > 0 {
            let count = in_doubt.to_string();
            let values = [("page", page.name.as_str()), ("count", count.as_str())];
            troubles.push(self.language.say("health.in-doubt", &values));
        }
        Ok(troubles)
    }

    /// What the newest look at a Page's token showed, and the Page's newest answers.
    async fn token_troubles(&self, page: &Arc<Page>) -> Vec<String> {
        let right = page.right.lock();
        let right = right.unwrap_or_else(PoisonError::into_inner).clone();
        let now = self.publisher.clock.now();
        let said = |warning: &Warning| warning.say(self.language, page, now);
        let mut troubles: Vec<String> = right.warnings.iter().map(said).collect();
        let hand = page.hand.lock().await;
        let not_allowed = hand.not_allowed.clone().or(right.trouble);
        let silent = hand.silent(self.publisher.clock.as_ref());
        for (key, why) in [
            ("health.not-allowed", not_allowed.as_deref()),
            ("health.unreachable", silent),
        ] {
            if let Some(why) = why {
                let values = [("page", page.name.as_str()), ("why", why)];
                troubles.push(self.language.say(key, &values));
            }
        }
        troubles
    }
}
