//! What a Page shows before anything is sent to it: articles that are there already, and posts of
//! our own app that the ledger does not know.

use std::collections::HashSet;

use jiff::Timestamp;
use tracing::info;

use super::compose;
use super::page::{Hand, Page};
use super::{Progress, PublishError, Publisher, plan, sighting};
use crate::article::ArticleId;
use crate::destination::{Reading, RemotePost};
use crate::ledger::event::{Pause, PausedBy, What};
use crate::ledger::rows::ArticleRow;
use crate::ledger::state::{PageKey, Record, SkipReason, Standing, State};
use crate::ledger::step::Change;
use crate::ledger::{Books, Entry, LedgerError};
use crate::post::{Draft, PostId};

impl Publisher {
    /// Before anything of ours was sent, whatever shows the article is its post.
    pub(super) async fn adopt(
        &self,
        page: &Page,
        record: &Record,
        row: &ArticleRow,
        draft: &Draft,
        reading: &Reading,
    ) -> Result<Option<Progress>, LedgerError> {
        let posts = sighting::shown_already(record, draft, reading);
        let posts = self.not_anothers(record, posts).await?;
        let Some(oldest) = posts.first() else {
            return Ok(None);
        };
        info!(
            article.id = %record.article, page.name = %page.name, post.id = %oldest.id,
            "{} shows {} already", page.name, record.article,
        );
        let (title, rule) = (&row.article.title, "the Page shows it already");
        let adopted = self.adopt_oldest(page, record, title, &posts, rule).await?;
        if adopted && record.ordered {
            let place = place_of(oldest);
            let page_name = page.name.as_str();
            let values = [("page", page_name), ("title", title), ("place", &place)];
            let text = self.language.say("notice.own-words-unsent", &values);
            self.notify(&page.name, text).await?;
        }
        Ok(Some(Progress::Moved))
    }

    /// Leaves out what is known to be another article's post, and only mentions this one.
    pub(super) async fn not_anothers<'a>(
        &self,
        record: &Record,
        mut posts: Vec<&'a RemotePost>,
    ) -> Result<Vec<&'a RemotePost>, LedgerError> {
        let (article, page) = (record.article.clone(), record.page.clone());
        let ids: Vec<PostId> = posts.iter().map(|post| post.id.clone()).collect();
        let anothers = self
            .ledger
            .ask(move |books| {
                let mut anothers = HashSet::new();
                for id in ids {
                    let of = books.article_of(&page, &id)?;
                    if of.is_some_and(|of| of != article) {
                        anothers.insert(id);
                    }
                }
                Ok(anothers)
            })
            .await?;
        posts.retain(|post| !anothers.contains(&post.id));
        Ok(posts)
    }

    /// Takes the oldest of the posts that show a record's article for its post. Says whether it
    /// did: there may be none, and a person may have been faster.
    async fn adopt_oldest(
        &self,
        page: &Page,
        record: &Record,
        title: &str,
        posts: &[&RemotePost],
        rule: &str,
    ) -> Result<bool, LedgerError> {
        let Some((oldest, copies)) = posts.split_first() else {
            return Ok(false);
        };
        let change = Change::Adopted {
            post: oldest.id.clone(),
            permalink: oldest.permalink.clone(),
        };
        let entry = Entry::change(record, change, rule);
        let adopted = self.commit_if_unchanged(record, vec![entry]).await?;
        if adopted {
            self.tell_of_copies(page, title, copies).await?;
        }
        Ok(adopted)
    }

    /// An article that stands on the Page more than once has one post in the ledger: the oldest.
    /// The others are known from now on, and a person is told.
    pub(super) async fn tell_of_copies(
        &self,
        page: &Page,
        title: &str,
        copies: &[&RemotePost],
    ) -> Result<(), LedgerError> {
        if copies.is_empty() {
            return Ok(());
        }
        let places: Vec<String> = copies.iter().map(|post| place_of(post)).collect();
        self.commit(vec![Entry::from(What::Acknowledged {
            page: page.key.clone(),
            posts: copies.iter().map(|post| post.id.clone()).collect(),
        })])
        .await?;
        let text = self.language.say(
            "notice.copies",
            &[
                ("page", &page.name),
                ("title", title),
                ("places", &places.join(", ")),
            ],
        );
        self.notify(&page.name, text).await
    }

    /// Looks on the Page for the articles that a feed showed at its first poll: those that stand
    /// there, also by hand, are published, and known so when the Page no longer lists them.
    /// Nothing is yielded when there is nothing to look for.
    pub(super) async fn match_baseline(
        &self,
        page: &Page,
        hand: &mut Hand,
    ) -> Result<Option<Progress>, PublishError> {
        let (key, now) = (page.key.clone(), self.clock.now());
        let baseline = self
            .ledger
            .ask(move |books| unmatched_baseline(books, &key, now))
            .await?;
        if baseline.is_empty() {
            return Ok(None);
        }
        let reading = match self.shown(page, hand).await {
            Ok(reading) => reading,
            Err(error) => {
                let stop = self.unreadable(page, hand, error).await?;
                return Ok(Some(Progress::Stopped(stop)));
            }
        };
        for (record, row) in &baseline {
            let template = &page.template;
            let composed =
                compose::text(&self.templates, template, page, &row.article, self.language)?;
            let posts = sighting::showing(&composed.draft, &record.fence, &reading);
            let posts = self.not_anothers(record, posts).await?;
            let rule = "the Page showed it before loa came";
            let title = &row.article.title;
            self.adopt_oldest(page, record, title, &posts, rule).await?;
        }
        let looked_for = baseline.into_iter().map(|(record, _)| record.article);
        self.baseline_was_looked_for(page, looked_for.collect(), now)
            .await?;
        self.strangers_stop(page, &reading).await?;
        Ok(Some(Progress::Moved))
    }

    /// Notes that the Page's baseline was looked for; unless another feed has brought more of it
    /// meanwhile, which the next turn looks for.
    async fn baseline_was_looked_for(
        &self,
        page: &Page,
        articles: HashSet<ArticleId>,
        at: Timestamp,
    ) -> Result<(), LedgerError> {
        let key = page.key.clone();
        self.ledger
            .ask(move |books| {
                let baseline = baseline_of(books, &key)?;
                if !baseline
                    .iter()
                    .all(|record| articles.contains(&record.article))
                {
                    return Ok(());
                }
                books.commit(at, [Entry::from(What::BaselineMatched { page: key })])
            })
            .await
    }

    /// Posts of our own app that no record knows: another installation, or a restored backup.
    /// Those that a Page shows when it is met first are taken as known, and so are those that may
    /// be the outcome of what was sent before.
    /// Says whether the Page was paused for them.
    pub(super) async fn strangers_stop(
        &self,
        page: &Page,
        reading: &Reading,
    ) -> Result<bool, LedgerError> {
        let (at, key) = (self.clock.now(), page.key.clone());
        let reading = reading.clone();
        let strangers = self
            .ledger
            .ask(move |books| {
                let strangers = strangers(books, &key, &reading)?;
                if books.page(&key)?.acquainted {
                    return Ok(strangers);
                }
                let acquainted = What::Acknowledged {
                    page: key,
                    posts: strangers,
                };
                books.commit(at, [Entry::from(acquainted)])?;
                Ok(Vec::new())
            })
            .await?;
        if strangers.is_empty() {
            return Ok(false);
        }
        let count = strangers.len().to_string();
        let why = self.language.say("pause.strangers", &[("count", &count)]);
        let pause = Pause {
            why,
            until: None,
            by: PausedBy::Strangers,
        };
        self.pause(page, pause).await?;
        Ok(true)
    }
}

