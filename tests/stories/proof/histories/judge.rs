//! Judges a history by what the Page shows and what the site brought out.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use loa::article::ArticleId;
use loa::article::identity::keys_of;
use loa::ledger::LedgerError;
use loa::ledger::event::What;
use loa::ledger::state::{Record, State};
use loa::ledger::step::Change;
use loa::post::PostId;

use super::life::Life;
use super::office::page_key;
use super::page::Post;
use super::site::Article;

/// What must never be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Wrong {
    /// An article shows more often than it was asked for.
    Repeated(String),
    /// An article is neither shown nor accounted for.
    Vanished(String),
    /// An article is never settled, although nothing goes wrong any more.
    Stuck(String),
    /// The process ended although nothing was wrong with its disk.
    Ended(String),
}

impl Wrong {
    /// It in one word.
    pub(super) fn word(&self) -> &'static str {
        match self {
            Self::Repeated(_) => "repeated",
            Self::Vanished(_) => "vanished",
            Self::Stuck(_) => "stuck",
            Self::Ended(_) => "ended",
        }
    }
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Self::Repeated(what) | Self::Vanished(what) | Self::Stuck(what) | Self::Ended(what)) =
            self;
        write!(f, "{}: {what}", self.word())
    }
}

/// What is wrong with a history that has come to its end.
pub(super) fn judge(life: &mut Life) -> Option<Wrong> {
    let visible = life.page.visible();
    let articles = life.site.articles.clone();
    let mut taken = BTreeSet::new();
    articles.iter().find_map(|article| {
        let own = |post: &&Post| article.links.contains(&post.link);
        let shown: Vec<&Post> = visible.iter().filter(own).collect();
        let known = known_as(life, article);
        if !known
            .iter()
            .all(|record| taken.insert(record.article.clone()))
        {
            return Some(Wrong::Vanished(format!("in another: {article:#?}")));
        }
        wrong_with(life, article, &shown, &known)
    })
}

fn wrong_with(
    life: &mut Life,
    article: &Article,
    shown: &[&Post],
    known: &[Record],
) -> Option<Wrong> {
    if known.is_empty() {
        return article
            .seen
            .then(|| Wrong::Vanished(format!("{article:#?}")));
    }
    let generations: u32 = known.iter().map(|record| record.generation).sum();
    let copied = shown.iter().filter(|post| post.copied).count();
    let made: BTreeSet<&PostId> = shown
        .iter()
        .filter(|post| !post.by_hand)
        .map(|post| &post.id)
        .collect();
    let all = || format!("{article:#?}\n{shown:#?}\n{known:#?}");
    let asked_for: usize = known
        .iter()
        .map(|record| copies_asked_for(life, record))
        .sum();
    if made.len() > 1 + generations as usize || copied > asked_for {
        return Some(Wrong::Repeated(all()));
    }
    let told: Vec<PostId> = known
        .iter()
        .flat_map(|record| outcomes(life, record))
        .collect();
    let distinct: BTreeSet<&PostId> = told.iter().collect();
    let published = |record: &&Record| matches!(record.state, State::Published { .. });
    let due = generations as usize + known.iter().filter(published).count();
    let there: BTreeSet<&PostId> = shown.iter().map(|post| &post.id).collect();
    let right = distinct.len() == due && distinct.is_subset(&there) && made.is_subset(&distinct);
    (!right).then(|| Wrong::Vanished(format!("{told:?}\n{}", all())))
}

/// The records of everything that this article is known as.
fn known_as(life: &mut Life, article: &Article) -> Vec<Record> {
    let keys: BTreeSet<String> = article
        .links
        .iter()
        .flat_map(|link| keys_of("", None, link.parse().ok().as_ref(), "", None))
        .map(|key| key.to_string())
        .collect();
    life.office().ask(move |books| {
        let mut known: BTreeMap<ArticleId, Record> = BTreeMap::new();
        for key in keys {
            if let Some(id) = books.by_key(&key)? {
                let record = books.record(&id, &page_key())?;
                known.extend(record.map(|record| (id, record)));
            }
        }
        Ok(known.into_values().collect())
    })
}

/// The posts that came of a record, one for each generation.
fn outcomes(life: &mut Life, record: &Record) -> Vec<PostId> {
    changes(life, record)
        .into_iter()
        .filter_map(post_of)
        .collect()
}

/// How often a person asked for a post of its own, whatever the Page shows.
fn copies_asked_for(life: &mut Life, record: &Record) -> usize {
    let asks = |change: &Change| match change {
        Change::Again(_) => true,
        Change::Requeued(order) => order.again,
        _ => false,
    };
    changes(life, record)
        .iter()
        .filter(|change| asks(change))
        .count()
}

fn changes(life: &mut Life, record: &Record) -> Vec<Change> {
    let id = record.article.clone();
    life.office().ask(move |books| {
        let told = books.story(&id)?;
        let changes = told.into_iter().filter_map(|told| match told.event.what {
            What::Changed { change, .. } => Some(change),
            _ => None,
        });
        Ok::<_, LedgerError>(changes.collect())
    })
}

fn post_of(change: Change) -> Option<PostId> {
    match change {
        Change::Published { post, .. }
        | Change::Adopted { post, .. }
        | Change::ResolvedPosted { post, .. } => Some(post),
        _ => None,
    }
}
