//! A command on its way, and what it came to.

use crate::{AccountCommand, ClientId, Command, CommandSeq, ListId, Row, Seq, Timestamp};

/// A command that is still part of the person's view.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Pending {
    /// The page that sent it: this one, or an earlier one.
    pub client: ClientId,
    /// Its number among that page's commands.
    pub command_seq: CommandSeq,
    /// What was asked.
    pub command: Command,
    /// The time by the browser's clock.
    pub asked: Timestamp,
    /// Its state.
    pub progress: Progress,
}

/// The state of a command.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Progress {
    /// Not answered yet: unsaved, as far as anyone can know.
    Unanswered,
    /// Something on the way keeps it from the server, so its text went back to the person. Only its number is left: a page that finds it in
    /// the outbox sends that as a blank, or the server, which never heard of it, would take what follows for forgotten.
    Stopped,
    /// On disk; the view may drop it once what it touches is confirmed at or past this row.
    Answered(Seq),
}

/// A command that was refused or given up. Its text must not be lost.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Refused {
    /// The command as the person asked it.
    pub command: Command,
    /// The code of the refusal, for programs.
    pub code: String,
    /// The sentence of the refusal, for people.
    pub sentence: String,
}

impl Refused {
    /// The code of what something on the way refuses in the server's place.
    pub(super) const STOPPED: &str = "stopped";

    /// Whether the server has not heard of it: its number is still to be sent, as a blank.
    pub fn is_stopped(&self) -> bool {
        self.code == Self::STOPPED
    }
}

impl Pending {
    pub(super) fn is_unanswered(&self) -> bool {
        self.progress == Progress::Unanswered
    }

    /// Whether this is the command that made the list, by that row.
    pub(super) fn made(&self, made: ListId, row: &Row) -> bool {
        let by = (row.client, row.command_seq) == (Some(self.client), Some(self.command_seq));
        by && matches!(self.command, Command::Account(AccountCommand::CreateList { list, .. }) if list == made)
    }

    pub(super) const fn key(&self) -> (ClientId, CommandSeq) {
        (self.client, self.command_seq)
    }
}
