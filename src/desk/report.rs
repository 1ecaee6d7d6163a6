//! The documents that the desk answers with: the contract of `--json`. Keys are only ever added.

use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;

use super::naming::Named;
use crate::article::Article;
use crate::exit::Exit;
use crate::ledger::state::{Record, State};
use crate::post::Photo;
use crate::publisher::compose::Composed;
use crate::publisher::page::Page;

/// One answer of the desk: how it went, and the document that says so.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// How the command ends.
    pub exit: Exit,
    /// What `--json` prints; a failure has an `error` in it.
    pub document: Value,
}

impl Answer {
    /// An answer with a document of the contract.
    pub fn new(exit: Exit, document: &impl Serialize) -> Self {
        match serde_json::to_value(document) {
            Ok(document) => Self { exit, document },
            Err(error) => Self::failure(Exit::Bug, error.to_string()),
        }
    }

    /// An answer that is nothing but a failure.
    pub fn failure(exit: Exit, error: impl Into<String>) -> Self {
        Self {
            exit,
            document: serde_json::json!({ "error": error.into() }),
        }
    }
}

/// `loa once --json`.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct OnceReport {
    /// Every feed of the settings.
    pub feeds: Vec<FeedLine>,
    /// Every Page of the settings.
    pub pages: Vec<PageLine>,
    /// What a person should know, said during this run.
    pub notices: Vec<String>,
    /// Why the run had to stop.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

/// How the poll of one feed went.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FeedLine {
    /// Its name in the settings.
    pub name: String,
    /// `changed`, `unchanged` or `failed`.
    pub outcome: &'static str,
    /// How many entries it held.
    pub entries: usize,
    /// How many of them were new; 0 on a baseline.
    pub new: usize,
    /// Why it failed.
    pub error: Option<String>,
}

/// How a Page stands after the run.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct PageLine {
    /// Its name in the settings.
    pub name: String,
    /// What this run sent.
    pub published: Vec<PublishedLine>,
    /// Records that wait for their turn.
    pub queued: u64,
    /// Records that wait for a person.
    pub held: u64,
    /// Records whose outcome is being looked for.
    pub unresolved: u64,
    /// Records that the Page refused.
    pub refused: u64,
    /// Records that will not be published.
    pub skipped: u64,
    /// Why nothing is sent to it.
    pub paused: Option<String>,
    /// Why nothing of its queue goes now; `null` when something would, or nothing is queued.
    pub waits: Option<String>,
    /// When the next of the queue may go, if that is known.
    pub next: Option<Timestamp>,
}

/// One post that went out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PublishedLine {
    /// Which article.
    pub article: String,
    /// Its headline.
    pub title: String,
    /// Its address.
    pub link: Option<String>,
    /// The post.
    pub post_id: Option<String>,
    /// Where readers find it.
    pub permalink: Option<String>,
}

/// `loa post --json` and `loa preview --json`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct PostReport {
    /// Which article; `null` before it has a name.
    pub article: Option<String>,
    /// On which Page.
    pub page: String,
    /// Where it stands; `preview` when nothing was to be sent.
    pub state: &'static str,
    /// The article's headline.
    pub title: Option<String>,
    /// The article's standfirst.
    pub lead: Option<String>,
    /// The text.
    pub message: String,
    /// The address of the card.
    pub link: Option<String>,
    /// Where the pictures come from, in order.
    pub images: Vec<String>,
    /// What they show, in the same order.
    pub alt_texts: Vec<Option<String>>,
    /// The post.
    pub post_id: Option<String>,
    /// Where readers find it.
    pub permalink: Option<String>,
    /// What an editor should know.
    pub warnings: Vec<String>,
    /// Why it waits; `null` when it does not.
    pub waits: Option<String>,
    /// When it may go, if that is known.
    pub next: Option<Timestamp>,
    /// Why it did not go out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

