//! One attempt to publish one record, from reading the Page to writing down what came of it.
//! The order of the steps is the promise: see "The guarantee" in `ARCHITECTURE.md`.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tracing::{info, warn};

use super::compose::{self, Composed};
use super::page::{Hand, Page};
use super::sighting::{self, Whose};
use super::{Due, Progress, PublishError, Publisher, Sent, Stop};
use crate::clock::saturating;
use crate::destination::{ReadError, Reading, Upload, UploadError};
use crate::faults::{self, Protection};
use crate::ledger::event::{Pause, PausedBy, What};
use crate::ledger::rows::ArticleRow;
use crate::ledger::state::{Epoch, Record, Standing, State, Uploaded};
use crate::ledger::step::Change;
use crate::ledger::{Entry, LedgerError};
use crate::post::{Draft, Obstacle, Photo, PhotoId, PostId, Verdict};

/// Uploaded pictures are used again for this long. The Page forgets them after about a day.
const UPLOAD_AGE_MAX: SignedDuration = SignedDuration::from_hours(20);
/// How often an upload that made no sense is tried again: nobody sees it.
const UPLOAD_TRIES: usize = 3;
/// How long a Page rests that asked for rest without saying how long.
const THROTTLE_DEFAULT: SignedDuration = SignedDuration::from_hours(1);
/// How long a record rests whose Page could not be reached or may not be posted to.
const OBSTACLE_REST: Duration = Duration::from_secs(60);

/// What became of the uploads.
enum Uploads {
    Ready(Draft, Vec<PhotoId>),
    Stopped(Obstacle),
}

impl Publisher {
    pub(super) async fn attempt(
        &self,
        page: &Page,
        hand: &mut Hand,
        due: Due,
    ) -> Result<Progress, PublishError> {
        let Due { record, row } = due;
        let reading = match self.shown(page, hand).await {
            Ok(reading) => reading,
            Err(error) => return self.unreadable(page, hand, error).await,
        };
        if self.strangers_stop(page, &reading).await? {
            return Ok(Progress::Moved);
        }
        let composed = self.draft_text(page, &record, &row)?;
        if let Some(progress) = self.adopt(page, &record, &composed.draft, &reading).await? {
            return Ok(progress);
        }
        let draft = self.draft_whole(page, &record, &row, composed).await?;
        let Some(epoch) = self.claim(&record, &draft).await? else {
            return Ok(Progress::Moved);
        };
        let (draft, photos) = match self.upload(page, &record, epoch, draft).await? {
            Uploads::Ready(draft, photos) => (draft, photos),
            Uploads::Stopped(obstacle) => {
                let not_before = self.rest(&record, &obstacle);
                let change = Change::Released {
                    epoch: Some(epoch),
                    not_before,
                };
                self.change(&record, change, obstacle.to_string()).await?;
                return Ok(self.stopped_by(page, hand, obstacle).await?);
            }
        };
        self.send(page, hand, &record, &row, epoch, draft, photos, &reading)
            .await
    }

