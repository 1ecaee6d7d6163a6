//! What an article's own page says: headline, lead, body, full-size pictures with captions. Pure.
//!
//! What the page tells machines (JSON-LD, Open Graph) is believed first; what it shows people is
//! read from its structure.

mod body;
mod facts;

use dom_query::Document;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Serialize;
use url::Url;

use self::body::Body;
use self::facts::Facts;
use super::Image;
use super::text::{clean, nfc};
use crate::feed::date;
use crate::markup;

/// Where sites put the standfirst. `sapo` is what Vietnamese newsrooms call it.
const LEADS: [&str; 8] = [
    ".sapo",
    ".detail-sapo",
    ".article-sapo",
    ".Normal.lead",
    "p.lead",
    "h2.lead",
    "p.description",
    ".summary",
];
/// Where sites put the time, if they tell machines nothing.
const TIMES: [&str; 6] = [
    "time[datetime]",
    "time",
    ".date",
    ".time",
    ".publish-date",
    ".post-date",
];
/// A page with less prose than this and no claim to be an article is a notice or an error.
const PROSE_CHARS_MIN: usize = 200;
/// Words in a headline of pages that stand in for a missing one.
const MISSING: [&str; 6] = [
    "không tìm thấy",
    "báo lỗi",
    "không tồn tại",
    "404",
    "not found",
    "lỗi truy cập",
];
/// What a theme of one portal writes in front of headlines by mistake.
const SLIP: &str = "null ";
/// What stands between a headline and the site's name in a page's title.
const TITLE_MARKS: [&str; 3] = [" | ", " - ", " – "];

/// An article's page, read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PageArticle {
    /// The headline.
    pub title: String,
    /// The standfirst.
    pub lead: Option<String>,
    /// Who wrote it.
    pub byline: Option<String>,
    /// What the site calls itself.
    pub site_name: Option<String>,
    /// The section it stands in.
    pub section: Option<String>,
    /// When it appeared.
    pub published: Option<Timestamp>,
    /// The language it says it is written in.
    pub language: Option<String>,
    /// Its pictures in order; if the body has none, the one it names for sharing.
    pub images: Vec<Image>,
    /// The body's paragraphs without the lead, separated by blank lines.
    pub text: Option<String>,
}

/// Why a page is not read as an article.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PageError {
    /// It sends its readers on.
    #[error("the page points on to {0}")]
    MovedTo(Url),
    /// It checks for a browser before it shows anything.
    #[error("the site asks for a browser before it shows the page: ask its owners to let loa in")]
    Challenge,
    /// It says that there is no such article.
    #[error("the site has no such article")]
    Missing,
    /// It is something else.
    #[error("the page is no article")]
    NotAnArticle,
}

/// Reads an article's page that came from `url`; `zone` is that of times which name none.
///
/// # Errors
/// When the page is no article.
pub fn read(
    bytes: &[u8],
    content_type: Option<&str>,
    url: Option<&Url>,
    zone: &TimeZone,
) -> Result<PageArticle, PageError> {
    let html = markup::decode(bytes, content_type);
    let document = markup::document(html.as_ref());
    let base = base(&document, url);
    let facts = Facts::of(&document);
    let title = title(&document, &facts);
    let lead = lead(&document, &facts);
    let body = Body::of(&document, base.as_ref(), &title, lead.as_deref());
    if let Some(error) = no_article(&document, base.as_ref(), &facts, &title, &body) {
        return Err(error);
    }
    Ok(PageArticle {
        lead,
        byline: facts.author.clone().or(body.byline),
        site_name: facts.site_name.clone(),
        section: facts.section.clone(),
        published: published(&document, &facts, zone),
        language: language(&document, &facts),
        images: match body.images.is_empty() {
            true => shared_picture(&facts, base.as_ref()),
            false => body.images,
        },
        text: (!body.paragraphs.is_empty()).then(|| body.paragraphs.join("\n\n")),
        title,
    })
}

fn base(document: &Document, url: Option<&Url>) -> Option<Url> {
    let named = document.select("base[href]").attr("href");
    named
        .and_then(|href| markup::resolve(&href, url))
        .or_else(|| url.cloned())
}

/// The largest headline, unless it is the site's own; else what the page tells machines.
fn title(document: &Document, facts: &Facts) -> String {
    let headline = document
        .select("h1")
        .iter()
        .map(|found| line(&found.text()))
        .find(|text| !text.is_empty());
    let title = headline
        .or_else(|| facts.title.as_deref().map(line))
        .or_else(|| Some(without_site(&line(&document.select("title").text()), facts)))
        .unwrap_or_default();
    title.strip_prefix(SLIP).unwrap_or(&title).to_owned()
}

