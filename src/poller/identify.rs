//! Tells new entries from known ones and places the new ones on their Pages. Runs on the ledger's
//! thread, so that nothing changes between what it reads and what it writes.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::arrival::{Arrival, First};
use super::telling::{Batch, waits_for_eyes};
use super::{Recorded, Source};
use crate::article::identity::{self, Key, Recognition};
use crate::article::{Article, ArticleId};
use crate::feed::{Entry, date};
use crate::ledger::event::{FeedMemory, Listing, Placed, What};
use crate::ledger::state::{PageKey, Record};
use crate::ledger::step::{Change, step};
use crate::ledger::{self, Books, LedgerError};

/// An article that its feed changes more often is not followed any further: two entries that
/// contradict each other would go on for ever.
const CORRECTIONS_MAX: u32 = 20;

/// So many articles that have left a feed are remembered until their addresses were asked for.
const LEFT_MAX: usize = 100;

/// One poll, ready to be written down.
pub(super) struct Poll {
    pub(super) feed: Source,
    pub(super) now: Timestamp,
    /// Whether the feed's address is not the one that was polled before.
    pub(super) moved: bool,
    pub(super) last_good_at: Option<Timestamp>,
    pub(super) arrivals: Vec<Arrival>,
    pub(super) entries: Vec<Entry>,
    pub(super) memory: FeedMemory,
}

/// An entry with what it was recognised as.
struct Recognised {
    article: Article,
    keys: Vec<Key>,
    as_what: Recognition,
}

impl Poll {
    /// Writes every entry down, oldest first, and the feed's validators behind them.
    pub(super) fn write_down(self, books: &mut Books) -> Result<Recorded, LedgerError> {
        let (recognised, rebuilt) = self.recognise(books)?;
        let count = |wanted: fn(&Recognition) -> bool| {
            let all = recognised.iter();
            all.filter(|entry| wanted(&entry.as_what)).count()
        };
        let new = count(|what| matches!(what, Recognition::New | Recognition::Doubtful(_)));
        let batch = self.batch(count(|what| *what == Recognition::New));
        let mut out = Vec::new();
        let mut names = Vec::new();
        let mut present: BTreeSet<ArticleId> = recognised.iter().filter_map(known_as).collect();
        for entry in recognised {
            self.entry(books, entry, &batch, &mut names, &mut out)?;
        }
        present.extend(names);
        let firsts = self.arrivals.iter().filter(|page| page.first != First::No);
        out.extend(firsts.map(|page| {
            ledger::Entry::from(What::Baselined {
                feed: self.feed.name.clone(),
                page: page.key.clone(),
            })
        }));
        out.extend(self.listing(books, present)?);
        out.push(ledger::Entry::from(What::Polled {
            feed: self.feed.name.clone(),
            memory: self.memory.clone(),
        }));
        let waits = out.iter().any(waits_for_eyes);
        books.commit(self.now, out)?;
        let mut pages = self.arrivals.iter();
        if pages.all(|page| page.first == First::Baseline) {
            return Ok(Recorded::Done {
                new: 0,
                told: Vec::new(),
            });
        }
        let rebuilt = rebuilt.map(Batch::rebuilt);
        let told = [batch, rebuilt, waits.then(Batch::never_auto)];
        Ok(Recorded::Done {
            new,
            told: told.into_iter().flatten().collect(),
        })
    }

    /// What stands in the feed now, where that is something else than before, and what has left it.
    fn listing(
        &self,
        books: &Books,
        present: BTreeSet<ArticleId>,
    ) -> Result<Option<ledger::Entry>, LedgerError> {
        let before = books.listing(&self.feed.name)?.unwrap_or_default();
        let gone_from = |id: &&ArticleId| !present.contains(id);
        let left = before.left.iter().chain(&before.listed).filter(gone_from);
        let mut left: Vec<ArticleId> = left.cloned().collect();
        left.drain(..left.len().saturating_sub(LEFT_MAX));
        let listing = Listing {
            left,
            listed: present.into_iter().collect(),
        };
        let changed = listing != before;
        let feed = self.feed.name.clone();
        Ok(changed.then(|| ledger::Entry::from(What::Listed { feed, listing })))
    }

    /// Oldest first: a feed lists its newest entries first, and dates are not to be trusted.
    fn recognise(&self, books: &Books) -> Result<(Vec<Recognised>, Option<usize>), LedgerError> {
        let articles: Vec<Article> = self
            .entries
            .iter()
            .rev()
            .map(|entry| {
                let article = Article::from_entry(entry, &self.feed.name);
                let in_time = |at: &Timestamp| date::trustworthy(*at, self.now);
                Article {
                    published: article.published.filter(in_time),
                    ..article
                }
            })
            .collect();
        let keys = articles.iter().map(Article::keys).collect();
        let keys = identity::unique_in_poll(keys);
        let told = identity::recognise_all(&keys, |key| books.by_key(&key.to_string()))?;
        let recognised = articles
            .into_iter()
            .zip(keys)
            .zip(told.entries)
            .map(|((article, keys), as_what)| Recognised {
                article,
                keys,
                as_what,
            })
            .collect();
        Ok((recognised, told.rebuilt))
    }

