//! `loa post` and `loa preview`: what a person names, made into a request.

use std::path::Path;
use std::time::Duration;

use jiff::civil::{DateTime, Time};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::arguments;
use super::office::{Setting, content};
use super::show;
use crate::clock::{Clock, SystemClock, saturating};
use crate::desk::Request;
use crate::desk::request::{PostOrder, PreviewWish, Subject};
use crate::exit::Exit;
use crate::rehearsal::card;

/// Posts one article.
pub(super) async fn post(setting: &Setting, wish: arguments::Post) -> u8 {
    match order(setting, wish) {
        Ok(order) => {
            setting
                .ask(Request::Post(order), "cli.posting", show::posts)
                .await
        }
        Err(code) => code,
    }
}

fn order(setting: &Setting, wish: arguments::Post) -> Result<PostOrder, u8> {
    Ok(PostOrder {
        what: subject(setting, &wish.subject)?,
        pages: wish.pages,
        template: wish.template,
        message: wish.message,
        images: wish.images.iter().map(|image| place(image)).collect(),
        link: wish.link,
        at: wish
            .at
            .as_deref()
            .map(|text| moment(setting, text))
            .transpose()?,
        dry_run: wish.dry_run,
        again: wish.again,
    })
}

/// Shows a post.
pub(super) async fn preview(setting: &Setting, wish: arguments::Preview) -> u8 {
    let what = match (&wish.subject, wish.feed) {
        (Some(name), _) => match subject(setting, name) {
            Ok(what) => what,
            Err(code) => return code,
        },
        (None, Some(feed)) => Subject::Feed(feed),
        (None, None) => Subject::Newest,
    };
    let request = Request::Preview(PreviewWish {
        what,
        page: wish.page,
        template: wish.template,
    });
    let Some(file) = &wish.html else {
        return setting.ask(request, "cli.reading", show::posts).await;
    };
    match setting.answer(request, "cli.reading").await {
        Ok((code, document)) if code == Exit::Done.code() => write_html(setting, &document, file),
        Ok((code, document)) => setting.terminal.tell(code, &document, show::posts),
        Err(code) => code,
    }
}

fn write_html(setting: &Setting, report: &Value, file: &Path) -> u8 {
    let terminal = &setting.terminal;
    let page = report
        .get("page")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let title = terminal.say("cli.preview-of", &[("page", page)]);
    let name = file.display().to_string();
    let next = report.get("next").filter(|next| !next.is_null());
    let now = Value::from(SystemClock.now().to_string());
    let when = terminal.moment(next.unwrap_or(&now));
    match std::fs::write(
        file,
        card::preview(&title, &when, report, terminal.language),
    ) {
        Ok(()) => {
            terminal.line(&terminal.say("cli.written", &[("file", &name)]));
            Exit::Done.code()
        }
        Err(error) => {
            let why = error.to_string();
            let text = terminal.say("cli.unwritable-file", &[("file", &name), ("why", &why)]);
            terminal.fail(Exit::Storage, &text)
        }
    }
}

/// An address is one; `-` is a text or a document; a file is a document, also one that should be
/// there; anything else is the name of an article in the ledger.
fn subject(setting: &Setting, name: &str) -> Result<Subject, u8> {
    let is_document = !name.contains("://") && name.ends_with(".json");
    let is_file = name == "-" || is_document || Path::new(name).is_file();
    if !is_file {
        return Ok(Subject::Address(name.to_owned()));
    }
    let bytes = content(&setting.terminal, name)?;
    let text = String::from_utf8_lossy(&bytes).into_owned();
    if name == "-" && !text.trim_start().starts_with('{') {
        return Ok(Subject::Text(text));
    }
    match serde_json::from_str(&text) {
        Ok(document) => Ok(Subject::Article(Box::new(document))),
        Err(error) => {
            let why = error.to_string();
            let text = setting
                .terminal
                .say("cli.broken-document", &[("file", name), ("why", &why)]);
            Err(setting.terminal.fail(Exit::BadData, &text))
        }
    }
}

/// A picture's address as it is; a file by its whole path, because the daemon stands elsewhere.
fn place(image: &str) -> String {
    if image.contains("://") {
        return image.to_owned();
    }
    std::path::absolute(image).map_or_else(|_| image.to_owned(), |path| path.display().to_string())
}

/// A moment as a person writes it: a date and time, a time of day, or a length from now.
fn moment(setting: &Setting, text: &str) -> Result<Timestamp, u8> {
    let now = SystemClock.now();
    let found = moment_after(text.trim(), now, &setting.terminal.zone);
    found.ok_or_else(|| {
        let why = setting.terminal.say("cli.bad-time", &[("text", text)]);
        setting.terminal.fail(Exit::Usage, &why)
    })
}

fn moment_after(text: &str, now: Timestamp, zone: &jiff::tz::TimeZone) -> Option<Timestamp> {
    if let Ok(at) = text.parse::<Timestamp>() {
        return Some(at);
    }
    if let Ok(local) = text.parse::<DateTime>() {
        return Some(local.to_zoned_datetime(zone.clone()).ok()?.timestamp());
    }
    if let Ok(time) = text.parse::<Time>() {
        let today = now.to_zoned_datetime(zone.clone()).date();
        let at = |day: jiff::civil::Date| {
            Some(
                day.to_datetime(time)
                    .to_zoned_datetime(zone.clone())
                    .ok()?
                    .timestamp(),
            )
        };
        return at(today)
            .filter(|at| *at > now)
            .or_else(|| at(today.tomorrow().ok()?));
    }
    let length = text.parse::<SignedDuration>().ok()?;
    now.checked_add(length).ok()
}

/// A length of time as a person writes it.
pub(super) fn length(setting: &Setting, text: &str) -> Result<Duration, u8> {
    let found = crate::config::duration(text);
    found
        .filter(|length| saturating(*length) < SignedDuration::MAX)
        .ok_or_else(|| {
            let why = setting.terminal.say("cli.bad-length", &[("text", text)]);
            setting.terminal.fail(Exit::Usage, &why)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_may_say_when_in_three_ways() {
        let zone = jiff::tz::TimeZone::get("Asia/Ho_Chi_Minh").unwrap();
        let now: Timestamp = "2026-11-24T02:00:00Z".parse().unwrap();
        let at = |text| moment_after(text, now, &zone).map(|at| at.to_string());
        assert_eq!(
            at("2026-11-25T07:30").as_deref(),
            Some("2026-11-25T00:30:00Z")
        );
        assert_eq!(at("19:30").as_deref(), Some("2026-11-24T12:30:00Z"));
        assert_eq!(
            at("08:00").as_deref(),
            Some("2026-11-25T01:00:00Z"),
            "tomorrow"
        );
        assert_eq!(at("2h").as_deref(), Some("2026-11-24T04:00:00Z"));
        assert_eq!(at("mai"), None);
    }
}
