//! Looks for what will go wrong before it does: settings, secrets, templates, ledger, and what
//! is outside.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use super::{Answer, Desk, DeskError};
use crate::article::page::{SITES_FILE, Sites};
use crate::article::places::{PLACES_FILE, Places};
use crate::destination::{ReadError, Upload};
use crate::exit::Exit;
use crate::feed;
use crate::feed::fetch::{Fetch, Validators, fetch};
use crate::poller::Source;
use crate::post::Obstacle;
use crate::post::context::PostContext;
use crate::publisher::page::Page;
use crate::publisher::token;

/// How many of the newest articles templates are tried on.
const ARTICLES_TRIED: usize = 10;
/// A clock that is further off than this puts wrong times on posts.
const CLOCK_OFF_MAX: SignedDuration = SignedDuration::from_secs(60);
/// A grey picture of one pixel: the smallest that can be uploaded. Nobody sees it.
const PIXEL: &[u8] = include_bytes!("check/pixel.png");

/// `loa check --json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct CheckReport {
    /// Everything that was looked at.
    pub checks: Vec<Check>,
}

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Check {
    /// Which, in any language: such as `settings` or `feed:canduoc`.
    pub id: String,
    /// What.
    pub name: String,
    /// Whether it will do.
    pub ok: bool,
    /// What was found.
    pub result: String,
    #[serde(skip)]
    exit: Exit,
}

impl Desk {
    /// Everything that can be looked at; `online` includes feeds and Pages.
    pub(super) async fn check(&self, online: bool) -> Result<Answer, DeskError> {
        let mut checks = vec![
            self.settings(),
            self.secrets(),
            self.templates().await?,
            self.rules(),
            self.fine("check.store"),
        ];
        if online {
            for source in &self.poller.sources {
                checks.push(self.feed(source).await);
            }
            for page in &self.pages {
                checks.extend(self.page(page).await);
            }
        }
        let exit = checks
            .iter()
            .map(|check| check.exit)
            .max()
            .unwrap_or(Exit::Done);
        Ok(Answer::new(exit, &CheckReport { checks }))
    }

    /// Every template that cannot be used.
    pub(super) async fn check_templates(&self) -> Result<Answer, DeskError> {
        let faults = self.template_faults().await?;
        let exit = if faults.is_empty() {
            Exit::Done
        } else {
            Exit::Faulty
        };
        Ok(Answer::new(exit, &serde_json::json!({ "faults": faults })))
    }

    async fn template_faults(&self) -> Result<Vec<String>, DeskError> {
        let articles = self
            .ledger
            .ask(|books| {
                let mut all = Vec::new();
                books.articles(&mut |_, row| {
                    all.push((row.order, row.article));
                    true
                })?;
                all.sort_by_key(|(order, _)| std::cmp::Reverse(*order));
                all.truncate(ARTICLES_TRIED);
                Ok(all)
            })
            .await?;
        let page = self.pages.first().map_or("", |page| page.name.as_str());
        let posts: Vec<PostContext> = articles
            .iter()
            .map(|(_, article)| PostContext::of(article, page))
            .collect();
        let templates = &self.publisher.templates;
        let mut faults: Vec<String> = templates
            .check(&posts)
            .iter()
            .map(|fault| self.language.cause(&fault.to_string()))
            .collect();
        let known = templates.names();
        for page in self
            .pages
            .iter()
            .filter(|page| !known.contains(&page.template))
        {
            let values = [
                ("name", page.template.as_str()),
                ("known", &known.join(", ")),
            ];
            faults.push(self.language.say("template.no-such", &values));
        }
        Ok(faults)
    }

    async fn templates(&self) -> Result<Check, DeskError> {
        let faults = self.template_faults().await?;
        Ok(self.judged(
            "check.templates",
            &[],
            (!faults.is_empty()).then(|| faults.join("; ")),
            Exit::Faulty,
        ))
    }

    /// The office's own rules of sites and names of places.
    fn rules(&self) -> Check {
        let sites = Sites::load(&self.config.rules_file(SITES_FILE)).err();
        let places = Places::load(&self.config.rules_file(PLACES_FILE)).err();
        let faults = sites.into_iter().chain(places);
        let faults: Vec<String> = faults.map(|error| error.to_string()).collect();
        let trouble = (!faults.is_empty()).then(|| faults.join("; "));
        self.judged("check.rules", &[], trouble, Exit::Faulty)
    }

    /// Settings that name nothing are none that are wrong, but nothing will ever happen by them.
    fn settings(&self) -> Check {
        let mut check = self.fine("check.settings");
        let missing = match (self.poller.sources.is_empty(), self.pages.is_empty()) {
            (true, true) => "check.nothing-set",
            (true, false) => "check.no-feed",
            (false, true) => "check.no-page",
            (false, false) => return self.default_pictures(check),
        };
        check.result = self.language.say(missing, &[]);
        check
    }

