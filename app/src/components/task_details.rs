//! All of a task, beside the list: what its row shows, its notes, and how each of it is set. On a phone it is a sheet.
//!
//! It stays open while its task is changed, by whomever: each part follows its own signal of the row.

use domain::{Day, Field, PersonId, Priority, TaskId, View, isolated};
use leptos::ev::{KeyboardEvent, MouseEvent, PointerEvent};
use leptos::html::{Input, Section};
use leptos::prelude::*;

use super::task_actions::{delete, prioritise, set_all, shown};
use super::task_labels::{label_field, label_items};
use super::task_menu::set_due;
use super::task_notes::{TaskNotes, TaskNotesProps};
use super::task_repeat::repeat_field;
use super::{Avatar, Icon};
use crate::browser;
use crate::session::Session;
use crate::store::{Panel, Row, due_of};
use crate::view::{ErasedView, any, client_only, dynamic, effect, handler};

/// The panel of a task.
pub(super) fn task_details(session: Session, task: TaskId) -> Option<ErasedView> {
    let store = session.store;
    let row = store.row(task)?;
    let panel = NodeRef::<Section>::new();
    effect(move || {
        if panel.get().is_none() {
            return;
        }
        let id = match store.editing.get_untracked() {
            Some((_, Panel::Assignees)) => format!("people-{task}"),
            Some((_, Panel::Labels)) => return browser::focus(format!("label-{task}")),
            _ => format!("details-{task}"),
        };
        browser::focus_in(&id, 0);
    });
    let close = move |event: &leptos::web_sys::Event| {
        event.prevent_default();
        store.edit(None);
        browser::focus_in_row(task, "task-title");
    };
    // Other keys are the page's, such as those that take back; the row leaves them alone while this is open.
    let on_key = move |event: KeyboardEvent| {
        if browser::key(&event) == "Escape" {
            close(&event);
        }
    };
    let title = row.title.clone();
    let heading = format!("details-title-{task}");
    let heading_id = heading.clone();
    Some(any(view! {
        <div class="details-scrim" on:click=handler(move |event: MouseEvent| close(&event))></div>
        <section node_ref=panel class="details" id=format!("details-{task}") aria-labelledby=heading on:keydown=handler(on_key)>
            <header>
                <h2 id=heading_id dir="auto">{dynamic(move || title.get())}</h2>
                <button type="button" class="icon-button" aria-label="Close" on:click=handler(move |event: MouseEvent| close(&event))>{Icon::Close.view()}</button>
            </header>
            {client_only(TaskNotes(TaskNotesProps { task, notes: row.notes.clone(), panel: Panel::Details }))}
            {priority_part(session, task, &row)}
            {due_part(session, task, &row)}
            {repeat_part(session, task, &row)}
            {deadline_part(session, task, &row)}
            {people_part(session, task, &row)}
            {labels_part(session, task, &row)}
            {foot(session, task)}
        </section>
    }))
}

/// A part of the panel, with its name.
fn part(name: &'static str, id: String, content: ErasedView) -> ErasedView {
    any(view! {
        <div class="details-part" role="group" aria-label=name id=id>
            <span class="details-name" aria-hidden="true">{name}</span>
            <div>{content}</div>
        </div>
    })
}

/// A button that is pressed or not.
fn toggle(
    label: String,
    is_on: impl Fn() -> bool + Send + 'static,
    choose: impl Fn() + 'static,
    content: ErasedView,
) -> ErasedView {
    let pressed = dynamic(move || Some(if is_on() { "true" } else { "false" }));
    let on_click = move |event: MouseEvent| {
        event.prevent_default();
        choose();
    };
    any(view! {
        <button type="button" class="choice-button" aria-label=label aria-pressed=pressed on:click=handler(on_click)>{content}</button>
    })
}

fn priority_part(session: Session, task: TaskId, row: &Row) -> ErasedView {
    let choice = |priority: Option<Priority>| {
        let now = row.priority.clone();
        let (name, text) = match priority.map(Priority::number) {
            Some(number) => (format!("Priority {number}"), format!("P{number}")),
            None => ("No priority".to_owned(), "–".to_owned()),
        };
        let number = priority.map(Priority::number);
        toggle(
            name,
            move || now.get() == priority,
            move || prioritise(session, task, priority),
            any(view! { <span data-priority=number>{text}</span> }),
        )
    };
    let choices: Vec<_> = Priority::ALL
        .into_iter()
        .map(Some)
        .chain([None])
        .map(choice)
        .collect();
    part(
        "Priority",
        format!("priority-{task}"),
        any(view! { <div class="details-choices">{choices}</div> }),
    )
}

fn due_part(session: Session, task: TaskId, row: &Row) -> ErasedView {
    let due = row.due.clone();
    let now = move || {
        let due = due.with(|due| due_of(due));
        due.map(|(due, _)| due.to_string()).unwrap_or_default()
    };
    let set = move |day: Option<Day>| set_due(session, task, day);
    day_part(["Due date", "No date"], format!("day-{task}"), now, set)
}

fn deadline_part(session: Session, task: TaskId, row: &Row) -> ErasedView {
    let deadline = row.deadline.clone();
    let set = move |day: Option<Day>| set_deadline(session, task, day);
    day_part(
        ["Deadline", "No deadline"],
        format!("deadline-{task}"),
        move || deadline.get(),
        set,
    )
}

