//! What could not be saved: nothing that was typed is lost.

use domain::{ListCommand, Place, Title};
use leptos::ev::MouseEvent;
use leptos::prelude::*;

use crate::browser;
use crate::session::Session;
use crate::store::{UnsavedText, numbered};
use crate::view::{client_only, for_each, handler, show};

/// The texts that could not be saved, each with the reason and a way on.
#[component]
pub(crate) fn UnsavedTexts() -> impl IntoView {
    let session = expect_context::<Session>();
    let store = session.store;
    let one = move |(_, number)| {
        let UnsavedText { text, sentence, .. } = store.unsaved.get(number)?;
        let dismiss = move || store.unsaved.dismiss(number);
        let (again, copied) = (text.clone(), text.clone());
        let add = move |_: MouseEvent| {
            if let Ok(title) = Title::parse(&again)
                && session.ask_here(ListCommand::add(browser::new_task(), Place::End, title))
            {
                dismiss();
            }
        };
        Some(client_only(view! {
            <li class="tray-item">
                <p class="kept" dir="auto">{text}</p>
                <p class="small">{sentence}</p>
                <div class="buttons">
                    <button class="button" on:click=handler(add)>"Add as a task"</button>
                    <button class="button" on:click=handler(move |_: MouseEvent| browser::copy(&copied))>"Copy"</button>
                    <button class="button button--plain" on:click=handler(move |_: MouseEvent| dismiss())>"Dismiss"</button>
                </div>
            </li>
        }))
    };
    let numbers = move || {
        store
            .unsaved
            .with(|texts| texts.iter().map(|text| numbered(text.number)).collect())
    };
    let texts = move || {
        client_only(view! {
            <section class="tray" aria-labelledby="tray-heading">
                <h2 id="tray-heading">"Not saved"</h2>
                <p>"These texts could not be saved. Nothing you typed is lost."</p>
                <ul role="list">{for_each(numbers, one)}</ul>
            </section>
        })
    };
    show(move || store.unsaved.with(|texts| !texts.is_empty()), texts)
}
