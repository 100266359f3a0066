//! Who is in a list and what they may do there: roles, share links, handing over.
//!
//! Only forms that the server draws ask for this, so it stands apart from `Command`: the browser's half calls none of it
//! and carries none of it. What it changes in a list is said by the same changes as everything else, so every open page
//! follows. Links themselves are no page's business: what happens to one is [`LinkChange`], which is not in the log.

mod invitation;
mod leave;
mod link;

use crate::{
    Account, Attribution, Change, Decision, LinkId, List, PersonId, Profile, Refusal, Role, Timestamp, Topic,
};

pub use invitation::{Invitation, accept_invitation, may_invite};
pub use leave::{Departure, leave};
pub use link::{Link, LinkState};

/// Something asked about who is in a list.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Sharing {
    /// Lets a member do more or less. Owners only; owners may do so to each other, and to themselves, as long as one stays.
    SetRole {
        /// The member whose role is set.
        person: PersonId,
        /// What they may do from here on.
        role: Role,
    },
    /// Makes a member the owner in place of oneself, who works on as an editor.
    HandOver {
        /// The member who becomes the owner.
        person: PersonId,
    },
    /// Makes a link by which others get in. Nobody gives away more than they have, and a viewer nothing.
    MakeLink {
        /// Its id, made by the asker.
        link: LinkId,
        /// What whoever comes by it may do. Ownership is given by name and not to whoever holds an address.
        role: Role,
        /// When it stops working, if ever.
        expires: Option<Timestamp>,
        /// How many people it lets in, if not any number.
        most_uses: Option<u32>,
    },
    /// Ends a link: one's own, or as an owner anyone's.
    RevokeLink {
        /// The link to revoke.
        link: LinkId,
        /// Takes everyone out who came by it, too. Owners only.
        and_remove: bool,
    },
}

/// What deciding needs to know beside the list and who asks.
#[derive(Clone, Copy, Debug)]
pub struct SharingFacts<'a> {
    /// The time.
    pub at: Timestamp,
    /// The link that the command is about, if that is one of this list.
    pub link: Option<&'a Link>,
    /// The members who came by it.
    pub came: &'a [PersonId],
    /// How many links of the list were made and not revoked.
    pub links: usize,
    /// Whether the id of the link to be made is in use.
    pub id_taken: bool,
}

/// What a command about sharing comes to.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Shared {
    /// What changes in the list and for the people.
    pub decision: Decision,
    /// What happens to a link.
    pub link: Option<LinkChange>,
    /// Who is taken out.
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
    /// It is there now.
    Made(Link),
    /// It lets nobody in any more.
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

/// Lets somebody in by a link, or lets them do what it gives. Expired, used up, revoked and never there are the same to
/// whoever asks. Who may do as much already is not stopped by a link that works no more: it is where they are at home.
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

/// The members of those who are no owners: who was made one by name is not taken for somebody who only had an address.
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
    // The new owner first: at no place in the log is there none.
    Ok(has_role(
        list,
        &[(to, Role::Owner, theirs), (from, Role::Editor, mine)],
    ))
}

/// Each person hears what they may do before the list does: so their stream hears of a list that is new to them, and their page
/// draws the list as what it has become.
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
