//! The sync protocol, pure: what production runs on both sides of the wire, and what the simulator torments.
//!
//! - **Exactly once.** A page load is a [`Client`] with an id of its own, and numbers its commands 1, 2, 3, … The server's
//!   [`Register`] does a number when it is the next one, answers one that was there before as it did then, and says which
//!   it waits for when some are missing. A command goes by one number for ever, whoever pushes it.
//! - **Confirmed.** Rows, snapshots and `hello` say what is so. A row counts if it is the topic's next version, a snapshot
//!   if it reaches up to the last row that was missed, and neither if the client has more already.
//! - **Pending.** A command is in the view from when it is asked until it is refused, or until all that it touched is
//!   confirmed past the place in the log that it was answered with.
//! - **Restored.** An epoch names a lifetime of the database. When another begins, everything is loaded anew, and what
//!   was asked of late goes out again under its number: the register knows which of it the backup has.
//!
//! [`Protocol`] names each decision of the protocol that a bug could hide in. Production uses the defaults; the tests
//! override one at a time and prove that the simulator notices.

mod client;
mod optimistic_list;
mod protocol;

pub use client::{Client, Delta, Pending, Progress, Refused, Touched};
pub use protocol::{Fit, Production, Protocol, Register, Resume, Verdict};
