//! What a person asks for, as an intent: never a computed position, never a time.

use serde::{Deserialize, Serialize};

use crate::json::Read;
use crate::{Day, Field, ListId, ListName, PersonId, Place, Profile, TaskId, Title};

/// What a person asks for.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Read)]
#[serde(rename_all = "snake_case")]
pub enum Command {
    /// A command to a list.
    List(ListId, ListCommand),
    /// A command about the person's own account.
    Account(AccountCommand),
}

/// A command to a list.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Read)]
#[serde(rename_all = "snake_case")]
pub enum ListCommand {
    /// Renames the list. Owners only.
    Rename {
        /// The new name.
        name: ListName,
    },
    /// Removes a member. Owners only, but everyone may leave.
    RemoveMember {
        /// The member who leaves.
        person: PersonId,
    },
    /// Adds a task.
    AddTask {
        /// Its id, made by the sender.
        task: TaskId,
        /// The place of the task.
        place: Place,
        /// The title.
        title: Title,
        /// What else is set of it from the beginning: each field at most once. Texts are set by a command of their own, so that one
        /// that is refused is given back.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        fields: Vec<Field>,
    },
    /// Sets one field of a task.
    Set {
        /// The task.
        task: TaskId,
        /// The field and its new value.
        field: Field,
        /// The value that the person started from: see [`Field::settle`].
        #[serde(default, skip_serializing_if = "Option::is_none")]
        base: Option<Field>,
    },
    /// Completes a task that comes again, and adds the one that comes next. Whoever is second to complete it adds nothing: that one is
    /// there. The sender counts when it is due, by the rule that they see.
    Complete {
        /// The task.
        task: TaskId,
        /// The id of the next one, made by the sender.
        next: TaskId,
        /// The day on which that one is due.
        due: Day,
    },
    /// Moves a task.
    Move {
        /// The task to move.
        task: TaskId,
        /// The place of the task.
        place: Place,
    },
    /// Moves a task to the trash.
    Delete {
        /// The task to delete.
        task: TaskId,
    },
    /// Restores a task from the trash.
    Restore {
        /// The task to restore.
        task: TaskId,
    },
    /// Moves all completed tasks to the trash.
    ClearCompleted {},
}

/// A command about the person's own account.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Read)]
#[serde(rename_all = "snake_case")]
pub enum AccountCommand {
    /// Makes a new list, owned by the sender.
    CreateList {
        /// Its id, made by the sender.
        list: ListId,
        /// The name of the list.
        name: ListName,
    },
    /// Joins a list as an editor with the code of its share link.
    Join {
        /// The list that the link leads to.
        list: ListId,
        /// The secret of the link.
        code: String,
    },
    /// Changes the person's name and colour.
    SetProfile {
        /// The new name and colour.
        profile: Profile,
    },
}

impl Command {
    /// The list it is about, if any.
    pub const fn list(&self) -> Option<ListId> {
        match self {
            Self::List(list, _) => Some(*list),
            Self::Account(AccountCommand::CreateList { list, .. } | AccountCommand::Join { list, .. }) => {
                Some(*list)
            }
            Self::Account(AccountCommand::SetProfile { .. }) => None,
        }
    }

    /// The task it is about, if any.
    pub const fn task(&self) -> Option<TaskId> {
        match self {
            Self::List(_, command) => command.task(),
            Self::Account(_) => None,
        }
    }

    /// The task that it makes, if it makes one.
    pub const fn makes(&self) -> Option<TaskId> {
        match self {
            Self::List(_, ListCommand::AddTask { task, .. } | ListCommand::Complete { next: task, .. }) => {
                Some(*task)
            }
            _ => None,
        }
    }

    /// How many bytes of text it carries.
    pub fn bytes(&self) -> usize {
        let base = match self {
            Self::List(_, ListCommand::Set { base, .. }) => base.as_ref().and_then(Field::text),
            _ => None,
        };
        base.map_or(0, str::len) + self.text().map_or(0, str::len)
    }

    /// What the person typed, so that a refused command never loses it.
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::List(_, ListCommand::AddTask { title, .. }) => Some(title.as_str()),
            Self::List(
                _,
                ListCommand::Set {
                    field: Field::Labelled(label, true),
                    ..
                },
            ) => Some(label.as_str()),
            Self::List(_, ListCommand::Set { field, .. }) => field.text(),
            Self::List(_, ListCommand::Rename { name }) => Some(name.as_str()),
            Self::Account(AccountCommand::CreateList { name, .. }) => Some(name.as_str()),
            Self::Account(AccountCommand::SetProfile { profile }) => Some(profile.name.as_str()),
            _ => None,
        }
    }
}

impl ListCommand {
    /// Adds a task of which nothing but the title is known.
    pub const fn add(task: TaskId, place: Place, title: Title) -> Self {
        let fields = Vec::new();
        Self::AddTask {
            task,
            place,
            title,
            fields,
        }
    }

    /// Sets a field of a task, whatever its current value is.
    pub const fn set(task: TaskId, field: Field) -> Self {
        let base = None;
        Self::Set { task, field, base }
    }

    /// Sets a field of a task for somebody who started from `base`: see [`Field::settle`].
    pub const fn set_from(task: TaskId, base: Field, field: Field) -> Self {
        let base = Some(base);
        Self::Set { task, field, base }
    }

    /// The task it is about, if any.
    pub const fn task(&self) -> Option<TaskId> {
        match self {
            Self::AddTask { task, .. }
            | Self::Set { task, .. }
            | Self::Complete { task, .. }
            | Self::Move { task, .. }
            | Self::Delete { task }
            | Self::Restore { task } => Some(*task),
            Self::Rename { .. } | Self::RemoveMember { .. } | Self::ClearCompleted {} => None,
        }
    }
}
