//! Which tasks are selected, and what is done to all of them: each is a command, and one way back takes all of it back.

use domain::{
    Command, Day, Field, LabelName, List, ListCommand, PersonId, Place, Priority, Task, TaskId, isolated,
};
use leptos::prelude::*;

use super::task_actions::{beyond, move_to, own_day, with_day};
use super::task_complete::completion;
use crate::browser;
use crate::session::Session;
use crate::store::Key;

/// The most tasks that can be selected at once.
const MOST: usize = 500;

/// How what is selected changes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Select {
    /// By this one: it is selected, or no longer.
    Toggle,
    /// By all from the one that was selected last to this one.
    UpTo,
    /// By this one and the one above; back again where that is selected.
    Above,
    /// The same, below.
    Below,
    /// All are selected.
    All,
    /// None is.
    None,
}

/// The tasks of the list that can be selected, as they are read.
fn rows(session: Session) -> Vec<TaskId> {
    let store = session.store;
    let is_task = |task: &TaskId| store.row(*task).is_some_and(|row| !row.is_section());
    let rows = store.open.get_untracked().into_iter().map(|(task, _)| task);
    rows.filter(is_task).collect()
}

/// Those of them that are selected.
pub(super) fn selected(session: Session) -> Vec<TaskId> {
    let selected = session.store.selected.get_untracked();
    let mut rows = rows(session);
    rows.retain(|task| selected.iter().any(|(other, _)| other == task));
    rows
}

/// Changes what is selected, from the row of a task.
pub(super) fn select(session: Session, task: TaskId, how: Select) {
    let store = session.store;
    let rows = rows(session);
    let at = |task: TaskId| rows.iter().position(|other| *other == task);
    if how != Select::None && (!store.can_edit() || at(task).is_none()) {
        return;
    }
    let mut selected: Vec<TaskId> = selected(session);
    // The last one that was selected is the one that a range begins at.
    let last = store
        .selected
        .with_untracked(|selected| selected.last().map(|(task, _)| *task));
    if let Some(last) = last.filter(|last| selected.contains(last)) {
        selected.retain(|other| *other != last);
        selected.push(last);
    }
    match how {
        Select::None => selected.clear(),
        Select::All => selected.clone_from(&rows),
        Select::Toggle if selected.contains(&task) => selected.retain(|other| *other != task),
        Select::Toggle => selected.push(task),
        Select::UpTo => {
            let (from, to) = (last.and_then(at).or(at(task)), at(task));
            if let (Some(from), Some(to)) = (from, to) {
                let range = rows.get(from.min(to)..=from.max(to)).unwrap_or_default();
                selected.retain(|other| !range.contains(other));
                selected.extend(range.iter().filter(|other| **other != task));
                selected.push(task);
            }
        }
        Select::Above | Select::Below => {
            let next = at(task).and_then(|at| {
                if how == Select::Below {
                    Some(at + 1)
                } else {
                    at.checked_sub(1)
                }
            });
            let next = next.and_then(|next| rows.get(next).copied());
            let goes_back = next.is_some_and(|next| selected.contains(&next));
            selected.retain(|other| *other != task && Some(*other) != next);
            if !goes_back {
                selected.push(task);
            }
            selected.extend(next);
            if let Some(next) = next {
                browser::focus_title(next);
            }
        }
    }
    if selected.len() > MOST {
        selected.truncate(MOST);
        store.notices.add(
            format!("At most {MOST} tasks can be selected at once."),
            Vec::new(),
        );
    }
    store.edit(None);
    let words = match selected.len() {
        0 => "Nothing is selected.".to_owned(),
        count => format!("Selected: {}.", tasks(count)),
    };
    store.announcement.set(words);
    hold(session, selected);
}

fn hold(session: Session, tasks: Vec<TaskId>) {
    session
        .store
        .select(tasks.into_iter().map(|task| (task, 0)).collect::<Vec<Key>>());
}

