//! A task in its list: a check, its title, and what opens below it.

use domain::{Day, Field, List, ListCommand, Priority, Role, Task, TaskId, label_colour};
use leptos::ev::{KeyboardEvent, MouseEvent};
use leptos::prelude::*;

use super::later;
use super::task_actions::{self, delete, neighbour, prioritise, shown, step};
use super::task_edit::TaskEdit;
use crate::browser;
use crate::session::Session;
use crate::store::{AwayMark, Panel, Row, assigned_text, assignees_of, due_of, labels_text, title_id};
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
    any(view! {
        <li class="task">
            <button
                class="task-check" role="checkbox" aria-checked=if done { "true" } else { "false" } aria-labelledby=title_id.clone()
                form=if done { "reopen" } else { "complete" } name="task" value=id.clone() disabled=looks_only.then_some("")
            ></button>
            <button class="task-title" id=title_id.clone() dir="auto" form="open" name="task" value=id>
                {task.title.to_string()}
            </button>
            {None::<ErasedView>}
            {labels_mark(&labels_text(task))}
            {task.due.map(|due| due_mark(due, task.repeat.is_some(), None))}
            {task.deadline.map(|deadline| deadline_mark(deadline, None))}
            {task.priority.map(priority_mark)}
            {assignees_mark(&assigned_text(list, task))}
            {notes_mark}
            <button class="task-more" aria-labelledby=format!("more {title_id}")>"⋯"</button>
            {None::<ErasedView>}
            {None::<ErasedView>}
            {None::<ErasedView>}
            {None::<ErasedView>}
        </li>
    })
}

/// The row as it lives in the browser. Its buttons need no forms there: each button with one costs a browser more the more
/// there are, and five thousand rows would take four seconds longer to draw.
fn live(session: Session, task: TaskId, row: Row, done: bool) -> ErasedView {
    let store = session.store;
    let title_id = row.title_id();
    let editable = move || store.role.get().is_none_or(Role::can_edit);
    let has = move |panel| {
        let open = row.open.clone();
        move || open.get() == Some(panel)
    };
    let (editing, noting, menu, details) = (
        has.clone()(Panel::Title),
        has.clone()(Panel::Notes),
        has.clone()(Panel::Menu),
        has(Panel::Details),
    );
    let (is_editing, is_noting, is_menu) = (editing.clone(), noting.clone(), menu.clone());

    let check = move |event: MouseEvent| {
        event.prevent_default();
        // A click by keyboard has no detail; its focus goes on to the next row, not to nowhere.
        let by_key = event.detail() == 0;
        if !done && shown(session, task).is_some_and(|task| task.repeat.is_some()) {
            later::complete_once(session, task, by_key);
            return;
        }
        let next = by_key.then(|| neighbour(&store, task, true)).flatten();
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
    let on_key = move |event: KeyboardEvent| on_key(session, task, &event);
    let Row {
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
        ..
    } = row;
    if unseen.get_untracked() == Some(AwayMark::Unseen) {
        session.company.on_mark(task);
    }
    let has_notes = {
        let notes = notes.clone();
        move || notes.with(|notes| !notes.is_empty())
    };
    let pending = move || pending.get().then_some("");
    let unseen_mark = unseen.clone();
    let unseen = move || (unseen.get() == Some(AwayMark::Unseen)).then_some("changed while you were away");
    // Who is there, or else who just changed it.
    let mark = {
        let (here, by) = (here.clone(), changed_by.clone());
        move || {
            here.get()
                .map(|mark| ("task-here", mark))
                .or_else(|| by.get().map(|mark| ("task-by", mark)))
        }
    };
    let marked = mark.clone();
    // While it is being changed the row is as high as what is typed, and shows it where the field lies.
    let (text, drafting) = (title.clone(), editing.clone());
    any(view! {
        <li
            class="task" id=format!("row-{task}") data-pending=dynamic(pending)
            data-editing=dynamic(move || is_editing().then_some(""))
            data-changed=dynamic(move || changed_by.with(Option::is_some).then_some(""))
            data-here=dynamic(move || here.with(Option::is_some).then_some(""))
            data-colour=dynamic(move || marked().map(|(_, mark)| mark.colour))
            data-away=dynamic(move || unseen_mark.get().map(AwayMark::word))
            on:keydown=handler(on_key)
        >
            <button
                class="task-check" role="checkbox" aria-checked=if done { "true" } else { "false" } aria-labelledby=title_id.clone()
                value=task.simple() disabled=dynamic(move || (!editable()).then_some("")) on:click=handler(check)
            ></button>
            <button class="task-title" id=title_id.clone() dir="auto" aria-description=dynamic(unseen) on:click=handler(open(Panel::Title))>
                {dynamic(move || if drafting() { store.drafts.get(task).unwrap_or_else(|| text.get()) } else { text.get() })}
            </button>
            {dynamic(move || editing().then(|| client_only(view! { <TaskEdit task title=title.clone()/> })))}
            {dynamic(move || labels.with(|labels| labels_mark(labels)))}
            {dynamic(move || due.with(|due| due_of(due)).map(|(due, again)| due_mark(due, again, store.today())))}
            {dynamic(move || deadline.with(|day| Day::parse(day)).map(|day| deadline_mark(day, store.today())))}
            {dynamic(move || priority.get().map(priority_mark))}
            {dynamic(move || assigned.with(|assigned| assignees_mark(assigned)))}
            {let title_id = title_id.clone(); dynamic(move || has_notes().then(|| any(view! {
                <button class="task-notes-mark" aria-label="Notes" aria-describedby=title_id.clone() on:click=handler(open(Panel::Notes))></button>
            })))}
            <button
                class="task-more" aria-labelledby=format!("more {title_id}") aria-haspopup="menu"
                aria-expanded=dynamic(move || Some(if is_menu() { "true" } else { "false" })) on:click=handler(open(Panel::Menu))
            >"⋯"</button>
            {dynamic(move || mark().map(|(class, mark)| client_only(view! { <span class=class aria-hidden="true">{mark.words}</span> })))}
            {dynamic(move || menu().then(|| later::task_menu(task, done)))}
            {dynamic(move || is_noting().then(|| later::task_notes(task, notes.clone())))}
            {dynamic(move || details().then(|| later::task_details(session, task)))}
        </li>
    })
}

/// How urgent the task is, in words for those who see no colour.
fn priority_mark(priority: Priority) -> ErasedView {
    let (number, class) = match priority {
        Priority::First => (1, "task-priority task-priority--1"),
        Priority::Second => (2, "task-priority task-priority--2"),
        Priority::Third => (3, "task-priority task-priority--3"),
        Priority::Fourth => (4, "task-priority task-priority--4"),
    };
    mark(
        class,
        format!("Priority {number}"),
        None,
        false,
        format!("P{number}"),
    )
}

/// The labels, each in its colour.
fn labels_mark(labels: &str) -> Option<ErasedView> {
    let mark = |label: &str| {
        let (colour, label) = (label_colour(label).number().to_string(), label.to_owned());
        any(view! { <li class="task-label" data-colour=colour dir="auto">{label}</li> })
    };
    let marks: Vec<_> = labels.lines().map(mark).collect();
    (!marks.is_empty())
        .then(|| any(view! { <ul class="task-labels" role="list" aria-label="Labels">{marks}</ul> }))
}

/// Who is to do the task: the first letters of their names, and the names for those who do not see them.
fn assignees_mark(assigned: &str) -> Option<ErasedView> {
    let (mut label, mut marks) = (String::new(), Vec::new());
    for (colour, name) in assignees_of(assigned) {
        label += if label.is_empty() { "Assigned to " } else { ", " };
        label += name;
        let (colour, initial) = (colour.to_owned(), browser::first_cluster(name));
        marks.push(any(
            view! { <span class="avatar" data-colour=colour>{initial}</span> },
        ));
    }
    (!marks.is_empty()).then(|| {
        any(view! { <span class="task-assignees" role="img" title=label.clone() aria-label=label>{marks}</span> })
    })
}

/// The day by which the task is to be done, and whether it comes again then. A day that is over is said in a colour and in words.
fn due_mark(due: Day, again: bool, today: Option<Day>) -> ErasedView {
    let when = when(due, today);
    let words = due.in_words(today);
    let mut label = if when == Some("overdue") {
        "Overdue since "
    } else {
        "Due "
    }
    .to_owned()
        + &words;
    if again {
        label += ", repeats";
    }
    mark("task-due", label, when, again, words)
}

/// The day after which it is too late. A flag says which of the two days it is.
fn deadline_mark(deadline: Day, today: Option<Day>) -> ErasedView {
    let words = deadline.in_words(today);
    let label = format!("Deadline {words}");
    mark(
        "task-due task-deadline",
        label,
        when(deadline, today),
        false,
        words,
    )
}

/// A mark with words and what it is called, one kind of element for all: each kind is code for every visitor.
fn mark(
    class: &'static str,
    label: String,
    when: Option<&'static str>,
    again: bool,
    words: String,
) -> ErasedView {
    any(view! {
        <span class=class role="img" data-due=when data-again=again.then_some("") aria-label=label>{words}</span>
    })
}

/// How near a day is, for styles.
fn when(day: Day, today: Option<Day>) -> Option<&'static str> {
    Some(match day.since(today?) {
        ..0 => "overdue",
        0 => "today",
        1 => "tomorrow",
        _ => "later",
    })
}

