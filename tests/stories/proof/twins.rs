//! The ledger on disk does what the one in memory does.
