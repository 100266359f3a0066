//! The rules say no: a code for programs, a sentence for people.

use std::fmt;

/// Why a command was refused. Its `Display` is the sentence a person reads.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Refusal {
    /// The id of the new thing is in use, here or elsewhere.
    IdTaken,
    /// There is no such list or task, or this person may not know of it.
    NotFound,
    /// The person may look but not change.
    ReadOnly,
    /// Only an owner may do this.
    OwnerOnly,
    /// The task is in the trash.
    Deleted,
    /// The share link is wrong or no longer works.
    LinkInvalid,
    /// A list keeps at least one owner.
    LastOwner,
    /// The list holds as many tasks as a list may.
    ListFull,
    /// The list holds as much text as the server lets a list hold.
    ListTooLarge,
    /// The person changed how they appear as often as that may be told to all their lists.
    TooOften,
    /// The person is in as many lists as a person may be.
    TooManyLists,
    /// Somebody has changed the field since, so undoing would undo their change.
    ChangedMeanwhile,
    /// The person who is to do the task is not on the list.
    NotAMember,
    /// As many people are to do the task as may be.
    TooManyAssignees,
    /// The task has as many labels as a task may.
    TooManyLabels,
    /// The task would be a part of itself.
    WithinItself,
    /// The task would be a part of more tasks, one in the other, than a task may be.
    TooDeep,
    /// It is a section, which is neither completed nor a subtask.
    IsSection,
    /// What is to become a section is done, or a subtask.
    NoSection,
    /// The notes, with what others wrote meanwhile, are past the limit.
    NotesTooLong,
    /// The command could not be read: this page is of another version than the server.
    Malformed,
    /// The server no longer knows this page, which was offline for too long.
    ClientExpired,
    /// The page was opened as another person than the browser is now.
    OtherPerson,
    /// The session ended before the command was sent.
    SessionEnded,
}

impl Refusal {
    const ALL: [Self; 24] = [
        Self::IdTaken,
        Self::NotFound,
        Self::ReadOnly,
        Self::OwnerOnly,
        Self::Deleted,
        Self::LinkInvalid,
        Self::LastOwner,
        Self::ListFull,
        Self::ListTooLarge,
        Self::TooOften,
        Self::TooManyLists,
        Self::ChangedMeanwhile,
        Self::NotAMember,
        Self::TooManyAssignees,
        Self::TooManyLabels,
        Self::WithinItself,
        Self::TooDeep,
        Self::IsSection,
        Self::NoSection,
        Self::NotesTooLong,
        Self::Malformed,
        Self::ClientExpired,
        Self::OtherPerson,
        Self::SessionEnded,
    ];

    /// The word for programs, in the database and on the wire.
    pub const fn code(self) -> &'static str {
        match self {
            Self::IdTaken => "id_taken",
            Self::NotFound => "not_found",
            Self::ReadOnly => "read_only",
            Self::OwnerOnly => "owner_only",
            Self::Deleted => "deleted",
            Self::LinkInvalid => "link_invalid",
            Self::LastOwner => "last_owner",
            Self::ListFull => "list_full",
            Self::ListTooLarge => "list_too_large",
            Self::TooOften => "too_often",
            Self::TooManyLists => "too_many_lists",
            Self::ChangedMeanwhile => "changed_meanwhile",
            Self::NotAMember => "not_a_member",
            Self::TooManyAssignees => "too_many_assignees",
            Self::TooManyLabels => "too_many_labels",
            Self::WithinItself => "within_itself",
            Self::TooDeep => "too_deep",
            Self::IsSection => "is_section",
            Self::NoSection => "no_section",
            Self::NotesTooLong => "notes_too_long",
            Self::Malformed => "malformed",
            Self::ClientExpired => "client_expired",
            Self::OtherPerson => "other_person",
            Self::SessionEnded => "session_ended",
        }
    }

    /// The refusal with that code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|refusal| refusal.code() == code)
    }

    /// The sentence a person reads.
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::IdTaken => "This exists already, so it was not added again.",
            Self::NotFound => "This does not exist, or you have no access to it.",
            Self::ReadOnly => "You can view this list but not edit it.",
            Self::OwnerOnly => "Only an owner of the list can do that.",
            Self::Deleted => "Somebody deleted this task in the meantime.",
            Self::LinkInvalid => "This link does not work. Ask for a new one.",
            Self::LastOwner => "A list needs an owner, and you are the only one.",
            Self::ListFull => "This list is full. The limit is 10,000 tasks.",
            Self::ListTooLarge => "This list is full of text. Shorten some notes, or begin another list.",
            Self::TooOften => "You changed this too often. Please try again in a minute.",
            Self::TooManyLists => "You are on 500 lists, which is the limit.",
            Self::ChangedMeanwhile => "Somebody changed this in the meantime, so it stays as it is now.",
            Self::NotAMember => "This person is not on the list.",
            Self::TooManyAssignees => "A task is assigned to 20 people at the most.",
            Self::TooManyLabels => "A task has 20 labels at the most.",
            Self::WithinItself => "A task cannot be a subtask of itself.",
            Self::TooDeep => "Subtasks can be five levels deep at the most.",
            Self::IsSection => "A section is not completed, and it cannot be a subtask.",
            Self::NoSection => "Only a task that is neither completed nor a subtask can become a section.",
            Self::NotesTooLong => "Together with what others wrote, these notes are longer than 64 KiB.",
            Self::Malformed => {
                "This page is from another version of Tandem than the server. Reload it and try again."
            }
            Self::ClientExpired => {
                "This page was offline for too long, so the server cannot tell whether this was saved."
            }
            Self::OtherPerson => "This page was opened as somebody else.",
            Self::SessionEnded => "Your session had ended before this was saved.",
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.sentence())
    }
}

impl std::error::Error for Refusal {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_refusal_is_found_by_its_code() {
        for refusal in Refusal::ALL {
            assert_eq!(Refusal::parse(refusal.code()), Some(refusal));
        }
        assert_eq!(Refusal::parse("no_such_code"), None);
    }
}
