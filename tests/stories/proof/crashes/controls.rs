//! Each protection taken away in turn: the same kills must make a repeat or a loss.

use loa::faults::Protection;
use loa::rehearsal::mood::{Kind as Calls, Mood, Whim};

use super::super::rig::scene::{Kind, Scene};
use super::super::rig::tally::Tally;
use super::super::rig::{Kill, Trial, play_all};

/// Kills at these places change nothing; without the protection, they do.
fn without(protection: Protection, trial: &Trial, places: &[Kill]) -> Tally {
    let with = play_all(&trial.killed_at(places));
    assert_eq!(with.killed, places.len(), "each was killed");
    with.is_clean();
    let without = play_all(&trial.without(protection).killed_at(places));
    println!("without {}: {without}", protection.word());
    without
}

/// A link post that the Page shows only half a minute after it took it.
fn shows_late() -> Trial {
    Trial {
        moods: vec![Mood::once(Whim::ShowsLate { seconds: 30 })],
        ..Trial::of(Kind::Link)
    }
}

#[test]
fn unannounced_a_call_whose_answer_was_lost_is_made_again() {
    let trial = shows_late();
    let places = trial.journey();
    let tally = without(
        Protection::SendingFrame,
        &trial,
        places.since_announcement(),
    );
    assert!(tally.repeats > 0);
}

#[test]
fn without_a_wait_a_post_that_shows_late_is_made_again() {
    let trial = shows_late();
    let places = trial.journey();
    let tally = without(Protection::Wait, &trial, places.since_announcement());
    assert!(tally.repeats > 0);
}

#[test]
fn unread_a_page_gets_again_what_a_person_put_there() {
    let trial = Trial {
        scene: Scene::ByHand,
        ..Trial::of(Kind::Link)
    };
    let places = trial.journey();
    let tally = without(Protection::ReadBeforeClaim, &trial, places.since_reading());
    assert!(tally.repeats > 0);
}

#[test]
fn unfenced_the_old_post_is_taken_for_the_one_that_a_person_ordered_again() {
    let trial = Trial {
        scene: Scene::Again,
        ..Trial::of(Kind::Link)
    };
    let places = trial.journey();
    let tally = without(Protection::Fence, &trial, places.since_announcement());
    assert!(tally.losses > 0);
}

#[test]
fn without_a_control_an_empty_list_is_taken_for_an_empty_page() {
    let nothing = Mood {
        whim: Whim::ShowsNothing,
        on: Calls::Read,
        calls: 3,
    };
    let no_scopes = Mood {
        whim: Whim::NotPermitted,
        on: Calls::Inspect,
        calls: 3,
    };
    let first_post = Trial {
        later: vec![nothing.clone(), no_scopes],
        ..Trial::of(Kind::Link)
    };
    let next_post = Trial {
        scene: Scene::Next,
        later: vec![nothing],
        ..Trial::of(Kind::Link)
    };
    for trial in [first_post, next_post] {
        let place = trial.journey().at_final_call("graph.answered");
        let tally = without(Protection::Control, &trial, &[place]);
        assert!(tally.repeats > 0);
    }
}
