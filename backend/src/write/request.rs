//! What the one writer is asked, and what came of it.

use std::collections::BTreeMap;

use domain::wire::{Asked, Outcome, Push};
use domain::{
    AccountCommand, ClientId, Command, CommandSeq, ListCommand, ListId, NotShared, PersonId, Refusal, Sharing,
};

use crate::Visitor;
use crate::authority::Authority;
use crate::lists::share_code::Hash;
use crate::write::normalize::normalised;

/// One thing to be done.
#[derive(Debug)]
pub(crate) struct VisitorRequest {
    /// By whose right: as a rule that of the visitor.
    pub(crate) by: Authority,
    pub(crate) visitor: Visitor,
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
    /// The visitor shows another picture, which is kept beside the log: every page of who sees them is to hear of it.
    Shown,
    /// The visitor comes into a list that they were asked into.
    Accept { list: ListId },
    /// What a page asks, or why that is refused already.
    Command {
        client: ClientId,
        command_seq: CommandSeq,
        command: Result<Box<Command>, Refusal>,
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
}

impl WriteRequest {
    /// What a push asks, ready to be decided.
    pub(crate) fn all(push: Push) -> Vec<Self> {
        let ask = |numbered: domain::wire::Numbered| Self::Command {
            client: push.client,
            command_seq: numbered.command_seq,
            command: match numbered.command {
                Asked::Readable(command) => Ok(Box::new(normalised(command))),
                Asked::Unreadable => Err(Refusal::Malformed),
            },
        };
        push.commands.into_iter().map(ask).collect()
    }

    pub(crate) fn command(&self) -> Option<&Command> {
        match self {
            Self::Command { command, .. } => command.as_deref().ok(),
            Self::Sharing(_)
            | Self::Exist
            | Self::Shown
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
            | Self::Shown
            | Self::Depart { .. }
            | Self::Bring { .. }
            | Self::Accept { .. } => None,
        }
    }

    /// Whether it may take as long as many others: it is the last of its transaction.
    pub(crate) fn is_long(&self) -> bool {
        match self {
            Self::Depart { .. } | Self::Bring { .. } | Self::Shown => true,
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

    /// The lists whose tasks it is about.
    pub(crate) fn lists(&self) -> impl Iterator<Item = ListId> {
        let brought = match self {
            Self::Bring { lists, .. } => lists.as_slice(),
            Self::Accept { list } => std::slice::from_ref(list),
            Self::Exist | Self::Shown | Self::Command { .. } | Self::Depart { .. } | Self::Sharing(_) => &[],
        };
        let shared = self.sharing().map(|asked| asked.list);
        let one = shared.or_else(|| self.command()?.list());
        brought.iter().copied().chain(one)
    }
}
