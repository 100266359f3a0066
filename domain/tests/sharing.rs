//! Who may do what to members and links: a table with every role.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "what a test is given parses, and what it asks for is there"
)]

#[path = "support/home.rs"]
mod home;

use domain::Role::{Editor, Owner, Viewer};
use domain::{
    Account, Attribution, Change, Link, LinkChange, LinkId, LinkState, List, ListId, NotShared, PersonId,
    Refusal, Role, RoleLimit, Shared, Sharing, SharingFacts, Timestamp, Topic, decide_sharing, join,
};
use home::{EDITOR, LIST, NOW, OWNER, STRANGER, VIEWER, account, home, list};

const LINK: LinkId = LinkId::from_bytes([2; 16]);
const EVERYONE: [PersonId; 4] = [OWNER, EDITOR, VIEWER, STRANGER];

fn link(role: Role, by: PersonId) -> Link {
    Link::new(LINK, LIST, role, Attribution { by, at: Timestamp(1) }, None, None)
}

const FACTS: SharingFacts<'static> = SharingFacts {
    at: NOW,
    link: None,
    came: &[],
    links: 0,
    id_taken: false,
};

fn ask(list: &List, who: PersonId, command: &Sharing, facts: SharingFacts<'_>) -> Result<Shared, Refusal> {
    decide_sharing(command, &account(who), Some(list), facts).map_err(|not| match not {
        NotShared::Refused(refusal) => refusal,
        NotShared::TooManyLinks => panic!("{command:?}"),
    })
}

/// What each role may come to by what was decided.
fn roles(list: &List, shared: &Shared) -> Vec<(PersonId, Role)> {
    let (mut list, stamp) = (list.clone(), Attribution { by: OWNER, at: NOW });
    for (topic, changes) in &shared.decision {
        if *topic == Topic::List(LIST) {
            changes.iter().for_each(|change| list.apply(stamp, change));
        }
    }
    let roles = list.members.iter().map(|(person, member)| (*person, member.role));
    roles.collect()
}

/// What each person's own topic says that they may do in the list from here on.
fn told(shared: &Shared) -> Vec<(PersonId, Option<Role>)> {
    let of = |(topic, changes): &(Topic, Vec<Change>)| match (topic, changes.as_slice()) {
        (Topic::Person(person), [Change::ListJoined { list: LIST, role }]) => Some((*person, Some(*role))),
        (Topic::Person(person), [Change::ListLeft { list: LIST }]) => Some((*person, None)),
        _ => None,
    };
    shared.decision.iter().filter_map(of).collect()
}

#[test]
fn only_owners_say_what_others_may_do_and_strangers_learn_nothing() {
    let commands = [
        Sharing::SetRole {
            person: VIEWER,
            role: Editor,
        },
        Sharing::HandOver { person: EDITOR },
    ];
    for command in &commands {
        for who in EVERYONE {
            let refused = ask(&home(), who, command, FACTS).err();
            let expected = match who {
                OWNER => None,
                STRANGER => Some(Refusal::NotFound),
                _ => Some(Refusal::OwnerOnly),
            };
            assert_eq!(refused, expected, "{command:?} by {who}");
        }
        let nowhere = decide_sharing(command, &account(OWNER), None, FACTS);
        assert_eq!(nowhere, Err(Refusal::NotFound.into()));
    }
}

#[test]
fn a_role_is_set_for_the_list_and_for_the_person() {
    for (person, before) in [(EDITOR, Editor), (VIEWER, Viewer)] {
        for role in [Viewer, Editor, Owner] {
            let shared = ask(&home(), OWNER, &Sharing::SetRole { person, role }, FACTS).unwrap();
            if role == before {
                assert_eq!(shared, Shared::default());
                continue;
            }
            assert!(roles(&home(), &shared).contains(&(person, role)));
            assert_eq!(told(&shared), [(person, Some(role))]);
            assert!(
                matches!(shared.decision.last(), Some((Topic::List(LIST), _))),
                "the list comes last"
            );
        }
    }
    let gone = Sharing::SetRole {
        person: STRANGER,
        role: Viewer,
    };
    assert_eq!(ask(&home(), OWNER, &gone, FACTS), Err(Refusal::NotFound));
}

#[test]
fn there_is_always_an_owner() {
    let two = list(&[(OWNER, Owner), (EDITOR, Owner)]);
    for role in [Viewer, Editor] {
        let step_down = Sharing::SetRole { person: OWNER, role };
        assert_eq!(ask(&home(), OWNER, &step_down, FACTS), Err(Refusal::LastOwner));
        let shared = ask(&two, OWNER, &step_down, FACTS).unwrap();
        assert_eq!(roles(&two, &shared), [(OWNER, role), (EDITOR, Owner)]);
        // Owners are equals.
        let demote = Sharing::SetRole { person: EDITOR, role };
        let shared = ask(&two, OWNER, &demote, FACTS).unwrap();
        assert_eq!(roles(&two, &shared), [(OWNER, Owner), (EDITOR, role)]);
    }
}

