//! What just happened, with a way back; and a voice for those who listen to the page.

use leptos::ev::MouseEvent;
use leptos::prelude::*;

use super::Icon;
use super::away_panel::AwayPanel;
use crate::browser;
use crate::session::Session;
use crate::store::{Notice, numbered};
use crate::view::{client_only, dynamic, for_each, handler};

/// The notices at the edge of the page.
#[component]
pub(crate) fn Notices() -> impl IntoView {
    let session = expect_context::<Session>();
    let store = session.store;
    let one = move |(_, number)| {
        let Notice { sentence, undo, .. } = store.notices.get(number)?;
        let dismiss = move || store.notices.dismiss(number);
        let undo = (!undo.is_empty()).then(|| {
            let take_back = move |_: MouseEvent| {
                dismiss();
                for command in undo.clone() {
                    session.ask(command);
                }
                browser::focus("new-task".to_owned());
            };
            client_only(view! { <button class="button" on:click=handler(take_back)>"Undo"</button> })
        });
        Some(client_only(view! {
            <div class="notice">
                <p>{sentence}</p>
                {undo}
                <button class="button button--icon" aria-label="Dismiss" on:click=handler(move |_: MouseEvent| dismiss())>{Icon::Close.view()}</button>
            </div>
        }))
    };
    let numbers = move || {
        store
            .notices
            .with(|notices| notices.iter().map(|notice| numbered(notice.number)).collect())
    };
    view! {
        <div class="notices" role="region" aria-label="Notices" aria-live="polite"><AwayPanel/>{for_each(numbers, one)}</div>
        <p class="visually-hidden" aria-live="polite">{dynamic(move || store.announcement.get())}</p>
    }
}