impl PostReport {
    /// A post that is only shown.
    pub(super) fn preview(page: &Page, named: &Named, composed: &Composed) -> Self {
        let draft = &composed.draft;
        let link = draft.link.as_ref().or(draft.article_link.as_ref());
        Self {
            article: named.id.as_ref().map(ToString::to_string),
            title: Some(named.article.title.clone()),
            lead: named.article.lead.clone(),
            state: "preview",
            message: draft.message.clone(),
            link: link.map(ToString::to_string),
            warnings: composed.warnings.clone(),
            ..Self::with_photos(page, &draft.photos)
        }
    }

    /// An article as it stands on the Page.
    pub(super) fn of(page: &Page, record: &Record, article: &Article) -> Self {
        let draft = record.draft.as_ref();
        let (post_id, permalink) = match &record.state {
            State::Published {
                post, permalink, ..
            } => (Some(post.0.clone()), permalink.clone()),
            _ => (None, None),
        };
        Self {
            article: Some(record.article.to_string()),
            title: Some(article.title.clone()),
            lead: article.lead.clone(),
            state: record.state.standing().word(),
            message: draft.map(|draft| draft.message.clone()).unwrap_or_default(),
            link: article.link.as_ref().map(ToString::to_string),
            post_id,
            permalink,
            ..Self::with_photos(page, draft.map_or(&[], |draft| &draft.photos))
        }
    }

    fn with_photos(page: &Page, photos: &[Photo]) -> Self {
        Self {
            page: page.name.clone(),
            images: photos
                .iter()
                .map(|photo| photo.source.to_string())
                .collect(),
            alt_texts: photos.iter().map(|photo| photo.alt_text.clone()).collect(),
            ..Self::default()
        }
    }

    /// Where readers find the post, as well as it is known.
    pub(super) fn place(&self) -> String {
        let place = self.permalink.clone().or_else(|| self.post_id.clone());
        place.unwrap_or_default()
    }
}

/// `loa ledger list --json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ListReport {
    /// Every record asked for.
    pub records: Vec<RecordLine>,
}

/// One record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RecordLine {
    /// Which article.
    pub article: String,
    /// The Page's name in the settings, or its key when it is no longer there.
    pub page: String,
    /// The article's headline.
    pub title: String,
    /// The article's address.
    pub link: Option<String>,
    /// Where it stands.
    pub state: &'static str,
    /// Why.
    pub reason: Option<String>,
    /// Since when.
    pub since: Timestamp,
    /// When it may go.
    pub not_before: Option<Timestamp>,
    /// How often the final call was begun.
    pub attempts: u32,
    /// The post.
    pub post_id: Option<String>,
    /// Where readers find it.
    pub permalink: Option<String>,
}

/// `loa why --json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Story {
    /// Which article.
    pub article: String,
    /// Its headline.
    pub title: String,
    /// Its address.
    pub link: Option<String>,
    /// What happened to it, oldest first.
    pub events: Vec<StoryLine>,
    /// Older articles that match the same words, newest first.
    pub others: Vec<OtherLine>,
}

/// An article that might have been meant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OtherLine {
    /// Which article.
    pub article: String,
    /// Its headline.
    pub title: String,
    /// Its address.
    pub link: Option<String>,
}

/// One event of a story.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StoryLine {
    /// When.
    pub at: Timestamp,
    /// What, in one word.
    pub what: &'static str,
    /// On which Page; `null` for what concerns the article alone.
    pub page: Option<String>,
    /// The rule by which it was decided.
    pub rule: Option<String>,
    /// What more there is to say.
    pub detail: Option<String>,
}

/// What a verb on records did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct VerbReport {
    /// The records it changed, as they stand now.
    pub records: Vec<RecordLine>,
    /// The records it could not change, and why.
    pub refused: Vec<VerbRefusal>,
}

/// A record that a verb could not change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct VerbRefusal {
    /// Which article.
    pub article: String,
    /// On which Page.
    pub page: String,
    /// Why.
    pub error: String,
}

/// `loa healthcheck --json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HealthReport {
    /// Whether everything goes by itself.
    pub healthy: bool,
    /// What does not, in the language of the settings.
    pub reasons: Vec<String>,
}
