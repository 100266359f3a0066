//! One bar for all tasks that are selected, below the list: what is done to one of them is done to each.

use domain::{Day, LabelName, List, Member, PersonId, Place, Priority, Task, TaskId};
use leptos::ev::{FocusEvent, KeyboardEvent, MouseEvent};
use leptos::html::Div;
use leptos::prelude::*;

use super::Icon;
use super::details_part::{day_part, toggle};
use super::selection::{
    assign, complete, delete, deselect, deselect_gone, look, move_all, prioritise, set_due, set_label,
};
use super::task_actions::{self, priority_words};
use super::task_labels::{MOST_SHOWN, label_words, of_list};
use crate::browser;
use crate::session::Session;
use crate::store::{Panel, set};
use crate::view::{ErasedView, any, client_only, dynamic, effect, handler};

/// What is chosen for all of them, by the words of [`Store::choosing`](crate::store::Store::choosing), and what its button says.
const CHOICES: [(&str, &str); 5] = [
    ("due", "Due"),
    ("priority", "Priority"),
    ("labels", "Labels"),
    ("people", "Assign"),
    ("place", "Move"),
];

/// Opens what a key opens of a task; what can be chosen for all that are selected opens in the bar.
pub(super) fn choose(session: Session, task: TaskId, panel: Panel) {
    let store = session.store;
    let word = match panel {
        Panel::Due => "due",
        Panel::Labels => "labels",
        Panel::Assignees => "people",
        Panel::Title | Panel::Notes | Panel::Menu | Panel::Details => {
            return task_actions::open(&store, task, panel);
        }
    };
    store.choosing.set(word.to_owned());
}

/// The bar.
pub(super) fn bar(session: Session) -> ErasedView {
    let store = session.store;
    effect(move || {
        store.open.track();
        deselect_gone(session);
    });
    on_cleanup(move || {
        store.choosing.try_set(String::new());
    });
    let count = move || format!("{} selected", store.selected.with(Vec::len));
    let on_key = move |event: KeyboardEvent| {
        let step = match browser::key(&event).as_str() {
            "Escape" => {
                event.prevent_default();
                return close(session);
            }
            "ArrowDown" => 1,
            "ArrowUp" => -1,
            _ => return,
        };
        if browser::has_focus("choosing") {
            event.prevent_default();
            browser::focus_in("choosing", step);
        }
    };
    let on_leave = move |event: FocusEvent| {
        if !browser::stays_in(&event) {
            set(store.choosing, String::new());
        }
    };
    let button = |class: &'static str, icon: Icon, words: &'static str, act: fn(Session)| {
        let act = move |_: MouseEvent| act(session);
        client_only(view! {
            <button type="button" class=class tabindex="0" aria-label=words title=words on:click=handler(act)>
                {icon.view()}{(icon != Icon::Close).then_some(words)}
            </button>
        })
    };
    let opener = |(word, words): (&'static str, &'static str)| {
        let is_open = move || store.choosing.with(|choosing| choosing == word);
        let open = move |_: MouseEvent| {
            let next = if is_open() { "" } else { word };
            store.choosing.set(next.to_owned());
        };
        client_only(view! {
            <button
                type="button" class="button" tabindex="0" id=format!("choose-{word}")
                aria-expanded=dynamic(move || Some(if is_open() { "true" } else { "false" })) on:click=handler(open)
            >{words}</button>
        })
    };
    let openers: Vec<_> = CHOICES.into_iter().map(opener).collect();
    any(view! {
        <div class="selection" id="selection" role="group" aria-label="Selected tasks" on:keydown=handler(on_key) on:focusout=handler(on_leave)>
            {dynamic(move || choices(session, &store.choosing.get()))}
            <p class="selection-count">{dynamic(count)}</p>
            {button("button button--primary", Icon::Check, "Complete", complete)}
            {openers}
            {button("button button--danger", Icon::Trash, "Delete", delete)}
            {button("button button--plain button--icon", Icon::Close, "Select nothing", deselect)}
        </div>
    })
}

/// Closes what is being chosen; where nothing is, nothing is selected any more.
fn close(session: Session) {
    let word = session.store.choosing.get_untracked();
    if word.is_empty() {
        deselect(session);
    } else {
        // Before what has it goes away.
        browser::focus_now(&format!("#choose-{word}"));
        session.store.choosing.set(String::new());
    }
}

/// A button that does something to all of them and closes the choice.
fn item(session: Session, words: impl Into<String>, act: impl Fn() + 'static) -> ErasedView {
    let words: String = words.into();
    let act = move |_: MouseEvent| {
        close(session);
        act();
    };
    client_only(view! {
        <button type="button" class="choice-button" tabindex="0" dir="auto" on:click=handler(act)>{words}</button>
    })
}

