//! What an answer of the Graph API means. Pure, and decided on code and subcode: the HTTP status
//! and the words change, and an error has come with posts that were there all the same.
//!
//! The codes are those of <https://developers.facebook.com/docs/graph-api/guides/error-handling>,
//! and of what others' programs have met.

use bytes::Bytes;
use jiff::{SignedDuration, Timestamp};
use serde::de::DeserializeOwned;

use super::usage::Usage;
use super::wire::{Created, Done, Failure, GraphError, List, Object, Post, Token, Told};
use crate::destination::{EditError, ReadError, UploadError};
use crate::post::{Obstacle, PhotoId, PostId, Refusal, Then, Verdict};
use crate::retry::{http_date, retry_after};
use crate::telemetry::redacted;

/// How long a Page rests that was told that it posts too fast: hours to days.
const TOO_FAST_REST: SignedDuration = SignedDuration::from_hours(24);
/// How much of an answer that makes no sense is quoted, in characters.
const QUOTE_CHARS: usize = 120;

/// What stands where an answer quoted a secret of ours.
const HIDDEN: &str = "[redacted]";

/// One whole answer.
#[derive(Debug, Clone, Default)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) date: Option<String>,
    pub(super) retry_after: Option<String>,
    pub(super) usage: Usage,
    pub(super) served_by: Option<String>,
    pub(super) body: Bytes,
}

/// What an error asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reaction {
    /// It may have worked: look.
    Look,
    /// The Page has it, or says so: look.
    Duplicate,
    /// Nothing was done, and the Page has to rest.
    Rest,
    /// Nothing was done, and the Page has to rest for long.
    RestLong,
    /// Nothing was done; once more later, and then this.
    Once(Then),
    /// Nothing was done, and a person must act.
    Person,
    /// Nothing was done, and this will never be.
    Never,
}

impl Answer {
    /// The Page's own clock.
    pub(super) fn page_time(&self) -> Option<Timestamp> {
        http_date(self.date.as_deref()?)
    }

    pub(super) fn document<T: DeserializeOwned>(&self) -> Option<T> {
        serde_json::from_slice(&self.body).ok()
    }

    fn error(&self) -> Option<GraphError> {
        error_of(&self.body)
    }

    fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// The same with every place hidden at which it quotes this secret.
    pub(super) fn without(self, secret: &str) -> Self {
        let quotes = !secret.is_empty() && String::from_utf8_lossy(&self.body).contains(secret);
        if !quotes {
            return self;
        }
        let text = String::from_utf8_lossy(&self.body).replace(secret, HIDDEN);
        Self {
            body: text.into_bytes().into(),
            ..self
        }
    }

    /// An answer in words, when it makes no sense.
    fn quoted(&self) -> String {
        let text = String::from_utf8_lossy(&self.body);
        // More is looked through than is shown: half a secret would not be known for one.
        let start: String = text.chars().take(4 * QUOTE_CHARS).collect();
        let quote: String = redacted(&start).chars().take(QUOTE_CHARS).collect();
        format!("HTTP {} with {quote:?}", self.status)
    }

    /// When a resting Page may be called again.
    fn rest_until(&self, now: Timestamp) -> Option<Timestamp> {
        let minutes = Some(self.usage.regain_minutes).filter(|minutes| *minutes > 0);
        let by_usage =
            minutes.and_then(|minutes| now.checked_add(SignedDuration::from_mins(minutes)).ok());
        let by_header = self
            .retry_after
            .as_deref()
            .and_then(|text| retry_after(text, now));
        by_usage.max(by_header)
    }

    fn obstacle(&self, reaction: Reaction, error: &GraphError, now: Timestamp) -> Obstacle {
        let why = refusal(error).to_string();
        match reaction {
            Reaction::Person => Obstacle::NotAllowed { why },
            Reaction::RestLong => Obstacle::Throttled {
                until: now.checked_add(TOO_FAST_REST).ok(),
                why,
            },
            _ => Obstacle::Throttled {
                until: self.rest_until(now),
                why,
            },
        }
    }
}

/// The error that an answer holds, if it is one.
pub(super) fn error_of(body: &[u8]) -> Option<GraphError> {
    let failure: Failure = serde_json::from_slice(body).ok()?;
    Some(failure.error)
}

