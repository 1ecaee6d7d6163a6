//! Fetches an article's page and reads it: the way to sites, for one article.

use std::time::Duration;

use url::Url;

use crate::article::page::{PageArticle, PageError, PageReader};
use crate::http_client::{FetchError, Fetched, Get, WebClient};

/// A page larger than this is a mistake or an attack.
pub const PAGE_BYTES_MAX: usize = 8 << 20;
/// The largest pages take a second or two; one that takes longer was made to, and must not keep
/// all others waiting.
const READING_TIME_MAX: Duration = Duration::from_secs(30);
/// A page that points on to another is followed this often.
const MOVES_MAX: usize = 2;

/// Why an article's page did not help.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadingFailed {
    /// It may help later.
    #[error("{0}")]
    ForNow(String),
    /// The site does not hand the page out.
    #[error("{0}")]
    NotThere(String),
    /// We must not go there.
    #[error("{0}")]
    Forbidden(String),
    /// It never will.
    #[error("{0}")]
    ForGood(String),
}

/// Fetches an article's page and reads it.
///
/// # Errors
/// [`ReadingFailed::ForNow`] when it may help to ask again later.
pub async fn read(
    web: &WebClient,
    link: &Url,
    reader: &PageReader,
) -> Result<PageArticle, ReadingFailed> {
    let mut address = link.clone();
    for _ in 0..=MOVES_MAX {
        match read_one(web, &address, reader).await? {
            Ok(page) => return Ok(page),
            Err(moved) => address = moved,
        }
    }
    Err(ReadingFailed::ForGood(
        "the page points on and on".to_owned(),
    ))
}

/// Reads one page, or tells which other one it points on to.
async fn read_one(
    web: &WebClient,
    link: &Url,
    reader: &PageReader,
) -> Result<Result<PageArticle, Url>, ReadingFailed> {
    let answer = fetch(web, link).await?;
    let reader = reader.clone();
    let read = tokio::task::spawn_blocking(move || {
        reader.read(
            &answer.body,
            answer.content_type.as_deref(),
            Some(&answer.url),
        )
    });
    let read = tokio::time::timeout(READING_TIME_MAX, read).await;
    let read = read.map_err(|_| ReadingFailed::ForGood("it takes too long to read".to_owned()))?;
    match read {
        Ok(Ok(page)) => Ok(Ok(page)),
        Ok(Err(PageError::MovedTo(url))) => Ok(Err(url)),
        Ok(Err(error)) => Err(ReadingFailed::ForGood(error.to_string())),
        Err(error) => Err(ReadingFailed::ForGood(error.to_string())),
    }
}

/// The page as the site hands it out.
async fn fetch(web: &WebClient, link: &Url) -> Result<Fetched, ReadingFailed> {
    let request = Get {
        url: link,
        accept: "text/html, application/xhtml+xml",
        etag: None,
        last_modified: None,
        bytes_max: PAGE_BYTES_MAX,
    };
    let answer = web.get(request).await.map_err(|error| match error {
        FetchError::Forbidden(_) => ReadingFailed::Forbidden(error.to_string()),
        FetchError::BadAddress(_) | FetchError::TooLarge { .. } => {
            ReadingFailed::ForGood(error.to_string())
        }
        other => ReadingFailed::ForNow(other.to_string()),
    })?;
    let said = |status: u16| format!("the site answered {status}");
    match answer.status {
        200 => {}
        status @ (429 | 500..) => return Err(ReadingFailed::ForNow(said(status))),
        status => return Err(ReadingFailed::NotThere(said(status))),
    }
    if answer.url.path() == "/" && link.path() != "/" {
        return Err(ReadingFailed::NotThere(
            "the site sent us to its front page instead".to_owned(),
        ));
    }
    Ok(answer)
}
