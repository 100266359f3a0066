//! What a row and its menu do to a task alike.

use domain::{Command, Field, ListCommand, Priority, Task, TaskId, isolated};
use leptos::prelude::*;

use crate::browser;
use crate::session::Session;
use crate::store::{Panel, Store};

/// Opens something of a task, or closes it where it is open.
pub(super) fn open(store: &Store, task: TaskId, panel: Panel) {
    let has_notes = store.row(task).is_some_and(|row| row.has_notes());
    let next = allowed(panel, store.can_edit(), has_notes).map(|panel| (task, panel));
    let now = store.editing.get_untracked();
    store.edit(next.filter(|_| next != now));
}

/// What opens in place of the panel that was asked for. A viewer only reads: the notes, where there are any.
const fn allowed(panel: Panel, can_edit: bool, has_notes: bool) -> Option<Panel> {
    match panel {
        _ if can_edit => Some(panel),
        Panel::Title | Panel::Notes if has_notes => Some(Panel::Notes),
        Panel::Title
        | Panel::Notes
        | Panel::Menu
        | Panel::Due
        | Panel::Details
        | Panel::Assignees
        | Panel::Labels => None,
    }
}

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
            format!("Deleted “{}”.", isolated(&title)),
            vec![Command::List(list, ListCommand::Restore { task })],
        );
        match next {
            Some(next) => browser::focus_in_row(next, "task-title"),
            None => browser::focus("new-task".to_owned()),
        }
    }
}

/// Sets how urgent a task is.
pub(super) fn prioritise(session: Session, task: TaskId, priority: Option<Priority>) {
    let Some(before) = shown(session, task) else {
        return;
    };
    let title = isolated(before.title.as_str());
    let said = priority.map_or_else(
        || format!("“{title}” now has no priority."),
        |priority| format!("“{title}” now has priority {}.", priority.number()),
    );
    set_all(session, &before, [Field::Priority(priority)], said);
}

/// The task as the page shows it.
pub(super) fn shown(session: Session, task: TaskId) -> Option<Task> {
    let list = session.store.shown.get_untracked()?;
    session.with(|client| client.list(list)?.task(task).cloned())
}

/// Sets what is otherwise, with a way back for all of it at once as long as nobody else has set it since.
pub(super) fn set_all<const N: usize>(session: Session, before: &Task, fields: [Field; N], said: String) {
    let store = session.store;
    let Some(list) = store.shown.get_untracked() else {
        return;
    };
    let mut undo = Vec::new();
    for field in fields {
        let was = field.of(before);
        if field != was && session.ask_here(ListCommand::set(before.id, field.clone())) {
            undo.push(Command::List(list, ListCommand::set_from(before.id, field, was)));
        }
    }
    if !undo.is_empty() {
        store.notices.add(said, undo);
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_viewer_reads_the_notes_and_opens_nothing_else() {
        for panel in [
            Panel::Title,
            Panel::Notes,
            Panel::Menu,
            Panel::Due,
            Panel::Details,
            Panel::Assignees,
            Panel::Labels,
        ] {
            assert_eq!(allowed(panel, true, false), Some(panel));
            assert_eq!(allowed(panel, false, false), None);
        }
        assert_eq!(allowed(Panel::Title, false, true), Some(Panel::Notes));
        assert_eq!(allowed(Panel::Notes, false, true), Some(Panel::Notes));
        assert_eq!(allowed(Panel::Menu, false, true), None);
    }
}
