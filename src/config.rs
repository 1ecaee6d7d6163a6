//! The settings, valid by construction: whoever holds a [`Config`] need not check it again.

mod choices;
mod fault;
mod file;
mod meaning;
mod secrets;
mod shape;

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use ipnet::IpNet;
use jiff::civil::Time;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use toml::de::DeTable;
use url::Url;

pub use self::choices::{Corrections, FirstPoll, OnUnknown, Review, Style};
use self::fault::Findings;
pub use self::fault::{Fault, Faults};
pub use self::secrets::{Environment, SecretError, SecretRef};
use crate::language::Language;

/// Everything that an office decides.
#[derive(Debug, Clone)]
pub struct Config {
    /// The language of messages and notices.
    pub language: Language,
    /// How Facebook is spoken to.
    pub facebook: FacebookConfig,
    /// How sites are spoken to.
    pub network: NetworkConfig,
    /// The admin page.
    pub admin: AdminConfig,
    zone: TimeZone,
    feeds: Vec<FeedConfig>,
    pages: Vec<PageConfig>,
    /// Each secret with where the file names it.
    secrets: Vec<(SecretPlace, SecretRef)>,
    file: PathBuf,
}

/// Where the settings file names a secret.
#[derive(Debug, Clone)]
struct SecretPlace {
    key: String,
    at: usize,
    text: std::sync::Arc<str>,
}

/// A feed.
#[derive(Debug, Clone)]
pub struct FeedConfig {
    /// Its name.
    pub name: String,
    /// Its address.
    pub url: Url,
    /// How long to leave it alone after a good poll.
    pub poll_every: Duration,
    /// What becomes of the articles that stand in it at the first poll.
    pub first_poll: FirstPoll,
    /// Whether each article's own page is read.
    pub read_pages: bool,
    /// Only articles with one of these words, phrases or categories; empty: all.
    pub include: Vec<String>,
    /// No articles with any of these.
    pub exclude: Vec<String>,
    /// Articles with any of these wait for a person.
    pub never_auto: Vec<String>,
    /// How its dates are written, in the letters of `strptime`; `None`: as they come.
    pub date_format: Option<String>,
}

/// A Facebook Page.
#[derive(Debug, Clone)]
pub struct PageConfig {
    /// Its name.
    pub name: String,
    /// Its id on Facebook: digits.
    pub id: String,
    /// The names of the feeds whose articles it gets.
    pub feeds: Vec<String>,
    /// The template of its posts.
    pub template: String,
    /// Where its token is; `None`: the one that a log-in has stored.
    pub token: Option<SecretRef>,
    /// Pictures or cards.
    pub style: Style,
    /// The most pictures in one post.
    pub images_max: usize,
    /// The pictures of articles that have none, by category; `*`: of any other.
    pub default_pictures: BTreeMap<String, PathBuf>,
    /// Whether an editor sees posts before readers do.
    pub review: Review,
    /// The least time between two posts.
    pub spacing: Duration,
    /// When nothing is posted; `None`: never.
    pub quiet_hours: Option<QuietHours>,
    /// The time between seeing an article and posting it.
    pub hold_for: Duration,
    /// The most posts in one day.
    pub posts_per_day: u32,
    /// Older articles are held.
    pub max_age: Duration,
    /// More new articles than this in one started day are held as one batch.
    pub flood_over: u32,
    /// What happens to the post when an article is corrected.
    pub corrections: Corrections,
}

/// A daily span; it may run over midnight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QuietHours {
    /// Its first minute.
    pub from: Time,
    /// The first minute after it.
    pub until: Time,
}

/// How Facebook is spoken to.
#[derive(Debug, Clone)]
pub struct FacebookConfig {
    /// Where the Graph API is.
    pub graph_url: Url,
    /// Its version.
    pub version: String,
    /// The id of our app.
    pub app_id: Option<String>,
    /// Where the app's secret is.
    pub app_secret: Option<SecretRef>,
    /// Where the log-in dialog leads back to.
    pub login_redirect: Url,
    /// A configuration of Login for Business.
    pub login_config_id: Option<String>,
    /// The longest time for one call.
    pub request_timeout: Duration,
    /// When the Page is looked at again after an unclear answer.
    pub reconcile_first: Duration,
    /// How long the Page is looked at before a post counts as absent.
    pub reconcile_for: Duration,
    /// What happens to a post that is absent after that.
    pub on_unknown: OnUnknown,
}

/// How sites are spoken to.
#[derive(Debug, Clone)]
pub struct NetworkConfig {
    /// Private networks that may be fetched from.
    pub allow_private: Vec<IpNet>,
    /// The longest time for one request.
    pub timeout: Duration,
    /// A PEM file with further certificates.
    pub extra_ca: Option<PathBuf>,
}

/// The admin page.
#[derive(Debug, Clone)]
pub struct AdminConfig {
    /// What it listens on.
    pub listen: SocketAddr,
    /// Where its password is.
    pub password: Option<SecretRef>,
}

