//! A command on its way, and what it came to.

use crate::{AccountCommand, ClientId, Command, CommandSeq, ListId, Row, Seq, Timestamp};

/// A command that the person's view still rests on.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Pending {
    /// Which page asked it: this one, or one that is gone.
    pub client: ClientId,
    /// Its number among that page's commands.
    pub mid: CommandSeq,
    /// What was asked.
    pub command: Command,
    /// When, by the browser's clock.
    pub asked: Timestamp,
    /// How far it has come.
    pub progress: Progress,
}

/// How far a command has come.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Progress {
    /// Not answered yet: unsaved, as far as anyone can know.
    Unanswered,
    /// On disk; the view may drop it once what it touches is confirmed at or past this row.
    Answered(Seq),
}

/// A command that came to nothing. Its text must not be lost.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Refused {
    /// What was asked.
    pub command: Command,
    /// Why not, for programs.
    pub code: String,
    /// Why not, for people.
    pub sentence: String,
}

impl Pending {
    pub(super) fn is_unanswered(&self) -> bool {
        self.progress == Progress::Unanswered
    }

    /// Whether this is the command that made the list, by that row.
    pub(super) fn made(&self, made: ListId, row: &Row) -> bool {
        let by = (row.client, row.mid) == (Some(self.client), Some(self.mid));
        by && matches!(self.command, Command::Account(AccountCommand::CreateList { list, .. }) if list == made)
    }

    pub(super) const fn key(&self) -> (ClientId, CommandSeq) {
        (self.client, self.mid)
    }
}
