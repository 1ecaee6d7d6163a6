//! What a post template may mention. Adding a field is a public promise to whoever edits
//! templates.

use serde::Serialize;
use unicode_normalization::UnicodeNormalization;

use crate::article::{Article, Image};

/// An article as templates see it. What is not known is empty, so that a template needs no
/// guard to print it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PostContext {
    /// The headline.
    pub title: String,
    /// The standfirst.
    pub lead: String,
    /// The body's paragraphs, separated by blank lines.
    pub text: String,
    /// The article's address.
    pub link: String,
    /// When it appeared, in RFC 3339; for the filter `vn_date`.
    pub published: String,
    /// Who wrote it.
    pub byline: String,
    /// Its section of the site.
    pub section: String,
    /// The sections that the feed files it under.
    pub categories: Vec<String>,
    /// Its pictures.
    pub images: Vec<PictureContext>,
    /// The feed's name in the settings.
    pub feed: String,
    /// The Page's name in the settings.
    pub page: String,
    /// Whether the post corrects an earlier one.
    pub corrected: bool,
}

/// A picture as templates see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PictureContext {
    /// Its address.
    pub url: String,
    /// What the page writes below it.
    pub caption: String,
    /// What it shows.
    pub alt: String,
}

impl From<&Image> for PictureContext {
    fn from(image: &Image) -> Self {
        Self {
            url: image.url.to_string(),
            caption: image.caption.clone().unwrap_or_default(),
            alt: image.alt.clone().unwrap_or_default(),
        }
    }
}

impl PostContext {
    /// The article as templates for the Page see it.
    pub fn of(article: &Article, page: &str) -> Self {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        Self {
            title: article.title.clone(),
            lead: text(&article.lead),
            text: text(&article.text),
            link: article
                .link
                .as_ref()
                .map(ToString::to_string)
                .unwrap_or_default(),
            published: article
                .published
                .map(|at| at.to_string())
                .unwrap_or_default(),
            byline: text(&article.byline),
            section: text(&article.section),
            categories: article.categories.clone(),
            images: article.images.iter().map(PictureContext::from).collect(),
            feed: article.feed.clone(),
            page: page.to_owned(),
            corrected: false,
        }
    }

    /// Awkward on purpose: whoever changes a template should meet these before readers do.
    pub fn samples() -> Vec<Self> {
        let plain = Self {
            title: "Khởi công cầu qua kênh, rút ngắn 4km đường đến trường".to_owned(),
            lead: "Sáng 17/5, xã khởi công cây cầu dài 24m. Công trình do người dân góp đất, góp công."
                .to_owned(),
            text: "Cây cầu nối hai ấp.\n\nDự kiến hoàn thành trước năm học mới.".to_owned(),
            link: "https://bao.example/khoi-cong-cau-a1.html".to_owned(),
            published: "2023-05-17T02:47:00Z".to_owned(),
            byline: "Nguyễn An".to_owned(),
            section: "Giao thông".to_owned(),
            categories: vec!["Giao thông".to_owned(), "2023".to_owned()],
            images: vec![PictureContext {
                url: "https://bao.example/cau.jpg".to_owned(),
                caption: "Lễ khởi công".to_owned(),
                alt: String::new(),
            }],
            feed: "mau".to_owned(),
            page: "trang-mau".to_owned(),
            corrected: false,
        };
        let bare = Self {
            title: "Thông báo".to_owned(),
            lead: String::new(),
            text: String::new(),
            link: String::new(),
            published: String::new(),
            byline: String::new(),
            section: String::new(),
            categories: Vec::new(),
            images: Vec::new(),
            ..plain.clone()
        };
        let decomposed = Self {
            title: plain.title.nfd().collect(),
            corrected: true,
            ..plain.clone()
        };
        let long = Self {
            title: "“Một cửa, “một cửa liên thông”: ".repeat(20),
            lead: "Nhắc đến @[123456789] trong bài. ".repeat(60),
            images: plain.images.iter().cycle().take(30).cloned().collect(),
            ..plain.clone()
        };
        vec![plain, bare, decomposed, long]
    }
}
