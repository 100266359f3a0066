//! A list with an owner, an editor and a viewer, and somebody who is not in it.

use domain::Role::{Editor, Owner, Viewer};
use domain::{
    Account, Colour, List, ListId, ListName, Member, PersonId, PersonName, Profile, Role, Timestamp, Version,
};

pub(crate) const LIST: ListId = ListId::from_bytes([1; 16]);
pub(crate) const OWNER: PersonId = PersonId::from_bytes([10; 16]);
pub(crate) const EDITOR: PersonId = PersonId::from_bytes([11; 16]);
pub(crate) const VIEWER: PersonId = PersonId::from_bytes([12; 16]);
pub(crate) const STRANGER: PersonId = PersonId::from_bytes([13; 16]);
pub(crate) const NOW: Timestamp = Timestamp(1_000);

pub(crate) fn profile() -> Profile {
    Profile {
        name: PersonName::parse("Somebody").unwrap(),
        colour: Colour::default(),
    }
}

pub(crate) fn account(person: PersonId) -> Account {
    Account {
        person,
        version: Version(1),
        profile: profile(),
        lists: [].into_iter().collect(),
    }
}

pub(crate) fn list(members: &[(PersonId, Role)]) -> List {
    let mut list = List::new(LIST, ListName::parse("Home").unwrap());
    for (person, role) in members {
        let (role, profile) = (*role, profile());
        list.members.insert(*person, Member { role, profile });
    }
    list
}

pub(crate) fn home() -> List {
    list(&[(OWNER, Owner), (EDITOR, Editor), (VIEWER, Viewer)])
}
