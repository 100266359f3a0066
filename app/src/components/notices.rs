//! What just happened, with a way back; and a voice for those who listen to the page.

use leptos::ev::MouseEvent;
use leptos::prelude::*;

use super::Icon;
use crate::store::{Notice, numbered};
use crate::view::{client_only, dynamic, for_each, handler};
use crate::{Store, browser};

/// The notices at the edge of the page.
#[component]
pub(crate) fn Notices() -> impl IntoView {
    let store = expect_context::<Store>();
    let one = move |(_, number)| {
        let notice = store
            .notices
            .with_untracked(|notices| notices.iter().find(|notice| notice.number == number).cloned());
        let Notice { sentence, undo, .. } = notice?;
        let dismiss = move || {
            store
                .notices
                .update(|notices| notices.retain(|notice| notice.number != number));
        };
        let undo = (!undo.is_empty()).then(|| {
            let take_back = move |_: MouseEvent| {
                dismiss();
                for command in undo.clone() {
                    store.ask(command);
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
        <div class="notices" role="region" aria-label="Notices" aria-live="polite">{for_each(numbers, one)}</div>
        <p class="visually-hidden" aria-live="polite">{dynamic(move || store.said.get())}</p>
    }
}
