//! What the one writer is asked, and what came of it.

use std::collections::BTreeMap;

use domain::wire::{Asked, MOST_COMMANDS, Numbered, Outcome, Push};
use domain::{
    AccountCommand, ClientId, Command, CommandSeq, Field, ListCommand, ListId, NotShared, PersonId, Refusal,
    Sharing, TaskId,
};

use crate::authority::Authority;
use crate::database::pictures::Picture;
use crate::lists::share_code::Hash;
use crate::write::normalize::normalised;
use crate::{Error, Household, Visitor};

/// What a request, a row of the log and a change in it are beside their text, on disk.
pub(crate) const OVERHEAD: u64 = 100;

/// One thing to be done.
#[derive(Debug)]
pub(crate) struct VisitorRequest {
    /// By whose right: as a rule that of the visitor.
    pub(crate) by: Authority,
    pub(crate) visitor: Visitor,
    /// From where; none of what the server does by itself.
    pub(crate) household: Option<Household>,
    pub(crate) ask: WriteRequest,
}

/// What is to be done.
#[derive(Debug)]
pub(crate) enum WriteRequest {
    /// The visitor shall be on disk.
    Exist,
    /// The visitor shall be in no list any more; of each who may own it after them.
    Depart { lists: BTreeMap<ListId, Vec<PersonId>> },
    /// The visitor shall be in those lists in place of another, who is they as well.
    Bring { from: PersonId, lists: Vec<ListId> },
    /// The visitor shows another picture, or none any more. It is kept beside the log, and every page of who sees them is to hear of it.
    Show { picture: Option<Picture> },
    /// The visitor comes into a list that they were asked into.
    Accept { list: ListId },
    /// What a page asks, or why that is refused already.
    Command {
        client: ClientId,
        command_seq: CommandSeq,
        command: Result<Box<Command>, Refusal>,
        /// Whether something else than another profile stands behind it, and would wait as long as it does.
        is_followed: bool,
    },
    /// What a form asks about who is in a list.
    Sharing(Box<AskedSharing>),
}

/// What a form asks about a list.
#[derive(Debug)]
pub(crate) struct AskedSharing {
    pub(crate) list: ListId,
    pub(crate) command: Sharing,
    /// Of the link that is to be made.
    pub(crate) secret: Option<Hash>,
}

/// What came of it.
#[derive(Clone, Debug)]
pub(crate) enum WriteOutcome {
    Exists,
    Refused(Refusal),
    Answered(Outcome),
    /// Who was taken out, or why nothing was done.
    Shared(Result<Vec<PersonId>, NotShared>),
    Gap {
        expected: CommandSeq,
    },
    Expired,
    /// What was read for it is not so any more: it is to be read and asked anew.
    Again,
    /// Whoever asks is not let in.
    Outside,
    /// Nothing was done: there is no room for it yet in what somebody may write.
    Later(Error),
}

impl WriteRequest {
    /// What a push asks, ready to be decided: its first [`MOST_COMMANDS`] commands, and none behind the first that changes how the
    /// person appears, which is told to each of their lists.
    pub(crate) fn all(push: Push) -> Vec<Self> {
        let is_profile = |numbered: &Numbered| {
            matches!(
                numbered.command,
                Asked::Readable(Command::Account(AccountCommand::SetProfile { .. }))
            )
        };
        let profile = push.commands.iter().position(is_profile);
        let other = push.commands.iter().rposition(|numbered| !is_profile(numbered));
        let most = profile.map_or(MOST_COMMANDS, |at| MOST_COMMANDS.min(at + 1));
        let ask = |(place, numbered): (usize, Numbered)| Self::Command {
            client: push.client,
            command_seq: numbered.command_seq,
            command: match numbered.command {
                Asked::Readable(command) => Ok(Box::new(normalised(command))),
                Asked::Unreadable => Err(Refusal::Malformed),
            },
            is_followed: other.is_some_and(|other| place < other),
        };
        push.commands
            .into_iter()
            .enumerate()
            .take(most)
            .map(ask)
            .collect()
    }

    pub(crate) fn command(&self) -> Option<&Command> {
        match self {
            Self::Command { command, .. } => command.as_deref().ok(),
            Self::Sharing(_)
            | Self::Exist
            | Self::Show { .. }
            | Self::Depart { .. }
            | Self::Bring { .. }
            | Self::Accept { .. } => None,
        }
    }

    pub(crate) fn sharing(&self) -> Option<&AskedSharing> {
        match self {
            Self::Sharing(asked) => Some(asked),
            Self::Command { .. }
            | Self::Exist
            | Self::Show { .. }
            | Self::Depart { .. }
            | Self::Bring { .. }
            | Self::Accept { .. } => None,
        }
    }

    /// Whether it may take as long as many others: it is the last of its transaction.
    pub(crate) fn is_long(&self) -> bool {
        match self {
            Self::Depart { .. } | Self::Bring { .. } | Self::Show { .. } => true,
            Self::Exist | Self::Accept { .. } => false,
            Self::Sharing(asked) => matches!(asked.command, Sharing::RevokeLink { and_remove: true, .. }),
            Self::Command { .. } => matches!(
                self.command(),
                Some(
                    Command::List(_, ListCommand::ClearCompleted {})
                        | Command::Account(AccountCommand::SetProfile { .. })
                )
            ),
        }
    }

    /// Whether it takes somebody out or ends something, which each can be only once: it waits for no pace.
    pub(crate) fn is_always_done(&self) -> bool {
        match self {
            Self::Depart { .. } | Self::Bring { .. } => true,
            Self::Sharing(asked) => matches!(asked.command, Sharing::RevokeLink { .. }),
            Self::Command { .. } => {
                matches!(
                    self.command(),
                    Some(Command::List(_, ListCommand::RemoveMember { .. }))
                )
            }
            Self::Exist | Self::Show { .. } | Self::Accept { .. } => false,
        }
    }

    /// The lists whose tasks it is about.
    pub(crate) fn lists(&self) -> impl Iterator<Item = ListId> {
        let accepted = match self {
            Self::Accept { list } => Some(*list),
            Self::Exist
            | Self::Show { .. }
            | Self::Command { .. }
            | Self::Depart { .. }
            | Self::Bring { .. }
            | Self::Sharing(_) => None,
        };
        let shared = self.sharing().map(|asked| asked.list);
        let one = shared.or_else(|| self.command()?.list());
        accepted.into_iter().chain(one)
    }

    /// The most bytes that it may write, where the notes of a task in a list have at most so many.
    pub(crate) fn most_bytes(&self, notes: impl Fn(ListId) -> u64) -> u64 {
        let command = self.command();
        let text = command
            .and_then(Command::text)
            .map_or(0, |text| text.len() as u64);
        let merged = command.and_then(needs_notes).map_or(0, |(list, _)| notes(list));
        OVERHEAD + text + merged
    }

    /// The number of a command.
    pub(crate) const fn command_seq(&self) -> Option<CommandSeq> {
        match self {
            Self::Command { command_seq, .. } => Some(*command_seq),
            _ => None,
        }
    }
}

/// The task whose notes a command is decided by, with its list.
pub(crate) const fn needs_notes(command: &Command) -> Option<(ListId, TaskId)> {
    match command {
        Command::List(
            list,
            ListCommand::Set {
                task,
                field: Field::Notes(_),
                ..
            }
            | ListCommand::Restore { task }
            | ListCommand::Complete { task, .. },
        ) => Some((*list, *task)),
        _ => None,
    }
}
