//! The settings that are one word of several.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What becomes of the articles that stand in a feed at the first poll.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum FirstPoll {
    /// They count as old.
    #[default]
    Baseline,
    /// They are posted.
    Publish,
}

/// Whether posts show pictures or the link's card.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Style {
    /// Pictures where there is a usable one, otherwise the card.
    #[default]
    Auto,
    /// Pictures, otherwise the card.
    Photos,
    /// The card.
    Link,
}

/// Whether an editor sees posts before readers do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Review {
    /// Not unless something is odd.
    #[default]
    None,
    /// Every one.
    All,
}

/// What happens to the post when an article is corrected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Corrections {
    /// It is corrected too.
    #[default]
    Edit,
    /// An editor is asked.
    Ask,
    /// Nothing.
    Ignore,
}

/// What happens to a post whose outcome was not known and that was proved absent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum OnUnknown {
    /// It is sent again, as it was.
    #[default]
    Reconcile,
    /// A person decides.
    Hold,
}
