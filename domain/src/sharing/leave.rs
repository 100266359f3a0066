//! What happens to a list when a member deletes their account.

use crate::{Change, Decision, List, PersonId, Role, Topic};

/// What happens to the list.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Departure {
    /// What changes in the list and for the people.
    pub decision: Decision,
    /// Whether nobody is left on the list, so that it is deleted.
    pub is_last: bool,
}

/// Removes a member of any role from a list. If they are its only owner, the first of the `heirs` who is a member becomes the
/// owner. None if no heir is a member but somebody else is: the caller has to ask again with other heirs.
///
/// The new owner comes first, so that the list has one at every place in the log.
pub fn leave(list: &List, person: PersonId, heirs: &[PersonId]) -> Option<Departure> {
    let others = || list.members.iter().filter(|(member, _)| **member != person);
    let left = Change::MemberLeft { person };
    let theirs = (Topic::Person(person), vec![Change::ListLeft { list: list.id }]);
    if others().next().is_none() {
        return Some(Departure {
            decision: vec![(Topic::List(list.id), vec![left]), theirs],
            is_last: true,
        });
    }
    let mut decision = Decision::new();
    if !others().any(|(_, member)| member.role.can_manage()) {
        let heir = heirs.iter().filter(|heir| **heir != person);
        let (heir, member) = heir
            .filter_map(|heir| Some((*heir, list.members.get(heir)?)))
            .next()?;
        decision = super::has_role(list, &[(heir, Role::Owner, member.profile.clone())]);
    }
    decision.push((Topic::List(list.id), vec![left]));
    decision.push(theirs);
    Some(Departure {
        decision,
        is_last: false,
    })
}
