//! What a page tells machines about itself: JSON-LD (<https://schema.org/Article>) and Open Graph
//! (<https://ogp.me/>).

use dom_query::Document;
use serde_json::Value;

use crate::markup::tidy;

/// How deep objects within objects are searched for the article.
const DEPTH_MAX: usize = 6;

/// What was told; `None` for what was not.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Facts {
    /// The page says that it is an article.
    pub(super) is_article: bool,
    pub(super) title: Option<String>,
    pub(super) description: Option<String>,
    pub(super) author: Option<String>,
    pub(super) site_name: Option<String>,
    pub(super) section: Option<String>,
    pub(super) published: Option<String>,
    pub(super) locale: Option<String>,
    pub(super) image: Option<String>,
}

impl Facts {
    pub(super) fn of(document: &Document) -> Self {
        let told = linked_data(document);
        let member = |name: &str| told.as_ref().and_then(|told| words(told.get(name)?));
        let meta = |name: &str| meta(document, name);
        Self {
            is_article: told.is_some() || meta("og:type").as_deref() == Some("article"),
            title: meta("og:title").or_else(|| member("headline")),
            description: meta("og:description").or_else(|| member("description")),
            author: member("author").or_else(|| meta("author")),
            site_name: meta("og:site_name"),
            section: meta("article:section").or_else(|| member("articleSection")),
            published: member("datePublished").or_else(|| meta("article:published_time")),
            locale: meta("og:locale"),
            image: meta("og:image").or_else(|| member("image")),
        }
    }
}

fn meta(document: &Document, name: &str) -> Option<String> {
    let by_property = document
        .select(&format!("meta[property='{name}']"))
        .attr("content");
    let by_name = || {
        document
            .select(&format!("meta[name='{name}']"))
            .attr("content")
    };
    let content = tidy(&by_property.or_else(by_name)?);
    (!content.is_empty()).then_some(content)
}

/// The first object that says that it is an article.
fn linked_data(document: &Document) -> Option<Value> {
    document
        .select("script[type='application/ld+json']")
        .iter()
        .filter_map(|script| serde_json::from_str::<Value>(&script.text()).ok())
        .find_map(|data| article_in(data, DEPTH_MAX))
}

fn article_in(data: Value, depth: usize) -> Option<Value> {
    if depth == 0 {
        return None;
    }
    match data {
        Value::Array(several) => several
            .into_iter()
            .find_map(|one| article_in(one, depth - 1)),
        Value::Object(ref members) => {
            let is_article = members.get("@type").is_some_and(|kind| {
                let kinds = kind
                    .as_array()
                    .map_or(std::slice::from_ref(kind), Vec::as_slice);
                kinds
                    .iter()
                    .filter_map(Value::as_str)
                    .any(|kind| kind.ends_with("Article") || kind.ends_with("Posting"))
            });
            if is_article {
                return Some(data);
            }
            article_in(members.get("@graph")?.clone(), depth - 1)
        }
        _ => None,
    }
}

/// A member as text: itself, its name, its address, or the first of several.
fn words(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => tidy(text),
        Value::Array(several) => {
            let names: Vec<String> = several.iter().take(3).filter_map(words).collect();
            // Several authors are all named; of several pictures the first is the best.
            match names.first() {
                Some(first) if first.contains("://") => first.clone(),
                _ => names.join(", "),
            }
        }
        Value::Object(members) => words(members.get("name").or_else(|| members.get("url"))?)?,
        _ => return None,
    };
    (!text.is_empty()).then_some(text)
}
