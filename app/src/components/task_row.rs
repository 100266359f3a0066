//! A task in its list: a check, its title, and what opens below it.

use domain::{ListCommand, Role, TaskId};
use leptos::ev::{KeyboardEvent, MouseEvent};
use leptos::prelude::*;

use super::task_actions::{self, delete, neighbour, step};
use super::task_edit::TaskEdit;
use super::task_menu::TaskMenu;
use super::task_notes::TaskNotes;
use crate::browser;
use crate::session::Session;
use crate::store::{Panel, Row};
use crate::view::{any, client_only, dynamic, handler};

/// One task. Its buttons belong to forms at the end of the list, so that they work without script.
#[component]
pub(crate) fn TaskRow(
    /// Which task.
    task: TaskId,
    /// What is shown of it.
    row: Row,
    /// Whether it is done.
    done: bool,
) -> impl IntoView {
    let session = expect_context::<Session>();
    let store = session.store;
    let id = task.to_string();
    let title_id = format!("title-{task}");
    let editable = move || store.role.get().is_none_or(Role::can_edit);
    let has = move |panel| {
        let open = row.open.clone();
        move || open.get() == Some(panel)
    };
    let (editing, noting, menu) = (
        has.clone()(Panel::Title),
        has.clone()(Panel::Notes),
        has(Panel::Menu),
    );
    let (is_editing, is_noting, is_menu) = (editing.clone(), noting.clone(), menu.clone());

    let check = move |event: MouseEvent| {
        event.prevent_default();
        // A click by keyboard has no detail; its focus goes on to the next row, not to nowhere.
        let next = (event.detail() == 0)
            .then(|| neighbour(&store, task, true))
            .flatten();
        session.ask_here(if done {
            ListCommand::Reopen { task }
        } else {
            ListCommand::Complete { task }
        });
        if let Some(next) = next {
            browser::focus(format!("check-{next}"));
        }
    };
    let open = move |panel: Panel| {
        move |event: MouseEvent| {
            event.prevent_default();
            task_actions::open(&store, task, panel);
        }
    };
    let on_key = move |event: KeyboardEvent| on_key(session, task, &event);
    let Row {
        title,
        notes,
        pending,
        changed_by,
        ..
    } = row;
    let has_notes = {
        let notes = notes.clone();
        move || notes.with(|notes| !notes.is_empty())
    };
    let (pending, noted) = (move || pending.get().then_some(""), has_notes.clone());
    let (by, colour) = (changed_by.clone(), changed_by.clone());
    // While it is being changed the row is as high as what is typed, and shows it where the field lies.
    let (text, drafting) = (title.clone(), editing.clone());
    view! {
        <li
            class="task" id=format!("row-{task}") data-pending=dynamic(pending) data-notes=dynamic(move || noted().then_some(""))
            data-editing=dynamic(move || is_editing().then_some(""))
            data-changed=dynamic(move || changed_by.with(Option::is_some).then_some(""))
            data-colour=dynamic(move || colour.with(|by| by.as_ref().map_or_else(String::new, |by| by.colour.clone())))
            on:keydown=handler(on_key)
        >
            <button
                class="task-check" id=format!("check-{task}") role="checkbox" aria-checked=if done { "true" } else { "false" }
                aria-labelledby=title_id.clone() form=for_forms(if done { "reopen" } else { "complete" }) name="task" value=id.clone()
                disabled=dynamic(move || (!editable()).then_some("")) on:click=handler(check)
            ></button>
            <button class="task-title" id=title_id.clone() dir="auto" form=for_forms("open") name="task" value=id.clone() on:click=handler(open(Panel::Title))>
                {dynamic(move || if drafting() { store.drafts.get(task).unwrap_or_else(|| text.get()) } else { text.get() })}
            </button>
            {dynamic(move || editing().then(|| client_only(view! { <TaskEdit task title=title.clone()/> })))}
            {let id = id.clone(); let title_id = title_id.clone(); dynamic(move || has_notes().then(|| any(view! {
                <button class="task-notes-mark" aria-label="Notes" aria-describedby=title_id.clone() form=for_forms("open") name="task" value=id.clone() on:click=handler(open(Panel::Notes))></button>
            })))}
            <button
                class="task-more" id=format!("more-{task}") aria-labelledby=format!("more {title_id}") aria-haspopup="menu"
                aria-expanded=dynamic(move || Some(if is_menu() { "true" } else { "false" })) form=for_forms("open") name="task" value=id on:click=handler(open(Panel::Menu))
            >"⋯"</button>
            {dynamic(move || by.get().map(|by| client_only(view! { <span class="task-by" aria-hidden="true">{by.name}</span> })))}
            {dynamic(move || menu().then(|| client_only(view! { <TaskMenu task done/> })))}
            {dynamic(move || is_noting().then(|| client_only(view! { <TaskNotes task notes=notes.clone()/> })))}
        </li>
    }
}

/// A form that a row belongs to as long as there is no script. Each button with one costs a browser more the more there
/// are: five thousand rows would take four seconds longer to draw.
fn for_forms(form: &'static str) -> Option<&'static str> {
    is_server().then_some(form)
}

fn on_key(session: Session, task: TaskId, event: &KeyboardEvent) {
    let store = session.store;
    if store.editing.get_untracked().is_some_and(|(at, _)| at == task) {
        return; // The keys are what is open's.
    }
    match event.key().as_str() {
        key @ ("ArrowUp" | "ArrowDown") if event.alt_key() => {
            event.prevent_default();
            step(session, task, key == "ArrowUp");
        }
        key @ ("ArrowUp" | "ArrowDown") => {
            if let Some(next) = neighbour(&store, task, key == "ArrowDown") {
                event.prevent_default();
                browser::focus(format!("title-{next}"));
            }
        }
        "Delete" | "Backspace" => {
            event.prevent_default();
            delete(session, task);
        }
        "n" if !(event.ctrl_key() || event.meta_key() || event.alt_key()) => {
            event.prevent_default();
            task_actions::open(&store, task, Panel::Notes);
        }
        _ => {}
    }
}
