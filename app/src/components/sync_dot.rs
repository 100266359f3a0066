//! How live the page is, as a dot and in words; a click pauses it.

use leptos::ev::MouseEvent;
use leptos::prelude::*;

use crate::Store;
use crate::session::push;
use crate::store::Sync;
use crate::view::{client_only, dynamic, handler, show};

/// Says the truth: live and how fast, catching up, offline, paused, and how much is not saved. The delay is for the eye
/// alone: read out at every change it would be chatter.
#[component]
pub(crate) fn SyncDot() -> impl IntoView {
    let store = expect_context::<Store>();
    let words = move || {
        let sync = store.sync.get();
        let mut words = match sync {
            Sync::Live => "Live",
            Sync::CatchingUp => "Catching up",
            Sync::Offline => "Offline",
            Sync::Paused => "Paused",
            Sync::Ended => "Session ended",
        }
        .to_owned();
        let mut add = |count: usize, of: &str| {
            if count > 0 {
                words += " · ";
                words += &count.to_string();
                words += of;
            }
        };
        if sync == Sync::Paused {
            let waiting = store.waiting.get();
            add(
                waiting,
                if waiting == 1 {
                    " change waiting"
                } else {
                    " changes waiting"
                },
            );
        }
        if sync != Sync::Live {
            add(store.unsaved.get(), " unsaved");
        }
        words
    };
    let delay = move || {
        let delay = store.delay.get();
        if delay > 0 && store.sync.get() == Sync::Live {
            " · ".to_owned() + &delay.to_string() + " ms"
        } else {
            String::new()
        }
    };
    let paused = move || store.paused.get().to_string();
    view! {
        <div class="sync script-only" data-sync=dynamic(move || Some(store.sync.get().word())) data-pending=dynamic(move || store.unsaved.get().to_string())>
            <button class="sync-button" type="button" aria-pressed=dynamic(paused) on:click=handler(move |_: MouseEvent| push::pause(store))>
                <span>{dynamic(words)}</span><span aria-hidden="true">{dynamic(delay)}</span><span class="visually-hidden">" – pause live updates"</span>
            </button>
            <p class="visually-hidden" role="status">{dynamic(words)}</p>
        </div>
    }
}

/// What to do when the session has ended.
#[component]
pub(crate) fn SessionEnded() -> impl IntoView {
    let store = expect_context::<Store>();
    let ended = move || {
        client_only(view! {
            <div class="ended" role="alert">
                <p>"Your session has ended, so nothing can be saved here. What you typed is kept."</p>
                <button class="button button--primary" on:click=handler(move |_: MouseEvent| push::begin_anew(store))>"Begin anew"</button>
            </div>
        })
    };
    show(move || store.sync.get() == Sync::Ended, ended)
}
