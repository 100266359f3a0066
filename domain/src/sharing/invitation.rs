//! Asking somebody into a list by the name of their account. It is said to them alone, and they say whether they come.
//!
//! Whoever asks learns nothing: an invitation is by a name, whether or not anybody has it, and stays as it is until somebody comes by
//! it, it is taken back or its time is over.

use crate::{Account, Attribution, Decision, List, ListId, Refusal, Role, Timestamp};

/// What somebody is asked to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Invitation {
    /// The list that the invitation is for.
    pub list: ListId,
    /// The role that it gives.
    pub role: Role,
    /// Who asks, and since when.
    pub made: Attribution,
}

impl Invitation {
    /// The most that wait of a list.
    pub const MOST: u64 = 50;

    /// For how long one waits, in milliseconds: two weeks.
    pub const LASTS: u64 = 14 * 24 * 60 * 60 * 1_000;

    /// Whether it is worth anything, while its maker may do so much in the list: as a link, it ends with the right of who made it.
    pub fn is_worth(&self, makers: Option<Role>, at: Timestamp) -> bool {
        let in_time = at.0.saturating_sub(self.made.at.0) < Self::LASTS;
        in_time && makers.is_some_and(|makers| may_invite(Some(makers), self.role).is_ok())
    }
}

/// Whether who may do that in a list may ask others to it. Nobody gives away more than they have, and a viewer nothing.
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

/// Lets somebody in who was asked. Where they may do as much already nothing changes.
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
