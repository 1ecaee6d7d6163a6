//! A record: what is kept of one article on one Page.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::State;
use crate::article::ArticleId;
use crate::ledger::wire;
use crate::post::{Draft, PhotoId, PostId};

/// One article on one Page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// Which article.
    pub article: ArticleId,
    /// Which Page.
    pub page: PageKey,
    /// Where it stands.
    pub state: State,
    /// When it came to stand there.
    pub since: Timestamp,
    /// The place in the journal at which it was recorded: what was seen first goes out first.
    pub order: u64,
    /// How often the final call was begun.
    pub attempts: u32,
    /// How often it was sent again after it was proved absent; starts anew with `generation`.
    pub resends: u32,
    /// 0 at first; one more each time a person asks for the article to be posted again.
    pub generation: u32,
    /// A person let it go: age, waiting time and review no longer apply.
    #[serde(default)]
    pub cleared: bool,
    /// How often in this generation the Page wanted it sent once more.
    #[serde(default)]
    pub balks: u32,
    /// The Page cannot make a card of its address: the text carries that alone.
    #[serde(default)]
    pub without_card: bool,
    /// The draft is a person's own, not a template's.
    #[serde(default)]
    pub ordered: bool,
    /// The draft of the newest claim: what to look for on the Page, and what a resend sends.
    #[serde(with = "wire::optional_draft", default)]
    pub draft: Option<Draft>,
    /// Pictures that lie on the Page's side, not yet shown.
    pub uploaded: Vec<Uploaded>,
    /// Posts that were on the Page before the newest attempt, and so are not its outcome.
    pub fence: Vec<PostId>,
    /// The Page's time before the first call that may still show: a post much older is no outcome
    /// of it. `None`: the Page did not tell.
    #[serde(default)]
    pub sent_after: Option<Timestamp>,
    /// Whether the final call of this generation was ever begun: then what the Page shows may be
    /// its outcome, however much later.
    #[serde(default)]
    pub called: bool,
    /// A post of its own is meant, whatever the Page shows: until the final call was begun, nothing
    /// there is its outcome.
    #[serde(default)]
    pub anew: bool,
    /// The moment before which a person does not want it to go; it stands whatever the clock does.
    #[serde(default)]
    pub named: Option<Timestamp>,
    /// What is to become of its post, whose article was corrected since; `None`: nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub correction: Option<Correction>,
}

/// What is to become of a post whose article was corrected since.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "correction", rename_all = "kebab-case")]
pub enum Correction {
    /// To be followed.
    Due,
    /// Put before a person.
    Asked,
    /// A person lets it go.
    Approved,
    /// The call that edits the post may have left; it makes the text this.
    Editing {
        /// The new text.
        message: String,
    },
}

impl Record {
    /// A record as it begins, before anything was done with it.
    pub fn new(
        article: ArticleId,
        page: PageKey,
        state: State,
        since: Timestamp,
        order: u64,
    ) -> Self {
        Self {
            article,
            page,
            state,
            since,
            order,
            attempts: 0,
            resends: 0,
            generation: 0,
            cleared: false,
            balks: 0,
            without_card: false,
            ordered: false,
            draft: None,
            uploaded: Vec::new(),
            fence: Vec::new(),
            sent_after: None,
            called: false,
            anew: false,
            named: None,
            correction: None,
        }
    }
}

/// A picture uploaded and not yet shown. The Page forgets it after a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Uploaded {
    /// The name of its bytes in the media folder.
    pub media: String,
    /// What the Page calls it.
    pub photo: PhotoId,
    /// When it was uploaded.
    pub at: Timestamp,
}

/// Which Page, by its Facebook id and the host it is reached at, so that renaming a Page in the
/// settings changes nothing.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PageKey(pub String);

impl fmt::Display for PageKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
