//! The pace of writing counts what is written, whoever asks for it and in whatever way.

use std::net::IpAddr;

use backend::{Error, Quotas, Terms, from_address};
use domain::wire::{Outcome, Reply};
use domain::{AccountCommand, Command, Field, ListCommand, Notes, TaskId};

use crate::world::{Page, TestBackend, add, set_notes};

pub(crate) const MIB: u64 = 1024 * 1024;

pub(crate) async fn with_quota(written: u64) -> TestBackend {
    TestBackend::with(|config| {
        config.quotas = Quotas {
            written,
            ..Quotas::default()
        };
    })
    .await
}

fn address(last: u8) -> IpAddr {
    IpAddr::from([192, 0, 2, last])
}

/// One letter more for notes, whatever they are.
pub(crate) fn one_more(page: &Page, task: TaskId) -> Command {
    let more = Field::Notes(Notes::parse("x").unwrap());
    Command::List(page.list, ListCommand::set(task, more))
}

/// Somebody with a task that has 60 kB of notes.
pub(crate) async fn with_long_notes(test: &TestBackend, name: &str) -> (Page, TaskId) {
    let mut page = test.page(name);
    let task = page.add("Oats").await;
    page.done(set_notes(page.list, task, "", &"x".repeat(60_000)))
        .await;
    (page, task)
}

/// Writes to that task until there is room only for what is short.
pub(crate) async fn use_up(page: &mut Page, task: TaskId) {
    loop {
        let command = one_more(page, task);
        if page.ask(command).await.is_err() {
            break;
        }
    }
    while page.ask(add(page.list, &"Long ".repeat(99)).1).await.is_ok() {}
}

#[tokio::test]
async fn a_short_command_that_writes_much_counts_by_what_it_writes() {
    let test = with_quota(MIB).await;
    let (mut ana, task) = with_long_notes(&test, "ana").await;
    let mut times = 0;
    let refused = loop {
        let command = one_more(&ana, task);
        match ana.ask(command).await {
            Ok(_) => times += 1,
            Err(error) => break error,
        }
        assert!(times < 30, "there is no end to it");
    };
    assert!((14..=17).contains(&times), "{times}");
    assert!(
        matches!(refused, Error::TooMuchText { seconds: 1.. }),
        "{refused}"
    );
    // In the same way what comes out of the trash with its notes.
    let (mut bob, task) = with_long_notes(&test, "bob").await;
    let mut times = 0;
    loop {
        let delete = Command::List(bob.list, ListCommand::Delete { task });
        let restore = Command::List(bob.list, ListCommand::Restore { task });
        if bob.ask(delete).await.is_err() || bob.ask(restore).await.is_err() {
            break;
        }
        times += 1;
        assert!(times < 30, "there is no end to it");
    }
    assert!((14..=17).contains(&times), "{times}");
    test.sound().await;
}

#[tokio::test]
async fn of_a_push_that_is_too_much_the_first_commands_are_done_and_the_others_are_asked_again() {
    let test = with_quota(MIB).await;
    let (mut ana, task) = with_long_notes(&test, "ana").await;
    let first = ana.command_seq.0 + 1;
    let push = ana.push((0..100).map(|n| (first + n, one_more(&ana, task))));
    let Reply::Answered { answers, .. } = ana.send(push).await else {
        panic!()
    };
    assert!((14..=17).contains(&answers.len()), "{}", answers.len());
    assert!(
        answers
            .iter()
            .all(|answer| matches!(answer.outcome, Outcome::Done { .. }))
    );
    ana.command_seq.0 += answers.len() as u64;
    let command = one_more(&ana, task);
    let refused = ana.ask(command).await;
    assert!(
        matches!(refused, Err(Error::TooMuchText { seconds: 1.. })),
        "{refused:?}"
    );
    test.sound().await;
}

#[tokio::test]
async fn what_was_done_is_told_again_to_who_has_no_pace_left() {
    let test = with_quota(MIB).await;
    let (mut ana, task) = with_long_notes(&test, "ana").await;
    use_up(&mut ana, task).await;
    while ana.ask(add(ana.list, "Short").1).await.is_ok() {}
    // The answer to the one before was lost on the way.
    let before = ana.push([(ana.command_seq.0, one_more(&ana, task))]);
    let Reply::Answered { answers, .. } = ana.send(before).await else {
        panic!()
    };
    assert!(matches!(answers[0].outcome, Outcome::Done { .. }), "{answers:?}");
    let command = one_more(&ana, task);
    assert!(ana.ask(command).await.is_err());
}

#[tokio::test]
async fn what_takes_somebody_out_waits_for_no_pace() {
    let test = with_quota(MIB).await;
    let (mut ana, task) = with_long_notes(&test, "ana").await;
    let ben = test.member("ben", &ana).await.visitor.person();
    let (link, code) = test.made(&ana, Terms::default()).await;
    let mut cas = test.page("cas");
    cas.done(Command::Account(AccountCommand::Join { list: ana.list, code }))
        .await;
    use_up(&mut ana, task).await;
    ana.done(Command::List(ana.list, ListCommand::RemoveMember { person: ben }))
        .await;
    let removed = test.lists().revoke_link(&ana.visitor, ana.list, link, true).await;
    assert_eq!(removed.unwrap(), [cas.visitor.person()]);
    // What changes nothing has to wait like everything else.
    let again = Command::List(ana.list, ListCommand::RemoveMember { person: ben });
    assert!(matches!(ana.ask(again).await, Err(Error::TooMuchText { .. })));
    test.sound().await;
}

