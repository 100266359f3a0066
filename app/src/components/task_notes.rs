//! The notes of a task, below its row. Saved when the person leaves them; others' words are merged in by line.

use domain::{Field, ListCommand, Notes, Role, TaskId};
use leptos::ev::{Event, FocusEvent, KeyboardEvent};
use leptos::html::Textarea;
use leptos::prelude::*;

use crate::browser;
use crate::session::Session;
use crate::store::Panel;
use crate::view::{client_only, dynamic, effect, handler};

/// The field with the notes.
#[component]
pub(super) fn TaskNotes(
    /// The task that the notes belong to.
    task: TaskId,
    /// The notes as everyone sees them.
    notes: ArcRwSignal<String>,
    /// What they are open in: the notes alone, or all of the task.
    panel: Panel,
) -> impl IntoView {
    let session = expect_context::<Session>();
    let store = session.store;
    let field = NodeRef::<Textarea>::new();
    let was = notes.get_untracked();
    let base = RwSignal::new(was.clone());
    let typed = RwSignal::new(was.clone());
    let problem = RwSignal::new(None::<String>);
    let can_edit = move || store.role.get().is_some_and(Role::can_edit);
    effect(move || {
        if let Some(field) = field.get()
            && panel == Panel::Notes
        {
            let _ = field.focus();
        }
    });
    // What others write is there as long as nobody writes here; otherwise it is merged when it is saved.
    let is_open = move || {
        let open = store.editing.try_get_untracked().flatten();
        open.is_some_and(|(at, open)| {
            at == task && (open == panel || open.is_details() && panel.is_details())
        })
    };
    effect(move || {
        let now = notes.get();
        if typed.get_untracked() == base.get_untracked() && now != base.get_untracked() {
            if let Some(field) = field.get_untracked() {
                field.set_value(&now);
            }
            base.set(now.clone());
            typed.set(now);
        }
    });
    let save = move || {
        let text = typed.get_untracked();
        let before = base.get_untracked();
        if text == before {
            return true;
        }
        match (Notes::parse(&text), Notes::parse(&before)) {
            (Ok(notes), Ok(before)) => {
                let set = ListCommand::set_from(task, Field::Notes(before), Field::Notes(notes));
                // Whatever comes of it, the words are on their way, or with what is not saved.
                base.set(text);
                session.ask_here(set)
            }
            (Err(error), _) | (_, Err(error)) => {
                problem.set(Some(error.to_string()));
                false
            }
        }
    };
    let on_key = move |event: KeyboardEvent| {
        event.stop_propagation();
        let key = browser::key(&event);
        let done = key == "Escape" || key == "Enter" && (event.ctrl_key() || event.meta_key());
        if done {
            event.prevent_default();
            if save() {
                store.edit(None);
                browser::focus_in_row(task, "task-title");
            }
        }
    };
    let on_blur = move |_: FocusEvent| {
        if is_open() && save() && panel == Panel::Notes {
            store.edit(None);
        }
    };
    // The field went away before it was left: its row did (somebody completed the task), or the list, or the session.
    on_cleanup(move || {
        let sentence = match is_open() || panel.is_details() {
            true => "The task was moved or deleted while you were writing its notes.",
            false => "These notes were not saved.",
        };
        if let (Some(text), Some(base)) = (typed.try_get_untracked(), base.try_get_untracked())
            && text != base
        {
            store.unsaved.add(text, sentence);
        }
    });
    view! {
        <div class="task-notes">
            <textarea
                node_ref=field aria-label="Notes" dir="auto" placeholder="Notes" prop:value=was
                readonly=dynamic(move || (!can_edit()).then_some(""))
                aria-invalid=dynamic(move || problem.with(Option::is_some).then_some("true"))
                on:input=handler(move |event: Event| typed.set(event_target_value(&event)))
                on:keydown=handler(on_key) on:blur=handler(on_blur)
            ></textarea>
            {dynamic(move || problem.get().map(|problem| client_only(view! { <p class="field-error" role="alert">{problem}</p> })))}
        </div>
    }
}
