//! Commands: each exactly once, in order, or visibly refused.

use std::future::{Future, poll_fn};
use std::task::Poll;

use domain::wire::{Answer, Asked, Numbered, Outcome, Push, Reply};
use domain::{
    AccountCommand, Command, CommandSeq, Field, ListCommand, ListId, ListName, Seq, TaskId, Timestamp, Title,
};
use tokio::task::JoinSet;

use crate::world::{TestBackend, add, fresh, set_notes};

fn done(command_seq: u64, at: Seq) -> Answer {
    Answer {
        command_seq: CommandSeq(command_seq),
        outcome: Outcome::Done { at },
    }
}

fn answers(reply: Reply) -> Vec<Answer> {
    match reply {
        Reply::Answered {
            answers,
            expected: None,
            ..
        } => answers,
        other => panic!("{other:?}"),
    }
}

fn code(answer: &Answer) -> &str {
    match &answer.outcome {
        Outcome::Refused { code, .. } => code,
        Outcome::Done { .. } => "done",
    }
}

#[tokio::test]
async fn a_command_pushed_again_is_answered_again_and_done_once() {
    let test = TestBackend::new().await;
    let ana = test.page("ana");
    let push = ana.push([(1, add(ana.list, "Milk").1), (2, add(ana.list, "Bread").1)]);
    let first = ana.send(push.clone()).await;
    let head = test.head().await;
    assert_eq!(
        ana.send(push.clone()).await.clone(),
        Reply::Answered {
            epoch: ana.backend.epoch().clone(),
            answers: vec![done(1, head), done(2, head)],
            expected: None,
        }
    );
    assert!(
        matches!(answers(first).as_slice(), [a, b] if *b == done(2, head) && *a == done(1, Seq(head.0 - 1)))
    );
    assert_eq!(ana.titles().await.len(), 5);

    let ana = ana.catch_up();
    let test = test.reopen(|_| {}).await;
    let again = test.back(ana);
    assert_eq!(
        answers(again.send(push).await).len(),
        2,
        "the register outlives the process"
    );
    assert_eq!(again.titles().await.len(), 5);
    test.sound().await;
}

#[tokio::test]
async fn a_refusal_is_remembered_with_its_code() {
    let test = TestBackend::new().await;
    let mut ana = test.page("ana");
    let nowhere = Command::List(
        ana.list,
        ListCommand::set(TaskId::from_bytes(fresh()), Field::Done(true)),
    );
    assert_eq!(ana.refused(nowhere.clone()).await, "not_found");
    // Whatever else comes under its number, the answer stays.
    let reply = ana.send(ana.push([(1, add(ana.list, "Milk").1)])).await;
    assert_eq!(code(&answers(reply)[0]), "not_found");
    let ana = ana.catch_up();
    let test = test.reopen(|_| {}).await;
    let again = test.back(ana);
    assert_eq!(
        code(&answers(again.send(again.push([(1, nowhere)])).await)[0]),
        "not_found"
    );
    test.sound().await;
}

#[tokio::test]
async fn a_repeat_within_one_push_is_answered_like_the_first() {
    let test = TestBackend::new().await;
    let ana = test.page("ana");
    let nowhere = Command::List(
        ana.list,
        ListCommand::set(TaskId::from_bytes(fresh()), Field::Done(true)),
    );
    let milk = add(ana.list, "Milk").1;
    let reply = ana
        .send(ana.push([(1, nowhere.clone()), (1, nowhere), (2, milk.clone()), (2, milk)]))
        .await;
    let answers = answers(reply);
    assert_eq!(
        answers.iter().map(code).collect::<Vec<_>>(),
        ["not_found", "not_found", "done", "done"]
    );
    assert_eq!(ana.titles().await.len(), 4);
}

#[tokio::test]
async fn after_a_gap_the_page_is_told_what_comes_next() {
    let test = TestBackend::new().await;
    let mut ana = test.page("ana");
    ana.add("Milk").await;
    let push = ana.push([
        (2, add(ana.list, "Bread").1),
        (4, add(ana.list, "Eggs").1),
        (5, add(ana.list, "Tea").1),
    ]);
    let Reply::Answered {
        answers, expected, ..
    } = ana.send(push).await
    else {
        panic!("an answer was due");
    };
    assert_eq!((answers.len(), expected), (1, Some(CommandSeq(3))));
    assert_eq!(ana.titles().await.len(), 5);
}

