//! What the rehearsal page holds: posts, photos, calls and moods. Photos that nobody attached
//! vanish after a day, as they do there.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::Path;

use bytes::Bytes;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::card::LinkCard;
use super::habits::{Habits, Spent};
use super::login::Logins;
use super::mood::{Kind, Mood, Whim};
use super::store::{Change, Store};

/// Ids begin beyond 2^53, so that whoever keeps them as floating-point numbers is found out.
const FIRST_ID: u64 = 122_000_000_000_000_001;
/// How long a photo is kept that was uploaded and not attached:
/// <https://developers.facebook.com/docs/graph-api/reference/page/photos/>.
const PHOTO_LIFE: SignedDuration = SignedDuration::from_hours(24);

/// A post on the rehearsal page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RehearsedPost {
    /// `{page}_{digits}`.
    pub id: String,
    /// Its text.
    pub message: String,
    /// The address it was posted with.
    pub link: Option<String>,
    /// What the card of that address shows.
    pub card: Option<LinkCard>,
    /// Its photos, in order.
    pub photos: Vec<RehearsedPhoto>,
    /// When it was made, by the page's clock.
    pub created: Timestamp,
    /// From when on it shows.
    pub visible_from: Timestamp,
    /// The app that made it; `None`: a person.
    pub app: Option<String>,
    /// Whether readers are meant to see it.
    #[serde(default = "yes")]
    pub published: bool,
    /// When it is to appear by itself; then `published` comes true.
    #[serde(default)]
    pub scheduled: Option<Timestamp>,
    /// Somebody else wrote it on the Page.
    #[serde(default)]
    pub by_visitor: bool,
}

fn yes() -> bool {
    true
}

impl RehearsedPost {
    /// Whether readers may see it by now.
    pub fn is_published(&self, now: Timestamp) -> bool {
        self.published || self.scheduled.is_some_and(|at| at <= now)
    }

    /// When it appeared, or was made.
    pub fn dated(&self, now: Timestamp) -> Timestamp {
        let appeared = self.scheduled.filter(|_| self.is_published(now));
        appeared.unwrap_or(self.created)
    }
}

/// A photo on the rehearsal page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RehearsedPhoto {
    /// Digits.
    pub id: String,
    /// What it shows.
    pub alt_text: Option<String>,
    /// `image/jpeg` and the like.
    pub media_type: String,
    /// When it came.
    pub uploaded: Timestamp,
    /// It is meant for a scheduled post.
    #[serde(default)]
    pub temporary: bool,
}

/// A call that came.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Call {
    /// When.
    pub at: Timestamp,
    /// The HTTP method.
    pub method: String,
    /// The path.
    pub path: String,
    /// Everything it carried but tokens.
    pub params: BTreeMap<String, String>,
    /// The HTTP status of the answer; `None`: none was given.
    pub status: Option<u16>,
}

/// Everything the page holds.
pub(super) struct Posts {
    store: Store,
    posts: Vec<RehearsedPost>,
    photos: BTreeMap<String, RehearsedPhoto>,
    calls: Vec<Call>,
    last_id: u64,
    pub(super) moods: Vec<Mood>,
    pub(super) habits: Habits,
    pub(super) spent: Spent,
    /// The addresses that the page was told to look at.
    pub(super) scraped: BTreeSet<String>,
    pub(super) logins: Logins,
}

impl Posts {
    pub(super) fn open(dir: Option<&Path>) -> io::Result<Self> {
        let (store, changes) = Store::open(dir)?;
        let mut posts = Self {
            store,
            posts: Vec::new(),
            photos: BTreeMap::new(),
            calls: Vec::new(),
            last_id: FIRST_ID,
            moods: Vec::new(),
            habits: Habits::default(),
            spent: Spent::default(),
            scraped: BTreeSet::new(),
            logins: Logins::default(),
        };
        for change in changes {
            posts.apply(change);
        }
        Ok(posts)
    }

    fn apply(&mut self, change: Change) {
        match change {
            Change::Posted(post) => {
                for photo in &post.photos {
                    self.photos.remove(&photo.id);
                }
                self.last_id = self.last_id.max(number(&post.id));
                self.posts.push(post);
            }
            Change::Uploaded(photo) => {
                self.last_id = self.last_id.max(number(&photo.id));
                self.photos.insert(photo.id.clone(), photo);
            }
            Change::Edited { id, message } => {
                if let Some(post) = self.posts.iter_mut().find(|post| post.id == id) {
                    post.message = message;
                }
            }
            Change::Deleted { id } => self.posts.retain(|post| post.id != id),
            Change::Called(call) => self.calls.push(call),
        }
    }

