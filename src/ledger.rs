//! The durable list of every (article, page) and its state: outbox and memory in one.

pub mod store;
