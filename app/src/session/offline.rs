//! What is left when there is no network: tells the service worker now and then what there is to keep, and warns
//! whoever closes the page while something is not sent.
//!
//! The worker opens the page offline with what it fetched last. So it is told soon after the person did something, later
//! and at a time of chance after others did (a thousand readers of one list must not all fetch it in one moment), and
//! at once when the page goes out of sight.

use std::cell::Cell;

use leptos::prelude::*;

use crate::browser;
use crate::session::push;
use crate::store::{Store, Sync};
use crate::view::effect;

/// How soon what the person did is kept, in milliseconds.
const OWN: u64 = 2_000;

/// How soon what others did is kept at the earliest, and by how much later at the most, in milliseconds.
const OTHERS: (u64, f64) = (5_000, 25_000.0);

/// How long something may be on its way to a server that answers before closing the page is worth a warning.
const SLOW: u64 = 2_000;

thread_local! {
    /// When the worker is to be told.
    static DUE: Cell<u64> = const { Cell::new(0) };
    /// Since when something has been on its way.
    static SENDING: Cell<u64> = const { Cell::new(u64::MAX) };
}

/// Begins, in the browser.
pub(crate) fn start(store: Store) {
    DUE.set(browser::now().0 + OWN);
    effect(move || {
        store.sync.get();
        let since = if store.unsaved.get() == 0 {
            u64::MAX
        } else {
            SENDING.get().min(browser::now().0)
        };
        SENDING.set(since);
        guard(store);
    });
    browser::every(1_000, move || {
        guard(store);
        if store.sync.get_untracked() == Sync::Live && DUE.get() <= browser::now().0 && tell(store) {
            DUE.set(u64::MAX);
        }
    });
    browser::on("visibilitychange", move |_| {
        tell(store);
    });
}

/// Something changed: by the person's doing, or by others'.
pub(crate) fn changed(by_me: bool) {
    let wait = if by_me {
        OWN
    } else {
        OTHERS.0 + (browser::chance() * OTHERS.1) as u64
    };
    DUE.set(DUE.get().min(browser::now().0 + wait));
}

/// Warns whoever closes the page now, if something would stay behind in it. What is on its way to a server that answers
/// and also on this device's disk is there in a moment; a warning for that would be one for nothing.
fn guard(store: Store) {
    let since = SENDING.get();
    let is_slow = || browser::now().0 > since + SLOW;
    let is_heard = matches!(store.sync.get_untracked(), Sync::Live | Sync::Paused);
    let stays = since < u64::MAX && (!is_heard || !push::is_on_disk() || is_slow());
    browser::warn_on_close(stays);
}

/// Tells the worker what is shown and which versions the lists have; false where there is none.
fn tell(store: Store) -> bool {
    let mut text = browser::path();
    store.with(|client| {
        for (list, heading) in client.headings() {
            text += &format!("\n{list} {}.{}", client.epoch(), heading.version);
        }
    });
    browser::tell_worker(&text)
}
