//! Fetches a feed, if it changed. The only network of `feed`.

use bytes::Bytes;
use jiff::Timestamp;
use url::Url;

use crate::http_client::{FetchError, Get, WebClient};
use crate::retry::retry_after;

/// A feed larger than this is a mistake or an attack.
pub const FEED_BYTES_MAX: usize = 8 << 20;
const ACCEPT: &str = "application/rss+xml, application/atom+xml, application/feed+json, \
                      application/rdf+xml, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.5";

/// What makes the site answer "unchanged".
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Validators {
    /// Sent as `If-None-Match`.
    pub etag: Option<String>,
    /// Sent as `If-Modified-Since`.
    pub last_modified: Option<String>,
}

/// What the site answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fetch {
    /// Nothing changed since.
    Unchanged,
    /// A feed, or what passes for one.
    Changed {
        /// The content.
        body: Bytes,
        /// What the site says it is.
        content_type: Option<String>,
        /// Where it came from in the end.
        url: Url,
        /// To be kept once what the feed brought is on disk.
        validators: Validators,
    },
}

/// Why there is no feed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FeedError {
    /// Nothing came.
    #[error(transparent)]
    Fetch(#[from] FetchError),
    /// The site answered something else.
    #[error("the site answered {status}")]
    Status {
        /// The HTTP status.
        status: u16,
        /// When it wants to be asked again.
        retry_at: Option<Timestamp>,
    },
}

impl FeedError {
    /// When the site wants to be asked again.
    pub fn retry_at(&self) -> Option<Timestamp> {
        match self {
            Self::Status { retry_at, .. } => *retry_at,
            Self::Fetch(_) => None,
        }
    }

    /// Whether the settings keep us from going there.
    pub fn is_forbidden(&self) -> bool {
        matches!(self, Self::Fetch(FetchError::Forbidden(_)))
    }
}

/// Asks the site for the feed.
///
/// # Errors
/// When there is none.
pub async fn fetch(
    client: &WebClient,
    url: &Url,
    validators: &Validators,
    now: Timestamp,
) -> Result<Fetch, FeedError> {
    let request = Get {
        url,
        accept: ACCEPT,
        etag: validators.etag.as_deref(),
        last_modified: validators.last_modified.as_deref(),
        bytes_max: FEED_BYTES_MAX,
    };
    let answer = client.get(request).await?;
    match answer.status {
        304 => Ok(Fetch::Unchanged),
        200 => Ok(Fetch::Changed {
            body: answer.body,
            content_type: answer.content_type,
            url: answer.url,
            validators: Validators {
                etag: answer.etag,
                last_modified: answer.last_modified,
            },
        }),
        status => Err(FeedError::Status {
            status,
            retry_at: answer
                .retry_after
                .and_then(|value| retry_after(&value, now)),
        }),
    }
}
