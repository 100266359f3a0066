//! Signals are only set where that says something new: what follows one does its work again each time.

use leptos::prelude::*;

/// Sets the signal where that says something new.
pub(crate) fn set<T: PartialEq + Send + Sync + 'static>(signal: RwSignal<T>, value: T) {
    if signal.with_untracked(|now| *now != value) {
        signal.set(value);
    }
}