#[test]
fn who_hands_over_works_on_as_an_editor() {
    let shared = ask(&home(), OWNER, &Sharing::HandOver { person: VIEWER }, FACTS).unwrap();
    assert_eq!(
        roles(&home(), &shared),
        [(OWNER, Editor), (EDITOR, Editor), (VIEWER, Owner)]
    );
    assert_eq!(told(&shared), [(VIEWER, Some(Owner)), (OWNER, Some(Editor))]);
    let to_oneself = Sharing::HandOver { person: OWNER };
    assert_eq!(ask(&home(), OWNER, &to_oneself, FACTS), Ok(Shared::default()));
    let to_nobody = Sharing::HandOver { person: STRANGER };
    assert_eq!(ask(&home(), OWNER, &to_nobody, FACTS), Err(Refusal::NotFound));
}

#[test]
fn nobody_makes_a_link_that_gives_more_than_they_have_or_the_list_itself() {
    let make = |role| Sharing::MakeLink {
        link: LINK,
        role,
        expires: Some(Timestamp(9)),
        most_uses: Some(3),
    };
    for (who, role, expected) in [
        (OWNER, Viewer, None),
        (OWNER, Editor, None),
        (OWNER, Owner, Some(Refusal::OwnerOnly)),
        (EDITOR, Viewer, None),
        (EDITOR, Editor, None),
        (EDITOR, Owner, Some(Refusal::OwnerOnly)),
        (VIEWER, Viewer, Some(Refusal::ReadOnly)),
        (STRANGER, Viewer, Some(Refusal::NotFound)),
    ] {
        let shared = ask(&home(), who, &make(role), FACTS);
        assert_eq!(shared.clone().err(), expected, "{role:?} by {who}");
        if let Ok(shared) = shared {
            let made = Attribution { by: who, at: NOW };
            let link = Link::new(LINK, LIST, role, made, Some(Timestamp(9)), Some(3));
            assert_eq!(shared.link, Some(LinkChange::Made(link)));
            assert!(shared.decision.is_empty() && shared.removed.is_empty());
        }
    }
    let many = SharingFacts {
        links: Link::MOST,
        ..FACTS
    };
    let one_more = decide_sharing(&make(Viewer), &account(OWNER), Some(&home()), many);
    assert_eq!(one_more, Err(NotShared::TooManyLinks));
    let taken = SharingFacts {
        id_taken: true,
        ..FACTS
    };
    assert_eq!(ask(&home(), OWNER, &make(Viewer), taken), Err(Refusal::IdTaken));
}

#[test]
fn a_link_is_ended_by_an_owner_or_by_who_made_it() {
    for by in [OWNER, EDITOR] {
        let link = link(Editor, by);
        let facts = SharingFacts {
            link: Some(&link),
            came: &[VIEWER],
            ..FACTS
        };
        for (who, and_remove, expected) in [
            (OWNER, false, None),
            (OWNER, true, None),
            (EDITOR, false, (by != EDITOR).then_some(Refusal::OwnerOnly)),
            (EDITOR, true, Some(Refusal::OwnerOnly)),
            (VIEWER, false, Some(Refusal::OwnerOnly)),
            (STRANGER, false, Some(Refusal::NotFound)),
        ] {
            let revoke = Sharing::RevokeLink {
                link: LINK,
                and_remove,
            };
            let shared = ask(&home(), who, &revoke, facts);
            assert_eq!(shared.clone().err(), expected, "made by {by}, ended by {who}");
            let Ok(shared) = shared else { continue };
            assert_eq!(shared.link, Some(LinkChange::Revoked(LINK)));
            let removed: &[PersonId] = if and_remove { &[VIEWER] } else { &[] };
            assert_eq!(shared.removed, removed);
            let expected: Vec<_> = removed.iter().map(|person| (*person, None)).collect();
            assert_eq!(told(&shared), expected);
        }
    }
    let revoke = Sharing::RevokeLink {
        link: LINK,
        and_remove: false,
    };
    assert_eq!(ask(&home(), OWNER, &revoke, FACTS), Err(Refusal::NotFound));
}

#[test]
fn with_a_link_goes_who_came_by_it_but_no_owner_and_nobody_twice() {
    let home = list(&[(OWNER, Owner), (EDITOR, Owner), (VIEWER, Viewer)]);
    let mut link = link(Editor, OWNER);
    link.revoked = Some(Timestamp(5));
    let facts = SharingFacts {
        link: Some(&link),
        came: &[EDITOR, VIEWER, STRANGER],
        ..FACTS
    };
    let revoke = Sharing::RevokeLink {
        link: LINK,
        and_remove: true,
    };
    let shared = ask(&home, OWNER, &revoke, facts).unwrap();
    assert_eq!(shared.removed, [VIEWER], "also by a link that was ended before");
    assert_eq!(shared.link, None);
    assert_eq!(roles(&home, &shared), [(OWNER, Owner), (EDITOR, Owner)]);
}

