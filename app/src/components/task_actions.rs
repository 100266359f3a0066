//! What a row and its menu do to a task alike.

use domain::{Command, Day, Field, ListCommand, Place, Priority, Step, Task, TaskId, isolated};
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

/// Moves a task one step; whether there was one to go.
pub(super) fn step(session: Session, task: TaskId, to: Step) -> bool {
    let place = session.store.shown.get_untracked().and_then(|list| {
        session.with(|client| client.list(list).and_then(|list| domain::step(list, task, to)))
    });
    place.is_some_and(|place| session.ask_here(ListCommand::Move { task, place }))
}

/// Moves a task to a place, with a way back. Nothing where it stands there.
pub(super) fn move_to(session: Session, task: TaskId, place: Place) {
    let store = session.store;
    let Some(list) = store.shown.get_untracked() else {
        return;
    };
    let before = session.with(|client| {
        let list = client.list(list)?;
        let task = list.task(task)?;
        Some((Place::of(list, task), isolated(task.title.as_str())))
    });
    let Some((before, title)) = before.filter(|(before, _)| place != *before && place != Place::After(task))
    else {
        return;
    };
    if session.ask_here(ListCommand::Move { task, place }) {
        let back = ListCommand::Move { task, place: before };
        let undo = vec![Command::List(list, back)];
        store.notices.add(format!("Moved “{title}”."), undo);
    }
}

/// Whether a row stands so that its task can go in or out.
pub(super) fn can_step(store: &Store, task: TaskId, to: Step) -> bool {
    let level = |task| store.row(task).map(|row| row.level());
    match to {
        Step::Out => level(task) > Some(1),
        _ => {
            level(task) > Some(0)
                && store.open.with_untracked(|rows| {
                    let at = rows.iter().position(|(id, _)| *id == task);
                    let above = at.and_then(|at| rows.get(at.checked_sub(1)?));
                    above.is_some_and(|(above, _)| level(*above) >= level(task))
                })
        }
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
    let parts = parts(session, task);
    let is_section = store.row(task).is_some_and(|row| row.is_section());
    let next = beyond(&store, task, &parts);
    if session.ask_here(ListCommand::Delete { task }) {
        let what = if is_section { "task" } else { "subtask" };
        let count = match parts.len() {
            0 => String::new(),
            1 => format!(" and a {what}"),
            count => format!(" and {count} {what}s"),
        };
        // What it was a part of first, so that each has its place.
        let all = [task].into_iter().chain(parts);
        let undo = all.map(|task| Command::List(list, ListCommand::Restore { task }));
        store
            .notices
            .add(format!("Deleted “{}”{count}.", isolated(&title)), undo.collect());
        match next {
            Some(next) => browser::focus_in_row(next, "task-title"),
            None => browser::focus("new-task".to_owned()),
        }
    }
}

/// All that is a part of a task.
pub(super) fn parts(session: Session, task: TaskId) -> Vec<TaskId> {
    let list = session.store.shown.get_untracked();
    let parts = session.with(|client| {
        let parts = client.list(list?)?.parts(task);
        Some(parts.into_iter().map(|part| part.id).collect())
    });
    parts.unwrap_or_default()
}

/// The row below that is none of those; or else, where nothing is below, the one above. Behind a task it is a task: a key that is pressed
/// once more is not meant for a section.
pub(super) fn beyond(store: &Store, task: TaskId, parts: &[TaskId]) -> Option<TaskId> {
    let is_section = |task| store.row(task).is_some_and(|row| row.is_section());
    let goes_on = is_section(task);
    let leads = |below: bool| {
        let mut next = neighbour(store, task, below);
        while next.is_some_and(|next| parts.contains(&next) || !goes_on && is_section(next)) {
            next = next.and_then(|next| neighbour(store, next, below));
        }
        next
    };
    leads(true).or_else(|| leads(false))
}

/// What a priority, or none, is called where it is chosen.
pub(super) fn priority_words(priority: Option<Priority>) -> String {
    match priority.map(Priority::number) {
        Some(number) => format!("Priority {number}"),
        None => "No priority".to_owned(),
    }
}

/// The days that are chosen by one press, and none.
pub(super) fn days() -> [(&'static str, Option<Day>); 4] {
    let today = browser::today();
    [
        ("Today", today),
        ("Tomorrow", today.and_then(|today| today.plus(1))),
        ("Next week", today.and_then(|today| today.plus(1)?.on_or_after(0))),
        ("No date", None),
    ]
}

/// A task with that day, or with none. Without a day it does not come again, and has no time of day.
pub(super) fn with_day(task: &Task, due: Option<Day>) -> [Field; 3] {
    let is_due = due.is_some();
    [
        Field::Due(due),
        Field::Repeat(task.repeat.clone().filter(|_| is_due)),
        // One that was left without its day is not meant for this one.
        Field::DueTime(task.due_time.clone().filter(|_| is_due && task.due.is_some())),
    ]
}

/// The day of the task's own calendar that is that day where the person is: a time of another zone may be on the day before or after.
pub(super) fn own_day(task: &Task, day: Day) -> Option<Day> {
    match (task.due, &task.due_time) {
        (Some(due), Some(time)) if time.zone().is_some_and(|zone| zone != browser::zone()) => {
            day.plus(due.since(browser::local(due, time).0))
        }
        _ => Some(day),
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
