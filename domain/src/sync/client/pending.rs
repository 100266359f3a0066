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
