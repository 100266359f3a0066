//! Which tasks of the shown list the person has selected, to do one thing to all of them.

use leptos::prelude::*;

use super::{Key, Store};

impl Store {
    /// Whether the person has selected any.
    pub(crate) fn selects(&self) -> bool {
        self.selected.with_untracked(|selected| !selected.is_empty())
    }

    /// Has these be the ones that are selected, the last of them as the one that a range begins at.
    pub(crate) fn select(&self, tasks: Vec<Key>) {
        let before = self.selected.get_untracked();
        for (task, _) in &before {
            if !tasks.iter().any(|(other, _)| other == task)
                && let Some(row) = self.row(*task)
            {
                row.selected.set(false);
            }
        }
        for (task, _) in &tasks {
            if let Some(row) = self.row(*task)
                && !row.selected.get_untracked()
            {
                row.selected.set(true);
            }
        }
        self.selected.set(tasks);
    }
}
