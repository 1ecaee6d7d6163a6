//! `loa demo`: the whole thing on one machine, with no account: a news site (or a real feed), the
//! daemon, and a rehearsal page to watch.

use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use url::Url;

use super::arguments::{Demo, Globals};
use super::office::{Setting, refuse, surroundings};
use super::run::serve;
use super::terminal::Terminal;
use crate::article::page::PageReader;
use crate::article::text::slug;
use crate::clock::SystemClock;
use crate::config::{Config, ConfigError};
use crate::desk::assemble::{Office, Surroundings, web_alone};
use crate::exit::Exit;
use crate::http_client::{Get, WebClient};
use crate::poller;
use crate::rehearsal::news_site::NewsSite;
use crate::rehearsal::{APP_ID, Fetch, LinkCard, PAGE_ID, RehearsalPage, Scrape, Settings};

/// How often the sample site brings out an article.
const EVERY: Duration = Duration::from_secs(5);
/// Opens the rehearsal page, and nothing else anywhere.
const TOKEN: &str = "rehearsal-token";
const TOKEN_VARIABLE: &str = "LOA_DEMO_TOKEN";

/// Everything from start to stop.
pub(super) async fn demo(globals: &Globals, terminal: &Terminal, wish: Demo) -> u8 {
    match start(globals, terminal, wish).await {
        Ok(code) | Err(code) => code,
    }
}

async fn start(globals: &Globals, terminal: &Terminal, wish: Demo) -> Result<u8, u8> {
    let language = globals.lang.unwrap_or(terminal.language);
    let page_listener = listen(terminal, wish.port).await?;
    let stop = CancellationToken::new();
    let feed = match &wish.real_feed {
        Some(feed) => feed.clone(),
        None => open_site(terminal, wish.port.saturating_add(1), &stop).await?,
    };
    let settings = settings(&feed, wish.port, wish.real_feed.is_some());
    let config = Config::parse(&settings, Path::new("demo"))
        .map_err(|faults| refuse(terminal, globals, &ConfigError::Faulty(faults)))?;
    let mut setting = Setting::with(config, globals, terminal);
    setting.terminal.language = language;
    setting.state = state(&globals.state, wish.port, wish.real_feed.as_deref());
    let web = web_alone(&setting.config)
        .map_err(|error| terminal.fail(error.exit(), &error.to_string()))?;
    let page = RehearsalPage::open(Settings {
        dir: Some(setting.state.join("rehearsal")),
        zone: setting.terminal.zone.clone(),
        language,
        scrape: scrape(web.clone(), PageReader::new(setting.terminal.zone.clone())),
        fetch: fetch(web),
        ..Settings::in_memory(TOKEN, Arc::new(SystemClock))
    })
    .map_err(|error| terminal.fail(Exit::Storage, &error.to_string()))?;
    // Whoever rehearses a log-in comes back to where the settings say.
    page.allow_redirect(setting.config.facebook.login_redirect.as_str());
    let page_stop = stop.clone();
    let page_served = tokio::spawn(async move { page.serve(page_listener, page_stop).await });
    let explain = match wish.real_feed {
        Some(_) => "demo.explain-feed",
        None => "demo.explain",
    };
    let code = rehearse(&setting, wish.port, explain).await;
    stop.cancel();
    // It has been told to stop; what it still had to say is of no use to anybody.
    let _ = page_served.await;
    Ok(code)
}

/// The daemon, on the rehearsal page instead of a real one.
async fn rehearse(setting: &Setting, port: u16, explain: &str) -> u8 {
    let terminal = &setting.terminal;
    let surroundings = Surroundings {
        environment: Arc::new(|name| (name == TOKEN_VARIABLE).then(|| TOKEN.to_owned())),
        ..surroundings()
    };
    let opened = Office::open(Arc::clone(&setting.config), &setting.state, surroundings).await;
    let office = match opened {
        Ok(office) => office,
        Err(error) => return terminal.fail(error.exit(), &error.to_string()),
    };
    terminal.note(&terminal.say(explain, &[]));
    let address = format!("http://127.0.0.1:{port}/");
    terminal.line(&terminal.say("demo.open", &[("address", &address)]));
    match serve(&office, setting).await {
        Some(Ok(())) => {
            office.close();
            Exit::Done.code()
        }
        Some(Err(error)) => terminal.fail(Exit::Storage, &error.to_string()),
        None => Exit::TryLater.code(),
    }
}

