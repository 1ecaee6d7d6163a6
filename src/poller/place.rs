//! Where a new article starts on each Page that gets its feed. Pure.

use std::time::Duration;

use super::arrival::{Arrival, First};
use super::decide::decide;
use super::identify::Poll;
use super::telling::Batch;
use crate::article::{Article, ArticleId};
use crate::ledger::state::{HoldReason, SkipReason, State};

impl Poll {
    /// Whether the new entries are held as one batch, and why.
    pub(super) fn batch(&self, new: usize) -> Option<Batch> {
        if self.moved && new > 0 {
            return Some(Batch {
                text: "notice.moved-feed",
                count: new,
            });
        }
        let flooded = |arrival| self.floods(arrival, new);
        self.arrivals.iter().any(flooded).then_some(Batch {
            text: "notice.flood",
            count: new,
        })
    }

    /// Whether so many new articles at once are more than the Page takes.
    fn floods(&self, arrival: &Arrival, new: usize) -> bool {
        matches!(arrival.first, First::No | First::Renamed)
            && arrival
                .flood_over
                .is_some_and(|most| new as u64 > u64::from(most) * self.days())
    }

    /// Started days since the last good poll.
    fn days(&self) -> u64 {
        let Some(last) = self.last_good_at else {
            return 1;
        };
        let silent = Duration::try_from(self.now.duration_since(last)).unwrap_or_default();
        silent.as_secs().div_ceil(86_400).max(1)
    }

    /// Where the article starts on one Page, and by which rule; `batch` is what it came with,
    /// `twin` the known article that it reads like.
    pub(super) fn place(
        &self,
        arrival: &Arrival,
        article: &Article,
        batch: &Option<Batch>,
        twin: Option<&ArticleId>,
    ) -> (State, String) {
        if arrival.first == First::Baseline {
            let reason = SkipReason::Baseline;
            let rule = "first poll of the feed".to_owned();
            return (State::Skipped { reason }, rule);
        }
        if let Some(twin) = twin {
            let reason = HoldReason::DoubtfulTwin;
            return (State::Held { reason }, format!("reads like {twin}"));
        }
        let holds = |batch: &&Batch| self.moved || self.floods(arrival, batch.count);
        if let Some(batch) = batch.as_ref().filter(holds) {
            return self.held_with(batch.count, arrival);
        }
        if self.page_is_read(article) {
            return (State::Recorded, "its page is read first".to_owned());
        }
        decide(
            article,
            &self.feed.selection,
            &arrival.manners,
            arrival.review,
            self.now,
            self.now,
        )
    }

    fn held_with(&self, count: usize, arrival: &Arrival) -> (State, String) {
        if self.moved {
            let reason = HoldReason::MovedFeed;
            let rule = format!("{count} new at once at a new address");
            return (State::Held { reason }, rule);
        }
        let reason = HoldReason::Flood;
        let most = arrival.flood_over.unwrap_or_default();
        let rule = format!("{count} new at once; flood_over = {most}");
        (State::Held { reason }, rule)
    }

    pub(super) fn page_is_read(&self, article: &Article) -> bool {
        self.feed.read_pages && article.link.is_some()
    }
}