/// A page's title without the site's name behind it.
fn without_site(title: &str, facts: &Facts) -> String {
    let site = facts.site_name.as_deref().unwrap_or_default();
    for mark in TITLE_MARKS {
        if let Some((headline, behind)) = title.rsplit_once(mark)
            && (behind == site || site.is_empty())
        {
            return headline.trim().to_owned();
        }
    }
    title.to_owned()
}

fn lead(document: &Document, facts: &Facts) -> Option<String> {
    let shown = LEADS
        .iter()
        .map(|place| {
            clean(
                &document
                    .select(place)
                    .iter()
                    .next()
                    .map_or_else(String::new, |found| found.text().to_string()),
            )
        })
        .find(|lead| !lead.is_empty());
    let told = || {
        let cut = |lead: &str| lead.ends_with("...") || lead.ends_with('…');
        let lead = facts.description.as_deref().map(clean)?;
        (!lead.is_empty() && !cut(&lead)).then_some(lead)
    };
    shown.or_else(told)
}

fn published(document: &Document, facts: &Facts, zone: &TimeZone) -> Option<Timestamp> {
    if let Some(told) = facts
        .published
        .as_deref()
        .and_then(|text| date::read(text, zone))
    {
        return Some(told);
    }
    TIMES.iter().find_map(|place| {
        document.select(place).iter().find_map(|found| {
            let machine = found.attr("datetime").map(|text| text.to_string());
            let text = machine.unwrap_or_else(|| line(&found.text()));
            date::read(&text, zone)
        })
    })
}

fn language(document: &Document, facts: &Facts) -> Option<String> {
    let told = document
        .select("html")
        .attr("lang")
        .map(|lang| lang.to_string());
    let told = told.or_else(|| facts.locale.clone())?;
    let language = told.split(['-', '_']).next()?.trim().to_ascii_lowercase();
    (!language.is_empty()).then_some(language)
}

fn shared_picture(facts: &Facts, base: Option<&Url>) -> Vec<Image> {
    let url = facts
        .image
        .as_deref()
        .and_then(|address| markup::usable(address, base));
    url.map(Image::bare).into_iter().collect()
}

/// Why the page is no article, if it is none.
fn no_article(
    document: &Document,
    base: Option<&Url>,
    facts: &Facts,
    title: &str,
    body: &Body,
) -> Option<PageError> {
    let prose: usize = body
        .paragraphs
        .iter()
        .map(|paragraph| paragraph.chars().count())
        .sum();
    if prose == 0
        && let Some(target) = refresh(document, base)
    {
        return Some(PageError::MovedTo(target));
    }
    let lower = title.to_lowercase();
    if !facts.is_article && MISSING.iter().any(|words| lower.contains(words)) {
        return Some(PageError::Missing);
    }
    let scripted = prose == 0 && document.select("script").exists();
    let shown = line(&document.select("body").text());
    if scripted && title.is_empty() && (shown.is_empty() || shown.contains("document.cookie")) {
        return Some(PageError::Challenge);
    }
    // A short piece of news has a headline of its own; a notice of closure has none.
    let headed = document.select("h1").exists();
    let poor = prose < PROSE_CHARS_MIN && !headed;
    let nothing = prose == 0 && body.images.is_empty();
    (title.is_empty() || ((poor || nothing) && !facts.is_article))
        .then_some(PageError::NotAnArticle)
}

/// Where a page sends its readers by itself.
fn refresh(document: &Document, base: Option<&Url>) -> Option<Url> {
    document.select("meta[http-equiv]").iter().find_map(|meta| {
        let kind = meta.attr("http-equiv")?;
        if !kind.eq_ignore_ascii_case("refresh") {
            return None;
        }
        let content = meta.attr("content")?;
        let at = content.to_ascii_lowercase().find("url=")?;
        let target = content
            .get(at + "url=".len()..)?
            .trim()
            .trim_matches(['"', '\'']);
        markup::resolve(target, base)
    })
}

/// One line of text as it is stored.
fn line(text: &str) -> String {
    markup::tidy(&nfc(text))
}

/// `loa article --json`: what the extractor sees in a page.
#[derive(Debug, Serialize)]
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
            title: None,
            lead: None,
            byline: None,
            link: None,
            site_name: None,
            section: None,
            published: None,
            language: None,
            images: Vec::new(),
            text: None,
            error: Some(error.into()),
        }
    }
}

#[cfg(test)]
mod tests;
