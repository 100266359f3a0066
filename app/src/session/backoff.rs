//! How long to wait before what did not get through is tried again.

use leptos::prelude::*;

use crate::browser;

/// The longest wait, in milliseconds.
const LONGEST: f64 = 10_000.0;

/// The longest wait that something on the way may ask for, in milliseconds.
const LONGEST_REST: f64 = 30_000.0;

/// How many failures may be followed closely by another try, how far apart those are at the least, and later ones, in milliseconds.
const CLOSE: u32 = 2;
const AT_ONCE: f64 = 100.0;
const APART: f64 = 1_000.0;

/// Counts the failures in a row.
#[derive(Clone, Copy)]
pub(super) struct Backoff(StoredValue<Failures>);

/// How often in a row something did not get through.
#[derive(Clone, Copy, Default)]
pub(super) struct Failures {
    /// Since something last gave hope: the wait grows with it.
    growing: u32,
    /// Since it last got through: no hope makes the tries come closer than they may.
    pub(super) in_a_row: u32,
}

impl Failures {
    /// The first ones of something else.
    pub(super) const fn of(failures: u32) -> Self {
        Self {
            growing: failures,
            in_a_row: failures,
        }
    }
}

impl Backoff {
    pub(super) fn new() -> Self {
        Self(StoredValue::new(Failures::default()))
    }

    /// How many there were.
    pub(super) fn failures(self) -> Failures {
        self.0.get_value()
    }

    /// Counts one more failure; gives how many there were in a row.
    pub(super) fn count(self) -> Failures {
        self.0.update_value(|failures| {
            failures.growing += 1;
            failures.in_a_row += 1;
        });
        self.failures()
    }

    /// Everything got through.
    pub(super) fn forget(self) {
        self.0.set_value(Failures::default());
    }

    /// The way is free, though what was to go did not get through.
    pub(super) fn hope(self) -> Failures {
        self.0.update_value(|failures| failures.growing = 0);
        self.failures()
    }

    /// What waits to try again does so now: it may be another network.
    pub(super) fn wake(self) {
        self.hope();
        browser::wake();
    }
}

/// Waits after so many failures, or until the page wakes, for `rest` milliseconds where something asked for that. With full
/// jitter, anything up to a second, two, four …, so that a thousand pages do not come back in one moment.
///
/// Tries are a second apart at the least after the first few. Where nothing answered (`was_silent`) there may have been no network:
/// the page goes on as soon as it wakes to another.
pub(super) async fn pause(failures: Failures, rest: f64, was_silent: bool) {
    let most = (500.0 * f64::from(1 << failures.growing.min(6))).min(LONGEST);
    let apart = if failures.in_a_row <= CLOSE {
        AT_ONCE
    } else {
        APART
    };
    let end = browser::steady() as f64 + if was_silent { AT_ONCE } else { apart };
    browser::pause((browser::chance() * most + apart).max(rest.min(LONGEST_REST))).await;
    // A page that wakes again and again is no reason to hammer on a closed door.
    loop {
        let left = end - browser::steady() as f64;
        if left <= 0.0 {
            break;
        }
        browser::pause(left).await;
    }
}
