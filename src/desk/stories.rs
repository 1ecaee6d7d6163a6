//! Tells what was decided about an article, when, and by which rule.

use super::report::{OtherLine, Story, StoryLine};
use super::{Answer, Desk, DeskError};
use crate::article::ArticleId;
use crate::article::text::matching_form;
use crate::exit::Exit;
use crate::ledger::books::Told;
use crate::ledger::event::{Event, What};
use crate::ledger::state::State;
use crate::ledger::step::{Balk, Change};
use crate::poller::FEED_ALONE;

/// How many more articles are named that match the same words.
const OTHERS_MAX: usize = 20;

impl Desk {
    /// The story of the article that an id, an address, a guid or words of a headline name.
    pub(super) async fn why(&self, what: &str) -> Result<Answer, DeskError> {
        let mut matching = match self.article_named(what).await? {
            Some(id) => vec![id],
            None => self.with_words(what).await?,
        }
        .into_iter();
        let Some(id) = matching.next() else {
            let text = self.language.say("desk.unknown-article", &[("what", what)]);
            return Err(DeskError::BadRequest(text));
        };
        let others = self.others(matching).await?;
        let row = self.row(&id).await?;
        let name = id.clone();
        let told = self.ledger.ask(move |books| books.story(&name)).await?;
        let story = Story {
            article: id.to_string(),
            title: row.article.title,
            link: row.article.link.map(|link| link.to_string()),
            events: told.iter().flat_map(|told| self.lines(told)).collect(),
            others,
        };
        Ok(Answer::new(Exit::Done, &story))
    }

    async fn others(
        &self,
        ids: impl Iterator<Item = ArticleId>,
    ) -> Result<Vec<OtherLine>, DeskError> {
        let mut others = Vec::new();
        for id in ids.take(OTHERS_MAX) {
            let article = self.row(&id).await?.article;
            others.push(OtherLine {
                article: id.to_string(),
                title: article.title,
                link: article.link.map(|link| link.to_string()),
            });
        }
        Ok(others)
    }

    /// The articles with all these words in their headlines, newest first.
    async fn with_words(&self, what: &str) -> Result<Vec<ArticleId>, DeskError> {
        let wanted: Vec<String> = matching_form(what)
            .split_whitespace()
            .map(ToOwned::to_owned)
            .collect();
        if wanted.is_empty() {
            return Ok(Vec::new());
        }
        let mut matching = self
            .ledger
            .ask(move |books| {
                let mut matching: Vec<(u64, ArticleId)> = Vec::new();
                books.articles(&mut |id, row| {
                    let title = matching_form(&row.article.title);
                    if wanted.iter().all(|word| title.contains(word)) {
                        matching.push((row.order, id));
                    }
                    true
                })?;
                Ok(matching)
            })
            .await?;
        matching.sort_by_key(|(order, _)| std::cmp::Reverse(*order));
        Ok(matching.into_iter().map(|(_, id)| id).collect())
    }

    /// One event as lines of the story: the first sight is also where it started on each Page.
    fn lines(&self, told: &Told) -> Vec<StoryLine> {
        let Event { at, what, rule } = &told.event;
        let line = |what, page: Option<String>, detail| StoryLine {
            at: *at,
            what,
            page,
            rule: rule.clone(),
            detail,
        };
        match what {
            What::Recorded { article, pages, .. } => {
                let seen = line("recorded", None, Some(article.title.clone()));
                let placed = pages
                    .iter()
                    .filter(|placed| placed.state != State::Recorded)
                    .map(|placed| {
                        let page = Some(self.page_name(&placed.page));
                        let word = placed.state.standing().word();
                        line(word, page, placed.state.reason())
                    });
                std::iter::once(seen).chain(placed).collect()
            }
            What::Placed { page, .. } => {
                let name = Some(self.page_name(&page.page));
                let word = page.state.standing().word();
                vec![line(word, name, page.state.reason())]
            }
            What::Learned { keys, .. } => vec![line("learned", None, Some(keys.join(", ")))],
            What::Enriched { .. }
                if rule
                    .as_deref()
                    .is_some_and(|rule| rule.starts_with(FEED_ALONE)) =>
            {
                vec![line("enrich-failed", None, None)]
            }
            What::Enriched { article, .. } => {
                let pictures = article.images.len();
                vec![line("enriched", None, Some(format!("{pictures} pictures")))]
            }
            What::Corrected { article, .. } => {
                vec![line("corrected", None, Some(article.title.clone()))]
            }
            What::Gone { status, .. } => vec![line("gone", None, Some(status.to_string()))],
            What::EnrichFailed { why, .. } => vec![line("enrich-failed", None, Some(why.clone()))],
            What::Changed { page, change, .. } => {
                let name = Some(self.page_name(page));
                vec![line(change.word(), name, detail(change))]
            }
            _ => Vec::new(),
        }
    }
}

/// What a change carries that its word does not say.
fn detail(change: &Change) -> Option<String> {
    match change {
        Change::Held { reason } => Some(reason.word().to_owned()),
        Change::Skipped { reason } => Some(reason.word().to_owned()),
        Change::Claimed { epoch, .. } => Some(format!("run {}", epoch.0)),
        Change::Uploaded { photo, .. } => Some(photo.photo.0.clone()),
        Change::LeftOut { source, .. } => Some(source.clone()),
        Change::NotSent {
            balk: Some(Balk::Card),
            ..
        } => Some("not sent; again without its card".to_owned()),
        Change::Sending { draft, fence, .. } => Some(format!(
            "{} pictures, {} posts on the Page before",
            draft.photos.len(),
            fence.len()
        )),
        Change::Published {
            post, permalink, ..
        }
        | Change::Adopted { post, permalink }
        | Change::ResolvedPosted { post, permalink } => {
            let place = permalink.clone().unwrap_or_else(|| post.0.clone());
            Some(format!("published: {place}"))
        }
        Change::NotSent { not_before, .. } | Change::Released { not_before, .. } => {
            Some(match not_before {
                Some(until) => format!("not sent; again from {until}"),
                None => "not sent".to_owned(),
            })
        }
        Change::Refused { reason, .. } => Some(format!("refused: {reason}")),
        Change::Doubted { why, .. } => Some(format!("unresolved: {why}")),
        Change::LookFailed { why } => Some(why.clone()),
        Change::Looked { page_time } => Some(format!("not there at {page_time}")),
        Change::Absent => Some("absent: queued again, as it was".to_owned()),
        Change::GivenUp => Some("cannot tell: held".to_owned()),
        Change::ResolvedAbsent => Some("a person says that it is absent".to_owned()),
        Change::Requeued(order) | Change::Again(order) => {
            order.not_before.map(|at| format!("not before {at}"))
        }
        Change::Editing { message } | Change::Edited { message } => Some(message.clone()),
        Change::Queued
        | Change::Approved
        | Change::Outdated
        | Change::CorrectionAsked
        | Change::CorrectionDropped => None,
    }
}
