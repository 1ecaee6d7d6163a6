//! One article, one Page, one process, and everything that may happen to them next.

mod process;

use std::fmt;
use std::time::Duration;

use jiff::Timestamp;
use loa::article::ArticleId;
use loa::destination::{Reading, RemotePost};
use loa::ledger::state::{PageKey, Record, Search, Standing, State};
use loa::ledger::step::{Change, Order, step};
use loa::post::{Draft, PostId};
use loa::publisher::reconcile::{Patience, next_look};

/// The process may die this often.
const DEATHS_MAX: u8 = 3;
/// The Page may turn a call away this often, so that attempts come to an end.
const TURNED_AWAY_MAX: u8 = 1;
const LINK: &str = "https://bao.example/tin-a10001.html";

/// How late things may be, in minutes of the Page's clock, and what else may be the case.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scope {
    effective_within: i64,
    readable_within: i64,
    wait: i64,
    posted_before: bool,
    trusts_a_deadline: bool,
}

impl Scope {
    pub(super) const fn waiting(effective_within: i64, readable_within: i64, wait: i64) -> Self {
        Self {
            effective_within,
            readable_within,
            wait,
            posted_before: false,
            trusts_a_deadline: false,
        }
    }

    /// Somebody posted the article by hand before. Lists are whole then: what a list hides
    /// before the first claim, nothing else can tell.
    pub(super) const fn posted_before(self) -> Self {
        Self {
            posted_before: true,
            ..self
        }
    }

    /// A start believes that the wait is over, as a deadline on disk would say after the machine's
    /// clock has jumped.
    pub(super) const fn trusting_a_deadline(self) -> Self {
        Self {
            trusts_a_deadline: true,
            ..self
        }
    }

    fn patience(&self) -> Patience {
        Patience {
            first: Duration::from_secs(60),
            whole: Duration::from_secs(60 * self.wait.unsigned_abs()),
            resend: true,
        }
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "effective within {}, readable within {}, wait {}{}",
            self.effective_within,
            self.readable_within,
            self.wait,
            if self.posted_before {
                ", posted by hand before"
            } else {
                ""
            }
        )
    }
}

/// One way on.
pub(super) struct Step {
    pub(super) name: &'static str,
    /// Whether something went wrong: "stuck" is judged without such steps.
    pub(super) fault: bool,
    pub(super) to: World,
}

/// Which post: its place among all that were ever made.
type Place = usize;

/// What the process is in the middle of.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Hand {
    /// It is dead.
    Dead,
    /// Of nothing.
    Free,
    /// It has read the Page.
    Read(Vec<Place>),
    /// The claim is on disk.
    Claimed(Vec<Place>),
    /// The final call is announced on disk.
    Announced(Vec<Place>),
    /// The request has left; it was taken as this post, or lost.
    Called(Vec<Place>, Option<Place>),
}

/// Where a post is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Post {
    /// Asked for; takes effect within so many minutes.
    UnderWay(i64),
    /// Readers see it; lists show it within so many minutes.
    Visible(i64),
    /// Lists show it.
    Listed,
}

#[derive(Debug, Clone)]
pub(super) struct World {
    record: Record,
    hand: Hand,
    posts: Vec<Post>,
    /// The Page's clock, in minutes.
    minute: i64,
    deaths: u8,
    turned_away: u8,
    /// The outcome of the first generation, once a second was asked for.
    first_outcome: Option<PostId>,
}

/// A world without what makes no difference: two with the same key are one.
#[derive(PartialEq, Eq, Hash)]
pub(super) struct Key {
    standing: Standing,
    /// The looks' ages, and whether the Page spoke of a repeat.
    search: Option<(Vec<i64>, bool)>,
    outcome: Option<PostId>,
    as_drafted: bool,
    resends: u32,
    called: bool,
    generation: u32,
    fence: Vec<PostId>,
    hand: Hand,
    posts: Vec<Post>,
    deaths: u8,
    turned_away: u8,
}

impl World {
    /// The article is queued, the process runs.
    pub(super) fn first(scope: &Scope) -> Self {
        Self {
            record: Record::new(
                ArticleId::new("a"),
                PageKey("p".to_owned()),
                State::queued(),
                Timestamp::UNIX_EPOCH,
                1,
            ),
            hand: Hand::Free,
            posts: scope
                .posted_before
                .then_some(Post::Listed)
                .into_iter()
                .collect(),
            minute: 0,
            deaths: 0,
            turned_away: 0,
            first_outcome: None,
        }
    }

    pub(super) fn key(&self) -> Key {
        let (mut search, mut outcome, mut sends_draft) = (None, None, false);
        match &self.record.state {
            State::Unresolved(Search {
                looks, duplicate, ..
            }) => {
                let age = |look: &Timestamp| self.minute - look.as_second() / 60;
                search = Some((looks.iter().map(age).collect(), *duplicate));
            }
            State::Published { post, .. } => outcome = Some(post.clone()),
            State::Queued { as_drafted, .. } => sends_draft = *as_drafted,
            _ => {}
        }
        Key {
            standing: self.record.state.standing(),
            search,
            outcome,
            as_drafted: sends_draft,
            resends: self.record.resends,
            called: self.record.called,
            generation: self.record.generation,
            fence: self.record.fence.clone(),
            hand: self.hand.clone(),
            posts: self.posts.clone(),
            deaths: self.deaths,
            turned_away: self.turned_away,
        }
    }

