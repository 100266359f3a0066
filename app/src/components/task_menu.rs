//! What can be done with a task, as a menu: arrows walk it, Escape closes it.

use domain::{Command, Field, ListCommand, Priority, TaskId, isolated};
use leptos::ev::{KeyboardEvent, MouseEvent};
use leptos::html::Div;
use leptos::prelude::*;

use super::Icon;
use super::task_actions::{delete, step};
use crate::browser;
use crate::session::Session;
use crate::store::Panel;
use crate::view::{client_only, effect, handler};

/// The menu of one task.
#[component]
pub(super) fn TaskMenu(
    /// The task that the menu belongs to.
    task: TaskId,
    /// Whether it is done: then it has no place among those to be done.
    done: bool,
) -> impl IntoView {
    let session = expect_context::<Session>();
    let store = session.store;
    let menu = NodeRef::<Div>::new();
    effect(move || {
        if menu.get().is_some() {
            browser::focus_in(&format!("menu-{task}"), 0);
        }
    });
    let close = move |event: &leptos::web_sys::Event| {
        event.prevent_default();
        store.edit(None);
    };
    let on_key = move |event: KeyboardEvent| {
        event.stop_propagation();
        match browser::key(&event).as_str() {
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
        if !browser::stays_in(&event) && store.editing.get_untracked() == Some((task, Panel::Menu)) {
            store.edit(None);
        }
    };
    let item = move |icon: Icon, words: &'static str, keys: &'static str, choose: fn(Session, TaskId)| {
        let class = if icon == Icon::Trash { "menu-danger" } else { "" };
        client_only(view! {
            <button type="button" role="menuitem" tabindex="-1" class=class on:click=handler(move |event: MouseEvent| { close(&event); choose(session, task); })>
                {icon.view()}{words}<kbd aria-hidden="true">{keys}</kbd>
            </button>
        })
    };
    let now = store.row(task).and_then(|row| row.priority.get_untracked());
    let urgency = move |priority: Option<Priority>| {
        let (name, text) = match priority.map(Priority::number) {
            Some(number) => (format!("Priority {number}"), format!("P{number}")),
            None => ("No priority".to_owned(), "–".to_owned()),
        };
        client_only(view! {
            <button
                type="button" role="menuitemradio" tabindex="-1" aria-label=name aria-checked=if now == priority { "true" } else { "false" }
                data-priority=priority.map(Priority::number)
                on:click=handler(move |event: MouseEvent| { close(&event); prioritise(session, task, priority); browser::focus_in_row(task, "task-title"); })
            >{text}</button>
        })
    };
    let priorities: Vec<_> = Priority::ALL
        .into_iter()
        .map(Some)
        .chain([None])
        .map(urgency)
        .collect();
    view! {
        <div node_ref=menu class="menu" id=format!("menu-{task}") role="menu" aria-label="Task" on:keydown=handler(on_key) on:focusout=handler(on_leave)>
            {item(Icon::Edit, "Edit", "Enter", |session, task| session.store.edit(Some((task, Panel::Title))))}
            {item(Icon::Notes, "Notes", "N", |session, task| session.store.edit(Some((task, Panel::Notes))))}
            {(!done).then(|| (
                item(Icon::Up, "Move up", "Alt ↑", |session, task| step(session, task, true)),
                item(Icon::Down, "Move down", "Alt ↓", |session, task| step(session, task, false)),
            ))}
            <div class="menu-priorities" role="group" aria-label="Priority">{priorities}</div>
            {item(Icon::Trash, "Delete", "Del", delete)}
        </div>
    }
}

/// Sets how urgent a task is, with a way back as long as nobody else has set it since.
pub(super) fn prioritise(session: Session, task: TaskId, priority: Option<Priority>) {
    let store = session.store;
    let (Some(list), Some(row)) = (store.shown.get_untracked(), store.row(task)) else {
        return;
    };
    let before = row.priority.get_untracked();
    let (field, undo) = (Field::Priority(priority), Field::Priority(before));
    if priority == before || !session.ask_here(ListCommand::set(task, field.clone())) {
        return;
    }
    let title = isolated(&row.title.get_untracked());
    let said = priority.map_or_else(
        || format!("“{title}” now has no priority."),
        |priority| format!("“{title}” now has priority {}.", priority.number()),
    );
    let undo = ListCommand::set_from(task, field, undo);
    store.notices.add(said, vec![Command::List(list, undo)]);
}
