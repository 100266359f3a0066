//! Completing what is more than a check: a task that comes again, or one with subtasks. And clearing what is completed.

use std::sync::Arc;

use domain::{Command, Day, Field, ListCommand, ListId, Place, Task, TaskId, isolated};

use super::task_actions::beyond;
use crate::browser::{self, Keep};
use crate::session::Session;
use crate::store::{Action, Button, Kind, Notice};

/// Under which the browser keeps whether open subtasks are completed with their task: [`ALL`] or [`ONE`].
const WITH_SUBTASKS: &str = "complete-subtasks";
const ALL: &str = "all";
const ONE: &str = "one";

/// Completes a task of that list, with a way back. By keyboard the focus goes on to the one that comes next, or else to the row below.
pub(super) fn complete_once(session: Session, list: ListId, task: TaskId, by_key: bool) {
    let before = session.with(|client| {
        let list = client.list(list)?;
        let parts: Vec<Task> = list.parts(task).into_iter().cloned().collect();
        Some((list.task(task)?.clone(), parts))
    });
    let Some((before, parts)) = before else {
        let gone = "This task is no longer there.".to_owned();
        return session.store.notices.add(gone, Vec::new());
    };
    if before.done.is_some() {
        return;
    }
    if before.repeat.is_some() {
        return complete_and_repeat(session, list, (&before, &parts), by_key);
    }
    let open = parts.iter().filter(|part| part.is_open()).count();
    let answer = browser::kept(Keep::Browser, WITH_SUBTASKS);
    match answer.as_deref() {
        _ if open == 0 => complete_with(session, list, (&before, &parts), false, by_key),
        Some(answer @ (ALL | ONE)) => {
            complete_with(session, list, (&before, &parts), answer == ALL, by_key);
        }
        _ => ask(session, list, &before, open),
    }
}

/// Asks whether open subtasks are completed, too, and remembers the answer.
fn ask(session: Session, list: ListId, before: &Task, count: usize) {
    let (task, title) = (before.id, isolated(before.title.as_str()));
    let question = match count {
        1 => format!("“{title}” has an open subtask. Complete that, too?"),
        count => format!("“{title}” has {count} open subtasks. Complete them, too?"),
    };
    let notice = Notice::new(Kind::Own, question).about(format!("complete-{task}"));
    let (number, element) = (notice.number, notice.element());
    let answer = |words, answer: &'static str| {
        let act = move || {
            browser::keep(Keep::Browser, WITH_SUBTASKS, Some(answer));
            session.store.notices.take(number);
            complete_once(session, list, task, true);
        };
        Button::new(words, Action::Do(Arc::new(act)))
    };
    let complete_all = Button {
        is_primary: true,
        ..answer("Complete all", ALL)
    };
    session.store.notices.put(
        notice
            .offering(complete_all)
            .offering(answer("Only this one", ONE)),
    );
    browser::before_paint(move || browser::focus_in(&element, 0));
}

/// Completes a task, with its open subtasks or without.
fn complete_with(
    session: Session,
    list: ListId,
    (before, parts): (&Task, &[Task]),
    with_parts: bool,
    by_key: bool,
) {
    let open = parts.iter().filter(|part| part.is_open());
    let open: Vec<TaskId> = open.map(|part| part.id).collect();
    let with_it = if with_parts { open.as_slice() } else { &[] };
    let next = beyond(&session.store, before.id, with_it);
    let mut undo = Vec::new();
    for task in with_it.iter().chain([&before.id]) {
        if session.ask(Command::List(list, ListCommand::set(*task, Field::Done(true)))) {
            let back = ListCommand::set_from(*task, Field::Done(true), Field::Done(false));
            undo.push(Command::List(list, back));
        }
    }
    undo.reverse();
    let title = isolated(before.title.as_str());
    let said = match with_it.len() {
        0 => format!("Completed “{title}”."),
        1 => format!("Completed “{title}” and a subtask."),
        count => format!("Completed “{title}” and {count} subtasks."),
    };
    let forget = || {
        browser::keep(Keep::Browser, WITH_SUBTASKS, None);
    };
    let ask_again = Button::new("Ask next time", Action::Do(Arc::new(forget)));
    let more = (!open.is_empty()).then_some(ask_again);
    session.store.notices.add_with(said, undo, more);
    if by_key {
        match next {
            Some(next) => browser::focus_in_row(next, "task-check"),
            None => browser::focus_work(),
        }
    }
}

