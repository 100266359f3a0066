//! Where a row of the log comes from.

use domain::{ClientId, LinkId, Mid, PersonId};

/// Whose command a row comes from.
#[derive(Clone, Copy)]
pub(super) struct Origin {
    pub(super) actor: PersonId,
    pub(super) client: Option<ClientId>,
    pub(super) mid: Option<Mid>,
    /// The link by which somebody is let in.
    pub(super) link: Option<LinkId>,
}

impl Origin {
    /// Not a page's command.
    pub(super) const fn of(actor: PersonId) -> Self {
        Self {
            actor,
            client: None,
            mid: None,
            link: None,
        }
    }
}
