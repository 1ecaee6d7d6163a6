//! How the page can misbehave. Every one of these has been met by somebody on the real one.

use serde::{Deserialize, Serialize};

/// Which calls a mood concerns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// The call that publishes.
    Publish,
    /// Uploads of photos.
    Upload,
    /// Changing or deleting a post.
    Edit,
    /// Reading lists and objects.
    Read,
    /// Asking about tokens.
    Inspect,
    /// Having it look at an address before that is posted.
    Scrape,
}

/// A mood, and for how long it lasts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mood {
    /// What happens.
    #[serde(flatten)]
    pub whim: Whim,
    /// To which calls.
    #[serde(default = "publish")]
    pub on: Kind,
    /// To how many of them.
    #[serde(default = "once")]
    pub calls: u32,
}

fn publish() -> Kind {
    Kind::Publish
}

fn once() -> u32 {
    1
}

impl Mood {
    /// The next final call meets this.
    pub fn once(whim: Whim) -> Self {
        Self {
            whim,
            on: publish(),
            calls: once(),
        }
    }
}

/// What happens instead of a plain answer. `done` says whether what was asked for is done all the
/// same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "mood", rename_all = "kebab-case")]
pub enum Whim {
    /// The connection is cut before an answer.
    HangUp {
        /// Whether it is done.
        done: bool,
    },
    /// HTTP 500 with this code (1 or 2).
    Fails {
        /// The code.
        code: i64,
        /// Whether it is done.
        done: bool,
    },
    /// HTTP 502 with a page for browsers.
    Html {
        /// Whether it is done.
        done: bool,
    },
    /// Any error at all, with nothing done.
    Errs {
        /// The HTTP status.
        status: u16,
        /// The code.
        code: i64,
        /// The finer code.
        #[serde(default)]
        subcode: Option<i64>,
        /// The words that come with it.
        #[serde(default)]
        words: String,
    },
    /// JSON that stops in the middle.
    Truncated {
        /// Whether it is done.
        done: bool,
    },
    /// HTTP 200 with nothing.
    Empty {
        /// Whether it is done.
        done: bool,
    },
    /// "Unsupported request. Object does not exist" (100 with 33).
    Missing {
        /// Whether it is done.
        done: bool,
    },
    /// No answer ever comes, and the connection stays open.
    Silence {
        /// Whether it is done.
        done: bool,
    },
    /// The answer comes late.
    Slow {
        /// By so many seconds of the page's clock.
        seconds: u64,
    },
    /// A limit was reached.
    RateLimit {
        /// The code: 4, 17, 32, 613 or 80001.
        code: i64,
        /// When calls will be taken again, in minutes.
        minutes: u64,
    },
    /// Posting too fast (368 with 1390008).
    TooFast,
    /// The token is dead (190 with 460).
    DeadToken,
    /// A permission is missing: 10 on reading, 200 otherwise.
    NotPermitted,
    /// "Duplicate status message": 506.
    Duplicate,
    /// "Already posted": 368.
    AlreadyPosted,
    /// The photos were "already posted": 100 with 1366051.
    PhotosPosted,
    /// A picture that cannot be read: 100 with 1366046.
    BadPicture,
    /// A parameter is refused: 100.
    Refused,
    /// It is done, and shows only later.
    ShowsLate {
        /// By so many seconds of the page's clock.
        seconds: u64,
    },
    /// HTTP 200 with an empty list, as a token gets that lost its reading scope.
    ShowsNothing,
}

impl Whim {
    /// The answers from which nobody can tell whether what was asked for is done, and which come
    /// at once.
    pub fn lies(done: bool) -> [Self; 7] {
        [
            Self::HangUp { done },
            Self::Fails { code: 1, done },
            Self::Fails { code: 2, done },
            Self::Html { done },
            Self::Truncated { done },
            Self::Empty { done },
            Self::Missing { done },
        ]
    }

    /// One of every kind, for whoever wants to try them.
    pub fn samples() -> Vec<Self> {
        let both = [false, true];
        let lost = both.into_iter().flat_map(|done| {
            let silence = [Self::Silence { done }];
            silence.into_iter().chain(Self::lies(done))
        });
        let errors = [
            (400, 190, Some(459)),
            (400, 190, Some(463)),
            (400, 190, Some(492)),
            (400, 4_854_002, None),
            (403, 341, None),
            (403, 613, None),
            (400, 1500, None),
            (400, 1_609_005, None),
        ];
        let errors = errors.map(|(status, code, subcode)| Self::Errs {
            status,
            code,
            subcode,
            words: String::new(),
        });
        let limit = |code| Self::RateLimit { code, minutes: 30 };
        let others = [
            Self::Slow { seconds: 30 },
            Self::ShowsLate { seconds: 30 },
            Self::ShowsNothing,
            limit(4),
            limit(32),
            limit(80_001),
            Self::TooFast,
            Self::DeadToken,
            Self::NotPermitted,
            Self::Duplicate,
            Self::AlreadyPosted,
            Self::PhotosPosted,
            Self::BadPicture,
            Self::Refused,
        ];
        lost.chain(errors).chain(others).collect()
    }

    /// Whether what was asked for is done.
    pub(super) fn is_done(&self) -> bool {
        match self {
            Self::HangUp { done }
            | Self::Fails { done, .. }
            | Self::Html { done }
            | Self::Truncated { done }
            | Self::Empty { done }
            | Self::Missing { done }
            | Self::Silence { done } => *done,
            Self::Slow { .. } | Self::ShowsLate { .. } => true,
            _ => false,
        }
    }
}
