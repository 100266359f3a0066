//! What all of a task is made of: parts with a name, choices, words and days.

use std::rc::Rc;

use domain::{Day, DueTime};
use leptos::ev::{KeyboardEvent, MouseEvent, PointerEvent};
use leptos::html::Input;
use leptos::prelude::*;

use crate::browser;
use crate::session::Session;
use crate::view::{ErasedView, any, dynamic, handler};

/// A part of the panel, with its name.
pub(super) fn part(name: &'static str, id: String, content: ErasedView) -> ErasedView {
    any(view! {
        <div class="details-part" role="group" aria-label=name id=id>
            <span class="details-name" aria-hidden="true">{name}</span>
            <div>{content}</div>
        </div>
    })
}

/// A button that is pressed or not.
pub(super) fn toggle(
    id: Option<String>,
    label: impl Into<Option<String>>,
    is_on: impl Fn() -> bool + Send + 'static,
    choose: impl Fn() + 'static,
    content: ErasedView,
) -> ErasedView {
    let pressed = dynamic(move || Some(if is_on() { "true" } else { "false" }));
    let on_click = move |event: MouseEvent| {
        event.prevent_default();
        choose();
    };
    let label: Option<String> = label.into();
    any(view! {
        <button type="button" class="choice-button" id=id aria-label=label aria-pressed=pressed on:click=handler(on_click)>{content}</button>
    })
}

