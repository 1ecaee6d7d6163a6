//! Our clean, identified form of an entry, enriched from the article's page.
//! Knows feeds; knows nothing of posts, Pages or the ledger.

pub mod identity;
pub mod images;
pub mod page;
pub mod picture;
pub mod places;
pub mod rules;
pub mod select;
pub mod text;

use std::fmt;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use url::Url;

use self::page::PageArticle;
use self::text::{clean, matching_form};
use crate::feed::{Entry, date};

/// The name under which the ledger keeps an article: short enough to type, never reused.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ArticleId(String);

impl ArticleId {
    /// Takes a name as it was written down.
    pub fn new(name: impl Into<String>) -> Self {
        Self(name.into())
    }

    /// The name as it is written down.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ArticleId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What is known of one article. Text is NFC and tidy; addresses are as the site wrote them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Article {
    /// The name of the feed that brought it, as in the settings; empty for one posted by hand.
    pub feed: String,
    /// The headline.
    pub title: String,
    /// The standfirst. `None`: neither the feed nor the page has one.
    pub lead: Option<String>,
    /// The body's paragraphs, separated by blank lines. `None` until the page has been read.
    pub text: Option<String>,
    /// The address to post. `None`: the entry names none.
    pub link: Option<Url>,
    /// The feed's own id of it.
    pub guid: Option<String>,
    /// `None` when absent or not trustworthy.
    pub published: Option<Timestamp>,
    /// Who wrote it.
    pub byline: Option<String>,
    /// The section of the site it stands in.
    pub section: Option<String>,
    /// The sections the feed files it under.
    pub categories: Vec<String>,
    /// Picture candidates, best first; the page's own, in the page's order, come before the feed's.
    pub images: Vec<Image>,
}

/// A picture that an article may be posted with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Image {
    /// Where it can be fetched.
    pub url: Url,
    /// What the page writes below it.
    pub caption: Option<String>,
    /// What the page's markup says it shows.
    pub alt: Option<String>,
    /// Only to be used if no other picture can be: a feed's thumbnail of an article whose page
    /// has pictures.
    #[serde(default)]
    pub stands_in: bool,
}

/// A lead that ends like this was cut by the site.
const CUT: [&str; 2] = ["...", "…"];
/// Times of feed and page that lie no further apart are the same one: a day covers a zone that
/// one of them does not tell.
const SAME_TIME: SignedDuration = SignedDuration::from_hours(24);

impl Article {
    /// What an entry says of its article.
    pub fn from_entry(entry: &Entry, feed: &str) -> Self {
        let lead = entry
            .lead
            .as_deref()
            .map(clean)
            .filter(|lead| !lead.is_empty());
        Self {
            feed: feed.to_owned(),
            title: entry.title.clone(),
            lead,
            text: entry.content.clone(),
            link: entry.link.clone(),
            guid: entry.guid.clone(),
            published: entry.published,
            byline: entry.author.clone(),
            section: None,
            categories: entry.categories.clone(),
            images: entry.images.iter().cloned().map(Image::bare).collect(),
        }
    }

    /// The article with what its page adds. The feed's headline stays: it is what the newsroom
    /// announced; the page's pictures come first: they are larger, and have captions.
    /// `now` is when the page was read.
    pub fn enriched(&self, page: &PageArticle, now: Timestamp) -> Self {
        let stands_in = !page.images.is_empty();
        let of_feed = self.images.iter().map(|image| Image {
            stands_in,
            ..image.clone()
        });
        let images = page.images.iter().cloned().chain(of_feed).collect();
        let title = match self.title.is_empty() {
            true => page.title.clone(),
            false => self.title.clone(),
        };
        Self {
            title,
            lead: better_lead(self.lead.as_deref(), page.lead.as_deref()),
            text: page.text.clone().or_else(|| self.text.clone()),
            published: better_time(self.published, page.published, now),
            byline: page.byline.clone().or_else(|| self.byline.clone()),
            section: page.section.clone().or_else(|| self.section.clone()),
            images,
            ..self.clone()
        }
    }
}

/// The feed's lead, unless it was cut and the page has it whole.
fn better_lead(feed: Option<&str>, page: Option<&str>) -> Option<String> {
    let cut = |lead: &str| CUT.iter().any(|mark| lead.trim_end().ends_with(mark));
    match (feed, page) {
        (Some(feed), Some(page)) if cut(feed) && !cut(page) && continues(feed, page) => Some(page),
        (Some(feed), _) => Some(feed),
        (None, page) => page,
    }
    .map(ToOwned::to_owned)
}

/// The page's time where it tells the feed's more exactly: some feeds give no minutes. What stands
/// on a page far from that is another article's time, or the page's clock.
fn better_time(
    feed: Option<Timestamp>,
    page: Option<Timestamp>,
    now: Timestamp,
) -> Option<Timestamp> {
    let page = page.filter(|page| date::trustworthy(*page, now));
    match (feed, page) {
        (Some(feed), Some(page)) if page.duration_since(feed).abs() > SAME_TIME => Some(feed),
        (feed, page) => page.or(feed),
    }
}

/// Whether a text begins as one that was cut does, the last word aside, which may be half a word.
fn continues(cut: &str, whole: &str) -> bool {
    let begin = matching_form(cut.trim_end().trim_end_matches(['.', '…', '[', ']']));
    let begin = begin.rsplit_once(' ').map_or("", |(begin, _)| begin);
    matching_form(whole).starts_with(begin)
}

impl Image {
    /// A candidate of which only the address is known.
    pub fn bare(url: Url) -> Self {
        Self {
            url,
            caption: None,
            alt: None,
            stands_in: false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moment(text: &str) -> Option<Timestamp> {
        Some(text.parse().unwrap())
    }

    #[test]
    fn a_page_tells_the_minutes_and_nothing_that_contradicts_the_feed() {
        let now = "2026-11-25T03:00:00Z".parse().unwrap();
        let feed = moment("2026-11-25T01:05:00Z");
        let time = |page: &str| better_time(feed, moment(page), now);
        assert_eq!(
            time("2026-11-25T01:47:00Z"),
            moment("2026-11-25T01:47:00Z"),
            "a feed without minutes"
        );
        assert_eq!(
            time("2024-03-12T01:00:00Z"),
            feed,
            "a box above the headline"
        );
        assert_eq!(time("2027-03-01T01:00:00Z"), feed, "an event to come");
    }

    #[test]
    fn a_pages_time_alone_counts_unless_it_is_still_to_come() {
        let now = "2026-11-25T03:00:00Z".parse().unwrap();
        let past = moment("2026-11-20T01:00:00Z");
        assert_eq!(better_time(None, past, now), past);
        assert_eq!(better_time(None, moment("2027-03-01T01:00:00Z"), now), None);
    }

    #[test]
    fn of_a_cut_lead_the_page_has_the_whole() {
        let lead = better_lead(Some("Sáng 20/11, xã…"), Some("Sáng 20/11, xã họp."));
        assert_eq!(lead.as_deref(), Some("Sáng 20/11, xã họp."));
        let other = better_lead(Some("Sáng 20/11, xã…"), Some("Công an huyện bắt trộm."));
        assert_eq!(other.as_deref(), Some("Sáng 20/11, xã…"));
    }
}
