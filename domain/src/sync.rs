//! The sync protocol, pure: production runs it on both sides of the wire, and the simulator tests it.
//!
//! - **Exactly once.** A page load is a [`Client`] with an id of its own, and numbers its commands 1, 2, 3, … The server's
//!   [`Register`] executes a number if it is the next one, repeats its answer for an earlier one, and reports the expected
//!   number if some are missing. A command keeps its number for ever, whichever page pushes it.
//! - **Confirmed.** Rows, snapshots and `hello` bring confirmed state. A row counts if it is the topic's next version, a snapshot
//!   if it reaches up to the last row that was missed, and neither if the client has more already.
//! - **Pending.** A command is part of the view until it is refused, or until all that it touched is
//!   confirmed past the place in the log that it was answered with.
//! - **Restored.** An epoch names a lifetime of the database. When another begins, everything is loaded again, and
//!   recent commands are sent again under their numbers: the register knows which of them the backup has.
//!
//! [`Protocol`] names each decision of the protocol that a bug could hide in. Production uses the defaults; the tests
//! override one at a time and prove that the simulator notices.

mod client;
mod optimistic_list;
mod protocol;

pub use client::{Client, Delta, Pending, Progress, Refused, Touched};
pub use protocol::{Fit, Production, Protocol, Register, Resume, Verdict};
