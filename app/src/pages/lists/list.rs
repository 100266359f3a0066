//! The page: lists at the side, one list in the middle.

use domain::{Role, TaskId, View};
use leptos::prelude::*;

use crate::components::{
    Completed, Composer, ListHeading, Mark, Notices, SessionEnded, Side, TaskRow, TopBar, Tray,
};
use crate::view::part::{each, effect, follow, part, when};
use crate::view::watched::Watched;
use crate::{Kept, Store, browser};

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
    let store = expect_context::<Store>();
    effect(move || {
        store
            .name
            .with(|name| browser::set_title(&format!("{name} · Tandem")));
    });
    if !is_server() {
        browser::before_paint(browser::announce_menus);
    }
    let of = |action: &str| kept.clone().filter(|kept| kept.action == action);
    let edits = move || store.role.get().is_some_and(Role::can_edit);
    let composer = {
        let (once, kept) = (once.clone(), of("add_task"));
        when(edits, move || {
            part(view! { <Composer once=once.clone() kept=kept.clone()/> })
        })
    };
    let other_problem = kept
        .clone()
        .filter(|kept| !["add_task", "create_list", "rename_list"].contains(&kept.action.as_str()));
    view! {
        <a class="skip" href="#main">"Skip to the list"</a>
        <div class="app">
            <TopBar/>
            <Side once kept=of("create_list")/>
            <main class="page" id="main">
                {other_problem.map(|kept| part(view! { <p class="field-error" role="alert">{kept.sentence}</p> }))}
                <ListHeading kept=of("rename_list")/>
                <SessionEnded/>
                <Tray/>
                {composer}
                <OpenTasks/>
                <Completed/>
                <Forms/>
                <span id="more" hidden>"More:"</span>
            </main>
        </div>
        <Notices/>
        {deleted.map(|task| part(view! { <Deleted task=task.to_string()/> }))}
    }
}

#[component]
fn OpenTasks() -> impl IntoView {
    let store = expect_context::<Store>();
    let drawn = Watched::new(store.open.with_untracked(Vec::len).max(BATCH));
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
    let row = move |(task, _)| {
        store
            .row(task)
            .map(|row| part(view! { <TaskRow store task row done=false/> }))
    };
    let empty = || {
        part(view! {
            <div class="empty"><Mark/><p>"Nothing to do. The next task you add appears here, for everyone in the list."</p></div>
        })
    };
    let more = move || {
        part(view! { <p class="more no-script"><a class="button" href=follow(all)>"Show all tasks"</a></p> })
    };
    view! {
        <ul class="tasks" role="list" aria-label="Tasks" hidden=follow(move || nothing().then_some(""))>{each(rows, row)}</ul>
        {when(nothing, empty)}
        {when(move || !store.whole.get(), more)}
    }
}

/// The forms that the rows' buttons belong to: one each, not one a row.
#[component]
fn Forms() -> impl IntoView {
    let store = expect_context::<Store>();
    let list = move || store.shown.get().map(|list| list.to_string()).unwrap_or_default();
    let form = move |id: &'static str, action: &'static str| {
        part(
            view! { <form id=id method="post" action=action hidden><input type="hidden" name="list" value=follow(list)/></form> },
        )
    };
    view! {
        {form("complete", "/api/complete_task")}
        {form("reopen", "/api/reopen_task")}
        {form("clear", "/api/clear_completed")}
        <form id="open" action=follow(move || format!("/lists/{}/task", list())) hidden></form>
    }
}

/// After a task was deleted by a form: the way back, by a form.
#[component]
fn Deleted(task: String) -> impl IntoView {
    let store = expect_context::<Store>();
    let list = store
        .shown
        .get_untracked()
        .map(|list| list.to_string())
        .unwrap_or_default();
    view! {
        <div class="notices no-script">
            <form class="notice" method="post" action="/api/restore_task">
                <input type="hidden" name="list" value=list/>
                <p>"The task was deleted."</p>
                <button class="button" name="task" value=task>"Undo"</button>
            </form>
        </div>
    }
}
