//! The rehearsal page: a local server that speaks the Graph API's contract well enough that the
//! real client cannot tell, remembers what was posted, has moods, and shows its posts as readers
//! would see them. For the demonstration, for editors who try templates, and for tests. Beside
//! it, a small news site that brings out articles.

pub mod card;
mod control;
mod graph;
pub mod habits;
mod line;
mod login;
pub mod mood;
pub mod news_site;
mod params;
mod posts;
mod reply;
mod schedule;
mod store;
mod wall;

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Serialize;
use tokio::net::TcpListener;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

pub use self::card::LinkCard;
use self::habits::Habits;
use self::line::SeverableListener;
pub use self::login::{OTHER_PAGE_ID, Switches, TOKENS_START};
use self::mood::Mood;
use self::posts::Posts;
pub use self::posts::{Call, RehearsedPhoto, RehearsedPost};
use crate::clock::Clock;
use crate::language::Language;

/// The id of a page that nobody named otherwise.
pub const PAGE_ID: &str = "350350350350350";
/// The name of a page that nobody named otherwise.
pub const PAGE_NAME: &str = "Cần Đước 35";
/// The app that a page's token belongs to unless told otherwise.
pub const APP_ID: &str = "353535";

/// The secret of that app.
pub const APP_SECRET: &str = "rehearsal-app-secret";

/// What a rehearsal page is like.
#[derive(Clone)]
pub struct Settings {
    /// Where it remembers; `None`: nowhere.
    pub dir: Option<PathBuf>,
    /// The Page's id: digits.
    pub page_id: String,
    /// The Page's name.
    pub page_name: String,
    /// The one token that opens it.
    pub token: String,
    /// The id of the app that the token belongs to.
    pub app_id: String,
    /// The secret of that app.
    pub app_secret: String,
    /// Its own time, which its `Date` header shows.
    pub clock: Arc<dyn Clock>,
    /// The zone that its times are shown in.
    pub zone: TimeZone,
    /// The language of what is no post.
    pub language: Language,
    /// Where the cards of links come from.
    pub scrape: Scrape,
    /// Where photos come from that are posted by their address.
    pub fetch: Fetch,
}

impl Settings {
    /// A page that remembers nothing on disk and looks at no address.
    pub fn in_memory(token: &str, clock: Arc<dyn Clock>) -> Self {
        Self {
            dir: None,
            page_id: PAGE_ID.to_owned(),
            page_name: PAGE_NAME.to_owned(),
            token: token.to_owned(),
            app_id: APP_ID.to_owned(),
            app_secret: APP_SECRET.to_owned(),
            clock,
            zone: TimeZone::UTC,
            language: Language::Vi,
            scrape: Arc::new(|_| Box::pin(async { None })),
            fetch: Arc::new(|_| Box::pin(async { None })),
        }
    }
}

/// Looks at an address and says what its card shows; `None`: nothing.
pub type Scrape = Arc<
    dyn Fn(String) -> std::pin::Pin<Box<dyn Future<Output = Option<LinkCard>> + Send>>
        + Send
        + Sync,
>;

/// Fetches the file at an address; `None`: it cannot be had.
pub type Fetch = Arc<
    dyn Fn(String) -> std::pin::Pin<Box<dyn Future<Output = Option<bytes::Bytes>> + Send>>
        + Send
        + Sync,
>;

/// A Page that is only rehearsed on. Cheap to clone.
#[derive(Clone)]
pub struct RehearsalPage {
    inner: Arc<Inner>,
}

struct Inner {
    settings: Settings,
    posts: Mutex<Posts>,
    waiting: Notify,
}

impl RehearsalPage {
    /// Opens the page with everything it remembers.
    ///
    /// # Errors
    /// When its folder cannot be read or written.
    pub fn open(settings: Settings) -> io::Result<Self> {
        let posts = Posts::open(settings.dir.as_deref())?;
        Ok(Self {
            inner: Arc::new(Inner {
                settings,
                posts: Mutex::new(posts),
                waiting: Notify::new(),
            }),
        })
    }

    /// Serves until told to stop.
    ///
    /// # Errors
    /// When the listener fails.
    pub async fn serve(&self, listener: TcpListener, stop: CancellationToken) -> io::Result<()> {
        let service = self
            .router()
            .into_make_service_with_connect_info::<line::Line>();
        axum::serve(SeverableListener(listener), service)
            .with_graceful_shutdown(stop.cancelled_owned())
            .await
    }

