//! The real program, killed at every point.
