//! A ledger on disk, damaged.