/// A day, and a button for none.
fn day_part(
    [name, none]: [&'static str; 2],
    id: String,
    now: impl Fn() -> String + Send + 'static,
    set: impl Fn(Option<Day>) + Copy + Send + 'static,
) -> ErasedView {
    let picked = NodeRef::<Input>::new();
    // A day that is being typed is many on the way, such as the 1st before the 12th: it is one when the field is left, or at Enter. One
    // that is picked is one at once, and so is none.
    let (is_typing, has_changed) = (RwSignal::new(false), RwSignal::new(false));
    let commit = move || {
        let Some(field) = picked.get_untracked().filter(|_| has_changed.get_untracked()) else {
            return;
        };
        let text = field.value();
        // An incomplete day has no value either, and is not valid.
        if text.is_empty() && field.check_validity() {
            has_changed.set(false);
            set(None);
        }
        if let Some(day) = Day::parse(&text).filter(|_| !text.starts_with('0')) {
            has_changed.set(false);
            set(Some(day));
        }
    };
    let on_change = move |_: leptos::ev::Event| {
        if has_changed.try_set(true).is_none() && !is_typing.get_untracked() {
            commit();
        }
    };
    let on_key = move |event: KeyboardEvent| {
        is_typing.set(true);
        match browser::key(&event).as_str() {
            "Enter" => {
                event.prevent_default();
                commit();
            }
            // This closes all of it.
            "Escape" => commit(),
            _ => {}
        }
    };
    // It loses the focus also by going away, and what it knows is gone then.
    let on_blur = move |_: leptos::ev::FocusEvent| {
        if is_typing.try_set(false).is_none() {
            commit();
        }
    };
    let clear = move |event: MouseEvent| {
        event.prevent_default();
        set(None);
    };
    part(
        name,
        id,
        any(view! {
            <div class="details-line">
                <input
                    node_ref=picked class="input" type="date" aria-label=name max="9999-12-31" prop:value=dynamic(now)
                    on:change=handler(on_change) on:keydown=handler(on_key) on:blur=handler(on_blur)
                    on:pointerdown=handler(move |_: PointerEvent| is_typing.set(false))
                />
                <button type="button" class="button" aria-label=none on:click=handler(clear)>"None"</button>
            </div>
        }),
    )
}

/// Sets the day after which a task is too late, with a way back.
fn set_deadline(session: Session, task: TaskId, deadline: Option<Day>) {
    let Some(before) = shown(session, task) else {
        return;
    };
    let title = isolated(before.title.as_str());
    let said = deadline.map_or_else(
        || format!("“{title}” has no deadline any more."),
        |day| format!("“{title}” has the deadline {}.", day.in_words(browser::today())),
    );
    set_all(session, &before, [Field::Deadline(deadline)], said);
}

fn repeat_part(session: Session, task: TaskId, row: &Row) -> ErasedView {
    let field = repeat_field(session, task, row.due.clone());
    part("Repeats", format!("repeat-part-{task}"), field)
}

fn people_part(session: Session, task: TaskId, row: &Row) -> ErasedView {
    let members = session.store.members;
    let assigned = row.assigned.clone();
    let people = dynamic(move || {
        let person = |(person, member): (PersonId, domain::Member)| {
            let assigned = assigned.clone();
            let name = isolated(member.profile.name.as_str());
            toggle(
                member.profile.name.to_string(),
                move || {
                    assigned.track();
                    shown(session, task).is_some_and(|task| task.assignees.contains(&person))
                },
                move || assign(session, task, person),
                any(view! { <Avatar profile=member.profile.clone()/><span dir="auto">{name}</span> }),
            )
        };
        Some(members.get().into_iter().map(person).collect::<Vec<_>>())
    });
    part(
        "Assigned to",
        format!("people-{task}"),
        any(view! { <div class="details-choices">{people}</div> }),
    )
}

fn labels_part(session: Session, task: TaskId, row: &Row) -> ErasedView {
    let labels = row.labels.clone();
    let items = dynamic(move || {
        labels.track();
        Some(label_items(session, task))
    });
    part(
        "Labels",
        format!("labels-{task}"),
        any(view! { <div class="details-choices">{items}</div>{label_field(session, task)} }),
    )
}

/// What can be done with the task as a whole.
fn foot(session: Session, task: TaskId) -> ErasedView {
    let remove = move |event: MouseEvent| {
        event.prevent_default();
        session.store.edit(None);
        delete(session, task);
    };
    let list = session.store.shown.get_untracked();
    let address = list.map(|list| format!("{}/task?task={task}", View::List(list).path()));
    any(view! {
        <div class="buttons">
            <a class="button" href=address rel="external">"Open by itself"</a>
            <button type="button" class="button button--danger" on:click=handler(remove)>"Delete"</button>
        </div>
    })
}

/// Has somebody be among those who are to do a task, or no longer, with a way back.
fn assign(session: Session, task: TaskId, person: PersonId) {
    let Some(before) = shown(session, task) else {
        return;
    };
    let members = session.store.members.get_untracked();
    let member = members.iter().find(|(other, _)| *other == person);
    let name = match member {
        _ if session.with(|client| client.account().person == person) => "you".to_owned(),
        Some((_, member)) => isolated(member.profile.name.as_str()),
        None => return,
    };
    let is_assigned = !before.assignees.contains(&person);
    let title = isolated(before.title.as_str());
    let said = if is_assigned {
        format!("“{title}” is assigned to {name}.")
    } else {
        format!("“{title}” is no longer assigned to {name}.")
    };
    set_all(session, &before, [Field::Assigned(person, is_assigned)], said);
}
