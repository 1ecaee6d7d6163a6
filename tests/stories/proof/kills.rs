//! The real program, killed at random: what is posted, how the Page behaves, who else has a hand
//! in it, and where each of the first runs dies are drawn from a seed.
//!
//! `LOA_SEED` plays one seed again. It repeats all that was drawn; which of two processes comes
//! first is the system's to say.

use std::process::Stdio;
use std::time::Duration;

use fastrand::Rng;
use loa::faults::Protection;
use loa::rehearsal::mood::{Kind as Calls, Mood, Whim};
use tokio::runtime::Handle;
use tokio::time::timeout;

use super::crashes::matrix::behaviours;
use super::rig::scene::{Kind, Scene};
use super::rig::tally::Tally;
use super::rig::{Ended, Kill, Stage, Trial, all};
use super::size;

/// A daemon that has not made a call by then never will.
const CALLS_WITHIN: Duration = Duration::from_secs(60);
/// Seeds played without a protection; among them, some die at the wrong moment.
const SEEDS_OF_CONTROL: u64 = 20;

/// What one seed draws.
struct Draw {
    seed: u64,
    trial: Trial,
    hands: Hands,
}

/// Who is at work before the runs that the trial kills.
enum Hands {
    Nobody,
    /// `loa once`, and a person's `loa post` of one of the articles at the same time.
    Two {
        once: Kill,
        post: Kill,
    },
    /// The daemon, killed while it waits for an answer.
    Daemon,
}

impl Draw {
    fn of(seed: u64) -> Self {
        let mut rng = Rng::with_seed(seed);
        let kind = Kind::ALL[rng.usize(..Kind::ALL.len())];
        let mut trial = Trial {
            articles: rng.u32(1..=3),
            ..Trial::of(kind)
        };
        trial.kills = (0..rng.usize(1..=3))
            .map(|_| any_point(&mut rng, &trial))
            .collect();
        let whim = behaviours().swap_remove(rng.usize(..behaviours().len()));
        trial.moods = whim.map(Mood::once).into_iter().collect();
        let hands = match rng.u8(..3) {
            0 => Hands::Nobody,
            1 => Hands::Two {
                once: any_point(&mut rng, &trial),
                post: any_point(&mut rng, &trial),
            },
            _ => {
                trial.scene = Scene::Queued;
                trial.later = trial.moods;
                trial.moods = silence(&mut rng, trial.articles, kind);
                Hands::Daemon
            }
        };
        Self { seed, trial, hands }
    }

    fn play(&self, handle: &Handle) -> Tally {
        let _replay = Replay(self.seed);
        let stage = Stage::open(&self.trial, handle);
        let ended = match &self.hands {
            Hands::Nobody => Vec::new(),
            Hands::Two { once, post } => two(&stage, once, post),
            Hands::Daemon => vec![daemon(&stage, handle)],
        };
        let killed = ended.iter().filter(|ended| ended.killed()).count();
        let killed = killed + stage.killed_as_planned();
        let mut tally = stage.finish(killed);
        tally.runs += ended.len();
        tally.named(&format!("LOA_SEED={}", self.seed))
    }
}

/// Any visit of any point. A run passes about so many; one that passes fewer is not killed.
fn any_point(rng: &mut Rng, trial: &Trial) -> Kill {
    let articles = usize::try_from(trial.articles).unwrap();
    let passed = 28 + articles * (30 + 13 * trial.kind.photos());
    Kill {
        point: "any".to_owned(),
        visit: rng.usize(1..=passed),
    }
}

/// One of the calls that the daemon is sure to make gets no answer: the Page is read, then each
/// article's pictures are uploaded and it is published.
fn silence(rng: &mut Rng, articles: u32, kind: Kind) -> Vec<Mood> {
    let photos = u32::try_from(kind.photos()).unwrap();
    let (on, made) = match rng.u8(..3) {
        0 => (Calls::Read, 1),
        1 if photos > 0 => (Calls::Upload, articles * photos),
        _ => (Calls::Publish, articles),
    };
    let plain = Mood {
        whim: Whim::ShowsLate { seconds: 0 },
        on,
        calls: rng.u32(..made),
    };
    let silent = Mood {
        whim: Whim::Silence { done: rng.bool() },
        on,
        calls: 1,
    };
    let moods = [plain, silent];
    moods.into_iter().filter(|mood| mood.calls > 0).collect()
}

fn two(stage: &Stage<'_>, once: &Kill, post: &Kill) -> Vec<Ended> {
    let link = stage.link(1);
    let started =
        [(vec!["once"], once), (vec!["post", link.as_str()], post)].map(|(arguments, kill)| {
            let mut program = stage.program(&arguments, &kill.plan());
            program.stdout(Stdio::null()).stderr(Stdio::null());
            program.spawn().unwrap()
        });
    started
        .map(|mut child| Ended::of(child.wait().unwrap()))
        .into()
}

fn daemon(stage: &Stage<'_>, handle: &Handle) -> Ended {
    let mut program = stage.program(&["run"], "");
    program.stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = program.spawn().unwrap();
    let calls = async { timeout(CALLS_WITHIN, stage.house.page.keeps_waiting()).await };
    let called = handle.block_on(calls);
    child.kill().unwrap();
    let ended = Ended::of(child.wait().unwrap());
    assert!(called.is_ok(), "it did not make the call it was to die in");
    ended
}

/// Tells how to come back to what failed.
struct Replay(u64);

impl Drop for Replay {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("LOA_SEED={}", self.0);
        }
    }
}

fn seeds() -> Vec<u64> {
    match std::env::var("LOA_SEED") {
        Ok(seed) => vec![seed.parse().unwrap()],
        Err(_) => (0..size(50, 1000)).collect(),
    }
}

#[test]
fn killed_at_random_with_several_hands_at_work_every_article_is_posted_once_or_held() {
    let draws: Vec<Draw> = seeds().into_iter().map(Draw::of).collect();
    let tally = all(&draws, Draw::play);
    println!("random kills: {tally}");
    tally.is_clean();
}

#[test]
fn unannounced_some_calls_whose_answers_were_lost_are_made_again() {
    let draws: Vec<Draw> = (0..SEEDS_OF_CONTROL).map(unannounced).collect();
    let tally = all(&draws, Draw::play);
    println!("random kills without sending-frame: {tally}");
    assert!(tally.repeats > 0);
}

/// Every post shows late, so that only the announcement can tell of it.
fn unannounced(seed: u64) -> Draw {
    let late = Mood {
        calls: 3,
        ..Mood::once(Whim::ShowsLate { seconds: 30 })
    };
    let trial = Trial {
        articles: 3,
        moods: vec![late],
        without: Some(Protection::SendingFrame),
        ..Trial::of(Kind::Link)
    };
    let kill = any_point(&mut Rng::with_seed(seed), &trial);
    Draw {
        seed,
        trial: Trial {
            kills: vec![kill],
            ..trial
        },
        hands: Hands::Nobody,
    }
}