/// What is no longer among the rows is selected no more: somebody completed or deleted it, or it is folded away.
pub(super) fn deselect_gone(session: Session) {
    let store = session.store;
    let mut selected = store.selected.get_untracked();
    let before = selected.len();
    let shown = store.shown.get_untracked();
    session.with(|client| {
        let list = shown.and_then(|list| client.list(list));
        let is_there = |list: &List, task: &Task| {
            let section = list.section(task);
            task.is_to_do() && !section.is_some_and(|section| store.is_folded(section.id))
        };
        selected.retain(|(task, _)| {
            list.is_some_and(|list| list.task(*task).is_some_and(|task| is_there(list, task)))
        });
    });
    if selected.len() < before {
        store.select(selected);
    }
}

/// Selects nothing any more. The focus goes to the first that was selected.
pub(super) fn deselect(session: Session) {
    end(session, selected(session).first().copied());
}

/// Where the focus goes on when those are gone, which are still there.
fn next_to(session: Session, gone: &[TaskId]) -> Option<TaskId> {
    beyond(&session.store, *gone.last()?, gone)
}

/// Selects nothing any more, with the focus on that row, or else where one goes on.
fn end(session: Session, next: Option<TaskId>) {
    hold(session, Vec::new());
    match next {
        Some(next) => browser::focus_in_row(next, "task-title"),
        None => browser::focus_work(),
    }
}

fn tasks(count: usize) -> String {
    match count {
        1 => "1 task".to_owned(),
        count => format!("{count} tasks"),
    }
}

/// Looks at each that is selected in its list, in the order of the list.
pub(super) fn look<T>(session: Session, look: impl Fn(&List, &Task) -> Option<T>) -> Vec<T> {
    let selected = selected(session);
    let shown = session.store.shown.get_untracked();
    session.with(|client| {
        let Some(list) = shown.and_then(|list| client.list(list)) else {
            return Vec::new();
        };
        let tasks = selected.into_iter().filter_map(|task| list.task(task));
        tasks.filter_map(|task| look(list, task)).collect()
    })
}

/// Whether something above the task is among those: then what is done to that is done to it.
fn goes_along(list: &List, task: &Task, all: &[TaskId]) -> bool {
    list.parents(task).any(|parent| all.contains(&parent.id))
}

/// Says what was done to so many tasks, with the way back.
fn say(session: Session, count: usize, undo: Vec<ListCommand>, said: impl Fn(&str) -> String) {
    let Some(list) = session.store.shown.get_untracked().filter(|_| !undo.is_empty()) else {
        return;
    };
    let undo = undo.into_iter().map(|command| Command::List(list, command));
    session.store.notices.add(said(&tasks(count)), undo.collect());
}

/// Sets fields of each, where they are otherwise.
fn set_each(session: Session, fields: impl Fn(&Task) -> Vec<Field>, said: impl Fn(&str) -> String) {
    let (mut undo, mut count) = (Vec::new(), 0);
    for before in look(session, |_, task| Some(task.clone())) {
        let known = undo.len();
        for field in fields(&before) {
            let was = field.of(&before);
            if field != was && session.ask_here(ListCommand::set(before.id, field.clone())) {
                undo.push(ListCommand::set_from(before.id, field, was));
            }
        }
        count += usize::from(undo.len() > known);
    }
    say(session, count, undo, said);
}

/// Sets the day by which each is to be done.
pub(super) fn set_due(session: Session, due: Option<Day>) {
    let fields = |task: &Task| Vec::from(with_day(task, due.and_then(|day| own_day(task, day))));
    set_each(session, fields, |tasks| match due {
        Some(due) => format!("Set the due date of {tasks}: {}.", due.in_words(browser::today())),
        None => format!("Removed the due date of {tasks}."),
    });
}

/// Sets how urgent each is.
pub(super) fn prioritise(session: Session, priority: Option<Priority>) {
    set_each(
        session,
        |_| vec![Field::Priority(priority)],
        |tasks| match priority {
            Some(priority) => format!("Set priority {} for {tasks}.", priority.number()),
            None => format!("Removed the priority of {tasks}."),
        },
    );
}

