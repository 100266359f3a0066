//! The members of a list and their rights: roles, share links, handing over.
//!
//! Only forms of server-rendered pages ask for this. It is no part of `Command`, so the wasm does not carry it. Its effects
//! in a list are ordinary changes, so every open page follows. Links are not in the log: what happens to one is a
//! [`LinkChange`].

mod invitation;
mod leave;
mod link;
mod role_limit;

use crate::{
    Account, Attribution, Change, Decision, LinkId, List, PersonId, Profile, Refusal, Role, Timestamp, Topic,
};

pub use invitation::{Invitation, accept_invitation, may_invite};
pub use leave::{Departure, leave};
pub use link::{Link, LinkState};
pub use role_limit::RoleLimit;

/// A command about the members of a list.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Sharing {
    /// Changes the role of a member. Owners only, also for other owners and themselves, as long as one owner stays.
    SetRole {
        /// The member whose role is set.
        person: PersonId,
        /// The new role.
        role: Role,
    },
    /// Makes a member the owner in place of the sender, who becomes an editor.
    HandOver {
        /// The member who becomes the owner.
        person: PersonId,
    },
    /// Makes a link by which others get in. Nobody gives away more than they have, and a viewer nothing.
    MakeLink {
        /// Its id, made by the sender.
        link: LinkId,
        /// The role of people who join by it. Ownership is given by name, never by an address.
        role: Role,
        /// When it stops working, if ever.
        expires: Option<Timestamp>,
        /// How many people it lets in, if not any number.
        most_uses: Option<u32>,
    },
    /// Revokes a link: one's own, or as an owner anybody's.
    RevokeLink {
        /// The link to revoke.
        link: LinkId,
        /// Whether the people who joined by it are removed, too. Owners only.
        and_remove: bool,
    },
}

/// What a decision needs to know apart from the list and the sender.
#[derive(Clone, Copy, Debug)]
pub struct SharingFacts<'a> {
    /// The time.
    pub at: Timestamp,
    /// The link that the command is about, if that is one of this list.
    pub link: Option<&'a Link>,
    /// The members who joined by it.
    pub came: &'a [PersonId],
    /// How many links of the list were made and not revoked.
    pub links: usize,
    /// Whether the id of the link to be made is in use.
    pub id_taken: bool,
}

/// The result of a command about sharing.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Shared {
    /// What changes in the list and for the people.
    pub decision: Decision,
    /// What happens to a link.
    pub link: Option<LinkChange>,
    /// The people who are removed.
    pub removed: Vec<PersonId>,
}

/// Why it was not done.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum NotShared {
    /// The rules say no.
    Refused(Refusal),
    /// The list has as many links as a list may. No page could be told this by a [`Refusal`], so none carries the words.
    TooManyLinks,
}

impl From<Refusal> for NotShared {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

/// What happens to a link.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum LinkChange {
    /// It was made.
    Made(Link),
    /// It was revoked.
    Revoked(LinkId),
}

impl Sharing {
    /// The link it is about, if any.
    pub const fn link(&self) -> Option<LinkId> {
        match self {
            Self::MakeLink { link, .. } | Self::RevokeLink { link, .. } => Some(*link),
            Self::SetRole { .. } | Self::HandOver { .. } => None,
        }
    }

    /// The other person it is about, if any.
    pub const fn person(&self) -> Option<PersonId> {
        match self {
            Self::SetRole { person, .. } | Self::HandOver { person } => Some(*person),
            Self::MakeLink { .. } | Self::RevokeLink { .. } => None,
        }
    }
}