#[tokio::test]
async fn who_is_refused_for_their_address_has_used_up_nothing_of_their_own() {
    let test = with_quota(MIB).await;
    let mut written = 0;
    let mut write = async |page: &mut Page, at: u8, task: TaskId| {
        let text = |number: usize| "x".repeat(60_000 + number % 2);
        let command = set_notes(page.list, task, &text(written), &text(written + 1));
        let answer = from_address(address(at), page.ask(command)).await;
        written += usize::from(answer.is_ok());
        answer
    };
    let mut ana = test.page("ana");
    let mine = ana.add("Oats").await;
    ana.done(set_notes(ana.list, mine, "", &"x".repeat(60_000))).await;
    for guest in 0..100 {
        let mut guest = test.page(&format!("guest {guest}"));
        let task = guest.add("Oats").await;
        let command = set_notes(guest.list, task, "", &"x".repeat(60_000));
        if from_address(address(1), guest.ask(command)).await.is_err() {
            break;
        }
    }
    for _ in 0..30 {
        assert!(write(&mut ana, 1, mine).await.is_err());
    }
    let mut times = 0;
    while write(&mut ana, 2, mine).await.is_ok() {
        times += 1;
        assert!(times < 30, "there is no end to it");
    }
    assert!((14..=17).contains(&times), "{times}");
}

#[tokio::test]
async fn who_begins_one_session_after_the_other_writes_no_more_than_an_address_may() {
    let test = with_quota(MIB).await;
    let here = address(1);
    let mut written = 0;
    for guest in 0..50 {
        let mut guest = test.page(&format!("guest {guest}"));
        let Ok(Outcome::Done { .. }) = from_address(here, guest.ask(add(guest.list, "Oats").1)).await else {
            break;
        };
        let task = guest.see().await.open()[0].id;
        let mut before = String::new();
        loop {
            let after = "x".repeat(60_000 + written % 2);
            let command = set_notes(guest.list, task, &before, &after);
            match from_address(here, guest.ask(command)).await {
                Ok(_) => written += 1,
                Err(_) => break,
            }
            before = after;
            assert!(written < 200, "there is no end to it");
        }
        from_address(here, test.accounts().end_session(&guest.visitor))
            .await
            .unwrap();
    }
    assert!((62..=72).contains(&written), "{written} times 60 kB of 4 MiB");
}

#[tokio::test]
async fn what_goes_on_after_the_answer_counts_for_the_address_that_asked_for_it() {
    let test = with_quota(MIB).await;
    let (here, there) = (address(1), address(2));
    let restored = async |name: &str| {
        let mut page = test.page(name);
        let mut tasks = Vec::new();
        for _ in 0..8 {
            tasks.push(from_address(there, page.add("Oats")).await);
        }
        for task in &tasks {
            page.done(set_notes(page.list, *task, "", &"x".repeat(60_000)))
                .await;
            page.done(Command::List(page.list, ListCommand::Delete { task: *task }))
                .await;
        }
        let started = from_address(here, test.lists().start_restoring(&page.visitor, page.list)).await;
        let Ok(job) = started else { return None };
        loop {
            let (progress, _) = test.lists().job(&page.visitor, &job).unwrap();
            if progress.state != domain::wire::JobState::Running {
                break Some(progress);
            }
            tokio::task::yield_now().await;
        }
    };
    let mut failed = None;
    for number in 0..12 {
        let progress = restored(&format!("guest {number}")).await.unwrap();
        if progress.state == domain::wire::JobState::Failed {
            failed = Some((number, progress));
            break;
        }
    }
    let (number, progress) = failed.expect("there is no end to it");
    assert!((7..=9).contains(&number), "{number} times 480 kB of 4 MiB");
    assert!(
        progress.sentence.contains("more than this server takes"),
        "{progress:?}"
    );
}

#[tokio::test]
async fn what_could_not_be_written_is_not_counted() {
    let test = TestBackend::with(|config| {
        config.max_pages = Some(80);
        config.quotas.written = MIB / 2;
    })
    .await;
    let mut ana = test.page("ana");
    let task = ana.add("Milk").await;
    for _ in 0..40 {
        let command = set_notes(ana.list, task, "", &"x".repeat(60_000));
        let (_, small) = add(ana.list, &"Long ".repeat(99));
        // The disk fills up, and stays full.
        let _ = ana.ask(small).await;
        match ana.ask(command).await {
            Ok(_) | Err(Error::DiskFull) => {}
            Err(other) => panic!("{other}"),
        }
    }
    let command = set_notes(ana.list, task, "", &"y".repeat(60_000));
    assert!(matches!(ana.ask(command).await, Err(Error::DiskFull)));
}

#[tokio::test]
async fn a_push_that_writes_much_lets_others_write_in_between() {
    let test = TestBackend::new().await;
    let (mut ana, mut bob) = (test.page("ana"), test.page("bob"));
    bob.add("Oats").await;
    let mut tasks = Vec::new();
    for n in 0..100 {
        let task = ana.add(&format!("Task {n}")).await;
        ana.done(set_notes(ana.list, task, "", &"x".repeat(60_000))).await;
        tasks.push(task);
    }
    let first = ana.command_seq.0 + 1;
    let commands: Vec<_> = tasks.iter().map(|task| one_more(&ana, *task)).collect();
    let push = ana.push((first..).zip(commands));
    let large = ana.send(push);
    let small = bob.done(add(bob.list, "Milk").1);
    let (large, small) = tokio::join!(large, small);
    let Reply::Answered { answers, .. } = large else {
        panic!()
    };
    assert_eq!(answers.len(), 100);
    let last = answers.last().unwrap();
    assert!(
        matches!(last.outcome, Outcome::Done { at } if at > small),
        "{last:?} and then {small:?}"
    );
    test.sound().await;
}
