//! The dangerous points, times what the Page may do with the final call, killed once and twice.

use loa::rehearsal::mood::{Mood, Whim};

use super::super::rig::tally::Tally;
use super::super::rig::{Kill, Trial, play_all};
use super::{kinds, size};

/// A start after a kill passes about so many points.
const POINTS_OF_A_START: usize = 40;
/// Without a common divisor with that number, so that every point has its turn.
const STRIDE: usize = 7;

/// What the Page may do with a final call.
pub(crate) fn behaviours() -> Vec<Option<Whim>> {
    let lies = [true, false].into_iter().flat_map(Whim::lies);
    let others = [Whim::ShowsLate { seconds: 30 }, Whim::Duplicate];
    let whims = lies.chain(others).map(Some);
    [None].into_iter().chain(whims).collect()
}

#[test]
fn whatever_the_page_answers_and_wherever_it_is_killed_an_article_is_posted_once_or_held() {
    let mut tally = Tally::default();
    for kind in kinds() {
        for whim in behaviours() {
            let trial = Trial {
                moods: whim.map(Mood::once).into_iter().collect(),
                ..Trial::of(*kind)
            };
            let killed_once = trial.killed_at(trial.journey().since_reading());
            tally.add(play_all(&killed_once));
            tally.add(play_all(&killed_twice(&killed_once)));
        }
    }
    println!("matrix: {tally}");
    assert!(tally.killed > tally.trials, "many were killed twice");
    tally.is_clean();
}

/// Some of these killed once more, in the start that follows; in the long run all of them.
fn killed_twice(trials: &[Trial]) -> Vec<Trial> {
    let every = usize::try_from(size(6, 1)).unwrap();
    let some = trials.iter().enumerate().step_by(every);
    some.flat_map(|(number, trial)| {
        let second = Kill {
            point: "any".to_owned(),
            visit: 1 + number * STRIDE % POINTS_OF_A_START,
        };
        trial.killed_at(&[second])
    })
    .collect()
}
