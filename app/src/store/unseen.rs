//! What others did to the shown list while the person was away, as far as they have not seen it.

use domain::wire::Digest;
use domain::{TaskId, Timestamp};
use leptos::prelude::*;

use super::Store;

/// The mark on a row that somebody else changed meanwhile.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Mark {
    /// It is there.
    Unseen,
    /// It fades.
    Seen,
}

impl Mark {
    /// The word for styles: `data-away`.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Unseen => "unseen",
            Self::Seen => "seen",
        }
    }
}

/// What is told of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Missed {
    /// Since when.
    pub(crate) since: Timestamp,
    /// Who did what.
    pub(crate) digest: Digest,
}

/// What is told, and what is marked.
#[derive(Clone, Copy)]
pub(crate) struct Unseen {
    /// What the panel shows.
    pub(crate) panel: RwSignal<Option<Missed>>,
    /// The tasks whose rows are marked, in order. Not all of them have a row yet.
    tasks: StoredValue<Vec<TaskId>>,
}

impl Unseen {
    pub(super) fn new() -> Self {
        Self {
            panel: RwSignal::new(None),
            tasks: StoredValue::new(Vec::new()),
        }
    }

    /// The tasks whose rows are marked, in order.
    pub(crate) fn tasks(self) -> Vec<TaskId> {
        self.tasks.get_value()
    }

    /// Whether the row of that task is marked.
    pub(crate) fn contains(self, task: TaskId) -> bool {
        self.tasks.with_value(|tasks| tasks.binary_search(&task).is_ok())
    }

    /// Whether all of it is told and seen.
    pub(crate) fn is_empty(self) -> bool {
        self.panel.with_untracked(Option::is_none) && self.tasks.with_value(Vec::is_empty)
    }
}

impl Store {
    /// Marks the rows of these tasks.
    pub(crate) fn mark_unseen(&self, mut tasks: Vec<TaskId>) {
        tasks.sort_unstable();
        for row in tasks.iter().filter_map(|task| self.row(*task)) {
            row.unseen.set(Some(Mark::Unseen));
        }
        self.unseen.tasks.set_value(tasks);
    }

    /// Takes the mark from the row of a task.
    pub(crate) fn mark_seen(&self, task: TaskId) {
        self.unseen
            .tasks
            .update_value(|tasks| tasks.retain(|other| *other != task));
        if let Some(row) = self.row(task) {
            row.unseen.set(Some(Mark::Seen));
        }
    }
}
