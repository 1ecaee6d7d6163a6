//! The ways in from outside while loa runs. Speaks only to the desk.

pub mod callback;
pub mod control;
