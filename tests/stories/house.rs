//! Everything a story needs: a site, a Page, a clock, a state folder, and loa between them.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use loa::clock::{Clock, ManualClock};
use loa::config::Config;
use loa::desk::assemble::{AssembleError, Office, Surroundings};
use loa::desk::{Answer, Request};
use loa::dice::LoadedDice;
use loa::exit::Exit;
use loa::language::Language;
use loa::rehearsal::mood::{Kind, Mood, Whim};
use loa::rehearsal::{PAGE_ID, RehearsalPage, RehearsedPost, Settings};
use serde_json::Value;

use crate::site::{Entry, Site};

pub(crate) const TOKEN: &str = "EAAGm0PX4ZCpsBAKZA1234567890";
/// One root that signed nothing. Reading the machine's own takes most of a short run's time, and
/// no story meets a certificate.
const ROOTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/nobody.pem");

/// One more Page, behind which is nobody; for the start of the last table of the settings.
pub(crate) const NEWCOMER: &str = "[[pages]]\nname = \"hai\"\nid = \"77\"\nfeeds = [\"tin\"]\n\
    spacing = \"0s\"\nmax_age = \"9999d\"\ntoken = { env = \"LOA_TOKEN\" }\n\n[facebook]";

/// How often a locked state folder is tried again: a process that another story starts holds a
/// copy of every open file of ours, locks too, from its fork until its exec.
const FORKS_WAITED_FOR: usize = 1_000;

/// A house with everything in it.
pub(crate) struct House {
    pub site: Site,
    pub page: RehearsalPage,
    pub clock: ManualClock,
    pub dir: tempfile::TempDir,
    settings: String,
}

/// What a story changes in the settings.
#[derive(Default, Clone, Copy)]
pub(crate) struct Wishes {
    pub feed: &'static str,
    pub page: &'static str,
    pub facebook: &'static str,
}

impl House {
    /// Moves in: posts at once, at any hour, of any age; what stands in the feed is a baseline.
    pub(crate) async fn new() -> Self {
        Self::with(Wishes::default()).await
    }

    /// One whose Page has these settings, and whose feed was empty at its first poll.
    pub(crate) async fn settled(page: &'static str) -> Self {
        let house = Self::with(Wishes {
            page,
            ..Wishes::default()
        })
        .await;
        house.settle_in().await;
        house
    }

    pub(crate) async fn with(wishes: Wishes) -> Self {
        let clock = ManualClock::at("2026-11-24T02:00:00Z".parse().unwrap());
        let site = Site::open().await;
        let page =
            RehearsalPage::open(Settings::in_memory(TOKEN, Arc::new(clock.clone()))).unwrap();
        let graph_url = format!("http://{}", page.serve_on_loopback().await.unwrap());
        let settings = settings(&site.address, &graph_url, wishes);
        Self {
            site,
            page,
            clock,
            dir: tempfile::tempdir().unwrap(),
            settings,
        }
    }

    pub(crate) fn state(&self) -> PathBuf {
        self.dir.path().join("state")
    }

    /// Writes the settings where the program finds them, whole: one that was started a moment ago
    /// may be reading them.
    pub(crate) fn settings_file(&self) -> PathBuf {
        let path = self.dir.path().join("loa.toml");
        let draft = path.with_extension("draft");
        std::fs::write(&draft, &self.settings).unwrap();
        std::fs::rename(draft, &path).unwrap();
        path
    }

    pub(crate) fn change_settings(&mut self, from: &str, to: &str) {
        assert!(self.settings.contains(from), "{from}");
        self.settings = self.settings.replace(from, to);
    }

    /// Opens loa on the state folder.
    pub(crate) async fn try_open(&self) -> Result<Office, AssembleError> {
        self.try_open_on(&self.state()).await
    }

    async fn try_open_on(&self, state: &Path) -> Result<Office, AssembleError> {
        let path = self.settings_file();
        let config =
            Config::load(&path).unwrap_or_else(|error| panic!("{}", error.say(Language::En)));
        let surroundings = Surroundings {
            clock: Arc::new(self.clock.clone()),
            dice: Arc::new(LoadedDice(0.5)),
            environment: Arc::new(|name| (name == "LOA_TOKEN").then(|| TOKEN.to_owned())),
        };
        Office::open(Arc::new(config), state, surroundings).await
    }

    pub(crate) async fn open(&self) -> Office {
        self.open_on(&self.state()).await
    }

    /// Opens loa with these settings on another state folder.
    pub(crate) async fn open_on(&self, state: &Path) -> Office {
        for _ in 0..FORKS_WAITED_FOR {
            match self.try_open_on(state).await {
                Err(error) if error.exit() == Exit::TryLater => tokio::task::yield_now().await,
                opened => return opened.unwrap_or_else(|error| panic!("{error}")),
            }
        }
        panic!("the state folder stays locked");
    }

