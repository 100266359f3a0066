//! When the pictures of people are to be asked for again: where somebody comes, or is said once more to be called what
//! they are called.

use domain::Change;
use leptos::prelude::*;

use crate::browser;

/// How long what follows close upon a change is waited for, in milliseconds.
const MOMENT: u64 = 100;

/// A handle that is free to copy.
#[derive(Clone, Copy)]
pub(super) struct Pictures {
    /// How often they were asked for.
    turn: StoredValue<u32>,
    /// Whether they are about to be.
    is_due: StoredValue<bool>,
}

impl Pictures {
    pub(super) fn new() -> Self {
        Self {
            turn: StoredValue::new(0),
            is_due: StoredValue::new(false),
        }
    }

    /// Asks for them after these changes, if that is what they are about.
    pub(super) fn follow(self, changes: &[Change]) {
        let shows = |change: &Change| {
            matches!(
                change,
                Change::MemberJoined { .. }
                    | Change::MemberRenamed { .. }
                    | Change::ListJoined { .. }
                    | Change::ProfileSet { .. }
            )
        };
        if !changes.iter().any(shows) || self.is_due.get_value() {
            return;
        }
        self.is_due.set_value(true);
        browser::after(MOMENT, move || {
            self.is_due.set_value(false);
            self.turn.update_value(|turn| *turn += 1);
            browser::show_pictures(self.turn.get_value());
        });
    }
}
