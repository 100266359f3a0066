//! Newcomers, share links, members, profiles.

use backend::{Error, parse_code};
use domain::Refusal;
use domain::{
    AccountCommand, Change, Colour, Command, ListCommand, ListId, ListName, PersonName, Profile, Role, Seq,
    Version,
};

use crate::world::{TestBackend, changes, fresh, opening, rows, until};

fn profile(name: &str) -> Profile {
    Profile {
        name: PersonName::parse(name).unwrap(),
        colour: Colour::parse(3).unwrap(),
    }
}

#[tokio::test]
async fn opening_a_page_writes_nothing_and_the_first_command_writes_what_was_shown() {
    let test = TestBackend::new().await;
    let mut ana = test.page("ana");
    let before = test.lists().overview(&ana.visitor).await.unwrap();
    assert_eq!((before.head, before.account.version), (Seq::ZERO, Version::ZERO));
    assert_eq!(before.lists[&ana.list].open, 3);
    let shown = ana.see().await;
    assert_eq!((shown.version, test.head().await), (Version::ZERO, Seq::ZERO));

    let task = ana.add("Milk").await;
    let after = test.lists().overview(&ana.visitor).await.unwrap();
    assert_eq!(
        (after.head, after.account.version, after.lists[&ana.list].version),
        (Seq(3), Version(1), Version(2))
    );
    assert_eq!(after.account.profile, before.account.profile);
    let mut now = ana.see().await;
    assert!(now.take(task).is_some());
    now.version = Version::ZERO;
    assert_eq!(now, shown);
    test.sound().await;
}

#[tokio::test]
async fn a_newcomers_stream_carries_their_first_rows() {
    let test = TestBackend::new().await;
    let mut ana = test.page("ana");
    let mut stream = ana.stream(None).await;
    assert_eq!(opening(&mut stream).await.len(), 2);
    ana.add("Milk").await;
    let events = until(&mut stream, Seq(3)).await;
    let rows = rows(&events);
    assert_eq!(
        rows.iter().map(|row| row.version).collect::<Vec<_>>(),
        [Version(1), Version(1), Version(2)]
    );
    assert_eq!(
        rows.iter().map(|row| row.client).collect::<Vec<_>>(),
        [None, None, Some(ana.client)]
    );
}

#[tokio::test]
async fn a_newcomer_whose_ids_are_taken_starts_without_a_list_and_harms_nobody() {
    let test = TestBackend::new().await;
    let (mut ana, mut ben) = (test.page("ana"), test.page("ben"));
    let name = ListName::parse("Squatted").unwrap();
    ben.done(Command::Account(AccountCommand::CreateList {
        list: ana.list,
        name: name.clone(),
    }))
    .await;
    let work = ListId::from_bytes(fresh());
    ana.done(Command::Account(AccountCommand::CreateList { list: work, name }))
        .await;
    let overview = test.lists().overview(&ana.visitor).await.unwrap();
    assert_eq!(overview.lists.keys().collect::<Vec<_>>(), [&work]);
    assert!(matches!(
        test.lists().snapshot(&ana.visitor, ana.list, None).await,
        Err(Error::Refused(Refusal::NotFound))
    ));
    test.sound().await;
}

#[tokio::test]
async fn a_link_lets_in_whoever_has_its_code_also_to_a_list_that_was_only_shown() {
    let test = TestBackend::new().await;
    let (ana, mut ben) = (test.page("ana"), test.page("ben"));
    let code = test.code(&ana).await;
    assert_eq!(parse_code(&code), Some(ana.list));
    let mut wrong = code.clone();
    wrong.replace_range(63.., if code.ends_with('A') { "E" } else { "A" });
    for code in [wrong, String::new(), "x".repeat(10_000)] {
        assert_eq!(
            ben.refused(Command::Account(AccountCommand::Join { list: ana.list, code }))
                .await,
            "link_invalid"
        );
    }
    let join = Command::Account(AccountCommand::Join { list: ana.list, code });
    ben.done(join.clone()).await;
    let again = ben.done(join).await;
    assert_eq!(again, test.head().await, "joining twice changes nothing");
    ben.list = ana.list;
    ben.add("From Ben").await;
    assert_eq!(ana.see().await.role(ben.visitor.person()), Some(Role::Editor));
    assert_eq!(ana.titles().await.last().unwrap(), "From Ben");
    test.sound().await;
}

#[tokio::test]
async fn a_new_name_reaches_every_list_in_memory_or_not() {
    for cache_bytes in [1, 1_000_000] {
        let test = TestBackend::with(|config| config.cache_bytes = cache_bytes).await;
        let mut ana = test.page("ana");
        ana.add("Milk").await;
        let mut ben = test.member("ben", &ana).await;
        let mut stream = ana.stream(None).await;
        opening(&mut stream).await;
        ben.done(Command::Account(AccountCommand::SetProfile {
            profile: profile("Benedikt"),
        }))
        .await;
        let events = until(&mut stream, Seq(1)).await;
        assert!(
            matches!(changes(&events)[..], [Change::MemberRenamed { .. }]),
            "{events:?}"
        );
        assert_eq!(
            ana.see().await.members[&ben.visitor.person()].profile,
            profile("Benedikt")
        );
        ana.add("Bread").await;
        test.sound().await;
    }
}

#[tokio::test]
async fn leaving_and_coming_back_leaves_the_tables_as_the_log_says() {
    let test = TestBackend::new().await;
    let mut ana = test.page("ana");
    ana.add("Milk").await;
    let mut ben = test.member("ben", &ana).await;
    let code = test.code(&ana).await;
    let leave = Command::List(
        ana.list,
        ListCommand::RemoveMember {
            person: ben.visitor.person(),
        },
    );
    let join = Command::Account(AccountCommand::Join { list: ana.list, code });
    ben.done(leave.clone()).await;
    test.sound().await;
    let push = ben.push([
        (3, join.clone()),
        (4, leave.clone()),
        (5, join.clone()),
        (6, leave),
        (7, join),
    ]);
    ben.send(push).await;
    assert!(ana.see().await.role(ben.visitor.person()).is_some());
    test.sound().await;
}
