//! The verbs that stop sending and start it again.

use std::sync::Arc;
use std::time::Duration;

use super::{Answer, Desk, DeskError};
use crate::clock::saturating;
use crate::exit::Exit;
use crate::ledger::Entry;
use crate::ledger::event::{Pause, PausedBy, What};
use crate::ledger::state::PageKey;
use crate::publisher::page::{POSTS_READ, Page};
use crate::publisher::plan;

impl Desk {
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
                        entries.push(Entry::from(What::Paused { page, pause }));
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
            let mut entries = vec![Entry::from(What::Resumed {
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

    async fn acknowledged(&self, page: &Arc<Page>) -> Result<Entry, DeskError> {
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
        Ok(Entry::from(What::Acknowledged {
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
}