/// What the call that publishes has yielded.
pub(super) fn publish(answer: &Answer, now: Timestamp) -> Verdict {
    if let Some(error) = answer.error() {
        let reaction = reaction(&error);
        return match reaction {
            Reaction::Look => Verdict::Unknown {
                why: refusal(&error).to_string(),
            },
            Reaction::Duplicate => Verdict::Duplicate(refusal(&error)),
            Reaction::Once(then) => Verdict::TryOnceMore {
                refusal: refusal(&error),
                then,
            },
            Reaction::Never => Verdict::Refused(refusal(&error)),
            Reaction::Rest | Reaction::RestLong | Reaction::Person => {
                Verdict::NotSent(answer.obstacle(reaction, &error, now))
            }
        };
    }
    match answer.document::<Created>() {
        Some(created) if answer.is_success() && !created.id.0.is_empty() => Verdict::Published {
            id: PostId(created.id.0),
            permalink: created.permalink_url,
        },
        _ => Verdict::Unknown {
            why: answer.quoted(),
        },
    }
}

/// What an error means for a call that may be repeated.
enum Setback {
    Again(String),
    Refused(Refusal),
    Obstacle(Obstacle),
}

fn setback(answer: &Answer, error: &GraphError, now: Timestamp) -> Setback {
    let reaction = reaction(error);
    match reaction {
        Reaction::Look | Reaction::Once(Then::Never) => Setback::Again(refusal(error).to_string()),
        Reaction::Duplicate | Reaction::Never | Reaction::Once(Then::WithoutCard) => {
            Setback::Refused(refusal(error))
        }
        Reaction::Rest | Reaction::RestLong | Reaction::Person => {
            Setback::Obstacle(answer.obstacle(reaction, error, now))
        }
    }
}

/// What a change of a post's text has yielded. One whose outcome is not known may be repeated.
///
/// # Errors
/// When the post does not have the text for certain.
pub(super) fn edit(answer: &Answer, now: Timestamp) -> Result<(), EditError> {
    if let Some(error) = answer.error() {
        return Err(match setback(answer, &error, now) {
            Setback::Again(why) => EditError::Unclear(why),
            Setback::Refused(refusal) => EditError::Refused(refusal),
            Setback::Obstacle(obstacle) => EditError::Obstacle(obstacle),
        });
    }
    match answer.document::<Done>() {
        Some(done) if answer.is_success() && done.success => Ok(()),
        _ => Err(EditError::Unclear(answer.quoted())),
    }
}

/// What an upload has yielded. One whose outcome is not known may be repeated: nobody sees it.
///
/// # Errors
/// When the picture does not lie there.
pub(super) fn upload(answer: &Answer, now: Timestamp) -> Result<PhotoId, UploadError> {
    if let Some(error) = answer.error() {
        return Err(match setback(answer, &error, now) {
            Setback::Again(why) => UploadError::Unclear(why),
            Setback::Refused(refusal) => UploadError::Refused(refusal),
            Setback::Obstacle(obstacle) => UploadError::Obstacle(obstacle),
        });
    }
    match answer.document::<Object>() {
        Some(photo) if answer.is_success() && !photo.id.0.is_empty() => Ok(PhotoId(photo.id.0)),
        _ => Err(UploadError::Unclear(answer.quoted())),
    }
}

/// Why a look at an address came to nothing, if the Page has to rest; anything else may be as it
/// likes, for the post itself tells.
pub(super) fn scrape(answer: &Answer, now: Timestamp) -> Option<Obstacle> {
    let error = answer.error()?;
    let reaction = reaction(&error);
    let rests = matches!(reaction, Reaction::Rest | Reaction::RestLong);
    rests.then(|| answer.obstacle(reaction, &error, now))
}

/// One page of the list of posts.
///
/// # Errors
/// When it is not that: an error is never an empty list.
pub(super) fn list(answer: &Answer, now: Timestamp) -> Result<List<Post>, ReadError> {
    read(answer, now)
}

/// Whose token it is.
///
/// # Errors
/// When that was not told.
pub(super) fn me(answer: &Answer, now: Timestamp) -> Result<Object, ReadError> {
    read(answer, now)
}

