//! What a page tells machines about itself: JSON-LD (<https://schema.org/Article>) and Open Graph
//! (<https://ogp.me/>).

use dom_query::Document;
use serde_json::Value;
use url::Url;

use crate::markup::{plain_text, tidy};

/// How deep objects within objects are searched for the article.
const DEPTH_MAX: usize = 6;
/// More authors than this are a newsroom.
const AUTHORS_MAX: usize = 3;

/// What was told; `None` for what was not.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Facts {
    /// The page says that it is an article.
    pub(super) is_article: bool,
    pub(super) title: Option<String>,
    pub(super) description: Option<String>,
    /// Whoever is named as the author, the surest first; it may be a user or a newsroom.
    pub(super) authors: Vec<String>,
    pub(super) site_name: Option<String>,
    pub(super) publisher: Option<String>,
    pub(super) section: Option<String>,
    pub(super) published: Option<String>,
    pub(super) locale: Option<String>,
    /// The body's paragraphs, where a page shows them to machines only.
    pub(super) body: Vec<String>,
    /// The address that it gives itself.
    pub(super) address: Option<Url>,
    /// The page says that it is the site's first, or no article.
    pub(super) is_front_page: bool,
    /// Addresses of pictures, best first.
    pub(super) images: Vec<String>,
}

impl Facts {
    pub(super) fn of(document: &Document) -> Self {
        let told = linked_data(document, is_article);
        // Some sites say of an article only that it is a page.
        let page = || linked_data(document, |kind| kind == "WebPage");
        let member = |name: &str| told.as_ref().and_then(|told| words(told.get(name)?));
        let meta = |name: &str| meta(document, name);
        let publisher = member("publisher");
        let author = told.as_ref().and_then(|told| told.get("author"));
        let author = author.and_then(|author| words(&people(author.clone())));
        let named = ["article:author", "author", "dc.creator"];
        let authors = author.into_iter().chain(named.into_iter().filter_map(meta));
        let address = own_address(document);
        let home = address.as_ref().filter(|own| own.path() == "/");
        let leads_home = home.is_some_and(|own| own.query().is_none());
        let mut images: Vec<String> = meta("og:image").into_iter().collect();
        if let Some(image) = told.as_ref().and_then(|told| told.get("image")) {
            images.extend(addresses(image));
        }
        Self {
            is_article: told.is_some() || meta("og:type").as_deref() == Some("article"),
            title: meta("og:title").or_else(|| member("headline")),
            description: meta("og:description")
                .or_else(|| member("description"))
                .or_else(|| meta("description")),
            authors: authors.collect(),
            section: meta("article:section").or_else(|| member("articleSection")),
            published: member("datePublished")
                .or_else(|| words(page()?.get("datePublished")?))
                .or_else(|| meta("article:published_time"))
                .or_else(|| meta("pubdate")),
            locale: meta("og:locale"),
            body: told
                .as_ref()
                .and_then(|told| told.get("articleBody")?.as_str())
                .map(paragraphs)
                .unwrap_or_default(),
            is_front_page: meta("og:type").as_deref() == Some("website") || leads_home,
            address,
            images,
            site_name: meta("og:site_name").or_else(|| publisher.clone()),
            publisher,
        }
    }
}

/// The paragraphs of a body that stands in one text.
fn paragraphs(body: &str) -> Vec<String> {
    let lines = body.lines().map(plain_text);
    lines.filter(|line| !line.is_empty()).collect()
}

/// The address that a page gives itself.
fn own_address(document: &Document) -> Option<Url> {
    let canonical = document.select("link[rel='canonical'][href]").attr("href");
    let own = canonical
        .map(|href| href.to_string())
        .or_else(|| meta(document, "og:url"))?;
    Url::parse(own.trim()).ok()
}

fn meta(document: &Document, name: &str) -> Option<String> {
    ["property", "name", "itemprop"].iter().find_map(|key| {
        let found = document.select(&format!("meta[{key}='{name}' i]"));
        let content = plain_text(&found.attr("content")?);
        (!content.is_empty()).then_some(content)
    })
}

/// The first object whose type fits.
fn linked_data(document: &Document, fits: fn(&str) -> bool) -> Option<Value> {
    document
        .select("script[type='application/ld+json']")
        .iter()
        .filter_map(|script| {
            // Sites write line breaks into texts, which JSON forbids.
            let data = script
                .text()
                .replace(|letter: char| letter.is_control(), " ");
            serde_json::from_str::<Value>(data.trim().trim_end_matches(';')).ok()
        })
        .find_map(|data| object_in(data, fits, DEPTH_MAX))
}

fn is_article(kind: &str) -> bool {
    kind.ends_with("Article") || kind.ends_with("Posting")
}

fn object_in(data: Value, fits: fn(&str) -> bool, depth: usize) -> Option<Value> {
    if depth == 0 {
        return None;
    }
    match data {
        Value::Array(several) => several
            .into_iter()
            .find_map(|one| object_in(one, fits, depth - 1)),
        Value::Object(ref members) => {
            let of_kind = members.get("@type").is_some_and(|kind| {
                let kinds = kind
                    .as_array()
                    .map_or(std::slice::from_ref(kind), Vec::as_slice);
                kinds.iter().filter_map(Value::as_str).any(fits)
            });
            if of_kind {
                return Some(data);
            }
            object_in(members.get("@graph")?.clone(), fits, depth - 1)
        }
        _ => None,
    }
}

/// Authors without the newsrooms among them.
fn people(authors: Value) -> Value {
    let is_newsroom = |author: &Value| {
        let kind = author.get("@type").and_then(Value::as_str);
        kind.is_some_and(|kind| kind.ends_with("Organization"))
    };
    match authors {
        Value::Array(several) => several
            .into_iter()
            .filter(|one| !is_newsroom(one))
            .collect(),
        one if is_newsroom(&one) => Value::Null,
        one => one,
    }
}

/// A member as text: itself, its name, or all of several.
fn words(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => plain_text(text),
        Value::Array(several) => {
            let names: Vec<String> = several.iter().take(AUTHORS_MAX).filter_map(words).collect();
            names.join(", ")
        }
        Value::Object(members) => words(members.get("name")?)?,
        _ => return None,
    };
    (!text.is_empty()).then_some(text)
}

/// The addresses in a member that names pictures.
fn addresses(value: &Value) -> Vec<String> {
    match value {
        Value::String(address) => vec![tidy(address)],
        Value::Array(several) => several.iter().flat_map(addresses).collect(),
        Value::Object(members) => members.get("url").map(addresses).unwrap_or_default(),
        _ => Vec::new(),
    }
}