#[tokio::test]
async fn an_unknown_page_that_has_a_past_has_expired_and_so_has_somebody_elses() {
    let test = TestBackend::new().await;
    let (mut ana, mut ben) = (test.page("ana"), test.page("ben"));
    let reply = ana.send(ana.push([(2, add(ana.list, "Milk").1)])).await;
    assert!(matches!(reply, Reply::Expired { .. }), "{reply:?}");

    ana.add("Milk").await;
    ben.add("Bread").await;
    let stolen = Push {
        client: ana.client,
        ..ben.push([(2, add(ben.list, "Eggs").1)])
    };
    let reply = ben.send(stolen).await;
    assert!(matches!(reply, Reply::Expired { .. }), "{reply:?}");
    assert_eq!(ben.titles().await.len(), 4);
}

#[tokio::test]
async fn a_push_of_another_person_or_epoch_does_nothing() {
    let test = TestBackend::new().await;
    let (ana, ben) = (test.page("ana"), test.page("ben"));
    let push = ana.push([(1, add(ana.list, "Milk").1)]);
    assert_eq!(
        ben.send(push.clone()).await,
        Reply::OtherPerson {
            person: ben.visitor.person()
        }
    );
    let other = Push {
        epoch: domain::Epoch::parse("other").unwrap(),
        ..push
    };
    assert_eq!(
        ana.send(other).await,
        Reply::OtherEpoch {
            epoch: test.backend.epoch().clone()
        }
    );
    assert_eq!(test.head().await, Seq::ZERO);
}

#[tokio::test]
async fn a_command_that_cannot_be_read_is_refused_and_does_not_block_those_behind_it() {
    let test = TestBackend::new().await;
    let ana = test.page("ana");
    let mut push = ana.push([(1, add(ana.list, "Milk").1), (3, add(ana.list, "Bread").1)]);
    push.commands.insert(
        1,
        Numbered {
            command_seq: CommandSeq(2),
            command: Asked::Unreadable,
        },
    );
    let answers = answers(ana.send(push).await);
    assert_eq!(
        answers.iter().map(code).collect::<Vec<_>>(),
        ["done", "malformed", "done"]
    );
    assert_eq!(ana.titles().await.len(), 5);
    test.sound().await;
}

#[tokio::test]
async fn more_commands_than_fit_in_one_push_are_answered_as_far_as_they_fit() {
    let test = TestBackend::new().await;
    let ana = test.page("ana");
    let push = ana.push((1..=150).map(|command_seq| (command_seq, add(ana.list, "Milk").1)));
    assert_eq!(answers(ana.send(push).await).len(), 100);
    assert_eq!(ana.titles().await.len(), 103);
}

#[tokio::test]
async fn many_pages_at_once_each_see_their_own_order() {
    // With no room and no company each list is read ahead by its callers, and is mostly out of date when its turn comes.
    for (batch, cache_bytes) in [(16, 1_000_000), (1, 1)] {
        let test =
            TestBackend::with(|config| (config.batch, config.cache_bytes) = (batch, cache_bytes)).await;
        let mut ana = test.page("ana");
        ana.add("Milk").await;
        let mut pages = JoinSet::new();
        for number in 0..20 {
            let mut page = test.member(&format!("member {number}"), &ana).await;
            pages.spawn(async move {
                let mut last = Seq::ZERO;
                for turn in 0..10 {
                    let (task, command) = add(page.list, &format!("{number} {turn}"));
                    let at = page.done(command).await;
                    assert!(at > last);
                    last = page
                        .done(Command::List(
                            page.list,
                            ListCommand::set(task, Field::Done(true)),
                        ))
                        .await;
                }
            });
        }
        pages.join_all().await;
        assert_eq!(ana.see().await.completed().len(), 200);
        test.sound().await;
    }
}

