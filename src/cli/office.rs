//! The way to the desk: our own if the state folder is free, otherwise that of the loa that has
//! it, through its control socket.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use jiff::SignedDuration;
use serde_json::Value;

use super::arguments::Globals;
use super::terminal::Terminal;
use crate::admin::control::{self, AskError};
use crate::clock::{Clock, SystemClock};
use crate::config::{Config, ConfigError, Environment};
use crate::desk::assemble::{AssembleError, Office, Surroundings};
use crate::desk::{Desk, Request};
use crate::dice::FairDice;
use crate::exit::Exit;
use crate::ledger::LedgerError;
use crate::ledger::store::StoreError;

/// How long a lock may go without anybody answering for it: a start or a stop takes a moment.
const SILENCE_MAX: SignedDuration = SignedDuration::from_secs(10);
/// How long to wait before asking once more.
const ASK_AGAIN: Duration = Duration::from_millis(200);

/// Settings, state and a person: what every verb of the desk needs.
pub(super) struct Setting {
    pub(super) config: Arc<Config>,
    pub(super) state: PathBuf,
    pub(super) terminal: Terminal,
}

/// The variables of the process.
pub(super) fn environment() -> Environment {
    Arc::new(|name| std::env::var(name).ok())
}

/// The real world.
pub(super) fn surroundings() -> Surroundings {
    Surroundings {
        clock: Arc::new(SystemClock),
        dice: Arc::new(FairDice),
        environment: environment(),
    }
}

impl Setting {
    /// Reads the settings; tells the person what is wrong with them.
    pub(super) fn load(globals: &Globals, terminal: &Terminal) -> Result<Self, u8> {
        let config =
            Config::load(&globals.config).map_err(|error| refuse(terminal, globals, &error))?;
        Ok(Self::with(config, globals, terminal))
    }

    /// Settings help with the network and the zone, but some verbs can do without a file.
    pub(super) fn load_if_there(globals: &Globals, terminal: &Terminal) -> Result<Self, u8> {
        if globals.config.exists() {
            return Self::load(globals, terminal);
        }
        let config = Config::parse("", &globals.config)
            .map_err(|faults| refuse(terminal, globals, &ConfigError::Faulty(faults)))?;
        Ok(Self::with(config, globals, terminal))
    }

    /// The same with settings that are there already.
    pub(super) fn with(config: Config, globals: &Globals, terminal: &Terminal) -> Self {
        let terminal = Terminal {
            language: globals.lang.unwrap_or(config.language),
            zone: config.timezone().clone(),
            json: terminal.json,
        };
        Self {
            config: Arc::new(config),
            state: globals.state.clone(),
            terminal,
        }
    }

    /// Asks the desk and shows its answer.
    pub(super) async fn ask(
        &self,
        request: Request,
        meanwhile: &str,
        show: impl FnOnce(&Terminal, &Value),
    ) -> u8 {
        match self.answer(request, meanwhile).await {
            Ok((code, document)) => self.terminal.tell(code, &document, show),
            Err(code) => code,
        }
    }

    /// Asks the desk. A failure to reach it has been told.
    pub(super) async fn answer(
        &self,
        request: Request,
        meanwhile: &str,
    ) -> Result<(u8, Value), u8> {
        let progress = self.terminal.progress(meanwhile);
        let outcome = self.answer_quietly(request).await;
        drop(progress);
        outcome.map_err(|(exit, why)| self.terminal.fail(exit, &why))
    }

    /// A secret that is missing stops posts, not polls: it is told before they wait for it.
    pub(super) fn warn_of_secrets(&self, desk: &Desk) {
        for fault in desk.secret_faults() {
            self.terminal.note(&fault);
        }
    }

    async fn answer_quietly(&self, request: Request) -> Result<(u8, Value), (Exit, String)> {
        let clock = SystemClock;
        let patient_until = clock.now().saturating_add(SILENCE_MAX).ok();
        loop {
            let holder =
                match Office::open(Arc::clone(&self.config), &self.state, surroundings()).await {
                    Ok(office) => {
                        let desk = office.desk.speaking(self.terminal.language);
                        if request == Request::Once {
                            self.warn_of_secrets(&desk);
                        }
                        let answer = desk.answer(request).await;
                        drop(desk);
                        office.close();
                        return Ok((answer.exit.code(), answer.document));
                    }
                    Err(AssembleError::Ledger(LedgerError::Store(StoreError::Locked {
                        holder,
                        ..
                    }))) => holder,
                    Err(error) => return Err((error.exit(), error.to_string())),
                };
            let language = self.terminal.language;
            match control::ask(&self.state, language, request.clone()).await {
                Ok(answered) => return Ok(answered),
                Err(AskError::NobodyThere)
                    if patient_until.is_some_and(|until| clock.now() < until) =>
                {
                    clock.sleep(ASK_AGAIN).await;
                }
                Err(error) => {
                    let why = format!("{holder}; {error}");
                    let text = self.terminal.say("cli.running-elsewhere", &[("why", &why)]);
                    return Err((Exit::TryLater, text));
                }
            }
        }
    }
}

/// Tells what is wrong with the settings, every fault of them.
pub(super) fn refuse(terminal: &Terminal, globals: &Globals, error: &ConfigError) -> u8 {
    let language = globals.lang.unwrap_or(terminal.language);
    terminal.fail(Exit::Config, &error.say(language))
}

/// The content of a file, or of standard input for `-`.
pub(super) fn content(terminal: &Terminal, name: &str) -> Result<Vec<u8>, u8> {
    let read = if name == "-" {
        let mut bytes = Vec::new();
        std::io::Read::read_to_end(&mut std::io::stdin().lock(), &mut bytes).map(|_| bytes)
    } else {
        std::fs::read(Path::new(name))
    };
    read.map_err(|error| {
        let why = error.to_string();
        let text = terminal.say("cli.unreadable-file", &[("file", name), ("why", &why)]);
        terminal.fail(Exit::BadData, &text)
    })
}
