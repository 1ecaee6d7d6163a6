//! What a person sees: tables, colours and progress on a terminal; with `--json`, one document
//! on standard output and nothing else there.

use std::io::{IsTerminal, Write};
use std::time::Duration;

use anstyle::{AnsiColor, Style};
use comfy_table::{ContentArrangement, Table, presets};
use indicatif::{ProgressBar, ProgressStyle};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::Value;

use crate::exit::Exit;
use crate::language::Language;

const BOLD: Style = Style::new().bold();
const RED: Style = AnsiColor::Red.on_default().bold();
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
            None => self.language.cause(detail),
        }
    }

    /// A moment of a document, in the zone of the settings.
    pub(super) fn moment(&self, value: &Value) -> String {
        let moment = value
            .as_str()
            .and_then(|text| text.parse::<Timestamp>().ok());
        moment.map_or_else(String::new, |at| {
            let local = at.to_zoned_datetime(self.zone.clone());
            local.strftime("%d/%m/%Y %H:%M").to_string()
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
        let why = self.language.cause(why);
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

    /// Shows that something goes on, until dropped. Draws on a terminal only.
    pub(super) fn progress(&self, key: &str) -> Progress {
        if self.json || !std::io::stderr().is_terminal() {
            return Progress(ProgressBar::hidden());
        }
        let bar = ProgressBar::new_spinner();
        if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} {elapsed}") {
            bar.set_style(style);
        }
        bar.set_message(self.say(key, &[]));
        bar.enable_steady_tick(TICK);
        Progress(bar)
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

/// Takes itself away when dropped.
pub(super) struct Progress(ProgressBar);

impl Drop for Progress {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}

fn terminal_width() -> Option<u16> {
    terminal_size::terminal_size_of(std::io::stdout()).map(|(width, _)| width.0)
}
