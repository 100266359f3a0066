//! Who changes their name or picture too often waits, and nothing else does.

use backend::Error;
use domain::wire::{Outcome, Reply};
use domain::{AccountCommand, Colour, Command, ListId, ListName, PersonName, Profile};

use crate::world::{Page, TestBackend, add, fresh};
use crate::written::{MIB, use_up, with_long_notes, with_quota};

fn named(number: usize) -> Command {
    Command::Account(AccountCommand::SetProfile {
        profile: Profile {
            name: PersonName::parse(&format!("Ana {number}")).unwrap(),
            colour: Colour::parse(3).unwrap(),
        },
    })
}

/// Puts somebody into so many lists more.
async fn join_lists(page: &mut Page, count: usize) {
    for n in 0..count {
        let list = ListId::from_bytes(fresh());
        let name = ListName::parse(&format!("List {n}")).unwrap();
        page.done(Command::Account(AccountCommand::CreateList { list, name }))
            .await;
    }
}

/// Changes a name as often as that is done.
async fn rename_till_refused(page: &mut Page) -> Error {
    for number in 0..100 {
        if let Err(error) = page.ask(named(number)).await {
            return error;
        }
    }
    panic!("there is no end to it");
}

#[tokio::test]
async fn a_name_that_is_changed_too_often_holds_up_nothing_else() {
    let test = TestBackend::new().await;
    let mut ana = test.page("ana");
    join_lists(&mut ana, 99).await;
    let refused = rename_till_refused(&mut ana).await;
    assert!(matches!(refused, Error::TooOften { seconds: 1.. }), "{refused}");
    // What stands before it is done, and it waits as long as it keeps nothing waiting.
    let first = ana.command_seq.0 + 1;
    let push = ana.push([(first, add(ana.list, "Before").1), (first + 1, named(500))]);
    let Reply::Answered { answers, .. } = ana.send(push).await else {
        panic!()
    };
    assert_eq!(answers.len(), 1);
    assert!(matches!(answers[0].outcome, Outcome::Done { .. }));
    ana.command_seq.0 += 1;
    // Where something stands behind it, it is refused by itself: the name is given back, and the rest goes on.
    let first = ana.command_seq.0 + 1;
    let behind = add(ana.list, "Behind").1;
    let push = ana.push([(first, named(500)), (first + 1, behind.clone())]);
    let Reply::Answered { answers, .. } = ana.send(push.clone()).await else {
        panic!()
    };
    let Outcome::Refused { code, sentence } = &answers[0].outcome else {
        panic!("{answers:?}")
    };
    assert_eq!(code, "too_often");
    assert!(sentence.contains("too often"), "{sentence}");
    ana.command_seq.0 += 1;
    ana.done(behind).await;
    // Asked again it is answered as before.
    let Reply::Answered { answers: again, .. } = ana.send(push).await else {
        panic!()
    };
    assert_eq!(again[0].outcome, answers[0].outcome);
    let titles = ana.titles().await;
    assert!(titles.contains(&"Before".to_owned()) && titles.contains(&"Behind".to_owned()));
    test.sound().await;
}

#[tokio::test]
async fn a_name_that_is_refused_for_being_changed_too_often_counts_as_what_was_asked() {
    let test = with_quota(MIB).await;
    let (mut ana, task) = with_long_notes(&test, "ana").await;
    join_lists(&mut ana, 99).await;
    rename_till_refused(&mut ana).await;
    use_up(&mut ana, task).await;
    let mut times = 0;
    loop {
        let first = ana.command_seq.0 + 1;
        let push = ana.push([(first, named(500)), (first + 1, add(ana.list, "Behind").1)]);
        match test.backend.push(&ana.visitor, push).await {
            Ok(_) => ana.command_seq.0 += 1,
            Err(refused) => {
                assert!(matches!(refused, Error::TooMuchText { .. }), "{refused}");
                break;
            }
        }
        times += 1;
        assert!(times < 100, "there is no end to it");
    }
}

#[tokio::test]
async fn a_picture_that_is_changed_too_often_stays_as_it_was() {
    let test = TestBackend::new().await;
    let mut ana = test.page("ana");
    join_lists(&mut ana, 99).await;
    let first = Some(b"one".to_vec());
    test.accounts()
        .set_picture(&ana.visitor, first.clone())
        .await
        .unwrap();
    rename_till_refused(&mut ana).await;
    let head = test.head().await;
    for png in [Some(b"other".to_vec()), None] {
        let refused = test.accounts().set_picture(&ana.visitor, png).await;
        assert!(
            matches!(refused, Err(Error::TooOften { seconds: 1.. })),
            "{refused:?}"
        );
    }
    let person = ana.visitor.person();
    let shown = test.accounts().picture(&ana.visitor, person).await.unwrap();
    assert_eq!(shown.map(|picture| picture.bytes), first);
    assert_eq!(test.head().await, head, "nobody is told of what did not happen");
    test.sound().await;
}
