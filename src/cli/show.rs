//! The desk's documents as a person reads them. They come as JSON, whichever process wrote them.

mod checks;
mod reading;

use serde_json::Value;

pub(super) use self::checks::{checks, health, template_faults, templates, tokens};
pub(super) use self::reading::{article, feed};
use super::terminal::Terminal;

/// A member that is a text.
fn said<'a>(value: &'a Value, member: &str) -> Option<&'a str> {
    value.get(member).and_then(Value::as_str)
}

/// The same; nothing where there is none.
fn text<'a>(value: &'a Value, member: &str) -> &'a str {
    said(value, member).unwrap_or_default()
}

fn number(value: &Value, member: &str) -> String {
    value
        .get(member)
        .map(ToString::to_string)
        .unwrap_or_default()
}

fn list<'a>(value: &'a Value, member: &str) -> &'a [Value] {
    value
        .get(member)
        .and_then(Value::as_array)
        .map_or(&[], Vec::as_slice)
}

/// Where readers find a post, or else what it is called.
fn place_of(post: &Value) -> &str {
    match text(post, "permalink") {
        "" => text(post, "post_id"),
        place => place,
    }
}

impl Terminal {
    fn columns(&self, keys: &[&str]) -> Vec<String> {
        keys.iter().map(|key| self.say(key, &[])).collect()
    }
}

/// `loa once`.
pub(super) fn once(terminal: &Terminal, report: &Value) {
    let columns = [
        "column.feed",
        "column.outcome",
        "column.entries",
        "column.new",
    ];
    let rows = list(report, "feeds").iter().map(|feed| {
        let outcome = terminal.word(text(feed, "outcome"));
        let outcome = match text(feed, "error") {
            "" => outcome,
            error => format!("{outcome}: {}", terminal.detail(error)),
        };
        vec![
            text(feed, "name").to_owned(),
            outcome,
            number(feed, "entries"),
            number(feed, "new"),
        ]
    });
    terminal.table(&terminal.columns(&columns), rows.collect());
    pages(terminal, report);
    let mut any = false;
    for page in list(report, "pages") {
        for post in list(page, "published") {
            any = true;
            published(terminal, text(page, "name"), post);
        }
    }
    if !any {
        terminal.line(&terminal.say("cli.nothing-new", &[]));
    }
    for notice in list(report, "notices").iter().filter_map(Value::as_str) {
        terminal.note(notice);
    }
}

/// How Pages stand.
pub(super) fn pages(terminal: &Terminal, report: &Value) {
    let columns = [
        "column.page",
        "column.queued",
        "column.held",
        "column.unresolved",
        "column.refused",
        "column.skipped",
    ];
    let members = ["queued", "held", "unresolved", "refused", "skipped"];
    let rows = list(report, "pages").iter().map(|page| {
        let mut row = vec![text(page, "name").to_owned()];
        row.extend(members.map(|member| number(page, member)));
        row
    });
    terminal.table(&terminal.columns(&columns), rows.collect());
    for page in list(report, "pages") {
        let name = ("page", text(page, "name"));
        let waits = said(page, "waits");
        if let Some(why) = said(page, "paused") {
            terminal.note(&terminal.say("cli.paused", &[name, ("why", why)]));
        } else if let Some(why) = waits {
            terminal.note(&terminal.say("cli.waits", &[name, ("why", why)]));
        }
    }
}

/// `loa pause` and `loa resume`.
pub(super) fn standing(terminal: &Terminal, report: &Value) {
    for page in list(report, "pages") {
        let name = text(page, "name");
        terminal.line(&match said(page, "paused") {
            Some(why) => terminal.say("cli.paused", &[("page", name), ("why", why)]),
            None => terminal.say("cli.posting-on", &[("page", name)]),
        });
    }
}

fn published(terminal: &Terminal, page: &str, post: &Value) {
    let word = terminal.say("cli.published", &[]);
    let place = place_of(post);
    terminal.line(&format!(
        "{word} · {page} · {}\n  {place}",
        text(post, "title")
    ));
}

/// `loa post` and `loa preview`: one report or several.
pub(super) fn posts(terminal: &Terminal, document: &Value) {
    match document.as_array() {
        Some(several) => {
            for one in several {
                post(terminal, one);
                if let Some(error) = said(one, "error") {
                    terminal.failure(error);
                }
            }
        }
        None => post(terminal, document),
    }
}

fn post(terminal: &Terminal, report: &Value) {
    let state = terminal.word(text(report, "state"));
    terminal.heading(&format!("{} · {state}", text(report, "page")));
    terminal.line(text(report, "message"));
    let shown = list(report, "images").iter().zip(list(report, "alt_texts"));
    for (number, (image, alt)) in shown.enumerate() {
        let alt = alt
            .as_str()
            .map(|alt| format!(" · {alt}"))
            .unwrap_or_default();
        let image = image.as_str().unwrap_or_default();
        terminal.line(&format!("  [{}] {image}{alt}", number + 1));
    }
    let place = place_of(report);
    if !place.is_empty() {
        terminal.line(&format!("→ {place}"));
    } else if text(report, "state") == "preview" {
        terminal.line(&terminal.say("cli.never-sent", &[]));
    }
    // Where it could not go, the error says why.
    if report.get("error").is_none()
        && let Some(why) = said(report, "waits")
    {
        terminal.note(&terminal.say(
            "desk.waits",
            &[("page", text(report, "page")), ("why", why)],
        ));
    }
    for warning in list(report, "warnings").iter().filter_map(Value::as_str) {
        terminal.note(warning);
    }
}

/// `loa ledger list` and the verbs that change records.
pub(super) fn records(terminal: &Terminal, report: &Value) {
    let columns = [
        "column.article",
        "column.page",
        "column.state",
        "column.reason",
        "column.since",
        "column.title",
    ];
    let rows = list(report, "records").iter().map(|record| {
        let reason = text(record, "reason");
        vec![
            text(record, "article").to_owned(),
            text(record, "page").to_owned(),
            terminal.word(text(record, "state")),
            terminal.detail(reason),
            terminal.moment(record.get("since").unwrap_or(&Value::Null)),
            text(record, "title").to_owned(),
        ]
    });
    let rows: Vec<Vec<String>> = rows.collect();
    let refused = list(report, "refused");
    // A refusal says enough.
    if refused.is_empty() || !rows.is_empty() {
        terminal.table(&terminal.columns(&columns), rows);
    }
    for refused in refused {
        terminal.failure(&format!(
            "{}: {}",
            text(refused, "article"),
            text(refused, "error")
        ));
    }
}

/// `loa why`.
pub(super) fn story(terminal: &Terminal, story: &Value) {
    terminal.heading(text(story, "title"));
    terminal.line(&format!(
        "{}  {}",
        text(story, "article"),
        text(story, "link")
    ));
    let columns = [
        "column.when",
        "column.what",
        "column.page",
        "column.rule",
        "column.detail",
    ];
    let rows = list(story, "events").iter().map(|event| {
        vec![
            terminal.moment_exact(event.get("at").unwrap_or(&Value::Null)),
            terminal.word(text(event, "what")),
            text(event, "page").to_owned(),
            terminal.detail(text(event, "rule")),
            terminal.detail(text(event, "detail")),
        ]
    });
    terminal.table(&terminal.columns(&columns), rows.collect());
    let others = list(story, "others");
    if others.is_empty() {
        return;
    }
    terminal.note(&terminal.say("cli.why-several", &[]));
    for other in others {
        let (article, title) = (text(other, "article"), text(other, "title"));
        terminal.line(&format!("{article}  {title}"));
    }
}
