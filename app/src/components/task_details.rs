//! All of a task, beside the list: what its row shows, its notes, and how each of it is set. On a phone it is a sheet.
//!
//! It stays open while its task is changed, by whomever: each part follows its own signal of the row.

use domain::{Day, DueTime, Field, PersonId, Priority, TaskId, View, isolated};
use leptos::ev::{KeyboardEvent, MouseEvent};
use leptos::html::Section;
use leptos::prelude::*;

use super::details_part::{day_part, part, time_part, toggle};
use super::sections::section_part;
use super::task_actions::{delete, prioritise, priority_words, set_all, shown};
use super::task_estimate::estimate_part;
use super::task_labels::{label_field, label_items};
use super::task_menu::set_due;
use super::task_notes::{TaskNotes, TaskNotesProps};
use super::task_repeat::repeat_field;
use super::task_subtasks::subtasks;
use super::{Avatar, Icon};
use crate::browser;
use crate::session::Session;
use crate::store::{Panel, Row, day_of, due_of};
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
            {part("Subtasks", format!("subtasks-{task}"), subtasks(session, task, row.nest.clone()))}
            {section_part(session, task)}
            {priority_part(session, task, &row)}
            {due_part(session, task, &row)}
            {due_time_part(session, task, &row)}
            {repeat_part(session, task, &row)}
            {deadline_part(session, task, &row)}
            {start_part(session, task, &row)}
            {estimate_part(session, task, row.deadline.clone())}
            {people_part(session, task, &row)}
            {labels_part(session, task, &row)}
            {foot(session, task)}
        </section>
    }))
}

fn priority_part(session: Session, task: TaskId, row: &Row) -> ErasedView {
    let choice = |priority: Option<Priority>| {
        let now = row.priority.clone();
        let name = priority_words(priority);
        let text = priority.map_or_else(|| "–".to_owned(), |priority| format!("P{}", priority.number()));
        let number = priority.map(Priority::number);
        toggle(
            None,
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
        let due = due.with(|due| day_of(due));
        due.map(|due| due.to_string()).unwrap_or_default()
    };
    let set = move |day: Option<Day>| set_due(session, task, (day, day));
    day_part(["Due date", "No date"], format!("day-{task}"), now, set)
}

/// The time of the day on which the task is due, as the clocks of its zone show it. Where that is another zone than the person's, the zone
/// stands beside it.
fn due_time_part(session: Session, task: TaskId, row: &Row) -> ErasedView {
    let due = row.due.clone();
    let now = move || {
        let due = due.with(|due| due_of(due));
        due.map(|due| due.clock().to_owned()).unwrap_or_default()
    };
    let due = row.due.clone();
    let elsewhere = move || {
        let due = due.with(|due| due_of(due))?;
        let own = session.store.zone.get();
        let zone = due.zone().filter(|zone| *zone != own)?;
        let here = due.local(&own).map(|(day, clock)| {
            let day = day.in_words(session.store.today());
            format!(" ({day} {clock} here)")
        });
        Some(zone.replace('_', " ") + &here.unwrap_or_default())
    };
    let set = move |minute: Option<u16>| set_due_time(session, task, minute.and_then(DueTime::of));
    time_part(["Time", "No time"], format!("time-{task}"), now, elsewhere, set)
}

/// Sets the time of the day on which a task is due, with a way back. A task without a day is due on this one, or on the next where the time
/// is over. A time that had a zone keeps it.
fn set_due_time(session: Session, task: TaskId, time: Option<DueTime>) {
    let (Some(before), Some(today)) = (shown(session, task), browser::today()) else {
        return;
    };
    let title = isolated(before.title.as_str());
    let zone = before.due_time.as_ref().filter(|_| before.due.is_some());
    let zone = zone.map_or_else(browser::zone, |time| time.zone().unwrap_or_default().to_owned());
    let time = time.map(|time| time.in_zone(&zone));
    let (due, said) = match &time {
        Some(time) => {
            let due = before.due.or_else(|| time.next_day(today, browser::minute()));
            let day = due.map(|day| day.in_words(Some(today))).unwrap_or_default();
            (due, format!("“{title}” is due: {day} {}.", time.clock()))
        }
        None => (before.due, format!("“{title}” has no time any more.")),
    };
    set_all(session, &before, [Field::Due(due), Field::DueTime(time)], said);
}

fn deadline_part(session: Session, task: TaskId, row: &Row) -> ErasedView {
    let deadline = row.deadline.clone();
    let now = move || {
        let deadline = deadline.with(|deadline| day_of(deadline));
        deadline.map(|day| day.to_string()).unwrap_or_default()
    };
    let set = move |day: Option<Day>| set_deadline(session, task, day);
    day_part(["Deadline", "No deadline"], format!("deadline-{task}"), now, set)
}

/// Sets the day after which a task is too late, with a way back.
fn set_deadline(session: Session, task: TaskId, deadline: Option<Day>) {
    let said = |title: &str| match deadline {
        Some(day) => format!("“{title}” has the deadline {}.", day.in_words(browser::today())),
        None => format!("“{title}” has no deadline any more."),
    };
    set_said(session, task, Field::Deadline(deadline), said);
}

fn start_part(session: Session, task: TaskId, row: &Row) -> ErasedView {
    let changes = row.deadline.clone();
    let now = move || {
        changes.track();
        let start = shown(session, task).and_then(|task| task.start);
        start.map(|day| day.to_string()).unwrap_or_default()
    };
    let set = move |start: Option<Day>| {
        let said = |title: &str| match start {
            Some(day) => format!("“{title}” starts: {}.", day.in_words(browser::today())),
            None => format!("“{title}” has no start any more."),
        };
        set_said(session, task, Field::Start(start), said);
    };
    day_part(["Start", "No start"], format!("start-{task}"), now, set)
}

/// Sets a field of a task, with a way back, and says so.
fn set_said(session: Session, task: TaskId, field: Field, said: impl Fn(&str) -> String) {
    if let Some(before) = shown(session, task) {
        let said = said(&isolated(before.title.as_str()));
        set_all(session, &before, [field], said);
    }
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
                None,
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
    let items = label_items(session, task, row.labels.clone());
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
