//! What a row and its menu do to a task alike.

use domain::{Command, Field, ListCommand, Priority, TaskId};
use leptos::prelude::*;

use crate::browser;
use crate::session::Session;
use crate::store::Store;

/// Moves a task one place up or down; the focus stays on it.
pub(super) fn step(session: Session, task: TaskId, up: bool) {
    let place = session.store.shown.get_untracked().and_then(|list| {
        session.with(|client| client.list(list).and_then(|list| domain::step(list, task, up)))
    });
    if let Some(place) = place {
        session.ask_here(ListCommand::Move { task, place });
        browser::focus_in_row(task, "task-title");
    }
}

/// Deletes a task, with a way back.
pub(super) fn delete(session: Session, task: TaskId) {
    let store = session.store;
    let Some(list) = store.shown.get_untracked() else {
        return;
    };
    let title = store
        .row(task)
        .map(|row| row.title.get_untracked())
        .unwrap_or_default();
    let next = neighbour(&store, task, true).or_else(|| neighbour(&store, task, false));
    if session.ask_here(ListCommand::Delete { task }) {
        store.notices.add(
            format!("Deleted “{title}”."),
            vec![Command::List(list, ListCommand::Restore { task })],
        );
        match next {
            Some(next) => browser::focus_in_row(next, "task-title"),
            None => browser::focus("new-task".to_owned()),
        }
    }
}

/// Sets how urgent a task is, with a way back as long as nobody else has set it since.
pub(super) fn prioritise(session: Session, task: TaskId, priority: Option<Priority>) {
    let store = session.store;
    let (Some(list), Some(row)) = (store.shown.get_untracked(), store.row(task)) else {
        return;
    };
    let before = row.priority.get_untracked();
    let (field, undo) = (Field::Priority(priority), Field::Priority(before));
    if priority == before || !session.ask_here(ListCommand::set(task, field.clone())) {
        return;
    }
    let title = row.title.get_untracked();
    let said = priority.map_or_else(
        || format!("“{title}” has no priority now."),
        |priority| format!("“{title}” has priority {} now.", priority.number()),
    );
    let undo = ListCommand::set_from(task, field, undo);
    store.notices.add(said, vec![Command::List(list, undo)]);
}

/// The row below or above, in the same part of the list.
pub(super) fn neighbour(store: &Store, task: TaskId, below: bool) -> Option<TaskId> {
    [store.open, store.done].into_iter().find_map(|rows| {
        rows.with_untracked(|rows| {
            let at = rows.iter().position(|(id, _)| *id == task)?;
            let at = if below { at + 1 } else { at.checked_sub(1)? };
            rows.get(at).map(|(id, _)| *id)
        })
    })
}
