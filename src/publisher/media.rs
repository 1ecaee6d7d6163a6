//! The pictures of drafts, from the site to the Page: fetched, made fit, kept on disk until the
//! post is settled, so that a resend sends the same bytes.

use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use bytes::Bytes;
use tracing::info;

use crate::article::picture::{self, Prepared};
use crate::article::{Article, Image, images};
use crate::faults;
use crate::http_client::{Get, WebClient};
use crate::post::Photo;

/// A picture larger than this is a mistake or an attack; the Page takes a fifth of it.
const PICTURE_BYTES_MAX: usize = 20 << 20;

/// A folder of pictures named by their content, and the way to fetch more.
#[derive(Clone)]
pub struct Media {
    dir: PathBuf,
    web: WebClient,
}

impl Media {
    /// Keeps pictures in `dir`, which is made when the first one comes.
    pub fn new(dir: impl Into<PathBuf>, web: WebClient) -> Self {
        Self {
            dir: dir.into(),
            web,
        }
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
            match self.fetch(&image).await {
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
        self.store(&prepared.sha256, &prepared.bytes)?;
        into.photos.push(Photo {
            media: prepared.sha256,
            source: image.url.clone(),
            alt_text: image.caption.clone().or_else(|| image.alt.clone()),
        });
        Ok(())
    }

    async fn fetch(&self, image: &Image) -> Result<Prepared, String> {
        let request = Get {
            url: &image.url,
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
        // Decoding takes tens of milliseconds: not on a thread that serves sockets.
        tokio::task::spawn_blocking(move || picture::prepare(&answer.body))
            .await
            .map_err(|error| error.to_string())?
            .map_err(|error| error.to_string())
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
        // Named last and flushed before, so that a file under its final name is whole.
        let draft = path.with_extension("part");
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

    /// Lets pictures go that no unsettled post needs.
    pub fn forget(&self, photos: &[Photo]) {
        for photo in photos {
            faults::point("media.forgetting");
            // One that stays costs disk, nothing else; the next post with it takes it over.
            let _ = std::fs::remove_file(self.dir.join(&photo.media));
        }
    }
}

/// Pictures fit to post, and what was left out.
#[derive(Debug, Default)]
pub struct Collected {
    /// In the order in which they are shown.
    pub photos: Vec<Photo>,
    /// Which were left out, and why.
    pub notes: Vec<String>,
}
