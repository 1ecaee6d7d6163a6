//! The pictures of drafts, from the site to the Page: fetched, made fit, kept on disk until the
//! post is settled, so that a resend sends the same bytes.

use std::collections::HashSet;
use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use bytes::Bytes;
use tokio::sync::{Mutex, OwnedRwLockReadGuard, RwLock};
use tracing::{debug, info};
use url::Url;

use super::Publisher;

use crate::article::picture::{self, Likeness, Prepared};
use crate::article::{Article, Image, images};
use crate::faults;
use crate::http_client::{Get, WebClient};
use crate::ledger::state::Standing;
use crate::ledger::{Books, LedgerError};
use crate::post::Photo;

/// A picture larger than this is a mistake or an attack; the Page takes a fifth of it.
const PICTURE_BYTES_MAX: usize = 20 << 20;
/// A picture of 40 megapixels takes a second or two; what takes longer was made to.
const DECODING_TIME_MAX: Duration = Duration::from_secs(30);
/// A picture that is less wide may be a copy of a larger one, in pixels.
const SMALL_WIDTH: u32 = 1000;
/// Where a record stands whose draft may still be sent.
const UNSETTLED: [Standing; 5] = [
    Standing::Queued,
    Standing::Held,
    Standing::Uploading,
    Standing::Sending,
    Standing::Unresolved,
];

/// A folder of pictures named by their content, and the way to fetch more.
#[derive(Clone)]
pub struct Media {
    dir: PathBuf,
    web: WebClient,
    composing: Arc<RwLock<()>>,
    /// Held by whoever decodes a picture, also by one that is not waited for any more.
    decoding: Arc<Mutex<()>>,
    drafts: Arc<AtomicU64>,
}

/// While it is held, no picture goes: those just collected are in no draft yet.
pub type Composing = OwnedRwLockReadGuard<()>;

impl Media {
    /// Keeps pictures in `dir`, which is made when the first one comes.
    pub fn new(dir: impl Into<PathBuf>, web: WebClient) -> Self {
        Self {
            dir: dir.into(),
            web,
            composing: Arc::default(),
            decoding: Arc::default(),
            drafts: Arc::default(),
        }
    }

    /// Keeps every picture where it is until the draft that needs it is written down.
    pub async fn composing(&self) -> Composing {
        Arc::clone(&self.composing).read_owned().await
    }

    /// The article's pictures that are fit to post, in order, at most `most`. What is not fit is
    /// left out with a note: a post is never lost for a picture.
    ///
    /// # Errors
    /// When a picture cannot be kept on disk.
    pub async fn collect(&self, article: &Article, most: usize) -> io::Result<Collected> {
        let mut collected = Collected::default();
        for image in images::candidates(article) {
            let enough = if image.stands_in { 1.min(most) } else { most };
            if collected.photos.len() >= enough {
                break;
            }
            match self.largest(&image.url).await {
                Ok(prepared) => self.keep(&image, prepared, &mut collected)?,
                Err(why) => {
                    info!(image.url = %image.url, "left out a picture: {why}");
                    collected.notes.push(format!("{}: {why}", image.url));
                }
            }
        }
        Ok(collected)
    }

    fn keep(&self, image: &Image, prepared: Prepared, into: &mut Collected) -> io::Result<()> {
        if into
            .photos
            .iter()
            .any(|photo| photo.media == prepared.sha256)
        {
            return Ok(());
        }
        if let Some(likeness) = prepared.likeness {
            if into.likenesses.iter().any(|known| known.is_like(&likeness)) {
                info!(image.url = %image.url, "left out a picture that is there already");
                return Ok(());
            }
            into.likenesses.push(likeness);
        }
        self.store(&prepared.sha256, &prepared.bytes)?;
        into.photos.push(Photo {
            media: prepared.sha256,
            source: image.url.clone(),
            alt_text: image.caption.clone().or_else(|| image.alt.clone()),
        });
        Ok(())
    }

    /// The picture, in its larger form if its address tells where that may be and the site has
    /// it there.
    async fn largest(&self, url: &Url) -> Result<Prepared, String> {
        let own = self.fetch(url).await;
        let is_small = own.as_ref().map_or(true, |own| own.width < SMALL_WIDTH);
        let Some(guess) = images::larger(url).filter(|_| is_small) else {
            return own;
        };
        match (own, self.fetch(&guess).await) {
            (Ok(own), Ok(whole)) if whole.is_larger_than(&own) => Ok(whole),
            (Ok(own), _) => Ok(own),
            (Err(_), Ok(whole)) => Ok(whole),
            (Err(why), Err(_)) => Err(why),
        }
    }

    async fn fetch(&self, url: &Url) -> Result<Prepared, String> {
        let request = Get {
            url,
            accept: "image/jpeg, image/png, image/webp, image/gif, */*;q=0.5",
            etag: None,
            last_modified: None,
            bytes_max: PICTURE_BYTES_MAX,
        };
        let answer = self
            .web
            .get(request)
            .await
            .map_err(|error| error.to_string())?;
        if answer.status != 200 {
            return Err(format!("the site answered {}", answer.status));
        }
        self.prepare(answer.body).await
    }

