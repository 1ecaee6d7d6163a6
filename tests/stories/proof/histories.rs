//! Whole histories in virtual time.
