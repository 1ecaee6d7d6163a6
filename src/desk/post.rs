//! The manual one-off: one article, now, on the Pages that a person names.

use std::path::Path;
use std::sync::Arc;

use url::Url;

use super::naming::Named;
use super::once::stop_exit;
use super::report::{Answer, PostReport};
use super::request::{PostOrder, Subject};
use super::{Desk, DeskError, find_by_keys};
use crate::article::identity::{self, Key};
use crate::article::{Article, ArticleId, Image};
use crate::exit::Exit;
use crate::ledger::event::{Placed, What};
use crate::ledger::state::{HoldReason, Record, State};
use crate::ledger::step::{Change, Order};
use crate::ledger::{self, LedgerError};
use crate::poller::FAILURES_MAX;
use crate::post::{Draft, Photo};
use crate::publisher::compose::{self, Composed};
use crate::publisher::page::Page;
use crate::publisher::{Progress, PublishError};

/// What one Page's share of an order came to.
struct Outcome {
    exit: Exit,
    report: PostReport,
}

impl Desk {
    /// Posts one article on every Page named.
    pub(super) async fn post(&self, order: PostOrder) -> Result<Answer, DeskError> {
        let pages = self.pages_ordered(&order.pages)?;
        let mut named = self.named(&order.what).await?;
        if let Some(link) = &order.link {
            named.article.link = Some(self.address(link)?);
        }
        let mut outcomes = Vec::new();
        for page in &pages {
            let outcome = self.post_on(page, &named, &order).await?;
            // A second Page must not give the article a second name.
            named.id = named
                .id
                .or(outcome.report.article.clone().map(ArticleId::new));
            outcomes.push(outcome);
        }
        let worst = outcomes.iter().map(|outcome| outcome.exit).max();
        let exit = worst.unwrap_or(Exit::Done);
        let reports: Vec<&PostReport> = outcomes.iter().map(|outcome| &outcome.report).collect();
        Ok(match reports.as_slice() {
            [one] => Answer::new(exit, one),
            several => Answer::new(exit, &several),
        })
    }

    fn pages_ordered(&self, names: &[String]) -> Result<Vec<Arc<Page>>, DeskError> {
        if names.is_empty() {
            return match self.pages.as_slice() {
                [only] => Ok(vec![Arc::clone(only)]),
                several => {
                    let names: Vec<&str> = several.iter().map(|page| page.name.as_str()).collect();
                    let known = names.join(", ");
                    Err(DeskError::Usage(
                        self.language.say("desk.which-page", &[("known", &known)]),
                    ))
                }
            };
        }
        let mut pages: Vec<Arc<Page>> = Vec::new();
        for name in names {
            let page = self.page_named(name)?;
            if !pages.iter().any(|known| known.key == page.key) {
                pages.push(Arc::clone(page));
            }
        }
        Ok(pages)
    }

    async fn post_on(
        &self,
        page: &Arc<Page>,
        named: &Named,
        order: &PostOrder,
    ) -> Result<Outcome, DeskError> {
        if order.dry_run {
            let composed = self.composed(page, &named.article, order).await?;
            self.publisher.media.forget(&composed.draft.photos);
            let report = preview_report(page, named.id.as_ref(), &composed);
            return Ok(Outcome {
                exit: Exit::Done,
                report,
            });
        }
        let composed = match has_own_words(order) {
            true => Some(self.composed(page, &named.article, order).await?),
            false => None,
        };
        let warnings = composed
            .as_ref()
            .map(|composed| composed.warnings.clone())
            .unwrap_or_default();
        let draft = composed.map(|composed| composed.draft);
        let id = match self.queue(page, named, order, draft).await? {
            Queued::Waits(id) => id,
            Queued::Stands(record) => return Ok(self.stands_already(page, &record, named)),
        };
        self.poller.enrich_one(&id, FAILURES_MAX as usize).await?;
        let now = self.publisher.clock.now();
        let progress = match order.at.filter(|at| *at > now) {
            Some(later) => Progress::Idle(Some(later)),
            None => self.publisher.publish_now(page, id.clone()).await?,
        };
        self.outcome(page, &id, progress, warnings).await
    }

    /// What may already be on the Page is told, not sent.
    fn stands_already(&self, page: &Page, record: &Record, named: &Named) -> Outcome {
        let (exit, key) = match &record.state {
            State::Published { .. } => (Exit::BadData, "desk.published-already"),
            _ => (Exit::TryLater, "desk.in-doubt"),
        };
        let mut report = record_report(page, record, &named.article, Vec::new());
        let place = report.permalink.clone().or(report.post_id.clone());
        let place = place.unwrap_or_default();
        let values = [
            ("page", page.name.as_str()),
            ("place", place.as_str()),
            ("article", record.article.as_str()),
        ];
        report.error = Some(self.language.say(key, &values));
        Outcome { exit, report }
    }

