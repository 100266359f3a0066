//! Importing lists: each made by commands, as a whole, and once, however often it is asked for.

use backend::{ImportFile, ListToMake, TaskToMake};
use domain::{Command, Field, ListCommand, ListName, Notes, Priority, Title};
use serde_json::Value;

use crate::world::{Page, TestBackend, aside, opening};

/// Lists of a file with a line for each task, and an empty line between two lists. A subtask has a space more before it than its parent.
pub(crate) fn read(file: &ImportFile) -> Result<Vec<ListToMake>, String> {
    let text = std::str::from_utf8(&file.bytes).map_err(|_| "no text".to_owned())?;
    let lists = text.split("\n\n").enumerate().map(|(index, tasks)| ListToMake {
        name: ListName::parse(&format!("List {index}")).unwrap(),
        tasks: nested(tasks),
    });
    Ok(lists.collect())
}

fn nested(lines: &str) -> Vec<TaskToMake> {
    let mut above = Vec::new();
    let task = |(index, line): (usize, &str)| {
        let text = line.trim_start();
        above.truncate(line.len() - text.len());
        let parent = above.last().copied();
        above.push(index);
        task(text, parent)
    };
    lines.lines().enumerate().map(task).collect()
}

fn task(line: &str, parent: Option<usize>) -> TaskToMake {
    TaskToMake {
        parent,
        title: Title::parse(line).unwrap(),
        fields: vec![Field::Done(true), Field::Priority(Some(Priority::Second))],
        notes: Notes::parse(&format!("About {line}")).unwrap(),
    }
}

pub(crate) async fn keep(test: &TestBackend, ana: &Page, text: &str) -> String {
    let mut writer = test.lists().begin_import(&ana.visitor, "tasks.md").unwrap();
    writer.write(text.as_bytes().to_vec()).await.unwrap();
    writer.finish().unwrap()
}

/// Imports a file; what the job says at its end.
pub(crate) async fn import(test: &TestBackend, ana: &Page, token: &str) -> Value {
    let mut stream = ana.stream(None).await;
    opening(&mut stream).await;
    let job = test
        .lists()
        .start_import(&ana.visitor, token, "", read)
        .unwrap()
        .unwrap();
    loop {
        let said = aside(&mut stream, "progress").await;
        let says = |name: &str, text: &str| said.get(name).and_then(Value::as_str) == Some(text);
        if says("job", &job) && !says("state", "running") {
            return said;
        }
    }
}

/// The titles of each list but the first, by its name.
async fn made(test: &TestBackend, ana: &Page) -> Vec<(String, Vec<String>)> {
    let hello = test.lists().overview(&ana.visitor).await.unwrap();
    let mut made = Vec::new();
    for list in hello.lists.keys().filter(|list| **list != ana.list) {
        let list = test
            .lists()
            .snapshot(&ana.visitor, *list, None)
            .await
            .unwrap()
            .list;
        for task in list.tasks() {
            assert_eq!(task.notes.as_str(), format!("About {}", task.title));
            assert!(task.done.is_some() && task.priority == Some(Priority::Second));
        }
        let titles = list.tasks().map(|task| task.title.to_string()).collect();
        made.push((list.name.to_string(), titles));
    }
    made.sort();
    made
}

fn lines(from: usize, to: usize) -> String {
    let lines: Vec<String> = (from..to).map(|number| format!("Task {number:04}")).collect();
    lines.join("\n")
}

fn titles(from: usize, to: usize) -> Vec<String> {
    lines(from, to).lines().map(str::to_owned).collect()
}

#[tokio::test]
async fn lists_are_made_in_their_order_and_once_however_often_it_is_asked() {
    let test = TestBackend::new().await;
    let mut ana = test.page("ana");
    ana.add("Mine").await;
    let token = keep(&test, &ana, &format!("{}\n\n{}", lines(0, 130), lines(500, 501))).await;
    let done = import(&test, &ana, &token).await;
    assert_eq!(done["state"], "done", "{done}");
    assert_eq!(done["sentence"], "Imported 131 tasks in 2 lists.");
    let expected = [
        ("List 0".to_owned(), titles(0, 130)),
        ("List 1".to_owned(), titles(500, 501)),
    ];
    assert_eq!(made(&test, &ana).await, expected);
    let again = test.lists().start_import(&ana.visitor, &token, "", read).unwrap();
    assert_eq!(again.as_deref(), done["job"].as_str(), "it is that job's already");
    assert!(
        test.lists()
            .import_file(&ana.visitor, &token)
            .await
            .unwrap()
            .is_none()
    );
    assert_eq!(made(&test, &ana).await, expected);
    test.sound().await;
}

#[tokio::test]
async fn an_import_that_was_cut_off_goes_on_where_it_stopped() {
    let test = TestBackend::with(|config| config.quotas.written = 120_000).await;
    let mut ana = test.page("ana");
    ana.add("Mine").await;
    let token = keep(&test, &ana, &format!("{}\n\n{}", lines(0, 300), lines(300, 600))).await;
    let stopped = import(&test, &ana, &token).await;
    assert_eq!(stopped["state"], "failed", "{stopped}");
    let sentence = stopped["sentence"].as_str().unwrap();
    assert!(
        sentence.contains("is not there as a whole") && sentence.contains("Choose Import again"),
        "{sentence}"
    );
    let half = test
        .count("select count(*) from tasks where title like ?", b"Task %")
        .await;
    assert!((1..600).contains(&half), "{half}");
    let list = ana.list;
    drop(ana);
    // After a restart there is neither the job nor the pace, but the file.
    let test = test
        .reopen(|config| config.quotas.written = 64 * 1024 * 1024)
        .await;
    let mut ana = test.page("ana");
    ana.list = list;
    let done = import(&test, &ana, &token).await;
    assert_eq!(done["state"], "done", "{done}");
    let expected = [
        ("List 0".to_owned(), titles(0, 300)),
        ("List 1".to_owned(), titles(300, 600)),
    ];
    assert_eq!(made(&test, &ana).await, expected);
    test.sound().await;
}

