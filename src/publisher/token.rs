//! The right to post, kept: the Page's token is looked at at the start and every day, and a person
//! is told before it ends, and at once when it has. Nobody else tells: Facebook sends no word, and
//! a token dies of a changed password or a lost role as well as of old age.

use std::sync::PoisonError;
use std::time::Duration;

use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use tracing::info;

use super::page::Page;
use super::{Publisher, plan};
use crate::clock::saturating;
use crate::destination::{ReadError, Remark, Standing};
use crate::language::Language;
use crate::ledger::event::{Ending, PausedBy, What};
use crate::ledger::rows::PageRow;
use crate::ledger::{Entry, LedgerError};
use crate::post::Obstacle;

/// "At least daily": <https://developers.facebook.com/documentation/facebook-login/security>.
const LOOK_EVERY: Duration = Duration::from_secs(24 * 3600);
/// A look that told nothing is made again after this long.
const LOOK_AGAIN: Duration = Duration::from_secs(3600);
/// A person is told so many days before a token ends.
const DAYS_OF_TOKEN: [u16; 4] = [14, 7, 3, 1];
/// A version's end is known for years, and another one must be tried before.
const DAYS_OF_VERSION: [u16; 6] = [60, 14, 7, 3, 1, 0];
const DAY_SECONDS: i64 = 86_400;

/// What the newest look at a Page's token showed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Right {
    /// Why nothing can be posted with it; `None`: nothing is wrong.
    pub trouble: Option<String>,
    /// What will end, or has.
    pub warnings: Vec<Warning>,
}

/// Something that works now and will not for ever.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Warning {
    /// The token ends.
    Token(Timestamp),
    /// What the person granted who logged in ends.
    DataAccess(Timestamp),
    /// The version that the settings name ends, or has.
    Version {
        /// Which.
        version: String,
        /// On which day.
        on: Date,
    },
    /// Another version answers than the one that is asked for.
    Replaced {
        /// The version of the settings.
        asked: String,
        /// The one that answers.
        served: String,
    },
}

impl Warning {
    /// What a look at the token, and the answers until now, give reason to warn of.
    fn all_of(standing: &Standing, remarks: Vec<Remark>, now: Timestamp) -> Vec<Self> {
        let token = standing.expires.map(Self::Token);
        let data_access = standing.data_access_ends.map(Self::DataAccess);
        let remarked = remarks.into_iter().map(|remark| match remark {
            Remark::ServedBy { asked, served } => Self::Replaced { asked, served },
            Remark::VersionEnds { version, on } => Self::Version { version, on },
        });
        let all = token.into_iter().chain(data_access).chain(remarked);
        let mut due: Vec<Self> = all.filter(|warning| warning.due(now).is_some()).collect();
        // That another version answers says already that this one has ended.
        let replaced = |warning: &Self| matches!(warning, Self::Replaced { .. });
        let ended =
            |warning: &Self| matches!(warning, Self::Version { .. }) && warning.days_left(now) <= 0;
        if due.iter().any(replaced) {
            due.retain(|warning| !ended(warning));
        }
        due
    }

    fn of(&self) -> Ending {
        match self {
            Self::Token(_) => Ending::Token,
            Self::DataAccess(_) => Ending::DataAccess,
            Self::Version { .. } => Ending::Version,
            Self::Replaced { .. } => Ending::Replaced,
        }
    }

    /// Which one it is: another one is warned of anew.
    fn which(&self) -> String {
        match self {
            Self::Token(at) | Self::DataAccess(at) => at.to_string(),
            Self::Version { version, .. } => version.clone(),
            Self::Replaced { asked, served } => format!("{asked} {served}"),
        }
    }

    fn ends(&self) -> Option<Timestamp> {
        match self {
            Self::Token(at) | Self::DataAccess(at) => Some(*at),
            Self::Version { on, .. } => {
                let midnight = on.to_datetime(Time::midnight());
                let midnight = midnight.to_zoned_datetime(TimeZone::UTC).ok()?;
                Some(midnight.timestamp())
            }
            Self::Replaced { .. } => None,
        }
    }

    /// Started days before the end; 0 or less: it is past.
    fn days_left(&self, now: Timestamp) -> i64 {
        let left = self.ends().map(|end| end.duration_since(now));
        let seconds = left.unwrap_or(SignedDuration::ZERO).as_secs();
        seconds.div_euclid(DAY_SECONDS) + i64::from(seconds.rem_euclid(DAY_SECONDS) > 0)
    }

    /// The number of days for which a person is to have been told by now; `None`: none yet, or it
    /// is past and went unnoticed.
    fn due(&self, now: Timestamp) -> Option<u16> {
        let left = self.days_left(now);
        let steps: &[u16] = match self {
            Self::Token(_) => &DAYS_OF_TOKEN,
            // The permissions that loa needs outlive it, so that once past it matters no more:
            // https://developers.facebook.com/documentation/facebook-login/auth-vs-data.
            Self::DataAccess(_) if left <= 0 => &[],
            Self::DataAccess(_) => &DAYS_OF_TOKEN,
            Self::Version { .. } => &DAYS_OF_VERSION,
            Self::Replaced { .. } => &[0],
        };
        steps.iter().copied().rfind(|days| left <= i64::from(*days))
    }

    /// Whether it has not been told yet.
    fn is_news(&self, days: u16, told: &PageRow) -> bool {
        match told.warned.get(&self.of()) {
            Some((which, told)) => *which != self.which() || days < *told,
            None => true,
        }
    }

