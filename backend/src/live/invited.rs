//! What somebody is asked to, as their streams say it.

use domain::{ListId, PersonName, Role};
use serde::Serialize;

/// What somebody is asked to, as they see it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Invited {
    /// Into which list.
    pub list: ListId,
    /// What that is called.
    pub name: String,
    /// As what.
    pub role: Role,
    /// Who asks.
    pub by: PersonName,
}

/// All that somebody is asked to: said on their streams whenever it changes.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub(crate) struct AllInvited {
    pub(crate) invitations: Vec<Invited>,
}
