//! A Page that remembers everything, keeps its own true time, and tells the truth only when its
//! mood allows. It is the witness that a history is judged by.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use fastrand::Rng;
use jiff::{SignedDuration, Timestamp};
use loa::clock::{Clock, ManualClock};
use loa::destination::{
    Destination, EditError, Limits, ReadError, Reading, RemotePost, Standing, Upload, UploadError,
};
use loa::post::{Draft, Obstacle, PhotoId, PostId, Refusal, Verdict};

/// A call that left takes effect within this time, in seconds, and shows in lists within the
/// next: together they are shorter than loa waits.
const EFFECTIVE_WITHIN: i64 = 240;
const LISTED_WITHIN: i64 = 180;
/// What loa read this long ago it may still claim by.
const READING_AGE_MAX: SignedDuration = SignedDuration::from_secs(61);

/// The Page, and the network before it.
pub(super) struct Page {
    /// The clock of the machine that loa runs on: what "in half an hour" means to loa.
    clock: ManualClock,
    wall: Mutex<Wall>,
}

/// Everything that was ever posted, and how the Page feels.
struct Wall {
    chance: Rng,
    now: Timestamp,
    posts: Vec<Post>,
    mood: Mood,
    calls: u64,
    lies: u64,
}

/// One post. What it is about, its article's address says.
#[derive(Debug, Clone)]
pub(super) struct Post {
    pub(super) id: PostId,
    pub(super) link: String,
    pub(super) by_hand: bool,
    /// Loa made it although a post by hand had shown for long enough.
    pub(super) copied: bool,
    message: String,
    effective_at: Timestamp,
    listed_at: Timestamp,
}

/// How the Page feels: each until a moment.
#[derive(Default)]
struct Mood {
    calm: bool,
    token_dead: Option<Timestamp>,
    unreadable: Option<Timestamp>,
    hides: Option<Timestamp>,
}

/// What may come over a Page for a while.
#[derive(Debug, Clone, Copy)]
pub(super) enum Trouble {
    TokenDead,
    Unreadable,
    /// Its lists are empty, as when a permission was lost.
    Hides,
}

impl Page {
    pub(super) fn open(now: Timestamp, clock: ManualClock, chance: Rng) -> Self {
        Self {
            clock,
            wall: Mutex::new(Wall {
                chance,
                now,
                posts: Vec::new(),
                mood: Mood::default(),
                calls: 0,
                lies: 0,
            }),
        }
    }

    fn wall(&self) -> MutexGuard<'_, Wall> {
        self.wall.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The true time.
    pub(super) fn now(&self) -> Timestamp {
        self.wall().now
    }

    pub(super) fn advance(&self, by: Duration) {
        let mut wall = self.wall();
        wall.now = wall.now.checked_add(by).unwrap();
    }

    pub(super) fn suffers(&self, trouble: Trouble, lasting: Duration) {
        let mut wall = self.wall();
        let until = wall.now.checked_add(lasting).ok();
        match trouble {
            Trouble::TokenDead => wall.mood.token_dead = until,
            Trouble::Unreadable => wall.mood.unreadable = until,
            Trouble::Hides => wall.mood.hides = until,
        }
    }

    /// From now on it tells the truth, at once.
    pub(super) fn calms_down(&self) {
        self.wall().mood = Mood {
            calm: true,
            ..Mood::default()
        };
    }

    /// A person posts the article by hand, unless the Page shows it or is about to.
    pub(super) fn posted_by_hand(&self, link: &str) -> bool {
        let mut wall = self.wall();
        if wall.posts.iter().any(|post| post.link == link) {
            return false;
        }
        let now = wall.now;
        wall.add(link.to_owned(), "Đăng tay".to_owned(), now, now, true);
        true
    }

    /// How often it was called, and how often it did not answer with the plain truth.
    pub(super) fn tally(&self) -> (u64, u64) {
        let wall = self.wall();
        (wall.calls, wall.lies)
    }

    /// What readers see by now.
    pub(super) fn visible(&self) -> Vec<Post> {
        let wall = self.wall();
        let visible = wall
            .posts
            .iter()
            .filter(|post| post.effective_at <= wall.now);
        visible.cloned().collect()
    }

    /// Whether everything that was asked for shows in lists.
    pub(super) fn is_at_rest(&self) -> bool {
        let wall = self.wall();
        wall.posts.iter().all(|post| post.listed_at <= wall.now)
    }
}

impl Wall {
    fn lasts(&self, until: Option<Timestamp>) -> bool {
        until.is_some_and(|until| until > self.now)
    }

    fn add(
        &mut self,
        link: String,
        message: String,
        effective_at: Timestamp,
        listed_at: Timestamp,
        by_hand: bool,
    ) -> PostId {
        let id = PostId(format!("35_{}", self.posts.len() + 1));
        let known_before = |post: &Post| {
            post.by_hand
                && post.link == link
                && self.now.duration_since(post.listed_at) > READING_AGE_MAX
        };
        let hid = self
            .mood
            .hides
            .is_some_and(|until| self.now.duration_since(until) <= READING_AGE_MAX);
        self.posts.push(Post {
            id: id.clone(),
            copied: !by_hand && !hid && self.posts.iter().any(known_before),
            link,
            by_hand,
            message,
            effective_at,
            listed_at,
        });
        id
    }

