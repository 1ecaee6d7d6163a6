//! What the reader saw in a feed or on a page.

use serde_json::Value;

use super::{list, text};
use crate::cli::terminal::Terminal;

/// `loa feed`.
pub(in crate::cli) fn feed(terminal: &Terminal, report: &Value) {
    if let Some(channel) = report.get("feed").filter(|channel| !channel.is_null()) {
        let format = text(channel, "format");
        terminal.heading(&format!("{} · {format}", text(channel, "title")));
    }
    for entry in list(report, "entries") {
        let when = terminal.moment(entry.get("published").unwrap_or(&Value::Null));
        let pictures = list(entry, "images").len();
        let images = terminal.say("column.images", &[]);
        terminal.heading(text(entry, "title"));
        terminal.line(&format!(
            "  {when} · {images}: {pictures} · {}",
            text(entry, "link")
        ));
        if !text(entry, "lead").is_empty() {
            terminal.line(&format!("  {}", text(entry, "lead")));
        }
    }
    for part in list(report, "set_aside") {
        terminal.note(&format!(
            "{} ({})",
            text(part, "reason"),
            text(part, "near")
        ));
    }
}

/// `loa article`.
pub(in crate::cli) fn article(terminal: &Terminal, report: &Value) {
    terminal.heading(text(report, "title"));
    let when = terminal.moment(report.get("published").unwrap_or(&Value::Null));
    let about = [
        when.as_str(),
        text(report, "byline"),
        text(report, "site_name"),
    ];
    let about: Vec<&str> = about.into_iter().filter(|part| !part.is_empty()).collect();
    terminal.line(&about.join(" · "));
    if !text(report, "lead").is_empty() {
        terminal.heading(&format!("\n{}", text(report, "lead")));
    }
    terminal.line(&format!("\n{}\n", text(report, "text")));
    for (number, image) in list(report, "images").iter().enumerate() {
        let caption = text(image, "caption");
        terminal.line(&format!(
            "[{}] {} {caption}",
            number + 1,
            text(image, "url")
        ));
    }
}
