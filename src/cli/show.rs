//! The desk's documents as a person reads them. They come as JSON, whichever process wrote them.

use serde_json::Value;

use super::terminal::Terminal;

/// A member as text; nothing where there is none.
fn text<'a>(value: &'a Value, member: &str) -> &'a str {
    value
        .get(member)
        .and_then(Value::as_str)
        .unwrap_or_default()
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
        let waits = page.get("waits").and_then(Value::as_str);
        if let Some(why) = page.get("paused").and_then(Value::as_str) {
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
        terminal.line(&match page.get("paused").and_then(Value::as_str) {
            Some(why) => terminal.say("cli.paused", &[("page", name), ("why", why)]),
            None => terminal.say("cli.posting-on", &[("page", name)]),
        });
    }
}

fn published(terminal: &Terminal, page: &str, post: &Value) {
    let word = terminal.say("cli.published", &[]);
    let place = match text(post, "permalink") {
        "" => text(post, "post_id"),
        place => place,
    };
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
                if let Some(error) = one.get("error").and_then(Value::as_str) {
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
    let place = match text(report, "permalink") {
        "" => text(report, "post_id"),
        place => place,
    };
    if !place.is_empty() {
        terminal.line(&format!("→ {place}"));
    } else if text(report, "state") == "preview" {
        terminal.line(&terminal.say("cli.never-sent", &[]));
    }
    // Where it could not go, the error says why.
    if report.get("error").is_none()
        && let Some(why) = report.get("waits").and_then(Value::as_str)
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

/// `loa healthcheck`.
pub(super) fn health(terminal: &Terminal, report: &Value) {
    if report.get("healthy").and_then(Value::as_bool) == Some(true) {
        terminal.line(&terminal.say("cli.healthy", &[]));
    }
    for reason in list(report, "reasons").iter().filter_map(Value::as_str) {
        terminal.failure(reason);
    }
}

/// `loa feed`.
pub(super) fn feed(terminal: &Terminal, report: &Value) {
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
pub(super) fn article(terminal: &Terminal, report: &Value) {
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

/// What the Pages' tokens are good for.
pub(super) fn tokens(terminal: &Terminal, report: &Value) {
    let rows = list(report, "pages").iter().map(|line| {
        let state = match line.get("trouble").and_then(Value::as_str) {
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
pub(super) fn checks(terminal: &Terminal, report: &Value) {
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
pub(super) fn templates(terminal: &Terminal, report: &Value) {
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
pub(super) fn template_faults(terminal: &Terminal, report: &Value) {
    let faults = list(report, "faults");
    for fault in faults.iter().filter_map(Value::as_str) {
        terminal.failure(fault);
    }
    if faults.is_empty() {
        terminal.line(&terminal.say("cli.no-filter-fault", &[]));
    }
}