    /// Pictures that the settings name and that are not there: posts would go without them.
    fn default_pictures(&self, check: Check) -> Check {
        let pages = self.pages.iter();
        let files = pages.flat_map(|page| page.default_pictures.files());
        let missing: Vec<String> = files
            .filter(|file| !file.is_file())
            .map(|file| file.display().to_string())
            .collect();
        if missing.is_empty() {
            return check;
        }
        let values = [("files", missing.join(", "))];
        let values = values.each_ref().map(|(name, text)| (*name, text.as_str()));
        let text = self.language.say("check.no-picture", &values);
        self.judged("check.settings", &[], Some(text), Exit::Faulty)
    }

    /// Secrets that cannot be read, with their places in the settings and what to write.
    pub fn secret_faults(&self) -> Vec<String> {
        let faults = self.config.check_secrets(&self.environment);
        let said = faults.iter().map(|fault| fault.say(self.language));
        said.collect()
    }

    fn secrets(&self) -> Check {
        let said = self.secret_faults();
        self.judged(
            "check.secrets",
            &[],
            (!said.is_empty()).then(|| said.join("; ")),
            Exit::Faulty,
        )
    }

    async fn feed(&self, source: &Source) -> Check {
        let now = self.publisher.clock.now();
        let values = [("feed", source.name.as_str())];
        let mut exit = Exit::Unavailable;
        let read = match fetch(&self.poller.web, &source.url, &Validators::default(), now).await {
            Ok(Fetch::Changed {
                body,
                content_type,
                url,
                ..
            }) => feed::parse(
                &body,
                content_type.as_deref(),
                Some(&url),
                &source.dates(now),
            )
            .map_err(|error| error.to_string()),
            Ok(Fetch::Unchanged) => Err("304".to_owned()),
            Err(error) => {
                if error.is_forbidden() {
                    exit = Exit::Config;
                }
                Err(error.to_string())
            }
        };
        match read {
            Ok(feed) => {
                let count = feed.entries.len().to_string();
                let mut check = self.judged("check.feed", &values, None, Exit::Done);
                check.result = self.language.say("check.entries", &[("count", &count)]);
                check
            }
            Err(why) => self.judged("check.feed", &values, Some(why), exit),
        }
    }

    /// The token, the clock and an upload, as far as the Page lets us come.
    async fn page(&self, page: &Arc<Page>) -> Vec<Check> {
        let values = [("page", page.name.as_str())];
        let standing = page.destination.inspect().await;
        let (trouble, exit) = match &standing {
            Ok(standing) => (token::trouble(self.language, standing), Exit::NotAllowed),
            Err(error) => (Some(error.to_string()), exit_of(error)),
        };
        let stopped = trouble.is_some();
        let mut checks = vec![self.judged("check.token", &values, trouble, exit)];
        if stopped {
            return checks;
        }
        if let Ok(reading) = page.destination.read(1).await
            && let Some(page_time) = reading.page_time
        {
            checks.push(self.clock_against(page_time));
        }
        let upload = Upload {
            bytes: bytes::Bytes::from_static(PIXEL),
            media_type: "image/png",
            alt_text: None,
        };
        let uploaded = page.destination.upload(upload).await;
        let trouble = uploaded.err().map(|error| error.to_string());
        checks.push(self.judged("check.photo", &values, trouble, Exit::NotAllowed));
        checks
    }

    fn clock_against(&self, page_time: Timestamp) -> Check {
        let off = self.publisher.clock.now().duration_since(page_time);
        let seconds = off.as_secs().to_string();
        let trouble = (off.abs() > CLOCK_OFF_MAX).then(|| {
            self.language
                .say("check.clock-off", &[("seconds", &seconds)])
        });
        self.judged("check.clock", &[], trouble, Exit::Faulty)
    }

    fn fine(&self, key: &str) -> Check {
        self.judged(key, &[], None, Exit::Done)
    }

    fn judged(
        &self,
        key: &str,
        values: &[(&str, &str)],
        trouble: Option<String>,
        exit: Exit,
    ) -> Check {
        let kind = key.trim_start_matches("check.");
        let about = values.iter().map(|(_, name)| *name);
        Check {
            id: [kind]
                .into_iter()
                .chain(about)
                .collect::<Vec<_>>()
                .join(":"),
            name: self.language.say(key, values),
            ok: trouble.is_none(),
            exit: if trouble.is_none() { Exit::Done } else { exit },
            result: match trouble {
                Some(why) => self.language.cause(&why),
                None => self.language.say("check.fine", &[]),
            },
        }
    }
}

/// How a command ends that could not read the Page.
fn exit_of(error: &ReadError) -> Exit {
    match error {
        ReadError::Obstacle(Obstacle::NotAllowed { .. }) => Exit::NotAllowed,
        ReadError::Obstacle(_) | ReadError::Unclear(_) => Exit::Unavailable,
    }
}
