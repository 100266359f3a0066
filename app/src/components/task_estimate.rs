//! How long a task takes, among all of it: a field that takes minutes, or words such as `1 h 30 min`.

use domain::capture::estimate;
use domain::{Estimate, Field, TaskId, isolated};
use leptos::ev::{KeyboardEvent, MouseEvent};
use leptos::html::Input;
use leptos::prelude::*;

use super::details_part::part;
use super::task_actions::{set_all, shown};
use crate::browser;
use crate::session::Session;
use crate::view::{ErasedView, any, dynamic, handler};

/// The field, and a button for no estimate. `changes` is what the row of the task follows.
pub(super) fn estimate_part(session: Session, task: TaskId, changes: ArcRwSignal<String>) -> ErasedView {
    let field = NodeRef::<Input>::new();
    let is_wrong = RwSignal::new(false);
    // What stands in it that is not set.
    let typed = RwSignal::new(String::new());
    let now = move || {
        let estimate = shown(session, task).and_then(|task| task.estimate);
        estimate.map(Estimate::in_words).unwrap_or_default()
    };
    let commit = move || {
        let (Some(field), text) = (field.get_untracked(), typed.get_untracked()) else {
            return;
        };
        let said = estimate(&text);
        if text.is_empty() && !field.value().is_empty() {
            return; // Nobody has typed anything.
        }
        if said.is_none() && !text.trim().is_empty() {
            return is_wrong.set(true);
        }
        typed.set(String::new());
        set_estimate(session, task, said);
        field.set_value(&now());
    };
    let on_input = move |event: leptos::ev::Event| {
        typed.set(event_target_value(&event));
        is_wrong.set(false);
    };
    let on_key = move |event: KeyboardEvent| match browser::key(&event).as_str() {
        "Enter" => {
            event.prevent_default();
            event.stop_propagation();
            commit();
        }
        // This closes all of it.
        "Escape" => commit(),
        _ => event.stop_propagation(),
    };
    let clear = move |event: MouseEvent| {
        event.prevent_default();
        typed.set(String::new());
        is_wrong.set(false);
        set_estimate(session, task, None);
        if let Some(field) = field.get_untracked() {
            field.set_value("");
        }
    };
    // It went away with words in it that are none.
    on_cleanup(move || {
        if let Some(text) = typed.try_get_untracked().filter(|text| !text.trim().is_empty()) {
            session.store.unsaved.add(text, "This estimate was not set.");
        }
    });
    let value = dynamic(move || {
        changes.track();
        let typed = typed.get_untracked();
        if typed.is_empty() { now() } else { typed }
    });
    part(
        "Estimate",
        format!("estimate-part-{task}"),
        any(view! {
            <div class="details-line">
                <input
                    node_ref=field class="input" id=format!("estimate-{task}") aria-label="Estimate" placeholder="1 h 30 min" autocomplete="off" maxlength="50"
                    prop:value=value on:input=handler(on_input) on:keydown=handler(on_key) on:change=handler(move |_: leptos::ev::Event| commit())
                    aria-invalid=dynamic(move || is_wrong.get().then_some("true")) aria-describedby=format!("estimate-problem-{task}")
                />
                <button type="button" class="button" aria-label="No estimate" on:click=handler(clear)>"None"</button>
                <p class="field-error" id=format!("estimate-problem-{task}") role="alert">
                    {dynamic(move || is_wrong.get().then_some("This is not understood. Try “30 min” or “2 h”."))}
                </p>
            </div>
        }),
    )
}

/// Says how long a task takes, or that nobody knows, with a way back.
fn set_estimate(session: Session, task: TaskId, estimate: Option<Estimate>) {
    let Some(before) = shown(session, task) else {
        return;
    };
    let title = isolated(before.title.as_str());
    let said = match estimate {
        Some(estimate) => format!("“{title}” takes {}.", estimate.in_words()),
        None => format!("“{title}” has no estimate any more."),
    };
    set_all(session, &before, [Field::Estimate(estimate)], said);
}
