//! The editor's verbs, shared by the command line and the control socket. Every verb takes a
//! request and gives an answer: an exit and the document of the contract. Knows no terminal.

pub mod assemble;
mod check;
mod health;
mod login;
mod naming;
mod once;
mod own;
mod pausing;
mod post;
mod preview;
mod queue;
mod records;
pub mod report;
pub mod request;
mod resolve;
mod stories;
mod waiting;

use std::sync::Arc;

use tokio::sync::Mutex;

pub use self::report::Answer;
use self::report::RecordLine;
pub use self::request::Request;
use crate::article::ArticleId;
use crate::article::identity;
use crate::config::{Config, Environment};
use crate::exit::Exit;
use crate::language::Language;
use crate::ledger::state::{PageKey, Record, State};
use crate::ledger::store::StoreError;
use crate::ledger::{Books, Ledger, LedgerError};
use crate::poller::Poller;
use crate::publisher::page::Page;
use crate::publisher::{PublishError, Publisher};

/// Everything that can be asked of a running loa. Cheap to clone.
#[derive(Clone)]
pub struct Desk {
    /// The settings.
    pub config: Arc<Config>,
    /// The ledger.
    pub ledger: Ledger,
    /// Reads feeds and pages.
    pub poller: Arc<Poller>,
    /// Writes posts.
    pub publisher: Arc<Publisher>,
    /// The Pages of the settings, in their order.
    pub pages: Vec<Arc<Page>>,
    /// The language of answers.
    pub language: Language,
    /// The environment's variables.
    pub environment: Environment,
    /// One whole run at a time: two would poll everything twice.
    pub run: Arc<Mutex<()>>,
}

/// Why a verb could not do its work.
#[derive(Debug, thiserror::Error)]
pub enum DeskError {
    /// The ledger.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// A post could not be made.
    #[error(transparent)]
    Publish(#[from] PublishError),
    /// What was asked for makes no sense or does not exist; the text says what to do.
    #[error("{0}")]
    BadRequest(String),
    /// The command line misses something.
    #[error("{0}")]
    Usage(String),
    /// A site or a Page does not answer.
    #[error("{0}")]
    Unavailable(String),
    /// The settings do not let us go there.
    #[error("{0}")]
    Forbidden(String),
    /// It cannot be done now.
    #[error("{0}")]
    TryLater(String),
}

impl DeskError {
    /// How a command ends that failed so.
    pub fn exit(&self) -> Exit {
        match self {
            Self::Ledger(error) | Self::Publish(PublishError::Ledger(error)) => ledger_exit(error),
            Self::Publish(PublishError::Compose(_)) => Exit::Storage,
            Self::BadRequest(_) => Exit::BadData,
            Self::Usage(_) => Exit::Usage,
            Self::Unavailable(_) => Exit::Unavailable,
            Self::Forbidden(_) => Exit::Config,
            Self::TryLater(_) => Exit::TryLater,
        }
    }
}

/// How a command ends that the ledger stopped.
pub fn ledger_exit(error: &LedgerError) -> Exit {
    match error {
        LedgerError::Store(StoreError::Locked { .. }) => Exit::TryLater,
        LedgerError::Illegal(_) | LedgerError::NoArticle(_) | LedgerError::Taken(_) => {
            Exit::BadData
        }
        _ => Exit::Storage,
    }
}

impl Desk {
    /// The same desk, answering in this language. What is written down for everyone stays in that
    /// of the settings.
    pub fn speaking(&self, language: Language) -> Self {
        Self {
            language,
            ..self.clone()
        }
    }

