//! Whoever leaves the house: their lists, in every constellation of those who are in them.
#![expect(
    clippy::unwrap_used,
    reason = "what a test is given parses, and what it asks for is there"
)]

use domain::Role::{Editor, Owner, Viewer};
use domain::{
    Attribution, Colour, List, ListId, ListName, Member, PersonId, PersonName, Profile, Role, Timestamp,
    Topic, leave,
};

const LIST: ListId = ListId::from_bytes([1; 16]);
const ME: PersonId = PersonId::from_bytes([10; 16]);
const ONE: PersonId = PersonId::from_bytes([11; 16]);
const TWO: PersonId = PersonId::from_bytes([12; 16]);

fn list(members: &[(PersonId, Role)]) -> List {
    let mut list = List::new(LIST, ListName::parse("Home").unwrap());
    let profile = Profile {
        name: PersonName::parse("Somebody").unwrap(),
        colour: Colour::default(),
    };
    for (person, role) in members {
        let (role, profile) = (*role, profile.clone());
        list.members.insert(*person, Member { role, profile });
    }
    list
}

/// Who is in the list after that, if it can be, and whether it goes.
fn after(members: &[(PersonId, Role)], heirs: &[PersonId]) -> Option<(Vec<(PersonId, Role)>, bool)> {
    let mut list = list(members);
    let departure = leave(&list, ME, heirs)?;
    for (topic, changes) in &departure.decision {
        if *topic == Topic::List(LIST) {
            for change in changes {
                list.apply(
                    Attribution {
                        by: ME,
                        at: Timestamp(1),
                    },
                    change,
                );
                assert!(
                    list.members.is_empty() || list.owners() > 0,
                    "at no place is there no owner"
                );
            }
        }
    }
    let members = list.members.iter();
    let members = members.map(|(person, member)| (*person, member.role)).collect();
    Some((members, departure.is_last))
}

#[test]
fn in_every_constellation_the_list_keeps_an_owner_or_goes() {
    let roles = [None, Some(Viewer), Some(Editor), Some(Owner)];
    for mine in [Viewer, Editor, Owner] {
        for (one, two) in roles.into_iter().flat_map(|one| roles.map(|two| (one, two))) {
            let all = [(ME, Some(mine)), (ONE, one), (TWO, two)];
            let members: Vec<(PersonId, Role)> = all
                .into_iter()
                .filter_map(|(who, role)| Some((who, role?)))
                .collect();
            let owners =
                |members: &[(PersonId, Role)]| members.iter().filter(|(_, role)| *role == Owner).count();
            if owners(&members) == 0 {
                continue; // There is no such list.
            }
            let (left, goes) = after(&members, &[TWO, ONE]).unwrap();
            assert_eq!(goes, members.len() == 1, "{members:?}");
            assert!(left.iter().all(|(person, _)| *person != ME));
            assert_eq!(left.len(), members.len() - 1);
            assert!(goes || owners(&left) > 0, "{members:?} become {left:?}");
            let mut expected: Vec<(PersonId, Role)> = members
                .iter()
                .copied()
                .filter(|(person, _)| *person != ME)
                .collect();
            if owners(&expected) == 0 {
                // The first heir who is there owns it; nobody else is anything else than before.
                let heir = if two.is_some() { TWO } else { ONE };
                let heir = expected.iter_mut().find(|(person, _)| *person == heir);
                heir.into_iter().for_each(|(_, role)| *role = Owner);
            }
            assert_eq!(left, expected, "{members:?}");
        }
    }
}

#[test]
fn without_an_heir_who_is_there_it_is_asked_again() {
    let members = [(ME, Owner), (ONE, Viewer)];
    assert_eq!(after(&members, &[TWO, ME]), None);
    assert_eq!(after(&members, &[]), None);
    assert_eq!(after(&members, &[TWO, ONE]), Some((vec![(ONE, Owner)], false)));
}
