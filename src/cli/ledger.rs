//! `loa ledger`: the desk's verbs for scripts, and what is done to the ledger as a whole.

use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::arguments;
use super::office::{Setting, content};
use super::show;
use crate::clock::{Clock, SystemClock};
use crate::desk::request::{Pick, Resolution, Verb};
use crate::desk::{Request, ledger_exit};
use crate::exit::Exit;
use crate::ledger::disk::DiskStore;
use crate::ledger::lock::StateLock;
use crate::ledger::store::{Store, StoreError};
use crate::ledger::{LedgerError, books, rebuild};

/// Does what `loa ledger` is asked.
pub(super) async fn ledger(setting: &Setting, wish: arguments::Ledger) -> u8 {
    use arguments::Ledger;
    match wish {
        Ledger::List(wish) => {
            let request = Request::List {
                page: wish.page,
                state: wish.only,
            };
            setting.ask(request, "cli.reading", show::records).await
        }
        Ledger::Show(wish) => {
            let request = Request::Show {
                what: wish.article,
                page: wish.page,
            };
            setting.ask(request, "cli.reading", show::records).await
        }
        Ledger::Approve(pick) => change(setting, Verb::Approve, pick).await,
        Ledger::Hold(pick) => change(setting, Verb::Hold, pick).await,
        Ledger::Skip(pick) => change(setting, Verb::Skip, pick).await,
        Ledger::Retry(pick) => change(setting, Verb::Retry, pick).await,
        Ledger::Resolve(wish) => {
            let request = Request::Resolve(Resolution {
                article: wish.article,
                page: wish.page,
                posted: wish.posted,
            });
            setting.ask(request, "cli.reading", show::records).await
        }
        Ledger::Export => export(setting).await,
        Ledger::Import { file } => told(setting, import(setting, &file)),
        Ledger::Verify(_) => verify(setting),
        Ledger::Init { adopt, force } => told(setting, init(setting, adopt, force)),
    }
}

async fn change(setting: &Setting, verb: Verb, pick: arguments::Pick) -> u8 {
    let request = Request::Change {
        verb,
        pick: Pick {
            articles: pick.articles,
            held: pick.held,
            page: pick.page,
        },
    };
    setting.ask(request, "cli.reading", show::records).await
}

async fn export(setting: &Setting) -> u8 {
    match setting.answer(Request::Export, "cli.reading").await {
        Ok((code, document)) if code == Exit::Done.code() => {
            let events = document.get("events").and_then(Value::as_array);
            let mut out = std::io::BufWriter::new(std::io::stdout().lock());
            let written = events
                .into_iter()
                .flatten()
                .try_for_each(|event| writeln!(out, "{event}"))
                .and_then(|()| out.flush());
            match written {
                Ok(()) => code,
                // The reader has seen enough.
                Err(error) if error.kind() == ErrorKind::BrokenPipe => code,
                Err(error) => setting.terminal.fail(Exit::Storage, &error.to_string()),
            }
        }
        Ok((code, document)) => setting.terminal.tell(code, &document, |_, _| {}),
        Err(code) => code,
    }
}

/// Why the ledger as a whole could not be handled.
enum Failure {
    Told(u8),
    Ledger(LedgerError),
    Say(Exit, String),
}

impl<E: Into<LedgerError>> From<E> for Failure {
    fn from(error: E) -> Self {
        Self::Ledger(error.into())
    }
}

fn told(setting: &Setting, outcome: Result<String, Failure>) -> u8 {
    let terminal = &setting.terminal;
    match outcome {
        Ok(text) => {
            terminal.line(&text);
            Exit::Done.code()
        }
        Err(Failure::Told(code)) => code,
        Err(Failure::Say(exit, text)) => terminal.fail(exit, &text),
        Err(Failure::Ledger(LedgerError::Store(StoreError::Locked { .. }))) => {
            terminal.fail(Exit::TryLater, &terminal.say("cli.stop-first", &[]))
        }
        Err(Failure::Ledger(error)) => terminal.fail(ledger_exit(&error), &error.to_string()),
    }
}

