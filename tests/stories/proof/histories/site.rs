//! A news site that brings articles out, and does to them what such sites do.

use fastrand::Rng;
use jiff::Timestamp;
use loa::feed::{Entry, Feed, Format};

/// The site's feed shows so many articles.
const FEED_MAX: usize = 6;

/// The site, with everything it ever brought out, oldest first.
#[derive(Default)]
pub(super) struct Site {
    pub(super) articles: Vec<Article>,
    /// Articles stand in the feed in another order than they were brought out.
    shuffled: bool,
    rebuilt: u32,
}

/// One article.
#[derive(Debug, Clone)]
pub(super) struct Article {
    pub(super) title: String,
    pub(super) lead: String,
    guid: String,
    /// Every address it has had, the present one last.
    pub(super) links: Vec<String>,
    published: Timestamp,
    withdrawn: bool,
    /// It was changed since loa last saw it: changed once more, nobody could recognise it.
    pub(super) changed: bool,
    /// Loa has seen it in the feed.
    pub(super) seen: bool,
}

impl Article {
    pub(super) fn link(&self) -> &str {
        self.links.last().unwrap()
    }

    fn entry(&self) -> Entry {
        Entry {
            title: self.title.clone(),
            link: self.link().parse().ok(),
            guid: Some(self.guid.clone()),
            published: Some(self.published),
            updated: None,
            lead: Some(self.lead.clone()),
            content: None,
            images: Vec::new(),
            author: None,
            categories: Vec::new(),
        }
    }
}

impl Site {
    /// One more article; some have the headline of an earlier one.
    pub(super) fn brings_out(&mut self, now: Timestamp, chance: &mut Rng) {
        let number = self.articles.len();
        let column = number.checked_sub(1).filter(|_| chance.u8(0..5) == 0);
        let title = match column {
            Some(earlier) => self.articles[earlier].title.clone(),
            None => format!("Tin số {number}"),
        };
        self.articles.push(Article {
            title,
            lead: format!("Chuyện thứ {number} trong huyện."),
            guid: format!("tin-{number}"),
            links: vec![format!("https://bao.example/tin-a{}.html", 10_000 + number)],
            published: now,
            withdrawn: false,
            changed: false,
            seen: false,
        });
    }

    /// Something happens to an article, or to the whole site.
    pub(super) fn changes(&mut self, chance: &mut Rng) {
        let whim = chance.u8(0..12);
        if whim == 0 {
            return self.is_rebuilt();
        }
        if whim == 1 {
            self.shuffled = !self.shuffled;
            return;
        }
        let Some(article) = chance.choice(&mut self.articles) else {
            return;
        };
        match whim {
            2..4 => article.withdrawn = true,
            4..7 => article.withdrawn = false,
            _ if article.changed => {}
            7..9 => {
                article.title.push_str(" (đính chính)");
                article.changed = true;
            }
            9 => {
                article.guid.push_str("-moi");
                article.changed = true;
            }
            _ => {
                let tracked = format!("{}?utm_source=rss", article.link());
                article.links.push(tracked);
                article.changed = true;
            }
        }
    }

    /// Every article gets a new guid and a new address, as after a move to other software.
    fn is_rebuilt(&mut self) {
        if self.articles.iter().any(|article| article.changed) {
            return;
        }
        self.rebuilt += 1;
        for (number, article) in self.articles.iter_mut().enumerate() {
            article.guid = format!("v{}-{number}", self.rebuilt);
            let link = format!("https://bao.example/v{}/{number}", self.rebuilt);
            article.links.push(link);
            article.changed = true;
        }
    }

    /// The feed as it stands, newest first as a rule.
    pub(super) fn feed(&self) -> Feed {
        let standing = self
            .articles
            .iter()
            .rev()
            .filter(|article| !article.withdrawn);
        let mut entries: Vec<Entry> = standing.take(FEED_MAX).map(Article::entry).collect();
        if self.shuffled {
            entries.reverse();
        }
        Feed {
            title: None,
            link: None,
            format: Format::Rss2,
            entries,
            set_aside: Vec::new(),
        }
    }

    /// Loa has taken this feed in.
    pub(super) fn was_read(&mut self, feed: &Feed) {
        for entry in &feed.entries {
            let link = entry.link.as_ref().map(url::Url::as_str);
            for article in &mut self.articles {
                if Some(article.link()) == link {
                    article.seen = true;
                    article.changed = false;
                }
            }
        }
    }
}