/// What is told of a token.
///
/// # Errors
/// When nothing was told.
pub(super) fn token(answer: &Answer, now: Timestamp) -> Result<Token, ReadError> {
    Ok(read::<Told>(answer, now)?.data)
}

fn read<T: DeserializeOwned>(answer: &Answer, now: Timestamp) -> Result<T, ReadError> {
    if let Some(error) = answer.error() {
        let reaction = reaction(&error);
        return Err(match reaction {
            Reaction::Rest | Reaction::RestLong | Reaction::Person => {
                ReadError::Obstacle(answer.obstacle(reaction, &error, now))
            }
            Reaction::Look | Reaction::Duplicate | Reaction::Once(_) | Reaction::Never => {
                ReadError::Unclear(refusal(&error).to_string())
            }
        });
    }
    answer
        .document()
        .filter(|_| answer.is_success())
        .ok_or_else(|| ReadError::Unclear(answer.quoted()))
}

/// An error as the Page put it, in the words for people if it has any.
fn refusal(error: &GraphError) -> Refusal {
    let words = error
        .error_user_msg
        .as_ref()
        .filter(|words| !words.is_empty());
    Refusal {
        code: Some(error.code),
        subcode: error.error_subcode,
        // An error may quote the token that it is about; others than ours are known by their looks.
        message: redacted(words.unwrap_or(&error.message)),
    }
}

/// What an error asks for. Some codes come as subcodes of others: both are looked at.
fn reaction(error: &GraphError) -> Reaction {
    let by_subcode = error
        .error_subcode
        .and_then(|subcode| known_subcode(error.code, subcode));
    by_subcode.unwrap_or_else(|| by_code(error))
}

/// The finer codes that mean something else than the code they come with.
fn known_subcode(code: i64, subcode: i64) -> Option<Reaction> {
    Some(match (code, subcode) {
        // Of the whole app or account: nobody but a person can help.
        (1, 2_853_006) | (_, 1_404_078 | 4_854_002) => Reaction::Person,
        (_, 1_390_008 | 1_404_112 | 1_404_006) => Reaction::RestLong,
        (_, 1_366_051) => Reaction::Duplicate,
        (_, 1_363_047 | 1_609_010) => Reaction::Look,
        (_, 1_609_005) => Reaction::Once(Then::WithoutCard),
        (_, 1_349_125) => Reaction::Once(Then::Never),
        (_, 1_366_046 | 2_069_019 | 1_404_102 | 1_346_003 | 1_609_008 | 2_061_006) => {
            Reaction::Never
        }
        (200, 2_069_030 | 2_069_031 | 2_069_033) => Reaction::Never,
        // A post has been seen that was answered with "unsupported request".
        (100, 33) => Reaction::Look,
        _ => return None,
    })
}

fn by_code(error: &GraphError) -> Reaction {
    let says = |words: &str| error.message.to_lowercase().contains(words);
    match error.code {
        1 | 2 | 1_363_047 | 1_609_010 => Reaction::Look,
        1500 | 1_609_005 => Reaction::Once(Then::WithoutCard),
        // Some say that it is the content, some that it came too fast.
        1_349_125 => Reaction::Once(Then::Never),
        4 | 17 | 32 | 341 | 613 | 80_000..=80_014 => Reaction::Rest,
        1_404_112 | 1_404_006 | 1_390_008 => Reaction::RestLong,
        3 | 10 | 102 | 104 | 190 | 1_404_078 | 4_854_002 => Reaction::Person,
        100 if error.kind == "GraphMethodException" && says("appsecret_proof") => Reaction::Person,
        100 if error.kind == "GraphMethodException" => Reaction::Look,
        210 | 240 => Reaction::Never,
        200..=299 => Reaction::Person,
        368 if says("already posted") => Reaction::Duplicate,
        506 | 1_366_051 => Reaction::Duplicate,
        _ if error.is_transient == Some(true) => Reaction::Look,
        // An envelope without a code is no verdict of the Page's.
        0 => Reaction::Look,
        _ => Reaction::Never,
    }
}

#[cfg(test)]
mod tests;