#[tokio::test]
async fn of_a_file_with_a_list_that_is_too_large_nothing_is_made() {
    let test = TestBackend::with(|config| config.quotas.list = 20_000).await;
    let mut ana = test.page("ana");
    ana.add("Mine").await;
    let token = keep(&test, &ana, &format!("{}\n\n{}", lines(0, 3), lines(0, 200))).await;
    let refused = import(&test, &ana, &token).await;
    assert_eq!(refused["state"], "failed");
    assert!(
        refused["sentence"]
            .as_str()
            .unwrap()
            .contains("nothing was imported"),
        "{refused}"
    );
    assert_eq!(made(&test, &ana).await, []);
}

#[tokio::test]
async fn nobody_imports_what_somebody_else_sent() {
    let test = TestBackend::new().await;
    let (mut ana, mut ben) = (test.page("ana"), test.page("ben"));
    ana.add("Mine").await;
    ben.add("Mine").await;
    let token = keep(&test, &ana, "Secret").await;
    assert!(
        test.lists()
            .import_file(&ben.visitor, &token)
            .await
            .unwrap()
            .is_none()
    );
    assert_eq!(
        test.lists().start_import(&ben.visitor, &token, "", read).unwrap(),
        None
    );
}

#[tokio::test]
async fn a_file_with_more_lists_than_one_may_be_in_is_refused_as_a_whole_and_can_be_imported_later() {
    let test = TestBackend::new().await;
    let mut ana = test.page("ana");
    ana.add("Mine").await;
    let list = ana.list;
    let token = keep(&test, &ana, &format!("{}\n\n{}", lines(0, 3), lines(3, 6))).await;
    let test = test
        .altered(
            "insert into lists with recursive n (i) as (select 1 union all select i + 1 from n where i < 498)
                select unhex(printf('%032x', i)), 'Other', 0, 0, 0 from n;
             insert into members select lists.id, persons.id, 'owner', 0, null from lists, persons where lists.name = 'Other';",
        )
        .await;
    let mut ana = test.page("ana");
    ana.list = list;
    let refused = import(&test, &ana, &token).await;
    assert_eq!(
        (refused["state"].as_str(), refused["sentence"].as_str()),
        (
            Some("failed"),
            Some("You are on 499 lists and this file has 2 more: the limit is 500. So nothing was imported.")
        )
    );
    let test = test.altered("delete from lists where name = 'Other'").await;
    let mut ana = test.page("ana");
    ana.list = list;
    let done = import(&test, &ana, &token).await;
    assert_eq!(done["state"], "done", "{done}");
    let expected = [
        ("List 0".to_owned(), titles(0, 3)),
        ("List 1".to_owned(), titles(3, 6)),
    ];
    assert_eq!(made(&test, &ana).await, expected);
}

#[tokio::test]
async fn what_was_done_to_a_half_made_list_stays_when_the_import_goes_on() {
    let test = TestBackend::with(|config| config.quotas.written = 120_000).await;
    let mut ana = test.page("ana");
    ana.add("Mine").await;
    let token = keep(&test, &ana, &lines(0, 600)).await;
    assert_eq!(import(&test, &ana, &token).await["state"], "failed");
    let list = ana.list;
    drop(ana);
    let test = test
        .reopen(|config| config.quotas.written = 64 * 1024 * 1024)
        .await;
    let mut ana = test.page("ana");
    ana.list = list;
    let overview = test.lists().overview(&ana.visitor).await.unwrap();
    let half = *overview.lists.keys().find(|id| **id != list).unwrap();
    let snapshot = test.lists().snapshot(&ana.visitor, half, None).await.unwrap();
    let ids: Vec<_> = snapshot.list.tasks().map(|task| task.id).take(2).collect();
    let other = Field::Title(Title::parse("Another").unwrap());
    ana.done(Command::List(half, ListCommand::Delete { task: ids[0] }))
        .await;
    ana.done(Command::List(half, ListCommand::set(ids[1], other)))
        .await;
    let done = import(&test, &ana, &token).await;
    assert_eq!(done["state"], "done", "{done}");
    let snapshot = test.lists().snapshot(&ana.visitor, half, None).await.unwrap();
    let titles_now: Vec<_> = snapshot.list.tasks().map(|task| task.title.to_string()).collect();
    let mut expected = titles(1, 600);
    "Another".clone_into(&mut expected[0]);
    assert_eq!(titles_now, expected);
    let notes: Vec<_> = snapshot
        .list
        .tasks()
        .map(|task| task.notes.as_str().to_owned())
        .collect();
    assert_eq!(notes[0], "About Task 0001", "not twice");
    assert!(notes.iter().all(|notes| notes.starts_with("About ")), "{notes:?}");
}
