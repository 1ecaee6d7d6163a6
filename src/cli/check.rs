//! `loa check`: what will go wrong, before it does.

use super::arguments::{Check, Globals};
use super::office::Setting;
use super::show;
use super::terminal::Terminal;
use crate::desk::Request;

/// Settings first: with wrong ones there is nothing else to look at.
pub(super) async fn check(globals: &Globals, terminal: &Terminal, wish: Check) -> u8 {
    match Setting::load(globals, terminal) {
        Ok(setting) => {
            let request = Request::Check {
                online: wish.online,
            };
            setting.ask(request, "cli.checking", show::checks).await
        }
        Err(code) => code,
    }
}
