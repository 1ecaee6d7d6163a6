//! Tells what was found when the ledger was opened.

use std::collections::BTreeSet;

use tracing::info;

use super::Desk;
use crate::ledger::event::{Pause, PausedBy, What};
use crate::ledger::state::PageKey;
use crate::ledger::store::Opened;
use crate::ledger::{Entry, LedgerError};

/// Says what was found when the ledger was opened. What had to be restored stops all sending
/// until a person has looked.
pub(super) async fn tell(desk: &Desk, opened: &Opened) -> Result<(), LedgerError> {
    if opened.new {
        info!("a new ledger: what the feeds show at their first poll counts as old");
    }
    if opened.rebuilt || opened.replayed > 0 {
        info!(
            frames = opened.replayed,
            "the index was brought up to date from the journal"
        );
    }
    for place in &opened.damage {
        let place = desk.language.cause(place);
        let text = desk.language.say("notice.damaged", &[("place", &place)]);
        notify(desk, text).await?;
    }
    if opened.recovered > 0 {
        pause_everything(desk).await?;
        let count = opened.recovered.to_string();
        let text = desk.language.say("notice.recovered", &[("count", &count)]);
        notify(desk, text).await?;
    }
    Ok(())
}

async fn pause_everything(desk: &Desk) -> Result<(), LedgerError> {
    let pause = Pause {
        why: desk.language.say("pause.recovery", &[]),
        until: None,
        by: PausedBy::Recovery,
    };
    let here: Vec<PageKey> = desk.pages.iter().map(|page| page.key.clone()).collect();
    let at = desk.publisher.clock.now();
    desk.ledger
        .ask(move |books| {
            // Also those that are missing from the settings today, and may come back.
            let pages: BTreeSet<PageKey> = here.into_iter().chain(books.pages()?).collect();
            let paused = pages.into_iter().map(|page| {
                let pause = pause.clone();
                Entry::from(What::Paused { page, pause })
            });
            books.commit(at, paused)
        })
        .await
}

async fn notify(desk: &Desk, text: String) -> Result<(), LedgerError> {
    let at = desk.publisher.clock.now();
    desk.ledger.tell(at, "ledger", text).await
}
