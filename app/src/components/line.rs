//! What the composer and the part that reads its line both know of it.

use domain::{Field, ListId, TaskId, Title};
use leptos::html::Input;
use leptos::prelude::*;

use super::task_actions::shown;
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

/// What a line says.
pub(super) struct Read {
    /// The title of the task.
    pub(super) title: Title,
    /// What is set of it beside.
    pub(super) fields: Vec<Field>,
    /// The section that it is in, if it says one.
    pub(super) section: Option<TaskId>,
    /// The list that it is in, if it says another than the one that is shown.
    pub(super) elsewhere: Option<ListId>,
}

/// Reads a line; `plain` as above. `names_lists` says whether it may name a list.
pub(super) type Reader = fn(session: Session, text: &str, plain: &str, names_lists: bool) -> Option<Read>;

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

    /// What it says: all of it is the title unless something reads it.
    pub(super) fn read(self, text: &str, title: Title) -> Read {
        let reader = self.reader.get_value();
        let read = reader.and_then(|read| {
            self.plain
                .with_untracked(|plain| read(self.session, text, plain, true))
        });
        read.unwrap_or(Read {
            title,
            fields: Vec::new(),
            section: None,
            elsewhere: None,
        })
    }

    /// Notes what stands in it.
    pub(super) fn holds(self, text: String) {
        if text.is_empty() {
            set(self.plain, String::new());
        }
        set(self.text, text);
    }
}

/// The section that the line adds to, if one was chosen and is still there.
pub(super) fn adds_to(session: Session) -> Option<TaskId> {
    let section = session.store.adds_to.get().parse().ok()?;
    shown(session, section)
        .filter(|section| section.section && section.is_live())
        .map(|section| section.id)
}
