//! The HTTP clients: one for peers that nobody vouches for (feeds, pages, pictures), behind the
//! private-address guard, and one for the Graph API. Timeouts, byte limits and the user agent
//! are set here and nowhere else.

mod guard;
mod turns;

use std::sync::{Arc, Once};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use ipnet::IpNet;
use reqwest::header::{self, HeaderMap, HeaderValue};
use reqwest::redirect::Policy;
use reqwest::{Certificate, Client, ClientBuilder, Response};
use url::Url;

use self::guard::Guard;
use self::turns::Turns;
use crate::faults;

/// Who we say we are: the same everywhere, so that a newsroom can let us in or shut us out.
pub const USER_AGENT: &str = concat!(
    "loa/",
    env!("CARGO_PKG_VERSION"),
    " (+feed to Facebook Page)"
);
/// A site that sends us further round than this is lost or malicious.
const REDIRECTS_MAX: usize = 5;
/// How long a connection may take to come about.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// What the settings say about the network.
#[derive(Debug, Clone)]
pub struct WebSettings {
    /// Networks exempt from the private-address guard.
    pub allow_private: Vec<IpNet>,
    /// Longest time for one request, from the first byte to the last.
    pub timeout: Duration,
    /// A certificate chain in PEM for sites with a private or broken one.
    pub extra_ca_pem: Option<Vec<u8>>,
}

/// Why a client could not be made.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// The extra certificates make no sense.
    #[error("the file named in network.extra_ca holds no certificate in PEM form: {0}")]
    ExtraCa(reqwest::Error),
    /// The machine lacks something.
    #[error(
        "the HTTPS client could not be set up: {0}; on a slim image, install `ca-certificates`"
    )]
    Setup(reqwest::Error),
}

/// A client for peers that nobody vouches for.
#[derive(Clone)]
pub struct WebClient {
    client: Client,
    guard: Arc<Guard>,
    turns: Turns,
}

/// What to fetch.
#[derive(Debug, Clone, Copy)]
pub struct Get<'a> {
    /// From where.
    pub url: &'a Url,
    /// What may come.
    pub accept: &'static str,
    /// Only if it is not this version.
    pub etag: Option<&'a str>,
    /// Only if it changed since.
    pub last_modified: Option<&'a str>,
    /// The most that is read of the answer, after decompression, in bytes.
    pub bytes_max: usize,
}

/// What came.
#[derive(Debug, Clone)]
pub struct Fetched {
    /// The HTTP status.
    pub status: u16,
    /// Where it came from in the end.
    pub url: Url,
    /// The validator to send as `If-None-Match` next time.
    pub etag: Option<String>,
    /// The validator to send as `If-Modified-Since` next time.
    pub last_modified: Option<String>,
    /// What it says it is.
    pub content_type: Option<String>,
    /// When the peer wants to be asked again, as it put it.
    pub retry_after: Option<String>,
    /// The content.
    pub body: Bytes,
}

/// Why nothing came.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FetchError {
    /// The address leads into a private network.
    #[error(
        "{0} is a private address; if that is meant, name its network in network.allow_private"
    )]
    Forbidden(String),
    /// The address is none that we fetch.
    #[error("{0} is not a web address")]
    BadAddress(String),
    /// More came than is good.
    #[error("the answer is longer than {bytes_max} bytes")]
    TooLarge {
        /// The limit.
        bytes_max: usize,
    },
    /// The site sends us round and round.
    #[error("the site redirects more than {REDIRECTS_MAX} times")]
    TooManyRedirects,
    /// It took too long.
    #[error("the site did not answer in time")]
    TimedOut,
    /// No connection.
    #[error("the site cannot be reached: {0}")]
    Unreachable(String),
    /// The connection broke.
    #[error("the answer broke off: {0}")]
    Interrupted(String),
}

impl WebClient {
    /// Makes a client.
    ///
    /// # Errors
    /// When the certificates make no sense or there are none.
    pub fn new(settings: &WebSettings) -> Result<Self, BuildError> {
        let guard = Arc::new(Guard::new(settings.allow_private.clone()));
        let builder = base(settings.timeout, settings.extra_ca_pem.as_deref())?
            .default_headers(languages())
            .gzip(true)
            .brotli(true)
            .dns_resolver(Arc::clone(&guard));
        Ok(Self {
            client: builder.build().map_err(BuildError::Setup)?,
            guard,
            turns: Turns::default(),
        })
    }

    /// Fetches an address, following redirects; each hop passes the guard. One request at a time
    /// goes to one host.
    ///
    /// # Errors
    /// When nothing came. A status that is no success is no error here.
    pub async fn get(&self, request: Get<'_>) -> Result<Fetched, FetchError> {
        let mut url = request.url.clone();
        for _ in 0..=REDIRECTS_MAX {
            self.guard.check(&mut url)?;
            let _turn = self.turns.take(&url).await;
            faults::point("web.asking");
            let response = self.send(&url, &request).await?;
            match redirect(&response) {
                Some(target) => url = target?,
                None => {
                    let fetched = read(response, url, request.bytes_max).await;
                    faults::point("web.answered");
                    return fetched;
                }
            }
        }
        Err(FetchError::TooManyRedirects)
    }

