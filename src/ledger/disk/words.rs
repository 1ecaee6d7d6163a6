//! What is told of a ledger's copies, in words for the operator.

use crate::ledger::journal::Report;
use crate::ledger::store::Opened;

/// What is damaged in the journal, and what is missing from it.
pub(super) fn damage(report: &Report) -> Vec<String> {
    let damage = report.damage.iter().map(|damage| {
        format!(
            "{} unreadable bytes at {} of {}",
            damage.bytes, damage.at, damage.file
        )
    });
    let gaps = report
        .gaps
        .iter()
        .map(|(first, last)| format!("events {first} to {last} are missing from the journal"));
    damage.chain(gaps).collect()
}

/// What was wrong when the ledger was opened, and has been repaired.
pub(super) fn repairs(opened: &Opened) -> Vec<String> {
    let mut repairs = opened.damage.clone();
    if opened.rebuilt && !opened.new {
        repairs.push("the index was made again from the journal".to_owned());
    }
    if opened.recovered > 0 {
        let count = opened.recovered;
        repairs.push(format!(
            "{count} events were missing from the journal and were taken from the index"
        ));
    }
    repairs
}
