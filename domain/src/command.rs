//! What a person asks, as intent: never a computed position, never a time.

use serde::{Deserialize, Serialize};

use crate::{ListId, ListName, Notes, PersonId, Profile, TaskId, Title, reads};

/// What a person asks for.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Command {
    /// Something in a list.
    List(ListId, ListCommand),
    /// Something about themselves.
    Account(AccountCommand),
}

reads! { enum Command {
    "list" => List(_, _)
    "account" => Account(_)
} }

/// Where a task is to stand.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// Above all others.
    Start,
    /// Right below that task, or where it stood last; below all others if the list never had it.
    After(TaskId),
    /// Below all others.
    End,
}

reads! { enum Place {
    "start" => Start()
    "after" => After(_)
    "end" => End()
} }

/// Something asked of a list.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ListCommand {
    /// Calls the list something else. Owners only.
    Rename {
        /// What it shall be called.
        name: ListName,
    },
    /// Takes a member out, or oneself. Owners only, but for oneself.
    RemoveMember {
        /// Who is to be out.
        person: PersonId,
    },
    /// Adds a task.
    AddTask {
        /// Its id, made by the asker.
        task: TaskId,
        /// Where it shall stand.
        place: Place,
        /// What is to be done.
        title: Title,
    },
    /// Gives a task another title.
    Retitle {
        /// Which.
        task: TaskId,
        /// What is to be done.
        title: Title,
    },
    /// Gives a task other notes; what others wrote meanwhile is merged in by line.
    SetNotes {
        /// Which.
        task: TaskId,
        /// The notes that the person started from.
        base: Notes,
        /// The notes as the person left them.
        notes: Notes,
    },
    /// Says that a task is done.
    Complete {
        /// Which.
        task: TaskId,
    },
    /// Says that a task is to be done again.
    Reopen {
        /// Which.
        task: TaskId,
    },
    /// Puts a task elsewhere.
    Move {
        /// Which.
        task: TaskId,
        /// Where it shall stand.
        place: Place,
    },
    /// Puts a task into the bin.
    Delete {
        /// Which.
        task: TaskId,
    },
    /// Takes a task out of the bin.
    Restore {
        /// Which.
        task: TaskId,
    },
    /// Puts all completed tasks into the bin.
    ClearCompleted {},
}

reads! { enum ListCommand {
    "rename" => Rename { name }
    "remove_member" => RemoveMember { person }
    "add_task" => AddTask { task, place, title }
    "retitle" => Retitle { task, title }
    "set_notes" => SetNotes { task, base, notes }
    "complete" => Complete { task }
    "reopen" => Reopen { task }
    "move" => Move { task, place }
    "delete" => Delete { task }
    "restore" => Restore { task }
    "clear_completed" => ClearCompleted {}
} }

/// Something asked about oneself.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccountCommand {
    /// Makes a new list, owned by the asker.
    CreateList {
        /// Its id, made by the asker.
        list: ListId,
        /// What it shall be called.
        name: ListName,
    },
    /// Joins a list as an editor with the code of its share link.
    Join {
        /// Which.
        list: ListId,
        /// The secret of the link.
        code: String,
    },
    /// Takes another name and colour.
    SetProfile {
        /// How the person shall appear to others.
        profile: Profile,
    },
}

reads! { enum AccountCommand {
    "create_list" => CreateList { list, name }
    "join" => Join { list, code }
    "set_profile" => SetProfile { profile }
} }

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

    /// How many bytes of text it carries.
    pub fn bytes(&self) -> usize {
        let base = match self {
            Self::List(_, ListCommand::SetNotes { base, .. }) => base.as_str().len(),
            _ => 0,
        };
        base + self.text().map_or(0, str::len)
    }

    /// What the person typed, so that a refused command never loses it.
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::List(_, ListCommand::AddTask { title, .. } | ListCommand::Retitle { title, .. }) => {
                Some(title.as_str())
            }
            Self::List(_, ListCommand::SetNotes { notes, .. }) => Some(notes.as_str()),
            Self::List(_, ListCommand::Rename { name }) => Some(name.as_str()),
            Self::Account(AccountCommand::CreateList { name, .. }) => Some(name.as_str()),
            Self::Account(AccountCommand::SetProfile { profile }) => Some(profile.name.as_str()),
            _ => None,
        }
    }
}

impl ListCommand {
    /// The task it is about, if any.
    pub const fn task(&self) -> Option<TaskId> {
        match self {
            Self::AddTask { task, .. }
            | Self::Retitle { task, .. }
            | Self::SetNotes { task, .. }
            | Self::Complete { task }
            | Self::Reopen { task }
            | Self::Move { task, .. }
            | Self::Delete { task }
            | Self::Restore { task } => Some(*task),
            Self::Rename { .. } | Self::RemoveMember { .. } | Self::ClearCompleted {} => None,
        }
    }
}
