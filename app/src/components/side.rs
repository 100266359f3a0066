//! The lists at the side; on a phone behind a button, by a popover that needs no script.

use domain::{AccountCommand, Command, ListName, View};
use leptos::prelude::*;
use leptos::web_sys::MouseEvent;

use super::name_line::{NameLine, name_line};
use super::{Avatar, Icon, Wordmark};
use crate::session::Session;
use crate::store::SideRow;
use crate::view::{any, dynamic, handler};
use crate::{Kept, browser};

/// The bar that a phone shows in place of the lists.
#[component]
pub(crate) fn TopBar() -> impl IntoView {
    view! {
        <header class="topbar">
            <button class="button button--plain button--icon" popovertarget="side" aria-label="Lists">{Icon::Lists.view()}</button>
            <Wordmark/>
        </header>
    }
}

/// The person's lists, a form for a new one, and the person.
#[component]
pub(crate) fn Side(
    /// Makes a form that is sent twice one command.
    once: String,
    /// A new list's name that was refused.
    kept: Option<Kept>,
) -> impl IntoView {
    let session = expect_context::<Session>();
    let store = session.store;
    let rows = move || {
        let shown = store.shown.get();
        let row = |SideRow {
                       list,
                       heading,
                       shared,
                   }: SideRow| {
            let current = (shown == Some(list)).then_some("page");
            let show = move |event: MouseEvent| {
                // A click that wants another tab is the browser's.
                if !(event.ctrl_key() || event.meta_key() || event.shift_key()) {
                    event.prevent_default();
                    session.go(list);
                }
            };
            view! {
                <li>
                    <a class="side-row" href=View::List(list).path() aria-current=current data-shared=shared.then_some("") on:click=handler(show)>
                        <span class="side-mark" aria-hidden="true"></span>
                        <span class="side-name" dir="auto">{heading.name.to_string()}</span>
                        {shared.then(|| view! { <span class="visually-hidden">"shared,"</span> })}
                        <span class="side-count">{heading.open}<span class="visually-hidden">" open"</span></span>
                    </a>
                </li>
            }
        };
        store.side.get().into_iter().map(row).collect_view()
    };
    let me = move || {
        let profile = store.profile.get();
        any(view! {
            <Avatar profile=profile.clone()/>
            <span class="side-name"><span dir="auto">{profile.name.to_string()}</span><small>"Change name or colour"</small></span>
        })
    };
    view! {
        <nav class="side" id="side" popover="auto" aria-label="Lists">
            <Wordmark/>
            <ul role="list">{dynamic(rows)}</ul>
            <NewList once kept/>
            <a class="side-row me" href="/me">{dynamic(me)}</a>
        </nav>
    }
}

#[component]
fn NewList(once: String, kept: Option<Kept>) -> impl IntoView {
    let session = expect_context::<Session>();
    let create = move |typed: &str| {
        let name = ListName::parse(typed).map_err(|error| error.to_string())?;
        let list = browser::new_list();
        let is_asked = session.ask(Command::Account(AccountCommand::CreateList { list, name }));
        if is_asked {
            session.go(list);
            browser::focus("new-task".to_owned());
        }
        Ok(is_asked)
    };
    let line = NameLine {
        label: "New list",
        button: "Add list",
        action: "/fn/create_list",
        name: "name",
        problem: "new-list-problem",
        is_of_list: false,
        once,
        kept,
    };
    name_line(session, line, Box::new(create))
}
