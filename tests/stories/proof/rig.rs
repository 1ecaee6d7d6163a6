//! Trials of the real program: killed where a trial says so, started again until everything has
//! settled, judged by what the Page shows. Site and Page live in the test and survive the kills.
//!
//! Our own clock is the machine's; the Page's is the trial's, and only that one decides when
//! something is absent. So nothing waits.

pub(super) mod scene;
pub(super) mod tally;

use std::os::unix::process::ExitStatusExt;
use std::process::{Command, ExitStatus};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use loa::faults::Protection;
use loa::rehearsal::mood::{Mood, Whim};
use serde_json::Value;
use tokio::runtime::{Handle, Runtime};

use self::scene::{Kind, Scene};
use self::tally::Tally;
use crate::house::{House, Ran, at, headline};

/// Trials that are played at the same time by one test. Tests run side by side too, and a process
/// that has to wait for its turn costs more than its work: sled spins.
const AT_ONCE: usize = 2;
/// From one run to the next, as the Page counts time: three looks take two of these.
const RUN_EVERY_SECS: u64 = 300;
/// What has not settled after so many runs never will.
const RUNS_MAX: usize = 12;
/// After a day everything shows that will ever show.
const DAY_SECS: u64 = 86_400;

/// A place to die: a point, and which visit of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Kill {
    pub point: String,
    pub visit: usize,
}

/// What is posted, how the Page behaves, and where the first runs are killed, one each.
#[derive(Debug, Clone)]
pub(super) struct Trial {
    pub scene: Scene,
    pub kind: Kind,
    pub articles: u32,
    /// From before the first run on.
    pub moods: Vec<Mood>,
    /// From the last kill on.
    pub later: Vec<Mood>,
    pub kills: Vec<Kill>,
    /// The protection that all runs do without.
    pub without: Option<Protection>,
}

impl Trial {
    /// One new article, a Page in no mood, no kill.
    pub(super) fn of(kind: Kind) -> Self {
        Self {
            scene: Scene::New,
            kind,
            articles: 1,
            moods: Vec::new(),
            later: Vec::new(),
            kills: Vec::new(),
            without: None,
        }
    }

    /// The same, killed at each of these places in turn.
    pub(super) fn killed_at(&self, places: &[Kill]) -> Vec<Self> {
        let killed = |place: &Kill| Self {
            kills: [self.kills.as_slice(), std::slice::from_ref(place)].concat(),
            ..self.clone()
        };
        places.iter().map(killed).collect()
    }

    /// The same without a protection.
    pub(super) fn without(&self, protection: Protection) -> Self {
        Self {
            without: Some(protection),
            ..self.clone()
        }
    }

    /// Every point that the run after the kills passes, in order.
    pub(super) fn journey(&self) -> Journey {
        let runtime = Runtime::new().unwrap();
        let stage = Stage::open(self, runtime.handle());
        stage.killed_as_planned();
        let visits = stage.house.dir.path().join("visits");
        let ran = stage.run(&format!("visits={}", visits.display()));
        assert!(ran.signal.is_none(), "{self:?}");
        let points = std::fs::read_to_string(visits).unwrap();
        Journey::of(&points, self.kind)
    }

    /// Whether it may end before a person: the Page says it has a post that it does not show.
    fn may_be_held(&self) -> bool {
        let moods = self.moods.iter().chain(&self.later);
        moods.into_iter().any(|mood| mood.whim == Whim::Duplicate)
    }

    pub(super) fn play(&self, handle: &Handle) -> Tally {
        let stage = Stage::open(self, handle);
        let killed = stage.killed_as_planned();
        stage.finish(killed)
    }
}

/// The points of one run, each with the number of its visit.
pub(super) struct Journey {
    pub places: Vec<Kill>,
    photos: usize,
}

impl Journey {
    fn of(points: &str, kind: Kind) -> Self {
        let mut places: Vec<Kill> = Vec::new();
        for point in points.lines() {
            let before = places.iter().filter(|place| place.point == point).count();
            places.push(Kill {
                point: point.to_owned(),
                visit: before + 1,
            });
        }
        Self {
            places,
            photos: kind.photos(),
        }
    }

    /// How often a point was passed.
    pub(super) fn visits(&self, point: &str) -> usize {
        let visits = self.places.iter().filter(|place| place.point == point);
        visits.count()
    }

    /// From where the Page is first read on: all that is done to it, and written down of it.
    pub(super) fn since_reading(&self) -> &[Kill] {
        &self.places[self.place("graph.asking", 1)..]
    }

    /// From where the final call is announced on disk on.
    pub(super) fn since_announcement(&self) -> &[Kill] {
        let before = &self.places[..self.final_call()];
        let announced = before
            .iter()
            .rposition(|place| place.point == "journal.writing");
        &self.places[announced.unwrap()..]
    }

    /// The place right before the final call, or right after its answer.
    pub(super) fn at_final_call(&self, point: &str) -> Kill {
        let place = &self.places[self.final_call()];
        Kill {
            point: point.to_owned(),
            visit: place.visit,
        }
    }

    /// The Page is read first, then gets the pictures.
    fn final_call(&self) -> usize {
        self.place("graph.asking", 2 + self.photos)
    }

    fn place(&self, point: &str, visit: usize) -> usize {
        self.places
            .iter()
            .position(|place| place.point == point && place.visit == visit)
            .unwrap_or_else(|| panic!("{point}:{visit} was not passed"))
    }
}

