//! What just happened, in a sentence at the edge of the page.

use domain::Command;
use leptos::prelude::*;

use crate::browser;

/// The most that are shown at once.
const MOST: usize = 3;

/// How long one is shown, in milliseconds.
const SHOWN_FOR: u64 = 8_000;

/// What just happened.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Notice {
    /// Tells it from the others.
    pub(crate) number: u32,
    /// The sentence.
    pub(crate) sentence: String,
    /// What takes it back, if anything does.
    pub(crate) undo: Vec<Command>,
}

/// The notices that are shown, the oldest first.
#[derive(Clone, Copy)]
pub(crate) struct Notices(RwSignal<Vec<Notice>>);

impl Notices {
    pub(super) fn new() -> Self {
        Self(RwSignal::new(Vec::new()))
    }

    /// Looks at them, again whenever they change.
    pub(crate) fn with<T>(self, look: impl FnOnce(&[Notice]) -> T) -> T {
        self.0.with(|notices| look(notices))
    }

    /// That one, if it is still there.
    pub(crate) fn get(self, number: u32) -> Option<Notice> {
        self.0
            .with_untracked(|notices| notices.iter().find(|notice| notice.number == number).cloned())
    }

    /// Says something for a while, with a way back or without.
    pub(crate) fn add(self, sentence: String, undo: Vec<Command>) {
        let number = browser::number();
        self.0.update(|notices| {
            notices.push(Notice {
                number,
                sentence,
                undo,
            });
            if notices.len() > MOST {
                notices.remove(0);
            }
        });
        browser::after(SHOWN_FOR, move || self.dismiss(number));
    }

    /// Takes one away.
    pub(crate) fn dismiss(self, number: u32) {
        self.0
            .update(|notices| notices.retain(|notice| notice.number != number));
    }
}
