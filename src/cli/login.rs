//! `loa login`: a person lets loa post on a Page.

use std::io::BufRead;
use std::net::Ipv4Addr;

use secrecy::SecretString;
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use url::{Host, Url};

use super::arguments;
use super::office::{Setting, content, surroundings};
use super::show;
use crate::admin::{callback, control};
use crate::clock::{Clock, SystemClock};
use crate::config::PageConfig;
use crate::desk::Request;
use crate::desk::assemble;
use crate::destination::facebook::TokenStore;
use crate::destination::facebook::login::{Begun, Grant, Login, LoginError};
use crate::exit::Exit;
use crate::language::Language;

/// Does what `loa login` is asked.
pub(super) async fn login(setting: &Setting, wish: arguments::Login) -> u8 {
    match &wish.verb {
        Some(arguments::LoginVerb::Status(_)) => {
            let request = Request::LoginStatus;
            setting.ask(request, "cli.reading", show::tokens).await
        }
        None => match log_in(setting, &wish).await {
            Ok(code) | Err(code) => code,
        },
    }
}

async fn log_in(setting: &Setting, wish: &arguments::Login) -> Result<u8, u8> {
    let pages = pages_meant(setting, wish.page.as_deref())?;
    let terminal = &setting.terminal;
    let login = assemble::login(&setting.config, surroundings(), wish.business)
        .map_err(|error| terminal.fail(error.exit(), &error.to_string()))?;
    let grants = match &wish.token {
        Some(place) => take(setting, &login, &pages, place).await?,
        None => walk_through(setting, &login, &pages, wish.paste).await?,
    };
    let mut worst = Exit::Done;
    for (page, grant) in pages.iter().zip(grants) {
        let stored = store(setting, page, grant);
        worst = worst.max(stored);
        if stored == Exit::Done && page.token.is_none() {
            tell_running(setting, page).await;
        }
    }
    if worst == Exit::Done {
        setting
            .terminal
            .note(&setting.terminal.say("login.look", &[]));
    }
    Ok(worst.code())
}

/// The Pages that the settings name, or the one that the person does.
fn pages_meant<'a>(setting: &'a Setting, name: Option<&str>) -> Result<Vec<&'a PageConfig>, u8> {
    let known: Vec<&PageConfig> = setting.config.pages().collect();
    let meant: Vec<&PageConfig> = known
        .iter()
        .copied()
        .filter(|page| name.is_none_or(|name| page.name == name))
        .collect();
    if meant.is_empty() {
        let names: Vec<&str> = known.iter().map(|page| page.name.as_str()).collect();
        let (name, names) = (name.unwrap_or_default(), names.join(", "));
        let values = [("page", name), ("known", names.as_str())];
        let text = setting.terminal.say("desk.no-such-page", &values);
        return Err(setting.terminal.fail(Exit::Usage, &text));
    }
    Ok(meant)
}

type Grants = Vec<Result<Grant, LoginError>>;

/// A token that the person already has, from a file or standard input: never from the command
/// line, which everybody on the machine can read.
async fn take(
    setting: &Setting,
    login: &Login,
    pages: &[&PageConfig],
    place: &str,
) -> Result<Grants, u8> {
    let bytes = content(&setting.terminal, place)?;
    let token = SecretString::from(String::from_utf8_lossy(&bytes).trim());
    let mut grants = Vec::with_capacity(pages.len());
    for page in pages {
        grants.push(login.take(token.clone(), &page.id).await);
    }
    Ok(grants)
}

/// Sends the person to Facebook's dialog and waits for them to come back.
async fn walk_through(
    setting: &Setting,
    login: &Login,
    pages: &[&PageConfig],
    paste: bool,
) -> Result<Grants, u8> {
    let terminal = &setting.terminal;
    let failed = |error: LoginError| terminal.fail(exit_of(&error), &error.to_string());
    let begun = login.begin().map_err(failed)?;
    let listener = match paste {
        true => None,
        false => listen(&setting.config.facebook.login_redirect).await,
    };
    tell(setting, &begun, listener.is_some());
    let code = come_back(setting, &begun, listener).await?;
    let progress = terminal.progress("login.asking");
    let person = login.person_token(&code).await.map_err(failed)?;
    let ids: Vec<String> = pages.iter().map(|page| page.id.clone()).collect();
    let grants = login.grants(&person, &ids).await;
    drop(progress);
    grants.map_err(failed)
}

