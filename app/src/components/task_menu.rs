//! What can be done with a task, as a menu: arrows walk it, Escape closes it.

use domain::TaskId;
use leptos::ev::{KeyboardEvent, MouseEvent};
use leptos::html::Div;
use leptos::prelude::*;

use super::Icon;
use super::task_row::{delete, step};
use crate::store::Panel;
use crate::view::part::{act, effect, late};
use crate::{Store, browser};

/// The menu of one task.
#[component]
pub(super) fn TaskMenu(
    /// Whose.
    task: TaskId,
    /// Whether it is done: then it has no place among those to be done.
    done: bool,
) -> impl IntoView {
    let store = expect_context::<Store>();
    let menu = NodeRef::<Div>::new();
    effect(move || {
        if menu.get().is_some() {
            browser::focus_in(&format!("menu-{task}"), 0);
        }
    });
    let close = move |event: &leptos::web_sys::Event| {
        event.prevent_default();
        store.work_on(None);
    };
    let on_key = move |event: KeyboardEvent| {
        event.stop_propagation();
        match event.key().as_str() {
            "Escape" | "Tab" => {
                close(&event);
                browser::focus_in_row(task, "task-more");
            }
            "ArrowDown" => {
                event.prevent_default();
                browser::focus_in(&format!("menu-{task}"), 1);
            }
            "ArrowUp" => {
                event.prevent_default();
                browser::focus_in(&format!("menu-{task}"), -1);
            }
            _ => {}
        }
    };
    // The focus has left the menu for something outside of it.
    let on_leave = move |event: leptos::ev::FocusEvent| {
        if !browser::stays_in(&event) && store.at_work.get_untracked() == Some((task, Panel::Menu)) {
            store.work_on(None);
        }
    };
    let item = move |icon: Icon, words: &'static str, keys: &'static str, choose: fn(Store, TaskId)| {
        let class = if icon == Icon::Trash { "menu-danger" } else { "" };
        late(view! {
            <button type="button" role="menuitem" tabindex="-1" class=class on:click=act(move |event: MouseEvent| { close(&event); choose(store, task); })>
                {icon.view()}{words}<kbd aria-hidden="true">{keys}</kbd>
            </button>
        })
    };
    view! {
        <div node_ref=menu class="menu" id=format!("menu-{task}") role="menu" aria-label="Task" on:keydown=act(on_key) on:focusout=act(on_leave)>
            {item(Icon::Edit, "Edit", "Enter", |store, task| store.work_on(Some((task, Panel::Title))))}
            {item(Icon::Notes, "Notes", "N", |store, task| store.work_on(Some((task, Panel::Notes))))}
            {(!done).then(|| (
                item(Icon::Up, "Move up", "Alt ↑", |store, task| step(store, task, true)),
                item(Icon::Down, "Move down", "Alt ↓", |store, task| step(store, task, false)),
            ))}
            {item(Icon::Trash, "Delete", "Del", delete)}
        </div>
    }
}
