//! What is told to one who comes back to a list: what others did, as far as it is theirs to know.

use backend::{Error, Missed};
use domain::wire::Cursor;
use domain::{CatchUp, Command, Epoch, Field, ListCommand, Refusal, Seq};

use crate::world::{Page, TestBackend, add, set_notes, visitor};

/// What a member missed after that row.
async fn missed(page: &Page, since: Seq) -> Missed {
    let cursor = Cursor::parse(&page.cursor(since)).unwrap();
    page.backend
        .lists()
        .catch_up(&page.visitor, page.list, &cursor)
        .await
        .unwrap()
}

/// The words of it, a line for each person.
async fn told(page: &Page, since: Seq) -> Vec<String> {
    match missed(page, since).await {
        Missed::Changes(catch_up, profiles) => catch_up
            .people
            .iter()
            .map(|deeds| {
                format!(
                    "{} {}",
                    profiles.get(&deeds.person).unwrap().name,
                    deeds.words.join(", ")
                )
            })
            .collect(),
        other => panic!("{other:?}"),
    }
}

fn name(page: &Page) -> String {
    page.visitor.guest().unwrap().account().profile.name.to_string()
}

#[tokio::test]
async fn one_who_comes_back_is_told_what_others_did_and_nothing_of_their_own() {
    let test = TestBackend::new().await;
    let mut ana = test.page("ana");
    let milk = ana.add("Milk").await;
    let mut bob = test.member("bob", &ana).await;
    let since = test.head().await;
    assert_eq!(
        missed(&bob, since).await,
        Missed::Changes(CatchUp::default(), [].into())
    );
    let (list, tea) = (ana.list, ana.add("Tea").await);
    ana.done(Command::List(list, ListCommand::set(milk, Field::Done(true))))
        .await;
    bob.add("Bread").await;
    bob.another().add("Butter").await; // Another page of theirs is they themselves.
    assert_eq!(
        told(&bob, since).await,
        [format!("{} added “Tea”, completed “Milk”", name(&ana))]
    );
    let Missed::Changes(catch_up, _) = missed(&bob, since).await else {
        panic!("it can be told");
    };
    assert_eq!(catch_up.tasks.len(), 2);
    assert!(catch_up.tasks.contains(&milk) && catch_up.tasks.contains(&tea));
    assert_eq!(
        told(&ana, since).await,
        [format!("{} added “Bread” and “Butter”", name(&bob))]
    );
}

#[tokio::test]
async fn a_task_that_is_in_the_bin_by_now_is_named_and_not_marked() {
    let test = TestBackend::new().await;
    let mut ana = test.page("ana");
    let milk = ana.add("Milk").await;
    let bob = test.member("bob", &ana).await;
    let since = test.head().await;
    ana.done(Command::List(ana.list, ListCommand::Delete { task: milk }))
        .await;
    assert_eq!(
        told(&bob, since).await,
        [format!("{} deleted “Milk”", name(&ana))]
    );
    assert!(matches!(missed(&bob, since).await, Missed::Changes(catch_up, _) if catch_up.tasks.is_empty()));
}

#[tokio::test]
async fn what_happened_before_one_joined_and_in_lists_of_others_is_not_ones_to_know() {
    let test = TestBackend::new().await;
    let mut ana = test.page("ana");
    ana.add("Secret").await;
    let bob = test.member("bob", &ana).await;
    assert_eq!(
        missed(&bob, Seq::ZERO).await,
        Missed::Changes(CatchUp::default(), [].into())
    );
    let cursor = Cursor::parse(&bob.cursor(Seq::ZERO)).unwrap();
    let stranger = visitor("stranger");
    for list in [ana.list, visitor("nobody").first_list()] {
        let refused = test.lists().catch_up(&stranger, list, &cursor).await;
        assert!(matches!(refused, Err(Error::Refused(Refusal::NotFound))));
    }
    // Taken out of the list, Bob is a stranger, too.
    let remove = ListCommand::RemoveMember {
        person: bob.visitor.person(),
    };
    ana.done(Command::List(ana.list, remove)).await;
    let refused = test.lists().catch_up(&bob.visitor, bob.list, &cursor).await;
    assert!(matches!(refused, Err(Error::Refused(Refusal::NotFound))));
    // A newcomer's own list has no past, and no place in the database yet.
    let newcomer = test.page("newcomer");
    assert_eq!(
        missed(&newcomer, Seq::ZERO).await,
        Missed::Changes(CatchUp::default(), [].into())
    );
}

#[tokio::test]
async fn a_cursor_that_the_log_knows_nothing_of_is_told_nothing_wrong() {
    let test = TestBackend::new().await;
    let mut ana = test.page("ana");
    ana.add("Milk").await;
    let bob = test.member("bob", &ana).await;
    let head = test.head().await;
    let other = Cursor {
        epoch: Epoch::parse("zz9").unwrap(),
        seq: Seq(1),
    };
    let future = Cursor::parse(&bob.cursor(Seq(head.0 + 1))).unwrap();
    for cursor in [other, future] {
        let said = test.lists().catch_up(&bob.visitor, bob.list, &cursor).await;
        assert_eq!(said.unwrap(), Missed::Unknown);
    }
    let test = test.altered("update meta set oldest = 2").await;
    let cursor = Cursor::parse(&format!("{}.1", test.backend.epoch())).unwrap();
    let said = test.lists().catch_up(&visitor("bob"), bob.list, &cursor).await;
    assert_eq!(said.unwrap(), Missed::Unknown);
}

#[tokio::test]
async fn more_than_can_be_told_names_who_it_was_the_busiest_first() {
    let test = TestBackend::new().await;
    let ana = test.page("ana");
    let bob = test.member("bob", &ana).await;
    let mut eve = test.member("eve", &ana).await;
    let since = test.head().await;
    eve.add("Tea").await;
    let commands = |page: &Page, from: u64| {
        let list = page.list;
        page.push((0..100).map(move |n| (from + n + 1, add(list, "Milk").1)))
    };
    for from in [0, 100, 200, 300] {
        ana.send(commands(&ana, from)).await;
    }
    ana.send(ana.push((400..499).map(|n| (n + 1, add(ana.list, "Milk").1))))
        .await;
    assert_eq!(
        told(&bob, since).await[0],
        format!("{} added 499 tasks", name(&ana)),
        "500 rows"
    );
    eve.add("Coffee").await;
    let Missed::Much(people) = missed(&bob, since).await else {
        panic!("501 rows are too many");
    };
    let names: Vec<String> = people.iter().map(|profile| profile.name.to_string()).collect();
    assert_eq!(names, [name(&ana), name(&eve)]);
}

#[tokio::test]
async fn rows_that_are_few_and_huge_are_too_much_as_well() {
    let test = TestBackend::new().await;
    let mut ana = test.page("ana");
    let task = ana.add("Milk").await;
    let bob = test.member("bob", &ana).await;
    let since = test.head().await;
    let notes = |n: usize| format!("{n}\n{}", "x".repeat(65_000));
    for n in 0..20 {
        let before = if n == 0 { String::new() } else { notes(n - 1) };
        ana.done(set_notes(ana.list, task, &before, &notes(n))).await;
    }
    assert!(matches!(missed(&bob, since).await, Missed::Much(people) if people.len() == 1));
    let (_, later) = add(ana.list, "Tea");
    let since = test.head().await;
    ana.done(later).await;
    assert_eq!(told(&bob, since).await.len(), 1);
}
