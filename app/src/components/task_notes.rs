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
        if let Some(field) = field.get() {
            let _ = field.focus();
        }
    });
    let save = move || {
        let text = typed.get_untracked();
        let base = base.get_untracked();
        if text == base {
            return true;
        }
        match (Notes::parse(&text), Notes::parse(&base)) {
            (Ok(notes), Ok(base)) => session.ask_here(ListCommand::set_from(
                task,
                Field::Notes(base),
                Field::Notes(notes),
            )),
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
        if store.editing.get_untracked() == Some((task, Panel::Notes)) && save() {
            store.edit(None);
        }
    };
    // The row went away under the field, e.g. since somebody completed the task: the words are saved all the same.
    on_cleanup(move || {
        let open = store.editing.try_get_untracked().flatten() == Some((task, Panel::Notes));
        if let (true, Some(text), Some(base)) = (open, typed.try_get_untracked(), base.try_get_untracked())
            && text != base
        {
            store.unsaved.add(
                text,
                "The task was moved or deleted while you were writing its notes.",
            );
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