    /// A call that publishes has arrived, or should have.
    fn takes(&mut self, draft: &Draft, clock: &ManualClock) -> Verdict {
        self.calls += 1;
        if self.lasts(self.mood.token_dead) {
            return Verdict::NotSent(Obstacle::NotAllowed {
                why: "the token is dead".to_owned(),
            });
        }
        let link = draft.article_link.as_ref().unwrap().to_string();
        let is_a_repeat =
            |post: &Post| post.message == draft.message && post.effective_at <= self.now;
        if self.posts.iter().any(is_a_repeat) && self.chance.bool() {
            self.lies += 1;
            return Verdict::Duplicate(refusal("already posted"));
        }
        let whim = if self.mood.calm {
            0
        } else {
            self.chance.u8(0..100)
        };
        self.lies += u64::from(whim >= 55);
        match whim {
            0..55 => Verdict::Published {
                id: self.shows(draft, link, 0),
                permalink: None,
            },
            55..67 => {
                self.shows(draft, link, 0);
                no_answer()
            }
            67..79 => {
                self.shows(draft, link, EFFECTIVE_WITHIN);
                no_answer()
            }
            79..89 => no_answer(),
            89..92 => Verdict::Refused(refusal("that is not allowed here")),
            92..95 => Verdict::NotSent(Obstacle::Throttled {
                until: clock.now().checked_add(Duration::from_secs(1800)).ok(),
                why: "too many calls".to_owned(),
            }),
            95..97 => Verdict::Duplicate(refusal("already posted")),
            _ => Verdict::NotSent(Obstacle::Unreachable {
                why: "no connection".to_owned(),
            }),
        }
    }

    /// The draft becomes a post, late by up to so many seconds.
    fn shows(&mut self, draft: &Draft, link: String, late: i64) -> PostId {
        let late = self.chance.i64(0..=late);
        let in_lists = match self.mood.calm || self.chance.bool() {
            true => 0,
            false => self.chance.i64(0..=LISTED_WITHIN),
        };
        let effective_at = self.now + SignedDuration::from_secs(late);
        let listed_at = effective_at + SignedDuration::from_secs(in_lists);
        self.add(link, draft.message.clone(), effective_at, listed_at, false)
    }

    fn list(&mut self, newest: usize) -> Result<Reading, ReadError> {
        self.calls += 1;
        if self.lasts(self.mood.token_dead) {
            return Err(ReadError::Obstacle(Obstacle::NotAllowed {
                why: "the token is dead".to_owned(),
            }));
        }
        if self.lasts(self.mood.unreadable) {
            return Err(ReadError::Unclear("<html>".to_owned()));
        }
        let hides = self.lasts(self.mood.hides);
        let mut listed: Vec<&Post> = self
            .posts
            .iter()
            .filter(|post| post.listed_at <= self.now && !hides)
            .collect();
        listed.sort_by_key(|post| std::cmp::Reverse(post.effective_at));
        Ok(Reading {
            posts: listed.into_iter().take(newest).map(Post::read).collect(),
            page_time: Some(self.now),
        })
    }

    fn standing(&mut self) -> Standing {
        self.calls += 1;
        let lacks = self
            .lasts(self.mood.hides)
            .then(|| "pages_read_user_content".to_owned());
        Standing {
            alive: !self.lasts(self.mood.token_dead),
            right_page: true,
            missing_scopes: Some(lacks.into_iter().collect()),
            expires: None,
            data_access_ends: None,
            app_id: None,
            trouble: None,
        }
    }
}

impl Post {
    fn read(&self) -> RemotePost {
        RemotePost {
            id: self.id.clone(),
            message: self.message.clone(),
            links: vec![self.link.clone()],
            created: Some(self.effective_at),
            permalink: None,
            ours: Some(!self.by_hand),
        }
    }
}

fn no_answer() -> Verdict {
    Verdict::Unknown {
        why: "no answer".to_owned(),
    }
}

fn refusal(message: &str) -> Refusal {
    Refusal {
        code: None,
        subcode: None,
        message: message.to_owned(),
    }
}

#[async_trait]
impl Destination for Page {
    fn limits(&self) -> Limits {
        Limits {
            message_chars_max: 5000,
            photos_max: 10,
            photo_bytes_max: 4 << 20,
        }
    }

    async fn upload(&self, _: Upload) -> Result<PhotoId, UploadError> {
        Err(UploadError::Unclear("no pictures here".to_owned()))
    }

    async fn publish(&self, draft: &Draft, _: &[PhotoId]) -> Verdict {
        // Who dies here has sent nothing; who dies at the second has, and hears no answer.
        futures::pending!();
        let verdict = self.wall().takes(draft, &self.clock);
        futures::pending!();
        verdict
    }

    async fn edit(&self, _: &PostId, _: &str) -> Result<(), EditError> {
        Err(EditError::Unclear("nobody edits here".to_owned()))
    }

    async fn read(&self, newest: usize) -> Result<Reading, ReadError> {
        futures::pending!();
        self.wall().list(newest)
    }

    async fn inspect(&self) -> Result<Standing, ReadError> {
        futures::pending!();
        Ok(self.wall().standing())
    }
}
