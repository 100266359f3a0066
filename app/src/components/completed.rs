//! The tasks that are done, folded below the others.

use leptos::ev::MouseEvent;
use leptos::prelude::*;

use super::acts::Act;
use super::later;
use super::task_row::task_row;
use crate::session::Session;
use crate::view::{any, dynamic, for_each, handler, show};

/// How many completed tasks are drawn before somebody asks for all: a list may have thousands.
const FIRST: usize = 100;

/// What is done, the latest first, and a way to clear it.
#[component]
pub(crate) fn Completed() -> impl IntoView {
    let session = expect_context::<Session>();
    let store = session.store;
    let all = RwSignal::new(false);
    let count = move || store.done.with(Vec::len);
    let clear = move |event: MouseEvent| {
        event.prevent_default();
        if let Some(list) = store.shown.get_untracked() {
            later::act(session, Act::ClearCompleted(list));
        }
    };
    let rows = move || {
        let most = if all.get() { usize::MAX } else { FIRST };
        store
            .done
            .with(|done| done.iter().take(most).copied().collect::<Vec<_>>())
    };
    let show_all = move || {
        any(view! {
            <p class="more script-only"><button class="button" on:click=handler(move |_: MouseEvent| all.set(true))>"Show all"</button></p>
        })
    };
    let row = move |(task, _)| task_row(session, task, true);
    let completed = move || {
        any(view! {
            <details class="completed">
                <summary>{dynamic(move || format!("Completed ({})", count()))}</summary>
                <button class="button button--plain completed-clear" form="clear" on:click=handler(clear)>"Clear completed"</button>
                <ul class="tasks" role="list" aria-label="Completed tasks">{for_each(rows, row)}</ul>
                {show(move || count() > FIRST && !all.get(), show_all)}
            </details>
        })
    };
    show(move || count() > 0, completed)
}
