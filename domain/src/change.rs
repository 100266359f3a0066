//! What happened: the rows of the log, the stream and nothing else. Absolute values, harmless when applied twice.
//!
//! The names and fields are on disk and on the wire: they may be added to, never altered.

use serde::{Deserialize, Serialize};

use crate::json::Read;
use crate::{
    ClientId, CommandSeq, Field, ListId, ListName, OrderKey, PersonId, Profile, Role, Seq, Task, TaskId,
    Timestamp, Version,
};

/// What a log row belongs to. Its readers are the members of the list, or the person.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize, Read)]
#[serde(rename_all = "snake_case")]
pub enum Topic {
    /// A list.
    List(ListId),
    /// A person's own: their profile and memberships.
    Person(PersonId),
}

/// One thing that happened in a topic. The row around it says who did it and when.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Read)]
#[serde(rename_all = "snake_case")]
#[expect(
    missing_docs,
    reason = "the fields are the values after the change, named like those of Task, List and Account"
)]
pub enum Change {
    /// In a list: the list was created.
    ListCreated { name: ListName },
    /// In a list: the list has a new name.
    ListRenamed { name: ListName },
    /// In a list: somebody is a member now, or has another role.
    MemberJoined {
        person: PersonId,
        role: Role,
        profile: Profile,
    },
    /// In a list: a member has another name or colour.
    MemberRenamed { person: PersonId, profile: Profile },
    /// In a list: somebody is no longer a member.
    MemberLeft { person: PersonId },
    /// In a list: a task was added.
    TaskAdded { task: Task },
    /// In a list: a field of a task has this value.
    TaskSet { task: TaskId, field: Field },
    /// In a list: a task has another place.
    TaskMoved {
        task: TaskId,
        order: OrderKey,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        parent: Option<TaskId>,
    },
    /// In a list: a task is in the trash.
    TaskDeleted { task: TaskId },
    /// In a list: a task is back from the trash. It is sent whole, since a reader may never have seen it.
    TaskRestored { task: Task },
    /// In a person's topic: they have this name and colour.
    ProfileSet { profile: Profile },
    /// In a person's topic: they are on a list now, or have another role there.
    ListJoined { list: ListId, role: Role },
    /// In a person's topic: they are no longer on a list.
    ListLeft { list: ListId },
}

impl Change {
    /// The task that it is about, if it is about one.
    pub const fn task(&self) -> Option<TaskId> {
        match self {
            Self::TaskAdded { task } | Self::TaskRestored { task } => Some(task.id),
            Self::TaskSet { task, .. } | Self::TaskMoved { task, .. } | Self::TaskDeleted { task } => {
                Some(*task)
            }
            Self::ListCreated { .. }
            | Self::ListRenamed { .. }
            | Self::MemberJoined { .. }
            | Self::MemberRenamed { .. }
            | Self::MemberLeft { .. }
            | Self::ProfileSet { .. }
            | Self::ListJoined { .. }
            | Self::ListLeft { .. } => None,
        }
    }
}

/// A log row: one command's effect on one topic.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Read)]
pub struct Row {
    /// Its place in the whole log.
    pub seq: Seq,
    /// What it belongs to.
    pub topic: Topic,
    /// Its place in the topic's log.
    pub version: Version,
    /// The person who sent the command.
    pub actor: PersonId,
    /// The page that sent the command; none for rows that the server wrote by itself, and for forms about the list's members.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client: Option<ClientId>,
    /// The number of the command among that page's commands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub command_seq: Option<CommandSeq>,
    /// When, by the server's clock, which never goes back.
    pub at: Timestamp,
    /// What happened, in order.
    pub changes: Vec<Change>,
}
