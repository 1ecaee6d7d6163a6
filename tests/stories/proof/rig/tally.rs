//! What trials came to.

use std::fmt;

use jiff::SignedDuration;

/// Faults are told in full up to here; a protection that is missing makes hundreds.
const TOLD_MAX: usize = 5;

/// The sum of some trials.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    pub trials: usize,
    /// Runs of the program, killed ones too.
    pub runs: usize,
    /// Runs that were killed.
    pub killed: usize,
    /// Articles that stand on the Page more often than they should.
    pub repeats: usize,
    /// Articles that do not, and wait for nobody.
    pub losses: usize,
    /// Posts that lack pictures.
    pub maimed: usize,
    /// Posts of anything else.
    pub strays: usize,
    /// Trials in which something never came to rest.
    pub stuck: usize,
    /// Articles that wait for a person, with a reason.
    pub held: usize,
    /// From the last kill until everything had settled, on the Page's clock.
    pub longest_doubt: SignedDuration,
    pub(super) told: Vec<String>,
}

impl Tally {
    pub(crate) fn add(&mut self, other: Self) {
        self.trials += other.trials;
        self.runs += other.runs;
        self.killed += other.killed;
        self.repeats += other.repeats;
        self.losses += other.losses;
        self.maimed += other.maimed;
        self.strays += other.strays;
        self.stuck += other.stuck;
        self.held += other.held;
        self.longest_doubt = self.longest_doubt.max(other.longest_doubt);
        self.told.extend(other.told);
        self.told.truncate(TOLD_MAX);
    }

    /// Says of each fault told where it comes from.
    pub(crate) fn named(mut self, name: &str) -> Self {
        for told in &mut self.told {
            *told = format!("{name}: {told}");
        }
        self
    }

    pub(super) fn faults(&self) -> usize {
        self.repeats + self.losses + self.maimed + self.strays + self.stuck
    }

    /// Nothing was repeated, lost, maimed, stuck, or posted beside.
    pub(crate) fn is_clean(&self) {
        assert_eq!(self.faults(), 0, "{self}\n{}", self.told.join("\n"));
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            out,
            "{} trials, {} runs, {} killed: {} repeats, {} losses, {} maimed, {} strays, {} stuck, \
             {} held; longest doubt {} s",
            self.trials,
            self.runs,
            self.killed,
            self.repeats,
            self.losses,
            self.maimed,
            self.strays,
            self.stuck,
            self.held,
            self.longest_doubt.as_secs(),
        )
    }
}
