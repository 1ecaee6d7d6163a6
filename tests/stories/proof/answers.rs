//! Answers that lie, two in a row.
