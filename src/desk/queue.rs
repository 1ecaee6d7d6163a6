//! Puts an order into the queue of a Page.

use jiff::Timestamp;

use super::naming::Named;
use super::request::{PostOrder, Subject};
use super::{Desk, find_by_keys};
use crate::article::identity;
use crate::article::{Article, ArticleId};
use crate::ledger::event::{Placed, What};
use crate::ledger::state::{HoldReason, PageKey, Record, State};
use crate::ledger::step::{Change, Order};
use crate::ledger::{self, Books, LedgerError};
use crate::post::Draft;
use crate::publisher::page::Page;

impl Desk {
    /// Makes sure that the article has a record on the Page, and puts it in the queue. Looks and
    /// writes in one turn of the ledger: two people who name one article at once name one article.
    pub(super) async fn queue(
        &self,
        page: &Page,
        named: &Named,
        order: &PostOrder,
        draft: Option<Draft>,
    ) -> Result<Queued, LedgerError> {
        let at = self.publisher.clock.now();
        let wanted = Wanted {
            nameless: is_nameless(order, &named.article),
            known: named.id.clone(),
            article: named.article.clone(),
            page: page.key.clone(),
            order: Order {
                not_before: order.at,
                draft,
                again: order.again,
            },
        };
        self.ledger.ask(move |books| wanted.queue(books, at)).await
    }
}

/// An article that a person wants on a Page.
struct Wanted {
    /// By which name it is known.
    known: Option<ArticleId>,
    article: Article,
    /// It has no address to be recognised by.
    nameless: bool,
    page: PageKey,
    order: Order,
}

impl Wanted {
    fn queue(self, books: &mut Books, at: Timestamp) -> Result<Queued, LedgerError> {
        let again = self.order.again;
        let mut known = match self.known {
            Some(id) => Some(id),
            None => find_by_keys(books, self.article.keys())?,
        };
        if known.is_none() && self.nameless {
            known = books.first_of(self.article.keys())?;
            if let (Some(twin), false) = (&known, again) {
                return Ok(Queued::Twin(twin.clone()));
            }
        }
        let record = match &known {
            Some(id) => books.record(id, &self.page)?,
            None => None,
        };
        if let Some(record) = record.as_ref().filter(|record| may_stand(record, again)) {
            return Ok(Queued::Stands(Box::new(record.clone())));
        }
        let (id, mut entries) =
            introduced(books, known, self.article, &self.page, record.as_ref())?;
        let published = |record: &Record| matches!(record.state, State::Published { .. });
        let change = match record.as_ref().is_some_and(published) {
            true => Change::Again(self.order),
            false => Change::Requeued(self.order),
        };
        let calls_before = record.map_or(0, |record| record.attempts);
        entries.push(ledger::Entry {
            rule: Some("loa post".to_owned()),
            what: What::Changed {
                id: id.clone(),
                page: self.page,
                change,
            },
        });
        books.commit(at, entries)?;
        Ok(Queued::Waits { id, calls_before })
    }
}

/// What became of an order on its way into the queue.
pub(super) enum Queued {
    /// It waits for its turn.
    Waits {
        /// The article.
        id: ArticleId,
        /// How often a final call was begun for it until now.
        calls_before: u32,
    },
    /// The article is on the Page, or may be.
    Stands(Box<Record>),
    /// It has no address, and reads like this one.
    Twin(ArticleId),
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

/// Whether nothing but its words can tell which article a file describes.
fn is_nameless(order: &PostOrder, article: &Article) -> bool {
    matches!(order.what, Subject::Article(_)) && article.link.is_none()
}

/// Whether the order fixes the post itself, rather than leaving it to the Page's template.
pub(super) fn fixes_the_post(order: &PostOrder) -> bool {
    has_own_words(order) || matches!(order.what, Subject::Article(_))
}

/// Whether the post would differ from what loa makes of the article by itself.
pub(super) fn has_own_words(order: &PostOrder) -> bool {
    order.message.is_some()
        || order.template.is_some()
        || order.link.is_some()
        || !order.images.is_empty()
        || matches!(order.what, Subject::Text(_))
}

/// What has to be written down before the article can be queued on the Page.
fn introduced(
    books: &Books,
    known: Option<ArticleId>,
    article: Article,
    page: &PageKey,
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
            let keys = article.keys();
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