#[test]
fn a_link_lets_in_as_what_it_says_and_lifts_but_never_lowers() {
    for role in [Viewer, Editor] {
        let link = link(role, OWNER);
        for who in EVERYONE {
            let decision = join(&account(who), Some(&home()), Some(&link), NOW).unwrap();
            let shared = Shared {
                decision,
                ..Shared::default()
            };
            let (before, after) = (home().role(who), roles(&home(), &shared));
            let now = after.iter().find(|(person, _)| *person == who).unwrap().1;
            assert_eq!(Some(now), before.max(Some(role)), "{who} by a link for {role:?}");
            assert_eq!(shared.decision.is_empty(), before >= Some(role));
        }
    }
    let mut busy = account(STRANGER);
    for number in 0..Account::MOST_LISTS as u64 {
        let mut id = [9; 16];
        id[..8].copy_from_slice(&number.to_be_bytes());
        busy.lists.insert(ListId::from_bytes(id), Owner);
    }
    let link = link(Viewer, OWNER);
    assert_eq!(
        join(&busy, Some(&home()), Some(&link), NOW),
        Err(Refusal::TooManyLists)
    );
}

#[test]
fn a_link_that_works_no_more_says_the_same_whatever_the_reason() {
    use LinkState::{Expired, MakerGone, Revoked, UsedUp, Works};
    let base = link(Editor, OWNER);
    let with = |set: fn(&mut Link)| {
        let mut link = base.clone();
        set(&mut link);
        link
    };
    let cases = [
        (base.clone(), Works),
        (with(|link| link.expires = Some(Timestamp(1_001))), Works),
        (with(|link| link.expires = Some(NOW)), Expired),
        (with(|link| (link.most_uses, link.uses) = (Some(2), 1)), Works),
        (with(|link| (link.most_uses, link.uses) = (Some(2), 2)), UsedUp),
        (with(|link| link.revoked = Some(Timestamp(5))), Revoked),
        (with(|link| link.list = ListId::from_bytes([7; 16])), Revoked),
        (link(Editor, EDITOR), Works),
        (link(Editor, VIEWER), MakerGone),
        (link(Viewer, VIEWER), MakerGone),
        (link(Viewer, STRANGER), MakerGone),
    ];
    for (link, state) in cases {
        assert_eq!(link.state(&home(), NOW), state, "{link:?}");
        let joined = join(&account(STRANGER), Some(&home()), Some(&link), NOW);
        assert_eq!(
            joined.err(),
            (state != Works).then_some(Refusal::LinkInvalid),
            "{link:?}"
        );
        // Who is at home there needs no link, unless they want more than they have.
        if link.list == LIST {
            assert_eq!(join(&account(OWNER), Some(&home()), Some(&link), NOW), Ok(vec![]));
        }
    }
    let dead = with(|link| link.revoked = Some(Timestamp(5)));
    assert_eq!(
        join(&account(VIEWER), Some(&home()), Some(&dead), NOW),
        Err(Refusal::LinkInvalid)
    );
    for (list, link) in [(None, Some(&base)), (Some(&home()), None), (None, None)] {
        assert_eq!(
            join(&account(STRANGER), list, link, NOW),
            Err(Refusal::LinkInvalid)
        );
    }
}

#[test]
fn a_link_gives_nobody_more_than_an_owner_has_left_them_and_an_owners_newer_word_does() {
    let limit = |role| RoleLimit { role, since: NOW };
    for (role, most, left) in [
        (Editor, None, None),
        (Viewer, None, None),
        (Editor, Some(Viewer), Some(Viewer)),
        (Viewer, Some(Viewer), Some(Viewer)),
    ] {
        let link = link(role, OWNER);
        let within = link.within(Some(limit(most)));
        assert_eq!(within.map(|link| link.role), left, "{role:?} {most:?}");
        assert_eq!(link.within(None).as_ref(), Some(&link));
    }
    // The limit after somebody has a role.
    for (most, role, left) in [
        (None, Viewer, Some(limit(Some(Viewer)))),
        (None, Editor, Some(limit(Some(Editor)))),
        (None, Owner, None),
        (Some(Viewer), Viewer, Some(limit(Some(Viewer)))),
        (Some(Viewer), Editor, Some(limit(Some(Editor)))),
        (Some(Viewer), Owner, None),
        (Some(Editor), Viewer, Some(limit(Some(Editor)))),
        (Some(Editor), Owner, None),
    ] {
        assert_eq!(limit(most).after(role), left, "{most:?} {role:?}");
    }
}
