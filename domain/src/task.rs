//! A task: a row of a list.

mod day;
mod due_time;
mod duplicate;
mod estimate;
mod field;
mod label;
pub(crate) mod merge_notes;
pub(crate) mod order_key;
mod place;
mod priority;
mod recurrence;

use serde::{Deserialize, Serialize};

pub use day::{Day, NoDay};
pub use due_time::{DueTime, NoDueTime};
pub use duplicate::{MOST_DUPLICATED, TooManyToDuplicate, duplicate};
pub use estimate::{Estimate, NoEstimate};
pub use field::{Field, Verbs};
pub use label::label_colour;
pub use place::{Place, Step, below, step};
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
    /// The task that it is a part of, if it is a subtask.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<TaskId>,
    /// Its place among the tasks with the same parent.
    pub order: OrderKey,
    /// Who added it, and when.
    pub added: Attribution,
    /// Its priority, if it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub priority: Option<Priority>,
    /// The day on which somebody means to do it, if it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Day>,
    /// The time of that day, if it has one. It says nothing while there is no day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_time: Option<DueTime>,
    /// The day after which it is too late, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deadline: Option<Day>,
    /// The day before which nobody need think of it, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start: Option<Day>,
    /// How long it takes, if somebody said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub estimate: Option<Estimate>,
    /// When it comes again, if it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repeat: Option<Recurrence>,
    /// Who is to do it, in the order in which they were assigned. One may have left the list since: those who are in it count.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub assignees: Vec<PersonId>,
    /// Its labels, in the order in which it was given them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub labels: Vec<LabelName>,
    /// Whether it is a section: no task to be done, but a heading that tasks stand below, as its subtasks.
    #[serde(default, skip_serializing_if = "is_no_section")]
    pub section: bool,
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

    /// How many tasks a task may be a part of, one in the other. A section is none of them.
    pub const MOST_LEVELS: usize = 5;

    /// How many tasks stand above a task at the most, with the section that they are in.
    pub const MOST_DEPTH: usize = Self::MOST_LEVELS + 1;

    /// The most labels of one task.
    pub const MOST_LABELS: usize = 20;

    /// A task with a title and nothing else.
    pub fn new(id: TaskId, title: Title, order: OrderKey, added: Attribution) -> Self {
        Self {
            id,
            title,
            notes: Notes::default(),
            parent: None,
            order,
            added,
            priority: None,
            due: None,
            due_time: None,
            deadline: None,
            start: None,
            estimate: None,
            repeat: None,
            assignees: Vec::new(),
            labels: Vec::new(),
            section: false,
            done: None,
            deleted: None,
        }
    }

    /// Whether it is in the list and not in the trash.
    pub const fn is_live(&self) -> bool {
        self.deleted.is_none()
    }

    /// Whether it is in the list and still to be done, or a section.
    pub const fn is_open(&self) -> bool {
        self.is_live() && self.done.is_none()
    }

    /// Whether it is in the list and still to be done.
    pub const fn is_to_do(&self) -> bool {
        self.is_open() && !self.section
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes it so")]
const fn is_no_section(section: &bool) -> bool {
    !*section
}
