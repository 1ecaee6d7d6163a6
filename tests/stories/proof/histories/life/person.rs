//! What people do in a history: they speak to loa, and they post by hand.

use loa::desk::Request;
use loa::desk::request::{ArticleDocument, Pick, PostOrder, Resolution, Subject, Verb};
use loa::ledger::event::PausedBy;
use loa::ledger::state::{HoldReason, Record, State};

use super::Life;
use crate::proof::histories::office::{page_key, verb};

impl Life {
    pub(super) fn a_person_posts(&mut self) {
        if let Some(article) = self.chance.choice(&self.site.articles) {
            let link = article.link().to_owned();
            self.tally.verbs += u64::from(self.page.posted_by_hand(&link));
        }
    }

    pub(super) fn a_person_speaks(&mut self) {
        let (lives, request) = (self.fate(), self.request());
        let Some(request) = request else {
            return;
        };
        self.says(request, lives);
    }

    fn says(&mut self, request: Request, lives: Option<usize>) {
        let mut chance = self.chance.fork();
        self.tally.verbs += 1;
        self.office_works(|office| {
            office.run(|desk| vec![verb(desk, request)], &mut chance, lives)
        });
    }

    pub(super) fn a_person_helps(&mut self) {
        let pause = self
            .office()
            .ask(|books| Ok(books.page(&page_key())?.pause));
        if pause.is_some_and(|pause| pause.by != PausedBy::Throttle) {
            self.says(Request::Resume { page: None }, None);
        }
        if let Some(resolution) = self.resolution() {
            self.says(resolution, None);
        }
    }

    /// What a person may want now.
    pub(super) fn request(&mut self) -> Option<Request> {
        // Whoever speaks to loa sees how things stand.
        self.running()?;
        let whim = self.chance.u8(0..12);
        match whim {
            0 => {
                return Some(Request::Pause {
                    page: None,
                    for_secs: self.chance.bool().then_some(600),
                    why: None,
                });
            }
            1..4 => return Some(Request::Resume { page: None }),
            4 => return self.resolution(),
            _ => {}
        }
        if let Some(request) = self.about_twins() {
            return Some(request);
        }
        let article = self.chance.choice(&self.site.articles)?.clone();
        let link = article.link().to_owned();
        if article.seen && article.changed {
            // Loa would have to fetch it to know which one is meant.
            return None;
        }
        if !article.seen {
            return (whim == 5 && !article.changed).then(|| {
                Request::Post(PostOrder {
                    what: Subject::Article(Box::new(ArticleDocument {
                        title: Some(article.title),
                        lead: Some(article.lead),
                        link: Some(link),
                        ..ArticleDocument::default()
                    })),
                    ..PostOrder::default()
                })
            });
        }
        if self.twins.iter().any(|twin| article.links.contains(twin)) {
            return None;
        }
        let change = |verb| Request::Change {
            verb,
            pick: Pick {
                articles: vec![link.clone()],
                ..Pick::default()
            },
        };
        Some(match whim {
            5 | 6 => Request::Post(PostOrder {
                what: Subject::Address(link),
                again: self.chance.bool(),
                ..PostOrder::default()
            }),
            7 => change(Verb::Hold),
            8 => change(Verb::Skip),
            9 => change(Verb::Retry),
            _ => change(Verb::Approve),
        })
    }

    /// A person who is asked whether two are one looks, says that they are, and stays with that.
    fn about_twins(&mut self) -> Option<Request> {
        let mut doubtful = self.held();
        doubtful.retain(|record| {
            let reason = HoldReason::DoubtfulTwin;
            record.state == State::Held { reason }
        });
        for record in &doubtful {
            let id = record.article.clone();
            let row = self.running()?.ask(move |books| books.article(&id))?;
            self.twins.extend(row.article.link.map(String::from));
        }
        (!doubtful.is_empty()).then(|| Request::Change {
            verb: Verb::Skip,
            pick: Pick {
                held: Some("doubtful-twin".to_owned()),
                ..Pick::default()
            },
        })
    }

    /// Looks at the Page and says where a post stands that loa gave up looking for.
    fn resolution(&mut self) -> Option<Request> {
        if !self.page.is_at_rest() {
            return None;
        }
        let record = self.held().into_iter().find(given_up)?;
        let link = record.draft.as_ref()?.article_link.as_ref()?.to_string();
        let mut visible = self.page.visible();
        visible.retain(|post| post.link == link);
        // What loa made comes first: a post made by hand in the meantime is another one.
        visible.sort_by_key(|post| post.by_hand);
        let office = self.office.as_mut()?;
        let unknown = visible.into_iter().map(|post| post.id).find(|post| {
            let post = post.clone();
            !office.ask(move |books| books.knows_post(&page_key(), &post))
        });
        Some(Request::Resolve(Resolution {
            article: record.article.to_string(),
            page: None,
            posted: unknown.map(|post| post.0),
        }))
    }
}

/// Loa could not find out whether it is on the Page.
pub(super) fn given_up(record: &Record) -> bool {
    let reason = HoldReason::Unresolved;
    record.state == State::Held { reason }
}