/// Where readers find a post, or else what it is called.
fn place_of(post: &RemotePost) -> String {
    post.permalink.clone().unwrap_or(post.id.0.clone())
}

/// The baseline of the Page as far as it was not yet looked for there.
fn unmatched_baseline(
    books: &Books,
    page: &PageKey,
    now: Timestamp,
) -> Result<Vec<(Record, ArticleRow)>, LedgerError> {
    let row = books.page(page)?;
    if !row.unmatched || plan::paused(&row, now).is_some() {
        return Ok(Vec::new());
    }
    let mut baseline = Vec::new();
    for record in baseline_of(books, page)? {
        if let Some(row) = books.article(&record.article)? {
            baseline.push((record, row));
        }
    }
    Ok(baseline)
}

fn baseline_of(books: &Books, page: &PageKey) -> Result<Vec<Record>, LedgerError> {
    let baseline = State::Skipped {
        reason: SkipReason::Baseline,
    };
    let mut records = books.list(page, Standing::Skipped, usize::MAX)?;
    records.retain(|record| record.state == baseline);
    Ok(records)
}

/// Which of our app's posts neither a record nor a person knows, leaving out those that may be
/// the outcome of a call that was made.
fn strangers(books: &Books, page: &PageKey, reading: &Reading) -> Result<Vec<PostId>, LedgerError> {
    let mut sent = books.list(page, Standing::Unresolved, usize::MAX)?;
    sent.extend(books.list(page, Standing::Held, usize::MAX)?);
    // What was proved absent may appear after all, while it waits to be sent again.
    sent.extend(books.list(page, Standing::Queued, usize::MAX)?);
    sent.retain(|record| record.attempts > 0);
    let expected: Vec<&PostId> = sent
        .iter()
        .flat_map(|record| sighting::outcomes(record, reading))
        .map(|post| &post.id)
        .collect();
    let ours = reading.posts.iter().filter(|post| post.ours == Some(true));
    let mut strangers = Vec::new();
    for post in ours.map(|post| &post.id) {
        if !expected.contains(&post) && !books.knows_post(page, post)? {
            strangers.push(post.clone());
        }
    }
    Ok(strangers)
}
