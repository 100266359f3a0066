//! The subtasks of a task, among all of it: how many are done, and a field for more. They stand below it in the list.

use domain::{ListCommand, Place, TaskId, Title};
use leptos::prelude::*;

use super::details_part::{WordsField, words_field};
use crate::browser;
use crate::session::Session;
use crate::store::nest_of;
use crate::view::{ErasedView, any, dynamic};

/// How far the subtasks are, and the field. `nest` is what the row follows.
pub(super) fn subtasks(session: Session, task: TaskId, nest: ArcRwSignal<String>) -> ErasedView {
    let progress =
        move || nest.with(|nest| nest_of(nest).1.map(|(done, all)| format!("{done} of {all} done")));
    let field = WordsField {
        id: format!("subtask-{task}"),
        names: ["Subtask", "Add a subtask", "Add"],
        most: None,
        lost: "This subtask was not added.",
    };
    let add = move |text: &str| {
        let title = Title::parse(text).map_err(|error| error.to_string())?;
        let add = ListCommand::add(browser::new_task(), Place::EndOf(task), title);
        Ok(session.ask_here(add))
    };
    any(view! { <p class="muted small">{dynamic(progress)}</p>{words_field(session, field, add)} })
}
