//! How long to wait before what did not get through is tried again.

use leptos::prelude::*;

use crate::browser;

/// The longest wait, in milliseconds.
const LONGEST: f64 = 10_000.0;

/// Counts the failures in a row.
#[derive(Clone, Copy)]
pub(super) struct Backoff(StoredValue<u32>);

impl Backoff {
    pub(super) fn new() -> Self {
        Self(StoredValue::new(0))
    }

    /// Counts one more failure, or that there was none; gives how many there were in a row.
    pub(super) fn count(self, failed: bool) -> u32 {
        let failures = if failed { self.0.get_value() + 1 } else { 0 };
        self.0.set_value(failures);
        failures
    }

    /// What waits to try again does so now, and as if it had never failed: it may be another network.
    pub(super) fn wake(self) {
        self.0.set_value(0);
        browser::wake();
    }
}

/// Waits after so many failures, or until the page wakes. With full jitter, anything up to a second, two, four …, so that a
/// thousand pages do not come back in one moment.
pub(super) async fn pause(failures: u32) {
    let most = (500.0 * f64::from(1 << failures.min(6))).min(LONGEST);
    browser::pause(browser::chance() * most + 100.0).await;
}
