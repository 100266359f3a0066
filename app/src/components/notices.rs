//! What just happened, with what can be done about it; and a voice for those who listen to the page.

use leptos::ev::{KeyboardEvent, MouseEvent};
use leptos::prelude::*;

use super::Icon;
use super::later;
use crate::browser;
use crate::session::Session;
use crate::store::{Action, Button, Notice, numbered};
use crate::view::{ErasedView, any, client_only, dynamic, for_each, handler, show};

/// The notices at the edge of the page.
#[component]
pub(crate) fn Notices() -> impl IntoView {
    let session = expect_context::<Session>();
    let store = session.store;
    let numbers = move || {
        store
            .notices
            .with(|notices| notices.iter().map(|notice| numbered(notice.number)).collect())
    };
    let one = move |(_, number)| store.notices.get(number).map(|notice| drawn(session, notice));
    view! {
        <div class="notices" role="region" aria-label="Notices" aria-live="polite">{dynamic(move || store.unseen.panel.get().map(later::away_panel))}{for_each(numbers, one)}</div>
        <p class="visually-hidden" aria-live="polite">{dynamic(move || store.announcement.get())}</p>
    }
}

fn drawn(session: Session, notice: Notice) -> ErasedView {
    let (number, id) = (notice.number, notice.element());
    let Notice {
        kind,
        is_quiet,
        sentence,
        is_problem,
        progress,
        buttons,
        ..
    } = notice;
    let dismiss = move || session.store.notices.dismiss(number);
    let on_key = move |event: KeyboardEvent| {
        if browser::key(&event) == "Escape" {
            dismiss();
        }
    };
    let (label, is_running, is_fixed) = (sentence.clone(), progress.clone(), progress.clone());
    let meter = move || meter(label.clone(), progress.clone());
    let buttons = move || -> Vec<ErasedView> {
        let buttons = buttons.get().into_iter();
        buttons
            .map(|button| drawn_button(session, number, button))
            .collect()
    };
    client_only(view! {
        <div
            class=kind.class() id=id data-kind=dynamic(move || is_problem.get().then_some("problem")) aria-live=is_quiet.then_some("off")
            on:keydown=handler(on_key)
        >
            <p>{dynamic(move || sentence.get())}</p>
            {show(move || is_running.with(Option::is_some), meter)}
            {dynamic(buttons)}
            <button
                class="button button--icon" aria-label="Dismiss" hidden=dynamic(move || is_fixed.with(Option::is_some).then_some(""))
                on:click=handler(move |_: MouseEvent| dismiss())
            >{Icon::Close.view()}</button>
        </div>
    })
}

/// How much is done. How much there is to do is not known at first.
fn meter(label: ArcRwSignal<String>, progress: ArcRwSignal<Option<(u32, u32)>>) -> ErasedView {
    let (of, done) = (progress.clone(), progress);
    let of = move || of.get().map_or(1, |(_, of)| of.max(1)).to_string();
    let done = move || {
        done.get()
            .filter(|(_, of)| *of > 0)
            .map(|(done, _)| done.to_string())
    };
    client_only(
        view! { <progress aria-label=dynamic(move || label.get()) max=dynamic(of) value=dynamic(done)></progress> },
    )
}

fn drawn_button(session: Session, number: u32, button: Button) -> ErasedView {
    let Button {
        words,
        is_primary,
        action,
    } = button;
    if let Action::Open(href, file) = action {
        return client_only(view! { <a class="button" href=href download=file>{words}</a> });
    }
    let class = if is_primary {
        "button button--primary"
    } else {
        "button"
    };
    let act = move |_: MouseEvent| act(session, number, &action);
    any(view! { <button class=class on:click=handler(act)>{words}</button> })
}

fn act(session: Session, number: u32, action: &Action) {
    if let Action::Do(act) = action {
        return act();
    }
    if matches!(action, Action::Undo) {
        session.undo(Some(number));
        return browser::focus("new-task".to_owned());
    }
    session.store.notices.dismiss(number);
    match action {
        Action::Show(list) => session.go(*list),
        Action::Reveal(task) => browser::focus_in_row(*task, "task-title"),
        Action::Undo | Action::Open(..) | Action::Do(_) => {}
    }
}
