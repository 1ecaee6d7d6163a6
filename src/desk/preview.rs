//! Shows a post without sending it.

use super::naming::Named;
use super::report::PostReport;
use super::request::{PostOrder, PreviewWish, Subject};
use super::{Answer, Desk, DeskError};
use crate::article::Article;
use crate::exit::Exit;
use crate::feed::fetch::{Fetch, Validators, fetch};
use crate::feed::{self, Entry};
use crate::ledger::rows::ArticleRow;
use crate::poller::Source;

impl Desk {
    /// The post as readers would see it.
    pub(super) async fn preview(&self, wish: PreviewWish) -> Result<Answer, DeskError> {
        let named = self.with_its_page(self.named(&wish.what).await?).await;
        let page = match &wish.page {
            Some(name) => self.page_named(name)?,
            None => self.page_for(&named.article)?,
        };
        let order = PostOrder {
            template: wish.template,
            what: wish.what,
            ..PostOrder::default()
        };
        let composed = self.composed(page, &named.article, &order).await?;
        let mut report = PostReport::preview(page, &named, &composed);
        if let Some(id) = &named.id
            && let Some(wait) = self.publisher.waits_for(page, id).await?
        {
            report.waits = Some(self.waiting(&wait));
            report.next = wait.until;
        }
        self.publisher.forget_pictures().await?;
        Ok(Answer::new(Exit::Done, &report))
    }

    /// The first Page that gets the article's feed; any, for an article of no feed.
    fn page_for(
        &self,
        article: &Article,
    ) -> Result<&std::sync::Arc<crate::publisher::page::Page>, DeskError> {
        self.pages
            .iter()
            .find(|page| page.feeds.contains(&article.feed))
            .or(self.pages.first())
            .ok_or_else(|| DeskError::Usage(self.language.say("desk.no-page", &[])))
    }

    /// The newest article that the ledger knows; before there is one, the first feed's newest.
    pub(super) async fn newest(&self) -> Result<Named, DeskError> {
        let newest = self
            .ledger
            .ask(|books| {
                let mut newest = None;
                books.articles(&mut |id, row| {
                    if newest
                        .as_ref()
                        .is_none_or(|(_, newest): &(_, ArticleRow)| row.order > newest.order)
                    {
                        newest = Some((id, row));
                    }
                    true
                })?;
                Ok(newest)
            })
            .await?;
        match (newest, self.poller.sources.first()) {
            (Some((id, row)), _) => Ok(Named::known(id, row)),
            (None, Some(source)) => self.newest_of(source).await,
            (None, None) => Err(DeskError::BadRequest(
                self.language.say("desk.nothing-to-show", &[]),
            )),
        }
    }

    /// The newest entry of a feed, read now and not written down.
    pub(super) async fn newest_of_feed(&self, name: &str) -> Result<Named, DeskError> {
        let source = self
            .poller
            .sources
            .iter()
            .find(|source| source.name == name)
            .ok_or_else(|| {
                let names: Vec<&str> = self
                    .poller
                    .sources
                    .iter()
                    .map(|source| source.name.as_str())
                    .collect();
                let known = names.join(", ");
                DeskError::Usage(
                    self.language
                        .say("desk.no-such-feed", &[("feed", name), ("known", &known)]),
                )
            })?;
        self.newest_of(source).await
    }

    async fn newest_of(&self, source: &Source) -> Result<Named, DeskError> {
        let entry = self.newest_entry(source).await?;
        Ok(Named {
            id: None,
            article: Article::from_entry(&entry, &source.name),
            unread: source.read_pages,
        })
    }

    async fn newest_entry(&self, source: &Source) -> Result<Entry, DeskError> {
        let unreadable = |why: String| {
            DeskError::Unavailable(self.language.say(
                "desk.unreadable-feed",
                &[("feed", &source.name), ("why", &why)],
            ))
        };
        let now = self.publisher.clock.now();
        let answer = fetch(&self.poller.web, &source.url, &Validators::default(), now)
            .await
            .map_err(|error| unreadable(error.to_string()))?;
        let Fetch::Changed {
            body,
            content_type,
            url,
            ..
        } = answer
        else {
            return Err(unreadable("304".to_owned()));
        };
        let dates = source.dates(now);
        let feed = feed::parse(&body, content_type.as_deref(), Some(&url), &dates)
            .map_err(|error| unreadable(error.to_string()))?;
        feed.entries
            .into_iter()
            .next()
            .ok_or_else(|| DeskError::BadRequest(self.language.say("desk.nothing-to-show", &[])))
    }
}

impl Default for PreviewWish {
    fn default() -> Self {
        Self {
            what: Subject::Newest,
            page: None,
            template: None,
        }
    }
}
