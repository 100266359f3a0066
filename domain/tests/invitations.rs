//! Asking people into a list by name: a table with every role.
#![expect(
    clippy::unwrap_used,
    reason = "what a test is given parses, and what it asks for is there"
)]

#[path = "support/home.rs"]
mod home;

use domain::Role::{Editor, Owner, Viewer};
use domain::{
    Account, Attribution, Change, Invitation, List, ListId, PersonId, Refusal, Role, RoleLimit, Timestamp,
    Topic, accept_invitation, may_invite,
};
use home::{EDITOR, LIST, NOW, OWNER, STRANGER, VIEWER, account, home, list, profile};

#[test]
fn nobody_asks_others_to_more_than_they_may_do_themselves() {
    for (mine, role, outcome) in [
        (None, Viewer, Err(Refusal::NotFound)),
        (Some(Viewer), Viewer, Err(Refusal::ReadOnly)),
        (Some(Editor), Viewer, Ok(())),
        (Some(Editor), Editor, Ok(())),
        (Some(Editor), Owner, Err(Refusal::OwnerOnly)),
        (Some(Owner), Owner, Ok(())),
    ] {
        assert_eq!(may_invite(mine, role), outcome, "{mine:?} asks to be {role:?}");
    }
}

fn invitation(role: Role, by: PersonId) -> Invitation {
    Invitation {
        list: LIST,
        role,
        made: Attribution { by, at: Timestamp(1) },
    }
}

#[test]
fn who_was_asked_comes_as_what_they_were_asked_to_be_and_is_never_less_than_before() {
    let come = |person, invitation: &Invitation| {
        accept_invitation(&account(person), Some(&home()), Some(invitation), NOW)
    };
    let decision = come(STRANGER, &invitation(Editor, OWNER)).unwrap();
    let joined = Change::MemberJoined {
        person: STRANGER,
        role: Editor,
        profile: profile(),
    };
    let theirs = Change::ListJoined {
        list: LIST,
        role: Editor,
    };
    assert_eq!(
        decision,
        [
            (Topic::Person(STRANGER), vec![theirs]),
            (Topic::List(LIST), vec![joined])
        ]
    );
    assert_eq!(come(VIEWER, &invitation(Editor, OWNER)).unwrap().len(), 2);
    assert_eq!(come(EDITOR, &invitation(Viewer, OWNER)), Ok(vec![]));
    assert_eq!(come(OWNER, &invitation(Owner, OWNER)), Ok(vec![]));
}

#[test]
fn an_invitation_ends_with_its_time_and_with_the_right_of_who_asked() {
    let come = |invitation: Option<&Invitation>, list: &List, at| {
        accept_invitation(&account(STRANGER), Some(list), invitation, at)
    };
    let gone = Err(Refusal::NotFound);
    let by_editor = invitation(Editor, EDITOR);
    let end = Timestamp(1 + Invitation::LASTS);
    assert!(come(Some(&by_editor), &home(), Timestamp(end.0 - 1)).is_ok());
    assert_eq!(come(Some(&by_editor), &home(), end), gone);
    assert_eq!(come(None, &home(), NOW), gone);
    let without = list(&[(OWNER, Owner)]);
    assert_eq!(come(Some(&by_editor), &without, NOW), gone);
    let lowered = list(&[(OWNER, Owner), (EDITOR, Viewer)]);
    assert_eq!(come(Some(&by_editor), &lowered, NOW), gone);
    assert_eq!(come(Some(&invitation(Owner, EDITOR)), &home(), NOW), gone);
    let elsewhere = Invitation {
        list: ListId::from_bytes([9; 16]),
        ..by_editor
    };
    assert_eq!(come(Some(&elsewhere), &home(), NOW), gone);
    let mut full = account(STRANGER);
    for number in 0..Account::MOST_LISTS {
        let mut id = [7; 16];
        id[..8].copy_from_slice(&(number as u64).to_be_bytes());
        full.lists.insert(ListId::from_bytes(id), Viewer);
    }
    assert_eq!(
        accept_invitation(&full, Some(&home()), Some(&by_editor), NOW),
        Err(Refusal::TooManyLists)
    );
}

#[test]
fn an_invitation_goes_beyond_what_an_owner_has_said_only_as_an_owners_newer_word() {
    let since = |at, role| {
        Some(RoleLimit {
            role,
            since: Timestamp(at),
        })
    };
    // Made at 1.
    for (makers, limit, left) in [
        (Owner, None, Some(Editor)),
        (Editor, None, Some(Editor)),
        (Owner, since(0, None), Some(Editor)),
        (Owner, since(1, None), None),
        (Owner, since(2, Some(Viewer)), Some(Viewer)),
        (Editor, since(0, None), None),
        (Editor, since(0, Some(Viewer)), Some(Viewer)),
    ] {
        let within = invitation(Editor, OWNER).within(limit, Some(makers));
        assert_eq!(
            within.map(|invitation| invitation.role),
            left,
            "{makers:?} {limit:?}"
        );
    }
}
