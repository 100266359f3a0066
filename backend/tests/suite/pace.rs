//! What one person may have written: so much text at once, so many rows, and so much in one list.

use backend::{Error, Quotas, Terms};
use domain::wire::Reply;
use domain::{
    AccountCommand, Colour, Command, Field, ListCommand, ListId, ListName, Notes, PersonName, Profile,
};

use crate::world::{Page, TestBackend, add, fresh, set_notes};

#[tokio::test]
async fn one_person_writes_so_much_and_others_write_on() {
    let test = TestBackend::with(|config| {
        config.quotas = Quotas {
            written: 1024 * 1024,
            ..Quotas::default()
        };
    })
    .await;
    let (here, there) = ([192, 0, 2, 1].into(), [192, 0, 2, 2].into());
    let mut ana = test.page("ana");
    let task = ana.add("Oats").await;
    let text = |number: u64| match number {
        0 => String::new(),
        number => format!("{number} {}", "x".repeat(60_000)),
    };
    let written = async |page: &mut Page, task, number: u64| {
        let command = set_notes(page.list, task, &text(number), &text(number + 1));
        backend::from_address(here, page.ask(command)).await
    };
    let mut times = 0;
    let refused = loop {
        match written(&mut ana, task, times).await {
            Ok(_) => times += 1,
            Err(error) => break error,
        }
        assert!(times < 100, "there is no end to it");
    };
    assert!((16..=18).contains(&times), "{times}");
    assert!(
        matches!(refused, Error::TooMuchText { seconds: 1.. }),
        "{refused}"
    );
    // Other guests of that address have a share together.
    let mut guests = 0;
    while guests < 100 {
        let mut guest = test.page(&format!("guest {guests}"));
        let task = backend::from_address(there, guest.add("Oats")).await;
        if written(&mut guest, task, 0).await.is_err() {
            break;
        }
        guests += 1;
    }
    assert!((48..=56).contains(&guests), "{guests}");
    // Whoever is elsewhere writes on, and what was refused is asked again under its number.
    let mut bob = test.page("bob");
    backend::from_address(there, bob.add("Milk")).await;
    test.sound().await;
}

#[tokio::test]
async fn of_a_push_one_profile_is_told_and_not_without_end() {
    let test = TestBackend::new().await;
    let mut ana = test.page("ana");
    for n in 0..499 {
        let list = ListId::from_bytes(fresh());
        let name = ListName::parse(&format!("List {n}")).unwrap();
        ana.done(Command::Account(AccountCommand::CreateList { list, name }))
            .await;
    }
    let named = |number: u64| {
        Command::Account(AccountCommand::SetProfile {
            profile: Profile {
                name: PersonName::parse(&format!("Ana {number}")).unwrap(),
                colour: Colour::parse(3).unwrap(),
            },
        })
    };
    let before = test.head().await;
    let hundred = |page: &Page, from: u64| {
        let first = page.command_seq.0 + 1;
        page.push((0..100).map(|n| (first + n, named(from + n))))
    };
    let reply = ana.send(hundred(&ana, 0)).await;
    let Reply::Answered { answers, .. } = reply else {
        panic!("{reply:?}")
    };
    assert_eq!(answers.len(), 1, "the others are to be sent again");
    ana.command_seq.0 += 1;
    assert_eq!(test.head().await.0 - before.0, 501, "it is told to each list");
    let name = test
        .lists()
        .overview(&ana.visitor)
        .await
        .unwrap()
        .account
        .profile
        .name;
    assert_eq!(name.as_str(), "Ana 0");
    let mut times = 1;
    let refused = loop {
        match test.backend.push(&ana.visitor, hundred(&ana, times * 100)).await {
            Ok(_) => ana.command_seq.0 += 1,
            Err(error) => break error,
        }
        times += 1;
        assert!(times < 10, "there is no end to it");
    };
    assert!(matches!(refused, Error::TooOften { seconds: 1.. }), "{refused}");
    ana.add("Edits go on").await;
    test.sound().await;
}

#[tokio::test]
async fn a_list_holds_so_much_text_and_may_always_be_made_shorter() {
    let test = TestBackend::with(|config| {
        config.quotas = Quotas {
            list: 10_000,
            ..Quotas::default()
        };
    })
    .await;
    let mut ana = test.page("ana");
    let task = ana.add("Oats").await;
    let long = "x".repeat(8_000);
    ana.done(set_notes(ana.list, task, "", &long)).await;
    let other = ana.add("Rope").await;
    assert_eq!(
        ana.refused(set_notes(ana.list, other, "", &"y".repeat(2_000)))
            .await,
        "list_too_large"
    );
    ana.done(Command::List(ana.list, ListCommand::Delete { task }))
        .await;
    assert_eq!(
        ana.refused(set_notes(ana.list, other, "", &"y".repeat(2_000)))
            .await,
        "list_too_large",
        "what is in the trash is there"
    );
    ana.done(Command::List(ana.list, ListCommand::Restore { task }))
        .await;
    // Without a base what is there stays, and this comes to it.
    let more = Field::Notes(Notes::parse(&"z".repeat(2_000)).unwrap());
    let more = Command::List(ana.list, ListCommand::set(task, more));
    assert_eq!(ana.refused(more).await, "list_too_large");
    ana.done(set_notes(ana.list, task, &long, "shorter")).await;
    ana.done(set_notes(ana.list, other, "", &"y".repeat(2_000))).await;
    test.sound().await;
    // The next server counts on.
    drop(ana);
    let test = test.reopen(|_| {}).await;
    let mut bob = test.page("bob");
    let mut added = 0;
    loop {
        let (_, command) = add(bob.list, &"z".repeat(400));
        match bob.ask(command).await.unwrap() {
            domain::wire::Outcome::Done { .. } => added += 1,
            domain::wire::Outcome::Refused { code, .. } => {
                assert_eq!(code, "list_too_large");
                break;
            }
        }
    }
    assert!((15..=20).contains(&added), "{added}");
    test.sound().await;
}

#[tokio::test]
async fn what_was_being_erased_when_the_server_stopped_is_erased_by_the_next() {
    let test = TestBackend::new().await;
    let mut ana = test.page("ana");
    for n in 0..450 {
        ana.add(&format!("Task {n}")).await;
    }
    test.made(&ana, Terms::default()).await;
    let there = "select count(*) from tasks where list_id = $1";
    assert!(test.count(there, ana.list.as_bytes()).await > 450);
    let list = ana.list;
    drop(ana);
    let test = test
        .altered(
            "delete from members;
             insert into erasures (kind, person_id, list_id, until)
             select 'list', persons.id, lists.id, 1 << 40 from lists, persons",
        )
        .await;
    let left = "select count(*) from erasures where $1 is not null";
    let mut bob = test.page("bob");
    while test.count(left, list.as_bytes()).await > 0 {
        bob.add("Others write in between").await;
    }
    let rows = "select count(*) from lists where id = $1";
    assert_eq!(test.count(rows, list.as_bytes()).await, 0);
    assert_eq!(test.count(there, list.as_bytes()).await, 0);
    let said = "select count(*) from log where topic = $1 and changes <> '[]'";
    assert_eq!(test.count(said, list.as_bytes()).await, 0);
}
