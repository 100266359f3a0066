//! Where a task is typed. Enter adds it; many lines pasted are many tasks.

use domain::{ListCommand, Place, Title, is_break};
use leptos::ev::{ClipboardEvent, Event};
use leptos::html::Input;
use leptos::prelude::*;
use leptos::web_sys::SubmitEvent;

use super::{Icon, later};
use crate::session::Session;
use crate::store::drafts;
use crate::view::{dynamic, effect, handler};
use crate::{Kept, browser};

/// The line that a task is typed into.
#[component]
pub(crate) fn Composer(
    /// Makes a form that is sent twice one command.
    once: String,
    /// A task that was refused.
    kept: Option<Kept>,
) -> impl IntoView {
    let session = expect_context::<Session>();
    let store = session.store;
    let field = NodeRef::<Input>::new();
    let problem = RwSignal::new(kept.as_ref().map(|kept| kept.sentence.clone()));
    let list = move || store.shown.get().map(|list| list.to_string()).unwrap_or_default();

    // What was typed and not added survives a reload, for each list by itself. What was typed before the script came stays.
    let mut before = None;
    effect(move || {
        let list = store.shown.get();
        let draft = list.and_then(drafts::new_task).unwrap_or_default();
        if let Some(field) = field.get()
            && (before.replace(list).is_some_and(|before| before != list) || field.value().is_empty())
        {
            field.set_value(&draft);
        }
    });
    let remember = move |text: &str| {
        if let Some(list) = store.shown.get_untracked() {
            drafts::set_new_task(list, Some(text).filter(|text| !text.is_empty()));
        }
    };
    let add = move |event: SubmitEvent| {
        event.prevent_default();
        let Some(field) = field.get_untracked() else {
            return;
        };
        match Title::parse(&field.value()) {
            Ok(title) => {
                let task = browser::new_task();
                if session.ask_here(ListCommand::AddTask {
                    task,
                    place: Place::End,
                    title,
                }) {
                    field.set_value("");
                    remember("");
                    problem.set(None);
                    browser::reveal(format!("row-{task}"));
                }
            }
            Err(error) => problem.set(Some(error.to_string())),
        }
    };
    let paste = move |event: ClipboardEvent| {
        let text = event
            .clipboard_data()
            .and_then(|data| data.get_data("text/plain").ok())
            .unwrap_or_default();
        if !text.trim().contains(is_break) {
            return; // One line is the browser's to paste.
        }
        event.prevent_default();
        later::add_lines(session, text);
    };
    let describes = move || {
        Some(match problem.with(Option::is_some) {
            true => "new-task-problem",
            false => "new-task-hint",
        })
    };
    view! {
        <form class="composer" method="post" action="/fn/add_task" on:submit=handler(add)>
            <input type="hidden" name="list" value=dynamic(list)/>
            <input type="hidden" name="once" value=once autocomplete="off"/>
            <div class="composer-line">
                {Icon::Plus.view()}
                <input
                    node_ref=field id="new-task" name="title" aria-label="Add a task" placeholder="Add a task…" required
                    autocomplete="off" enterkeyhint="done" dir="auto" value=kept.map(|kept| kept.text).unwrap_or_default()
                    aria-invalid=dynamic(move || problem.with(Option::is_some).then_some("true")) aria-describedby=dynamic(describes)
                    on:paste=handler(paste)
                    on:input=handler(move |event: Event| remember(&event_target_value(&event)))
                />
                <button class="button button--primary">"Add"</button>
            </div>
            <p class="field-error" id="new-task-problem" role="alert">{dynamic(move || problem.get())}</p>
            <p class="composer-hint" id="new-task-hint">"Press Enter to add"<span class="script-only">" · paste lines to add many"</span></p>
        </form>
    }
}