    /// Makes sure that the article has a record on the Page, and puts it in the queue. Looks and
    /// writes in one turn of the ledger: two people who name one article at once name one article.
    async fn queue(
        &self,
        page: &Page,
        named: &Named,
        order: &PostOrder,
        draft: Option<Draft>,
    ) -> Result<Queued, LedgerError> {
        let (at, key, again) = (self.publisher.clock.now(), page.key.clone(), order.again);
        let (known, article) = (named.id.clone(), named.article.clone());
        let order = Order {
            not_before: order.at,
            draft,
        };
        self.ledger
            .ask(move |books| {
                let known = match known {
                    Some(id) => Some(id),
                    None => find_by_keys(books, keys_of(&article))?,
                };
                let record = match &known {
                    Some(id) => books.record(id, &key)?,
                    None => None,
                };
                if let Some(record) = record.as_ref().filter(|record| may_stand(record, again)) {
                    return Ok(Queued::Stands(Box::new(record.clone())));
                }
                let (id, mut entries) = introduced(books, known, article, &key, record.as_ref())?;
                let published = |record: Record| matches!(record.state, State::Published { .. });
                let change = match record.is_some_and(published) {
                    true => Change::Again(order),
                    false => Change::Requeued(order),
                };
                entries.push(ledger::Entry {
                    rule: Some("loa post".to_owned()),
                    what: What::Changed {
                        id: id.clone(),
                        page: key,
                        change,
                    },
                });
                books.commit(at, entries)?;
                Ok(Queued::Waits(id))
            })
            .await
    }

    async fn outcome(
        &self,
        page: &Arc<Page>,
        id: &ArticleId,
        progress: Progress,
        warnings: Vec<String>,
    ) -> Result<Outcome, DeskError> {
        let (article, key) = (id.clone(), page.key.clone());
        let (record, row) = self
            .ledger
            .ask(move |books| {
                let record = books.record(&article, &key)?;
                let row = books.article(&article)?;
                Ok((record, row))
            })
            .await?;
        let (Some(record), Some(row)) = (record, row) else {
            return Err(LedgerError::NoArticle(id.clone()).into());
        };
        let mut report = record_report(page, &record, &row.article, warnings);
        let now = self.publisher.clock.now();
        let exit = match (&record.state, &progress) {
            (State::Published { .. }, _) => Exit::Done,
            (State::Queued { not_before, .. }, Progress::Idle(_))
                if not_before.is_some_and(|at| at > now) =>
            {
                Exit::Done
            }
            (_, Progress::Stopped(stop)) => stop_exit(stop),
            (State::Refused { .. }, _) => Exit::BadData,
            _ => Exit::TryLater,
        };
        if exit != Exit::Done {
            report.error = Some(self.why_not(page, &record, &progress).await?);
        }
        Ok(Outcome { exit, report })
    }

    async fn why_not(
        &self,
        page: &Page,
        record: &Record,
        progress: &Progress,
    ) -> Result<String, LedgerError> {
        use crate::publisher::Stop;
        Ok(match (progress, &record.state) {
            (Progress::Stopped(Stop::Unavailable(why) | Stop::NotAllowed(why)), _) => self
                .language
                .say("desk.page-stopped", &[("page", &page.name), ("why", why)]),
            (_, State::Refused { reason }) => self
                .language
                .say("desk.refused", &[("page", &page.name), ("reason", reason)]),
            (_, State::Unresolved(search)) => self.language.say(
                "desk.unresolved",
                &[("page", &page.name), ("why", &search.why)],
            ),
            _ => {
                let key = page.key.clone();
                let row = self.ledger.ask(move |books| books.page(&key)).await?;
                let why = row.pause.map_or_else(String::new, |pause| pause.why);
                self.language
                    .say("desk.waits", &[("page", &page.name), ("why", &why)])
            }
        })
    }

    /// The post as it would be made, with the person's own words and pictures.
    pub(super) async fn composed(
        &self,
        page: &Page,
        article: &Article,
        order: &PostOrder,
    ) -> Result<Composed, DeskError> {
        let template = order.template.as_deref().unwrap_or(&page.template);
        let mut composed = compose::text(
            &self.publisher.templates,
            template,
            page,
            article,
            self.language,
        )
        .map_err(|error| DeskError::BadRequest(error.to_string()))?;
        let own_text = match &order.what {
            Subject::Text(text) if order.template.is_none() => Some(text.clone()),
            _ => None,
        };
        if let Some(message) = order.message.clone().or(own_text) {
            composed.draft.message = message.trim().to_owned();
        }
        let mut composed = if order.images.is_empty() {
            compose::with_pictures(composed, &self.publisher.media, page, article)
                .await
                .map_err(PublishError::from)?
        } else {
            let photos = self.own_pictures(&order.images, page).await?;
            composed.draft.photos = photos;
            composed
        };
        composed.draft = compose::shaped(composed.draft);
        Ok(composed)
    }

    /// Pictures that a person named: every one of them must do.
    async fn own_pictures(&self, names: &[String], page: &Page) -> Result<Vec<Photo>, DeskError> {
        let most = page.destination.limits().photos_max;
        if names.len() > most {
            let (given, most) = (names.len().to_string(), most.to_string());
            return Err(DeskError::BadRequest(self.language.say(
                "desk.too-many-pictures",
                &[("given", &given), ("most", &most)],
            )));
        }
        let mut photos = Vec::new();
        for name in names {
            photos.push(self.own_picture(name).await?);
        }
        Ok(photos)
    }