fn tell(setting: &Setting, begun: &Begun, listening: bool) {
    let terminal = &setting.terminal;
    terminal.note(&terminal.say("login.open", &[]));
    terminal.line(begun.address.as_str());
    let way = match listening {
        true => "login.waiting",
        false => "login.paste",
    };
    let redirect = setting.config.facebook.login_redirect.as_str();
    terminal.note(&terminal.say(way, &[("address", redirect)]));
}

/// A place for the browser to come back to, if the redirect address is one of this machine's.
async fn listen(redirect: &Url) -> Option<TcpListener> {
    let port = redirect.port_or_known_default()?;
    let here = match redirect.host()? {
        Host::Domain(name) => name == "localhost",
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(_) => false,
    };
    match here && redirect.scheme() == "http" {
        true => TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await.ok(),
        false => None,
    }
}

/// Waits for an address with a code, from the browser or from the keyboard, whichever comes first.
async fn come_back(
    setting: &Setting,
    begun: &Begun,
    listener: Option<TcpListener>,
) -> Result<SecretString, u8> {
    let terminal = &setting.terminal;
    let (arrived, mut arrivals) = mpsc::unbounded_channel();
    if let Some(listener) = listener {
        let redirect = setting.config.facebook.login_redirect.clone();
        tokio::spawn(called(
            listener,
            redirect,
            terminal.language,
            arrived.clone(),
        ));
    }
    // Its own thread, because a keyboard cannot be stopped being waited for.
    std::thread::spawn(move || typed(&arrived));
    while let Some(address) = arrivals.recv().await {
        match begun.code(&address) {
            Ok(code) => return Ok(code),
            Err(error @ (LoginError::NoCode | LoginError::NotOurs)) => {
                terminal.note(&terminal.language.cause(&error.to_string()));
            }
            Err(error) => return Err(terminal.fail(exit_of(&error), &error.to_string())),
        }
    }
    let text = LoginError::NoCode.to_string();
    Err(terminal.fail(Exit::BadData, &text))
}

async fn called(
    listener: TcpListener,
    redirect: Url,
    language: Language,
    arrived: mpsc::UnboundedSender<String>,
) {
    let path = callback::receive(listener, language).await;
    if let Some(address) = path.and_then(|path| redirect.join(&path).ok()) {
        // Nobody waits any more when the keyboard was faster.
        let _ = arrived.send(address.to_string());
    }
}

fn typed(arrived: &mpsc::UnboundedSender<String>) {
    let lines = std::io::stdin().lock().lines();
    let said = lines.map_while(Result::ok);
    for line in said.filter(|line| !line.trim().is_empty()) {
        if arrived.send(line).is_err() {
            return;
        }
    }
}

/// Stores what was obtained for one Page, and tells.
fn store(setting: &Setting, page: &PageConfig, grant: Result<Grant, LoginError>) -> Exit {
    let terminal = &setting.terminal;
    let named = |why: String| {
        let values = [("page", page.name.as_str()), ("why", why.as_str())];
        terminal.say("login.failed", &values)
    };
    let grant = match grant {
        Ok(grant) => grant,
        Err(error) => {
            let exit = exit_of(&error);
            terminal.fail(exit, &named(error.to_string()));
            return exit;
        }
    };
    if let Err(error) = TokenStore::of(&setting.state).save(&grant, SystemClock.now()) {
        terminal.fail(Exit::Storage, &named(error.to_string()));
        return Exit::Storage;
    }
    terminal.line(&terminal.say("login.done", &[("page", &page.name)]));
    if page.token.is_some() {
        terminal.note(&terminal.say("login.unused", &[("page", &page.name)]));
    }
    Exit::Done
}

/// A loa that is running takes the token up at once, and nobody has to start it anew.
async fn tell_running(setting: &Setting, page: &PageConfig) {
    let terminal = &setting.terminal;
    let request = Request::Renewed {
        page: Some(page.name.clone()),
    };
    let told = control::ask(&setting.state, terminal.language, request).await;
    // One that could not be told looks again by itself, within a quarter of an hour.
    if let Ok((0, _)) = told {
        terminal.note(&terminal.say("login.goes-on", &[("page", &page.name)]));
    }
}

fn exit_of(error: &LoginError) -> Exit {
    match error {
        LoginError::Unreachable(_) => Exit::Unavailable,
        LoginError::NoCode | LoginError::NotOurs => Exit::BadData,
        LoginError::AppUnknown | LoginError::SecretWrong | LoginError::NoSecret(_) => Exit::Config,
        _ => Exit::NotAllowed,
    }
}