    fn change(&mut self, change: Change) -> io::Result<()> {
        self.store.append(&change)?;
        self.apply(change);
        Ok(())
    }

    /// The id that the next object gets; a post's begins with its page.
    pub(super) fn next_id(&self, page: &str) -> String {
        format!("{page}_{}", self.last_id + 1)
    }

    pub(super) fn add(&mut self, post: RehearsedPost) -> io::Result<()> {
        self.change(Change::Posted(post))
    }

    pub(super) fn edit(&mut self, id: &str, message: &str) -> io::Result<()> {
        self.change(Change::Edited {
            id: id.to_owned(),
            message: message.to_owned(),
        })
    }

    pub(super) fn delete(&mut self, id: &str) -> io::Result<()> {
        self.change(Change::Deleted { id: id.to_owned() })
    }

    pub(super) fn add_photo(
        &mut self,
        bytes: &Bytes,
        media_type: &str,
        alt_text: Option<&str>,
        temporary: bool,
        now: Timestamp,
    ) -> io::Result<RehearsedPhoto> {
        let photo = RehearsedPhoto {
            id: (self.last_id + 1).to_string(),
            alt_text: alt_text.map(ToOwned::to_owned),
            media_type: media_type.to_owned(),
            uploaded: now,
            temporary,
        };
        self.store.keep(&photo.id, bytes)?;
        self.change(Change::Uploaded(photo.clone()))?;
        Ok(photo)
    }

    pub(super) fn add_call(&mut self, call: Call) -> io::Result<()> {
        self.change(Change::Called(call))
    }

    pub(super) fn calls(&self) -> &[Call] {
        &self.calls
    }

    /// What shows now, newest first.
    pub(super) fn shown(&self, now: Timestamp) -> Vec<&RehearsedPost> {
        let everything = self.everything(now).into_iter();
        let shown = everything.filter(|post| post.is_published(now) && !post.by_visitor);
        shown.collect()
    }

    /// What the Page's own feed lists, newest first: also what visitors wrote, and what is not
    /// published.
    pub(super) fn everything(&self, now: Timestamp) -> Vec<&RehearsedPost> {
        let posts = self.posts.iter().rev();
        let mut posts: Vec<_> = posts.filter(|post| post.visible_from <= now).collect();
        if posts.iter().any(|post| post.scheduled.is_some()) {
            posts.sort_by_key(|post| Reverse(post.dated(now)));
        }
        posts
    }

    /// What waits for its hour.
    pub(super) fn waiting(&self, now: Timestamp) -> Vec<&RehearsedPost> {
        let posts = self.everything(now).into_iter();
        let waiting = posts.filter(|post| post.scheduled.is_some() && !post.is_published(now));
        waiting.collect()
    }

    /// The newest post that was made, seen or not.
    pub(super) fn newest(&self) -> Option<&RehearsedPost> {
        self.posts.last()
    }

    /// How many posts were made since.
    pub(super) fn made_since(&self, since: Timestamp) -> usize {
        let posts = self.posts.iter().filter(|post| post.created > since);
        posts.count()
    }

    pub(super) fn find(&self, id: &str, now: Timestamp) -> Option<&RehearsedPost> {
        self.posts
            .iter()
            .find(|post| post.id == id && post.visible_from <= now)
    }

    /// A photo that was uploaded, attached or not.
    pub(super) fn photo(&self, id: &str) -> Option<&RehearsedPhoto> {
        let attached = self.posts.iter().flat_map(|post| &post.photos);
        self.photos
            .get(id)
            .or_else(|| attached.into_iter().find(|photo| photo.id == id))
    }

    /// A photo that may still be attached.
    pub(super) fn loose_photo(&self, id: &str, now: Timestamp) -> Option<&RehearsedPhoto> {
        let photo = self.photos.get(id)?;
        (now.duration_since(photo.uploaded) < PHOTO_LIFE).then_some(photo)
    }

    /// The file of a photo.
    pub(super) fn bytes(&self, id: &str) -> Option<Bytes> {
        self.photo(id)?;
        self.store.bytes(id)
    }

    /// The mood for the next call of this kind, used up by one.
    pub(super) fn take_mood(&mut self, kind: Kind) -> Option<Whim> {
        let place = self.moods.iter().position(|mood| mood.on == kind)?;
        let mood = self.moods.get_mut(place)?;
        mood.calls = mood.calls.saturating_sub(1);
        let whim = mood.whim.clone();
        if mood.calls == 0 {
            self.moods.remove(place);
        }
        Some(whim)
    }
}

/// The number of an object, which stands last in its id.
fn number(id: &str) -> u64 {
    id.rsplit('_')
        .next()
        .and_then(|digits| digits.parse().ok())
        .unwrap_or_default()
}
