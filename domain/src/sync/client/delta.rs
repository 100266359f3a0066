//! The difference that a step made to the view.

use litemap::LiteMap;

use super::pending::Refused;
use crate::{ClientId, Command, CommandSeq, ListId, PersonId, Row, TaskId};

/// The difference that a step made to the view.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Delta {
    /// The account, or which lists there are.
    pub account: bool,
    /// The lists, and what of each.
    pub lists: LiteMap<ListId, Touched>,
    /// Rows that came in, for telling the person what others did.
    pub news: Vec<Row>,
    /// Commands that are on disk now.
    pub answered: Vec<(ClientId, CommandSeq)>,
    /// Commands that were refused or given up.
    pub refused: Vec<(ClientId, CommandSeq, Refused)>,
    /// Commands answered before that must go out again, since a backup was restored. On disk they keep the epoch that
    /// they were answered in: a page that adopts them has to know that the server may never have heard of them.
    pub revived: Vec<(ClientId, CommandSeq)>,
    /// The stream must be opened again.
    pub reconnect: bool,
    /// The browser is signed in as this person now, so the page must be loaded again.
    pub other_person: Option<PersonId>,
}

/// What of a list changed.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Touched {
    /// These tasks, at the most. One may stand here twice.
    pub tasks: Vec<TaskId>,
    /// Its name, its members or how far it is loaded.
    pub heading: bool,
    /// All of it.
    pub whole: bool,
}

impl Delta {
    /// The list's entry, made if there is none.
    pub(super) fn list(&mut self, id: ListId) -> &mut Touched {
        self.lists.entry(id).or_default()
    }

    /// Notes that a command is, or is no more, what something rests on.
    pub(super) fn touch(&mut self, command: &Command) {
        if let Some(id) = command.list() {
            let touched = self.list(id);
            match command.task() {
                Some(task) => touched.tasks.push(task),
                None => touched.heading = true,
            }
        }
    }

    /// Notes that a row became part of a list.
    pub(super) fn touch_row(&mut self, id: ListId, row: &Row) {
        let touched = self.list(id);
        for change in &row.changes {
            match change.task() {
                Some(task) => touched.tasks.push(task),
                None => touched.heading = true,
            }
        }
    }
}
