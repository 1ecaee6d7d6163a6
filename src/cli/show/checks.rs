//! What is sound and what is not: the program's health, settings, tokens, templates.

use serde_json::Value;

use super::{list, said, text};
use crate::cli::terminal::Terminal;

/// `loa healthcheck`.
pub(in crate::cli) fn health(terminal: &Terminal, report: &Value) {
    if report.get("healthy").and_then(Value::as_bool) == Some(true) {
        terminal.line(&terminal.say("cli.healthy", &[]));
    }
    for reason in list(report, "reasons").iter().filter_map(Value::as_str) {
        terminal.failure(reason);
    }
}

/// What the Pages' tokens are good for.
pub(in crate::cli) fn tokens(terminal: &Terminal, report: &Value) {
    let rows = list(report, "pages").iter().map(|line| {
        let state = match said(line, "trouble") {
            None => terminal.say("login.good", &[]),
            Some(trouble) => terminal.detail(trouble),
        };
        let ends = line.get("expires").unwrap_or(&Value::Null);
        let ends = match ends.is_null() {
            true => terminal.say("login.never", &[]),
            false => terminal.moment(ends),
        };
        vec![text(line, "page").to_owned(), state, ends]
    });
    terminal.table(
        &terminal.columns(&["column.page", "column.token", "column.ends"]),
        rows.collect(),
    );
}

/// `loa check`.
pub(in crate::cli) fn checks(terminal: &Terminal, report: &Value) {
    let rows = list(report, "checks").iter().map(|check| {
        vec![
            text(check, "name").to_owned(),
            terminal.detail(text(check, "result")),
        ]
    });
    terminal.table(
        &terminal.columns(&["column.check", "column.result"]),
        rows.collect(),
    );
}

/// `loa template list`.
pub(in crate::cli) fn templates(terminal: &Terminal, report: &Value) {
    let rows = list(report, "templates").iter().map(|template| {
        vec![
            text(template, "name").to_owned(),
            text(template, "source").to_owned(),
        ]
    });
    terminal.table(
        &terminal.columns(&["column.template", "column.source"]),
        rows.collect(),
    );
}

/// `loa template check`.
pub(in crate::cli) fn template_faults(terminal: &Terminal, report: &Value) {
    let faults = list(report, "faults");
    for fault in faults.iter().filter_map(Value::as_str) {
        terminal.failure(fault);
    }
    if faults.is_empty() {
        terminal.line(&terminal.say("cli.no-filter-fault", &[]));
    }
}