fn on_key(session: Session, task: TaskId, event: &KeyboardEvent) {
    let store = session.store;
    if store.editing.get_untracked().is_some_and(|(at, _)| at == task) {
        return; // The keys are what is open's.
    }
    match browser::key(event).as_str() {
        key @ ("ArrowUp" | "ArrowDown") if event.alt_key() => {
            event.prevent_default();
            step(session, task, key == "ArrowUp");
        }
        key @ ("ArrowUp" | "ArrowDown") => {
            if let Some(next) = neighbour(&store, task, key == "ArrowDown") {
                event.prevent_default();
                browser::focus_in_row(next, "task-title");
            }
        }
        "Delete" | "Backspace" => {
            event.prevent_default();
            delete(session, task);
        }
        key @ ("0" | "1" | "2" | "3" | "4") if !(event.ctrl_key() || event.meta_key() || event.alt_key()) => {
            event.prevent_default();
            prioritise(session, task, key.parse::<Priority>().ok());
        }
        "n" if !(event.ctrl_key() || event.meta_key() || event.alt_key()) => {
            event.prevent_default();
            task_actions::open(&store, task, Panel::Notes);
        }
        "d" if !(event.ctrl_key() || event.meta_key() || event.alt_key()) => {
            event.prevent_default();
            task_actions::open(&store, task, Panel::Due);
        }
        "o" if !(event.ctrl_key() || event.meta_key() || event.alt_key()) => {
            event.prevent_default();
            task_actions::open(&store, task, Panel::Details);
        }
        "l" if !(event.ctrl_key() || event.meta_key() || event.alt_key()) => {
            event.prevent_default();
            task_actions::open(&store, task, Panel::Labels);
        }
        "a" if !(event.ctrl_key() || event.meta_key() || event.alt_key()) => {
            event.prevent_default();
            task_actions::open(&store, task, Panel::Assignees);
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests;
