//! Finds the article that a person names: by its address, by a file that describes it, by a text
//! of their own, or as the newest there is.

use std::sync::Arc;

use url::Url;

use super::request::{ArticleDocument, Subject};
use super::{Desk, DeskError, find_by_keys};
use crate::article::page::PageReader;
use crate::article::{Article, ArticleId, Image};
use crate::ledger::LedgerError;
use crate::ledger::rows::ArticleRow;
use crate::poller::{self, ReadingFailed};

/// An article that a person named, known to the ledger or not yet.
#[derive(Clone)]
pub(super) struct Named {
    pub(super) id: Option<ArticleId>,
    pub(super) article: Article,
    /// Whether its own page may say more.
    pub(super) unread: bool,
}

impl Named {
    /// An article of the ledger.
    pub(super) fn known(id: ArticleId, row: ArticleRow) -> Self {
        Self {
            id: Some(id),
            article: row.article,
            unread: row.unread,
        }
    }
}

impl Desk {
    /// The article that a request is about.
    pub(super) async fn named(&self, what: &Subject) -> Result<Named, DeskError> {
        match what {
            Subject::Address(address) => self.at_address(address).await,
            Subject::Article(document) => self.of_document(document).await,
            Subject::Text(text) => self.of_text(text).await,
            Subject::Newest => self.newest().await,
            Subject::Feed(name) => self.newest_of_feed(name).await,
        }
    }

    async fn at_address(&self, address: &str) -> Result<Named, DeskError> {
        if let Some(id) = self.article_named(address).await? {
            let row = self.row(&id).await?;
            return Ok(Named::known(id, row));
        }
        let url = web_address(address).ok_or_else(|| {
            let values = [("text", address)];
            DeskError::BadRequest(self.language.say("desk.no-such-subject", &values))
        })?;
        let read = poller::read(&self.poller.web, &url, &self.reader()).await;
        let page = read.map_err(|error| {
            let why = error.to_string();
            let text = self.language.say(
                "desk.unreadable-article",
                &[("link", address), ("why", &why)],
            );
            match error {
                ReadingFailed::ForNow(_) | ReadingFailed::NotThere(_) => {
                    DeskError::Unavailable(text)
                }
                ReadingFailed::Forbidden(_) => DeskError::Forbidden(text),
                ReadingFailed::ForGood(_) => DeskError::BadRequest(text),
            }
        })?;
        let article = Article {
            link: Some(url),
            ..Article::default()
        };
        Ok(Named {
            id: None,
            article: article.enriched(&page, self.publisher.clock.now()),
            unread: false,
        })
    }

    fn reader(&self) -> PageReader {
        PageReader {
            zone: self.config.timezone().clone(),
            sites: Arc::clone(&self.poller.sites),
        }
    }

    /// The article with what its own page says, where that was never read: to be looked at, not
    /// written down. A page that cannot be read now leaves it as it is.
    pub(super) async fn with_its_page(&self, named: Named) -> Named {
        let Some(link) = named.article.link.as_ref().filter(|_| named.unread) else {
            return named;
        };
        match poller::read(&self.poller.web, link, &self.reader()).await {
            Ok(page) => Named {
                article: named.article.enriched(&page, self.publisher.clock.now()),
                ..named
            },
            Err(_) => named,
        }
    }

    async fn of_document(&self, document: &ArticleDocument) -> Result<Named, DeskError> {
        let article = article_of(document);
        if article.title.is_empty() {
            let text = self.language.say("desk.article-without-title", &[]);
            return Err(DeskError::BadRequest(text));
        }
        let link = article.link.as_ref().map(Url::as_str);
        let id = match link {
            Some(link) => self.article_named(link).await?,
            None => None,
        };
        Ok(Named {
            id,
            article,
            unread: false,
        })
    }

    async fn of_text(&self, text: &str) -> Result<Named, DeskError> {
        let title = text.lines().map(str::trim).find(|line| !line.is_empty());
        let Some(title) = title else {
            let text = self.language.say("desk.nothing-to-post", &[]);
            return Err(DeskError::BadRequest(text));
        };
        let article = Article {
            title: title.to_owned(),
            lead: Some(text.trim().to_owned()),
            text: Some(text.trim().to_owned()),
            ..Article::default()
        };
        let keys = article.keys();
        let id = self
            .ledger
            .ask(move |books| find_by_keys(books, keys))
            .await?;
        Ok(Named {
            id,
            article,
            unread: false,
        })
    }

    pub(super) async fn row(&self, id: &ArticleId) -> Result<ArticleRow, LedgerError> {
        let id = id.clone();
        self.ledger
            .ask(move |books| books.article(&id)?.ok_or(LedgerError::NoArticle(id)))
            .await
    }

    /// A web address as a person typed it.
    pub(super) fn address(&self, text: &str) -> Result<Url, DeskError> {
        web_address(text).ok_or_else(|| {
            DeskError::BadRequest(self.language.say("desk.bad-address", &[("text", text)]))
        })
    }
}

fn web_address(text: &str) -> Option<Url> {
    let url = Url::parse(text.trim()).ok()?;
    matches!(url.scheme(), "http" | "https").then_some(url)
}

fn article_of(document: &ArticleDocument) -> Article {
    let images = document.images.iter().filter_map(|image| {
        Some(Image {
            url: Url::parse(&image.url).ok()?,
            caption: image.caption.clone(),
            alt: image.alt.clone(),
            stands_in: false,
        })
    });
    Article {
        title: document.title.clone().unwrap_or_default(),
        lead: document.lead.clone(),
        text: document.text.clone(),
        link: document
            .link
            .as_deref()
            .and_then(|link| Url::parse(link).ok()),
        published: document.published,
        byline: document.byline.clone(),
        section: document.section.clone(),
        images: images.collect(),
        ..Article::default()
    }
}