    /// Serves in the background, on a port of this machine that is free.
    ///
    /// # Errors
    /// When no port is.
    pub async fn serve_on_loopback(&self) -> io::Result<SocketAddr> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let page = self.clone();
        tokio::spawn(async move { page.serve(listener, CancellationToken::new()).await });
        Ok(address)
    }

    fn router(&self) -> Router {
        wall::routes()
            .merge(control::routes())
            .merge(login::routes())
            .fallback(graph::call)
            .layer(axum::extract::DefaultBodyLimit::disable())
            .with_state(self.clone())
    }

    /// What the Page shows now, newest first.
    pub fn posts(&self) -> Vec<RehearsedPost> {
        let now = self.now();
        self.with(|posts| posts.shown(now).into_iter().cloned().collect())
    }

    /// The photo with this id.
    pub fn photo(&self, id: &str) -> Option<RehearsedPhoto> {
        self.with(|posts| posts.photo(id).cloned())
    }

    /// Every call that came, oldest first.
    pub fn calls(&self) -> Vec<Call> {
        self.with(|posts| posts.calls().to_vec())
    }

    /// Behaves so for the next calls that it concerns.
    pub fn set_mood(&self, mood: Mood) {
        self.with(|posts| posts.moods.push(mood));
    }

    /// The moods that wait for their calls.
    pub fn moods(&self) -> Vec<Mood> {
        self.with(|posts| posts.moods.clone())
    }

    /// Is in no mood any more.
    pub fn forget_moods(&self) {
        self.with(|posts| posts.moods.clear());
    }

    /// From now on, what is posted shows only so many seconds later, by the page's clock,
    /// whatever its mood.
    pub fn show_after(&self, seconds: u64) {
        self.with(|posts| posts.habits.shows_after = seconds);
    }

    /// From now on behaves so. Calls are counted anew.
    pub fn set_habits(&self, habits: Habits) {
        self.with(|posts| {
            posts.habits = habits;
            posts.spent = habits::Spent::default();
        });
    }

    /// How it behaves now.
    pub fn habits(&self) -> Habits {
        self.with(|posts| posts.habits.clone())
    }

    /// Lets the log-in dialog lead back to this address, letter for letter.
    pub fn allow_redirect(&self, address: &str) {
        self.with(|posts| posts.logins.redirects.push(address.to_owned()));
    }

    /// How the app and the page's own token stand.
    pub fn switches(&self) -> Switches {
        self.with(|posts| posts.logins.switches.clone())
    }

    /// Changes how the app and the page's own token stand.
    pub fn switch(&self, change: impl FnOnce(&mut Switches)) {
        self.with(|posts| change(&mut posts.logins.switches));
    }

    /// Ends when a caller waits for an answer that comes late or never.
    pub async fn keeps_waiting(&self) {
        self.inner.waiting.notified().await;
    }

    /// Puts a post on the Page as a person would, by hand.
    ///
    /// # Errors
    /// When it cannot be remembered.
    pub fn post_by_hand(&self, message: &str, link: Option<&str>) -> io::Result<String> {
        self.write_on_it(message, link, false)
    }

    /// Writes on the Page as one of its visitors: only its own feed lists that.
    ///
    /// # Errors
    /// When it cannot be remembered.
    pub fn post_as_visitor(&self, message: &str) -> io::Result<String> {
        self.write_on_it(message, None, true)
    }

    fn write_on_it(
        &self,
        message: &str,
        link: Option<&str>,
        by_visitor: bool,
    ) -> io::Result<String> {
        let now = self.now();
        self.with(|posts| {
            let post = RehearsedPost {
                id: posts.next_id(&self.inner.settings.page_id),
                message: message.to_owned(),
                link: link.map(ToOwned::to_owned),
                card: None,
                photos: Vec::new(),
                created: now,
                visible_from: now,
                app: None,
                published: true,
                scheduled: None,
                by_visitor,
            };
            let id = post.id.clone();
            posts.add(post)?;
            Ok(id)
        })
    }

    /// Gives a post another text as a person would, by hand.
    ///
    /// # Errors
    /// When it cannot be remembered.
    pub fn edit_by_hand(&self, post: &str, message: &str) -> io::Result<()> {
        self.with(|posts| posts.edit(post, message))
    }

    /// Takes a post off the Page as a person would, by hand.
    ///
    /// # Errors
    /// When it cannot be remembered.
    pub fn delete_by_hand(&self, post: &str) -> io::Result<()> {
        self.with(|posts| posts.delete(post))
    }

    fn now(&self) -> Timestamp {
        self.inner.settings.clock.now()
    }

    fn with<T>(&self, work: impl FnOnce(&mut Posts) -> T) -> T {
        work(
            &mut self
                .inner
                .posts
                .lock()
                .unwrap_or_else(PoisonError::into_inner),
        )
    }
}

/// What the page shows, for whoever asks in JSON.
#[derive(Debug, Serialize)]
struct Shown {
    posts: Vec<RehearsedPost>,
}

#[cfg(test)]
mod tests;