/// A field for words.
pub(super) struct WordsField {
    /// Its id. That of the sentence that says what is wrong with the words is `…-problem`.
    pub(super) id: String,
    /// What it is called, stands in it while it is empty, and what stands on its button.
    pub(super) names: [&'static str; 3],
    /// The most characters that it takes, for what no longer words can become.
    pub(super) most: Option<&'static str>,
    /// What is said of words that stood in it when it went away.
    pub(super) lost: &'static str,
}

/// A field whose words `take` takes, by its button or Enter: they go where it took them, or it says why it did not.
pub(super) fn words_field(
    session: Session,
    WordsField {
        id,
        names,
        most,
        lost,
    }: WordsField,
    take: impl Fn(&str) -> Result<bool, String> + 'static,
) -> ErasedView {
    let field = NodeRef::<Input>::new();
    let (problem, typed) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let (field_id, problem_id) = (id.clone(), format!("{id}-problem"));
    let take = Rc::new(move |event: &leptos::web_sys::Event| {
        event.prevent_default();
        match take(&typed.get_untracked()) {
            Ok(is_taken) => {
                if let Some(field) = field.get_untracked().filter(|_| is_taken) {
                    field.set_value("");
                    typed.set(String::new());
                }
            }
            Err(sentence) => problem.set(sentence),
        }
        browser::focus(id.clone());
    });
    let on_enter = Rc::clone(&take);
    let on_key = move |event: KeyboardEvent| match browser::key(&event).as_str() {
        "Enter" => {
            event.stop_propagation();
            on_enter(&event);
        }
        // This closes all of it; all else is the field's.
        "Escape" => {}
        _ => event.stop_propagation(),
    };
    let on_input = move |event: leptos::ev::Event| {
        typed.set(event_target_value(&event));
        problem.set(String::new());
    };
    on_cleanup(move || {
        if let Some(text) = typed.try_get_untracked().filter(|text| !text.trim().is_empty()) {
            session.store.unsaved.add(text, lost);
        }
    });
    let [name, placeholder, button] = names;
    let describes = problem_id.clone();
    any(view! {
        <div class="details-line">
            <input
                node_ref=field class="input" id=field_id aria-label=name placeholder=placeholder dir="auto" autocomplete="off" maxlength=most
                enterkeyhint="done" on:keydown=handler(on_key) on:input=handler(on_input) aria-describedby=describes
            />
            <button type="button" class="button" on:click=handler(move |event: MouseEvent| take(&event))>{button}</button>
            <p class="field-error" id=problem_id role="alert">{dynamic(move || problem.get())}</p>
        </div>
    })
}

/// A day, and a button for none, which is called `none` where there is one.
pub(super) fn day_part(
    names: [&'static str; 2],
    id: String,
    now: impl Fn() -> String + Send + 'static,
    set: impl Fn(Option<Day>) + 'static,
) -> ErasedView {
    let take = move |text: &str| {
        let day = Day::parse(text).filter(|_| !text.starts_with('0'));
        if text.is_empty() || day.is_some() {
            set(day);
        }
        text.is_empty() || day.is_some()
    };
    let now = Box::new(now);
    picked_part(names, id, "date", now, Box::new(|| None), Rc::new(take))
}

/// A time of day, and a button for none. `beside` is what stands beside it.
pub(super) fn time_part(
    names: [&'static str; 2],
    id: String,
    now: impl Fn() -> String + Send + 'static,
    beside: impl Fn() -> Option<String> + Send + 'static,
    set: impl Fn(Option<u16>) + 'static,
) -> ErasedView {
    let take = move |text: &str| {
        // Some browsers write seconds, too.
        let time: Option<DueTime> = text.get(..5).and_then(|text| text.parse().ok());
        if text.is_empty() || time.is_some() {
            set(time.as_ref().map(DueTime::minute));
        }
        text.is_empty() || time.is_some()
    };
    picked_part(names, id, "time", Box::new(now), Box::new(beside), Rc::new(take))
}

/// A day or a time that is picked or typed, and a button for none. `take` gets what stands in the field, and says whether that is one.
fn picked_part(
    [name, none]: [&'static str; 2],
    id: String,
    kind: &'static str,
    now: Box<dyn Fn() -> String + Send>,
    beside: Box<dyn Fn() -> Option<String> + Send>,
    take: Rc<dyn Fn(&str) -> bool>,
) -> ErasedView {
    let picked = NodeRef::<Input>::new();
    // A day that is being typed is many on the way, such as the 1st before the 12th: it is one when the field is left, or at Enter. One
    // that is picked is one at once, and so is none.
    let (is_typing, has_changed) = (RwSignal::new(false), RwSignal::new(false));
    let (takes, clears) = (Rc::clone(&take), take);
    let commit = Rc::new(move || {
        let Some(field) = picked.get_untracked().filter(|_| has_changed.get_untracked()) else {
            return;
        };
        let text = field.value();
        // An incomplete day has no value either, and is not valid.
        if (!text.is_empty() || field.check_validity()) && takes(&text) {
            has_changed.set(false);
        }
    });
    let (at_change, at_key, at_blur) = (Rc::clone(&commit), Rc::clone(&commit), commit);
    let on_change = move |_: leptos::ev::Event| {
        if has_changed.try_set(true).is_none() && !is_typing.get_untracked() {
            at_change();
        }
    };
    let on_key = move |event: KeyboardEvent| {
        is_typing.set(true);
        match browser::key(&event).as_str() {
            "Enter" => {
                event.prevent_default();
                at_key();
            }
            // This closes all of it.
            "Escape" => at_key(),
            _ => {}
        }
    };
    // It loses the focus also by going away, and what it knows is gone then.
    let on_blur = move |_: leptos::ev::FocusEvent| {
        if is_typing.try_set(false).is_none() {
            at_blur();
        }
    };
    let clear = move |event: MouseEvent| {
        event.prevent_default();
        clears("");
    };
    let max = (kind == "date").then_some("9999-12-31");
    part(
        name,
        id,
        any(view! {
            <div class="details-line">
                <input
                    node_ref=picked class="input" type=kind aria-label=name max=max prop:value=dynamic(now)
                    on:change=handler(on_change) on:keydown=handler(on_key) on:blur=handler(on_blur)
                    on:pointerdown=handler(move |_: PointerEvent| is_typing.set(false))
                />
                {(!none.is_empty()).then(|| any(view! { <button type="button" class="button" aria-label=none on:click=handler(clear)>"None"</button> }))}
                <span class="muted small">{dynamic(beside)}</span>
            </div>
        }),
    )
}
