//! What others did to the shown list while the person was away, as far as they have not seen it.

use domain::wire::Digest;
use domain::{TaskId, Timestamp};
use leptos::prelude::*;

use super::row::{AwayMark, Row};

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
    /// The tasks whose rows are marked: a few hundred at the most, so they lie in no order. Not all have a row yet.
    tasks: StoredValue<Vec<TaskId>>,
}

impl Unseen {
    pub(super) fn new() -> Self {
        Self {
            panel: RwSignal::new(None),
            tasks: StoredValue::new(Vec::new()),
        }
    }

    /// The tasks whose rows are marked.
    pub(crate) fn tasks(self) -> Vec<TaskId> {
        self.tasks.get_value()
    }

    /// Whether the row of that task is marked.
    pub(crate) fn contains(self, task: TaskId) -> bool {
        self.tasks.with_value(|tasks| tasks.contains(&task))
    }

    /// Whether all of it is told and seen.
    pub(crate) fn is_empty(self) -> bool {
        self.panel.with_untracked(Option::is_none) && self.tasks.with_value(Vec::is_empty)
    }

    /// Marks the rows of these tasks.
    pub(crate) fn mark(self, tasks: Vec<TaskId>, row: impl Fn(TaskId) -> Option<Row>) {
        for row in tasks.iter().filter_map(|task| row(*task)) {
            row.unseen.set(Some(AwayMark::Unseen));
        }
        self.tasks.set_value(tasks);
    }

    /// Takes the mark from the row of a task, if it has one.
    pub(crate) fn unmark(self, task: TaskId, row: Option<Row>) {
        self.tasks
            .update_value(|tasks| tasks.retain(|other| *other != task));
        if let Some(row) = row {
            row.unseen.set(Some(AwayMark::Seen));
        }
    }
}
