//! Many lines that were pasted into the composer, as tasks.

use domain::{Command, Field, ListCommand, PastedLine, Place, Task, TaskId, Title, pasted_lines};
use leptos::prelude::*;

use super::line::adds_to;
use crate::browser;
use crate::session::Session;

/// The most lines that one paste adds.
const MOST_LINES: usize = 500;

/// Adds each line as a task, in order, below all others, and done where a box before it is ticked; one that is indented is a subtask of the one
/// above it. A heading is a section, which the lines up to the next one are in; those before the first are in the section that the line
/// adds to. Lines that do not parse go to the tray.
pub(super) fn add_lines(session: Session, text: &str) {
    let store = session.store;
    let Some(list) = store.shown.get_untracked() else {
        return;
    };
    let mut undo = Vec::new();
    let (mut before, mut last): (Option<TaskId>, Option<TaskId>) = (None, None);
    let (mut section, mut sections) = (untrack(|| adds_to(session)), 0);
    if let Some(section) = section {
        session.with(|client| store.unfold(client, section));
    }
    // The tasks that the next line may be below.
    let mut above: Vec<(usize, TaskId)> = Vec::new();
    for PastedLine {
        text,
        is_done,
        level,
        is_heading,
    } in pasted_lines(text)
    {
        if is_heading {
            // What follows one that is refused is in none.
            (section, before) = (None, None);
        }
        above.retain(|(other, _)| *other < level);
        above.truncate(Task::MOST_LEVELS);
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
        let place = match (above.last(), section, before) {
            (Some((_, parent)), ..) => Place::EndOf(*parent),
            (None, Some(section), _) => Place::EndOf(section),
            (None, None, Some(before)) => Place::After(before),
            (None, None, None) => Place::End,
        };
        let fields = match (is_heading, is_done) {
            (true, _) => vec![Field::Section(true)],
            (_, true) => vec![Field::Done(true)],
            _ => Vec::new(),
        };
        if !session.ask_here(ListCommand::AddTask {
            task,
            place,
            title,
            fields,
        }) {
            continue;
        }
        if is_heading {
            section = Some(task);
            sections += 1;
        } else {
            if above.is_empty() {
                before = Some(task);
            }
            above.push((level, task));
        }
        last = Some(task);
        undo.push(Command::List(list, ListCommand::Delete { task }));
    }
    if let Some(task) = last {
        let count = |count: usize, one: &str, several: &str| match count {
            0 => None,
            1 => Some(format!("a {one}")),
            count => Some(format!("{count} {several}")),
        };
        let said = [
            count(undo.len() - sections, "task", "tasks"),
            count(sections, "section", "sections"),
        ];
        let said: Vec<_> = said.into_iter().flatten().collect();
        let said = format!("Added {}.", said.join(" and "));
        store.notices.add(said, undo);
        browser::reveal(format!("row-{task}"));
    }
}
