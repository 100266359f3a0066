//! A seeded simulator around the protocol as production runs it, for histories that nobody would think of.
//!
//! Several people with several browsers and tabs share lists over a network that loses, repeats, reorders and delays;
//! browsers and the server crash, lose what a crash may lose, forget history, are restored from backups; people join
//! and leave. [`run`] plays one seed on a [`Server`] and asks the oracles after every step. It needs no clock and no
//! luck: the same seed is the same history, so what a failure prints replays it.
//!
//! A [`Bug`] is planted behind the overridable [`Protocol`](domain::sync::Protocol), or in the [`Reference`] server, so that
//! a test can prove that the oracles notice.
#![expect(
    missing_docs,
    reason = "no product has this module; what a name does not say stands in the code"
)]

mod browser;
mod bug;
mod compose;
mod fold;
mod ledger;
mod link;
mod mirror;
mod network;
mod oracle;
mod random;
mod reader;
mod reference;
mod server;
mod truth;
mod watch;
mod world;

pub use bug::{Bug, Planted};
pub use oracle::Failure;
pub use random::Random;
pub use reference::Reference;
pub use server::Server;
pub use world::{Report, run};
