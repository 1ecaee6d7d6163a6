//! Where posts go. One narrow trait; the rest of the program knows no particular network.

pub mod facebook;

use async_trait::async_trait;
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use url::Url;

use crate::post::{Draft, Obstacle, PhotoId, PostId, Refusal, Verdict};

/// What a destination accepts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The longest text, in characters.
    pub message_chars_max: usize,
    /// The most pictures in one post.
    pub photos_max: usize,
    /// The largest picture, in bytes.
    pub photo_bytes_max: usize,
}

/// A Page that posts can be sent to and read back from.
#[async_trait]
pub trait Destination: Send + Sync {
    /// What it accepts.
    fn limits(&self) -> Limits;

    /// Uploads a picture without showing it to anyone. Safe to repeat.
    async fn upload(&self, photo: Upload) -> Result<PhotoId, UploadError>;

    /// Has the network look at an address that is about to be posted, so that its card is whole the
    /// first time. Fails only when the Page has to rest; without it a card may lack its picture.
    async fn look_at(&self, _link: &Url) -> Result<(), Obstacle> {
        Ok(())
    }

    /// Publishes the draft with its uploaded pictures: the one call that must not be repeated on
    /// hope. Sends exactly one request.
    async fn publish(&self, draft: &Draft, photos: &[PhotoId]) -> Verdict;

    /// Gives a post another text. Safe to repeat.
    async fn edit(&self, post: &PostId, message: &str) -> Result<(), EditError>;

    /// The newest `newest` posts that the Page shows.
    async fn read(&self, newest: usize) -> Result<Reading, ReadError>;

    /// Whether the token is alive and may both post and read.
    async fn inspect(&self) -> Result<Standing, ReadError>;

    /// How close to its limits the Page was at the newest answer.
    fn strain(&self) -> Strain {
        Strain::default()
    }

    /// What a person should know of how the Page is reached; empty when all is as it should be.
    fn remarks(&self) -> Vec<Remark> {
        Vec::new()
    }
}

/// How close a Page is to its limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Strain {
    /// Of what is allowed, in percent; 0 when far, or not told.
    pub percent: u64,
    /// How long the Page wants to be left alone, when it says so.
    pub rest: Option<SignedDuration>,
}

/// Something about the way to a Page that works now and will not for ever.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Remark {
    /// Another version answers than the one that is named: it behaves differently.
    ServedBy {
        /// The version of the settings.
        asked: String,
        /// The one that answered.
        served: String,
    },
    /// The version of the settings ends soon, or has ended.
    VersionEnds {
        /// Which.
        version: String,
        /// When.
        on: Date,
    },
}

/// One picture on its way.
#[derive(Clone)]
pub struct Upload {
    /// The file itself.
    pub bytes: bytes::Bytes,
    /// Its media type, `image/jpeg` or `image/png`.
    pub media_type: &'static str,
    /// What it shows.
    pub alt_text: Option<String>,
}

/// Why a picture was not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UploadError {
    /// This picture will never be accepted: post without it.
    #[error("the picture was refused: {0}")]
    Refused(Refusal),
    /// Nothing is wrong with the picture: try again later.
    #[error("the picture could not be sent: {0}")]
    Obstacle(Obstacle),
    /// The answer made no sense. An upload is invisible, so trying again does no harm.
    #[error("the answer to an upload could not be understood: {0}")]
    Unclear(String),
}

/// Why a post was not given another text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EditError {
    /// It never will be.
    #[error("the change was refused: {0}")]
    Refused(Refusal),
    /// Nothing is wrong with the change: try again later.
    #[error("the change could not be sent: {0}")]
    Obstacle(Obstacle),
    /// The answer made no sense: the post shows whether it has the text.
    #[error("the answer to a change could not be understood: {0}")]
    Unclear(String),
}

/// What the Page showed at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// Newest first.
    pub posts: Vec<RemotePost>,
    /// The Page's own clock, from the `Date` header; `None` when it sent none.
    pub page_time: Option<Timestamp>,
}

/// One post as the Page shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemotePost {
    /// Its id.
    pub id: PostId,
    /// Its text; empty when it has none.
    pub message: String,
    /// Every address attached to it, and those of its text that lead through a redirect of the
    /// network itself; such redirects undone.
    pub links: Vec<String>,
    /// When it appeared, by the Page's clock.
    pub created: Option<Timestamp>,
    /// Where readers find it.
    pub permalink: Option<String>,
    /// Whether our own app made it; `None` when the Page does not say.
    pub ours: Option<bool>,
}

/// Why the Page could not be read. None of these says anything about any post.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// Try again later, or a person must act: the obstacle says which.
    #[error("the Page could not be read: {0}")]
    Obstacle(Obstacle),
    /// The answer made no sense.
    #[error("the Page's answer could not be understood: {0}")]
    Unclear(String),
}

/// What the token is good for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Whether it is alive.
    pub alive: bool,
    /// Whether it speaks for the Page it is configured for.
    pub right_page: bool,
    /// Scopes needed for posting or reading back that it lacks; `None` when not told.
    pub missing_scopes: Option<Vec<String>>,
    /// When it ends; `None`: never, or not told.
    pub expires: Option<Timestamp>,
    /// When what the person granted who logged in ends; `None`: never, or not told.
    pub data_access_ends: Option<Timestamp>,
    /// The app it belongs to; `None` when not told.
    pub app_id: Option<String>,
    /// What is wrong, in the Page's words; `None` when nothing is.
    pub trouble: Option<String>,
}
