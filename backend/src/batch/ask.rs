//! What the one writer is asked, and what came of it.

use domain::wire::{Asked, Outcome, Push};
use domain::{ClientId, Command, ListId, Mid, NotShared, PersonId, Refusal};

use super::AskedSharing;
use crate::Visitor;
use crate::normal::normalised;

/// One thing to be done.
#[derive(Debug)]
pub(crate) struct Unit {
    pub(crate) visitor: Visitor,
    pub(crate) ask: Ask,
}

/// What is to be done.
#[derive(Debug)]
pub(crate) enum Ask {
    /// What a page asks, or why that is refused already.
    Command {
        client: ClientId,
        mid: Mid,
        command: Result<Box<Command>, Refusal>,
    },
    /// What a form asks about who is in a list.
    Sharing(Box<AskedSharing>),
}

/// What came of it.
#[derive(Clone, Debug)]
pub(crate) enum Judged {
    Answered(Outcome),
    /// Who was taken out, or why nothing was done.
    Shared(Result<Vec<PersonId>, NotShared>),
    Gap {
        expected: Mid,
    },
    Expired,
}

impl Ask {
    /// What a push asks, ready to be decided.
    pub(crate) fn all(push: Push) -> Vec<Self> {
        let ask = |numbered: domain::wire::Numbered| Self::Command {
            client: push.client,
            mid: numbered.mid,
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
            Self::Sharing(_) => None,
        }
    }

    pub(crate) fn sharing(&self) -> Option<&AskedSharing> {
        match self {
            Self::Sharing(asked) => Some(asked),
            Self::Command { .. } => None,
        }
    }

    /// The list it is about, if any.
    pub(crate) fn list(&self) -> Option<ListId> {
        let shared = self.sharing().map(|asked| asked.list);
        shared.or_else(|| self.command()?.list())
    }
}
