//! A district's news site that brings out one article after another: what the demonstration polls.
//! Feed, pages and pictures have the shapes of a real newspaper's; only the first article and its
//! pictures are real.

mod landscape;

use std::io;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use sha2::{Digest, Sha256};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::clock::Clock;
use crate::markup::plain_text;

/// The feed with every article, newest first, as the site would show it in the end.
const FEED: &str = include_str!("news/feed.xml");
/// The page of the first article.
const SEED_PAGE: &str = include_str!("news/seed.html");
/// The page of every other one.
const PAGE: &str = include_str!("news/page.html");
/// What stands for the site's own address in the files.
const SITE: &str = "{site}";
/// The first article's pictures, by a part of their addresses.
const SEED_PICTURES: [(&str, &[u8]); 5] = [
    (
        "11_1684_ke-mau-chuyen-ve-ba-c",
        include_bytes!("news/seed-1.jpg"),
    ),
    ("trong%20cay%20(2)", include_bytes!("news/seed-2.jpg")),
    ("z4351773", include_bytes!("news/seed-3.jpg")),
    ("510x286/704_", include_bytes!("news/seed-0.jpg")),
    ("348x254/704_", include_bytes!("news/seed-0.jpg")),
];
/// Where the feed is.
pub const FEED_PATH: &str = "/rss";

/// The site.
#[derive(Clone)]
pub struct NewsSite {
    inner: Arc<Inner>,
}

struct Inner {
    clock: Arc<dyn Clock>,
    opened: Timestamp,
    every: Duration,
    address: String,
    /// In the order in which they come out.
    articles: Vec<SiteArticle>,
}

/// One article, in the site's own words.
#[derive(Debug, Clone)]
struct SiteArticle {
    /// Its `<item>`.
    item: String,
    title: String,
    lead: String,
    path: String,
    picture: Option<String>,
}

impl NewsSite {
    /// Opens the site at `address`, such as `http://127.0.0.1:8036`: the first article is out, the
    /// others follow.
    pub fn open(clock: Arc<dyn Clock>, every: Duration, address: impl Into<String>) -> Self {
        let address = address.into();
        let articles = items()
            .map(|item| SiteArticle::read(&item.replace(SITE, &address), &address))
            .collect();
        Self {
            inner: Arc::new(Inner {
                opened: clock.now(),
                clock,
                every,
                address,
                articles,
            }),
        }
    }

    /// Where its feed is.
    pub fn feed(&self) -> String {
        format!("{}{FEED_PATH}", self.inner.address)
    }

    /// The headlines in the order in which they come out.
    pub fn titles(&self) -> Vec<String> {
        let titles = self.inner.articles.iter();
        titles.map(|article| plain_text(&article.title)).collect()
    }

    /// Serves until told to stop.
    ///
    /// # Errors
    /// When the listener fails.
    pub async fn serve(&self, listener: TcpListener, stop: CancellationToken) -> io::Result<()> {
        let router = Router::new().fallback(serve).with_state(self.clone());
        axum::serve(listener, router)
            .with_graceful_shutdown(stop.cancelled_owned())
            .await
    }

    /// The articles that are out, and when the newest of them came.
    fn out(&self) -> (&[SiteArticle], Timestamp) {
        let inner = self.inner.as_ref();
        let open = inner.clock.now().duration_since(inner.opened);
        let open = Duration::try_from(open).unwrap_or_default();
        let later = open.as_nanos() / inner.every.as_nanos().max(1);
        let later = usize::try_from(later)
            .unwrap_or(usize::MAX)
            .min(inner.articles.len() - 1);
        let newest = inner
            .every
            .saturating_mul(u32::try_from(later).unwrap_or_default());
        let at = inner.opened.checked_add(newest).unwrap_or(inner.opened);
        (inner.articles.get(..=later).unwrap_or_default(), at)
    }

