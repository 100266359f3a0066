//! Long jobs: answered at once, followed by every stream of whoever asked, and done for good.

use backend::{Error, Terms};
use domain::{Command, Field, ListCommand, Notes, Place, Refusal, Role, profile};
use serde_json::{Value, json};

use crate::world::{Page, TestBackend, aside, opening};

/// What a stream says of jobs until one has ended.
async fn followed(stream: &mut backend::Subscriber) -> Vec<Value> {
    let mut said = Vec::new();
    loop {
        said.push(aside(stream, "progress").await);
        if said.last().unwrap()["state"] != "running" {
            return said;
        }
    }
}

async fn long_list(test: &TestBackend, count: usize) -> Page {
    let mut ana = test.page("ana");
    for n in 0..count {
        ana.add(&format!("Task {n}")).await;
    }
    ana
}

#[tokio::test]
async fn a_huge_list_is_cleared_in_steps_that_every_stream_follows() {
    let test = TestBackend::new().await;
    let ana = long_list(&test, 247).await;
    let (mut first, mut second) = (ana.stream(None).await, ana.another().stream(None).await);
    opening(&mut first).await;
    opening(&mut second).await;
    let id = test.lists().start_clearing(&ana.visitor, ana.list).await.unwrap();
    for stream in [&mut first, &mut second] {
        let said = followed(stream).await;
        let last = said.last().unwrap();
        assert_eq!(
            *last,
            json!({
                "job": id, "kind": "clear", "state": "done", "done": 250, "total": 250,
                "sentence": "Cleared 250 tasks from “My list”. They are in the trash.",
            })
        );
        let done: Vec<u64> = said.iter().map(|said| said["done"].as_u64().unwrap()).collect();
        assert!(done.is_sorted() && said.len() > 1, "{done:?}");
    }
    assert_eq!(ana.titles().await, Vec::<String>::new());
    test.sound().await;
}

#[tokio::test]
async fn what_was_cleared_is_in_the_bin_and_all_of_it_is_put_back_where_it_was() {
    let test = TestBackend::new().await;
    let ana = long_list(&test, 147).await;
    let (before, mut stream) = (ana.titles().await, ana.stream(None).await);
    opening(&mut stream).await;
    test.lists().start_clearing(&ana.visitor, ana.list).await.unwrap();
    followed(&mut stream).await;
    let trash = test.lists().trash(&ana.visitor, ana.list, 100).await.unwrap();
    assert_eq!((trash.tasks.len(), trash.count), (100, 150));
    assert!(
        trash
            .tasks
            .iter()
            .all(|(task, by)| !task.is_live() && *by == profile(ana.visitor.person()).name)
    );

    test.lists()
        .start_restoring(&ana.visitor, ana.list)
        .await
        .unwrap();
    let last = followed(&mut stream).await.pop().unwrap();
    assert_eq!(last["kind"], "restore");
    assert_eq!(last["sentence"], "Restored 150 tasks to “My list”.");
    assert_eq!(ana.titles().await, before);
    let trash = test.lists().trash(&ana.visitor, ana.list, 100).await.unwrap();
    assert_eq!((trash.tasks.len(), trash.count), (0, 0));
    test.sound().await;
}

/// What is to be done, but for what teaches, each with its level.
async fn tree(page: &Page) -> Vec<String> {
    let list = page.see().await;
    let line = |task: &&domain::Task| format!("{} {}", list.level(task), task.title);
    list.open().iter().skip(3).map(line).collect()
}

/// Restores all that is in the trash, and sees that it stands where it stood.
async fn restores(test: &TestBackend, page: &Page, stream: &mut backend::Subscriber, before: &[String]) {
    let restoring = test.lists().start_restoring(&page.visitor, page.list).await;
    restoring.unwrap();
    followed(stream).await;
    assert_eq!(tree(page).await, before);
    test.sound().await;
}

