//! The time between the deletion of an account and when all of it is erased: nobody reads anything of it, and nothing stops it for good.

use std::time::Duration;

use backend::{Device, Filter, GONE};
use domain::wire::Cursor;
use domain::{AccountCommand, Colour, Command, PersonName, Profile, Seq};

use crate::sign_in::PASSWORD;
use crate::world::{Page, SHELL, TestBackend, opening};

impl TestBackend {
    /// Waits until nothing is left that is to be erased.
    pub(crate) async fn erased(&self) {
        let gone = async {
            while self.count("select count(*) from erasures", b"").await > 0 {
                tokio::task::yield_now().await;
            }
        };
        let in_time = tokio::time::timeout(Duration::from_secs(60), gone).await;
        assert!(in_time.is_ok(), "something is never erased");
    }

    /// As if the log could not be written of the person who was deleted first: it can be erased of nobody else in their place.
    async fn holds_the_first(&self) {
        self.behind_its_back(
            "create trigger held before update on log
             when old.topic = (select person_id from erasures order by id limit 1) begin select raise(abort, 'held'); end",
        )
        .await;
    }
}

/// Somebody with an account, called like that, in a list of Bob's and alone in one of their own.
async fn called(test: &TestBackend, bob: &Page, name: &str) -> Page {
    let guest = test.member(name, bob).await;
    let signed_up = test
        .accounts()
        .sign_up(
            &guest.visitor,
            &crate::sign_in::name(name),
            PASSWORD,
            Device::default(),
        )
        .await;
    let mut page = Page::new(test.backend.clone(), signed_up.unwrap().visitor);
    let profile = Profile {
        name: PersonName::parse(&format!("{name} the First")).unwrap(),
        colour: Colour::default(),
    };
    page.done(Command::Account(AccountCommand::SetProfile { profile }))
        .await;
    page.add(&format!("Of {name} alone")).await;
    page
}

const NAMED: &str = "select count(*) from log where instr(changes, $1) > 0";

#[tokio::test]
async fn what_cannot_be_erased_keeps_nothing_else_and_is_tried_again_after_a_restart() {
    let test = TestBackend::new().await;
    let mut bob = test.page("bob");
    bob.add("Milk").await;
    let (ana, carl) = (
        called(&test, &bob, "ana").await,
        called(&test, &bob, "carl").await,
    );
    test.holds_the_first().await;
    for page in [&ana, &carl] {
        let person = page.visitor.person();
        test.accounts()
            .depart(SHELL, person, &Default::default())
            .await
            .unwrap();
    }
    // Of Carl all goes, and of Ana what can go.
    let left = "select count(*) from erasures where kind <> 'own' or person_id <> $1";
    let all_but_that = async {
        while test.count(left, ana.visitor.person().as_bytes()).await > 0 {
            tokio::task::yield_now().await;
        }
    };
    let in_time = tokio::time::timeout(Duration::from_secs(60), all_but_that).await;
    assert!(in_time.is_ok(), "what is held keeps the rest");
    assert_eq!(test.count(NAMED, b"carl the First").await, 0);
    assert_eq!(test.count(NAMED, b"Of ana alone").await, 0);
    assert!(test.count(NAMED, b"ana the First").await > 0, "it is held");
    let bob = bob.catch_up();
    drop((ana, carl));
    let test = test.altered("drop trigger held").await;
    test.erased().await;
    assert_eq!(test.count(NAMED, b"ana the First").await, 0);
    test.sound().await;
    drop(test.back(bob));
}

#[tokio::test]
async fn nobody_reads_a_name_that_is_still_to_be_erased() {
    let test = TestBackend::new().await;
    let mut bob = test.page("bob");
    bob.add("Milk").await;
    let ana = called(&test, &bob, "ana").await;
    test.holds_the_first().await;
    let person = ana.visitor.person();
    test.accounts()
        .depart(SHELL, person, &Default::default())
        .await
        .unwrap();
    assert!(
        test.count(NAMED, b"ana the First").await > 0,
        "it is still on disk"
    );
    let since = bob.cursor(Seq::ZERO);
    let read = test
        .live()
        .changes(&bob.visitor, Some(&since), Filter::default(), Duration::ZERO)
        .await
        .unwrap();
    let mut said: Vec<String> = read
        .iter()
        .map(|frame| String::from_utf8_lossy(frame.bytes()).into_owned())
        .collect();
    assert!(said.iter().any(|said| said.contains(GONE)), "{said:?}");
    let mut stream = bob.stream(Some(&since)).await;
    said.extend(
        opening(&mut stream)
            .await
            .iter()
            .map(|event| format!("{event:?}")),
    );
    let missed = test
        .lists()
        .catch_up(&bob.visitor, bob.list, &Cursor::parse(&since).unwrap())
        .await
        .unwrap();
    said.push(format!("{missed:?}"));
    said.push(format!("{:?}", bob.see().await));
    for said in said {
        assert!(!said.contains("ana the First"), "{said}");
    }
}

#[tokio::test]
async fn nobody_comes_by_a_link_into_a_list_that_is_still_to_be_erased() {
    let test = TestBackend::new().await;
    let mut bob = test.page("bob");
    bob.add("Milk").await;
    let ana = called(&test, &bob, "ana").await;
    let code = test.code(&ana).await;
    test.behind_its_back("create trigger held before update on log begin select raise(abort, 'held'); end")
        .await;
    let person = ana.visitor.person();
    test.accounts()
        .depart(SHELL, person, &Default::default())
        .await
        .unwrap();
    let there = test
        .count(
            "select count(*) from links where list_id = $1",
            ana.list.as_bytes(),
        )
        .await;
    assert_eq!(there, 1, "it is still on disk");
    let join = |code| Command::Account(AccountCommand::Join { list: ana.list, code });
    let refused = bob.refused(join(code)).await;
    let unknown = bob.refused(join(test.code(&bob).await)).await;
    assert_eq!(refused, unknown, "as one that never was");
    assert!(test.lists().snapshot(&bob.visitor, ana.list, None).await.is_err());
}
