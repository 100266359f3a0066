//! Invitations to a list by the name of an account. Only the invited person sees one, and accepts or declines it.
//!
//! The sender learns nothing: an invitation is stored by a name, whether or not an account has it, and stays the same until it is
//! accepted, withdrawn or expired.

use crate::{Account, Attribution, Decision, List, ListId, Refusal, Role, Timestamp};

/// An invitation.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Invitation {
    /// The list that the invitation is for.
    pub list: ListId,
    /// The role that it gives.
    pub role: Role,
    /// Who made it, and when.
    pub made: Attribution,
}

impl Invitation {
    /// The most pending invitations of a list.
    pub const MOST: u64 = 50;

    /// How long an invitation is valid, in milliseconds: two weeks.
    pub const LASTS: u64 = 14 * 24 * 60 * 60 * 1_000;

    /// Whether it is valid. Like a link, it ends when its maker loses the right to give that role.
    pub fn is_worth(&self, makers: Option<Role>, at: Timestamp) -> bool {
        let in_time = at.0.saturating_sub(self.made.at.0) < Self::LASTS;
        in_time && makers.is_some_and(|makers| may_invite(Some(makers), self.role).is_ok())
    }
}

/// Whether a member with that role may invite others to this one. Nobody gives away more than they have, and a viewer nothing.
pub fn may_invite(mine: Option<Role>, role: Role) -> Result<(), Refusal> {
    let mine = mine.ok_or(Refusal::NotFound)?;
    if !mine.can_edit() {
        return Err(Refusal::ReadOnly);
    }
    if role > mine {
        return Err(Refusal::OwnerOnly);
    }
    Ok(())
}

/// Lets an invited person in. If they have the role already, nothing changes.
pub fn accept_invitation(
    who: &Account,
    list: Option<&List>,
    invitation: Option<&Invitation>,
    at: Timestamp,
) -> Result<Decision, Refusal> {
    let (list, invitation) = list.zip(invitation).ok_or(Refusal::NotFound)?;
    let makers = list.role(invitation.made.by);
    if invitation.list != list.id || !invitation.is_worth(makers, at) {
        return Err(Refusal::NotFound);
    }
    let now = list.role(who.person);
    if now >= Some(invitation.role) {
        return Ok(vec![]);
    }
    if now.is_none() && who.lists.len() >= Account::MOST_LISTS {
        return Err(Refusal::TooManyLists);
    }
    Ok(super::has_role(
        list,
        &[(who.person, invitation.role, who.profile.clone())],
    ))
}
