//! Once, and only once: the proof, in layers. Each layer judges by what the Page shows, and each
//! has its negative controls: with a protection taken away (`loa::faults`), it must fail.
//!
//! `make test` runs the sizes that fit into it; `make soak` sets `LOA_SOAK` and runs the long ones.

mod answers;
mod crashes;
mod damage;
mod disk_states;
mod histories;
mod kills;
mod model;
mod rig;
mod scribe;
mod shelf;
mod twins;

/// A size for `make test`, or the one for `make soak`.
fn size(test: u64, soak: u64) -> u64 {
    match std::env::var_os("LOA_SOAK") {
        Some(_) => soak,
        None => test,
    }
}