/// How a task is completed.
pub(super) struct Completion {
    /// What completes it.
    pub(super) command: ListCommand,
    /// What takes that back.
    pub(super) undo: Vec<ListCommand>,
    /// The one that comes next, if one does, and its day.
    pub(super) next: Option<(TaskId, Day)>,
}

/// How a task is completed on that day. One that comes again makes place for the next, and its subtasks go on with that.
pub(super) fn completion(before: &Task, parts: &[Task], today: Day) -> Completion {
    let task = before.id;
    let next_due = before
        .repeat
        .as_ref()
        .and_then(|repeat| repeat.read()?.next_due(before.due, today));
    let next = next_due.map(|due| (browser::new_task(), due));
    let mut undo = Vec::new();
    let command = match next {
        Some((next, due)) => {
            // What went on with the next one comes back, as it was.
            for part in parts {
                if part.parent == Some(task) {
                    undo.push(ListCommand::Move {
                        task: part.id,
                        place: Place::EndOf(task),
                    });
                }
                if part.done.is_some() {
                    let back = ListCommand::set_from(part.id, Field::Done(false), Field::Done(true));
                    undo.push(back);
                }
            }
            undo.push(ListCommand::Delete { task: next });
            undo.push(ListCommand::set_from(
                task,
                Field::Repeat(None),
                Field::Repeat(before.repeat.clone()),
            ));
            ListCommand::Complete { task, next, due }
        }
        None => ListCommand::set(task, Field::Done(true)),
    };
    undo.push(ListCommand::set_from(task, Field::Done(true), Field::Done(false)));
    Completion { command, undo, next }
}

/// Completes a task that comes again.
fn complete_and_repeat(session: Session, list: ListId, (before, parts): (&Task, &[Task]), by_key: bool) {
    let Some(today) = browser::today() else { return };
    let store = session.store;
    let Completion { command, undo, next } = completion(before, parts, today);
    let focused = match next {
        Some((next, _)) => Some(next),
        None => beyond(&store, before.id, &[]),
    };
    if !session.ask(Command::List(list, command)) {
        return;
    }
    let title = isolated(before.title.as_str());
    let said = match next {
        Some((_, due)) => format!("Completed “{title}”. Next: {}.", due.in_words(Some(today))),
        None => format!("Completed “{title}” for the last time."),
    };
    let undo = undo.into_iter().map(|command| Command::List(list, command));
    store.notices.add(said, undo.collect());
    if let Some(focused) = focused.filter(|_| by_key) {
        browser::focus_in_row(focused, "task-check");
    }
}

/// Puts all that is done in a list into the trash, with a way back.
pub(super) fn clear_completed(session: Session, id: ListId) {
    let mut done: Vec<(usize, TaskId)> = session.with(|client| {
        let list = client.list(id);
        let done = list.map(|list| {
            let done = list.completed().into_iter();
            done.map(|task| (list.parents(task).count(), task.id)).collect()
        });
        done.unwrap_or_default()
    });
    // What a task is a part of first, so that each comes back to its place.
    done.sort_by_key(|(level, _)| *level);
    let said = format!("Cleared {} completed.", done.len());
    let restore = |(_, task)| Command::List(id, ListCommand::Restore { task });
    let undo = done.into_iter().map(restore).collect();
    if session.ask(Command::List(id, ListCommand::ClearCompleted {})) {
        session.store.notices.add(said, undo);
    }
}
