//! Chance, handed in, so that a test throws the same dice twice.

/// Draws the random parts of waiting times and of names.
pub trait Dice: Send + Sync {
    /// A number in `0.0..1.0`, for spreading retries.
    fn spread(&self) -> f64;
}

/// Dice that fall as they like.
#[derive(Debug, Clone, Copy, Default)]
pub struct FairDice;

impl Dice for FairDice {
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the one place that draws"
    )]
    fn spread(&self) -> f64 {
        fastrand::f64()
    }
}

/// Dice that always show the same: for tests.
#[derive(Debug, Clone, Copy)]
pub struct LoadedDice(pub f64);

impl Dice for LoadedDice {
    fn spread(&self) -> f64 {
        self.0
    }
}
