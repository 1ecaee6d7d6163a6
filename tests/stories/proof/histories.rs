//! Whole histories in a time of their own: the real poller, publisher and desk with a site, a Page
//! and a disk on which everything goes wrong that can, drawn by chance. One seed is one history:
//! `LOA_SEED=17` tells it again.

mod disk;
mod judge;
mod life;
mod office;
mod page;
mod site;

use std::ops::Range;
use std::sync::Mutex;

use loa::faults::{Protection, without};

use self::judge::{Wrong, judge};
use self::life::{Life, Tally};
use super::size;

/// So much happens in one history, on average.
const EVENTS_MEAN: u64 = 100;
/// Without one of its protections, loa goes wrong within so many histories.
const SEEDS_TRIED: u64 = 1000;

/// Which histories are told: this one, or so many from the first.
fn seeds() -> Range<u64> {
    match std::env::var("LOA_SEED").ok() {
        Some(seed) => {
            let seed = seed.parse().unwrap();
            seed..seed + std::env::var("N").map_or(1, |n| n.parse().unwrap())
        }
        None => 0..size(10_000, 1_000_000),
    }
}

/// Tells one history. Says what was wrong with it in the end.
fn tell(seed: u64) -> (Tally, Option<Wrong>) {
    let mut life = Life::begin(seed);
    let wrong = life.live().err().or_else(|| judge(&mut life));
    (life.tally, wrong)
}

/// Tells histories until there are no more, or one went wrong.
fn tell_some(seeds: &Mutex<Range<u64>>) -> (Tally, Option<(u64, Wrong)>) {
    let mut all = Tally::default();
    let next = || seeds.lock().unwrap().next();
    while let Some(seed) = next() {
        let (tally, wrong) = tell(seed);
        all.add(&tally);
        if let Some(wrong) = wrong {
            *seeds.lock().unwrap() = 0..0;
            return (all, Some((seed, wrong)));
        }
    }
    (all, None)
}

#[test]
fn whatever_happens_nothing_is_repeated_and_nothing_vanishes() {
    let histories = seeds();
    let count = histories.end - histories.start;
    let seeds = Mutex::new(histories);
    let threads = std::thread::available_parallelism().map_or(2, usize::from);
    let mut all = Tally::default();
    std::thread::scope(|scope| {
        let shards: Vec<_> = (0..threads)
            .map(|_| scope.spawn(|| tell_some(&seeds)))
            .collect();
        for shard in shards {
            let (tally, wrong) = shard.join().unwrap();
            all.add(&tally);
            if let Some((seed, wrong)) = wrong {
                panic!("LOA_SEED={seed} tells it again: {wrong}");
            }
        }
    });
    eprintln!("histories: {count}; events: {}; {all:?}", all.events());
    assert!(
        all.events() >= EVENTS_MEAN * count || count == 1,
        "too little happens"
    );
}

/// The first history that goes wrong without the protection.
fn first_wrong_without(protection: Protection) -> (u64, Wrong) {
    let wrong = (0..SEEDS_TRIED).find_map(|seed| {
        let (_, wrong) = without(Some(protection), || tell(seed));
        Some((seed, wrong?))
    });
    let (seed, wrong) = wrong.unwrap();
    eprintln!(
        "without {}: {} in history {seed}",
        protection.word(),
        wrong.word()
    );
    (seed, wrong)
}

#[test]
fn without_any_of_its_protections_a_history_goes_wrong() {
    for protection in [
        Protection::SendingFrame,
        Protection::ReadBeforeClaim,
        Protection::Wait,
        Protection::Control,
        Protection::Fence,
    ] {
        first_wrong_without(protection);
    }
}