    async fn send(&self, url: &Url, request: &Get<'_>) -> Result<Response, FetchError> {
        let mut call = self
            .client
            .get(url.clone())
            .header(header::ACCEPT, request.accept);
        if let Some(etag) = request.etag {
            call = call.header(header::IF_NONE_MATCH, etag);
        }
        if let Some(since) = request.last_modified {
            call = call.header(header::IF_MODIFIED_SINCE, since);
        }
        call.send().await.map_err(|error| self.failure(error, url))
    }

    fn failure(&self, error: reqwest::Error, url: &Url) -> FetchError {
        if guard::refused(&error) {
            return FetchError::Forbidden(url.host_str().unwrap_or_default().to_owned());
        }
        network_failure(error)
    }
}

/// Makes a client for the Graph API: no redirects, no connection kept for a later call, nothing
/// sent twice. `graph_url` is the operator's word and passes the guard.
///
/// # Errors
/// When the certificates make no sense or there are none.
pub fn graph_client(timeout: Duration, extra_ca_pem: Option<&[u8]>) -> Result<Client, BuildError> {
    base(timeout, extra_ca_pem)?
        // A kept connection that the peer is about to close ends calls in doubt.
        .pool_max_idle_per_host(0)
        .build()
        .map_err(BuildError::Setup)
}

fn base(timeout: Duration, extra_ca_pem: Option<&[u8]>) -> Result<ClientBuilder, BuildError> {
    static RING: Once = Once::new();
    RING.call_once(|| {
        // An error means that it is installed already.
        let _ = rustls::crypto::ring::default_provider().install_default();
    });
    let mut builder = Client::builder()
        .user_agent(USER_AGENT)
        .timeout(timeout)
        .connect_timeout(CONNECT_TIMEOUT)
        .redirect(Policy::none())
        .retry(reqwest::retry::never())
        // A proxy from the environment would dial for us, past the guard.
        .no_proxy();
    if let Some(pem) = extra_ca_pem {
        let certificates = Certificate::from_pem_bundle(pem).map_err(BuildError::ExtraCa)?;
        builder = builder.tls_certs_merge(certificates);
    }
    Ok(builder)
}

fn languages() -> HeaderMap {
    let vietnamese = HeaderValue::from_static("vi, en;q=0.5");
    HeaderMap::from_iter([(header::ACCEPT_LANGUAGE, vietnamese)])
}

fn redirect(response: &Response) -> Option<Result<Url, FetchError>> {
    let status = response.status();
    if !status.is_redirection() || status.as_u16() == 304 {
        return None;
    }
    let target = text(response.headers(), header::LOCATION)?;
    let bad = |_| FetchError::BadAddress(target.clone());
    Some(response.url().join(&target).map_err(bad))
}

async fn read(response: Response, url: Url, bytes_max: usize) -> Result<Fetched, FetchError> {
    let headers = response.headers().clone();
    Ok(Fetched {
        status: response.status().as_u16(),
        url,
        etag: text(&headers, header::ETAG),
        last_modified: text(&headers, header::LAST_MODIFIED),
        content_type: text(&headers, header::CONTENT_TYPE),
        retry_after: text(&headers, header::RETRY_AFTER),
        body: body(response, bytes_max).await?,
    })
}

/// Reads an answer's content, but no more than `bytes_max` of it.
///
/// # Errors
/// When it is longer, or the connection breaks.
pub async fn body(mut response: Response, bytes_max: usize) -> Result<Bytes, FetchError> {
    let mut body = BytesMut::new();
    while let Some(chunk) = response.chunk().await.map_err(network_failure)? {
        if body.len() + chunk.len() > bytes_max {
            return Err(FetchError::TooLarge { bytes_max });
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body.freeze())
}

/// What a failure of the network means. Its text never holds the address, which may hold more
/// than the reader of a log should see.
fn network_failure(error: reqwest::Error) -> FetchError {
    let error = error.without_url();
    if error.is_timeout() {
        FetchError::TimedOut
    } else if error.is_connect() {
        FetchError::Unreachable(root_cause(&error))
    } else {
        FetchError::Interrupted(root_cause(&error))
    }
}

/// What went wrong at the bottom: the layers above it only repeat that a request failed.
pub fn root_cause(error: &dyn std::error::Error) -> String {
    let mut cause = error;
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    cause.to_string()
}

fn text(headers: &HeaderMap, name: header::HeaderName) -> Option<String> {
    Some(headers.get(name)?.to_str().ok()?.to_owned())
}

#[cfg(test)]
mod tests;
