//! Puts a desk together from settings and a state folder: everything that lives as long as the
//! process is made here, once.

mod opened;
mod pages;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use tokio::sync::Mutex;
use tracing::warn;

use self::opened::tell;
use self::pages::{page_of, read_secret, source};
use super::{Desk, ledger_exit};
use crate::article::page::{SITES_FILE, Sites};
use crate::article::places::{PLACES_FILE, Places};
use crate::clock::Clock;
use crate::config::{Config, Environment};
use crate::destination::facebook::TokenStore;
use crate::destination::facebook::login::{Login, LoginSettings};
use crate::dice::Dice;
use crate::exit::Exit;
use crate::http_client::{self, BuildError, WebClient, WebSettings};
use crate::ledger::disk::DiskStore;
use crate::ledger::lock::StateLock;
use crate::ledger::{Books, Ledger, LedgerError, rebuild};
use crate::poller::Poller;
use crate::post::template::Templates;
use crate::publisher::Publisher;
use crate::publisher::media::Media;
use crate::publisher::page::Page;
use crate::retry::RetryPolicy;

/// How long to leave a feed or a Page alone that fails.
const RETRY: RetryPolicy = RetryPolicy {
    delay_first: Duration::from_secs(60),
    delay_max: Duration::from_secs(3600),
};

/// What the process stands in: handed in, so that tests hand in their own.
#[derive(Clone)]
pub struct Surroundings {
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Chance.
    pub dice: Arc<dyn Dice>,
    /// The environment's variables.
    pub environment: Environment,
}

/// A desk with the state folder in its hands.
pub struct Office {
    /// What can be asked.
    pub desk: Arc<Desk>,
    thread: JoinHandle<()>,
    _lock: StateLock,
}

/// Why a desk could not be put together.
#[derive(Debug, thiserror::Error)]
pub enum AssembleError {
    /// The ledger; or another process has the state folder.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// The network cannot be used.
    #[error(transparent)]
    Network(#[from] BuildError),
    /// The extra certificates cannot be read.
    #[error("network.extra_ca: {} cannot be read: {source}", path.display())]
    ExtraCa {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// Nobody can log in without an app.
    #[error(
        "facebook.app_id and facebook.app_secret are needed to log in: copy both from the app's Settings → Basic into the settings"
    )]
    NoApp,
    /// The system gives no thread.
    #[error("the ledger's thread could not be started: {0}")]
    Thread(std::io::Error),
}

impl AssembleError {
    /// How a command ends that met this.
    pub fn exit(&self) -> Exit {
        match self {
            Self::Ledger(error) => ledger_exit(error),
            Self::Network(_) | Self::ExtraCa { .. } | Self::NoApp => Exit::Config,
            Self::Thread(_) => Exit::Storage,
        }
    }
}

impl Office {
    /// Takes the state folder's lock, opens the ledger and makes all that hangs on it.
    ///
    /// # Errors
    /// [`StoreError::Locked`](crate::ledger::store::StoreError::Locked) when another process has the folder.
    pub async fn open(
        config: Arc<Config>,
        state: &Path,
        surroundings: Surroundings,
    ) -> Result<Self, AssembleError> {
        let now = surroundings.clock.now();
        let lock = StateLock::acquire(state, now).map_err(LedgerError::from)?;
        let folder = state.join("ledger");
        let (store, opened) =
            DiskStore::open(&folder, &rebuild::replay).map_err(LedgerError::from)?;
        let books = Books::open(Box::new(store), now)?;
        let (ledger, thread) = Ledger::start(books).map_err(AssembleError::Thread)?;
        let desk = desk(config, state, surroundings, ledger)?;
        tell(&desk, &opened).await?;
        DiskStore::recovery_was_told(&folder).map_err(LedgerError::from)?;
        Ok(Self {
            desk: Arc::new(desk),
            thread,
            _lock: lock,
        })
    }

    /// Closes the ledger in order: what is in its hands is finished first.
    pub fn close(self) {
        drop(self.desk);
        // Its thread may have died with a panic, which was told where it happened.
        let _ = self.thread.join();
    }
}

