//! `loa run`, and what one does to a running loa.

use std::sync::Arc;

use tokio_util::sync::CancellationToken;
use tracing::{error, info};

use super::arguments::{self, Globals};
use super::office::{Setting, surroundings};
use super::post::length;
use super::terminal::Terminal;
use super::{nothing, show};
use crate::admin::control;
use crate::config::Config;
use crate::daemon::{self, DaemonError};
use crate::desk::Request;
use crate::desk::assemble::{AssembleError, Office};
use crate::exit::Exit;
use crate::ledger::LedgerError;
use crate::ledger::store::StoreError;

/// The daemon, from start to stop.
pub(super) async fn run(setting: &Setting) -> u8 {
    let terminal = &setting.terminal;
    let opened = Office::open(Arc::clone(&setting.config), &setting.state, surroundings()).await;
    let office = match opened {
        Ok(office) => office,
        Err(AssembleError::Ledger(LedgerError::Store(StoreError::Locked { holder, .. }))) => {
            let text = terminal.say("cli.run-elsewhere", &[("why", &holder)]);
            return terminal.fail(Exit::TryLater, &text);
        }
        Err(error) => return terminal.fail(error.exit(), &error.to_string()),
    };
    setting.warn_of_secrets(&office.desk.speaking(terminal.language));
    info!("{}", terminal.say("cli.ready", &[]));
    let ended = serve(&office, setting).await;
    let code = match ended {
        Some(Ok(())) => {
            office.close();
            Exit::Done.code()
        }
        Some(Err(error)) => {
            error!("{error}");
            terminal.fail(daemon_exit(&error), &error.to_string())
        }
        // The second signal: at once, whatever is still in hand.
        None => Exit::TryLater.code(),
    };
    // What was asked for is on disk; what is still in hand will be looked for at the next start.
    code
}

/// Serves until the first signal has been followed; `None` when a second one came.
pub(super) async fn serve(office: &Office, setting: &Setting) -> Option<Result<(), DaemonError>> {
    let listener = match control::listen(&setting.state) {
        Ok(listener) => listener,
        Err(error) => return Some(Err(error.into())),
    };
    let stop = CancellationToken::new();
    tokio::select! {
        ended = daemon::run(Arc::clone(&office.desk), listener, stop.clone()) => Some(ended),
        heard = daemon::signals(stop) => match heard {
            Ok(()) => None,
            Err(error) => Some(Err(error.into())),
        },
    }
}

fn daemon_exit(error: &DaemonError) -> Exit {
    match error {
        DaemonError::Died(_) => Exit::Bug,
        _ => Exit::Storage,
    }
}

/// Stops sending.
pub(super) async fn pause(setting: &Setting, wish: arguments::Pause) -> u8 {
    let for_secs = match wish.length.as_deref().map(|text| length(setting, text)) {
        Some(Ok(length)) => Some(length.as_secs()),
        Some(Err(code)) => return code,
        None => None,
    };
    let request = Request::Pause {
        page: wish.page,
        for_secs,
        why: wish.because,
    };
    setting.ask(request, "cli.reading", show::standing).await
}

/// Asks the running daemon, and nobody else: a free state folder means that nothing runs. What
/// has been written into the settings since it was started does not make it ill.
pub(super) async fn healthcheck(globals: &Globals, terminal: &Terminal) -> u8 {
    let settings = Config::load(&globals.config).ok();
    let of_settings = settings.map(|config| config.language);
    let terminal = &Terminal {
        language: globals.lang.or(of_settings).unwrap_or(terminal.language),
        ..terminal.clone()
    };
    match control::ask(&globals.state, terminal.language, Request::Health).await {
        Ok((code, document)) => terminal.tell(code, &document, show::health),
        Err(control::AskError::NobodyThere) => {
            let reason = terminal.say("cli.not-running", &[]);
            let document = serde_json::json!({
                "healthy": false, "reasons": [reason], "error": reason,
            });
            terminal.tell(Exit::Faulty.code(), &document, nothing)
        }
        Err(error) => terminal.fail(Exit::Faulty, &error.to_string()),
    }
}
