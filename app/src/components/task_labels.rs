//! The labels of a task, among all of it: those of the list to choose from, and a field for others.

use domain::{Field, LabelName, List, Task, TaskId, isolated};
use leptos::ev::{KeyboardEvent, MouseEvent};
use leptos::html::Input;
use leptos::prelude::*;

use super::task_actions::{set_all, shown};
use crate::browser;
use crate::session::Session;
use crate::view::{ErasedView, any, client_only, dynamic, handler};

/// The most labels of the list that are there to choose from; others are typed.
const MOST_SHOWN: usize = 24;

/// The labels that a task of the shown list can have: its own, and then the list's.
fn labels(session: Session, task: &Task) -> Vec<LabelName> {
    let list = session.store.shown.get_untracked();
    let mut labels = task.labels.clone();
    session.with(|client| {
        let list = list.and_then(|list| client.list(list));
        for label in list.into_iter().flat_map(List::labels) {
            if !labels.contains(label) {
                labels.push(label.clone());
            }
        }
    });
    labels
}

/// The labels to choose from.
pub(super) fn label_items(session: Session, task: TaskId) -> Vec<ErasedView> {
    let Some(now) = shown(session, task) else {
        return Vec::new();
    };
    let item = |label: LabelName| {
        let is_on = now.labels.contains(&label);
        let (name, colour) = (label.to_string(), label.colour().number());
        let choose = move |event: MouseEvent| {
            event.prevent_default();
            set_label(session, task, label.clone(), !is_on);
            leave(task);
        };
        client_only(view! {
            <button type="button" class="choice-button" aria-pressed=if is_on { "true" } else { "false" } on:click=handler(choose)>
                <span class="task-label" data-colour=colour dir="auto">{name}</span>
            </button>
        })
    };
    labels(session, &now)
        .into_iter()
        .take(MOST_SHOWN)
        .map(item)
        .collect()
}

/// The field for a label that is not there to choose.
pub(super) fn label_field(session: Session, task: TaskId) -> ErasedView {
    let field = NodeRef::<Input>::new();
    let (problem, typed) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let add = move |event: &leptos::web_sys::Event| {
        event.prevent_default();
        let text = typed.get_untracked();
        let known = shown(session, task).map(|task| labels(session, &task));
        match LabelName::parse(text.trim().trim_start_matches('@')) {
            Ok(label) => {
                // One that there is, whatever the case of its letters.
                let mut known = known.into_iter().flatten();
                let same = known.find(|known| known.as_str().eq_ignore_ascii_case(label.as_str()));
                if set_label(session, task, same.unwrap_or(label), true)
                    && let Some(field) = field.get_untracked()
                {
                    field.set_value("");
                    typed.set(String::new());
                }
                leave(task);
            }
            Err(error) => problem.set(error.to_string()),
        }
    };
    let on_key = move |event: KeyboardEvent| match browser::key(&event).as_str() {
        "Enter" => {
            event.stop_propagation();
            add(&event);
        }
        // This leaves the menu; all else is the field's.
        "Escape" => {}
        _ => event.stop_propagation(),
    };
    let on_input = move |event: leptos::ev::Event| {
        typed.set(event_target_value(&event));
        problem.set(String::new());
    };
    // It went away with words in it that nobody has set.
    on_cleanup(move || {
        if let Some(text) = typed.try_get_untracked().filter(|text| !text.trim().is_empty()) {
            session.store.unsaved.add(text, "This label was not set.");
        }
    });
    any(view! {
        <div class="details-line">
            <input
                node_ref=field class="input" id=format!("label-{task}") aria-label="Label" placeholder="Label" dir="auto" autocomplete="off" maxlength="100"
                on:keydown=handler(on_key) on:input=handler(on_input) aria-describedby=format!("label-problem-{task}")
            />
            <button type="button" class="button" on:click=handler(move |event: MouseEvent| add(&event))>"Add label"</button>
            <p class="field-error" id=format!("label-problem-{task}") role="alert">{dynamic(move || problem.get())}</p>
        </div>
    })
}

/// The labels are drawn anew; the field stays.
fn leave(task: TaskId) {
    browser::focus(format!("label-{task}"));
}

/// Puts a label on a task, or takes it off, with a way back. Whether it is so now.
fn set_label(session: Session, task: TaskId, label: LabelName, is_on: bool) -> bool {
    let Some(before) = shown(session, task) else {
        return false;
    };
    let (title, name) = (isolated(before.title.as_str()), isolated(label.as_str()));
    let said = if is_on {
        format!("“{title}” has the label “{name}”.")
    } else {
        format!("“{title}” no longer has the label “{name}”.")
    };
    set_all(session, &before, [Field::Labelled(label.clone(), is_on)], said);
    shown(session, task).is_some_and(|task| task.labels.contains(&label) == is_on)
}
