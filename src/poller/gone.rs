//! Looks for articles that have left their feed: most have only become old, some were taken away.

use url::Url;

use super::{Poller, Source};
use crate::article::ArticleId;
use crate::http_client::Get;
use crate::ledger::event::{Listing, What};
use crate::ledger::rows::ArticleRow;
use crate::ledger::state::{HoldReason, Record, State};
use crate::ledger::step::{Change, step};
use crate::ledger::{Entry, LedgerError};

/// Addresses asked for after one poll. The rest follow.
const ASKED_PER_ROUND_MAX: usize = 5;
/// Enough to see how the site answers; the page itself is not read.
const ANSWER_BYTES_MAX: usize = 8 << 20;

impl Poller {
    /// Asks the site for articles that have left the feed, and tells of those that are no more:
    /// what waits to be posted is held, and whether a post stays up is a person's to decide.
    ///
    /// # Errors
    /// When the ledger fails.
    pub async fn look_for_the_gone(&self, source: &Source) -> Result<(), LedgerError> {
        let name = source.name.clone();
        let listing = self.ledger.ask(move |books| books.listing(&name)).await?;
        let left = listing.unwrap_or_default().left;
        for id in left.into_iter().rev().take(ASKED_PER_ROUND_MAX) {
            let row = self.article(&id).await?;
            let records = self.records_that_matter(&id).await?;
            // Of an address that never answered, no answer is no news.
            let was_there = row.page_read && !row.gone;
            let status = match &row.article.link {
                Some(link) if was_there && !records.is_empty() => self.status_of(link).await,
                _ => Some(200),
            };
            match status {
                Some(status @ (404 | 410)) => self.gone(&id, &row, &records, status).await?,
                // The site is in trouble: asked again after the next poll.
                None | Some(429 | 500..) => continue,
                Some(_) => {}
            }
            self.looked_for(source, id).await?;
        }
        Ok(())
    }

    /// What is on a Page, or may still go there.
    async fn records_that_matter(&self, id: &ArticleId) -> Result<Vec<Record>, LedgerError> {
        let id = id.clone();
        let mut records = self.ledger.ask(move |books| books.records_of(&id)).await?;
        records.retain(|record| {
            matches!(record.state, State::Published { .. }) || is_held_back(record)
        });
        Ok(records)
    }

    async fn status_of(&self, link: &Url) -> Option<u16> {
        let request = Get {
            url: link,
            accept: "text/html, application/xhtml+xml",
            etag: None,
            last_modified: None,
            bytes_max: ANSWER_BYTES_MAX,
        };
        self.web.get(request).await.ok().map(|answer| answer.status)
    }

    async fn gone(
        &self,
        id: &ArticleId,
        row: &ArticleRow,
        records: &[Record],
        status: u16,
    ) -> Result<(), LedgerError> {
        let gone = What::Gone {
            id: id.clone(),
            status,
        };
        let mut entries = vec![Entry::from(gone)];
        let waiting = records.iter().filter(|record| is_held_back(record));
        entries.extend(waiting.map(|record| {
            let reason = HoldReason::Withdrawn;
            Entry::change(record, Change::Held { reason }, "its article is gone")
        }));
        self.commit_where_possible(entries).await?;
        for record in records {
            let key = match &record.state {
                State::Published { .. } => "notice.gone",
                _ => "notice.withdrawn",
            };
            let page = self.pages.iter().find(|page| page.key == record.page);
            let Some(page) = page else { continue };
            let place = match &record.state {
                State::Published {
                    permalink, post, ..
                } => permalink.clone().unwrap_or_else(|| post.0.clone()),
                _ => String::new(),
            };
            let title = row.article.title.as_str();
            let values = [
                ("page", page.name.as_str()),
                ("title", title),
                ("place", place.as_str()),
                ("article", id.as_str()),
            ];
            let text = self.language.say(key, &values);
            self.ledger.tell(self.clock.now(), &page.name, text).await?;
        }
        Ok(())
    }

    /// Writes down what can still follow: a record may have gone on meanwhile.
    async fn commit_where_possible(&self, entries: Vec<Entry>) -> Result<(), LedgerError> {
        let at = self.clock.now();
        self.ledger
            .ask(move |books| {
                let mut possible = Vec::new();
                for entry in entries {
                    let follows = match &entry.what {
                        What::Changed { id, page, change } => books
                            .record(id, page)?
                            .is_some_and(|record| step(&record, change, at).is_ok()),
                        _ => true,
                    };
                    possible.extend(follows.then_some(entry));
                }
                books.commit(at, possible)
            })
            .await
    }

    async fn looked_for(&self, source: &Source, id: ArticleId) -> Result<(), LedgerError> {
        let (at, feed) = (self.clock.now(), source.name.clone());
        self.ledger
            .ask(move |books| {
                let before = books.listing(&feed)?.unwrap_or_default();
                let left = before.left.into_iter().filter(|left| *left != id).collect();
                let listing = Listing { left, ..before };
                books.commit(at, [Entry::from(What::Listed { feed, listing })])
            })
            .await
    }
}

/// Whether it waits, so that it can be held.
fn is_held_back(record: &Record) -> bool {
    matches!(record.state, State::Recorded | State::Queued { .. })
}
