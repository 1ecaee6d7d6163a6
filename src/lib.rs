//! Takes each new article of a district's feed and posts it on the district's Page: once, never
//! twice, never forgotten. The modules are listed in the order in which they are best read;
//! `ARCHITECTURE.md` is the map.

pub mod clock;
pub mod dice;
pub mod http_client;
pub mod markup;
pub mod retry;

pub mod article;
pub mod feed;
pub mod post;

pub mod destination;
pub mod ledger;

pub mod poller;
pub mod publisher;

pub mod admin;
pub mod daemon;
pub mod desk;

pub mod rehearsal;

pub mod cli;
pub mod config;
pub mod exit;
pub mod faults;
pub mod language;
pub mod telemetry;