    /// Does what is asked.
    pub async fn answer(&self, request: Request) -> Answer {
        let outcome = match request {
            Request::Once => return self.once().await,
            Request::Post(order) => self.post(order).await,
            Request::Preview(wish) => self.preview(wish).await,
            Request::Why { what } => self.why(&what).await,
            Request::List { page, state } => self.list(page.as_deref(), state.as_deref()).await,
            Request::Show { what, page } => self.show(&what, page.as_deref()).await,
            Request::Change { verb, pick } => self.change(verb, pick).await,
            Request::Resolve(resolution) => self.resolve(resolution).await,
            Request::Export => self.export().await,
            Request::Pause {
                page,
                for_secs,
                why,
            } => self.pause(page.as_deref(), for_secs, why).await,
            Request::Resume { page } => self.resume(page.as_deref()).await,
            Request::CheckTemplates => self.check_templates().await,
            Request::Check { online } => self.check(online).await,
            Request::LoginStatus => Ok(self.login_status().await),
            Request::Renewed { page } => self.renewed(page.as_deref()).await,
            Request::Health => self.health().await,
        };
        outcome.unwrap_or_else(|error| self.failure(&error))
    }

    fn failure(&self, error: &DeskError) -> Answer {
        Answer::failure(error.exit(), self.language.cause(&error.to_string()))
    }

    /// The Page with this name in the settings.
    fn page_named(&self, name: &str) -> Result<&Arc<Page>, DeskError> {
        self.pages
            .iter()
            .find(|page| page.name == name)
            .ok_or_else(|| {
                let names: Vec<&str> = self.pages.iter().map(|page| page.name.as_str()).collect();
                DeskError::Usage(self.language.say(
                    "desk.no-such-page",
                    &[("page", name), ("known", &names.join(", "))],
                ))
            })
    }

    /// The Pages a verb is about: the named one, or all.
    fn pages_meant(&self, name: Option<&str>) -> Result<Vec<Arc<Page>>, DeskError> {
        match name {
            Some(name) => Ok(vec![Arc::clone(self.page_named(name)?)]),
            None => Ok(self.pages.clone()),
        }
    }

    fn page_name(&self, key: &PageKey) -> String {
        self.pages
            .iter()
            .find(|page| page.key == *key)
            .map_or_else(|| key.0.clone(), |page| page.name.clone())
    }

    /// One record as lists show it.
    async fn line(&self, record: Record) -> Result<RecordLine, LedgerError> {
        let id = record.article.clone();
        let row = self.ledger.ask(move |books| books.article(&id)).await?;
        let article = row.map(|row| row.article).unwrap_or_default();
        let (post_id, permalink) = match &record.state {
            State::Published {
                post, permalink, ..
            } => (Some(post.0.clone()), permalink.clone()),
            _ => (None, None),
        };
        Ok(RecordLine {
            article: record.article.to_string(),
            page: self.page_name(&record.page),
            title: article.title,
            link: article.link.map(|link| link.to_string()),
            state: record.state.standing().word(),
            reason: record.state.reason(),
            since: record.since,
            not_before: match record.state {
                State::Queued { not_before, .. } => not_before,
                _ => None,
            },
            attempts: record.attempts,
            post_id,
            permalink,
        })
    }

    /// The article that an id, a link or a guid names.
    async fn article_named(&self, what: &str) -> Result<Option<ArticleId>, LedgerError> {
        let what = what.trim().to_owned();
        let feeds: Vec<String> = self
            .config
            .feeds()
            .map(|feed| feed.name.to_string())
            .collect();
        self.ledger
            .ask(move |books| find_by_name(books, &what, &feeds))
            .await
    }
}

fn find_by_name(
    books: &Books,
    what: &str,
    feeds: &[String],
) -> Result<Option<ArticleId>, LedgerError> {
    let id = ArticleId::new(what);
    if books.article(&id)?.is_some() {
        return Ok(Some(id));
    }
    let link = url::Url::parse(what).ok();
    let by_link = identity::keys_of("", None, link.as_ref(), "", None);
    let by_guid = feeds
        .iter()
        .flat_map(|feed| identity::keys_of(feed, Some(what), None, "", None));
    find_by_keys(books, by_link.into_iter().chain(by_guid))
}

/// The article that one of these keys belongs to; those that may belong to several do not count.
fn find_by_keys(
    books: &Books,
    keys: impl IntoIterator<Item = identity::Key>,
) -> Result<Option<ArticleId>, LedgerError> {
    books.first_of(keys.into_iter().filter(identity::Key::is_strong))
}
