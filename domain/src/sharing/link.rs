//! A share link: what it gives, for how long and to how many. Its secret is no part of it.

use crate::{Attribution, LinkId, List, ListId, Role, Timestamp};

/// A share link.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Link {
    /// The link's id.
    pub id: LinkId,
    /// The list that it leads to.
    pub list: ListId,
    /// What whoever comes by it may do there.
    pub role: Role,
    /// Who made it, and when.
    pub made: Attribution,
    /// When it stops working, if ever.
    pub expires: Option<Timestamp>,
    /// How many people it lets in, if not any number.
    pub most_uses: Option<u32>,
    /// How many people it has let in. Who leaves and comes back is one.
    pub uses: u32,
    /// When somebody ended it.
    pub revoked: Option<Timestamp>,
}

/// Whether a link lets anybody in, or why not.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum LinkState {
    /// The link lets people in.
    Works,
    /// Somebody revoked it.
    Revoked,
    /// Its time is over.
    Expired,
    /// It has let in as many as it may.
    UsedUp,
    /// Who made it may not give as much any more, or is gone. So nobody who is taken out has left a door open.
    MakerGone,
}

impl Link {
    /// The most links of a list that are not revoked.
    pub const MOST: usize = 50;

    /// One that nobody has come by yet.
    pub const fn new(
        id: LinkId,
        list: ListId,
        role: Role,
        made: Attribution,
        expires: Option<Timestamp>,
        most_uses: Option<u32>,
    ) -> Self {
        Self {
            id,
            list,
            role,
            made,
            expires,
            most_uses,
            uses: 0,
            revoked: None,
        }
    }

    /// Whether it lets anybody into its list at that time.
    pub fn state(&self, list: &List, at: Timestamp) -> LinkState {
        let maker = list.role(self.made.by);
        if self.list != list.id || self.revoked.is_some() {
            LinkState::Revoked
        } else if self.expires.is_some_and(|expires| expires <= at) {
            LinkState::Expired
        } else if self.most_uses.is_some_and(|most| most <= self.uses) {
            LinkState::UsedUp
        } else if maker.is_none_or(|maker| !maker.can_edit() || maker < self.role) {
            LinkState::MakerGone
        } else {
            LinkState::Works
        }
    }
}
