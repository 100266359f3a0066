//! A task in its list: a check, its title, and what opens below it.

use domain::{Command, ListCommand, Role, TaskId};
use leptos::ev::{KeyboardEvent, MouseEvent};
use leptos::prelude::*;

use super::task_edit::TaskEdit;
use super::task_menu::TaskMenu;
use super::task_notes::TaskNotes;
use crate::store::{Panel, Row};
use crate::view::part::{Part, act, follow, late, part};
use crate::{Store, browser};

/// One task. Its buttons belong to forms at the end of the list, so that they work without script.
///
/// What a long list repeats by the hundred is said once where it can be: the row alone has the task's id for scripts, and its
/// buttons are named by the short id of the title.
#[component]
pub(crate) fn TaskRow(
    /// Where the page's state is.
    store: Store,
    /// Which task.
    task: TaskId,
    /// What is shown of it.
    row: Row,
    /// Whether it is done.
    done: bool,
) -> impl IntoView {
    if is_server() {
        drawn(store, task, &row, done)
    } else {
        live(store, task, row, done)
    }
}

/// The row as the server draws it: the elements of [`live`] without what follows or answers anything, which would be made for
/// every row and thrown away.
fn drawn(store: Store, task: TaskId, row: &Row, done: bool) -> Part {
    let id = task.to_string();
    let (row_id, title_id) = (format!("row-{id}"), row.title_id());
    let has_notes = row.notes.with_untracked(|notes| !notes.is_empty());
    let looks_only = store.role.get_untracked().is_some_and(|role| !role.can_edit());
    let notes_mark = has_notes.then(|| {
        let (title_id, id) = (title_id.clone(), id.clone());
        part(view! {
            <button class="task-notes-mark" aria-label="Notes" aria-describedby=title_id form="open" name="task" value=id></button>
        })
    });
    part(view! {
        <li class="task" id=row_id data-notes=has_notes.then_some("")>
            <button
                class="task-check" role="checkbox" aria-checked=if done { "true" } else { "false" } aria-labelledby=title_id.clone()
                form=if done { "reopen" } else { "complete" } name="task" value=id.clone() disabled=looks_only.then_some("")
            ></button>
            <button class="task-title" id=title_id.clone() dir="auto" form="open" name="task" value=id.clone()>
                {row.title.get_untracked()}
            </button>
            {None::<Part>}
            {notes_mark}
            <button class="task-more" aria-labelledby=format!("more {title_id}") form="open" name="task" value=id>"⋯"</button>
            {None::<Part>}
            {None::<Part>}
            {None::<Part>}
        </li>
    })
}

