//! Texts that could not be saved. They stay in the browser until the person has found a place for them: they are all that
//! is left of what somebody typed.

use leptos::prelude::*;

use crate::browser::{self, Keep};
use crate::json;

/// Where the browser keeps them. `public/unsent.js` reads them there.
const KEY: &str = "tandem-tray";

/// A text that could not be saved.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct UnsavedText {
    /// Tells it from the others.
    pub(crate) number: u32,
    /// The text as it was typed.
    pub(crate) text: String,
    /// Why it was not saved.
    pub(crate) sentence: String,
}

/// All of them, the oldest first, and whether the browser keeps them.
#[derive(Clone, Copy)]
pub(crate) struct Unsaved {
    texts: RwSignal<Vec<UnsavedText>>,
    is_kept: StoredValue<bool>,
}

impl Unsaved {
    pub(super) fn new() -> Self {
        Self {
            texts: RwSignal::new(Vec::new()),
            is_kept: StoredValue::new(true),
        }
    }

    /// Looks at them, again whenever they change.
    pub(crate) fn with<T>(self, look: impl FnOnce(&[UnsavedText]) -> T) -> T {
        self.texts.with(|texts| look(texts))
    }

    /// That one, if it is still there.
    pub(crate) fn get(self, number: u32) -> Option<UnsavedText> {
        self.texts
            .with_untracked(|texts| texts.iter().find(|text| text.number == number).cloned())
    }

    /// Puts a text where the person finds it.
    pub(crate) fn add(self, text: String, sentence: &str) {
        self.restore();
        self.push(text, sentence.to_owned());
        self.write();
    }

    /// Whether all of them outlive the page.
    pub(crate) fn is_kept(self) -> bool {
        self.is_kept.get_value()
    }

    /// Drops one.
    pub(crate) fn dismiss(self, number: u32) {
        self.restore();
        self.texts
            .update(|texts| texts.retain(|text| text.number != number));
        self.write();
    }

    /// Brings back what the browser has kept, of this tab or of another.
    pub(crate) fn restore(self) {
        let kept = browser::kept(Keep::Browser, KEY);
        let kept = kept.and_then(|kept| json::read::<Vec<(String, String)>>(&kept).ok());
        for (text, sentence) in kept.unwrap_or_default() {
            let is_it = |here: &UnsavedText| here.text == text && here.sentence == sentence;
            if !self.texts.with_untracked(|texts| texts.iter().any(is_it)) {
                self.push(text, sentence);
            }
        }
    }

    fn push(self, text: String, sentence: String) {
        let number = browser::number();
        self.texts.update(|texts| {
            texts.push(UnsavedText {
                number,
                text,
                sentence,
            })
        });
    }

    fn write(self) {
        let texts: Vec<(String, String)> = self.texts.with_untracked(|texts| {
            let pairs = texts.iter();
            pairs
                .map(|text| (text.text.clone(), text.sentence.clone()))
                .collect()
        });
        let kept = (!texts.is_empty()).then(|| json::write(&texts).ok()).flatten();
        let is_kept = browser::keep(Keep::Browser, KEY, kept.as_deref());
        self.is_kept.set_value(is_kept || texts.is_empty());
    }
}