/// Decides a command of `who` about sharing `list`, if that exists.
pub fn decide_sharing(
    command: &Sharing,
    who: &Account,
    list: Option<&List>,
    facts: SharingFacts<'_>,
) -> Result<Shared, NotShared> {
    let list = list.ok_or(Refusal::NotFound)?;
    let mine = list.role(who.person).ok_or(Refusal::NotFound)?;
    match *command {
        Sharing::SetRole { person, role } => {
            if !mine.can_manage() {
                return Err(Refusal::OwnerOnly.into());
            }
            Ok(decided(set_role(list, person, role)?))
        }
        Sharing::HandOver { person } => {
            if !mine.can_manage() {
                return Err(Refusal::OwnerOnly.into());
            }
            Ok(decided(hand_over(list, who.person, person)?))
        }
        Sharing::MakeLink {
            link,
            role,
            expires,
            most_uses,
        } => {
            if !mine.can_edit() {
                return Err(Refusal::ReadOnly.into());
            }
            if role.can_manage() {
                return Err(Refusal::OwnerOnly.into());
            }
            if facts.id_taken {
                return Err(Refusal::IdTaken.into());
            }
            if facts.links >= Link::MOST {
                return Err(NotShared::TooManyLinks);
            }
            let made = Attribution {
                by: who.person,
                at: facts.at,
            };
            let link = Link::new(link, list.id, role, made, expires, most_uses);
            Ok(Shared {
                link: Some(LinkChange::Made(link)),
                ..Shared::default()
            })
        }
        Sharing::RevokeLink { and_remove, .. } => {
            let link = facts.link.ok_or(Refusal::NotFound)?;
            if !mine.can_manage() && (and_remove || link.made.by != who.person) {
                return Err(Refusal::OwnerOnly.into());
            }
            let removed = if and_remove {
                came_only(list, facts.came)
            } else {
                Vec::new()
            };
            Ok(Shared {
                decision: remove(list, &removed),
                link: link.revoked.is_none().then_some(LinkChange::Revoked(link.id)),
                removed,
            })
        }
    }
}

/// Lets somebody in by a link, or gives them its role. Expired, used up, revoked and unknown links get the same answer.
/// A member who has the role already is let in even if the link no longer works.
pub fn join(
    who: &Account,
    list: Option<&List>,
    link: Option<&Link>,
    at: Timestamp,
) -> Result<Decision, Refusal> {
    let (list, link) = list.zip(link).ok_or(Refusal::LinkInvalid)?;
    let now = list.role(who.person);
    if link.list == list.id && now >= Some(link.role) {
        return Ok(vec![]);
    }
    if link.state(list, at) != LinkState::Works {
        return Err(Refusal::LinkInvalid);
    }
    if now.is_none() && who.lists.len() >= Account::MOST_LISTS {
        return Err(Refusal::TooManyLists);
    }
    Ok(has_role(list, &[(who.person, link.role, who.profile.clone())]))
}

/// Those of these people who are members and not owners: an owner was chosen by name, not by having an address.
fn came_only(list: &List, came: &[PersonId]) -> Vec<PersonId> {
    let is_guest = |person: &&PersonId| list.role(**person).is_some_and(|role| !role.can_manage());
    came.iter().filter(is_guest).copied().collect()
}

fn set_role(list: &List, person: PersonId, role: Role) -> Result<Decision, Refusal> {
    let member = list.members.get(&person).ok_or(Refusal::NotFound)?;
    if member.role == role {
        return Ok(vec![]);
    }
    if member.role.can_manage() && list.owners() == 1 {
        return Err(Refusal::LastOwner);
    }
    Ok(has_role(list, &[(person, role, member.profile.clone())]))
}

fn hand_over(list: &List, from: PersonId, to: PersonId) -> Result<Decision, Refusal> {
    let profile = |person| list.members.get(&person).map(|member| member.profile.clone());
    let (mine, theirs) = profile(from).zip(profile(to)).ok_or(Refusal::NotFound)?;
    if from == to {
        return Ok(vec![]);
    }
    // The new owner comes first, so that at every place in the log there is one.
    Ok(has_role(
        list,
        &[(to, Role::Owner, theirs), (from, Role::Editor, mine)],
    ))
}

/// A person's own row comes before the list's. Their stream then has the list before its rows, and their page draws the list
/// with the new role.
fn has_role(list: &List, people: &[(PersonId, Role, Profile)]) -> Decision {
    let joined = |(person, role, profile): &(PersonId, Role, Profile)| Change::MemberJoined {
        person: *person,
        role: *role,
        profile: profile.clone(),
    };
    let theirs = |(person, role, _): &(PersonId, Role, Profile)| {
        let (list, role) = (list.id, *role);
        (Topic::Person(*person), vec![Change::ListJoined { list, role }])
    };
    let here = (Topic::List(list.id), people.iter().map(joined).collect());
    people.iter().map(theirs).chain([here]).collect()
}

fn remove(list: &List, people: &[PersonId]) -> Decision {
    if people.is_empty() {
        return Vec::new();
    }
    let left = |person: &PersonId| Change::MemberLeft { person: *person };
    let theirs = |person: &PersonId| (Topic::Person(*person), vec![Change::ListLeft { list: list.id }]);
    let here = (Topic::List(list.id), people.iter().map(left).collect());
    std::iter::once(here).chain(people.iter().map(theirs)).collect()
}

fn decided(decision: Decision) -> Shared {
    Shared {
        decision,
        ..Shared::default()
    }
}
