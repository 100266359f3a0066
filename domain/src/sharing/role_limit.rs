//! What an owner has made of a person who is to be no more than that: a link or an editor's invitation does not undo it.

use crate::{Invitation, Link, Role, Timestamp};

/// The most that a person is to be in a list, by the word of an owner who removed them or gave them a lesser role.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct RoleLimit {
    /// The greatest role. None for a person who was removed.
    pub role: Option<Role>,
    /// When the owner did that.
    pub since: Timestamp,
}

impl RoleLimit {
    /// As much of that role as the limit leaves, if it leaves any.
    pub fn cap(self, role: Role) -> Option<Role> {
        self.role.map(|most| most.min(role))
    }

    /// What is left of the limit for a person who has that role now: a greater role than the limit is an owner's newer word.
    pub fn after(self, role: Role) -> Option<Self> {
        if Some(role) <= self.role {
            return Some(self);
        }
        let is_limit = !role.can_manage();
        is_limit.then_some(Self {
            role: Some(role),
            ..self
        })
    }
}

impl Link {
    /// The link as far as it goes for a person who has that limit, if it goes anywhere.
    pub fn within(&self, limit: Option<RoleLimit>) -> Option<Self> {
        let role = limit.map_or(Some(self.role), |limit| limit.cap(self.role))?;
        Some(Self { role, ..self.clone() })
    }
}

impl Invitation {
    /// The invitation as far as it goes for a person who has that limit, if it goes anywhere. `makers` is the role that its maker has
    /// now. What an owner asked after the limit was set counts in full.
    pub fn within(self, limit: Option<RoleLimit>, makers: Option<Role>) -> Option<Self> {
        let is_newer_word =
            |limit: &RoleLimit| makers.is_some_and(Role::can_manage) && self.made.at > limit.since;
        let limit = limit.filter(|limit| !is_newer_word(limit));
        let role = limit.map_or(Some(self.role), |limit| limit.cap(self.role))?;
        Some(Self { role, ..self })
    }
}