    async fn own_picture(&self, name: &str) -> Result<Photo, DeskError> {
        let bad = |why: String| {
            let text = self
                .language
                .say("desk.bad-picture", &[("picture", name), ("why", &why)]);
            DeskError::BadRequest(text)
        };
        let path = Path::new(name);
        if path.is_absolute() {
            let source = Url::from_file_path(path)
                .map_err(|()| bad(self.language.say("desk.not-a-file", &[])))?;
            return self.publisher.media.take(path, source).map_err(bad);
        }
        let url = self.address(name)?;
        let article = Article {
            images: vec![Image::bare(url)],
            ..Article::default()
        };
        let collected = self
            .publisher
            .media
            .collect(&article, 1)
            .await
            .map_err(|error| bad(error.to_string()))?;
        let note = collected.notes.first().cloned().unwrap_or_default();
        collected.photos.into_iter().next().ok_or_else(|| bad(note))
    }
}

/// What became of an order on its way into the queue.
enum Queued {
    /// It waits for its turn.
    Waits(ArticleId),
    /// The article is on the Page, or may be.
    Stands(Box<Record>),
}

/// Whether the article is on the Page or may be: what is posted may be posted again only at a
/// person's word, what is in doubt not even then.
fn may_stand(record: &Record, again: bool) -> bool {
    match record.state {
        State::Published { .. } => !again,
        State::Uploading { .. }
        | State::Sending { .. }
        | State::Unresolved(_)
        | State::Held {
            reason: HoldReason::Unresolved,
        } => true,
        _ => false,
    }
}

/// Whether the order fixes the post itself, rather than leaving it to the template.
fn has_own_words(order: &PostOrder) -> bool {
    order.message.is_some()
        || order.template.is_some()
        || order.link.is_some()
        || !order.images.is_empty()
        || matches!(order.what, Subject::Text(_) | Subject::Article(_))
}

/// What has to be written down before the article can be queued on the Page.
fn introduced(
    books: &ledger::Books,
    known: Option<ArticleId>,
    article: Article,
    page: &crate::ledger::state::PageKey,
    record: Option<&Record>,
) -> Result<(ArticleId, Vec<ledger::Entry>), LedgerError> {
    let placed = Placed {
        page: page.clone(),
        state: State::queued(),
    };
    let rule = Some("loa post".to_owned());
    match (known, record) {
        (Some(id), Some(_)) => Ok((id, Vec::new())),
        (Some(id), None) => {
            let what = What::Placed {
                id: id.clone(),
                page: placed,
            };
            Ok((id, vec![ledger::Entry { what, rule }]))
        }
        (None, _) => {
            let keys = keys_of(&article);
            let id = identity::name(&keys, |name| {
                Ok::<_, LedgerError>(books.article(name)?.is_some())
            })?;
            let what = What::Recorded {
                id: id.clone(),
                article,
                keys: keys.iter().map(ToString::to_string).collect(),
                pages: vec![placed],
                unread: false,
            };
            Ok((id, vec![ledger::Entry { what, rule }]))
        }
    }
}

pub(super) fn keys_of(article: &Article) -> Vec<Key> {
    identity::keys_of(
        &article.feed,
        article.guid.as_deref(),
        article.link.as_ref(),
        &article.title,
        article.lead.as_deref(),
    )
}

pub(super) fn preview_report(
    page: &Page,
    id: Option<&ArticleId>,
    composed: &Composed,
) -> PostReport {
    let draft = &composed.draft;
    PostReport {
        article: id.map(ToString::to_string),
        page: page.name.clone(),
        state: "preview",
        message: draft.message.clone(),
        link: draft
            .link
            .as_ref()
            .or(draft.article_link.as_ref())
            .map(ToString::to_string),
        images: draft
            .photos
            .iter()
            .map(|photo| photo.source.to_string())
            .collect(),
        alt_texts: draft
            .photos
            .iter()
            .map(|photo| photo.alt_text.clone())
            .collect(),
        post_id: None,
        permalink: None,
        warnings: composed.warnings.clone(),
        error: None,
    }
}

fn record_report(
    page: &Page,
    record: &Record,
    article: &Article,
    warnings: Vec<String>,
) -> PostReport {
    let (post_id, permalink) = match &record.state {
        State::Published {
            post, permalink, ..
        } => (Some(post.0.clone()), permalink.clone()),
        _ => (None, None),
    };
    let photos = record.draft.as_ref().map(|draft| draft.photos.as_slice());
    let photos = photos.unwrap_or_default();
    PostReport {
        article: Some(record.article.to_string()),
        page: page.name.clone(),
        state: record.state.standing().word(),
        message: record
            .draft
            .as_ref()
            .map(|draft| draft.message.clone())
            .unwrap_or_default(),
        link: article.link.as_ref().map(ToString::to_string),
        images: photos
            .iter()
            .map(|photo| photo.source.to_string())
            .collect(),
        alt_texts: photos.iter().map(|photo| photo.alt_text.clone()).collect(),
        post_id,
        permalink,
        warnings,
        error: None,
    }
}