#[tokio::test]
async fn a_command_that_the_database_turns_down_fails_no_other() {
    let poison = "create trigger poison before insert on tasks when new.title = 'Poison'
                  begin select raise(abort, 'no'); end";
    let test = TestBackend::new().await.altered(poison).await;
    let mut ana = test.page("ana");
    ana.add("Milk").await;
    let ben = test.member("ben", &ana).await;
    let push = ana.push([
        (2, add(ana.list, "Bread").1),
        (3, add(ana.list, "Poison").1),
        (4, add(ana.list, "Eggs").1),
    ]);
    let others = ben.push([(2, add(ben.list, "Tea").1)]);
    let (mine, theirs) = tokio::join!(ana.send(push.clone()), ben.send(others));
    assert_eq!(
        answers(mine).iter().map(code).collect::<Vec<_>>(),
        ["done", "malformed", "done"]
    );
    assert_eq!(answers(theirs).iter().map(code).collect::<Vec<_>>(), ["done"]);
    assert_eq!(
        answers(ana.send(push).await).iter().map(code).collect::<Vec<_>>(),
        ["done", "malformed", "done"]
    );
    let mut titles = ana.titles().await.split_off(3);
    titles.sort();
    assert_eq!(titles, ["Bread", "Eggs", "Milk", "Tea"]);
    test.sound().await;
}

#[tokio::test]
async fn an_id_that_something_has_anywhere_is_taken() {
    let test = TestBackend::new().await;
    let (mut ana, mut ben) = (test.page("ana"), test.page("ben"));
    let task = ana.add("Milk").await;
    let (title, bens) = (Title::parse("Mine").unwrap(), ben.list);
    let mine = |task| Command::List(bens, ListCommand::add(task, domain::Place::End, title.clone()));
    let (of_task, of_list) = (mine(task), mine(TaskId::from_bytes(*ana.list.as_bytes())));
    let name = ListName::parse("Mine").unwrap();
    let list = |bytes| {
        Command::Account(AccountCommand::CreateList {
            list: ListId::from_bytes(bytes),
            name: name.clone(),
        })
    };
    for command in [
        of_task,
        of_list,
        list(*task.as_bytes()),
        list(*ana.list.as_bytes()),
    ] {
        assert_eq!(ben.refused(command).await, "id_taken");
    }
    // Also when both come at once.
    let twin = TaskId::from_bytes(fresh());
    let both = ben.push([(5, mine(twin)), (6, list(*twin.as_bytes())), (7, mine(twin))]);
    assert_eq!(
        answers(ben.send(both).await).iter().map(code).collect::<Vec<_>>(),
        ["done", "id_taken", "id_taken"]
    );
    assert_eq!(ana.titles().await.last().unwrap(), "Milk");
    test.sound().await;
}

#[tokio::test]
async fn a_caller_who_leaves_has_asked_all_the_same() {
    let test = TestBackend::new().await;
    let mut ana = test.page("ana");
    ana.add("Milk").await;
    let push = ana.push([(2, add(ana.list, "Bread").1)]);
    // Polled once: it is in the queue, and nobody waits for the answer.
    let mut leaves = Box::pin(ana.backend.push(&ana.visitor, push));
    let is_answered = poll_fn(|context| Poll::Ready(leaves.as_mut().poll(context).is_ready())).await;
    assert!(!is_answered);
    drop(leaves);
    ana.command_seq = CommandSeq(2);
    ana.add("Eggs").await;
    assert_eq!(ana.titles().await.split_off(3), ["Milk", "Bread", "Eggs"]);
}

#[tokio::test]
async fn texts_are_composed_before_they_are_decided() {
    let test = TestBackend::new().await;
    let mut ana = test.page("ana");
    let task = ana.add("Cafe\u{301}").await;
    assert_eq!(ana.titles().await.pop().unwrap(), "Caf\u{e9}");
    ana.done(set_notes(ana.list, task, "", "Cafe\u{301}\nb")).await;
    // The base in the other form is the same base: nothing is kept twice.
    ana.done(set_notes(ana.list, task, "Cafe\u{301}\nb", "Cafe\u{301}\nB"))
        .await;
    assert_eq!(ana.see().await.task(task).unwrap().notes.as_str(), "Caf\u{e9}\nB");
    test.sound().await;
}

