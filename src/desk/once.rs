//! One whole run: poll every feed, read new articles' pages, look for what is in doubt, publish
//! what is due.

use std::sync::Arc;

use super::report::{Answer, FeedLine, OnceReport, PageLine, PublishedLine};
use super::{Desk, DeskError};
use crate::exit::Exit;
use crate::ledger::event::What;
use crate::ledger::state::{Standing, State};
use crate::ledger::{Ledger, LedgerError};
use crate::poller::{self, FAILURES_MAX, Outcome, Polled};
use crate::publisher::page::Page;
use crate::publisher::{Progress, Sent, Stop};

/// How many notices one run may have said.
const NOTICES_MAX: usize = 100;

impl Desk {
    /// One whole run. Its document comes with every exit.
    pub(super) async fn once(&self) -> Answer {
        let _alone = self.run.lock().await;
        let mut report = OnceReport::default();
        let mut worst = Exit::Done;
        if let Err(error) = self.run_once(&mut report, &mut worst).await {
            report.error = Some(error.to_string());
            worst = worse(worst, error.exit());
        }
        Answer::new(worst, &report)
    }

    async fn run_once(&self, report: &mut OnceReport, worst: &mut Exit) -> Result<(), DeskError> {
        let notices_before = last_notice(&self.ledger).await?;
        for source in &self.poller.sources {
            let polled = self.poller.poll(source).await?;
            if matches!(polled.outcome, Outcome::Failed(_)) {
                *worst = worse(*worst, Exit::Unavailable);
            }
            report.feeds.push(feed_line(polled));
        }
        // Whoever calls this waits for it: a page that fails is asked again at once.
        self.poller.enrich(FAILURES_MAX as usize).await?;
        for source in &self.poller.sources {
            self.poller.look_for_the_gone(source).await?;
        }
        for page in &self.pages {
            let line = self.run_page(page, worst).await?;
            report.pages.push(line);
        }
        report.notices = notices_since(&self.ledger, notices_before).await?;
        Ok(())
    }

    async fn run_page(&self, page: &Arc<Page>, worst: &mut Exit) -> Result<PageLine, DeskError> {
        self.publisher.look_at_token_once_a_day(page).await?;
        let looks = self.publisher.reconcile(page).await?;
        if let Some(stop) = &looks.stop {
            *worst = worse(*worst, stop_exit(stop));
        }
        let mut published = Vec::new();
        loop {
            match self.publisher.publish_next(page).await? {
                Progress::Published(sent) => published.push(published_line(*sent)),
                Progress::Moved => {}
                Progress::Doubtful | Progress::Idle(_) => break,
                Progress::Stopped(stop) => {
                    *worst = worse(*worst, stop_exit(&stop));
                    break;
                }
            }
        }
        let line = self.page_line(page, published).await?;
        if line.unresolved > 0 {
            *worst = worse(*worst, Exit::TryLater);
        }
        Ok(line)
    }

    /// How a Page stands.
    pub(super) async fn page_line(
        &self,
        page: &Page,
        published: Vec<PublishedLine>,
    ) -> Result<PageLine, LedgerError> {
        let (key, now) = (page.key.clone(), self.publisher.clock.now());
        let (counts, row) = self
            .ledger
            .ask(move |books| Ok((books.counts(&key)?, books.page(&key)?)))
            .await?;
        let count = |standing| counts.get(&standing).copied().unwrap_or_default();
        let paused = row
            .pause
            .filter(|pause| pause.until.is_none_or(|until| until > now));
        let queued =
            count(Standing::Recorded) + count(Standing::Queued) + count(Standing::Uploading);
        let wait = match queued {
            0 => None,
            _ => self.publisher.waits(page).await?,
        };
        Ok(PageLine {
            name: page.name.clone(),
            published,
            queued,
            held: count(Standing::Held),
            unresolved: count(Standing::Unresolved) + count(Standing::Sending),
            refused: count(Standing::Refused),
            skipped: count(Standing::Skipped),
            paused: paused.map(|pause| pause.why),
            waits: wait.as_ref().map(|wait| self.waiting(wait)),
            next: wait.and_then(|wait| wait.until),
        })
    }
}

fn feed_line(polled: Polled) -> FeedLine {
    let (outcome, error) = match polled.outcome {
        poller::Outcome::Changed => ("changed", None),
        poller::Outcome::Unchanged => ("unchanged", None),
        poller::Outcome::Failed(why) => ("failed", Some(why)),
    };
    FeedLine {
        name: polled.feed,
        outcome,
        entries: polled.entries,
        new: polled.new,
        error,
    }
}

fn published_line(sent: Sent) -> PublishedLine {
    let (post_id, permalink) = match sent.record.state {
        State::Published {
            post, permalink, ..
        } => (Some(post.0), permalink),
        _ => (None, None),
    };
    PublishedLine {
        article: sent.record.article.to_string(),
        title: sent.title,
        link: sent.link,
        post_id,
        permalink,
    }
}

/// How a run ends that a Page stopped.
pub(super) fn stop_exit(stop: &Stop) -> Exit {
    match stop {
        Stop::Unavailable(_) => Exit::Unavailable,
        Stop::NotAllowed(_) => Exit::NotAllowed,
    }
}

/// The worse of two ends, in the order of the contract.
fn worse(one: Exit, other: Exit) -> Exit {
    const WORST_FIRST: [Exit; 5] = [
        Exit::Storage,
        Exit::NotAllowed,
        Exit::TryLater,
        Exit::Unavailable,
        Exit::Done,
    ];
    WORST_FIRST
        .into_iter()
        .find(|exit| *exit == one || *exit == other)
        .unwrap_or(one.max(other))
}

async fn last_notice(ledger: &Ledger) -> Result<u64, LedgerError> {
    let newest = ledger.ask(|books| books.notices(1)).await?;
    Ok(newest.last().map_or(0, |told| told.seq))
}

async fn notices_since(ledger: &Ledger, seq: u64) -> Result<Vec<String>, LedgerError> {
    let notices = ledger.ask(|books| books.notices(NOTICES_MAX)).await?;
    Ok(notices
        .into_iter()
        .filter(|told| told.seq > seq)
        .filter_map(|told| match told.event.what {
            What::Notice { text, .. } => Some(text),
            _ => None,
        })
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worst_end_wins_in_the_order_of_the_contract() {
        assert_eq!(worse(Exit::Unavailable, Exit::TryLater), Exit::TryLater);
        assert_eq!(worse(Exit::NotAllowed, Exit::TryLater), Exit::NotAllowed);
        assert_eq!(worse(Exit::Done, Exit::Unavailable), Exit::Unavailable);
        assert_eq!(worse(Exit::NotAllowed, Exit::Storage), Exit::Storage);
    }
}
