//! Every state that one article on one Page can reach, visited one by one: the process may die at
//! any point, any answer may be lost or lie, what was sent may take effect late, show late, or
//! never. The transitions are the program's own functions; only the order in which a process
//! calls them is told again here, in [`world`].

mod explore;
mod world;

use loa::faults::{Protection, without};

use self::explore::{Broken, Explored, explore};
use self::world::Scope;

/// How late the Page may be, and how long we wait, in minutes: `wait` is the longer one.
const SCOPES: [Scope; 3] = [
    Scope::waiting(2, 1, 4),
    Scope::waiting(1, 2, 4),
    Scope::waiting(3, 2, 6),
];

/// What is found when a protection is gone.
fn broken_without(protection: Protection, scope: Scope) -> Broken {
    let explored = without(Some(protection), || explore(&scope));
    told(&format!("without {}", protection.word()), &explored);
    explored.broken.unwrap()
}

fn told(what: &str, explored: &Explored) {
    let broken = explored.broken.as_ref().map_or_else(
        || "nothing is repeated, lost or stuck".to_owned(),
        |broken| format!("{}: {}", broken.what, broken.moves.join(", ")),
    );
    eprintln!("model, {what}: {} states; {broken}", explored.states);
}

#[test]
fn nothing_is_repeated_lost_or_stuck_in_any_state_that_can_be_reached() {
    for scope in SCOPES {
        for scope in [scope, scope.posted_before()] {
            let explored = explore(&scope);
            told(&format!("{scope}"), &explored);
            assert_eq!(explored.broken, None, "{scope}");
        }
    }
}

#[test]
fn a_wait_that_is_not_longer_than_the_page_can_be_late_repeats() {
    for too_short in [Scope::waiting(2, 1, 3), Scope::waiting(1, 2, 2)] {
        let explored = explore(&too_short);
        told(&format!("{too_short}"), &explored);
        assert_eq!(explored.broken.unwrap().what, "repeated");
    }
}

#[test]
fn a_deadline_by_a_clock_that_jumped_while_nobody_ran_repeats() {
    let explored = explore(&SCOPES[0].trusting_a_deadline());
    told("trusting a stored deadline", &explored);
    assert_eq!(explored.broken.unwrap().what, "repeated");
}

#[test]
fn without_the_wait_a_late_post_is_repeated() {
    let broken = broken_without(Protection::Wait, SCOPES[0]);
    assert_eq!(broken.what, "repeated");
}

#[test]
fn without_the_frame_before_the_call_a_death_after_it_repeats() {
    let broken = broken_without(Protection::SendingFrame, SCOPES[0]);
    assert_eq!(broken.what, "repeated");
}

#[test]
fn without_a_look_before_the_claim_what_is_there_already_is_repeated() {
    let broken = broken_without(Protection::ReadBeforeClaim, SCOPES[0].posted_before());
    assert_eq!(broken.what, "repeated");
}

#[test]
fn without_a_control_a_list_that_hides_the_post_repeats_it() {
    let broken = broken_without(Protection::Control, SCOPES[0]);
    assert_eq!(broken.what, "repeated");
}

#[test]
fn without_the_fence_a_second_post_that_was_asked_for_is_lost_in_the_first() {
    let broken = broken_without(Protection::Fence, SCOPES[0]);
    assert_eq!(broken.what, "lost");
}