/// Puts a label on each, or takes it off.
pub(super) fn set_label(session: Session, label: &LabelName, is_on: bool) {
    let name = isolated(label.as_str());
    let fields = |_: &Task| vec![Field::Labelled(label.clone(), is_on)];
    set_each(session, fields, |tasks| match is_on {
        true => format!("Put the label “{name}” on {tasks}."),
        false => format!("Took the label “{name}” off {tasks}."),
    });
}

/// Has a person be one who is to do each, or not.
pub(super) fn assign(session: Session, (person, name): (PersonId, &str), is_on: bool) {
    let name = isolated(name);
    set_each(
        session,
        |_| vec![Field::Assigned(person, is_on)],
        |tasks| match is_on {
            true => format!("Assigned {tasks} to {name}."),
            false => format!("Took {name} off {tasks}."),
        },
    );
}

/// Moves all of them to a place, one below the other.
pub(super) fn move_all(session: Session, place: Place) {
    let all = selected(session);
    let moved = look(session, |list, task| {
        (!goes_along(list, task, &all)).then(|| (task.id, Place::of(list, task)))
    });
    let mut place = place;
    // Below one of them is below what that stands below.
    while let Place::After(above) = place
        && let Some((_, before)) = moved.iter().find(|(task, _)| *task == above)
    {
        place = *before;
    }
    let (mut undo, mut count) = (Vec::new(), 0);
    for (task, before) in &moved {
        if session.ask_here(ListCommand::Move { task: *task, place }) {
            place = Place::After(*task);
            // In this order each finds the one that it stood below.
            undo.push(ListCommand::Move {
                task: *task,
                place: *before,
            });
            count += 1;
        }
    }
    say(session, count, undo, |tasks| format!("Moved {tasks}."));
    if let Some((first, _)) = moved.first() {
        browser::focus_in_row(*first, "task-title");
    }
}

/// Moves a row that was dragged; with it, where it is one of several that are selected, all of those.
pub(super) fn move_row(session: Session, task: TaskId, place: Place) {
    if selected(session).contains(&task) {
        move_all(session, place);
    } else {
        move_to(session, task, place);
    }
}

/// Completes each. One that comes again makes place for the next; open subtasks that are not selected stay open.
pub(super) fn complete(session: Session) {
    let Some(today) = browser::today() else { return };
    let all = selected(session);
    let each = look(session, |list, task| {
        // Those of one that comes again go on with the next.
        let goes_on = list
            .parents(task)
            .any(|parent| parent.repeat.is_some() && all.contains(&parent.id));
        let parts = list.parts(task.id).into_iter().cloned().collect::<Vec<_>>();
        (!goes_on).then(|| completion(task, &parts, today))
    });
    let next = next_to(session, &all);
    let (mut undo, mut count) = (Vec::new(), 0);
    for done in each {
        if session.ask_here(done.command) {
            undo.extend(done.undo);
            count += 1;
        }
    }
    end(session, next);
    say(session, count, undo, |tasks| format!("Completed {tasks}."));
}

/// Deletes each, with all that is a part of it.
pub(super) fn delete(session: Session) {
    let all = selected(session);
    let whole = look(session, |list, task| {
        let parts = list.parts(task.id).into_iter().map(|part| part.id);
        // What it was a part of first, so that each has its place.
        (!goes_along(list, task, &all)).then(|| [task.id].into_iter().chain(parts).collect::<Vec<_>>())
    });
    let next = next_to(session, &whole.concat());
    let (mut undo, mut count) = (Vec::new(), 0);
    for tasks in whole {
        let Some(task) = tasks.first().copied() else {
            continue;
        };
        if session.ask_here(ListCommand::Delete { task }) {
            count += tasks.len();
            undo.extend(tasks.into_iter().map(|task| ListCommand::Restore { task }));
        }
    }
    end(session, next);
    say(session, count, undo, |tasks| format!("Deleted {tasks}."));
}
