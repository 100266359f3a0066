//! What Tandem is about, pure: no IO, no clock, no randomness. Time and ids are arguments.
//!
//! The same rules run on both sides of the wire. A person sends a [`Command`]; [`decide`] says which [`Change`]s it makes or
//! why it is refused; `apply` makes a change part of a [`List`] or an [`Account`]. Two readers that apply the same changes in
//! the same order have the same list. [`sync`] is the protocol that gets commands to the server and changes to everyone, exactly
//! once and in order; [`wire`] is how both travel.

// What the derive of `Read` writes names this crate as others do.
extern crate self as domain;

mod account;
pub mod capture;
mod catch_up;
mod change;
mod command;
mod decide;
mod describe;
pub mod durations;
#[cfg(test)]
mod fuzz;
mod guest;
mod id;
pub mod json;
mod list;
mod person;
mod refusal;
mod serde_map;
mod sharing;

pub mod sync;
mod task;
mod text;
mod view;
pub mod wire;

pub use account::Account;
pub use catch_up::{CatchUp, Deeds, catch_up};
pub use change::{Change, Row, Topic};
pub use command::{AccountCommand, Command, ListCommand};
pub use decide::{Decision, Facts, decide};
pub use describe::describe;
pub use guest::{Guest, profile};
pub use id::{ClientId, CommandSeq, Epoch, LinkId, ListId, NoId, PersonId, Seq, TaskId, Timestamp, Version};
pub use list::{List, Member};
pub use litemap::LiteMap;
pub use person::{Colour, Profile, Role};
pub use refusal::Refusal;
pub use sharing::{
    Departure, Invitation, Link, LinkChange, LinkState, NotShared, RoleLimit, Shared, Sharing, SharingFacts,
    accept_invitation, decide_sharing, join, leave, may_invite,
};
pub use task::order_key::OrderKey;
pub use task::*;
pub use text::{
    LabelName, ListName, Notes, PastedLine, PersonName, TextProblem, Title, heading, is_break, isolated,
    pasted_lines,
};
#[cfg(feature = "clusters")]
pub use text::{beginning, first_cluster};
pub use view::View;
