//! What a person sees: tables, colours and progress on a terminal; with `--json`, one document
//! on standard output and nothing else there.

use std::io::{IsTerminal, Write};
use std::time::Duration;

use anstyle::{AnsiColor, Style};
use comfy_table::{ContentArrangement, Table, presets};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::Value;
use tokio::task::JoinHandle;

use crate::clock::{Clock, SystemClock};
use crate::exit::Exit;
use crate::language::Language;

const BOLD: Style = Style::new().bold();
const RED: Style = AnsiColor::Red.on_default().bold();
/// What is done sooner needs no sign that it goes on.
const PATIENCE: Duration = Duration::from_secs(1);
/// How often a waiting person sees that something goes on.
const TICK: Duration = Duration::from_millis(120);

/// The way to whoever sits in front of it.
#[derive(Debug, Clone)]
pub(super) struct Terminal {
    pub(super) language: Language,
    pub(super) zone: TimeZone,
    pub(super) json: bool,
}

impl Terminal {
    /// A text in the person's language.
    pub(super) fn say(&self, key: &str, values: &[(&str, &str)]) -> String {
        self.language.say(key, values)
    }

    /// A word of the contract as a person would put it.
    pub(super) fn word(&self, word: &str) -> String {
        self.language
            .find(&format!("word.{word}"))
            .map_or_else(|| word.to_owned(), ToOwned::to_owned)
    }

    /// A detail of a document: a word of the contract, or a cause.
    pub(super) fn detail(&self, detail: &str) -> String {
        match self.language.find(&format!("word.{detail}")) {
            Some(word) => word.to_owned(),
            None => self.told(detail),
        }
    }

    /// A cause in the person's language, with its moments in the person's zone.
    fn told(&self, cause: &str) -> String {
        let text = self.language.cause(cause);
        let words = text.split(' ').map(|word| {
            let bare = word.trim_end_matches([')', ',', ';', ':']);
            let moment = self.moment_exact(&Value::from(bare));
            match moment.is_empty() {
                true => word.to_owned(),
                false => word.replace(bare, &moment),
            }
        });
        words.collect::<Vec<_>>().join(" ")
    }

    /// A moment of a document, in the zone of the settings, to the minute.
    pub(super) fn moment(&self, value: &Value) -> String {
        self.local(value, "%d/%m/%Y %H:%M")
    }

    /// The same to the second: for what follows on something.
    pub(super) fn moment_exact(&self, value: &Value) -> String {
        self.local(value, "%d/%m/%Y %H:%M:%S")
    }

    fn local(&self, value: &Value, format: &str) -> String {
        let moment = value
            .as_str()
            .and_then(|text| text.parse::<Timestamp>().ok());
        moment.map_or_else(String::new, |at| {
            let local = at.to_zoned_datetime(self.zone.clone());
            local.strftime(format).to_string()
        })
    }

    /// A line on standard output.
    pub(super) fn line(&self, text: &str) {
        // Nobody is left to tell that the reader has gone away.
        let _ = writeln!(anstream::stdout(), "{text}");
    }

    /// A heading on standard output.
    pub(super) fn heading(&self, text: &str) {
        self.line(&format!("{BOLD}{text}{BOLD:#}"));
    }

    /// A document, as it is.
    pub(super) fn document(&self, document: &Value) {
        let text = serde_json::to_string_pretty(document).unwrap_or_default();
        let _ = writeln!(std::io::stdout(), "{text}");
    }

    /// What went wrong, for whoever has to act: with `--json` as a document.
    pub(super) fn failure(&self, why: &str) {
        let why = self.told(why);
        if self.json {
            self.document(&serde_json::json!({ "error": why }));
        } else {
            let word = self.say("cli.error", &[]);
            let _ = writeln!(anstream::stderr(), "{RED}{word}:{RED:#} {why}");
        }
    }

    /// A remark beside the result.
    pub(super) fn note(&self, text: &str) {
        let word = self.say("cli.note", &[]);
        let _ = writeln!(anstream::stderr(), "{BOLD}{word}:{BOLD:#} {text}");
    }

    /// A table with these columns; what is empty is said to be.
    pub(super) fn table(&self, columns: &[String], rows: Vec<Vec<String>>) {
        if rows.is_empty() {
            self.line(&self.say("cli.empty-list", &[]));
            return;
        }
        let mut table = Table::new();
        table.load_style(presets::UTF8_HORIZONTAL_ONLY);
        table.set_header(columns);
        table.add_rows(rows);
        // A pipe gets whole lines: whoever reads them there can cut them better than we.
        match terminal_width() {
            Some(width) => table
                .set_content_arrangement(ContentArrangement::Dynamic)
                .set_width(width),
            None => table.set_content_arrangement(ContentArrangement::Disabled),
        };
        self.line(&table.to_string());
    }

    /// Shows after a moment that something goes on, until dropped. Draws on a terminal only.
    pub(super) fn progress(&self, key: &str) -> Progress {
        if self.json || !std::io::stderr().is_terminal() {
            return Progress::unseen();
        }
        Progress::soon(self.say(key, &[]))
    }

    /// Prints the document as JSON, or lets `show` tell it to a person; a failure in it is told
    /// last.
    pub(super) fn tell(&self, code: u8, document: &Value, show: impl FnOnce(&Self, &Value)) -> u8 {
        if self.json {
            self.document(document);
            return code;
        }
        let error = document.get("error").and_then(Value::as_str);
        let only_error = document
            .as_object()
            .is_some_and(|members| members.len() == 1);
        if !(error.is_some() && only_error) {
            show(self, document);
        }
        if let Some(error) = error {
            self.failure(error);
        }
        code
    }

    /// Ends a command that could not do its work.
    pub(super) fn fail(&self, exit: Exit, why: &str) -> u8 {
        self.failure(why);
        exit.code()
    }
}

/// A sign that something goes on. Takes itself away when dropped.
pub(super) struct Progress {
    bar: ProgressBar,
    shows: Option<JoinHandle<()>>,
}

impl Progress {
    fn unseen() -> Self {
        Self {
            bar: ProgressBar::hidden(),
            shows: None,
        }
    }

    /// Comes into sight after a moment.
    fn soon(message: String) -> Self {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
        if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} {elapsed}") {
            bar.set_style(style);
        }
        bar.set_message(message);
        let shown = bar.clone();
        let shows = tokio::spawn(async move {
            SystemClock.sleep(PATIENCE).await;
            shown.set_draw_target(ProgressDrawTarget::stderr());
            shown.enable_steady_tick(TICK);
        });
        Self {
            bar,
            shows: Some(shows),
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some(shows) = &self.shows {
            shows.abort();
        }
        self.bar.finish_and_clear();
    }
}

fn terminal_width() -> Option<u16> {
    terminal_size::terminal_size_of(std::io::stdout()).map(|(width, _)| width.0)
}
