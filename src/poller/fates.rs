//! What becomes of articles on each Page where they have only been recorded so far.

use std::sync::Arc;

use jiff::Timestamp;

use super::Poller;
use super::decide::decide;
use super::enrich::article_row;
use crate::article::{Article, ArticleId};
use crate::ledger::rows::ArticleRow;
use crate::ledger::state::{PageKey, Record, Standing, State};
use crate::ledger::step::Change;
use crate::ledger::{Books, Entry, LedgerError};
use crate::publisher::page::Page;

/// What becomes of an article on one Page, and by which rule.
pub(super) struct Fate {
    page: PageKey,
    change: Change,
    rule: String,
}

impl Poller {
    /// What becomes of an article on each Page where it has only been recorded so far.
    pub(super) fn fates(
        &self,
        article: &Article,
        first_seen: Timestamp,
        now: Timestamp,
    ) -> Vec<Fate> {
        let selection = self
            .source(&article.feed)
            .map(|source| source.selection.clone())
            .unwrap_or_default();
        let fate = |page: &Arc<Page>| {
            let (state, rule) = decide(
                article,
                &selection,
                &page.manners,
                page.review,
                first_seen,
                now,
            );
            let change = match state {
                State::Held { reason } => Change::Held { reason },
                State::Skipped { reason } => Change::Skipped { reason },
                _ => Change::Queued,
            };
            Fate {
                page: page.key.clone(),
                change,
                rule,
            }
        };
        self.pages.iter().map(fate).collect()
    }

    /// Decides on records that nobody has decided on when their article's page was read: their
    /// Page was not in the settings then.
    pub(super) async fn decide_left_over(&self) -> Result<(), LedgerError> {
        let keys: Vec<PageKey> = self.pages.iter().map(|page| page.key.clone()).collect();
        let left = self
            .ledger
            .ask(move |books| left_over(books, &keys))
            .await?;
        let now = self.clock.now();
        for (id, row) in left {
            let fates = self.fates(&row.article, row.first_seen, now);
            self.ledger
                .ask(move |books| {
                    let decided = decided(books, &id, &fates)?;
                    books.commit(now, decided)
                })
                .await?;
        }
        Ok(())
    }
}

/// The fates of those of the article's records that wait for theirs.
pub(super) fn decided(
    books: &Books,
    id: &ArticleId,
    fates: &[Fate],
) -> Result<Vec<Entry>, LedgerError> {
    let mut records = books.records_of(id)?;
    records.retain(|record| record.state == State::Recorded);
    let entry = |record: &Record| {
        let fate = fates.iter().find(|fate| fate.page == record.page)?;
        let (change, rule) = (fate.change.clone(), fate.rule.as_str());
        Some(Entry::change(record, change, rule))
    };
    Ok(records.iter().filter_map(entry).collect())
}

/// Articles with a record that waits for its fate although nothing more will be read.
fn left_over(
    books: &Books,
    pages: &[PageKey],
) -> Result<Vec<(ArticleId, ArticleRow)>, LedgerError> {
    let mut left = Vec::new();
    for page in pages {
        for record in books.list(page, Standing::Recorded, usize::MAX)? {
            let row = article_row(books, &record.article)?;
            if !row.unread {
                left.push((record.article, row));
            }
        }
    }
    Ok(left)
}
