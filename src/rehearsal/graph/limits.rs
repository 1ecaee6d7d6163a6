//! What stands around every answer: how much of the day's calls is spent, and which version gave it.

use serde_json::json;

use super::fault::Fault;
use super::{Asked, Outcome};
use crate::rehearsal::RehearsalPage;
use crate::rehearsal::habits::{Habits, Told, Toll};
use crate::rehearsal::login::Kind;
use crate::rehearsal::reply::{NEWEST_VERSION, Reply};

/// The answer, unless the day's calls are spent.
pub(super) async fn within(
    page: &RehearsalPage,
    asked: &Asked,
    answer: impl Future<Output = Outcome>,
) -> Outcome {
    let now = page.now();
    let is_free = matches!(asked.segments().as_slice(), ["oauth", _] | ["debug_token"]);
    let (toll, habits) = page.with(|posts| {
        let most = posts.habits.calls_a_day.filter(|_| !is_free);
        (posts.spent.one_more(most, now), posts.habits.clone())
    });
    let outcome = match toll {
        Toll::Taken(percent) => match answer.await {
            Outcome::Reply(reply) => Outcome::Reply(Reply {
                usage: reply
                    .usage
                    .or_else(|| Some(usage(page, &habits, percent?, 0))),
                ..reply
            }),
            none => none,
        },
        Toll::Blocked(minutes) => Outcome::Reply(Reply {
            usage: Some(usage(page, &habits, 100, minutes)),
            ..spent(page, asked).into()
        }),
    };
    match outcome {
        Outcome::Reply(reply) => Outcome::Reply(Reply {
            served_by: Some(serving(asked.version(), &habits.oldest_version)),
            ..match habits.says_json {
                true => reply.called_json(),
                false => reply,
            }
        }),
        none => none,
    }
}

/// What a caller is told whose calls are spent: it depends on whose they are.
fn spent(page: &RehearsalPage, asked: &Asked) -> Fault<'static> {
    let now = page.now();
    let token = asked.params.token.as_deref().unwrap_or_default();
    let held = page.with(|posts| posts.logins.held(token, now));
    let is_a_persons = held.is_ok_and(|held| matches!(held.kind, Kind::Person { .. }));
    match is_a_persons {
        true => Fault::oauth(403, 32, None, "(#32) Page request limit reached"),
        false => Fault::oauth(
            403,
            80_001,
            None,
            "There have been too many calls to this Page account. Wait a bit and try again.",
        ),
    }
}

/// The answer of a limit that is reached.
pub(super) fn reached(page: &RehearsalPage, code: i64, minutes: u64) -> Reply {
    let fault = Fault::oauth(403, code, None, "(#32) Page request limit reached");
    let minutes = i64::try_from(minutes).unwrap_or(i64::MAX);
    Reply {
        usage: Some(usage(page, &Habits::default(), 100, minutes)),
        ..Reply::from(fault)
    }
}

fn usage(
    page: &RehearsalPage,
    habits: &Habits,
    percent: u64,
    minutes: i64,
) -> (&'static str, String) {
    let plain = json!({ "call_count": percent, "total_cputime": 25, "total_time": 25 });
    match habits.told_in {
        Told::App => ("x-app-usage", plain.to_string()),
        Told::Page => ("x-page-usage", plain.to_string()),
        Told::Business => {
            let id = habits.told_under.as_ref();
            let id = id.unwrap_or(&page.inner.settings.page_id).clone();
            let mut entry = plain;
            entry["type"] = json!("pages");
            entry["estimated_time_to_regain_access"] = json!(minutes);
            let usage = json!({ id: [entry] });
            ("x-business-use-case-usage", usage.to_string())
        }
    }
}

/// The version that answers: the one that was named, or the oldest that is left.
fn serving(named: Option<(u32, u32)>, oldest: &str) -> String {
    let newest = version(NEWEST_VERSION).unwrap_or_default();
    let oldest = version(oldest).unwrap_or(newest);
    let (major, minor) = named.unwrap_or(newest).max(oldest).min(newest.max(oldest));
    format!("v{major}.{minor}")
}

/// `v26.0` in numbers; `None`: it is no version.
pub(super) fn version(text: &str) -> Option<(u32, u32)> {
    let (major, minor) = text.strip_prefix('v')?.split_once('.')?;
    Some((major.parse().ok()?, minor.parse().ok()?))
}
