//! What the composer and the part that reads its line both know of it.

use domain::{Field, Title};
use leptos::html::Input;
use leptos::prelude::*;

use crate::session::Session;
use crate::store::set;

/// The line that a task is typed into.
#[derive(Clone, Copy)]
pub(super) struct Line {
    pub(super) session: Session,
    pub(super) field: NodeRef<Input>,
    /// What stands in it.
    pub(super) text: RwSignal<String>,
    /// The parts of it that are to be plain text, though they could be understood, each on a line.
    pub(super) plain: RwSignal<String>,
    /// What reads it, once that is here. Before that nothing is shown as understood, and nothing is.
    pub(super) reader: StoredValue<Option<Reader>>,
}

/// The title of the task that a line says, and what is set of it beside; `plain` as above.
pub(super) type Reader = fn(session: Session, text: &str, plain: &str) -> Option<(Title, Vec<Field>)>;

impl Line {
    pub(super) fn new(session: Session, field: NodeRef<Input>) -> Self {
        Self {
            session,
            field,
            text: RwSignal::new(String::new()),
            plain: RwSignal::new(String::new()),
            reader: StoredValue::new(None),
        }
    }

    /// The title of the task that it says, which is all of it unless something reads it, and what is set of it beside.
    pub(super) fn read(self, text: &str, title: Title) -> (Title, Vec<Field>) {
        let reader = self.reader.get_value();
        let read = reader.and_then(|read| self.plain.with_untracked(|plain| read(self.session, text, plain)));
        read.unwrap_or((title, Vec::new()))
    }

    /// Notes what stands in it.
    pub(super) fn holds(self, text: String) {
        if text.is_empty() {
            set(self.plain, String::new());
        }
        set(self.text, text);
    }
}
