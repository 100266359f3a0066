//! What can be done with a task, as a menu: arrows walk it, Escape closes it.

use domain::{Day, Priority, Step, TaskId, isolated};
use leptos::ev::{KeyboardEvent, MouseEvent};
use leptos::html::Div;
use leptos::prelude::*;

use super::Icon;
use super::sections::make_section;
use super::selection::{Select, select};
use super::task_actions::{
    days, delete, own_day, prioritise, priority_words, set_all, shown, step, with_day,
};
use super::task_duplicate::duplicate_task;
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
            && matches!(store.editing.get_untracked(), Some((at, Panel::Menu | Panel::Due)) if at == task)
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
    let list = store.shown.get_untracked();
    let before = shown(session, task);
    let is_section = before.as_ref().is_some_and(|task| task.section);
    let can_head = before.is_some_and(|task| task.parent.is_none()) && !is_section;
    let can = move |to| {
        let place = session.with(|client| domain::step(client.list(list?)?, task, to));
        place.is_some()
    };
    let (now, due_now) = store
        .row(task)
        .map(|row| {
            (
                row.priority.get_untracked(),
                row.due
                    .with_untracked(|due| due_of(due))
                    .map(|due| due.in_zone(&browser::zone()).day),
            )
        })
        .unwrap_or_default();
    let urgency = move |priority: Option<Priority>| {
        let text = priority.map_or_else(|| "–".to_owned(), |priority| format!("P{}", priority.number()));
        client_only(view! {
            <button
                type="button" role="menuitemradio" tabindex="-1" aria-label=priority_words(priority) aria-checked=if now == priority { "true" } else { "false" }
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
    let plan = move |event: &leptos::web_sys::Event, due: Option<Day>| {
        close(event);
        let day = due.and_then(|day| own_day(&shown(session, task)?, day));
        set_due(session, task, (due, day));
        browser::focus_in_row(task, "task-title");
    };
    let day = move |(words, due): (&'static str, Option<Day>)| {
        let checked = if due == due_now { "true" } else { "false" };
        client_only(view! {
            <button type="button" role="menuitemradio" tabindex="-1" aria-checked=checked on:click=handler(move |event: MouseEvent| plan(&event, due))>{words}</button>
        })
    };
    let days: Vec<_> = days().into_iter().map(day).collect();
    view! {
        <div node_ref=menu class="menu" id=format!("menu-of-{task}") on:keydown=handler(on_key) on:focusout=handler(on_leave)>
            <div class="menu-items" role="menu" aria-label=if is_section { "Section" } else { "Task" } id=format!("menu-{task}")>
            {item(Icon::Edit, "Edit", "Enter", |session, task| session.store.edit(Some((task, Panel::Title))))}
            {(!is_section).then(|| (
                item(Icon::Notes, "Notes", "N", |session, task| session.store.edit(Some((task, Panel::Notes)))),
                item(Icon::Lists, "Details", "O", |session, task| session.store.edit(Some((task, Panel::Details)))),
            ))}
            {(!done).then(|| (
                item(Icon::Up, "Move up", "Alt ↑", |session, task| go(session, task, Step::Up)),
                item(Icon::Down, "Move down", "Alt ↓", |session, task| go(session, task, Step::Down)),
                can(Step::In).then(|| item(Icon::Down, "Make it a subtask", "Alt →", |session, task| go(session, task, Step::In))),
                can(Step::Out).then(|| item(Icon::Up, "Move out", "Alt ←", |session, task| go(session, task, Step::Out))),
                item(Icon::Plus, "Duplicate", "", duplicate_task),
                (!is_section).then(|| item(Icon::Lists, "Select", "X", |session, task| select(session, task, Select::Toggle))),
                can_head.then(|| item(Icon::Lists, "Make it a section", "", |session, task| make_section(session, task, true))),
                is_section.then(|| item(Icon::Lists, "Make it a task", "", |session, task| make_section(session, task, false))),
            ))}
            {(!is_section).then(|| view! {
            <div class="menu-priorities" role="group" aria-label="Priority">{priorities}</div>
            <div class="menu-due" role="group" aria-label="Due date" id=format!("due-{task}")>
                {days}
            </div>
            })}
            {item(Icon::Trash, "Delete", "Del", delete)}
            </div>
        </div>
    }
}

fn go(session: Session, task: TaskId, to: Step) {
    step(session, task, to);
    browser::focus_in_row(task, "task-title");
}

/// Sets the day by which a task is to be done, with a way back as long as nobody else has set it since. It is said as the person chose it, and
/// set as the task's own calendar has it.
pub(super) fn set_due(session: Session, task: TaskId, (due, day): (Option<Day>, Option<Day>)) {
    let Some(before) = shown(session, task) else {
        return;
    };
    let title = isolated(before.title.as_str());
    let said = match due {
        Some(due) => format!("“{title}” is due: {}.", due.in_words(browser::today())),
        None if before.repeat.is_some() => format!("“{title}” is no longer due, and no longer repeats."),
        None => format!("“{title}” is no longer due."),
    };
    set_all(session, &before, with_day(&before, day), said);
}
