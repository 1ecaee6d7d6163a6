//! The real program, killed at every point between the poll and the settled record, and again at
//! every point of what comes after.
//!
//! What this layer cannot show to be needed: flushing the journal (a killed process loses no
//! written byte; the states of a disk after a power cut show it), and removing what a kill left in
//! sled's folder (no point lies within sled; the damaged ledgers show it).

mod controls;
pub(super) mod matrix;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use loa::faults::POINTS;

use super::rig::scene::{Kind, Scene};
use super::rig::{Kill, Trial, play_all};
use super::size;

/// Kills a trial's next run at every point it passes, and looks what became of the article.
fn swept(name: &str, trial: &Trial) {
    let journey = trial.journey();
    let tally = play_all(&trial.killed_at(&journey.places));
    println!(
        "{name}: {} points, {} flushes; {tally}",
        journey.places.len(),
        journey.visits("journal.synced"),
    );
    let before = trial.kills.len() * journey.places.len();
    assert_eq!(tally.killed, before + journey.places.len(), "{name}: each");
    tally.is_clean();
}

/// The kinds of post whose later runs are swept too: what follows a kill differs little by kind.
fn kinds() -> &'static [Kind] {
    &Kind::ALL[..usize::try_from(size(1, 3)).unwrap()]
}

#[test]
fn killed_at_any_point_of_its_journey_an_article_is_posted_once() {
    for kind in Kind::ALL {
        swept(&format!("{kind:?}"), &Trial::of(kind));
    }
}

#[test]
fn killed_at_any_point_of_the_first_start_nothing_old_is_posted_and_the_next_article_is() {
    let trial = Trial {
        scene: Scene::FirstStart,
        ..Trial::of(Kind::Link)
    };
    swept("first start", &trial);
}

#[test]
fn killed_again_at_any_point_of_the_start_that_follows_an_article_is_posted_once() {
    for kind in kinds() {
        let trial = Trial::of(*kind);
        for first in most_dangerous(&trial) {
            let name = format!("{kind:?} after {}", first.plan());
            let trial = Trial {
                kills: vec![first],
                ..trial.clone()
            };
            swept(&name, &trial);
        }
    }
}

/// The call is announced, about to leave, answered, and the answer about to be written down.
fn most_dangerous(trial: &Trial) -> [Kill; 4] {
    let journey = trial.journey();
    let announced = journey.since_announcement();
    let synced = announced.iter().find(|kill| kill.point == "journal.synced");
    let settled = announced
        .iter()
        .rfind(|kill| kill.point == "journal.writing");
    [
        synced.unwrap().clone(),
        journey.at_final_call("graph.asking"),
        journey.at_final_call("graph.answered"),
        settled.unwrap().clone(),
    ]
}

#[test]
fn killed_at_any_point_of_sending_it_again_an_article_is_posted_once() {
    for kind in kinds() {
        let trial = Trial {
            scene: Scene::Doubted,
            ..Trial::of(*kind)
        };
        swept(&format!("{kind:?}, proved absent"), &trial);
    }
}

#[test]
fn every_point_in_the_sources_is_known_and_visited() {
    let known: BTreeSet<String> = POINTS.map(ToOwned::to_owned).into();
    let mut written = BTreeSet::new();
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    points_in(&sources, &mut written);
    assert_eq!(written, known);

    let first_start = Trial {
        scene: Scene::FirstStart,
        ..Trial::of(Kind::Link)
    };
    let journeys = [first_start, Trial::of(Kind::OnePhoto)].map(|trial| trial.journey());
    let places = journeys.into_iter().flat_map(|journey| journey.places);
    let visited: BTreeSet<String> = places.map(|place| place.point).collect();
    assert_eq!(visited, known);
}

/// The names given to `faults::point` and its like in a folder.
fn points_in(dir: &Path, names: &mut BTreeSet<String>) {
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            points_in(&path, names);
            continue;
        }
        let text = fs::read_to_string(&path).unwrap_or_default();
        for call in ["faults::point(", "faults::disk_point(", "faults::tear("] {
            let named = text.split(call).skip(1).map(|rest| {
                let name = rest.trim_start().strip_prefix('"').unwrap();
                name.split('"').next().unwrap().to_owned()
            });
            names.extend(named);
        }
    }
}