fn choices(session: Session, word: &str) -> Option<ErasedView> {
    let (_, name) = CHOICES.into_iter().find(|(other, _)| *other == word)?;
    let content = match word {
        "due" => days(session),
        "priority" => priorities(session),
        "labels" => labels(session),
        "people" => people(session),
        _ => places(session),
    };
    let menu = NodeRef::<Div>::new();
    effect(move || {
        if menu.get().is_some() {
            browser::focus_in("choosing", 0);
        }
    });
    Some(client_only(view! {
        <div node_ref=menu class="selection-choices" id="choosing" role="group" aria-label=name>{content}</div>
    }))
}

fn days(session: Session) -> ErasedView {
    let day = |(words, due): (&'static str, Option<Day>)| item(session, words, move || set_due(session, due));
    let days: Vec<_> = task_actions::days().into_iter().map(day).collect();
    let other = day_part(
        ["Another day", ""],
        "choose-day".to_owned(),
        String::new,
        move |due| {
            if due.is_some() {
                close(session);
                set_due(session, due);
            }
        },
    );
    any(view! { <div class="details-choices">{days}</div>{other} })
}

fn priorities(session: Session) -> ErasedView {
    let priority = |priority: Option<Priority>| {
        let words = priority_words(priority);
        item(session, words, move || prioritise(session, priority))
    };
    let all: Vec<_> = Priority::ALL
        .into_iter()
        .map(Some)
        .chain([None])
        .map(priority)
        .collect();
    any(view! { <div class="details-choices">{all}</div> })
}

/// A choice that each of them has or not. It is on where all have it; to press it gives it to all, or takes it from all where it is on.
/// `chosen` counts the presses: after each the choices beside it are looked at again.
fn choice(
    session: Session,
    chosen: RwSignal<usize>,
    label: Option<String>,
    content: ErasedView,
    has: impl Fn(&Task) -> bool + Clone + Send + 'static,
    choose: impl Fn(bool) + 'static,
) -> ErasedView {
    let is_on = move || {
        let without = look(session, |_, task| (!has(task)).then_some(()));
        without.is_empty()
    };
    let is_pressed = {
        let is_on = is_on.clone();
        move || {
            chosen.track();
            is_on()
        }
    };
    let choose = move || {
        choose(!is_on());
        chosen.update(|chosen| *chosen += 1);
    };
    toggle(None, label, is_pressed, choose, content)
}

fn labels(session: Session) -> ErasedView {
    let chosen = RwSignal::new(0_usize);
    let labels = of_list(session).into_iter().take(MOST_SHOWN);
    let one = |label: LabelName| {
        let (name, colour) = (label.to_string(), label.colour().number());
        let content =
            any(view! { <span class="task-label" data-colour=colour dir="auto">{name.clone()}</span> });
        let own = label.clone();
        let has = move |task: &Task| task.labels.contains(&own);
        choice(session, chosen, Some(name), content, has, move |is_on| {
            set_label(session, &label, is_on)
        })
    };
    let all: Vec<_> = labels.map(one).collect();
    let own = move || look(session, |_, task| Some(task.labels.clone())).concat();
    let field = label_words(session, "choose-label".to_owned(), own, move |label| {
        set_label(session, &label, true);
        chosen.update(|chosen| *chosen += 1);
        true
    });
    any(view! { <div class="details-choices">{all}</div>{field} })
}

fn people(session: Session) -> ErasedView {
    let chosen = RwSignal::new(0_usize);
    let one = |(person, member): (PersonId, Member)| {
        let name = member.profile.name.to_string();
        let content = any(view! { <span dir="auto">{name.clone()}</span> });
        let has = move |task: &Task| task.assignees.contains(&person);
        choice(session, chosen, None, content, has, move |is_on| {
            assign(session, (person, &name), is_on)
        })
    };
    let all: Vec<_> = session
        .store
        .members
        .get_untracked()
        .into_iter()
        .map(one)
        .collect();
    any(view! { <div class="details-choices">{all}</div> })
}

/// Where they can be moved: into the sections, or to either end of what is in none.
fn places(session: Session) -> ErasedView {
    let shown = session.store.shown.get_untracked();
    let sections: Vec<(TaskId, String)> = session.with(|client| {
        let list = shown.and_then(|list| client.list(list));
        let sections = list.into_iter().flat_map(List::sections);
        sections
            .map(|section| (section.id, section.title.to_string()))
            .collect()
    });
    let place = |words: String, place: Place| item(session, words, move || move_all(session, place));
    let mut all = vec![
        place("Top of the list".to_owned(), Place::Start),
        place(
            if sections.is_empty() {
                "End of the list"
            } else {
                "No section"
            }
            .to_owned(),
            Place::End,
        ),
    ];
    all.extend(
        sections
            .into_iter()
            .map(|(section, title)| place(title, Place::EndOf(section))),
    );
    any(view! { <div class="details-choices">{all}</div> })
}
