//! Where a task is typed. Enter adds it; many lines pasted are many tasks. What a line says beside its title is `capture`'s.

use domain::{Command, ListCommand, Place, Title, is_break};
use leptos::ev::{ClipboardEvent, Event, FocusEvent};
use leptos::html::Input;
use leptos::prelude::*;
use leptos::web_sys::SubmitEvent;

use super::acts::Act;
use super::line::{Line, Read, adds_to};
use super::{Icon, later};
use crate::session::Session;
use crate::store::{drafts, set};
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
    let line = Line::new(session, field);
    // From when on a part reads the line: it is not loaded before somebody goes there.
    let reads = RwSignal::new(false);
    let refused = kept.as_ref().filter(|kept| !kept.sentence.is_empty());
    let problem = RwSignal::new(refused.map(|kept| kept.sentence.clone()));
    let list = move || store.shown.get().map(|list| list.to_string()).unwrap_or_default();

    let remember = move |text: &str| {
        line.holds(text.to_owned());
        if let Some(list) = store.shown.get_untracked() {
            drafts::set_new_task(list, Some(text).filter(|text| !text.is_empty()));
        }
    };
    // What was typed and not added survives a reload, for each list by itself. What was typed before the script came, or stood in the
    // address, comes behind it.
    let mut before = None;
    effect(move || {
        let list = store.shown.get();
        let draft = list.and_then(drafts::new_task).unwrap_or_default();
        let Some(field) = field.get() else { return };
        let is_another = before.replace(list).is_some_and(|before| before != list);
        let typed = if is_another { String::new() } else { field.value() };
        if is_another {
            line.holds(String::new()); // What was to stay text was said of the other list's line.
        }
        let text = if typed.is_empty() || draft.is_empty() || typed == draft {
            if typed.is_empty() { draft } else { typed }
        } else {
            draft + " " + &typed
        };
        field.set_value(&text);
        remember(&text);
    });
    let add = move |event: SubmitEvent| {
        event.prevent_default();
        let Some(field) = field.get_untracked() else {
            return;
        };
        let text = field.value();
        match Title::parse(&text) {
            Ok(title) => {
                let Read {
                    title,
                    fields,
                    section,
                    elsewhere,
                } = line.read(&text, title);
                let Some(list) = elsewhere.or(store.shown.get_untracked()) else {
                    return;
                };
                // A text is a command of its own, which is given back if it is refused.
                let (texts, fields): (Vec<_>, _) =
                    fields.into_iter().partition(|field| field.text().is_some());
                let task = browser::new_task();
                let chosen = || untrack(|| adds_to(session)).filter(|_| elsewhere.is_none());
                let section = section.or_else(chosen);
                let place = section.map_or(Place::End, Place::EndOf);
                let add = ListCommand::AddTask {
                    task,
                    place,
                    title,
                    fields,
                };
                let texts = texts.into_iter().map(|text| ListCommand::set(task, text));
                if session.ask(Command::List(list, add)) {
                    for text in texts {
                        session.ask(Command::List(list, text));
                    }
                    field.set_value("");
                    remember("");
                    problem.set(None);
                    if elsewhere.is_some() {
                        return later::act(session, Act::Added(list, task));
                    }
                    if let Some(section) = section {
                        session.with(|client| store.unfold(client, section));
                    }
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
        later::add_lines(line, text);
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
                    on:focus=handler(move |_: FocusEvent| set(reads, true))
                    on:input=handler(move |event: Event| {
                        set(reads, true);
                        remember(&event_target_value(&event));
                    })
                />
                <button class="button button--primary">"Add"</button>
                {dynamic(move || reads.get().then(|| later::understood(line)))}
            </div>
            <p class="field-error" id="new-task-problem" role="alert">{dynamic(move || problem.get())}</p>
            <p class="composer-hint" id="new-task-hint">"Press Enter to add"<span class="script-only">" · paste lines to add many"</span></p>
        </form>
    }
}
