//! A share link: its role, its end and its number of uses. Its secret is not part of it.

use crate::{Attribution, LinkId, List, ListId, Role, Timestamp};

/// A share link.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Link {
    /// The link's id.
    pub id: LinkId,
    /// The list that it leads to.
    pub list: ListId,
    /// The role of people who join by it.
    pub role: Role,
    /// Who made it, and when.
    pub made: Attribution,
    /// When it stops working, if ever.
    pub expires: Option<Timestamp>,
    /// How many people it lets in, if not any number.
    pub most_uses: Option<u32>,
    /// How many people it has let in. A person who leaves and comes back counts once.
    pub uses: u32,
    /// When it was revoked.
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
    /// It has reached its number of uses.
    UsedUp,
    /// Its maker may no longer give that role, or is no longer a member. A removed person therefore leaves no way in.
    MakerGone,
}

impl Link {
    /// The most links of a list that are not revoked.
    pub const MOST: usize = 50;

    /// A link that nobody has used yet.
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