    /// The one dangerous call, between the frame that announces it and the one that settles it.
    #[expect(
        clippy::too_many_arguments,
        reason = "they are what the steps before it made, each of them once"
    )]
    async fn send(
        &self,
        page: &Page,
        hand: &mut Hand,
        record: &Record,
        row: &ArticleRow,
        epoch: Epoch,
        draft: Draft,
        photos: Vec<PhotoId>,
        reading: &Reading,
    ) -> Result<Progress, PublishError> {
        let sending = Change::Sending {
            epoch,
            draft: draft.clone(),
            fence: sighting::fence(record, reading),
        };
        let rule = "the Page was read, nothing there";
        if faults::stands(Protection::SendingFrame) {
            self.change(record, sending.clone(), rule).await?;
        }
        info!(
            article.id = %record.article, page.name = %page.name,
            "sending {} to {}", record.article, page.name,
        );
        let verdict = page.destination.publish(&draft, &photos).await;
        if !faults::stands(Protection::SendingFrame) {
            self.change(record, sending, rule).await?;
        }
        let progress = self.settle(page, hand, record, row, epoch, verdict).await?;
        if progress == Progress::Doubtful {
            return self.look_at_once(page, hand, record, row).await;
        }
        if matches!(progress, Progress::Published(_)) {
            self.media.forget(&draft.photos);
        }
        Ok(progress)
    }

    /// Writes the verdict down, and what it means for the Page.
    async fn settle(
        &self,
        page: &Page,
        hand: &mut Hand,
        record: &Record,
        row: &ArticleRow,
        epoch: Epoch,
        verdict: Verdict,
    ) -> Result<Progress, PublishError> {
        match verdict {
            Verdict::Published { id, permalink } => {
                let change = Change::Published {
                    epoch,
                    post: id,
                    permalink,
                };
                self.change(record, change, "the Page answered with its id")
                    .await?;
                Ok(Progress::Published(Box::new(self.sent(record, row).await?)))
            }
            Verdict::NotSent(obstacle) => {
                let change = Change::NotSent {
                    epoch,
                    not_before: self.rest(record, &obstacle),
                };
                self.change(record, change, obstacle.to_string()).await?;
                Ok(self.stopped_by(page, hand, obstacle).await?)
            }
            Verdict::Refused(refusal) => {
                let reason = refusal.to_string();
                self.pause_after_equal_refusals(page, record, &reason)
                    .await?;
                let change = Change::Refused { epoch, reason };
                self.change(record, change, "the Page's answer").await?;
                Ok(Progress::Moved)
            }
            Verdict::Duplicate(refusal) => {
                let change = Change::Doubted {
                    epoch: Some(epoch),
                    why: refusal.to_string(),
                    duplicate: true,
                };
                self.change(record, change, "the Page says it has this already")
                    .await?;
                Ok(Progress::Doubtful)
            }
            Verdict::Unknown { why } => {
                warn!(
                    article.id = %record.article, page.name = %page.name,
                    "no clear answer from {}: {why}", page.name,
                );
                let change = Change::Doubted {
                    epoch: Some(epoch),
                    why,
                    duplicate: false,
                };
                self.change(record, change, "no clear answer").await?;
                Ok(Progress::Doubtful)
            }
        }
    }

    /// The post as it stands in the ledger now.
    pub(super) async fn sent(
        &self,
        record: &Record,
        row: &ArticleRow,
    ) -> Result<Sent, LedgerError> {
        let (article, page) = (record.article.clone(), record.page.clone());
        let record = self
            .ledger
            .ask(move |books| {
                books
                    .record(&article, &page)?
                    .ok_or(LedgerError::NoArticle(article))
            })
            .await?;
        Ok(Sent {
            record,
            title: row.article.title.clone(),
            link: row.article.link.as_ref().map(ToString::to_string),
        })
    }

    /// What the Page shows before a claim.
    async fn shown(&self, page: &Page, hand: &mut Hand) -> Result<Reading, ReadError> {
        if faults::stands(Protection::ReadBeforeClaim) {
            page.reading(hand, self.clock.as_ref()).await
        } else {
            Ok(Reading {
                posts: Vec::new(),
                page_time: None,
            })
        }
    }

    /// Takes the record in hand; `None` when a person was faster.
    async fn claim(&self, record: &Record, draft: &Draft) -> Result<Option<Epoch>, LedgerError> {
        let epoch = self.ledger.ask(|books| Ok(books.epoch())).await?;
        let claim = Change::Claimed {
            epoch,
            draft: draft.clone(),
        };
        let claim = Entry::change(record, claim, "due");
        let claimed = self.commit_if_unchanged(record, vec![claim]).await?;
        Ok(claimed.then_some(epoch))
    }

    pub(super) async fn change(
        &self,
        record: &Record,
        change: Change,
        rule: impl Into<String>,
    ) -> Result<(), LedgerError> {
        self.commit(vec![Entry::change(record, change, rule)]).await
    }

    /// Before anything of ours was sent, whatever shows the article is its post.
    async fn adopt(
        &self,
        page: &Page,
        record: &Record,
        draft: &Draft,
        reading: &Reading,
    ) -> Result<Option<Progress>, LedgerError> {
        let Some(post) = sighting::shown_already(record, draft, reading) else {
            return Ok(None);
        };
        info!(
            article.id = %record.article, page.name = %page.name, post.id = %post.id,
            "{} shows {} already", page.name, record.article,
        );
        let change = Change::Adopted {
            post: post.id.clone(),
            permalink: post.permalink.clone(),
        };
        let adopted = Entry::change(record, change, "the Page shows it already");
        self.commit_if_unchanged(record, vec![adopted]).await?;
        Ok(Some(Progress::Moved))
    }

    fn draft_text(
        &self,
        page: &Page,
        record: &Record,
        row: &ArticleRow,
    ) -> Result<Composed, PublishError> {
        if let Some(draft) = as_drafted(record) {
            return Ok(Composed {
                draft: draft.clone(),
                warnings: Vec::new(),
            });
        }
        Ok(compose::text(
            &self.templates,
            &page.template,
            page,
            &row.article,
            self.language,
        )?)
    }

    async fn draft_whole(
        &self,
        page: &Page,
        record: &Record,
        row: &ArticleRow,
        composed: Composed,
    ) -> Result<Draft, PublishError> {
        if as_drafted(record).is_some() {
            return Ok(composed.draft);
        }
        let whole = compose::with_pictures(composed, &self.media, page, &row.article).await?;
        for warning in &whole.warnings {
            info!(article.id = %record.article, page.name = %page.name, "{warning}");
        }
        Ok(whole.draft)
    }

    /// Uploads the draft's pictures, unseen. One that is refused is left out; the post goes on.
    async fn upload(
        &self,
        page: &Page,
        record: &Record,
        epoch: Epoch,
        mut draft: Draft,
    ) -> Result<Uploads, LedgerError> {
        let (mut kept, mut ids) = (Vec::new(), Vec::new());
        for photo in std::mem::take(&mut draft.photos) {
            if let Some(id) = self.uploaded_before(record, &photo) {
                ids.push(id);
                kept.push(photo);
                continue;
            }
            match self.upload_one(page, &photo).await {
                Ok(id) => {
                    let uploaded = Uploaded {
                        media: photo.media.clone(),
                        photo: id.clone(),
                        at: self.clock.now(),
                    };
                    let change = Change::Uploaded {
                        epoch,
                        photo: uploaded,
                    };
                    self.change(record, change, photo.source.as_str()).await?;
                    ids.push(id);
                    kept.push(photo);
                }
                Err(UploadError::Obstacle(obstacle)) => return Ok(Uploads::Stopped(obstacle)),
                Err(error) => {
                    warn!(article.id = %record.article, "posting without {}: {error}", photo.source);
                }
            }
        }
        draft.photos = kept;
        Ok(Uploads::Ready(compose::shaped(draft), ids))
    }

    fn uploaded_before(&self, record: &Record, photo: &Photo) -> Option<PhotoId> {
        let now = self.clock.now();
        record
            .uploaded
            .iter()
            .rev()
            .filter(|uploaded| {
                uploaded.at <= now && now.duration_since(uploaded.at) < UPLOAD_AGE_MAX
            })
            .find(|uploaded| uploaded.media == photo.media)
            .map(|uploaded| uploaded.photo.clone())
    }

    async fn upload_one(&self, page: &Page, photo: &Photo) -> Result<PhotoId, UploadError> {
        let (bytes, media_type) = self
            .media
            .load(photo)
            .map_err(|error| UploadError::Unclear(format!("its file is gone: {error}")))?;
        let upload = || Upload {
            bytes: bytes.clone(),
            media_type,
            alt_text: photo.alt_text.clone(),
        };
        let mut outcome = page.destination.upload(upload()).await;
        for _ in 1..UPLOAD_TRIES {
            if !matches!(outcome, Err(UploadError::Unclear(_))) {
                break;
            }
            outcome = page.destination.upload(upload()).await;
        }
        outcome
    }

    /// Posts of our own app that no record knows: another installation, or a restored backup.
    /// Says whether the Page was paused for them.
    async fn strangers_stop(&self, page: &Page, reading: &Reading) -> Result<bool, LedgerError> {
        let ours: Vec<PostId> = reading
            .posts
            .iter()
            .filter(|post| post.ours == Some(true))
            .map(|post| post.id.clone())
            .collect();
        let (at, key, reading) = (self.clock.now(), page.key.clone(), reading.clone());
        let strangers = self
            .ledger
            .ask(move |books| {
                let strangers = strangers(books, &key, ours, &reading)?;
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

    async fn pause_after_equal_refusals(
        &self,
        page: &Page,
        record: &Record,
        reason: &str,
    ) -> Result<(), LedgerError> {
        let key = page.key.clone();
        let before = self
            .ledger
            .ask(move |books| books.page(&key))
            .await?
            .refusal;
        let equal =
            before.is_some_and(|(article, said)| article != record.article && said == reason);
        if !equal {
            return Ok(());
        }
        let why = self.language.say("pause.refusals", &[("reason", reason)]);
        let pause = Pause {
            why,
            until: None,
            by: PausedBy::Refusals,
        };
        self.pause(page, pause).await
    }

    /// When a record that met an obstacle may be tried again.
    fn rest(&self, record: &Record, obstacle: &Obstacle) -> Option<Timestamp> {
        let now = self.clock.now();
        match obstacle {
            Obstacle::Unreachable { .. } => {
                let tries = record.attempts.saturating_add(1);
                Some(self.retry.next(tries, None, now, self.dice.spread()))
            }
            Obstacle::NotAllowed { .. } => now.checked_add(saturating(OBSTACLE_REST)).ok(),
            // The Page rests as a whole.
            Obstacle::Throttled { .. } => None,
        }
    }

    async fn unreadable(
        &self,
        page: &Page,
        hand: &mut Hand,
        error: ReadError,
    ) -> Result<Progress, PublishError> {
        Ok(match error {
            ReadError::Obstacle(obstacle) => self.stopped_by(page, hand, obstacle).await?,
            ReadError::Unclear(why) => Progress::Stopped(Stop::Unavailable(why)),
        })
    }

    /// What an obstacle means for the Page as a whole.
    pub(super) async fn stopped_by(
        &self,
        page: &Page,
        hand: &mut Hand,
        obstacle: Obstacle,
    ) -> Result<Progress, LedgerError> {
        match obstacle {
            Obstacle::Unreachable { why } => Ok(Progress::Stopped(Stop::Unavailable(why))),
            Obstacle::Throttled { until, why } => {
                let now = self.clock.now();
                let until = until.or_else(|| now.checked_add(THROTTLE_DEFAULT).ok());
                let pause = Pause {
                    why: why.clone(),
                    until,
                    by: PausedBy::Throttle,
                };
                self.pause(page, pause).await?;
                Ok(Progress::Stopped(Stop::Unavailable(why)))
            }
            Obstacle::NotAllowed { why } => {
                let text = self
                    .language
                    .say("notice.not-allowed", &[("page", &page.name), ("why", &why)]);
                self.notify(&page.name, text).await?;
                hand.not_allowed = Some(why.clone());
                Ok(Progress::Stopped(Stop::NotAllowed(why)))
            }
        }
    }
}

/// What was sent before, or written by a person, goes out as it was.
fn as_drafted(record: &Record) -> Option<&Draft> {
    match record.state {
        State::Queued {
            as_drafted: true, ..
        } => record.draft.as_ref(),
        _ => None,
    }
}

/// Which of our app's posts neither a record nor a person knows, leaving out those that may be
/// the outcome of a call still in doubt.
fn strangers(
    books: &crate::ledger::Books,
    page: &crate::ledger::state::PageKey,
    ours: Vec<PostId>,
    reading: &Reading,
) -> Result<Vec<PostId>, LedgerError> {
    let mut doubted = books.list(page, Standing::Unresolved, usize::MAX)?;
    doubted.extend(books.list(page, Standing::Held, usize::MAX)?);
    let expected: Vec<&PostId> = doubted
        .iter()
        .filter_map(|record| {
            let draft = record.draft.as_ref()?;
            sighting::find(draft, &record.fence, Whose::Ours, reading).map(|post| &post.id)
        })
        .collect();
    let mut strangers = Vec::new();
    for post in ours {
        if !expected.contains(&&post) && !books.knows_post(page, &post)? {
            strangers.push(post);
        }
    }
    Ok(strangers)
}
