//! A task: a row of a list.

mod day;
mod field;
mod label;
pub(crate) mod merge_notes;
pub(crate) mod order_key;
mod place;
mod priority;
mod recurrence;

use serde::{Deserialize, Serialize};

pub use day::{Day, NoDay};
pub use field::{Field, Verbs};
pub use label::label_colour;
pub use place::{Place, step};
pub use priority::Priority;
pub use recurrence::{NoRecurrence, Period, Recurrence, Repetition, Rule};

use crate::json::Read;
use crate::{LabelName, Notes, OrderKey, PersonId, TaskId, Timestamp, Title};

/// Who did something, and when: facts, not flags.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, Read)]
pub struct Attribution {
    /// The person.
    pub by: PersonId,
    /// The time by the server's clock (or, until it has answered, by the browser's).
    pub at: Timestamp,
}

/// A task as everyone on its list sees it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Read)]
pub struct Task {
    /// The task's id.
    pub id: TaskId,
    /// What is to be done.
    pub title: Title,
    /// The notes.
    #[serde(default, skip_serializing_if = "Notes::is_empty")]
    pub notes: Notes,
    /// Its place in the list.
    pub order: OrderKey,
    /// Who added it, and when.
    pub added: Attribution,
    /// Its priority, if it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub priority: Option<Priority>,
    /// The day on which somebody means to do it, if it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Day>,
    /// The day after which it is too late, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deadline: Option<Day>,
    /// When it comes again, if it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repeat: Option<Recurrence>,
    /// Who is to do it, in the order in which they were assigned. One may have left the list since: those who are in it count.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub assignees: Vec<PersonId>,
    /// Its labels, in the order in which it was given them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub labels: Vec<LabelName>,
    /// Who completed it, and when, if it is done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub done: Option<Attribution>,
    /// Who deleted it, and when, if it is in the trash.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deleted: Option<Attribution>,
}

impl Task {
    /// The most people who are to do one task.
    pub const MOST_ASSIGNEES: usize = 20;

    /// The most labels of one task.
    pub const MOST_LABELS: usize = 20;

    /// A task with a title and nothing else.
    pub fn new(id: TaskId, title: Title, order: OrderKey, added: Attribution) -> Self {
        Self {
            id,
            title,
            notes: Notes::default(),
            order,
            added,
            priority: None,
            due: None,
            deadline: None,
            repeat: None,
            assignees: Vec::new(),
            labels: Vec::new(),
            done: None,
            deleted: None,
        }
    }

    /// Whether it is in the list and not in the trash.
    pub const fn is_live(&self) -> bool {
        self.deleted.is_none()
    }

    /// Whether it is in the list and still to be done.
    pub const fn is_open(&self) -> bool {
        self.is_live() && self.done.is_none()
    }
}
