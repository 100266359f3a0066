//! What becomes of a list when somebody in it leaves the house for good.

use crate::{Change, Decision, List, PersonId, Role, Topic};

/// What becomes of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Departure {
    /// What changes in the list and for the people.
    pub decision: Decision,
    /// Whether nobody is in the list any more: then it goes.
    pub is_last: bool,
}

/// Takes somebody out of a list, whoever they are in it. Where they are its only owner, the first of the `heirs` who is in it
/// owns it from here on; none if there is no such heir, but somebody: then it has to be asked again with others.
///
/// The new owner comes first, so at no place in the log has the list none.
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
