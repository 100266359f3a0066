//! A title being changed in place. Enter saves, Escape gives back the old text and keeps the draft for the next time.

use domain::{ListCommand, TaskId, Title};
use leptos::ev::{Event, FocusEvent, KeyboardEvent, MouseEvent};
use leptos::html::Textarea;
use leptos::prelude::*;

use crate::view::part::{act, effect, follow, late};
use crate::view::watched::{Counted, Watched};
use crate::{Store, browser};

/// The field over the title.
#[component]
pub(super) fn TaskEdit(
    /// Whose title.
    task: TaskId,
    /// The title as everyone sees it, which others may change meanwhile.
    title: Counted<String>,
) -> impl IntoView {
    let store = expect_context::<Store>();
    let field = NodeRef::<Textarea>::new();
    let was = title.get_untracked();
    let draft = store.draft(task).filter(|draft| *draft != was);
    let typed = draft.clone().unwrap_or_else(|| was.clone());
    store.set_draft(task, Some(typed.clone()));
    let from_draft = Watched::new(draft.is_some());
    let problem = Watched::new(None::<String>);
    // What the person started from; a title that differs was changed by somebody else meanwhile.
    let base = Watched::new(was);

    effect(move || {
        if let Some(field) = field.get() {
            let _ = field.focus();
            let end = field.value().encode_utf16().count() as u32;
            let _ = field.set_selection_range(end, end);
        }
    });
    let close = move || {
        store.work_on(None);
        browser::focus_in_row(task, "task-title");
    };
    let save = move || {
        let Some(text) = store.draft(task) else {
            return true;
        };
        if text.trim() == base.get_untracked() {
            store.set_draft(task, None);
            return true;
        }
        match Title::parse(&text.replace(['\n', '\r'], " ")) {
            Ok(title) => {
                store.set_draft(task, None);
                store.ask_here(ListCommand::Retitle { task, title });
                true
            }
            Err(error) => {
                problem.set(Some(error.to_string()));
                false
            }
        }
    };
    let on_key = move |event: KeyboardEvent| match event.key().as_str() {
        "Enter" if !event.is_composing() => {
            event.prevent_default();
            if save() {
                close();
            }
        }
        "Escape" => {
            event.prevent_default();
            close();
        }
        _ => {}
    };
    // Leaving for elsewhere saves; what does not parse stays as a draft.
    let on_blur = move |_: FocusEvent| {
        if store.at_work.get_untracked() == Some((task, crate::store::Panel::Title)) && save() {
            store.work_on(None);
        }
    };
    let now = title.clone();
    let theirs = move || Some(now.get()).filter(|now| *now != base.get_untracked());
    let take = move |text: String| {
        store.set_draft(task, Some(text.clone()));
        base.set(title.get_untracked());
        from_draft.set(false);
        if let Some(field) = field.get_untracked() {
            field.set_value(&text);
            let _ = field.focus();
        }
        title.update(|_| {}); // What is compared against has changed.
    };
    let keep_focus = || act(|event: MouseEvent| event.prevent_default());
    let saved = base.get_untracked();
    view! {
        <textarea
            node_ref=field class="task-edit" rows="1" dir="auto" aria-label="Title" enterkeyhint="done" prop:value=typed
            aria-invalid=follow(move || problem.with(Option::is_some).then_some("true"))
            on:input=act(move |event: Event| store.set_draft(task, Some(event_target_value(&event))))
            on:keydown=act(on_key) on:blur=act(on_blur)
        ></textarea>
        {follow(move || problem.get().map(|problem| late(view! { <div class="task-say" data-kind="refused" role="alert"><p>{problem}</p></div> })))}
        {
            let take = take.clone();
            follow(move || theirs().map(|theirs| {
                let (mine, take_mine, take_theirs) = (store.draft(task).unwrap_or_default(), take.clone(), take.clone());
                let text = theirs.clone();
                late(view! {
                    <div class="task-say" data-kind="theirs" role="status">
                        <p>"This was changed to “"<bdi>{text}</bdi>"” while you were typing."</p>
                        <div class="buttons">
                            <button type="button" class="button" on:mousedown=keep_focus() on:click=act(move |_: MouseEvent| take_mine(mine.clone()))>"Keep mine"</button>
                            <button type="button" class="button" on:mousedown=keep_focus() on:click=act(move |_: MouseEvent| take_theirs(theirs.clone()))>"Take theirs"</button>
                        </div>
                    </div>
                })
            }))
        }
        {follow(move || from_draft.get().then(|| {
            let (saved, take) = (saved.clone(), take.clone());
            late(view! {
                <div class="task-say" data-kind="theirs" role="status">
                    <p>"This is what you typed before without saving it."</p>
                    <div class="buttons"><button type="button" class="button" on:mousedown=keep_focus() on:click=act(move |_: MouseEvent| take(saved.clone()))>"Use the saved title"</button></div>
                </div>
            })
        }))}
    }
}