#[tokio::test]
async fn what_was_deleted_with_its_subtasks_comes_back_with_them() {
    let test = TestBackend::new().await;
    let mut ana = test.page("ana");
    let mut tasks = Vec::new();
    for title in ["Trip", "Train", "Seats", "Hotel"] {
        tasks.push(ana.add(title).await);
    }
    let [trip, train, seats, hotel] = tasks[..] else {
        panic!()
    };
    // By their keys alone each would stand before what it is a part of.
    for (task, place) in [
        (hotel, Place::EndOf(trip)),
        (seats, Place::EndOf(train)),
        (train, Place::StartOf(trip)),
        (trip, Place::End),
    ] {
        ana.done(Command::List(ana.list, ListCommand::Move { task, place }))
            .await;
    }
    let before = tree(&ana).await;
    assert_eq!(before, ["0 Trip", "1 Train", "2 Seats", "1 Hotel"]);
    let mut stream = ana.stream(None).await;
    opening(&mut stream).await;
    let delete = Command::List(ana.list, ListCommand::Delete { task: trip });
    ana.done(delete.clone()).await;
    assert_eq!(tree(&ana).await, [""; 0]);
    let with_it = test.lists().deleted_with(&ana.visitor, ana.list, trip).await;
    let with_it = with_it.unwrap();
    assert_eq!((with_it[0], with_it[3], with_it.len()), (trip, seats, 4));
    let alone = test.lists().deleted_with(&ana.visitor, ana.list, seats).await;
    assert_eq!(alone.unwrap(), [seats]);
    restores(&test, &ana, &mut stream, &before).await;
}

#[tokio::test]
async fn a_section_comes_back_with_all_levels_of_its_tasks() {
    let test = TestBackend::new().await;
    let mut ana = test.page("ana");
    let mut above = ana.add("Section").await;
    let section = above;
    let set = ListCommand::set(section, Field::Section(true));
    ana.done(Command::List(ana.list, set)).await;
    let (mut tasks, mut last) = (Vec::new(), section);
    for title in ["1", "2", "3", "4", "5", "6", "beside 5"] {
        let task = ana.add(title).await;
        let place = Place::EndOf(if title == "beside 5" { tasks[3] } else { above });
        ana.done(Command::List(ana.list, ListCommand::Move { task, place }))
            .await;
        (above, last) = (task, task);
        tasks.push(task);
    }
    // By its key the deepest stands before what it is a part of by now.
    let (task, place) = (tasks[4], Place::After(last));
    ana.done(Command::List(ana.list, ListCommand::Move { task, place }))
        .await;
    let before = tree(&ana).await;
    let read = [
        "0 Section",
        "0 1",
        "1 2",
        "2 3",
        "3 4",
        "4 beside 5",
        "4 5",
        "5 6",
    ];
    assert_eq!(before, read);
    let mut stream = ana.stream(None).await;
    opening(&mut stream).await;
    let delete = ListCommand::Delete { task: section };
    ana.done(Command::List(ana.list, delete)).await;
    restores(&test, &ana, &mut stream, &before).await;
}

#[tokio::test]
async fn who_may_only_look_sees_nothing_of_the_bin_and_a_stranger_no_bin() {
    let test = TestBackend::new().await;
    let mut ana = test.page("ana");
    let task = ana.add("Surprise for Bob").await;
    ana.done(Command::List(ana.list, ListCommand::Delete { task }))
        .await;
    let viewers = Terms {
        role: Role::Viewer,
        ..Terms::default()
    };
    let (_, code) = test.made(&ana, viewers).await;
    let (bob, eve) = (test.by("bob", &ana, &code).await, test.page("eve"));
    let trash = async |page: &Page| test.lists().trash(&page.visitor, ana.list, 10).await;
    assert_eq!(trash(&ana).await.unwrap().count, 1);
    assert_eq!(trash(&bob).await.unwrap().tasks, []);
    assert!(matches!(
        trash(&eve).await,
        Err(Error::Refused(Refusal::NotFound))
    ));
    for (page, refusal) in [(&bob, Refusal::ReadOnly), (&eve, Refusal::NotFound)] {
        let refused = test.lists().start_restoring(&page.visitor, ana.list).await;
        assert!(matches!(refused, Err(Error::Refused(seen)) if seen == refusal));
    }
}

