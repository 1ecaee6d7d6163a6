//! The daemon: starts poller, publishers, the watch over tokens and the control socket, and stops them in order.
//!
//! The first signal lets the post in hand be finished; the second leaves at once, which is safe:
//! what is on disk says that a call may have been made, and the next start looks for it.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::signal::unix::{SignalKind, signal};
use tokio::task::{JoinError, JoinSet};
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

use crate::admin::control;
use crate::clock::{Clock, saturating};
use crate::desk::Desk;
use crate::ledger::LedgerError;
use crate::poller::{Poller, Source};
use crate::publisher::page::Page;
use crate::publisher::{Progress, PublishError, Publisher, Stop};
use crate::retry::SERVER_DELAY_MAX;

/// Nobody sleeps longer than this, so that a person's word is soon followed.
const NAP_MAX: Duration = Duration::from_secs(5);
/// How long articles whose pages did not answer are left alone.
const ENRICH_REST: Duration = Duration::from_secs(60);

/// Why the daemon ended.
#[derive(Debug, thiserror::Error)]
pub enum DaemonError {
    /// The ledger.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// A post could not be made.
    #[error(transparent)]
    Publish(#[from] PublishError),
    /// The control socket, or the signals.
    #[error("the control socket failed: {0}")]
    Socket(#[from] io::Error),
    /// A task died. The process ends rather than go on with half of itself.
    #[error("a task died: {0}")]
    Died(#[from] JoinError),
}

/// Runs until a signal comes or a task ends in an error.
///
/// # Errors
/// The first error of any task; all others were stopped then.
pub async fn run(
    desk: Arc<Desk>,
    listener: tokio::net::UnixListener,
    stop: CancellationToken,
) -> Result<(), DaemonError> {
    let clock = Arc::clone(&desk.publisher.clock);
    let mut tasks = JoinSet::new();
    for source in desk.poller.sources.clone() {
        let (poller, stop) = (Arc::clone(&desk.poller), stop.clone());
        tasks.spawn(async move { poll(&poller, &source, stop).await });
    }
    let (poller, stop_reading) = (Arc::clone(&desk.poller), stop.clone());
    tasks.spawn(async move { read_pages(&poller, stop_reading).await });
    let stop_watching = stop.clone();
    for page in desk.pages.clone() {
        let (publisher, stop) = (Arc::clone(&desk.publisher), stop.clone());
        let watched = Arc::clone(&page);
        tasks.spawn(async move { publish(&publisher, &page, stop).await });
        let (publisher, stop) = (Arc::clone(&desk.publisher), stop_watching.clone());
        tasks.spawn(async move { watch_token(&publisher, &watched, stop).await });
    }
    let (control, stop_control) = (Arc::clone(&desk), stop.clone());
    tasks.spawn(async move { Ok(control::serve(listener, control, clock, stop_control).await?) });
    first_end_stops_all(tasks, stop).await
}

/// Cancels `stop` at the first signal. At the second one, ends.
///
/// # Errors
/// When the system gives no signals.
pub async fn signals(stop: CancellationToken) -> io::Result<()> {
    let (mut term, mut int) = (
        signal(SignalKind::terminate())?,
        signal(SignalKind::interrupt())?,
    );
    let mut next = async || {
        tokio::select! {
            _ = term.recv() => {}
            _ = int.recv() => {}
        }
    };
    next().await;
    stop.cancel();
    info!("stopping: the post in hand is finished first");
    next().await;
    warn!("leaving at once");
    Ok(())
}

async fn first_end_stops_all(
    mut tasks: JoinSet<Result<(), DaemonError>>,
    stop: CancellationToken,
) -> Result<(), DaemonError> {
    let mut outcome = Ok(());
    while let Some(ended) = tasks.join_next().await {
        // Whoever ends, and for whatever reason, the others do not go on without it.
        stop.cancel();
        let ended = ended.map_err(DaemonError::from).and_then(|ended| ended);
        outcome = outcome.and(ended);
    }
    outcome
}

async fn poll(
    poller: &Poller,
    source: &Source,
    stop: CancellationToken,
) -> Result<(), DaemonError> {
    loop {
        let due = poller.due_at(source).await?;
        let now = poller.clock.now();
        // A moment further off than any back-off can mean only that the clock was set back.
        let longest = source.poll_every.max(poller.retry.delay_max) * 2;
        let longest = saturating(longest.max(SERVER_DELAY_MAX));
        let due = due.filter(|due| due.duration_since(now) <= longest);
        if due.is_none_or(|due| due <= now) {
            poller.poll(source).await?;
            poller.enrich(1).await?;
            poller.look_for_the_gone(source).await?;
        }
        // After a poll, whatever came of it, there is a nap at least.
        if nap(poller.clock.as_ref(), due.filter(|due| *due > now), &stop).await {
            return Ok(());
        }
    }
}

/// Articles whose pages did not answer are asked again, whenever their feed is polled next.
async fn read_pages(poller: &Poller, stop: CancellationToken) -> Result<(), DaemonError> {
    loop {
        let until = poller.clock.now().checked_add(saturating(ENRICH_REST)).ok();
        while until.is_some_and(|until| poller.clock.now() < until) {
            if nap(poller.clock.as_ref(), until, &stop).await {
                return Ok(());
            }
        }
        poller.enrich(1).await?;
    }
}

async fn publish(
    publisher: &Publisher,
    page: &Page,
    stop: CancellationToken,
) -> Result<(), DaemonError> {
    let clock = publisher.clock.as_ref();
    while !stop.is_cancelled() {
        let look = publisher.next_look(page).await?;
        if look.is_some_and(|look| look <= clock.now()) {
            publisher.reconcile(page).await?;
            continue;
        }
        // A rest ends sooner when a person acts; that is why it is asked for at every nap's end.
        let resting = page.hand.lock().await.rest_ends(clock);
        let idle = match resting {
            Some(until) => until,
            None => match publisher.publish_next(page).await? {
                Progress::Idle(wait) => {
                    let until = wait.and_then(|wait| wait.until);
                    until.unwrap_or(Timestamp::MAX)
                }
                Progress::Stopped(Stop::Unavailable(why)) => {
                    warn!(page.name = %page.name, "{} cannot be reached: {why}", page.name);
                    continue;
                }
                _ => continue,
            },
        };
        let until = look.map_or(idle, |look| look.min(idle));
        nap(clock, Some(until), &stop).await;
    }
    Ok(())
}

/// Looks at the Page's token at the start and every day, so that a person is told in time.
async fn watch_token(
    publisher: &Publisher,
    page: &Page,
    stop: CancellationToken,
) -> Result<(), DaemonError> {
    let clock = publisher.clock.as_ref();
    loop {
        let rest = tokio::select! {
            rest = publisher.look_at_token(page) => rest?,
            () = stop.cancelled() => return Ok(()),
        };
        // Counted evenly: a clock that is set back must not put off the next look.
        let due = clock.uptime().saturating_add(rest);
        while clock.uptime() < due {
            let left = saturating(due.saturating_sub(clock.uptime()));
            let until = clock.now().checked_add(left).ok();
            if nap(clock, until, &stop).await {
                return Ok(());
            }
        }
    }
}

/// Sleeps until the moment, but not for long; says whether it is time to stop.
async fn nap(clock: &dyn Clock, until: Option<Timestamp>, stop: &CancellationToken) -> bool {
    let left = until.map(|until| until.duration_since(clock.now()));
    let left = left.and_then(|left| Duration::try_from(left).ok());
    let nap = left.unwrap_or(NAP_MAX).min(NAP_MAX);
    tokio::select! {
        () = clock.sleep(nap) => false,
        () = stop.cancelled() => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A task that works until it is told to stop.
    async fn works_on(stop: CancellationToken) -> Result<(), DaemonError> {
        stop.cancelled().await;
        Ok(())
    }

    #[tokio::test]
    async fn a_panic_in_one_task_stops_the_others_and_ends_the_daemon_with_an_error() {
        let stop = CancellationToken::new();
        let mut tasks = JoinSet::new();
        tasks.spawn(works_on(stop.clone()));
        tasks.spawn(async { panic!("a mistake of ours") });
        tasks.spawn(works_on(stop.clone()));
        let ended = first_end_stops_all(tasks, stop).await;
        assert!(matches!(ended, Err(DaemonError::Died(_))), "{ended:?}");
    }

    #[tokio::test]
    async fn an_error_of_one_task_is_what_the_daemon_ends_with() {
        let stop = CancellationToken::new();
        let mut tasks = JoinSet::new();
        tasks.spawn(works_on(stop.clone()));
        tasks.spawn(async { Err(io::Error::other("no more").into()) });
        let ended = first_end_stops_all(tasks, stop).await;
        assert!(matches!(ended, Err(DaemonError::Socket(_))), "{ended:?}");
    }

    #[tokio::test]
    async fn who_is_told_to_stop_ends_without_an_error() {
        let stop = CancellationToken::new();
        let mut tasks = JoinSet::new();
        tasks.spawn(works_on(stop.clone()));
        stop.cancel();
        assert!(first_end_stops_all(tasks, stop).await.is_ok());
    }
}