    fn entry(
        &self,
        books: &Books,
        entry: Recognised,
        batch: &Option<Batch>,
        names: &mut Vec<ArticleId>,
        out: &mut Vec<ledger::Entry>,
    ) -> Result<(), LedgerError> {
        let doubt = match &entry.as_what {
            Recognition::Known(id) => return self.known(books, id.clone(), &entry, out),
            Recognition::Doubtful(twin) => Some(twin.clone()),
            Recognition::New => None,
            Recognition::Repeat => return Ok(()),
        };
        let id = self.name(books, &entry.keys, names)?;
        names.push(id.clone());
        let mut rules = Vec::new();
        let mut pages = Vec::new();
        for arrival in &self.arrivals {
            let (state, rule) = self.place(arrival, &entry.article, batch, doubt.as_ref());
            rules.push(rule);
            pages.push(Placed {
                page: arrival.key.clone(),
                state,
            });
        }
        rules.dedup();
        let unread = self.page_is_read(&entry.article);
        out.push(ledger::Entry {
            what: What::Recorded {
                id,
                article: entry.article,
                keys: entry.keys.iter().map(ToString::to_string).collect(),
                pages,
                unread,
            },
            rule: Some(rules.join("; ")),
        });
        Ok(())
    }

    /// A known article teaches us its new keys, and is part of the baseline of a new Page.
    fn known(
        &self,
        books: &Books,
        id: ArticleId,
        entry: &Recognised,
        out: &mut Vec<ledger::Entry>,
    ) -> Result<(), LedgerError> {
        let mut unknown = Vec::new();
        for key in &entry.keys {
            let key = key.to_string();
            if books.by_key(&key)?.is_none() {
                unknown.push(key);
            }
        }
        if !unknown.is_empty() {
            out.push(ledger::Entry {
                rule: Some("recognised by another key".to_owned()),
                what: What::Learned {
                    id: id.clone(),
                    keys: unknown,
                },
            });
        }
        self.corrected(books, &id, entry, out)?;
        for arrival in &self.arrivals {
            // A feed may list one article twice.
            let placed_just_now = out.iter().any(|entry| places(entry, &id, &arrival.key));
            if !placed_just_now && books.record(&id, &arrival.key)?.is_none() {
                let (state, rule) = self.place(arrival, &entry.article, &None, None);
                out.push(ledger::Entry {
                    rule: Some(rule),
                    what: What::Placed {
                        id: id.clone(),
                        page: Placed {
                            page: arrival.key.clone(),
                            state,
                        },
                    },
                });
            }
        }
        Ok(())
    }

    /// Takes over what the feed says now of an article that it brought, where that differs. The
    /// posts of it follow once its page was read again.
    fn corrected(
        &self,
        books: &Books,
        id: &ArticleId,
        entry: &Recognised,
        out: &mut Vec<ledger::Entry>,
    ) -> Result<(), LedgerError> {
        let Some(row) = books.article(id)? else {
            return Ok(());
        };
        let is_its_feed = row.article.feed == self.feed.name;
        let differs = row.said != entry.article.says() && !row.said.is_empty();
        let may_be =
            row.corrections < CORRECTIONS_MAX && !out.iter().any(|entry| corrects(entry, id));
        if !(is_its_feed && differs && may_be) {
            return Ok(());
        }
        let article = Article {
            title: entry.article.title.clone(),
            lead: entry.article.lead.clone(),
            categories: entry.article.categories.clone(),
            ..row.article
        };
        let unread = self.page_is_read(&article);
        out.push(ledger::Entry {
            what: What::Corrected {
                id: id.clone(),
                article,
                unread,
            },
            rule: Some("the feed says something else of it".to_owned()),
        });
        if !unread {
            out.extend(outdated(books, id)?);
        }
        Ok(())
    }

    /// A name that no article has yet.
    fn name(
        &self,
        books: &Books,
        keys: &[Key],
        taken: &[ArticleId],
    ) -> Result<ArticleId, LedgerError> {
        identity::name(keys, |name| {
            Ok(taken.contains(name) || books.article(name)?.is_some())
        })
    }
}

/// The posts of a corrected article that are to follow it.
pub(super) fn outdated(books: &Books, id: &ArticleId) -> Result<Vec<ledger::Entry>, LedgerError> {
    let mut records = books.records_of(id)?;
    records.retain(|record| step(record, &Change::Outdated, record.since).is_ok());
    let rule = "its article was corrected";
    let entry = |record: &Record| ledger::Entry::change(record, Change::Outdated, rule);
    Ok(records.iter().map(entry).collect())
}

fn known_as(entry: &Recognised) -> Option<ArticleId> {
    match &entry.as_what {
        Recognition::Known(id) => Some(id.clone()),
        _ => None,
    }
}

fn corrects(entry: &ledger::Entry, article: &ArticleId) -> bool {
    matches!(&entry.what, What::Corrected { id, .. } if id == article)
}

fn places(entry: &ledger::Entry, article: &ArticleId, on: &PageKey) -> bool {
    matches!(&entry.what, What::Placed { id, page } if id == article && page.page == *on)
}
