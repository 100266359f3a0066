//! What can be done with a task, as a menu: arrows walk it, Escape closes it.

use domain::{Day, Field, PersonId, Priority, TaskId, isolated};
use leptos::ev::{KeyboardEvent, MouseEvent};
use leptos::html::{Div, Input};
use leptos::prelude::*;

use super::task_actions::{delete, prioritise, set_all, shown, step};
use super::task_labels::{label_field, label_items};
use super::task_repeat::repeat_field;
use super::{Avatar, Icon};
use crate::browser;
use crate::session::Session;
use crate::store::{Panel, due_of};
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
            let group = match store.editing.get_untracked() {
                Some((_, Panel::Due)) => "due",
                Some((_, Panel::Assignees)) => "people",
                Some((_, Panel::Labels)) => "labels",
                _ => "menu",
            };
            browser::focus_in(&format!("{group}-{task}"), 0);
            browser::reveal(format!("menu-of-{task}"));
        }
    });
    let close = move |event: &leptos::web_sys::Event| {
        event.prevent_default();
        store.edit(None);
    };
    let on_key = move |event: KeyboardEvent| {
        event.stop_propagation();
        match browser::key(&event).as_str() {
            "Escape" => {
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
        if !browser::stays_in(&event)
            && matches!(store.editing.get_untracked(), Some((at, Panel::Menu | Panel::Due | Panel::Assignees | Panel::Labels)) if at == task)
        {
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
    let (now, due_now) = store
        .row(task)
        .map(|row| {
            (
                row.priority.get_untracked(),
                row.due.with_untracked(|due| due_of(due)).map(|(due, _)| due),
            )
        })
        .unwrap_or_default();
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
    let picked = NodeRef::<Input>::new();
    let plan = move |event: &leptos::web_sys::Event, due: Option<Day>| {
        close(event);
        set_due(session, task, due);
        browser::focus_in_row(task, "task-title");
    };
    let set_picked = move |event: &leptos::web_sys::Event| {
        let text = picked
            .get_untracked()
            .map(|field| field.value())
            .unwrap_or_default();
        match Day::parse(&text) {
            Some(day) => plan(event, Some(day)),
            None => event.prevent_default(),
        }
    };
    let today = browser::today();
    let day = move |words: &'static str, due: Option<Day>| {
        let checked = if due == due_now { "true" } else { "false" };
        client_only(view! {
            <button type="button" role="menuitemradio" tabindex="-1" aria-checked=checked on:click=handler(move |event: MouseEvent| plan(&event, due))>{words}</button>
        })
    };
    let assignees = shown(session, task)
        .map(|task| task.assignees)
        .unwrap_or_default();
    let members = store.members.get_untracked().into_iter();
    let people: Vec<_> = members
        .map(|(person, member)| {
            let checked = if assignees.contains(&person) { "true" } else { "false" };
            let name = isolated(member.profile.name.as_str());
            let choose = move |event: MouseEvent| {
                close(&event);
                assign(session, task, person);
                browser::focus_in_row(task, "task-title");
            };
            client_only(view! {
                <button type="button" role="menuitemcheckbox" tabindex="-1" aria-checked=checked on:click=handler(choose)>
                    <Avatar profile=member.profile/><span dir="auto">{name}</span>
                </button>
            })
        })
        .collect();
    let next_week = today.and_then(|today| today.plus(1)?.on_or_after(0));
    let on_date_key = move |event: KeyboardEvent| match browser::key(&event).as_str() {
        "Enter" => {
            event.stop_propagation();
            set_picked(&event);
        }
        // This leaves the menu; all else is the field's.
        "Escape" => {}
        _ => event.stop_propagation(),
    };
    view! {
        <div node_ref=menu class="menu" id=format!("menu-of-{task}") on:keydown=handler(on_key) on:focusout=handler(on_leave)>
            <div class="menu-items" role="menu" aria-label="Task" id=format!("menu-{task}")>
            {item(Icon::Edit, "Edit", "Enter", |session, task| session.store.edit(Some((task, Panel::Title))))}
            {item(Icon::Notes, "Notes", "N", |session, task| session.store.edit(Some((task, Panel::Notes))))}
            {(!done).then(|| (
                item(Icon::Up, "Move up", "Alt ↑", |session, task| step(session, task, true)),
                item(Icon::Down, "Move down", "Alt ↓", |session, task| step(session, task, false)),
            ))}
            <div class="menu-priorities" role="group" aria-label="Priority">{priorities}</div>
            <div class="menu-due" role="group" aria-label="Due date" id=format!("due-{task}")>
                {day("Today", today)}
                {day("Tomorrow", today.and_then(|today| today.plus(1)))}
                {day("Next week", next_week)}
                {day("No date", None)}
            </div>
            <div class="menu-people" role="group" aria-label="Assigned to" id=format!("people-{task}")>{people}</div>
            <div class="menu-people" role="group" aria-label="Labels">{label_items(session, task)}</div>
            {item(Icon::Trash, "Delete", "Del", delete)}
            </div>
            <div id=format!("labels-{task}")>{label_field(session, task)}</div>
            <div class="menu-date">
                <input
                    node_ref=picked class="input" type="date" aria-label="Due date" max="9999-12-31" value=due_now.map(|due| due.to_string())
                    on:keydown=handler(on_date_key)
                />
                <button type="button" class="button" on:click=handler(move |event: MouseEvent| set_picked(&event))>"Set date"</button>
            </div>
            {repeat_field(session, task)}
        </div>
    }
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

/// Sets the day by which a task is to be done, with a way back as long as nobody else has set it since. One without a day does not
/// come again.
fn set_due(session: Session, task: TaskId, due: Option<Day>) {
    let Some(before) = shown(session, task) else {
        return;
    };
    let title = isolated(before.title.as_str());
    let said = match due {
        Some(due) => format!("“{title}” is due: {}.", due.in_words(browser::today())),
        None if before.repeat.is_some() => format!("“{title}” is no longer due, and no longer repeats."),
        None => format!("“{title}” is no longer due."),
    };
    let repeat = before.repeat.clone().filter(|_| due.is_some());
    set_all(session, &before, [Field::Due(due), Field::Repeat(repeat)], said);
}
