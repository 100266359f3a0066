//! Sections: the line that adds one below the list, and what is done with one.

use domain::{Field, List, ListCommand, Place, TaskId, Title, isolated};
use leptos::prelude::*;

use super::details_part::{part, toggle};
use super::name_line::{NameLine, name_line};
use super::task_actions::{move_to, parts, set_all, shown};
use crate::session::Session;
use crate::view::{ErasedView, any, dynamic};
use crate::{Kept, browser};

/// The line that a section is typed into.
#[component]
pub(crate) fn AddSection(
    /// Makes a form that is sent twice one command.
    once: String,
    /// A section that was refused.
    kept: Option<Kept>,
) -> impl IntoView {
    let session = expect_context::<Session>();
    let add = move |typed: &str| {
        let title = Title::parse(typed).map_err(|error| error.to_string())?;
        let task = browser::new_task();
        let is_asked = session.ask_here(ListCommand::AddTask {
            task,
            place: Place::End,
            title,
            fields: vec![Field::Section(true)],
        });
        if is_asked {
            browser::reveal(format!("row-{task}"));
        }
        Ok(is_asked)
    };
    let line = NameLine {
        label: "New section",
        button: "Add section",
        action: "/fn/add_section",
        name: "title",
        problem: "new-section-problem",
        is_of_list: true,
        once,
        kept,
    };
    view! { <div class="add-section">{name_line(session, line, Box::new(add))}</div> }
}

/// Has the line for new tasks add to a section, until somebody says otherwise.
pub(super) fn add_to(session: Session, section: TaskId) {
    session.store.adds_to.set(section.simple());
    browser::focus("new-task".to_owned());
}

/// Folds a section, or unfolds it. Each person does so for themselves, in each browser.
pub(super) fn fold(session: Session, section: TaskId) {
    let store = session.store;
    if store.is_folded(section) {
        session.with(|client| store.unfold(client, section));
    } else {
        // What is open of a row in it is closed: a title that is being typed was saved when the focus left it.
        let open = store.editing.get_untracked().map(|(task, _)| task);
        if open.is_some_and(|task| parts(session, section).contains(&task)) {
            store.edit(None);
        }
        session.with(|client| store.fold(client, section));
    }
    browser::focus_in_row(section, "section-fold");
}

/// Makes a section of a task, which its subtasks stand below from then on, or a task of a section.
pub(super) fn make_section(session: Session, task: TaskId, is_section: bool) {
    let Some(before) = shown(session, task) else {
        return;
    };
    let title = isolated(before.title.as_str());
    let said = if is_section {
        format!("“{title}” is a section now.")
    } else {
        format!("“{title}” is a task now.")
    };
    set_all(session, &before, [Field::Section(is_section)], said);
    browser::focus_in_row(task, "task-title");
}

/// In which section a task is, among all of it, as a choice of those that there are. A subtask is where what it is a part of is.
pub(super) fn section_part(session: Session, task: TaskId) -> ErasedView {
    let store = session.store;
    let parent = Memo::new(move |_| {
        // A task that goes elsewhere changes the order.
        store.open.track();
        shown(session, task).and_then(|task| task.parent)
    });
    let sections = Memo::new(move |_| {
        store.open.track();
        let list = store.shown.get_untracked()?;
        let sections: Vec<TaskId> = session.with(|client| {
            let sections = client.list(list).into_iter().flat_map(List::sections);
            sections.map(|section| section.id).collect()
        });
        let is_in_one = parent.get().is_none_or(|parent| sections.contains(&parent));
        (is_in_one && !sections.is_empty()).then_some(sections)
    });
    // Drawn anew only where there are other sections, so that a choice keeps the focus.
    let choices = dynamic(move || {
        let choice = |section: Option<TaskId>| {
            let row = section.and_then(|section| store.row(section));
            let title = move || {
                row.as_ref()
                    .map_or_else(|| "No section".to_owned(), |row| row.title.get())
            };
            let choose = move || {
                if parent.get_untracked() != section {
                    move_to(session, task, section.map_or(Place::End, Place::EndOf));
                }
            };
            let words = any(view! { <span dir="auto">{dynamic(title)}</span> });
            toggle(None, None, move || parent.get() == section, choose, words)
        };
        let sections = sections.get()?.into_iter().map(Some);
        let choices: Vec<_> = [None].into_iter().chain(sections).map(choice).collect();
        let choices = any(view! { <div class="details-choices">{choices}</div> });
        Some(part("Section", format!("section-of-{task}"), choices))
    });
    any(view! { {choices} })
}