    /// What a person is told.
    pub fn say(&self, language: Language, page: &Page, now: Timestamp) -> String {
        let zone = page.manners.zone.clone();
        let day = |at: Timestamp| {
            at.to_zoned_datetime(zone.clone())
                .strftime("%d/%m/%Y")
                .to_string()
        };
        let days = self.days_left(now).to_string();
        let (key, on, version, served) = match self {
            Self::Token(at) => ("notice.token-ends", day(*at), "", ""),
            Self::DataAccess(at) => ("notice.data-access-ends", day(*at), "", ""),
            Self::Version { version, on } => {
                let key = match self.days_left(now) {
                    ..=0 => "notice.version-ended",
                    _ => "notice.version-ends",
                };
                (
                    key,
                    on.strftime("%d/%m/%Y").to_string(),
                    version.as_str(),
                    "",
                )
            }
            Self::Replaced { asked, served } => (
                "notice.version-replaced",
                String::new(),
                asked.as_str(),
                served.as_str(),
            ),
        };
        let values = [
            ("page", page.name.as_str()),
            ("on", on.as_str()),
            ("days", days.as_str()),
            ("version", version),
            ("served", served),
        ];
        language.say(key, &values)
    }
}

/// What is wrong with a token, in words; `None`: nothing.
pub fn trouble(language: Language, standing: &Standing) -> Option<String> {
    if !standing.alive {
        let why = standing.trouble.clone().unwrap_or_default();
        return Some(language.say("check.dead-token", &[("why", &why)]));
    }
    if !standing.right_page {
        return Some(language.say("check.wrong-page", &[]));
    }
    let scopes = standing.missing_scopes.as_deref().unwrap_or_default();
    let scopes = scopes.join(", ");
    let missing = [("scopes", scopes.as_str())];
    (!scopes.is_empty()).then(|| language.say("check.missing-scopes", &missing))
}

impl Publisher {
    /// Looks at the Page's token unless that was done within a day: for runs that begin and end.
    ///
    /// # Errors
    /// When the ledger fails.
    pub async fn look_at_token_once_a_day(&self, page: &Page) -> Result<(), LedgerError> {
        let (now, key) = (self.clock.now(), page.key.clone());
        let row = self.ledger.ask(move |books| books.page(&key)).await?;
        // A look in the future was made before the clock was set back.
        let recent = row
            .inspected
            .is_some_and(|at| at <= now && now.duration_since(at) < saturating(LOOK_EVERY));
        if !recent {
            self.look_at_token(page).await?;
        }
        Ok(())
    }

    /// Looks at the Page's token and tells what a person should know; says how long until the next
    /// look.
    ///
    /// # Errors
    /// When the ledger fails.
    pub async fn look_at_token(&self, page: &Page) -> Result<Duration, LedgerError> {
        let (now, key) = (self.clock.now(), page.key.clone());
        let row = self.ledger.ask(move |books| books.page(&key)).await?;
        if rests(&row, now) {
            return Ok(LOOK_AGAIN);
        }
        let (right, rest) = match page.destination.inspect().await {
            Ok(standing) => {
                let remarks = page.destination.remarks();
                let right = Right {
                    trouble: trouble(self.language, &standing),
                    warnings: Warning::all_of(&standing, remarks, now),
                };
                (right, LOOK_EVERY)
            }
            Err(ReadError::Obstacle(Obstacle::NotAllowed { why })) => {
                let right = Right {
                    trouble: Some(self.language.cause(&why)),
                    warnings: Vec::new(),
                };
                (right, LOOK_AGAIN)
            }
            Err(ReadError::Obstacle(Obstacle::Throttled { until, why })) => {
                self.throttled(page, until, why).await?;
                return Ok(LOOK_AGAIN);
            }
            Err(error) => {
                info!(page.name = %page.name, "the token of {} could not be looked at: {error}", page.name);
                return Ok(LOOK_AGAIN);
            }
        };
        self.tell_of(page, &right, now).await?;
        if rest == LOOK_EVERY {
            let page = page.key.clone();
            self.commit(vec![Entry::from(What::Inspected { page })])
                .await?;
        }
        *page.right.lock().unwrap_or_else(PoisonError::into_inner) = right;
        Ok(rest)
    }

    async fn tell_of(&self, page: &Page, right: &Right, now: Timestamp) -> Result<(), LedgerError> {
        if let Some(why) = &right.trouble {
            let values = [("page", page.name.as_str()), ("why", why.as_str())];
            let text = self.language.say("notice.not-allowed", &values);
            self.notify(&page.name, text).await?;
        }
        for warning in &right.warnings {
            let Some(days) = warning.due(now) else {
                continue;
            };
            let key = page.key.clone();
            let row = self.ledger.ask(move |books| books.page(&key)).await?;
            if warning.is_news(days, &row) {
                let text = warning.say(self.language, page, now);
                self.notify(&page.name, text).await?;
                // Written down after it was told: told twice is better than never.
                self.commit(vec![Entry::from(What::Warned {
                    page: page.key.clone(),
                    of: warning.of(),
                    which: warning.which(),
                    days,
                })])
                .await?;
            }
        }
        Ok(())
    }
}

/// Whether the Page asked not to be called: calls made meanwhile would prolong it.
fn rests(page: &PageRow, now: Timestamp) -> bool {
    let by_throttle = |row: &PageRow| {
        let pause = row.pause.as_ref();
        pause.is_some_and(|pause| pause.by == PausedBy::Throttle)
    };
    by_throttle(page) && plan::paused(page, now).is_some()
}
