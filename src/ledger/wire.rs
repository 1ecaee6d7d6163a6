//! Articles and drafts as the journal writes them down. Versioned by the event around them;
//! fields are only ever added, each with a default.

use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use url::Url;

use crate::article::{Article, Image};
use crate::post::{Draft, Photo};

#[derive(Serialize, Deserialize)]
struct DraftOnDisk {
    message: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    link: Option<Url>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    photos: Vec<Photo>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    article_link: Option<Url>,
}

impl From<&Draft> for DraftOnDisk {
    fn from(draft: &Draft) -> Self {
        Self {
            message: draft.message.clone(),
            link: draft.link.clone(),
            photos: draft.photos.clone(),
            article_link: draft.article_link.clone(),
        }
    }
}

impl From<DraftOnDisk> for Draft {
    fn from(disk: DraftOnDisk) -> Self {
        Self {
            message: disk.message,
            link: disk.link,
            photos: disk.photos,
            article_link: disk.article_link,
        }
    }
}

/// Reads and writes a draft.
pub(super) mod draft {
    use super::*;

    pub(in crate::ledger) fn serialize<S: Serializer>(
        draft: &Draft,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        DraftOnDisk::from(draft).serialize(serializer)
    }

    pub(in crate::ledger) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Draft, D::Error> {
        DraftOnDisk::deserialize(deserializer).map(Draft::from)
    }
}

/// Reads and writes a draft that may be absent.
pub(super) mod optional_draft {
    use super::*;

    pub(in crate::ledger) fn serialize<S: Serializer>(
        draft: &Option<Draft>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        draft.as_ref().map(DraftOnDisk::from).serialize(serializer)
    }

    pub(in crate::ledger) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Draft>, D::Error> {
        Ok(Option::<DraftOnDisk>::deserialize(deserializer)?.map(Draft::from))
    }
}

#[derive(Serialize, Deserialize)]
struct ArticleOnDisk {
    #[serde(default, skip_serializing_if = "String::is_empty")]
    feed: String,
    title: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    lead: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    text: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    link: Option<Url>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    guid: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    published: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    byline: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    section: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    categories: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    images: Vec<Image>,
}

/// Reads and writes an article.
pub(super) mod article {
    use super::*;

    pub(in crate::ledger) fn serialize<S: Serializer>(
        article: &Article,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        let article = article.clone();
        ArticleOnDisk {
            feed: article.feed,
            title: article.title,
            lead: article.lead,
            text: article.text,
            link: article.link,
            guid: article.guid,
            published: article.published,
            byline: article.byline,
            section: article.section,
            categories: article.categories,
            images: article.images,
        }
        .serialize(serializer)
    }

    pub(in crate::ledger) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Article, D::Error> {
        let disk = ArticleOnDisk::deserialize(deserializer)?;
        Ok(Article {
            feed: disk.feed,
            title: disk.title,
            lead: disk.lead,
            text: disk.text,
            link: disk.link,
            guid: disk.guid,
            published: disk.published,
            byline: disk.byline,
            section: disk.section,
            categories: disk.categories,
            images: disk.images,
        })
    }
}
