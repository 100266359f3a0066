//! When a task comes again, among all of it: a field that takes words, as the line for new tasks does.

use domain::capture::repetition;
use domain::{Day, Field, Repetition, TaskId, isolated};
use leptos::ev::{KeyboardEvent, MouseEvent};
use leptos::html::Input;
use leptos::prelude::*;

use super::task_actions::{set_all, shown};
use crate::browser;
use crate::session::Session;
use crate::store::due_of;
use crate::view::{ErasedView, any, dynamic, effect, handler};

/// What is suggested.
const SUGGESTIONS: [&str; 7] = [
    "every day",
    "every weekday",
    "every week",
    "every 2 weeks",
    "every month",
    "every year",
    "every! 3 days",
];

/// The field, and what can be done with a task that comes again. `due` is what its row follows.
pub(super) fn repeat_field(session: Session, task: TaskId, due: ArcRwSignal<String>) -> ErasedView {
    let store = session.store;
    let field = NodeRef::<Input>::new();
    let is_wrong = RwSignal::new(false);
    let now = move || {
        let repeat = shown(session, task).and_then(|task| task.repeat?.read());
        repeat.map(|repeat| repeat.in_words()).unwrap_or_default()
    };
    // What the field was given, and what stands in it.
    let (given, typed) = (RwSignal::new(now()), RwSignal::new(now()));
    let follows = due.clone();
    effect(move || {
        follows.track();
        let now = now();
        if typed.get_untracked() == given.get_untracked() {
            if let Some(field) = field.get_untracked() {
                field.set_value(&now);
            }
            typed.set(now.clone());
        }
        given.set(now);
    });
    let set = move |event: &leptos::web_sys::Event| {
        event.prevent_default();
        let words = typed.get_untracked().trim().to_owned();
        let said = browser::today().and_then(|today| repetition(&words, today));
        match said {
            // What stands there already is not said anew: it counts from where it did.
            _ if now() == words => {}
            None if !words.is_empty() => return is_wrong.set(true),
            said => {
                given.set(words.clone());
                typed.set(words);
                set_repeat(session, task, said);
            }
        }
        browser::focus(format!("repeat-{task}"));
    };
    // It went away with words in it that nobody has set.
    on_cleanup(move || {
        if let (Some(typed), Some(given)) = (typed.try_get_untracked(), given.try_get_untracked())
            && typed != given
            && !typed.trim().is_empty()
        {
            store.unsaved.add(typed, "This repetition was not set.");
        }
    });
    let on_input = move |event: leptos::ev::Event| {
        typed.set(event_target_value(&event));
        is_wrong.set(false);
    };
    let on_key = move |event: KeyboardEvent| match browser::key(&event).as_str() {
        "Enter" => {
            event.stop_propagation();
            set(&event);
        }
        // This leaves the menu; all else is the field's.
        "Escape" => {}
        _ => event.stop_propagation(),
    };
    let skip = move |event: MouseEvent| {
        event.prevent_default();
        skip_once(session, task);
        browser::focus(format!("repeat-{task}"));
    };
    let again = move || {
        let is_again = due.with(|due| due_of(due)).is_some_and(|due| due.again);
        is_again.then(|| any(view! { <button type="button" class="button" on:click=handler(skip)>"Skip this time"</button> }))
    };
    any(view! {
        <div class="details-repeat">
            <input
                node_ref=field class="input" id=format!("repeat-{task}") aria-label="Repeats" placeholder="every Friday" dir="auto" autocomplete="off" maxlength="200"
                list=format!("repeats-{task}") prop:value=typed.get_untracked() on:keydown=handler(on_key) on:input=handler(on_input)
                aria-invalid=dynamic(move || is_wrong.get().then_some("true")) aria-describedby=format!("repeat-problem-{task}")
            />
            <datalist id=format!("repeats-{task}")>{Vec::from(SUGGESTIONS.map(|words| any(view! { <option value=words></option> })))}</datalist>
            <button type="button" class="button" on:click=handler(move |event: MouseEvent| set(&event))>"Repeat"</button>
            <p class="field-error" id=format!("repeat-problem-{task}") role="alert">
                {dynamic(move || is_wrong.get().then_some("This is not understood. Try “every Friday” or “every 2 weeks”."))}
            </p>
            {dynamic(again)}
        </div>
    })
}

/// Has a task come again, or no longer, with a way back as long as nobody else has set it since.
fn set_repeat(session: Session, task: TaskId, repeat: Option<Repetition>) {
    let Some(before) = shown(session, task) else {
        return;
    };
    let (repeat, due) = match repeat.map(|repeat| repeat.fitted(before.due)) {
        Some((repeat, due)) => (Some(repeat), due),
        None => (None, before.due),
    };
    let title = isolated(before.title.as_str());
    let said = match repeat {
        Some(repeat) => format!("“{title}” now repeats {}.", repeat.in_words()),
        None => format!("“{title}” no longer repeats."),
    };
    set_all(
        session,
        &before,
        [Field::Repeat(repeat.map(Into::into)), Field::Due(due)],
        said,
    );
}

/// Has a task be due on the next of its days.
fn skip_once(session: Session, task: TaskId) {
    let (Some(before), Some(today)) = (shown(session, task), browser::today()) else {
        return;
    };
    let title = isolated(before.title.as_str());
    let next = before
        .repeat
        .as_ref()
        .and_then(|repeat| after(&repeat.read()?, before.due, today));
    let Some(next) = next else {
        let last = format!("“{title}” does not come again after this time.");
        return session.store.notices.add(last, Vec::new());
    };
    let said = format!("Skipped “{title}”. Next: {}.", next.in_words(Some(today)));
    // Deadline and start are as far from the day as they were, as for one that is completed.
    let as_far = |day: Option<Day>| next.plus(day?.since(before.due?)).or(day);
    let fields = [
        Field::Due(Some(next)),
        Field::Deadline(as_far(before.deadline)),
        Field::Start(as_far(before.start)),
    ];
    set_all(session, &before, fields, said);
}

/// The day after the one that is skipped. Of what counts from its completion, the day that it would have if it were completed then.
fn after(repeat: &Repetition, due: Option<Day>, today: Day) -> Option<Day> {
    match due {
        Some(due) if !repeat.from_completion => repeat.next(due),
        due => repeat.next_due(due, due.map_or(today, |due| due.max(today))),
    }
}
