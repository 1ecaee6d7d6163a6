//! Brings a draft's pictures to the Page, unseen: safe to repeat, and used again after a start.

use bytes::Bytes;
use jiff::SignedDuration;
use tracing::warn;

use super::Publisher;
use super::compose;
use super::page::Page;
use crate::article::picture;
use crate::destination::{Upload, UploadError};
use crate::ledger::LedgerError;
use crate::ledger::state::{Epoch, Record, Uploaded};
use crate::ledger::step::Change;
use crate::post::{Draft, Obstacle, Photo, PhotoId};

/// Uploaded pictures are used again for this long. The Page forgets them after about a day.
const UPLOAD_AGE_MAX: SignedDuration = SignedDuration::from_hours(20);
/// How often an upload that made no sense is tried again: nobody sees it.
const UPLOAD_TRIES: usize = 3;

/// What became of the uploads.
pub(super) enum Uploads {
    Ready(Draft, Vec<PhotoId>),
    Stopped(Obstacle),
}

impl Publisher {
    /// Uploads the draft's pictures, unseen. One that is refused is written anew, and left out when
    /// that is refused too; the post goes on. Without pictures the Page is made to look at the
    /// address, so that the first to see the card sees its picture.
    pub(super) async fn upload(
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
            match self.bring(page, record, epoch, &photo).await? {
                Ok(Some(id)) => {
                    ids.push(id);
                    kept.push(photo);
                }
                Ok(None) => {}
                Err(obstacle) => return Ok(Uploads::Stopped(obstacle)),
            }
            if let Some(obstacle) = self.strained(page) {
                return Ok(Uploads::Stopped(obstacle));
            }
        }
        draft.photos = kept;
        let mut draft = compose::shaped(draft);
        if record.without_card {
            draft = compose::without_card(draft);
        }
        if let (true, Some(link)) = (draft.photos.is_empty(), &draft.link)
            && let Err(obstacle) = page.destination.look_at(link).await
        {
            return Ok(Uploads::Stopped(obstacle));
        }
        Ok(match self.strained(page).filter(|_| ids.is_empty()) {
            Some(obstacle) => Uploads::Stopped(obstacle),
            None => Uploads::Ready(draft, ids),
        })
    }

    /// Uploads one picture and writes down what came of it; `None`: the post goes without it.
    async fn bring(
        &self,
        page: &Page,
        record: &Record,
        epoch: Epoch,
        photo: &Photo,
    ) -> Result<Result<Option<PhotoId>, Obstacle>, LedgerError> {
        match self.upload_one(page, photo).await {
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
                Ok(Ok(Some(id)))
            }
            Err(UploadError::Obstacle(obstacle)) => Ok(Err(obstacle)),
            Err(error) => {
                let source = photo.source.to_string();
                warn!(article.id = %record.article, "posting without {source}: {error}");
                let change = Change::LeftOut { epoch, source };
                self.change(record, change, error.to_string()).await?;
                Ok(Ok(None))
            }
        }
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
        let refused = match self.upload_file(page, photo, &bytes, media_type).await {
            Err(refused @ UploadError::Refused(_)) => refused,
            outcome => return outcome,
        };
        // Decoding takes tens of milliseconds: not on a thread that serves sockets.
        let anew = tokio::task::spawn_blocking(move || picture::write_anew(&bytes)).await;
        match anew {
            Ok(Ok(anew)) => self.upload_file(page, photo, &anew, "image/jpeg").await,
            _ => Err(refused),
        }
    }

    async fn upload_file(
        &self,
        page: &Page,
        photo: &Photo,
        bytes: &Bytes,
        media_type: &'static str,
    ) -> Result<PhotoId, UploadError> {
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
}
