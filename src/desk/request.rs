//! What can be asked of the desk: the same from the command line and over the control socket.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// One thing asked for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "ask", rename_all = "kebab-case")]
pub enum Request {
    /// Poll everything, look for what is in doubt, publish what is due.
    Once,
    /// Post one article now.
    Post(PostOrder),
    /// Show a post without sending it.
    Preview(PreviewWish),
    /// Tell the story of an article.
    Why {
        /// Its id, address, guid, or words of its headline.
        what: String,
    },
    /// List records.
    List {
        /// Only of this Page.
        page: Option<String>,
        /// Only in this state.
        state: Option<String>,
    },
    /// Show the records of one article.
    Show {
        /// Its id or address.
        what: String,
        /// Only on this Page.
        page: Option<String>,
    },
    /// Change the state of records.
    Change {
        /// How.
        verb: Verb,
        /// Which.
        pick: Pick,
    },
    /// Say where a post in doubt stands.
    Resolve(Resolution),
    /// Hand out the journal.
    Export,
    /// Stop sending.
    Pause {
        /// Only to this Page.
        page: Option<String>,
        /// For so many seconds; `None`: until resumed.
        for_secs: Option<u64>,
        /// Why.
        why: Option<String>,
    },
    /// Start sending again.
    Resume {
        /// Only to this Page.
        page: Option<String>,
    },
    /// Try every template on every sample and on the newest articles.
    CheckTemplates,
    /// Check settings, templates, ledger and, if asked, what is outside.
    Check {
        /// Whether feeds and Pages are asked too.
        online: bool,
    },
    /// Say what the Pages' tokens are good for.
    LoginStatus,
    /// Take up a token that was just replaced.
    Renewed {
        /// Only that of this Page.
        page: Option<String>,
    },
    /// Say whether everything goes by itself.
    Health,
}

/// What a person does with records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verb {
    /// Let held records go.
    Approve,
    /// Put waiting records before a person.
    Hold,
    /// Never publish them.
    Skip,
    /// Send refused, skipped or held records after all.
    Retry,
}

/// Which records a verb is about.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Pick {
    /// Articles by id or address.
    pub articles: Vec<String>,
    /// Every record held for this reason.
    pub held: Option<String>,
    /// Only on this Page.
    pub page: Option<String>,
}

/// What a person saw on the Page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Resolution {
    /// The article, by id or address.
    pub article: String,
    /// On which Page; needed where several have it.
    pub page: Option<String>,
    /// It is there, at this address; `None`: it is not.
    pub posted: Option<String>,
}

/// One article to post by hand.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct PostOrder {
    /// What to post.
    pub what: Subject,
    /// On which Pages; empty: on the only one.
    pub pages: Vec<String>,
    /// Another template than the Page's.
    pub template: Option<String>,
    /// The person's own text.
    pub message: Option<String>,
    /// The person's own pictures: addresses, or files by absolute path.
    pub images: Vec<String>,
    /// The address to post with it.
    pub link: Option<String>,
    /// Not before this moment.
    pub at: Option<Timestamp>,
    /// Only show it.
    pub dry_run: bool,
    /// Even if it was posted before.
    pub again: bool,
}

/// What is to be posted or shown.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Subject {
    /// The article at this address.
    Address(String),
    /// The article described by this document, the JSON of `loa article`.
    Article(Box<ArticleDocument>),
    /// A plain text.
    Text(String),
    /// The newest article that is known.
    Newest,
    /// The newest entry of this feed.
    Feed(String),
}

impl Default for Subject {
    fn default() -> Self {
        Self::Text(String::new())
    }
}

/// An article as `loa article --json` writes it; what it does not know it may leave out.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct ArticleDocument {
    /// The headline.
    pub title: Option<String>,
    /// The standfirst.
    #[serde(default)]
    pub lead: Option<String>,
    /// Who wrote it.
    #[serde(default)]
    pub byline: Option<String>,
    /// Where it stands.
    #[serde(default)]
    pub link: Option<String>,
    /// When it appeared.
    #[serde(default)]
    pub published: Option<Timestamp>,
    /// Its section.
    #[serde(default)]
    pub section: Option<String>,
    /// Its pictures.
    #[serde(default)]
    pub images: Vec<ImageDocument>,
    /// Its body.
    #[serde(default)]
    pub text: Option<String>,
}

/// A picture as `loa article --json` writes it.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct ImageDocument {
    /// Its address.
    pub url: String,
    /// What the page writes below it.
    #[serde(default)]
    pub caption: Option<String>,
    /// What it shows.
    #[serde(default)]
    pub alt: Option<String>,
}

/// What to show.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PreviewWish {
    /// What.
    pub what: Subject,
    /// On which Page; `None`: the first that gets the feed.
    pub page: Option<String>,
    /// Another template than the Page's.
    pub template: Option<String>,
}
