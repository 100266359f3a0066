//! How live the page is, as a dot and in words.

use leptos::prelude::*;

use crate::Store;
use crate::part::follow;
use crate::store::Sync;

/// Says the truth: live, catching up, offline, and how much is not saved.
#[component]
pub(crate) fn SyncDot() -> impl IntoView {
    let store = expect_context::<Store>();
    let words = move || {
        let state = match store.sync.get() {
            Sync::Live => "Live",
            Sync::CatchingUp => "Catching up",
            Sync::Offline => "Offline",
        };
        match store.unsaved.get() {
            unsaved if unsaved > 0 && store.sync.get() != Sync::Live => {
                format!("{state} · {unsaved} unsaved")
            }
            _ => state.to_owned(),
        }
    };
    view! {
        <p class="sync script-only" role="status" data-sync=follow(move || Some(store.sync.get().word())) data-pending=follow(move || store.unsaved.get().to_string())>
            {follow(words)}
        </p>
    }
}
