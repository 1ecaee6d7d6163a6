//! A Facebook Page, reached through Meta's Graph API: <https://developers.facebook.com/docs/pages-api/posts>.

mod answer;
mod client;
pub mod login;
mod proof;
mod reading;
mod stored;
mod token;
mod usage;
mod version;
mod wire;

use std::sync::Arc;

use async_trait::async_trait;
use jiff::SignedDuration;
use reqwest::multipart::{Form, Part};
use url::Url;

use self::client::{Exchange, Graph};
pub use self::stored::{StoredError, TokenStore};
pub use self::token::{Keys, ReadSecret};
use super::{
    Destination, EditError, Limits, ReadError, Reading, Remark, Standing, Strain, Upload,
    UploadError,
};
use crate::clock::Clock;
use crate::post::{Draft, Obstacle, PhotoId, PostId, Verdict};

/// Publishers use up to 63,206 characters; Meta names no figure and no unit.
const MESSAGE_CHARS_MAX: usize = 30_000;
/// Meta states no most; public publishers keep to ten.
const PHOTOS_MAX: usize = 10;
/// What live error texts say; the documentation says 10 MB.
const PHOTO_BYTES_MAX: usize = 4 << 20;
/// Posts in one answer: asking for more is an error.
const POSTS_PER_CALL: usize = 100;
/// Pages of a list that are followed for one reading.
const CALLS_PER_READING_MAX: usize = 5;
/// What is asked of every post that is read back.
const POST_FIELDS: &str = "id,message,created_time,permalink_url,application{id},attachments{url,unshimmed_url,target,subattachments}";
/// What a token needs for posting, and for reading back what it posted.
const SCOPES: [&str; 3] = [
    "pages_manage_posts",
    "pages_read_engagement",
    "pages_read_user_content",
];

/// Where a Page is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// Where the Graph API is.
    pub graph_url: Url,
    /// Its version, such as `v26.0`.
    pub version: String,
    /// The Page's id.
    pub page: String,
}

/// A Facebook Page that posts can be sent to.
pub struct FacebookPage {
    graph: Graph,
    page: String,
    app_id: Option<String>,
    clock: Arc<dyn Clock>,
}

impl FacebookPage {
    /// A Page at `address`. `client` must send nothing twice and follow no redirects:
    /// [`crate::http_client::graph_client`] makes one.
    pub fn new(
        client: reqwest::Client,
        address: Address,
        keys: Keys,
        app_id: Option<String>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        let page = address.page.clone();
        Self {
            graph: Graph::new(client, address, keys, Arc::clone(&clock)),
            page,
            app_id,
            clock,
        }
    }
}

#[async_trait]
impl Destination for FacebookPage {
    fn limits(&self) -> Limits {
        Limits {
            message_chars_max: MESSAGE_CHARS_MAX,
            photos_max: PHOTOS_MAX,
            photo_bytes_max: PHOTO_BYTES_MAX,
        }
    }

    async fn upload(&self, photo: Upload) -> Result<PhotoId, UploadError> {
        let name = if photo.media_type == "image/png" {
            "photo.png"
        } else {
            "photo.jpg"
        };
        let length = photo.bytes.len() as u64;
        // A part without a name or a type has been refused as unreadable.
        let part = Part::stream_with_length(photo.bytes, length)
            .file_name(name)
            .mime_str(photo.media_type)
            .map_err(|error| UploadError::Unclear(error.to_string()))?;
        let mut form = Form::new().part("source", part).text("published", "false");
        if let Some(alt_text) = photo.alt_text {
            form = form.text("alt_text_custom", alt_text);
        }
        match self.graph.post_multipart("photos", form).await {
            Exchange::Answered(answer) => answer::upload(&answer, self.clock.now()),
            Exchange::NotSent(obstacle) => Err(UploadError::Obstacle(obstacle)),
            Exchange::Lost(why) => Err(UploadError::Unclear(why)),
        }
    }

    async fn look_at(&self, link: &Url) -> Result<(), Obstacle> {
        let form = [("id", link.as_str()), ("scrape", "true")];
        match self.graph.post_root(&form).await {
            Exchange::Answered(answer) => {
                answer::scrape(&answer, self.clock.now()).map_or(Ok(()), Err)
            }
            // The post itself will tell whether the Page can be reached.
            Exchange::NotSent(_) | Exchange::Lost(_) => Ok(()),
        }
    }

