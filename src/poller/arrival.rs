//! How articles arrive on a Page: as a baseline the first time, later by its manners.

use super::{Poller, Source};
use crate::ledger::LedgerError;
use crate::ledger::state::PageKey;
use crate::publisher::page::Page;
use crate::publisher::plan::Manners;

/// How articles arrive on one Page.
pub(super) struct Arrival {
    pub(super) key: PageKey,
    pub(super) manners: Manners,
    pub(super) review: bool,
    pub(super) flood_over: Option<u32>,
    pub(super) first: First,
}

/// Whether this is the Page's first poll of the feed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum First {
    No,
    /// No: the feed has only another name in the settings than before.
    Renamed,
    /// What is present now is not posted.
    Baseline,
    /// What is present now is posted too, without the flood guard.
    Publish,
}

impl Poller {
    /// How articles of the feed arrive on the Page now; or why that cannot be told.
    pub(super) async fn arrival(
        &self,
        source: &Source,
        page: &Page,
    ) -> Result<Result<Arrival, String>, LedgerError> {
        let first = self.first(source, page).await?;
        Ok(first.map(|first| Arrival {
            key: page.key.clone(),
            manners: page.manners.clone(),
            review: page.review,
            flood_over: page.flood_over,
            first,
        }))
    }

    async fn first(
        &self,
        source: &Source,
        page: &Page,
    ) -> Result<Result<First, String>, LedgerError> {
        let (feed, key, url) = (
            source.name.clone(),
            page.key.clone(),
            source.url.to_string(),
        );
        let names: Vec<String> = self.sources.iter().map(|feed| feed.name.clone()).collect();
        let (known, renamed) = self
            .ledger
            .ask(move |books| {
                let mut renamed = false;
                for name in books.feeds_at(&url)? {
                    renamed |= !names.contains(&name) && books.baselined(&name, &key)?;
                }
                Ok((books.baselined(&feed, &key)?, renamed))
            })
            .await?;
        if known {
            return Ok(Ok(First::No));
        }
        if renamed {
            return Ok(Ok(First::Renamed));
        }
        if !source.publish_first {
            return Ok(Ok(First::Baseline));
        }
        let mut hand = page.hand.lock().await;
        Ok(match page.reading(&mut hand, self.clock.as_ref()).await {
            // A Page that shows posts of ours has had a ledger before: publishing the feed from
            // its beginning would repeat them.
            Ok(reading) if reading.posts.iter().any(|post| post.ours == Some(true)) => {
                Ok(First::Baseline)
            }
            Ok(_) => Ok(First::Publish),
            Err(error) => Err(format!("{}: {error}", page.name)),
        })
    }
}
