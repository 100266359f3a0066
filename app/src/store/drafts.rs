//! What the person is typing and has not saved: titles of tasks here, what is to become a task in the tab's storage.

use domain::{ListId, TaskId};
use leptos::prelude::*;

use crate::browser::{self, Keep};

/// Titles that are being typed, or were left without being saved.
#[derive(Clone, Copy)]
pub(crate) struct Drafts(RwSignal<Vec<(TaskId, String)>>);

impl Drafts {
    pub(super) fn new() -> Self {
        Self(RwSignal::new(Vec::new()))
    }

    /// What was typed into a task's title without saving it.
    pub(crate) fn get(self, task: TaskId) -> Option<String> {
        self.0.with(|drafts| of(drafts, task))
    }

    /// The same, without following it.
    pub(crate) fn get_untracked(self, task: TaskId) -> Option<String> {
        self.0.with_untracked(|drafts| of(drafts, task))
    }

    /// Keeps what is being typed into a task's title; nothing when it is saved.
    pub(crate) fn set(self, task: TaskId, draft: Option<String>) {
        self.0.update(|drafts| {
            drafts.retain(|(other, _)| *other != task);
            drafts.extend(draft.map(|draft| (task, draft)));
        });
    }
}

fn of(drafts: &[(TaskId, String)], task: TaskId) -> Option<String> {
    let draft = drafts.iter().find(|(other, _)| *other == task);
    draft.map(|(_, draft)| draft.clone())
}

/// What was typed for a new task of that list and not added: it survives a reload of this tab.
pub(crate) fn new_task(list: ListId) -> Option<String> {
    browser::kept(Keep::Tab, &new_task_key(list))
}

/// Keeps what is being typed for a new task of that list; nothing when it is added.
pub(crate) fn set_new_task(list: ListId, text: Option<&str>) {
    browser::keep(Keep::Tab, &new_task_key(list), text);
}

fn new_task_key(list: ListId) -> String {
    format!("tandem-draft-{list}")
}