    async fn publish(&self, draft: &Draft, photos: &[PhotoId]) -> Verdict {
        let form = wire::feed_form(draft, photos);
        match self.graph.post_form("feed", &form).await {
            Exchange::Answered(answer) => answer::publish(&answer, self.clock.now()),
            Exchange::NotSent(obstacle) => Verdict::NotSent(obstacle),
            Exchange::Lost(why) => Verdict::Unknown { why },
        }
    }

    async fn edit(&self, post: &PostId, message: &str) -> Result<(), EditError> {
        let form = [("message", message)];
        match self.graph.post_object(&post.0, &form).await {
            Exchange::Answered(answer) => answer::edit(&answer, self.clock.now()),
            Exchange::NotSent(obstacle) => Err(EditError::Obstacle(obstacle)),
            Exchange::Lost(why) => Err(EditError::Unclear(why)),
        }
    }

    async fn read(&self, newest: usize) -> Result<Reading, ReadError> {
        let mut reading = Reading {
            posts: Vec::new(),
            page_time: None,
        };
        let mut after: Option<String> = None;
        for _ in 0..CALLS_PER_READING_MAX {
            let wanted = (newest - reading.posts.len())
                .min(POSTS_PER_CALL)
                .to_string();
            let mut query = vec![("fields", POST_FIELDS), ("limit", &wanted)];
            if let Some(after) = &after {
                query.push(("after", after));
            }
            let answer = read_answer(self.graph.get("published_posts", &query).await)?;
            let list = answer::list(&answer, self.clock.now())?;
            // The latest answer's time: what is absent from the whole was absent then.
            reading.page_time = answer.page_time();
            let next = list.next();
            let ours = self.app_id.as_deref();
            reading.posts.extend(
                list.data
                    .into_iter()
                    .map(|post| reading::remote_post(post, ours)),
            );
            match next {
                Some(cursor) if reading.posts.len() < newest => after = Some(cursor),
                _ => return Ok(reading),
            }
        }
        Err(ReadError::Unclear(
            "the list of posts does not end".to_owned(),
        ))
    }

    async fn inspect(&self) -> Result<Standing, ReadError> {
        let now = self.clock.now();
        let answer = read_answer(self.graph.debug_token().await)?;
        if let Ok(told) = answer::token(&answer, now) {
            return Ok(reading::standing(told, &self.page, &SCOPES));
        }
        // Without the app's secret nobody tells what the token may do; only whose it is.
        let answer = read_answer(self.graph.get_me().await)?;
        let me = answer::me(&answer, now)?;
        Ok(Standing {
            alive: true,
            right_page: me.id.0 == self.page,
            missing_scopes: None,
            expires: None,
            data_access_ends: None,
            app_id: None,
            trouble: None,
        })
    }

    fn strain(&self) -> Strain {
        let usage = self.graph.newest().usage;
        let minutes = Some(usage.regain_minutes).filter(|minutes| *minutes > 0);
        Strain {
            percent: usage.percent,
            rest: minutes.map(SignedDuration::from_mins),
        }
    }

    fn remarks(&self) -> Vec<Remark> {
        let asked = self.graph.version();
        let served = self.graph.newest().served_by;
        let served = served.filter(|served| version::is_other(asked, served));
        let ends = version::near_its_end(asked, self.clock.now());
        let other = served.map(|served| Remark::ServedBy {
            asked: asked.to_owned(),
            served,
        });
        let ending = ends.map(|on| Remark::VersionEnds {
            version: asked.to_owned(),
            on,
        });
        other.into_iter().chain(ending).collect()
    }
}

fn read_answer(exchange: Exchange) -> Result<answer::Answer, ReadError> {
    match exchange {
        Exchange::Answered(answer) => Ok(answer),
        Exchange::NotSent(obstacle) => Err(ReadError::Obstacle(obstacle)),
        Exchange::Lost(why) => Err(ReadError::Obstacle(Obstacle::Unreachable { why })),
    }
}

#[cfg(test)]
mod tests;
