//! What a key or a click asks of a task, beside what is open of it: it is loaded when the first is asked for.

use domain::{Command, ListCommand, ListId, Priority, Step, TaskId, isolated};
use leptos::prelude::*;

use super::sections::{add_to, fold};
use super::selection::{self, Select, select};
use super::selection_bar::choose;
use super::task_actions::{delete, prioritise, shown, step};
use super::task_complete::{clear_completed, complete_once};
use crate::browser;
use crate::session::Session;
use crate::store::{Action, Button, Panel, with_local};

/// Something that is asked.
#[derive(Clone, Copy)]
pub(super) enum Act {
    /// To complete a task of a list that comes again or has subtasks, by keyboard or not.
    Complete(ListId, TaskId, bool),
    /// To move a task, which has the focus.
    Move(TaskId, Step),
    /// To move a task whose title is being typed.
    MoveOnly(TaskId, Step),
    /// To delete a task.
    Delete(TaskId),
    /// To set how urgent a task is.
    Prioritise(TaskId, Option<Priority>),
    /// To have the line for new tasks add to a section.
    AddTo(TaskId),
    /// To fold a section, or unfold it.
    Fold(TaskId),
    /// To change what is selected, from a task.
    Select(TaskId, Select),
    /// To open what a key opens of a task, for all that are selected where that can be.
    Choose(TaskId, Panel),
    /// To say that a task was added to another list.
    Added(ListId, TaskId),
    /// To find out when a task is due where the person is.
    LocalTime(TaskId),
    /// To put all that is done in a list into the trash.
    ClearCompleted(ListId),
}

/// Says that a task was added to another list, with a way back and a way there.
fn say_added(session: Session, list: ListId, task: TaskId) {
    let name = session.with(|client| client.headings().find(|(id, _)| *id == list));
    let name = name
        .map(|(_, heading)| isolated(heading.name.as_str()))
        .unwrap_or_default();
    let undo = vec![Command::List(list, ListCommand::Delete { task })];
    let show = Button::new("Show", Action::Show(list));
    session
        .store
        .notices
        .add_with(format!("Added to “{name}”."), undo, Some(show));
}

/// Finds out when a task with a time of another zone is due where the person is, and has its row show that.
fn find_local_time(session: Session, task: TaskId) {
    let (Some(row), Some(task)) = (session.store.row(task), shown(session, task)) else {
        return;
    };
    let (Some(day), Some(time)) = (task.due, &task.due_time) else {
        return;
    };
    let (local, clock) = browser::local(day, time);
    let zone = session.store.zone.get_untracked();
    if zone != browser::zone() {
        return; // They travelled: the page hears of that within a second, and the row asks again.
    }
    // The row is being drawn just now, perhaps.
    browser::before_paint(move || {
        let text = row
            .due
            .with_untracked(|text| with_local(text, &zone, local, &clock));
        row.due.set(text);
    });
}

/// Does it. What is asked of a task is asked of all that are selected.
pub(super) fn act(session: Session, act: Act) {
    match act {
        Act::Complete(list, task, by_key) => complete_once(session, list, task, by_key),
        Act::Move(task, to) => {
            if step(session, task, to) {
                browser::focus_in_row(task, "task-title");
            }
        }
        Act::MoveOnly(task, to) => {
            step(session, task, to);
        }
        Act::Delete(_) if session.store.selects() => selection::delete(session),
        Act::Prioritise(_, priority) if session.store.selects() => selection::prioritise(session, priority),
        Act::Delete(task) => delete(session, task),
        Act::Prioritise(task, priority) => prioritise(session, task, priority),
        Act::AddTo(section) => add_to(session, section),
        Act::Fold(section) => fold(session, section),
        Act::Select(task, how) => select(session, task, how),
        Act::Choose(task, panel) => choose(session, task, panel),
        Act::Added(list, task) => say_added(session, list, task),
        Act::LocalTime(task) => find_local_time(session, task),
        Act::ClearCompleted(list) => clear_completed(session, list),
    }
}