/// Plays all cases, a few at a time; they share nothing.
pub(super) fn all<C: Sync>(cases: &[C], play: impl Fn(&C, &Handle) -> Tally + Sync) -> Tally {
    let runtime = Runtime::new().unwrap();
    let (next, tally) = (AtomicUsize::new(0), Mutex::new(Tally::default()));
    std::thread::scope(|threads| {
        for _ in 0..AT_ONCE {
            threads.spawn(|| {
                while let Some(case) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let one = play(case, runtime.handle());
                    tally.lock().unwrap().add(one);
                }
            });
        }
    });
    tally.into_inner().unwrap()
}

/// Plays these trials.
pub(super) fn play_all(trials: &[Trial]) -> Tally {
    all(trials, Trial::play)
}

/// A house in which a trial is played.
pub(super) struct Stage<'a> {
    pub house: House,
    trial: &'a Trial,
}

impl Drop for Stage<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("in {:?}", self.trial);
        }
    }
}

/// How a run ended that may have been killed.
pub(super) struct Ended {
    pub signal: Option<i32>,
}

impl Ended {
    pub(super) fn of(status: ExitStatus) -> Self {
        Self {
            signal: status.signal(),
        }
    }

    pub(super) fn killed(&self) -> bool {
        self.signal == Some(9)
    }
}

impl<'a> Stage<'a> {
    /// Everything is as it was before the run that is looked at.
    pub(super) fn open(trial: &'a Trial, handle: &Handle) -> Self {
        let house = handle.block_on(House::new());
        let stage = Self { house, trial };
        trial.scene.set(&stage);
        for mood in &trial.moods {
            stage.house.page.set_mood(mood.clone());
        }
        stage
    }

    pub(super) fn trial(&self) -> &Trial {
        self.trial
    }

    /// The program as this trial runs it.
    pub(super) fn program(&self, arguments: &[&str], fault: &str) -> Command {
        let without = self.trial.without.map(|protection| protection.word());
        let without = without.map(|word| format!(";without={word}"));
        let mut command = self.house.program(arguments);
        command.env(
            "LOA_FAULTS",
            fault.to_owned() + &without.unwrap_or_default(),
        );
        command
    }

    /// The address of an article.
    pub(super) fn link(&self, number: u32) -> String {
        self.house.site.link(&scene::article(number))
    }

    /// One run of what the scene is about.
    pub(super) fn run(&self, fault: &str) -> Ended {
        let arguments = self.trial.scene.command(self);
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let output = self.program(&arguments, fault).output().unwrap();
        Ended::of(output.status)
    }

    /// How many of the kills came to pass.
    pub(super) fn killed_as_planned(&self) -> usize {
        let kills = self.trial.kills.iter();
        kills.filter(|kill| self.run(&kill.plan()).killed()).count()
    }

    /// Runs until everything has settled, and a day later once more; then looks at the Page.
    pub(super) fn finish(self, killed: usize) -> Tally {
        for mood in &self.trial.later {
            self.house.page.set_mood(mood.clone());
        }
        let mut tally = Tally {
            trials: 1,
            killed,
            runs: self.trial.kills.len(),
            ..Tally::default()
        };
        let began = self.house.now();
        self.settle(&mut tally);
        if self.trial.scene.comes_out_later() {
            self.trial.kind.bring_out(&self.house, self.trial.articles);
            self.settle(&mut tally);
        }
        tally.longest_doubt = self.house.now().duration_since(began);
        self.house.wait(DAY_SECS);
        self.settle(&mut tally);
        self.judge(&mut tally);
        tally
    }

    fn settle(&self, tally: &mut Tally) {
        for run in 0..RUNS_MAX {
            if run > 0 {
                self.house.wait(RUN_EVERY_SECS);
            }
            tally.runs += 1;
            let ran = Ran::of(self.program(&["once", "--json"], "").output().unwrap());
            let document = ran.document();
            if ran.code == 0 && is_settled(&document) {
                tally.held = count(&document, "held");
                return;
            }
        }
        tally.stuck += 1;
    }

    /// The Page's own posts decide, whatever the ledger says.
    fn judge(&self, tally: &mut Tally) {
        let (trial, posts) = (self.trial, self.house.page.posts());
        let (mut missing, mut others) = (0, posts.len());
        for title in (1..=trial.articles).map(scene::title) {
            let made = posts.iter().filter(|post| headline(post) == title);
            let photos: Vec<usize> = made.map(|post| post.photos.len()).collect();
            others -= photos.len();
            let wanted = trial.scene.posts();
            tally.repeats += photos.len().saturating_sub(wanted);
            missing += wanted.saturating_sub(photos.len());
            let whole = trial.photos_shown();
            tally.maimed += photos.iter().filter(|count| **count != whole).count();
        }
        tally.strays += others.abs_diff(trial.scene.others());
        if trial.may_be_held() {
            missing = missing.saturating_sub(tally.held);
            self.reasons_are_given();
        } else {
            missing += tally.held;
        }
        tally.losses += missing;
        if tally.faults() > 0 {
            tally.told.push(format!("{tally}: {trial:?}"));
        }
    }

    /// What waits for a person says why.
    fn reasons_are_given(&self) {
        let list = self.house.run(&["ledger", "list", "--json"]).document();
        let records = at(&list, "/records").as_array().unwrap();
        let mut held = records.iter().filter(|record| record["state"] == "held");
        assert!(held.all(|record| record["reason"].is_string()), "{list:#}");
    }
}

impl Kill {
    /// As `LOA_FAULTS` says it.
    pub(super) fn plan(&self) -> String {
        format!("kill={}:{}", self.point, self.visit)
    }
}

fn is_settled(document: &Value) -> bool {
    ["queued", "unresolved", "refused"]
        .into_iter()
        .all(|state| count(document, state) == 0)
}

fn count(document: &Value, state: &str) -> usize {
    let number = at(document, &format!("/pages/0/{state}")).as_u64();
    usize::try_from(number.unwrap()).unwrap()
}
