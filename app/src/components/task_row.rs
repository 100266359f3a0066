//! A task in its list: a check, its title, and what opens below it.

use domain::{Field, List, ListCommand, Priority, Role, Step, Task, TaskId};
use leptos::attr::custom::custom_attribute;
use leptos::ev::{KeyboardEvent, MouseEvent};
use leptos::prelude::*;

use super::acts::Act;
use super::later;
use super::selection::Select;
use super::task_actions::{self, beyond, neighbour, shown};
use super::task_edit::TaskEdit;
use super::task_marks::{Marks, marks};
use crate::browser;
use crate::session::Session;
use crate::store::{
    AwayMark, Due, Panel, Row, assigned_text, day_of, due_of, labels_text, nest_of, nest_text, title_id,
};
use crate::view::{ErasedView, any, client_only, dynamic, handler};

/// One task. Its buttons belong to forms at the end of the list, so that they work without script.
///
/// A long list repeats each attribute by the hundred. So the buttons are named by the short id of the title, the scripts' id of
/// the row is left to [`browser::finish_rows`], and only buttons that work without script have the task's id. None where the
/// list has no such task.
pub(crate) fn task_row(session: Session, task: TaskId, done: bool) -> Option<ErasedView> {
    if !is_server() {
        return session.store.row(task).map(|row| live(session, task, row, done));
    }
    let list = session.store.shown.get_untracked()?;
    session.with(|client| {
        let list = client.list(list)?;
        // The browser numbers the rows of a fresh page in the same order. What a page begins with has no trash.
        let number = u32::try_from(list.index(task)? + 1).ok()?;
        Some(drawn(session, (list, list.task(task)?), number, done))
    })
}

/// The row as the server draws it: the elements of [`live`], straight from the task. Signals, and what follows or answers
/// anything, would be made for every row and thrown away.
fn drawn(session: Session, (list, task): (&List, &Task), number: u32, done: bool) -> ErasedView {
    let (id, title_id) = (task.id.simple(), title_id(number));
    let role = session.store.role.get_untracked();
    let looks_only = role.is_some_and(|role| !role.can_edit());
    let notes_mark = (!task.notes.is_empty()).then(|| {
        let (title_id, id) = (title_id.clone(), id.clone());
        any(view! {
            <button class="task-notes-mark" aria-label="Notes" aria-describedby=title_id form="open" name="task" value=id></button>
        })
    });
    let nest = nest_text(list, task);
    let title = any(view! {
        <button class="task-title" id=title_id.clone() dir="auto" form="open" name="task" value=id.clone()>
            {task.title.to_string()}
        </button>
    });
    let marks = marks(&Marks {
        nest: &nest,
        labels: &labels_text(task),
        due: Due::of(task),
        deadline: task.deadline,
        priority: task.priority,
        assigned: &assigned_text(list, task),
        today: None,
        clock: "",
    });
    any(view! {
        <li {..custom_attribute("aria-level", nest_of(&nest).0)} class="task" data-section=task.section.then_some("")>
            {match task.section {
                true => any(view! {
                    <button class="section-fold" aria-expanded="true" aria-labelledby=format!("section {title_id}") type="button" value=id.clone()></button>
                }),
                false => any(view! {
                    <button
                        class="task-check" role="checkbox" aria-checked=if done { "true" } else { "false" } aria-labelledby=title_id.clone()
                        form=if done { "reopen" } else { "complete" } name="task" value=id.clone() disabled=looks_only.then_some("")
                    ></button>
                }),
            }}
            {headed(task.section, title_id.clone(), title, Box::new(|| {}))}
            {None::<ErasedView>}
            {marks}
            {notes_mark}
            <button class="task-more" aria-labelledby=format!("more {title_id}")>"⋯"</button>
            {None::<ErasedView>}
            {None::<ErasedView>}
        </li>
    })
}

/// When the task is due where the person is. What is not known yet of a time of another zone is found out.
fn local_due(session: Session, task: TaskId, due: Due) -> Due {
    let zone = session.store.zone.get();
    if !zone.is_empty() && due.local(&zone).is_none() {
        later::act(session, Act::LocalTime(task));
    }
    due.in_zone(&zone)
}

