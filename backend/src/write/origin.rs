//! Where a row of the log comes from.

use domain::{ClientId, CommandSeq, LinkId, PersonId};

/// Whose command a row comes from.
#[derive(Clone, Copy)]
pub(crate) struct Origin {
    pub(crate) actor: PersonId,
    pub(crate) client: Option<ClientId>,
    pub(crate) command_seq: Option<CommandSeq>,
    /// The link by which somebody is let in.
    pub(crate) link: Option<LinkId>,
}

impl Origin {
    /// Not a page's command.
    pub(crate) const fn of(actor: PersonId) -> Self {
        Self {
            actor,
            client: None,
            command_seq: None,
            link: None,
        }
    }
}