/// Why there are no settings.
#[derive(Debug)]
pub enum ConfigError {
    /// The file cannot be read.
    Unreadable {
        /// Which.
        file: PathBuf,
        /// What the system said.
        why: String,
    },
    /// It says things that make no sense.
    Faulty(Faults),
}

impl ConfigError {
    /// The error in words, every fault on a line of its own.
    pub fn say(&self, language: Language) -> String {
        match self {
            Self::Unreadable { file, why } => {
                let file = file.display().to_string();
                language.say("config.unreadable", &[("file", &file), ("why", why)])
            }
            Self::Faulty(faults) => faults.say(language),
        }
    }
}

impl Config {
    /// Reads the settings file.
    ///
    /// # Errors
    /// When it cannot be read, or with everything that is wrong in it.
    pub fn load(path: &Path) -> Result<Self, ConfigError> {
        let text = std::fs::read_to_string(path).map_err(|error| ConfigError::Unreadable {
            file: path.to_owned(),
            why: error.to_string(),
        })?;
        Self::parse(&text, path).map_err(ConfigError::Faulty)
    }

    /// Reads settings as they would stand in the file `path`: paths in them count from its folder.
    ///
    /// # Errors
    /// Everything that is wrong with them.
    pub fn parse(text: &str, path: &Path) -> Result<Self, Faults> {
        let mut findings = Findings::in_file(path, text);
        let table = match DeTable::parse(text) {
            Ok(table) => table,
            Err(error) => {
                let at = error.span().map_or(0, |span| span.start);
                findings.add(at, "", "config.syntax", &[("why", error.message())]);
                return Err(findings.into_faults());
            }
        };
        shape::hold_against(&schema(), &table, "", &mut findings);
        if !findings.is_empty() {
            return Err(findings.into_faults());
        }
        let file: file::File = match toml::from_str(text) {
            Ok(file) => file,
            Err(error) => {
                let at = error.span().map_or(0, |span| span.start);
                findings.add(at, "", "config.syntax", &[("why", error.message())]);
                return Err(findings.into_faults());
            }
        };
        meaning::Reader::new(path, text, &table, findings).read(file)
    }

    /// The zone of dates that name none, of quiet hours and of days.
    pub fn timezone(&self) -> &TimeZone {
        &self.zone
    }

    /// The feeds, in the file's order.
    pub fn feeds(&self) -> impl Iterator<Item = &FeedConfig> {
        self.feeds.iter()
    }

    /// The Pages, in the file's order.
    pub fn pages(&self) -> impl Iterator<Item = &PageConfig> {
        self.pages.iter()
    }

    /// Where the office keeps its templates: beside the settings file.
    pub fn templates_dir(&self) -> PathBuf {
        meaning::beside(&self.file, Path::new("templates"))
    }

    /// Where the office keeps rules of its own of this name: beside the settings file.
    pub fn rules_file(&self, name: &str) -> PathBuf {
        meaning::beside(&self.file, Path::new(name))
    }

    /// Reads every secret and says what is wrong with them. None is kept.
    pub fn check_secrets(&self, environment: &Environment) -> Vec<Fault> {
        let mut found = Vec::new();
        for (place, secret) in &self.secrets {
            let mut findings = Findings::in_file(&self.file, &place.text);
            match secret.read(environment) {
                Ok(_) => continue,
                Err(SecretError::Unset(name)) => {
                    findings.add(
                        place.at,
                        &place.key,
                        "config.secret-unset",
                        &[("name", &name)],
                    );
                }
                Err(SecretError::Empty(name)) => {
                    findings.add(
                        place.at,
                        &place.key,
                        "config.secret-empty",
                        &[("name", &name)],
                    );
                }
                Err(SecretError::Unreadable { path, why }) => {
                    let file = path.display().to_string();
                    let values = [("file", file.as_str()), ("why", why.as_str())];
                    findings.add(place.at, &place.key, "config.secret-unreadable", &values);
                }
            }
            found.extend(findings.faults());
        }
        found
    }
}

impl PageConfig {
    /// What the ledger knows the Page by: renaming it here changes nothing.
    pub fn key(&self, graph_url: &Url) -> String {
        let host = graph_url.host_str().unwrap_or_default();
        match graph_url.port() {
            Some(port) => format!("{host}:{port}/{}", self.id),
            None => format!("{host}/{}", self.id),
        }
    }
}

/// The JSON schema of the settings file, for editors that complete and check while one writes.
pub fn schema() -> Value {
    file::schema().to_value()
}

/// A length of time as a person writes it: `90s`, `10m`, `1h30m`, `3d`. A day is 24 hours.
pub fn duration(text: &str) -> Option<Duration> {
    let span: jiff::Span = text.trim().parse().ok()?;
    let days = jiff::SpanRelativeTo::days_are_24_hours();
    let length: SignedDuration = span.to_duration(days).ok()?;
    // Nothing here is measured from the year 10000.
    Timestamp::UNIX_EPOCH.checked_add(length).ok()?;
    Duration::try_from(length).ok()
}

#[cfg(test)]
mod tests;