fn folder(setting: &Setting) -> PathBuf {
    setting.state.join("ledger")
}

/// Fills an empty ledger with the events of an exported one.
fn import(setting: &Setting, file: &str) -> Result<String, Failure> {
    let bytes = content(&setting.terminal, file).map_err(Failure::Told)?;
    let _lock = StateLock::acquire(&setting.state, SystemClock.now())?;
    if folder(setting).exists() {
        let text = setting.terminal.say("cli.not-empty", &[]);
        return Err(Failure::Say(Exit::BadData, text));
    }
    let events: Vec<&[u8]> = bytes
        .split(|byte| *byte == b'\n')
        .filter(|line| !line.trim_ascii().is_empty())
        .collect();
    rebuild::check_import(&events)
        .map_err(|error| Failure::Say(Exit::BadData, error.to_string()))?;
    let count = DiskStore::create_filled(&folder(setting), &rebuild::replay, |store| {
        rebuild::import(store as &mut dyn Store, &events)
    })?
    .to_string();
    Ok(setting.terminal.say("cli.imported", &[("count", &count)]))
}

/// Sets a lost or unwanted ledger aside. One that is sound is not given up by a slip.
fn init(setting: &Setting, adopt: bool, force: bool) -> Result<String, Failure> {
    let _lock = StateLock::acquire(&setting.state, SystemClock.now())?;
    let (dir, terminal) = (folder(setting), &setting.terminal);
    if dir.exists() && !adopt {
        let text = terminal.say("cli.adopt-needed", &[]);
        return Err(Failure::Say(Exit::Usage, text));
    }
    let waiting = waiting_if_sound(&dir).map(|count| count.to_string());
    if let (Some(count), false) = (&waiting, force) {
        let text = terminal.say("cli.adopt-sound", &[("count", count)]);
        return Err(Failure::Say(Exit::Usage, text));
    }
    let anew = terminal.say("cli.anew", &[]);
    let Some(aside) = DiskStore::start_anew(&dir)? else {
        return Ok(anew);
    };
    let aside = aside.display().to_string();
    let place = ("place", aside.as_str());
    let kept = match &waiting {
        Some(count) => terminal.say("cli.set-aside", &[place, ("count", count)]),
        None => terminal.say("cli.set-aside-broken", &[place]),
    };
    Ok(format!("{anew}\n{kept}"))
}

/// How many posts wait in a ledger that opens without a fault; `None` where there is none such.
fn waiting_if_sound(dir: &Path) -> Option<u64> {
    if !dir.exists() {
        return None;
    }
    let (store, opened) = DiskStore::open(dir, &rebuild::replay).ok()?;
    let sound = !opened.new && opened.damage.is_empty() && opened.recovered == 0;
    books::waiting(&store).ok().filter(|_| sound)
}

/// Reads both copies whole.
fn verify(setting: &Setting) -> u8 {
    let verified = || -> Result<_, Failure> {
        let _lock = StateLock::acquire(&setting.state, SystemClock.now())?;
        let (store, opened) = DiskStore::open(&folder(setting), &rebuild::replay)?;
        Ok(store.verify(&opened)?)
    };
    let verified = match verified() {
        Ok(verified) => verified,
        Err(failure) => return told(setting, Err(failure)),
    };
    let exit = if verified.faults.is_empty() {
        Exit::Done
    } else {
        Exit::Faulty
    };
    let document = serde_json::json!({
        "frames": verified.events, "faults": verified.faults,
    });
    setting
        .terminal
        .tell(exit.code(), &document, |terminal, _| {
            for fault in &verified.faults {
                terminal.failure(fault);
            }
            if verified.faults.is_empty() {
                let frames = verified.events.to_string();
                terminal.line(&terminal.say("cli.verified", &[("frames", &frames)]));
            }
        })
}