fn desk(
    config: Arc<Config>,
    state: &Path,
    surroundings: Surroundings,
    ledger: Ledger,
) -> Result<Desk, AssembleError> {
    let extra_ca = extra_ca(&config)?;
    let web = web(&config, extra_ca.clone())?;
    let graph = http_client::graph_client(config.facebook.request_timeout, extra_ca.as_deref())?;
    let tokens = TokenStore::of(state);
    let pages: Vec<Arc<Page>> = config
        .pages()
        .map(|page| Arc::new(page_of(&config, page, &graph, &surroundings, &tokens)))
        .collect();
    let language = config.language;
    let Surroundings {
        clock,
        dice,
        environment,
    } = surroundings;
    let poller = Poller {
        ledger: ledger.clone(),
        clock: Arc::clone(&clock),
        dice: Arc::clone(&dice),
        web: web.clone(),
        retry: RETRY,
        pages: pages.clone(),
        sources: config.feeds().map(|feed| source(&config, feed)).collect(),
        sites: Arc::new(sites(&config)),
        language,
        reading: Mutex::default(),
    };
    let publisher = Publisher {
        ledger: ledger.clone(),
        clock,
        dice,
        retry: RETRY,
        templates: Arc::new(templates(&config)),
        media: Media::new(state.join("media"), web),
        language,
    };
    Ok(Desk {
        config,
        ledger,
        poller: Arc::new(poller),
        publisher: Arc::new(publisher),
        pages,
        language,
        environment,
        run: Arc::default(),
    })
}

/// The extra certificates of the settings.
///
/// # Errors
/// When their file cannot be read.
fn extra_ca(config: &Config) -> Result<Option<Vec<u8>>, AssembleError> {
    let Some(path) = &config.network.extra_ca else {
        return Ok(None);
    };
    let read = std::fs::read(path);
    read.map(Some).map_err(|source| AssembleError::ExtraCa {
        path: path.clone(),
        source,
    })
}

fn web(config: &Config, extra_ca_pem: Option<Vec<u8>>) -> Result<WebClient, BuildError> {
    WebClient::new(&WebSettings {
        allow_private: config.network.allow_private.clone(),
        timeout: config.network.timeout,
        extra_ca_pem,
    })
}

/// The steps of a log-in. Needs no ledger.
///
/// # Errors
/// When the settings name no app, or the certificates make no sense.
pub fn login(
    config: &Config,
    surroundings: Surroundings,
    business: bool,
) -> Result<Login, AssembleError> {
    let Surroundings {
        clock, environment, ..
    } = surroundings;
    let facebook = &config.facebook;
    let (Some(app_id), Some(secret)) = (&facebook.app_id, &facebook.app_secret) else {
        return Err(AssembleError::NoApp);
    };
    let client = http_client::graph_client(facebook.request_timeout, extra_ca(config)?.as_deref())?;
    let settings = LoginSettings {
        graph_url: facebook.graph_url.clone(),
        version: facebook.version.clone(),
        app_id: app_id.clone(),
        app_secret: read_secret(secret.clone(), &environment),
        redirect: facebook.login_redirect.clone(),
        config_id: facebook.login_config_id.clone(),
        business,
    };
    Ok(Login::new(client, settings, clock))
}

/// The way to feeds and pages alone, for verbs that need no ledger.
///
/// # Errors
/// When the certificates cannot be read or make no sense.
pub fn web_alone(config: &Config) -> Result<WebClient, AssembleError> {
    Ok(web(config, extra_ca(config)?)?)
}

/// What is known of the sites that articles stand on. An office's own rules that make no sense
/// are told and left out: a typo never stops posting.
pub fn sites(config: &Config) -> Sites {
    Sites::load(&config.rules_file(SITES_FILE)).unwrap_or_else(|error| {
        warn!("{error}");
        Sites::shipped()
    })
}

/// The office's templates, with what is known of places; see [`sites`] for its own that make no
/// sense.
pub fn templates(config: &Config) -> Templates {
    let places = Places::load(&config.rules_file(PLACES_FILE)).unwrap_or_else(|error| {
        warn!("{error}");
        Places::shipped()
    });
    Templates::new(Some(&config.templates_dir()), config.timezone().clone()).with_places(places)
}
