//! How live the page is, as a dot and in words; a click pauses it.

use domain::Refusal;
use leptos::ev::MouseEvent;
use leptos::prelude::*;

use crate::session::Session;
use crate::store::SyncState;
use crate::view::{client_only, dynamic, handler, show};

/// Says the truth: live and how fast, catching up, offline, paused, and how much is not saved. The delay is for the eye
/// alone: read out at every change it would be chatter.
#[component]
pub(crate) fn SyncDot() -> impl IntoView {
    let session = expect_context::<Session>();
    let store = session.store;
    let words = move || {
        let sync = store.sync.get();
        let mut words = match sync {
            SyncState::Live => "Live",
            SyncState::CatchingUp => "Catching up",
            SyncState::Offline => "Offline",
            SyncState::Paused => "Paused",
            SyncState::Stuck => "Blocked",
            SyncState::Ended => "Session ended",
        }
        .to_owned();
        let mut add = |count: usize, of: &str| {
            if count > 0 {
                words += " · ";
                words += &count.to_string();
                words += of;
            }
        };
        if sync == SyncState::Paused {
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
        if sync != SyncState::Live {
            add(store.pending.get(), " unsaved");
        }
        words
    };
    let delay = move || {
        let delay = store.delay.get();
        if delay > 0 && store.sync.get() == SyncState::Live {
            " · ".to_owned() + &delay.to_string() + " ms"
        } else {
            String::new()
        }
    };
    let paused = move || store.paused.get().to_string();
    view! {
        <div class="sync script-only" data-sync=dynamic(move || Some(store.sync.get().word())) data-pending=dynamic(move || store.pending.get().to_string())>
            <button class="sync-button" type="button" aria-pressed=dynamic(paused) on:click=handler(move |_: MouseEvent| session.pause())>
                <span>{dynamic(words)}</span><span aria-hidden="true">{dynamic(delay)}</span><span class="visually-hidden">" – pause live updates"</span>
            </button>
            <p class="visually-hidden" role="status">{dynamic(words)}</p>
        </div>
    }
}

/// Why nothing is sent, and the way to what is in front of the server.
#[component]
pub(crate) fn Stuck() -> impl IntoView {
    let session = expect_context::<Session>();
    let store = session.store;
    let stuck = move || {
        client_only(view! {
            <div class="ended" role="alert">
                <p>{dynamic(move || store.stuck.get())}</p>
                <a class="button button--primary" href="?from=network" on:click=handler(move |_: MouseEvent| session.leaves())>"Load the page"</a>
            </div>
        })
    };
    show(move || store.sync.get() == SyncState::Stuck, stuck)
}

/// That nothing is kept on this device.
#[component]
pub(crate) fn Unkept() -> impl IntoView {
    let store = expect_context::<Session>().store;
    let unkept = || {
        client_only(view! {
            <div class="ended" role="alert">
                <p>"This browser keeps nothing for Tandem. What is not saved yet is lost when you close or reload this page."</p>
            </div>
        })
    };
    show(move || store.unkept.get(), unkept)
}

/// What to do when the session has ended.
#[component]
pub(crate) fn SessionEnded() -> impl IntoView {
    let session = expect_context::<Session>();
    let store = session.store;
    let ended = move || {
        client_only(view! {
            <div class="ended" role="alert">
                <p>"Your session has ended, so nothing can be saved here. What you typed is kept."</p>
                <button class="button button--primary" on:click=handler(move |_: MouseEvent| session.begin_anew(Refusal::SessionEnded))>"Start again"</button>
            </div>
        })
    };
    show(move || store.sync.get() == SyncState::Ended, ended)
}