async fn listen(terminal: &Terminal, port: u16) -> Result<TcpListener, u8> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port))
        .await
        .map_err(|error| {
            let (port, why) = (port.to_string(), error.to_string());
            let text = terminal.say("demo.busy-port", &[("port", &port), ("why", &why)]);
            terminal.fail(Exit::Unavailable, &text)
        })
}

/// Opens the sample site. Says where its feed is.
async fn open_site(terminal: &Terminal, port: u16, stop: &CancellationToken) -> Result<String, u8> {
    let listener = listen(terminal, port).await?;
    let address = format!("http://127.0.0.1:{port}");
    let site = NewsSite::open(Arc::new(SystemClock), EVERY, address);
    let (served, stop) = (site.clone(), stop.clone());
    tokio::spawn(async move { served.serve(listener, stop).await });
    Ok(site.feed())
}

/// One folder for each feed and port: addresses are part of what an article is known by.
fn state(state: &Path, port: u16, real_feed: Option<&str>) -> PathBuf {
    let name = real_feed.map_or_else(|| "news".to_owned(), slug);
    state.join("demo").join(format!("{port}-{name}"))
}

/// Other than in earnest: any age, no spacing, no quiet hours, and what stands in the feed at the
/// first poll is posted too.
fn settings(feed: &str, port: u16, is_real: bool) -> String {
    let poll_every = if is_real { "1m" } else { "2s" };
    let spacing = if is_real { "5s" } else { "0s" };
    format!(
        "[[feeds]]\n\
         name = \"demo\"\n\
         url = {feed:?}\n\
         poll_every = \"{poll_every}\"\n\
         first_poll = \"publish\"\n\
         \n\
         [[pages]]\n\
         name = \"rehearsal\"\n\
         id = \"{PAGE_ID}\"\n\
         feeds = [\"demo\"]\n\
         token = {{ env = \"{TOKEN_VARIABLE}\" }}\n\
         spacing = \"{spacing}\"\n\
         quiet_hours = \"\"\n\
         max_age = \"36500d\"\n\
         posts_per_day = 1000\n\
         flood_over = 1000\n\
         \n\
         [facebook]\n\
         graph_url = \"http://127.0.0.1:{port}\"\n\
         app_id = \"{APP_ID}\"\n\
         \n\
         [network]\n\
         allow_private = [\"127.0.0.0/8\"]\n"
    )
}

/// Photos that are posted by their address.
fn fetch(web: WebClient) -> Fetch {
    Arc::new(move |address| {
        let web = web.clone();
        Box::pin(async move {
            let request = Get {
                url: &Url::parse(&address).ok()?,
                accept: "image/*",
                etag: None,
                last_modified: None,
                // As much as the real one takes.
                bytes_max: 10 << 20,
            };
            let fetched = web.get(request).await.ok()?;
            (fetched.status == 200).then_some(fetched.body)
        })
    })
}

/// The cards of links, read from the articles' own pages.
fn scrape(web: WebClient, reader: PageReader) -> Scrape {
    Arc::new(move |address| {
        let (web, reader) = (web.clone(), reader.clone());
        Box::pin(async move {
            let url = Url::parse(&address).ok()?;
            let page = poller::read(&web, &url, &reader).await.ok()?;
            Some(LinkCard {
                title: page.title,
                description: page.lead,
                image: page.images.first().map(|image| image.url.to_string()),
            })
        })
    })
}