    fn feed_now(&self) -> String {
        let (out, _) = self.out();
        let head = FEED.split("<item>").next().unwrap_or_default();
        let tail = FEED.rsplit("</item>").next().unwrap_or_default();
        let mut feed = head.replace(SITE, &self.inner.address);
        for article in out.iter().rev() {
            feed.push_str(&article.item);
        }
        feed.push_str(tail);
        feed
    }

    fn page(&self, path: &str) -> Option<String> {
        let (out, _) = self.out();
        let place = out.iter().position(|article| article.path == path)?;
        let article = out.get(place)?;
        Some(match place {
            0 => SEED_PAGE.replace(SITE, &self.inner.address),
            _ => article.page(),
        })
    }

    fn picture(&self, path: &str) -> Option<Vec<u8>> {
        let seed = SEED_PICTURES.iter().find(|(part, _)| path.contains(part));
        if let Some((_, bytes)) = seed {
            return Some(bytes.to_vec());
        }
        let articles = &self.inner.articles;
        let place = articles.iter().position(|article| {
            article
                .picture
                .as_ref()
                .is_some_and(|picture| picture.ends_with(path))
        })?;
        landscape::draw(place)
    }
}

fn items() -> impl Iterator<Item = String> {
    let inner = FEED.split("<item>").skip(1);
    inner.filter_map(|rest| Some(format!("<item>{}</item>\n", rest.split_once("</item>")?.0)))
}

impl SiteArticle {
    fn read(item: &str, address: &str) -> Self {
        let between = |start: &str, end: &str| {
            item.split_once(start)
                .and_then(|(_, rest)| Some(rest.split_once(end)?.0.trim().to_owned()))
        };
        let description = between("<![CDATA[", "]]>").unwrap_or_default();
        let lead = description
            .rsplit('>')
            .next()
            .unwrap_or_default()
            .to_owned();
        let link = between("<link>", "</link>").unwrap_or_default();
        Self {
            title: between("<title>", "</title>").unwrap_or_default(),
            lead,
            path: link.strip_prefix(address).unwrap_or_default().to_owned(),
            picture: between("src=\"", "\""),
            item: item.to_owned(),
        }
    }

    fn page(&self) -> String {
        let picture = self.picture.as_ref().map_or_else(String::new, |source| {
            // The page shows the picture whole, the feed a thumbnail of it.
            let whole = source.replace("thumbnail/348x254/", "images/");
            format!(
                "<figure><img src=\"{whole}\" alt=\"\"><figcaption>{}</figcaption></figure>",
                self.title
            )
        });
        PAGE.replace("{title}", &self.title)
            .replace("{lead}", &self.lead)
            .replace("{picture}", &picture)
    }
}

async fn serve(State(site): State<NewsSite>, request: Request) -> Response {
    let path = request.uri().path();
    if path == FEED_PATH {
        return feed(&site, request.headers());
    }
    if let Some(page) = site.page(path) {
        return ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], page).into_response();
    }
    let thumbnail = path.replace("/images/", "/thumbnail/348x254/");
    let picture = site.picture(path).or_else(|| site.picture(&thumbnail));
    match picture {
        Some(bytes) => ([(header::CONTENT_TYPE, "image/jpeg")], bytes).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

fn feed(site: &NewsSite, asked: &HeaderMap) -> Response {
    let feed = site.feed_now();
    let digest = Sha256::digest(&feed);
    let etag: String = digest
        .iter()
        .take(8)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let etag = format!("\"{etag}\"");
    let modified = site
        .out()
        .1
        .strftime("%a, %d %b %Y %H:%M:%S GMT")
        .to_string();
    let known = asked
        .get(header::IF_NONE_MATCH)
        .and_then(|value| value.to_str().ok());
    if known == Some(etag.as_str()) {
        return StatusCode::NOT_MODIFIED.into_response();
    }
    let headers = [
        (header::CONTENT_TYPE, "text/xml; charset=utf-8".to_owned()),
        (header::ETAG, etag),
        (header::LAST_MODIFIED, modified),
    ];
    (headers, feed).into_response()
}

#[cfg(test)]
mod tests;
