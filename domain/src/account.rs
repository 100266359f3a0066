//! A person's own topic: who they are, and the lists they are in.

use litemap::LiteMap;
use serde::{Deserialize, Serialize};

use crate::json::Read;
use crate::{Change, ListId, PersonId, Profile, Role, Version};

/// A person's own topic: who they are and which lists they are in.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Read)]
pub struct Account {
    /// Whose it is.
    pub person: PersonId,
    /// How many log rows made it.
    pub version: Version,
    /// How they appear to others.
    pub profile: Profile,
    /// The lists they are in, with their role in each.
    #[serde(with = "crate::serde_map")]
    pub lists: LiteMap<ListId, Role>,
}

impl Account {
    /// The most lists that one person may be in.
    pub const MOST_LISTS: usize = 500;

    /// Makes the change part of the account. Total: one that does not belong here, or that is there already, does nothing.
    pub fn apply(&mut self, change: &Change) {
        match change {
            Change::ProfileSet { profile } => self.profile.clone_from(profile),
            Change::ListJoined { list, role } => {
                self.lists.insert(*list, *role);
            }
            Change::ListLeft { list } => {
                self.lists.remove(list);
            }
            _ => {}
        }
    }
}