#[tokio::test]
async fn an_export_is_told_fetched_and_known_to_streams_that_come_later() {
    let test = TestBackend::new().await;
    let mut ana = test.page("ana");
    let task = ana.add("Milk \"fresh\" 🥛").await;
    let gone = ana.add("Rope").await;
    ana.done(Command::List(
        ana.list,
        ListCommand::set_from(
            gone,
            Field::Notes(Notes::default()),
            Field::Notes(Notes::parse("of hemp").unwrap()),
        ),
    ))
    .await;
    ana.done(Command::List(ana.list, ListCommand::Delete { task: gone }))
        .await;
    let id = test.lists().start_export(&ana.visitor).unwrap();
    let mut stream = ana.stream(None).await;
    let last = followed(&mut stream).await.pop().unwrap();
    assert_eq!(last["result"], json!(format!("/jobs/{id}/result")));
    let (_, result) = test.lists().job(&ana.visitor, &id).unwrap();
    let result = result.unwrap();
    let export: Value = serde_json::from_reader(result.open().unwrap()).unwrap();
    assert_eq!(export["tandem"], 1);
    assert!(export["lists"].to_string().contains(&task.to_string()));
    assert!(!export["lists"].to_string().contains("Rope"));
    let trashed = &export["trash"][0];
    assert_eq!(trashed["list"], json!(ana.list));
    assert_eq!(trashed["tasks"][0]["title"], "Rope");
    assert_eq!(trashed["tasks"][0]["notes"], "of hemp");
    assert!(export.get("account").is_none(), "Ana is a guest");
    // A page that is loaded again is told, as long as the result is to be had and not put away.
    let mut later = ana.stream(None).await;
    assert_eq!(aside(&mut later, "progress").await, last);
    test.lists().forget_job(&ana.visitor, &id).unwrap();
    assert!(test.lists().job(&ana.visitor, &id).is_none());
    assert!(result.open().is_ok(), "somebody still reads it");
    drop(result);
    let exports = test.folder.path().join("data/tandem.db-exports");
    assert_eq!(
        std::fs::read_dir(exports).unwrap().count(),
        0,
        "nothing stays on disk"
    );
}

#[tokio::test]
async fn guests_of_one_address_have_their_share_of_jobs_and_others_have_theirs() {
    let test = TestBackend::new().await;
    let ana = long_list(&test, 1).await;
    let begin = async |name: &str| {
        let page = test.page(name);
        let hold = |steps: backend::JobProgress| async move {
            let _steps = steps;
            std::future::pending::<()>().await;
        };
        test.lists().start_job(&page.visitor, "export", "Waiting", hold)
    };
    let (here, there) = ([192, 0, 2, 1].into(), [192, 0, 2, 2].into());
    for n in 0..8 {
        let begun = backend::from_address(here, begin(&format!("guest {n}"))).await;
        assert!(begun.is_ok());
    }
    let ninth = backend::from_address(here, begin("guest 9")).await;
    assert!(
        matches!(ninth, Err(Error::ManyJobs)),
        "made-up guests are one address"
    );
    let export = backend::from_address(there, async { test.lists().start_export(&ana.visitor) }).await;
    assert!(export.is_ok());
}

#[tokio::test]
async fn a_job_is_nobody_elses_and_a_third_at_once_is_refused() {
    let test = TestBackend::new().await;
    let ana = long_list(&test, 1).await;
    let bob = test.page("bob");
    assert!(matches!(
        test.lists().start_clearing(&bob.visitor, ana.list).await,
        Err(Error::Refused(_))
    ));
    let (hold, held) = tokio::sync::oneshot::channel::<()>();
    let first = test
        .lists()
        .start_job(&ana.visitor, "export", "Waiting", move |steps| async move {
            let _ = held.await;
            steps.finish(Err("It was told to.".to_owned()));
        })
        .unwrap();
    let second = test
        .lists()
        .start_job(&ana.visitor, "export", "Panicking", |steps| async move {
            let _steps = steps;
            std::future::pending::<()>().await;
        });
    let third = test.lists().start_job(
        &ana.visitor,
        "clear",
        "Too many",
        |steps| async move { drop(steps) },
    );
    assert!(second.is_ok() && matches!(third, Err(Error::TooManyJobs)));
    // Who asks again for what is under way is told of that.
    let under_way = test.lists().start_export(&ana.visitor).unwrap();
    assert!([&first, &second.unwrap()].contains(&&under_way));
    assert!(test.lists().start_export(&bob.visitor).is_ok());
    assert!(test.lists().job(&bob.visitor, &first).is_none());
    test.lists().forget_job(&ana.visitor, &first).unwrap(); // It is under way.
    let mut stream = ana.stream(None).await;
    hold.send(()).unwrap();
    let failed = followed(&mut stream).await.pop().unwrap();
    assert_eq!(
        (&failed["state"], &failed["sentence"]),
        (&json!("failed"), &json!("It was told to."))
    );
}

#[tokio::test]
async fn a_job_that_ends_without_a_word_came_to_nothing() {
    let test = TestBackend::new().await;
    let ana = long_list(&test, 1).await;
    let mut stream = ana.stream(None).await;
    opening(&mut stream).await;
    test.lists()
        .start_job(
            &ana.visitor,
            "export",
            "Ending",
            |steps| async move { drop(steps) },
        )
        .unwrap();
    let said = followed(&mut stream).await.pop().unwrap();
    assert_eq!(said["state"], "failed");
    assert!(said["sentence"].as_str().unwrap().ends_with("try again."));
}
