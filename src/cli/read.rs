//! `loa feed` and `loa article`: what the readers see, with no ledger and no secrets.

use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::Value;
use url::Url;

use super::arguments::{Globals, Read, ReadFeed};
use super::office::{Setting, content};
use super::terminal::Terminal;
use super::{nothing, show};
use crate::article::page::{PageArticle, PageReader, PageReport};
use crate::clock::{Clock, SystemClock};
use crate::desk::assemble;
use crate::exit::Exit;
use crate::feed::date::Dates;
use crate::feed::fetch::{Fetch, Validators, fetch};
use crate::feed::{self, FeedReport, ParseError};
use crate::http_client::WebClient;
use crate::poller::{self, ReadingFailed};

/// What is to be read, once it is here.
struct Material {
    bytes: bytes::Bytes,
    content_type: Option<String>,
    base: Option<Url>,
}

fn web(setting: &Setting) -> Result<WebClient, u8> {
    assemble::web_alone(&setting.config)
        .map_err(|error| setting.terminal.fail(error.exit(), &error.to_string()))
}

fn address(text: &str) -> Option<Url> {
    let url = Url::parse(text).ok()?;
    matches!(url.scheme(), "http" | "https").then_some(url)
}

/// What is read from a file or from standard input.
fn local(setting: &Setting, name: &str) -> Result<Vec<u8>, u8> {
    if name.contains("://") {
        let why = setting.terminal.say("desk.bad-address", &[("text", name)]);
        return Err(setting.terminal.fail(Exit::Usage, &why));
    }
    content(&setting.terminal, name)
}

/// Shows what was read; of what could not be, only why.
fn told(
    terminal: &Terminal,
    exit: Exit,
    document: &Value,
    show: impl FnOnce(&Terminal, &Value),
) -> u8 {
    match exit {
        Exit::Done => terminal.tell(exit.code(), document, show),
        _ => terminal.tell(exit.code(), document, nothing),
    }
}

fn base(setting: &Setting, wish: &Read) -> Result<Option<Url>, u8> {
    let Some(text) = &wish.base else {
        return Ok(None);
    };
    match address(text) {
        Some(url) => Ok(Some(url)),
        None => {
            let why = setting.terminal.say("desk.bad-address", &[("text", text)]);
            Err(setting.terminal.fail(Exit::Usage, &why))
        }
    }
}

/// What the reader sees in a feed.
pub(super) async fn feed(globals: &Globals, terminal: &Terminal, wish: ReadFeed) -> u8 {
    let setting = match Setting::load_if_there(globals, terminal) {
        Ok(setting) => setting,
        Err(code) => return code,
    };
    let progress = setting.terminal.progress("cli.reading");
    let fetched = wish.fetched.unwrap_or_else(|| SystemClock.now());
    let read = read_feed(&setting, &wish.read, fetched).await;
    drop(progress);
    let (exit, report) = match &read {
        Ok(Ok(feed)) => (Exit::Done, FeedReport::from(feed)),
        Ok(Err((exit, why))) => (*exit, FeedReport::failure(why.clone())),
        Err(code) => return *code,
    };
    let document = serde_json::to_value(&report).unwrap_or_default();
    told(&setting.terminal, exit, &document, show::feed)
}

/// Outside: a failure that has been told. Inside: one that belongs into the report.
async fn read_feed(
    setting: &Setting,
    wish: &Read,
    fetched: Timestamp,
) -> Result<Result<feed::Feed, (Exit, String)>, u8> {
    let base = base(setting, wish)?;
    let dates = Dates {
        fetched: Some(fetched),
        ..Dates::in_zone(zone(setting).clone())
    };
    let parse = |material: &Material| {
        let base = base.as_ref().or(material.base.as_ref());
        feed::parse(
            &material.bytes,
            material.content_type.as_deref(),
            base,
            &dates,
        )
    };
    let read = match address(&wish.source) {
        None => parse(&Material {
            bytes: local(setting, &wish.source)?.into(),
            content_type: None,
            base: None,
        }),
        Some(url) => {
            let web = web(setting)?;
            let material = match fetch_feed(&web, &url, fetched).await {
                Ok(material) => material,
                Err(failure) => return Ok(Err(failure)),
            };
            match parse(&material) {
                // A home page that says where its feed is.
                Err(ParseError::ElsewhereThan(feed)) => {
                    match fetch_feed(&web, &feed, fetched).await {
                        Ok(material) => parse(&material),
                        Err(failure) => return Ok(Err(failure)),
                    }
                }
                read => read,
            }
        }
    };
    Ok(read.map_err(|error| (Exit::BadData, error.to_string())))
}

async fn fetch_feed(
    web: &WebClient,
    url: &Url,
    now: Timestamp,
) -> Result<Material, (Exit, String)> {
    match fetch(web, url, &Validators::default(), now).await {
        Ok(Fetch::Changed {
            body,
            content_type,
            url,
            ..
        }) => Ok(Material {
            bytes: body,
            content_type,
            base: Some(url),
        }),
        Ok(Fetch::Unchanged) => Err((Exit::Unavailable, "304".to_owned())),
        Err(error) if error.is_forbidden() => Err((Exit::Config, error.to_string())),
        Err(error) => Err((Exit::Unavailable, error.to_string())),
    }
}

fn zone(setting: &Setting) -> &TimeZone {
    setting.config.timezone()
}

/// What the extractor sees in a page.
pub(super) async fn article(globals: &Globals, terminal: &Terminal, wish: Read) -> u8 {
    let setting = match Setting::load_if_there(globals, terminal) {
        Ok(setting) => setting,
        Err(code) => return code,
    };
    let progress = setting.terminal.progress("cli.reading");
    let read = read_article(&setting, &wish).await;
    drop(progress);
    let base = wish.base.as_deref().and_then(address);
    let link = address(&wish.source).or(base);
    let (exit, report) = match &read {
        Ok(Ok(page)) => (Exit::Done, PageReport::of(page, link.as_ref())),
        Ok(Err((exit, why))) => (*exit, PageReport::failure(why.clone())),
        Err(code) => return *code,
    };
    let document = serde_json::to_value(&report).unwrap_or_default();
    told(&setting.terminal, exit, &document, show::article)
}

async fn read_article(
    setting: &Setting,
    wish: &Read,
) -> Result<Result<PageArticle, (Exit, String)>, u8> {
    let base = base(setting, wish)?;
    let reader = PageReader {
        zone: zone(setting).clone(),
        sites: Arc::new(assemble::sites(&setting.config)),
    };
    if let Some(url) = address(&wish.source) {
        let web = web(setting)?;
        let read = poller::read(&web, &url, &reader).await;
        return Ok(read.map_err(|error| match error {
            ReadingFailed::ForNow(why) | ReadingFailed::NotThere(why) => (Exit::Unavailable, why),
            ReadingFailed::Forbidden(why) => (Exit::Config, why),
            ReadingFailed::ForGood(why) => (Exit::BadData, why),
        }));
    }
    let bytes = local(setting, &wish.source)?;
    let read = reader.read(&bytes, None, base.as_ref());
    Ok(read.map_err(|error| (Exit::BadData, error.to_string())))
}
