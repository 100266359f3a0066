//! Many lines that were pasted into the composer, as tasks.

use domain::{Command, Field, ListCommand, PastedLine, Place, TaskId, Title, pasted_lines};
use leptos::prelude::*;

use crate::browser;
use crate::session::Session;

/// The most lines that one paste adds.
const MOST_LINES: usize = 500;

/// Adds each line as a task, in order, below all others, and done where a box before it is ticked; lines that do not parse go to the tray.
pub(super) fn add_lines(session: Session, text: &str) {
    let store = session.store;
    let Some(list) = store.shown.get_untracked() else {
        return;
    };
    let mut undo = Vec::new();
    let mut last: Option<TaskId> = None;
    for PastedLine { text, is_done } in pasted_lines(text) {
        let title = match Title::parse(&text) {
            Ok(title) if undo.len() < MOST_LINES => title,
            Ok(_) => {
                store.unsaved.add(text, "One paste can add at most 500 lines.");
                continue;
            }
            Err(error) => {
                store.unsaved.add(text, &error.to_string());
                continue;
            }
        };
        let task = browser::new_task();
        let place = last.map_or(Place::End, Place::After);
        let fields = if is_done {
            vec![Field::Done(true)]
        } else {
            Vec::new()
        };
        if !session.ask_here(ListCommand::AddTask {
            task,
            place,
            title,
            fields,
        }) {
            continue;
        }
        last = Some(task);
        undo.push(Command::List(list, ListCommand::Delete { task }));
    }
    if let Some(task) = last {
        let said = match undo.len() {
            1 => "Added a task.".to_owned(),
            count => format!("Added {count} tasks."),
        };
        store.notices.add(said, undo);
        browser::reveal(format!("row-{task}"));
    }
}