#[tokio::test]
async fn notes_are_merged_and_come_back_from_the_bin_also_after_a_restart() {
    let test = TestBackend::new().await;
    let mut ana = test.page("ana");
    let task = ana.add("Milk").await;
    ana.done(set_notes(ana.list, task, "", "a\nb\nc")).await;
    let ana = ana.catch_up();
    let test = test.reopen(|_| {}).await;
    let mut ana = test.back(ana);
    ana.done(set_notes(ana.list, task, "a\nb\nc", "A\nb\nc")).await;
    ana.done(set_notes(ana.list, task, "a\nb\nc", "a\nb\nC")).await;
    ana.done(Command::List(ana.list, ListCommand::Delete { task }))
        .await;
    ana.done(Command::List(ana.list, ListCommand::Restore { task }))
        .await;
    assert_eq!(ana.see().await.task(task).unwrap().notes.as_str(), "A\nb\nC");
    test.sound().await;
}

#[tokio::test]
async fn notes_asked_for_in_the_wrong_list_are_not_missing_in_the_right_one() {
    let test = TestBackend::new().await;
    let mut ana = test.page("ana");
    let task = ana.add("Milk").await;
    ana.done(set_notes(ana.list, task, "", "mine")).await;
    let wrong = set_notes(ListId::from_bytes(fresh()), task, "", "lost");
    let both = ana.push([(3, wrong), (4, set_notes(ana.list, task, "", "theirs"))]);
    assert_eq!(
        answers(ana.send(both).await).iter().map(code).collect::<Vec<_>>(),
        ["not_found", "done"]
    );
    assert_eq!(ana.see().await.task(task).unwrap().notes.as_str(), "theirs\nmine");
    test.sound().await;
}

#[tokio::test]
async fn time_never_goes_back() {
    let test = TestBackend::new().await;
    let mut ana = test.page("ana");
    let first = ana.add("Milk").await;
    test.config.clock.set(Timestamp(5));
    let second = ana.add("Bread").await;
    let list = ana.see().await;
    let at = |task| list.task(task).unwrap().added.at;
    assert_eq!(
        (at(first), at(second)),
        (Timestamp(1_800_000_000_000), Timestamp(1_800_000_000_000))
    );
    let ana = ana.catch_up();
    let test = test.reopen(|_| {}).await;
    let mut ana = test.back(ana);
    let third = ana.add("Eggs").await;
    assert_eq!(
        ana.see().await.task(third).unwrap().added.at,
        Timestamp(1_800_000_000_000)
    );
    test.sound().await;
}

#[tokio::test]
async fn a_cache_with_no_room_changes_nothing_but_speed() {
    let test = TestBackend::with(|config| config.cache_bytes = 1).await;
    let (mut ana, mut ben) = (test.page("ana"), test.page("ben"));
    for turn in 0..10 {
        let task = ana.add(&turn.to_string()).await;
        ben.add(&turn.to_string()).await;
        ana.done(set_notes(ana.list, task, "", "note")).await;
        ana.done(Command::List(ana.list, ListCommand::set(task, Field::Done(true))))
            .await;
    }
    assert_eq!((ana.see().await.count(), ben.see().await.count()), (13, 13));
    test.sound().await;
}

#[tokio::test]
async fn a_hundred_pages_of_strangers_share_transactions() {
    let test = TestBackend::new().await;
    let mut pages = JoinSet::new();
    for number in 0..100 {
        let mut page = test.page(&format!("stranger {number}"));
        pages.spawn(async move {
            page.add("Milk").await;
            let list = ListId::from_bytes(fresh());
            page.done(Command::Account(AccountCommand::CreateList {
                list,
                name: ListName::parse("Work").unwrap(),
            }))
            .await;
            page.list = list;
            page.add("Report").await;
            assert_eq!(page.titles().await, ["Report"]);
        });
    }
    pages.join_all().await;
    test.sound().await;
}
