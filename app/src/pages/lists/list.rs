//! The page: lists at the side, one list in the middle.

use domain::{Role, TaskId, View, isolated};
use leptos::ev::PointerEvent;
use leptos::prelude::*;

use crate::components::{
    AddSection, Completed, Composer, ListHeading, Mark, Notices, SessionEnded, Side, Stuck, TopBar, Unkept,
    UnsavedTexts, press_row, selection_bar, task_row,
};
use crate::session::Session;
use crate::view::{any, client_only, dynamic, effect, for_each, handler, show};
use crate::{Kept, browser};

/// How many rows are drawn at once; of a long list more follow, a batch at a time, so that none keeps a click waiting.
const BATCH: usize = 100;

/// The lists and the one that is shown.
#[component]
pub(crate) fn ListPage(
    /// Makes a form that is sent twice one command.
    once: String,
    /// What came back from a form that was refused.
    kept: Option<Kept>,
    /// A task that was just deleted by a form.
    deleted: Option<TaskId>,
) -> impl IntoView {
    let session = expect_context::<Session>();
    let store = session.store;
    effect(move || {
        store
            .name
            .with(|name| browser::set_title(&format!("{} · Tandem", isolated(name))));
    });
    if !is_server() {
        browser::before_paint(browser::finish_rows);
    }
    let of = |action: &str| kept.clone().filter(|kept| kept.action == action);
    let edits = move || store.role.get().is_some_and(Role::can_edit);
    let composer = {
        let (once, kept) = (once.clone(), of("add_task"));
        show(edits, move || {
            any(view! { <Composer once=once.clone() kept=kept.clone()/> })
        })
    };
    let sections = {
        let (once, kept) = (once.clone(), of("add_section"));
        show(edits, move || {
            any(view! { <AddSection once=once.clone() kept=kept.clone()/> })
        })
    };
    let other_problem = kept.clone().filter(|kept| {
        !["add_task", "add_section", "create_list", "rename_list"].contains(&kept.action.as_str())
    });
    view! {
        <a class="skip" href="#main">"Skip to the list"</a>
        <div class="app">
            <TopBar/>
            <Side once kept=of("create_list")/>
            <main class="page" id="main">
                {other_problem.map(|kept| any(view! { <p class="field-error" role="alert">{kept.sentence}</p> }))}
                <ListHeading kept=of("rename_list")/>
                <SessionEnded/>
                <Stuck/>
                <Unkept/>
                <UnsavedTexts/>
                {composer}
                <OpenTasks/>
                {sections}
                <Completed/>
                {show(move || !store.selected.with(Vec::is_empty), move || client_only(selection_bar(session)))}
                <Forms/>
                <span id="more" hidden>"More:"</span>
                <span id="section" hidden>"Section:"</span>
                <span id="add-to" hidden>"Add a task to"</span>
            </main>
        </div>
        <Notices/>
        {deleted.map(|task| any(view! { <Deleted task=task.to_string()/> }))}
    }
}

#[component]
fn OpenTasks() -> impl IntoView {
    let session = expect_context::<Session>();
    let store = session.store;
    let drawn = RwSignal::new(store.open.with_untracked(Vec::len).max(BATCH));
    effect(move || {
        let (there, drawing) = (store.open.with(Vec::len), drawn.get());
        if drawing < there {
            browser::after(16, move || {
                drawn.update(|drawn| *drawn += BATCH);
            });
        }
    });
    let rows = move || {
        let most = drawn.get();
        store
            .open
            .with(|open| open.iter().take(most).copied().collect::<Vec<_>>())
    };
    let nothing = move || store.open.with(Vec::is_empty) && store.whole.get();
    let all = move || {
        store
            .shown
            .get()
            .map(|list| format!("{}?all=1", View::List(list).path()))
            .unwrap_or_default()
    };
    let row = move |(task, _)| task_row(session, task, false);
    let empty = || {
        any(view! {
            <div class="empty"><Mark/><p>"Nothing to do. New tasks appear here for everyone on the list."</p></div>
        })
    };
    let more = move || {
        any(view! { <p class="more no-script"><a class="button" href=dynamic(all)>"Show all tasks"</a></p> })
    };
    view! {
        <ul
            class="tasks" role="list" aria-label="Tasks" hidden=dynamic(move || nothing().then_some(""))
            on:pointerdown=handler(move |event: PointerEvent| press_row(session, event))
        >{for_each(rows, row)}</ul>
        {show(nothing, empty)}
        {show(move || !store.whole.get(), more)}
    }
}

/// The forms that the rows' buttons belong to: one each, not one a row.
#[component]
fn Forms() -> impl IntoView {
    let store = expect_context::<Session>().store;
    let list = move || store.shown.get().map(|list| list.to_string()).unwrap_or_default();
    let form = move |id: &'static str, action: &'static str| {
        any(
            view! { <form id=id method="post" action=action hidden><input type="hidden" name="list" value=dynamic(list)/></form> },
        )
    };
    view! {
        {form("complete", "/fn/complete_task")}
        {form("reopen", "/fn/reopen_task")}
        {form("clear", "/fn/clear_completed")}
        <form id="open" action=dynamic(move || format!("/lists/{}/task", list())) hidden></form>
    }
}

/// After a task was deleted by a form: the way back, by a form.
#[component]
fn Deleted(task: String) -> impl IntoView {
    let store = expect_context::<Session>().store;
    let list = store
        .shown
        .get_untracked()
        .map(|list| list.to_string())
        .unwrap_or_default();
    view! {
        <div class="notices no-script">
            <form class="notice" method="post" action="/fn/restore_task">
                <input type="hidden" name="list" value=list/>
                <p>"The task was deleted."</p>
                <button class="button" name="task" value=task>"Undo"</button>
            </form>
        </div>
    }
}
