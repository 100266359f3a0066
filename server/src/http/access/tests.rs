//! Who may do what, all of it: every address, server function, command and event, for everybody there can be, about what
//! is theirs, what is others' and what is gone.
//!
//! The addresses come from the router, the functions from Leptos' own table, the commands from the `Command` enum: one
//! without a row in these tables fails.

mod beginning;
mod commands;
mod events;
mod forms;
mod functions;
mod fuzz;
mod house;
mod late;
mod look_ups;
mod routes;
mod who;

use who::{What, Who};

/// What somebody must be to the list for something to be done.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Need {
    /// Anybody with a session.
    Session,
    /// One who may change the tasks.
    Edit,
    /// An owner.
    Manage,
}

/// What comes of it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Outcome {
    Done,
    /// Refused, with the code.
    Refused(&'static str),
    NoSession,
}

impl Need {
    /// What the rules say. Missing and forbidden answer alike.
    fn outcome(self, who: Who, what: What) -> Outcome {
        let is_member = matches!(who, Who::Viewer | Who::Editor | Who::Owner);
        let is_theirs = matches!(what, What::Ours | What::Trashed);
        match (self, who) {
            _ if !who.has_session() => Outcome::NoSession,
            (Self::Session, _) => Outcome::Done,
            _ if !is_member || !is_theirs => Outcome::Refused("not_found"),
            (Self::Edit, Who::Viewer) => Outcome::Refused("read_only"),
            (Self::Edit, _) => Outcome::Done,
            (Self::Manage, Who::Owner) => Outcome::Done,
            (Self::Manage, _) => Outcome::Refused("owner_only"),
        }
    }
}