    /// Decodes a picture and makes it fit: not on a thread that serves sockets, one at a time, so
    /// that memory is needed for one only, and not for ever.
    async fn prepare(&self, bytes: Bytes) -> Result<Prepared, String> {
        let alone = Arc::clone(&self.decoding).lock_owned().await;
        let work = tokio::task::spawn_blocking(move || {
            let prepared = picture::prepare(&bytes);
            drop(alone);
            prepared
        });
        let prepared = tokio::time::timeout(DECODING_TIME_MAX, work)
            .await
            .map_err(|_| "it takes too long to decode".to_owned())?;
        prepared
            .map_err(|error| error.to_string())?
            .map_err(|error| error.to_string())
    }

    /// Takes a picture from a file that the settings name.
    ///
    /// # Errors
    /// The reason why it is not fit: then a post goes without.
    pub async fn take_default(&self, file: &Path) -> Result<Photo, String> {
        let file = std::path::absolute(file).map_err(|error| error.to_string())?;
        let source = url::Url::from_file_path(&file).map_err(|()| "no path".to_owned())?;
        let media = self.clone();
        // Decoding takes tens of milliseconds: not on a thread that serves sockets.
        tokio::task::spawn_blocking(move || media.take(&file, source))
            .await
            .map_err(|error| error.to_string())?
    }

    /// Takes a picture from a file that a person named.
    ///
    /// # Errors
    /// The reason why it is not fit, for that person.
    pub fn take(&self, path: &Path, source: url::Url) -> Result<Photo, String> {
        let bytes = std::fs::read(path).map_err(|error| error.to_string())?;
        let prepared = picture::prepare(&bytes).map_err(|error| error.to_string())?;
        self.store(&prepared.sha256, &prepared.bytes)
            .map_err(|error| error.to_string())?;
        Ok(Photo {
            media: prepared.sha256,
            source,
            alt_text: None,
        })
    }

    fn store(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        faults::disk_point("media.writing")?;
        std::fs::create_dir_all(&self.dir)?;
        let path = self.dir.join(name);
        if path.exists() {
            return Ok(());
        }
        // Named last and flushed before, so that a file under its final name is whole. Two Pages
        // may keep one picture at once.
        let number = self.drafts.fetch_add(1, Ordering::Relaxed);
        let draft = path.with_extension(format!("{number}.part"));
        let mut file = File::create(&draft)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        faults::disk_point("media.written")?;
        std::fs::rename(draft, path)
    }

    /// The bytes of a kept picture, with their media type.
    ///
    /// # Errors
    /// When it is gone.
    pub fn load(&self, photo: &Photo) -> io::Result<(Bytes, &'static str)> {
        let bytes = std::fs::read(self.dir.join(&photo.media))?;
        let media_type = if bytes.starts_with(b"\x89PNG") {
            "image/png"
        } else {
            "image/jpeg"
        };
        Ok((bytes.into(), media_type))
    }

    /// Lets every picture go but those needed. Says whether it could: not while a draft is being
    /// composed.
    fn keep_only(&self, needed: &HashSet<String>) -> bool {
        let Ok(_alone) = self.composing.try_write() else {
            return false;
        };
        let files = std::fs::read_dir(&self.dir).into_iter().flatten().flatten();
        for file in files {
            if file
                .file_name()
                .to_str()
                .is_some_and(|name| !needed.contains(name))
            {
                faults::point("media.forgetting");
                // One that stays costs disk, nothing else.
                let _ = std::fs::remove_file(file.path());
            }
        }
        true
    }
}

impl Publisher {
    /// Lets the pictures go that no unsettled post needs.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub async fn forget_pictures(&self) -> Result<(), LedgerError> {
        let media = self.media.clone();
        // On the ledger's thread, so that no record comes to need one in between.
        let forgot = self
            .ledger
            .ask(move |books| Ok(media.keep_only(&needed(books)?)))
            .await?;
        if !forgot {
            debug!("pictures are kept for now: a post is being composed");
        }
        Ok(())
    }
}

/// The pictures of drafts that may be sent, or sent again.
fn needed(books: &Books) -> Result<HashSet<String>, LedgerError> {
    let mut needed = HashSet::new();
    for page in books.pages()? {
        for standing in UNSETTLED {
            let records = books.list(&page, standing, usize::MAX)?;
            let drafts = records.into_iter().filter_map(|record| record.draft);
            needed.extend(
                drafts
                    .flat_map(|draft| draft.photos)
                    .map(|photo| photo.media),
            );
        }
    }
    Ok(needed)
}

/// Pictures fit to post, and what was left out.
#[derive(Debug, Default)]
pub struct Collected {
    /// In the order in which they are shown.
    pub photos: Vec<Photo>,
    /// Which were left out, and why.
    pub notes: Vec<String>,
    /// What the photos show.
    likenesses: Vec<Likeness>,
}