    /// What must never be, in one word.
    pub(super) fn wrong(&self) -> Option<&'static str> {
        let visible = |post: &&Post| !matches!(post, Post::UnderWay(_));
        let copies = self.posts.iter().filter(visible).count();
        if copies > 1 + self.record.generation as usize {
            return Some("repeated");
        }
        let State::Published { post, .. } = &self.record.state else {
            return None;
        };
        let is_there = place_of(post)
            .is_some_and(|place| self.posts.get(place).is_some_and(|post| visible(&post)));
        (!is_there || self.first_outcome.as_ref() == Some(post)).then_some("lost")
    }

    /// On the Page, refused, or before a person.
    pub(super) fn is_settled(&self) -> bool {
        matches!(
            self.record.state.standing(),
            Standing::Published | Standing::Held | Standing::Refused
        )
    }

    /// Everything that may happen next.
    pub(super) fn steps(&self, scope: &Scope) -> Vec<Step> {
        let mut steps = self.steps_of_the_process(scope);
        steps.extend(self.steps_of_the_page(scope));
        steps.extend(self.dead().map(|to| went_wrong("the process dies", to)));
        if let State::Published { post, .. } = &self.record.state
            && self.record.generation == 0
        {
            let mut to = self.after(&Change::Again(Order::default()));
            to.first_outcome = Some(post.clone());
            // Nobody has to ask for it: what settles must settle without.
            steps.push(went_wrong("a person asks for it again", to));
        }
        steps
    }

    /// The process dies, if it has not died often enough.
    fn dead(&self) -> Option<Self> {
        let mut to = self.clone().with(Hand::Dead);
        to.deaths += 1;
        (self.hand != Hand::Dead && to.deaths <= DEATHS_MAX).then_some(to)
    }

    /// What is under way arrives, or time passes.
    fn steps_of_the_page(&self, scope: &Scope) -> Vec<Step> {
        let mut steps = Vec::new();
        for (place, post) in self.posts.iter().enumerate() {
            let (name, next) = match post {
                Post::UnderWay(_) => ("it shows", Post::Visible(scope.readable_within)),
                Post::Visible(_) => ("lists show it", Post::Listed),
                Post::Listed => continue,
            };
            let mut to = self.clone();
            to.posts[place] = next;
            steps.push(went_on(name, to));
        }
        if self.time_matters(scope) {
            steps.push(went_on("a minute passes", self.a_minute_later()));
        }
        steps
    }

    /// Whether anything would be different a minute later.
    fn time_matters(&self, scope: &Scope) -> bool {
        let at_rest = matches!(self.hand, Hand::Dead | Hand::Free | Hand::Called(..));
        let left = self.posts.iter().filter_map(|post| match post {
            Post::UnderWay(left) | Post::Visible(left) => Some(*left),
            Post::Listed => None,
        });
        let soonest = left.min();
        let look_is_ahead = match &self.record.state {
            State::Unresolved(search) => {
                next_look(search, &scope.patience()).is_some_and(|due| due > at(self.minute))
            }
            _ => false,
        };
        at_rest && soonest != Some(0) && (soonest.is_some() || look_is_ahead)
    }

    fn a_minute_later(&self) -> Self {
        let mut later = self.clone();
        later.minute += 1;
        for post in &mut later.posts {
            match post {
                Post::UnderWay(left) | Post::Visible(left) => *left -= 1,
                Post::Listed => {}
            }
        }
        later
    }

    fn after(&self, change: &Change) -> Self {
        Self {
            record: step(&self.record, change, at(self.minute)).unwrap(),
            ..self.clone()
        }
    }

    fn with(self, hand: Hand) -> Self {
        Self { hand, ..self }
    }

    fn listed(&self) -> Vec<Place> {
        let listed = |place: &Place| self.posts[*place] == Post::Listed;
        (0..self.posts.len()).rev().filter(listed).collect()
    }

    fn reading(&self, seen: &[Place]) -> Reading {
        let posts = seen.iter().map(|place| RemotePost {
            id: id_of(*place),
            message: String::new(),
            links: vec![LINK.to_owned()],
            created: None,
            permalink: None,
            ours: None,
        });
        Reading {
            posts: posts.collect(),
            page_time: Some(at(self.minute)),
        }
    }
}

fn went_on(name: &'static str, to: World) -> Step {
    Step {
        name,
        fault: false,
        to,
    }
}

fn went_wrong(name: &'static str, to: World) -> Step {
    Step {
        name,
        fault: true,
        to,
    }
}

fn at(minute: i64) -> Timestamp {
    Timestamp::from_second(60 * minute).unwrap()
}

fn draft() -> Draft {
    let link = LINK.parse().ok();
    Draft {
        message: "Tin mới".to_owned(),
        link: link.clone(),
        photos: Vec::new(),
        article_link: link,
    }
}

fn id_of(place: Place) -> PostId {
    PostId(place.to_string())
}

fn place_of(post: &PostId) -> Option<Place> {
    post.0.parse().ok()
}
