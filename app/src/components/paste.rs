//! Many lines that were pasted into the composer, as tasks.

use std::sync::Arc;

use domain::{Command, Field, ListCommand, ListId, PastedLine, Place, Task, TaskId, Title, pasted_lines};
use leptos::prelude::*;

use super::line::{Line, Read, Reader, adds_to};
use crate::browser;
use crate::session::Session;
use crate::store::{Action, Button};

/// The most lines that one paste adds.
const MOST_LINES: usize = 500;

/// Adds each line as a task, in order, below all others, and done where a box before it is ticked; one that is indented is a subtask of the one
/// above it. A heading is a section, which the lines up to the next one are in; those before the first are in the section that the line
/// adds to. Lines that do not parse go to the tray.
///
/// What the lines say beside their titles stays in these, until somebody asks for it to be read.
pub(super) fn add_lines(line: Line, text: &str) {
    let session = line.session;
    let store = session.store;
    let Some(list) = store.shown.get_untracked() else {
        return;
    };
    let (mut undo, mut added) = (Vec::new(), Vec::new());
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
        added.push(task);
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
        let reader = line.reader.get_value();
        let reader = reader.filter(|reader| {
            added
                .iter()
                .any(|task| read(session, *reader, list, *task).is_some())
        });
        let more = reader.map(|reader| {
            let read = move || read_lines(session, reader, list, &added);
            Button::new("Read dates and labels", Action::Do(Arc::new(read)))
        });
        store.notices.add_with(said, undo, more);
        browser::reveal(format!("row-{task}"));
    }
}

/// What the title of a task says beside it, where it says anything; and the task.
fn read(session: Session, reader: Reader, list: ListId, task: TaskId) -> Option<(Task, Read)> {
    let task = session.with(|client| {
        client
            .list(list)?
            .task(task)
            .filter(|task| task.is_to_do())
            .cloned()
    })?;
    // What was pasted into this list stays here.
    let read = reader(session, task.title.as_str(), "", false)?;
    (!read.fields.is_empty() || read.section.is_some()).then_some((task, read))
}

/// Sets what the titles of tasks say beside them, with one way back for all.
fn read_lines(session: Session, reader: Reader, list: ListId, tasks: &[TaskId]) {
    if session.store.shown.get_untracked() != Some(list) {
        session.go(list); // Names are those of the list that is shown.
    }
    let (mut undo, mut count) = (Vec::new(), 0);
    for task in tasks {
        let Some((
            before,
            Read {
                title,
                fields,
                section,
                ..
            },
        )) = read(session, reader, list, *task)
        else {
            continue;
        };
        count += 1;
        for field in [Field::Title(title)].into_iter().chain(fields) {
            let was = field.of(&before);
            let set = ListCommand::set(*task, field.clone());
            if field != was && session.ask(Command::List(list, set)) {
                undo.push(Command::List(list, ListCommand::set_from(*task, field, was)));
            }
        }
        let place = section
            .filter(|section| before.parent != Some(*section))
            .map(Place::EndOf);
        let stood = session.with(|client| Some(Place::of(client.list(list)?, &before)));
        if let (Some(place), Some(stood)) = (place, stood) {
            let there = |place| Command::List(list, ListCommand::Move { task: *task, place });
            if session.ask(there(place)) {
                undo.push(there(stood));
            }
        }
    }
    let said = match count {
        0 => "These tasks say nothing beside their titles any more.".to_owned(),
        1 => "Read 1 task: what it says beside its title is set.".to_owned(),
        count => format!("Read {count} tasks: what they say beside their titles is set."),
    };
    session.store.notices.add(said, undo);
}
