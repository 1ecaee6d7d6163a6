//! A news site that serves what a story tells it to.

use std::collections::BTreeMap;
use std::io::Cursor;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use tokio::net::TcpListener;

/// The site. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Site {
    pub address: String,
    script: Arc<Mutex<Script>>,
}

#[derive(Default)]
struct Script {
    entries: Vec<Entry>,
    etag: Option<String>,
    fails_with: Option<(u16, Option<String>)>,
    pages: BTreeMap<String, (u16, String)>,
    files: BTreeMap<String, Vec<u8>>,
    moved: BTreeMap<String, String>,
    asked: Vec<(String, HeaderMap)>,
}

/// One entry of its feed.
#[derive(Clone)]
pub(crate) struct Entry {
    pub path: String,
    pub title: String,
    pub lead: String,
    pub published: String,
    pub picture: Option<String>,
    pub category: String,
    /// The site's id of it; `None`: its path.
    pub guid: Option<String>,
    /// The site it stands on; `None`: this one.
    pub host: Option<String>,
}

/// An entry with everything that matters.
pub(crate) fn entry(number: u32, title: &str) -> Entry {
    Entry {
        path: format!("/tin-{number}-a10000{number}.html"),
        title: title.to_owned(),
        lead: format!("Tóm tắt của bài số {number}, dài đủ một câu."),
        published: "2026-11-24T04:00:00+07:00".to_owned(),
        picture: None,
        category: "Xã hội".to_owned(),
        guid: None,
        host: None,
    }
}

impl Site {
    pub(crate) async fn open() -> Self {
        let listener = TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0)))
            .await
            .unwrap();
        let site = Self {
            address: format!("http://{}", listener.local_addr().unwrap()),
            script: Arc::default(),
        };
        let router = Router::new().fallback(serve).with_state(site.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        site
    }

    fn script<T>(&self, work: impl FnOnce(&mut Script) -> T) -> T {
        work(&mut self.script.lock().unwrap())
    }

    /// What stands in the feed from now on, newest first.
    pub(crate) fn feed(&self, entries: &[Entry]) {
        self.script(|script| {
            script.entries = entries.to_vec();
            let count = script.etag.as_deref().map_or(0, |etag| etag.len());
            script.etag = Some(format!("\"{}\"", "v".repeat(count)));
            script.fails_with = None;
        });
    }

    /// Every request fails with this status.
    pub(crate) fn fail(&self, status: u16, retry_after: Option<&str>) {
        self.script(|script| {
            script.fails_with = Some((status, retry_after.map(ToOwned::to_owned)))
        });
    }

    /// What one path answers.
    pub(crate) fn page(&self, path: &str, status: u16, html: &str) {
        self.script(|script| {
            script
                .pages
                .insert(path.to_owned(), (status, html.to_owned()))
        });
    }

    /// The file that lies at a path.
    pub(crate) fn file(&self, path: &str, bytes: Vec<u8>) {
        self.script(|script| script.files.insert(path.to_owned(), bytes));
    }

    /// Where one path sends its readers on to.
    pub(crate) fn moved(&self, path: &str, to: &str) {
        self.script(|script| script.moved.insert(path.to_owned(), to.to_owned()));
    }

    /// How often a path was asked for.
    pub(crate) fn asked(&self, path: &str) -> usize {
        self.script(|script| {
            script
                .asked
                .iter()
                .filter(|(asked, _)| asked == path)
                .count()
        })
    }

    /// A header of the last request for the feed.
    pub(crate) fn last_feed_header(&self, name: &str) -> Option<String> {
        self.script(|script| {
            let (_, headers) = script
                .asked
                .iter()
                .rev()
                .find(|(asked, _)| asked == "/rss")?;
            Some(headers.get(name)?.to_str().ok()?.to_owned())
        })
    }

    pub(crate) fn link(&self, entry: &Entry) -> String {
        format!("{}{}", self.address, entry.path)
    }
}

