//! `loa article --json`: what the extractor sees in a page.

use jiff::Timestamp;
use serde::Serialize;
use url::Url;

use super::PageArticle;

/// The report of one page.
#[derive(Debug, Serialize, Default)]
pub struct PageReport<'a> {
    title: Option<&'a str>,
    lead: Option<&'a str>,
    byline: Option<&'a str>,
    link: Option<&'a Url>,
    site_name: Option<&'a str>,
    section: Option<&'a str>,
    published: Option<Timestamp>,
    language: Option<&'a str>,
    images: Vec<PictureLine<'a>>,
    text: Option<&'a str>,
    error: Option<String>,
}

#[derive(Debug, Serialize)]
struct PictureLine<'a> {
    url: &'a Url,
    caption: Option<&'a str>,
    alt: Option<&'a str>,
}

impl<'a> PageReport<'a> {
    /// The report of a page that stands at `link`, if that is known.
    pub fn of(page: &'a PageArticle, link: Option<&'a Url>) -> Self {
        let images = page.images.iter().map(|image| PictureLine {
            url: &image.url,
            caption: image.caption.as_deref(),
            alt: image.alt.as_deref(),
        });
        Self {
            title: Some(&page.title),
            lead: page.lead.as_deref(),
            byline: page.byline.as_deref(),
            link,
            site_name: page.site_name.as_deref(),
            section: page.section.as_deref(),
            published: page.published,
            language: page.language.as_deref(),
            images: images.collect(),
            text: page.text.as_deref(),
            error: None,
        }
    }
}

impl PageReport<'static> {
    /// The report of a page that is no article.
    pub fn failure(error: impl Into<String>) -> Self {
        Self {
            error: Some(error.into()),
            ..Self::default()
        }
    }
}
