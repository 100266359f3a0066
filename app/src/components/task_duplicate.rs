//! Duplicating a task.

use domain::{Command, ListCommand, TaskId, duplicate, isolated};
use leptos::prelude::*;

use super::task_actions::shown;
use crate::browser;
use crate::session::Session;

/// Adds a task once more, with all that is a part of it, right below it; one undo takes all of it back.
pub(super) fn duplicate_task(session: Session, task: TaskId) {
    let store = session.store;
    let (Some(list), Some(before)) = (store.shown.get_untracked(), shown(session, task)) else {
        return;
    };
    if !store.whole.get_untracked() {
        let sentence = "This list is still being loaded. Please try again in a moment.";
        return store.notices.add(sentence.to_owned(), Vec::new());
    }
    let commands = session.with(|client| Some(duplicate(client.list(list)?, task, browser::new_task)));
    let commands = match commands {
        Some(Ok(commands)) => commands,
        Some(Err(error)) => return store.notices.add(error.to_string(), Vec::new()),
        None => return,
    };
    let Some(copy) = commands.first().and_then(ListCommand::task) else {
        return;
    };
    let mut asked = commands.into_iter().map(|command| session.ask_here(command));
    // Where the list is full behind the first, that is said, and there is a way back all the same.
    if asked.next() == Some(true) {
        let _ = asked.all(|is_asked| is_asked);
        let undo = Command::List(list, ListCommand::Delete { task: copy });
        let said = format!("Duplicated “{}”.", isolated(before.title.as_str()));
        store.notices.add(said, vec![undo]);
        browser::reveal(format!("row-{copy}"));
        browser::focus_in_row(copy, "task-title");
    }
}