async fn serve(State(site): State<Site>, request: Request) -> Response {
    let path = request.uri().path().to_owned();
    let headers = request.headers().clone();
    site.script(|script| {
        script.asked.push((path.clone(), headers.clone()));
        if let Some((status, retry_after)) = &script.fails_with {
            let retry_after = retry_after.clone().unwrap_or_default();
            return (
                StatusCode::from_u16(*status).unwrap(),
                [(header::RETRY_AFTER, retry_after)],
            )
                .into_response();
        }
        if path == "/rss" {
            return feed(&site.address, script, &headers);
        }
        if let Some(bytes) = script.files.get(&path) {
            return bytes.clone().into_response();
        }
        if let Some(to) = script.moved.get(&path) {
            let to = [(header::LOCATION, to.clone())];
            return (StatusCode::MOVED_PERMANENTLY, to).into_response();
        }
        if path.ends_with(".jpg") {
            return ([(header::CONTENT_TYPE, "image/jpeg")], picture(&path)).into_response();
        }
        if let Some((status, html)) = script.pages.get(&path) {
            return (StatusCode::from_u16(*status).unwrap(), html.clone()).into_response();
        }
        match script.entries.iter().find(|entry| entry.path == path) {
            Some(entry) => page(entry).into_response(),
            None => StatusCode::NOT_FOUND.into_response(),
        }
    })
}

fn feed(address: &str, script: &Script, headers: &HeaderMap) -> Response {
    let known = headers
        .get(header::IF_NONE_MATCH)
        .and_then(|value| value.to_str().ok());
    if known.is_some() && known == script.etag.as_deref() {
        return StatusCode::NOT_MODIFIED.into_response();
    }
    let items: String = script
        .entries
        .iter()
        .map(|entry| {
            let picture = entry.picture.as_ref().map_or_else(String::new, |path| {
                format!("<enclosure url=\"{address}{path}\" type=\"image/jpeg\" length=\"1\"/>")
            });
            let host = entry.host.as_deref().unwrap_or(address);
            let guid = entry.guid.as_ref().unwrap_or(&entry.path);
            format!(
                "<item><title>{}</title><link>{host}{}</link><guid>{guid}</guid>\
                 <description>{}</description><pubDate>{}</pubDate><category>{}</category>{picture}</item>",
                entry.title, entry.path, entry.lead, entry.published, entry.category
            )
        })
        .collect();
    let body = format!("<rss version=\"2.0\"><channel><title>Tin</title>{items}</channel></rss>");
    let etag = script.etag.clone().unwrap_or_default();
    (
        [
            (header::CONTENT_TYPE, "text/xml".to_owned()),
            (header::ETAG, etag),
        ],
        body,
    )
        .into_response()
}

/// The article's own page: its first picture is the feed's, larger.
fn page(entry: &Entry) -> String {
    let picture = entry.picture.as_ref().map_or_else(String::new, |path| {
        format!(
            "<figure><img src=\"{path}\"><figcaption>Chú thích {}</figcaption></figure>",
            entry.title
        )
    });
    format!(
        "<html lang=\"vi\"><head><meta property=\"og:type\" content=\"article\"></head><body><article>\
         <h1>{}</h1><p class=\"sapo\">{}</p>{picture}\
         <p>Đoạn thân bài thứ nhất, đủ dài để biết rằng đây là thân của bài báo.</p></article></body></html>",
        entry.title, entry.lead
    )
}

/// A picture that differs with its name, as small as one may be: thousands are made and remade.
pub(crate) fn picture(path: &str) -> Vec<u8> {
    let shade = path.bytes().fold(0_u8, u8::wrapping_add);
    let picture = image::RgbImage::from_pixel(200, 200, image::Rgb([shade, 90, 160]));
    let mut bytes = Cursor::new(Vec::new());
    picture
        .write_to(&mut bytes, image::ImageFormat::Jpeg)
        .unwrap();
    bytes.into_inner()
}