    /// Opens loa, asks one thing, closes it: what a command does.
    pub(crate) async fn ask(&self, request: Request) -> Answer {
        let office = self.open().await;
        let answer = office.desk.answer(request).await;
        close(office).await;
        answer
    }

    /// One loa that runs so many times, with so many seconds before each.
    pub(crate) async fn runs(&self, times: usize, seconds: u64) {
        let office = self.open().await;
        for _ in 0..times {
            self.wait(seconds);
            office.desk.answer(Request::Once).await;
        }
        close(office).await;
    }

    pub(crate) async fn once(&self) -> Answer {
        self.ask(Request::Once).await
    }

    /// A first poll with an empty feed: from here on, everything is new.
    pub(crate) async fn settle_in(&self) {
        self.site.feed(&[]);
        let answer = self.once().await;
        assert_eq!(answer.exit.code(), 0, "{:#}", answer.document);
    }

    /// Brings out these articles and lets loa run once.
    pub(crate) async fn bring_out(&self, entries: &[Entry]) -> Answer {
        self.site.feed(entries);
        self.once().await
    }

    pub(crate) fn wait(&self, seconds: u64) {
        self.clock.advance(Duration::from_secs(seconds));
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// The program itself, on this house's settings and state.
    pub(crate) fn program(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_loa"));
        command
            .args(arguments)
            .env_clear()
            .env("LOA_TOKEN", TOKEN)
            .env("LOA_LANG", "en")
            .env("LOA_CONFIG", self.settings_file())
            .env("LOA_STATE", self.state())
            .env("SSL_CERT_FILE", ROOTS)
            .env("SSL_CERT_DIR", self.dir.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// Runs the program to its end.
    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        Ran::of(self.program(arguments).output().unwrap())
    }

    /// The Page is in this mood for the next call that publishes.
    pub(crate) fn mood(&self, whim: Whim) {
        self.mood_on(Kind::Publish, whim, 1);
    }

    pub(crate) fn mood_on(&self, on: Kind, whim: Whim, calls: u32) {
        self.page.set_mood(Mood { whim, on, calls });
    }

    /// The first lines of what the Page shows, oldest first.
    pub(crate) fn shown(&self) -> Vec<String> {
        let posts = self.page.posts();
        posts.iter().rev().map(headline).collect()
    }

    /// How often something was asked of the Page.
    pub(crate) fn calls(&self, method: &str, edge: &str) -> usize {
        let calls = self.page.calls();
        calls
            .iter()
            .filter(|call| call.method == method && call.path.ends_with(edge))
            .count()
    }
}

/// Closes loa as a process does that ends in order.
pub(crate) async fn close(office: Office) {
    tokio::task::spawn_blocking(move || office.close())
        .await
        .unwrap();
}

/// What a command came to.
pub(crate) struct Ran {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Ran {
    pub(crate) fn of(output: Output) -> Self {
        Self {
            code: output.status.code().unwrap_or(-1),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// The one document on standard output.
    pub(crate) fn document(&self) -> Value {
        serde_json::from_str(&self.out)
            .unwrap_or_else(|error| panic!("{error}: {:?} {:?}", self.out, self.err))
    }
}

/// A post's first line.
pub(crate) fn headline(post: &RehearsedPost) -> String {
    post.message.lines().next().unwrap_or_default().to_owned()
}

/// A member of a document, by its path.
pub(crate) fn at<'a>(document: &'a Value, pointer: &str) -> &'a Value {
    document
        .pointer(pointer)
        .unwrap_or_else(|| panic!("{pointer} in {document:#}"))
}

fn settings(site: &str, graph: &str, wishes: Wishes) -> String {
    let Wishes {
        feed,
        page,
        facebook,
    } = wishes;
    let unless = |given: &str, key: &str, line: &str| {
        if given.contains(key) {
            String::new()
        } else {
            format!("{line}\n")
        }
    };
    format!(
        "language = \"en\"\n[[feeds]]\nname = \"tin\"\nurl = \"{site}/rss\"\n{feed}\n\
         [[pages]]\nname = \"trang\"\nid = \"{PAGE_ID}\"\nfeeds = [\"tin\"]\n\
         token = {{ env = \"LOA_TOKEN\" }}\n{}{}{}{page}\n\
         [facebook]\ngraph_url = \"{graph}\"\napp_id = \"353535\"\n{}{}{facebook}\n\
         [network]\nallow_private = [\"127.0.0.0/8\"]\n",
        unless(page, "spacing", "spacing = \"0s\""),
        unless(page, "quiet_hours", "quiet_hours = \"\""),
        // The program itself asks the machine what time it is, whatever year that may be.
        unless(page, "max_age", "max_age = \"9999d\""),
        unless(facebook, "reconcile_first", "reconcile_first = \"15s\""),
        unless(facebook, "reconcile_for", "reconcile_for = \"10m\""),
    )
}
