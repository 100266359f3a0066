//! A title being changed in place. Enter saves, Escape gives back the old text and keeps the draft for the next time.

use domain::{Field, ListCommand, Step, TaskId, Title};
use leptos::ev::{Event, FocusEvent, KeyboardEvent, MouseEvent};
use leptos::html::Textarea;
use leptos::prelude::*;

use super::acts::Act;
use super::later;
use super::task_actions::can_step;
use crate::browser;
use crate::session::Session;
use crate::view::{client_only, dynamic, effect, handler};

/// The field over the title.
#[component]
pub(super) fn TaskEdit(
    /// The task whose title is edited.
    task: TaskId,
    /// The title as everyone sees it, which others may change meanwhile.
    title: ArcRwSignal<String>,
) -> impl IntoView {
    let session = expect_context::<Session>();
    let store = session.store;
    let field = NodeRef::<Textarea>::new();
    let was = title.get_untracked();
    let draft = store.drafts.get_untracked(task).filter(|draft| *draft != was);
    let typed = draft.clone().unwrap_or_else(|| was.clone());
    store.drafts.set(task, Some(typed.clone()));
    let from_draft = RwSignal::new(draft.is_some());
    let problem = RwSignal::new(None::<String>);
    // What the person started from; a title that differs was changed by somebody else meanwhile.
    let base = RwSignal::new(was);

    effect(move || {
        if let Some(field) = field.get() {
            let _ = field.focus();
            let end = field.value().encode_utf16().count() as u32;
            let _ = field.set_selection_range(end, end);
        }
    });
    let close = move || {
        store.edit(None);
        browser::focus_in_row(task, "task-title");
    };
    let save = move || {
        let Some(text) = store.drafts.get_untracked(task) else {
            return true;
        };
        if text.trim() == base.get_untracked() {
            store.drafts.set(task, None);
            return true;
        }
        match Title::parse(&text) {
            Ok(title) => {
                store.drafts.set(task, None);
                session.ask_here(ListCommand::set(task, Field::Title(title)));
                true
            }
            Err(error) => {
                problem.set(Some(error.to_string()));
                false
            }
        }
    };
    let on_key = move |event: KeyboardEvent| match browser::key(&event).as_str() {
        "Enter" => {
            event.prevent_default();
            if save() {
                close();
            }
        }
        "Escape" => {
            event.prevent_default();
            close();
        }
        // Further in or out, as in an outline; where there is no such step, to what comes next on the page.
        "Tab" => {
            let to = if event.shift_key() { Step::Out } else { Step::In };
            if can_step(&store, task, to) {
                event.prevent_default();
                later::act(session, Act::MoveOnly(task, to));
            }
        }
        _ => {}
    };
    // Leaving for elsewhere saves; what does not parse stays as a draft.
    let on_blur = move |_: FocusEvent| {
        if store.editing.get_untracked() == Some((task, crate::store::Panel::Title)) && save() {
            store.edit(None);
        }
    };
    let now = title.clone();
    let theirs = move || Some(now.get()).filter(|now| *now != base.get_untracked());
    let take = move |text: String| {
        store.drafts.set(task, Some(text.clone()));
        base.set(title.get_untracked());
        from_draft.set(false);
        if let Some(field) = field.get_untracked() {
            field.set_value(&text);
            let _ = field.focus();
        }
        title.update(|_| {}); // What is compared against has changed.
    };
    let keep_focus = || handler(|event: MouseEvent| event.prevent_default());
    let saved = base.get_untracked();
    view! {
        <textarea
            node_ref=field class="task-edit" rows="1" dir="auto" aria-label="Title" enterkeyhint="done" prop:value=typed
            aria-invalid=dynamic(move || problem.with(Option::is_some).then_some("true"))
            on:input=handler(move |event: Event| store.drafts.set(task, Some(event_target_value(&event))))
            on:keydown=handler(on_key) on:blur=handler(on_blur)
        ></textarea>
        {dynamic(move || problem.get().map(|problem| client_only(view! { <div class="task-say" data-kind="refused" role="alert"><p>{problem}</p></div> })))}
        {
            let take = take.clone();
            dynamic(move || theirs().map(|theirs| {
                let (mine, take_mine, take_theirs) = (store.drafts.get_untracked(task).unwrap_or_default(), take.clone(), take.clone());
                let text = theirs.clone();
                client_only(view! {
                    <div class="task-say" data-kind="theirs" role="status">
                        <p>"This was changed to “"<bdi>{text}</bdi>"” while you were typing."</p>
                        <div class="buttons">
                            <button type="button" class="button" on:mousedown=keep_focus() on:click=handler(move |_: MouseEvent| take_mine(mine.clone()))>"Keep mine"</button>
                            <button type="button" class="button" on:mousedown=keep_focus() on:click=handler(move |_: MouseEvent| take_theirs(theirs.clone()))>"Use theirs"</button>
                        </div>
                    </div>
                })
            }))
        }
        {dynamic(move || from_draft.get().then(|| {
            let (saved, take) = (saved.clone(), take.clone());
            client_only(view! {
                <div class="task-say" data-kind="theirs" role="status">
                    <p>"This is your unsaved draft."</p>
                    <div class="buttons"><button type="button" class="button" on:mousedown=keep_focus() on:click=handler(move |_: MouseEvent| take(saved.clone()))>"Use the saved title"</button></div>
                </div>
            })
        }))}
    }
}
