//! Tells new entries from known ones and places the new ones on their Pages. Runs on the ledger's
//! thread, so that nothing changes between what it reads and what it writes.

use std::collections::BTreeSet;
use std::time::Duration;

use jiff::Timestamp;

use super::decide::decide;
use super::telling::{Batch, waits_for_eyes};
use super::{Recorded, Source};
use crate::article::identity::{self, Key, Recognition};
use crate::article::{Article, ArticleId};
use crate::feed::{Entry, date};
use crate::ledger::event::{FeedMemory, Listing, Placed, What};
use crate::ledger::state::{HoldReason, PageKey, Record, SkipReason, State};
use crate::ledger::step::{Change, step};
use crate::ledger::{self, Books, LedgerError};
use crate::publisher::plan::Manners;

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

/// How articles arrive on one Page.
pub(super) struct Arrival {
    pub(super) key: PageKey,
    pub(super) manners: Manners,
    pub(super) review: bool,
    pub(super) flood_over: Option<u32>,
    pub(super) first: First,
}

/// Whether this is the Page's first poll of the feed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum First {
    No,
    /// No: the feed has only another name in the settings than before.
    Renamed,
    /// What is present now is not posted.
    Baseline,
    /// What is present now is posted too, without the flood guard.
    Publish,
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
        let new = recognised
            .iter()
            .filter(|entry| matches!(entry.as_what, Recognition::New | Recognition::Doubtful(_)))
            .count();
        let certainly = recognised
            .iter()
            .filter(|entry| entry.as_what == Recognition::New)
            .count();
        let batch = self.batch(certainly);
        let mut out = Vec::new();
        let mut names = Vec::new();
        let mut present: BTreeSet<ArticleId> = recognised.iter().filter_map(known_as).collect();
        for entry in recognised {
            self.entry(books, entry, &batch, &mut names, &mut out)?;
        }
        present.extend(names);
        for arrival in self
            .arrivals
            .iter()
            .filter(|arrival| arrival.first != First::No)
        {
            out.push(ledger::Entry::from(What::Baselined {
                feed: self.feed.name.clone(),
                page: arrival.key.clone(),
            }));
        }
        out.extend(self.listing(books, present)?);
        out.push(ledger::Entry::from(What::Polled {
            feed: self.feed.name.clone(),
            memory: self.memory.clone(),
        }));
        let waits = out.iter().any(waits_for_eyes);
        books.commit(self.now, out)?;
        let baseline = self
            .arrivals
            .iter()
            .all(|arrival| arrival.first == First::Baseline);
        Ok(Recorded::Done {
            new: if baseline { 0 } else { new },
            told: [
                batch,
                rebuilt.map(Batch::rebuilt),
                waits.then(Batch::never_auto),
            ]
            .into_iter()
            .flatten()
            .filter(|_| !baseline)
            .collect(),
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

    /// Whether the new entries are held as one batch, and why.
    fn batch(&self, new: usize) -> Option<Batch> {
        if self.moved && new > 0 {
            return Some(Batch {
                text: "notice.moved-feed",
                count: new,
            });
        }
        let flooded = |arrival| self.floods(arrival, new);
        self.arrivals.iter().any(flooded).then_some(Batch {
            text: "notice.flood",
            count: new,
        })
    }

    /// Whether so many new articles at once are more than the Page takes.
    fn floods(&self, arrival: &Arrival, new: usize) -> bool {
        matches!(arrival.first, First::No | First::Renamed)
            && arrival
                .flood_over
                .is_some_and(|most| new as u64 > u64::from(most) * self.days())
    }

    /// Started days since the last good poll.
    fn days(&self) -> u64 {
        let Some(last) = self.last_good_at else {
            return 1;
        };
        let silent = Duration::try_from(self.now.duration_since(last)).unwrap_or_default();
        silent.as_secs().div_ceil(86_400).max(1)
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

    fn place(
        &self,
        arrival: &Arrival,
        article: &Article,
        batch: &Option<Batch>,
        twin: Option<&ArticleId>,
    ) -> (State, String) {
        if arrival.first == First::Baseline {
            let reason = SkipReason::Baseline;
            return (
                State::Skipped { reason },
                "first poll of the feed".to_owned(),
            );
        }
        if let Some(twin) = twin {
            let reason = HoldReason::DoubtfulTwin;
            return (State::Held { reason }, format!("reads like {twin}"));
        }
        let holds = |batch: &&Batch| self.moved || self.floods(arrival, batch.count);
        if let Some(batch) = batch.as_ref().filter(holds) {
            let count = batch.count;
            if self.moved {
                let reason = HoldReason::MovedFeed;
                let rule = format!("{count} new at once at a new address");
                return (State::Held { reason }, rule);
            }
            let reason = HoldReason::Flood;
            let most = arrival.flood_over.unwrap_or_default();
            let rule = format!("{count} new at once; flood_over = {most}");
            return (State::Held { reason }, rule);
        }
        if self.page_is_read(article) {
            return (State::Recorded, "its page is read first".to_owned());
        }
        decide(
            article,
            &self.feed.selection,
            &arrival.manners,
            arrival.review,
            self.now,
            self.now,
        )
    }

    fn page_is_read(&self, article: &Article) -> bool {
        self.feed.read_pages && article.link.is_some()
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
