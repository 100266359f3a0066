//! What a part of a line says.

use crate::{Field, ListId, Task, TaskId};

/// What a part of a line says about the task.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Says {
    /// A field, and its value.
    Field(Field),
    /// The section that it is in.
    Section(TaskId),
    /// The list that it is in.
    List(ListId),
}

impl Says {
    /// The field, if it is one.
    pub const fn field(&self) -> Option<&Field> {
        match self {
            Self::Field(field) => Some(field),
            Self::Section(_) | Self::List(_) => None,
        }
    }

    /// Whether both say the same of the task, whatever the values.
    pub fn is_of_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Field(one), Self::Field(other)) => one.is_same_field(other),
            (Self::Section(_), Self::Section(_)) | (Self::List(_), Self::List(_)) => true,
            _ => false,
        }
    }

    /// Whether it says on which days the task is due, so that a time of day may follow.
    pub(super) const fn is_day(&self) -> bool {
        matches!(self, Self::Field(Field::Due(_) | Field::Repeat(_)))
    }

    /// Whether it says when the task starts.
    pub(super) const fn is_start(&self) -> bool {
        matches!(self, Self::Field(Field::Start(_)))
    }

    /// Whether it is a time of day.
    pub(super) const fn is_time(&self) -> bool {
        matches!(self, Self::Field(Field::DueTime(_)))
    }

    /// Whether both say who is to do the task, or both a label.
    pub(super) const fn is_alike(&self, other: &Self) -> bool {
        matches!(
            (self.field(), other.field()),
            (Some(Field::Assigned(..)), Some(Field::Assigned(..)))
                | (Some(Field::Labelled(..)), Some(Field::Labelled(..)))
        )
    }

    /// How often such a thing can be said of a task.
    pub(super) const fn most(&self) -> usize {
        match self.field() {
            Some(Field::Assigned(..)) => Task::MOST_ASSIGNEES,
            Some(Field::Labelled(..)) => Task::MOST_LABELS,
            _ => 1,
        }
    }
}