/// The row as it lives in the browser. Its buttons need no forms there: each button with one costs a browser more the more
/// there are, and five thousand rows would take four seconds longer to draw.
fn live(session: Session, task: TaskId, row: Row, done: bool) -> ErasedView {
    let store = session.store;
    let title_id = row.title_id();
    let editable = move || store.role.get().is_none_or(Role::can_edit);
    let is_section = row.is_section();
    let has = |panel| {
        let open = row.open.clone();
        move || open.get() == Some(panel)
    };
    let (editing, is_menu) = (has(Panel::Title), has(Panel::Menu));
    let is_editing = editing.clone();

    let row_nest = row.nest.clone();
    let add_to = move || later::act(session, Act::AddTo(task));
    let first = move |event: MouseEvent| {
        event.prevent_default();
        if is_section {
            return later::act(session, Act::Fold(task));
        }
        // A click by keyboard has no detail; its focus goes on to the next row, not to nowhere.
        let by_key = event.detail() == 0;
        // What comes again, or has subtasks, is more than a check.
        let is_more = row_nest.with_untracked(|nest| nest.contains('/'))
            || shown(session, task).is_some_and(|task| task.repeat.is_some());
        if let Some(list) = store.shown.get_untracked().filter(|_| !done && is_more) {
            return later::act(session, Act::Complete(list, task, by_key));
        }
        let next = by_key.then(|| beyond(&store, task, &[])).flatten();
        session.ask_here(ListCommand::set(task, Field::Done(!done)));
        if let Some(next) = next {
            browser::focus_in_row(next, "task-check");
        }
    };
    let open = move |panel: Panel| {
        move |event: MouseEvent| {
            event.prevent_default();
            task_actions::open(&store, task, panel);
        }
    };
    let on_title = move |event: MouseEvent| {
        event.prevent_default();
        // A click by keyboard has no detail: Enter edits, whatever is selected.
        let by_pointer = event.detail() > 0;
        let is_asked = event.ctrl_key() || event.meta_key() || event.shift_key();
        if !done && !is_section && (is_asked || by_pointer && store.selects()) {
            let how = if event.shift_key() {
                Select::UpTo
            } else {
                Select::Toggle
            };
            later::act(session, Act::Select(task, how));
        } else {
            task_actions::open(&store, task, Panel::Title);
        }
    };
    let on_key = move |event: KeyboardEvent| on_key(session, task, &event);
    let Row {
        nest,
        title,
        notes,
        priority,
        due,
        deadline,
        assigned,
        labels,
        pending,
        changed_by,
        here,
        unseen,
        selected,
        open: panel,
        ..
    } = row;
    if unseen.get_untracked() == Some(AwayMark::Unseen) {
        session.company.on_mark(task);
    }
    let has_notes = {
        let notes = notes.clone();
        move || notes.with(|notes| !notes.is_empty())
    };
    let opened = move || {
        Some(match panel.get()? {
            Panel::Menu => client_only(later::task_menu(task, done)),
            Panel::Notes => client_only(later::task_notes(task, notes.clone())),
            Panel::Details => client_only(later::task_details(session, task)),
            Panel::Title | Panel::Due | Panel::Assignees | Panel::Labels => return None,
        })
    };
    let pending = move || pending.get().then_some("");
    let unseen_mark = unseen.clone();
    let is_selected = selected.clone();
    let says = move || match unseen.get() {
        _ if is_selected.get() => Some("selected"),
        Some(AwayMark::Unseen) => Some("changed while you were away"),
        _ => None,
    };
    // Who is there, or else who just changed it.
    let mark = {
        let (here, by) = (here, changed_by);
        move || {
            here.get()
                .map(|mark| ("here", mark))
                .or_else(|| by.get().map(|mark| ("changed", mark)))
        }
    };
    let (marked, other) = (mark.clone(), mark.clone());
    let level = nest.clone();
    let marks = move || {
        let (nest, labels, assigned) = (nest.get(), labels.get(), assigned.get());
        let due = due
            .with(|due| due_of(due))
            .map(|due| local_due(session, task, due));
        let deadline = deadline.with(|text| day_of(text));
        // Rows without a day do not follow what day it is, and those without a time of here not what time it is.
        let has_day = due.is_some() || deadline.is_some();
        let has_time = due
            .as_ref()
            .is_some_and(|due| due.zone().is_none() && !due.time.is_empty());
        let clock = if has_time {
            store.clock.get()
        } else {
            String::new()
        };
        marks(&Marks {
            nest: &nest,
            labels: &labels,
            due,
            deadline,
            priority: priority.get(),
            assigned: &assigned,
            today: if has_day { store.today() } else { None },
            clock: &clock,
        })
    };
    // While it is being changed the row is as high as what is typed, and shows it where the field lies.
    let (text, drafting) = (title.clone(), editing.clone());
    // A section that is folded is drawn anew.
    let expanded = is_section.then(|| if store.is_folded(task) { "false" } else { "true" });
    let checked = (!is_section).then_some(if done { "true" } else { "false" });
    let named = if is_section {
        format!("section {title_id}")
    } else {
        title_id.clone()
    };
    let title_button = any(view! {
        <button class="task-title" id=title_id.clone() dir="auto" aria-description=dynamic(says) on:click=handler(on_title)>
            {dynamic(move || if drafting() { store.drafts.get(task).unwrap_or_else(|| text.get()) } else { text.get() })}
        </button>
    });
    any(view! {
        <li
            {..custom_attribute("aria-level", dynamic(move || level.with(|nest| nest_of(nest).0)))}
            class="task" id=format!("row-{task}") data-section=is_section.then_some("") data-pending=dynamic(pending)
            data-selected=dynamic(move || selected.get().then_some(""))
            data-editing=dynamic(move || is_editing().then_some(""))
            data-other=dynamic(move || other().map(|(what, _)| what))
            data-colour=dynamic(move || marked().map(|(_, mark)| mark.colour))
            data-away=dynamic(move || unseen_mark.get().map(AwayMark::word))
            on:keydown=handler(on_key)
        >
            <button
                class=if is_section { "section-fold" } else { "task-check" } role=(!is_section).then_some("checkbox")
                aria-checked=checked aria-expanded=expanded aria-labelledby=named value=task.simple()
                disabled=dynamic(move || (!is_section && !editable()).then_some("")) on:click=handler(first)
            ></button>
            {headed(is_section, title_id.clone(), title_button, Box::new(add_to))}
            {dynamic(move || editing().then(|| client_only(view! { <TaskEdit task title=title.clone()/> })))}
            {dynamic(marks)}
            {let title_id = title_id.clone(); dynamic(move || has_notes().then(|| any(view! {
                <button class="task-notes-mark" aria-label="Notes" aria-describedby=title_id.clone() on:click=handler(open(Panel::Notes))></button>
            })))}
            <button
                class="task-more" aria-labelledby=format!("more {title_id}") aria-haspopup="menu"
                aria-expanded=dynamic(move || Some(if is_menu() { "true" } else { "false" })) on:click=handler(open(Panel::Menu))
            >"⋯"</button>
            {dynamic(move || mark().map(|(_, mark)| client_only(view! { <span class="task-other" aria-hidden="true">{mark.words}</span> })))}
            {dynamic(opened)}
        </li>
    })
}

