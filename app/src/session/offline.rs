//! What is left when there is no network: when the service worker is to be told what there is to keep, and when closing the
//! page would leave something behind in it.
//!
//! The worker opens the page offline with what it fetched last. So it is told soon after the person did something, later
//! and at a time of chance after others did (a thousand readers of one list must not all fetch it in one moment), and
//! at once when the page goes out of sight.

use leptos::prelude::*;

use crate::browser;
use crate::browser::database::Kept;
use crate::store::SyncState;

/// How soon what the person did is kept, in milliseconds.
const OWN: u64 = 2_000;

/// How soon what others did is kept at the earliest, and by how much later at the most, in milliseconds.
const OTHERS: (u64, f64) = (5_000, 25_000.0);

/// How long something may be on its way to a server that answers before closing the page is worth a warning.
const SLOW: u64 = 2_000;

/// What is due for the time without a network.
#[derive(Clone, Copy)]
pub(super) struct Offline {
    /// When the worker is to be told.
    due: StoredValue<u64>,
    /// Since when something has been on its way.
    sending: StoredValue<Option<u64>>,
}

impl Offline {
    pub(super) fn new() -> Self {
        Self {
            due: StoredValue::new(u64::MAX),
            sending: StoredValue::new(None),
        }
    }

    /// The page is there, and is to be kept.
    pub(super) fn begin(self) {
        self.due.set_value(browser::now().0 + OWN);
    }

    /// Something changed: by the person's doing, or by others'.
    pub(super) fn changed(self, by_me: bool) {
        let wait = if by_me {
            OWN
        } else {
            OTHERS.0 + (browser::chance() * OTHERS.1) as u64
        };
        let due = self.due.get_value().min(browser::now().0 + wait);
        self.due.set_value(due);
    }

    /// Whether the worker is to be told now.
    pub(super) fn is_due(self) -> bool {
        self.due.get_value() <= browser::now().0
    }

    /// The worker was told.
    pub(super) fn kept(self) {
        self.due.set_value(u64::MAX);
    }

    /// Something is on its way to the server, or nothing is.
    pub(super) fn sends(self, something: bool) {
        let since = self.sending.get_value().unwrap_or_else(|| browser::now().0);
        self.sending.set_value(something.then_some(since));
    }

    /// Warns whoever closes the page now, if something would stay behind in it. What is on its way to a server that answers
    /// and also on this device's disk is there in a moment; a warning for that would be one for nothing. Texts that nothing keeps always
    /// would.
    pub(super) fn guard(self, sync: SyncState, kept: Kept, unkept: bool) {
        let stays = self.sending.get_value().is_some_and(|since| {
            let is_slow = browser::now().0 > since + SLOW;
            !sync.is_heard() || kept != Kept::Here || is_slow
        });
        browser::warn_on_close(stays || unkept);
    }
}
