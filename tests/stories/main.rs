//! Loa as its users meet it, told as stories: real settings, a real ledger on disk, real sockets.
//! Only the site, the Page and the time are played, by a scripted site, the rehearsal page and a
//! clock that stands still.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a story that cannot go on has failed"
)]

mod by_hand;
mod commands;
mod conformance;
mod daemon;
mod doubt;
mod feeds;
mod first_day;
mod follow;
mod fuzz;
mod hands;
mod house;
mod identity;
mod keeping;
mod kill;
mod login;
mod news;
mod pages;
mod pictures;
mod polling;
#[cfg(feature = "faults")]
mod proof;
mod publishing;
mod refusals;
mod restart;
mod secrets;
mod site;
mod storage;
mod strain;
mod telling;
mod waiting;
mod why;