/// The row as it lives in the browser. Its buttons need no forms there: each button with one costs a browser more the more
/// there are, and five thousand rows would take four seconds longer to draw.
fn live(store: Store, task: TaskId, row: Row, done: bool) -> Part {
    let title_id = row.title_id();
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
            .then(|| neighbour(store, task, true))
            .flatten();
        store.ask_here(if done {
            ListCommand::Reopen { task }
        } else {
            ListCommand::Complete { task }
        });
        if let Some(next) = next {
            browser::focus_in_row(next, "task-check");
        }
    };
    let open = move |panel: Panel| {
        move |event: MouseEvent| {
            event.prevent_default();
            let now = store.at_work.get_untracked();
            store.work_on((now != Some((task, panel))).then_some((task, panel)));
        }
    };
    let on_key = move |event: KeyboardEvent| on_key(store, task, &event);
    let Row {
        title,
        notes,
        unsaved,
        hand,
        ..
    } = row;
    let has_notes = {
        let notes = notes.clone();
        move || notes.with(|notes| !notes.is_empty())
    };
    let (pending, noted) = (move || unsaved.get().then_some(""), has_notes.clone());
    let (by, colour) = (hand.clone(), hand.clone());
    // While it is being changed the row is as high as what is typed, and shows it where the field lies.
    let (text, drafting) = (title.clone(), editing.clone());
    part(view! {
        <li
            class="task" id=format!("row-{task}") data-notes=follow(move || noted().then_some("")) data-pending=follow(pending)
            data-editing=follow(move || is_editing().then_some(""))
            data-changed=follow(move || hand.with(Option::is_some).then_some(""))
            data-colour=follow(move || colour.with(|hand| hand.as_ref().map(|hand| hand.colour.clone())))
            on:keydown=act(on_key)
        >
            <button
                class="task-check" role="checkbox" aria-checked=if done { "true" } else { "false" } aria-labelledby=title_id.clone()
                value=task.to_string() disabled=follow(move || (!editable()).then_some("")) on:click=act(check)
            ></button>
            <button class="task-title" id=title_id.clone() dir="auto" on:click=act(open(Panel::Title))>
                {follow(move || if drafting() { store.typed(task).unwrap_or_else(|| text.get()) } else { text.get() })}
            </button>
            {follow(move || editing().then(|| late(view! { <TaskEdit task title=title.clone()/> })))}
            {let title_id = title_id.clone(); follow(move || has_notes().then(|| part(view! {
                <button class="task-notes-mark" aria-label="Notes" aria-describedby=title_id.clone() on:click=act(open(Panel::Notes))></button>
            })))}
            <button
                class="task-more" aria-labelledby=format!("more {title_id}") aria-haspopup="menu"
                aria-expanded=follow(move || Some(if is_menu() { "true" } else { "false" })) on:click=act(open(Panel::Menu))
            >"⋯"</button>
            {follow(move || by.get().map(|by| late(view! { <span class="task-by" aria-hidden="true">{by.name}</span> })))}
            {follow(move || menu().then(|| late(view! { <TaskMenu task done/> })))}
            {follow(move || is_noting().then(|| late(view! { <TaskNotes task notes=notes.clone()/> })))}
        </li>
    })
}

fn on_key(store: Store, task: TaskId, event: &KeyboardEvent) {
    if store.at_work.get_untracked().is_some_and(|(at, _)| at == task) {
        return; // The keys are what is open's.
    }
    match event.key().as_str() {
        key @ ("ArrowUp" | "ArrowDown") if event.alt_key() => {
            event.prevent_default();
            step(store, task, key == "ArrowUp");
        }
        key @ ("ArrowUp" | "ArrowDown") => {
            if let Some(next) = neighbour(store, task, key == "ArrowDown") {
                event.prevent_default();
                browser::focus_in_row(next, "task-title");
            }
        }
        "Delete" | "Backspace" => {
            event.prevent_default();
            delete(store, task);
        }
        "n" if !(event.ctrl_key() || event.meta_key() || event.alt_key()) => {
            event.prevent_default();
            store.work_on(Some((task, Panel::Notes)));
        }
        _ => {}
    }
}

/// Moves a task one place up or down; the focus stays on it.
pub(super) fn step(store: Store, task: TaskId, up: bool) {
    let place = store.shown.get_untracked().and_then(|list| {
        store.with(|client| client.list(list).and_then(|list| domain::step(list, task, up)))
    });
    if let Some(place) = place {
        store.ask_here(ListCommand::Move { task, place });
        browser::focus_in_row(task, "task-title");
    }
}

/// Deletes a task, with a way back.
pub(super) fn delete(store: Store, task: TaskId) {
    let Some(list) = store.shown.get_untracked() else {
        return;
    };
    let title = store
        .row(task)
        .map(|row| row.title.get_untracked())
        .unwrap_or_default();
    let next = neighbour(store, task, true).or_else(|| neighbour(store, task, false));
    if store.ask_here(ListCommand::Delete { task }) {
        store.notify(
            format!("Deleted “{title}”."),
            vec![Command::List(list, ListCommand::Restore { task })],
        );
        match next {
            Some(next) => browser::focus_in_row(next, "task-title"),
            None => browser::focus("new-task".to_owned()),
        }
    }
}

/// The row below or above, in the same part of the list.
fn neighbour(store: Store, task: TaskId, below: bool) -> Option<TaskId> {
    [store.open, store.done].into_iter().find_map(|rows| {
        rows.with_untracked(|rows| {
            let at = rows.iter().position(|(id, _)| *id == task)?;
            let at = if below { at + 1 } else { at.checked_sub(1)? };
            rows.get(at).map(|(id, _)| *id)
        })
    })
}

#[cfg(test)]
mod tests;
