//! What is to become of an article on a Page, once it is known well enough. Pure.

use jiff::Timestamp;

use crate::article::Article;
use crate::article::select::{Decision, Selection};
use crate::clock;
use crate::ledger::state::{HoldReason, SkipReason, State};
use crate::publisher::plan::{Manners, too_old};

/// Where the article goes, with the rule and the value it was decided on.
pub fn decide(
    article: &Article,
    selection: &Selection,
    manners: &Manners,
    review: bool,
    first_seen: Timestamp,
    now: Timestamp,
) -> (State, String) {
    match selection.decide(article) {
        Decision::Skip { rule } => {
            let reason = SkipReason::Filter;
            return (State::Skipped { reason }, rule);
        }
        Decision::Hold { rule } => {
            let reason = HoldReason::NeverAuto;
            return (State::Held { reason }, rule);
        }
        Decision::Post => {}
    }
    if too_old(manners, article.published, first_seen, now) {
        let published = article.published.unwrap_or(first_seen);
        let reason = HoldReason::TooOld;
        let rule = format!(
            "max_age {}; published {published}",
            clock::written(manners.max_age)
        );
        return (State::Held { reason }, rule);
    }
    if review {
        let reason = HoldReason::Review;
        return (State::Held { reason }, "review = \"all\"".to_owned());
    }
    (State::queued(), "new".to_owned())
}