/// The title; of a section it is a heading, with a button that begins a task in it.
fn headed(is_section: bool, title_id: String, title: ErasedView, add: Box<dyn Fn()>) -> ErasedView {
    if !is_section {
        return title;
    }
    let add = move |_: MouseEvent| add();
    any(view! {
        <h2 class="section-title">{title}</h2>
        <button class="section-add" type="button" aria-labelledby=format!("add-to {title_id}") on:click=handler(add)>"+"</button>
    })
}

/// How a key changes what is selected.
fn selects(event: &KeyboardEvent, key: &str) -> Option<Select> {
    let is_command = event.ctrl_key() || event.meta_key();
    Some(match key {
        "a" if is_command => Select::All,
        _ if is_command || event.alt_key() => return None,
        "x" => Select::Toggle,
        "ArrowUp" if event.shift_key() => Select::Above,
        "ArrowDown" if event.shift_key() => Select::Below,
        "Escape" => Select::None,
        _ => return None,
    })
}

/// Where an arrow leads with Alt.
fn step_of(key: &str) -> Option<Step> {
    Some(match key {
        "ArrowUp" => Step::Up,
        "ArrowDown" => Step::Down,
        "ArrowRight" => Step::In,
        "ArrowLeft" => Step::Out,
        _ => return None,
    })
}

/// The keys that open something of a task.
const PANELS: [(&str, Panel); 5] = [
    ("n", Panel::Notes),
    ("d", Panel::Due),
    ("o", Panel::Details),
    ("l", Panel::Labels),
    ("a", Panel::Assignees),
];

fn on_key(session: Session, task: TaskId, event: &KeyboardEvent) {
    let store = session.store;
    if store.editing.get_untracked().is_some_and(|(at, _)| at == task) {
        return; // The keys are what is open's.
    }
    let is_section = store.row(task).is_some_and(|row| row.is_section());
    match browser::key(event).as_str() {
        key if event.alt_key()
            && let Some(to) = step_of(key) =>
        {
            event.prevent_default();
            later::act(session, Act::Move(task, to));
        }
        key if !is_section
            && let Some(how) = selects(event, key)
            && (how != Select::None || store.selects()) =>
        {
            event.prevent_default();
            later::act(session, Act::Select(task, how));
        }
        key @ ("ArrowUp" | "ArrowDown") => {
            if let Some(next) = neighbour(&store, task, key == "ArrowDown") {
                event.prevent_default();
                browser::focus_title(next);
            }
        }
        "Delete" | "Backspace" => {
            event.prevent_default();
            later::act(session, Act::Delete(task));
        }
        // What else there is to be said is said of tasks.
        _ if is_section => {}
        key @ ("0" | "1" | "2" | "3" | "4") if !(event.ctrl_key() || event.meta_key() || event.alt_key()) => {
            event.prevent_default();
            later::act(session, Act::Prioritise(task, key.parse::<Priority>().ok()));
        }
        key if !(event.ctrl_key() || event.meta_key() || event.alt_key()) => {
            if let Some((_, panel)) = PANELS.iter().find(|(of_panel, _)| *of_panel == key) {
                event.prevent_default();
                if store.selects() {
                    later::act(session, Act::Choose(task, *panel));
                } else {
                    task_actions::open(&store, task, *panel);
                }
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests;
