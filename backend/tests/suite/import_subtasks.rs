//! Importing subtasks: each becomes a part of its parent, also where an import goes on that was cut off, and whatever became of the parent
//! meanwhile.

use domain::{Command, Field, List, ListCommand, ListId, Place, TaskId, Title};

use crate::imports::{import, keep};
use crate::world::{Page, TestBackend, fresh};

/// The list that was imported.
async fn imported(test: &TestBackend, ana: &Page) -> List {
    let overview = test.lists().overview(&ana.visitor).await.unwrap();
    let id: ListId = *overview.lists.keys().find(|id| **id != ana.list).unwrap();
    test.lists().snapshot(&ana.visitor, id, None).await.unwrap().list
}

/// The tasks as they are read, with a space more before a subtask than before its parent. Each has all that it came with.
fn outline(list: &List) -> String {
    fn below(list: &List, parent: Option<TaskId>, indent: &str, text: &mut String) {
        for task in list.subtasks(parent) {
            let notes = format!("About {}", task.title);
            assert!(task.notes.as_str() == notes && task.done.is_some(), "{task:?}");
            *text += &format!("{indent}{}\n", task.title);
            below(list, Some(task.id), &format!("{indent} "), text);
        }
    }
    let mut text = String::new();
    below(list, None, "", &mut text);
    text
}

fn find(list: &List, title: &str) -> TaskId {
    let mut tasks = list.all_tasks();
    tasks.find(|task| task.title.as_str() == title).unwrap().id
}

/// Imports as much of a file as somebody may write, lets them do something to what is there, and imports the rest. The lines that were
/// there, and what is there in the end.
async fn cut_off(text: &str, meanwhile: impl AsyncFnOnce(&mut Page, &List)) -> (usize, List) {
    let test = TestBackend::with(|config| config.quotas.written = 120_000).await;
    let mut ana = test.page("ana");
    ana.add("Mine").await;
    let token = keep(&test, &ana, text).await;
    let stopped = import(&test, &ana, &token).await;
    assert_eq!(stopped.get("state").unwrap(), "failed", "{stopped}");
    let mine = ana.list;
    drop(ana);
    let test = test
        .reopen(|config| config.quotas.written = 64 * 1024 * 1024)
        .await;
    let mut ana = test.page("ana");
    ana.list = mine;
    let half = imported(&test, &ana).await;
    let there = half.all_tasks().count();
    assert!((10..text.lines().count()).contains(&there), "{there}");
    meanwhile(&mut ana, &half).await;
    let done = import(&test, &ana, &token).await;
    assert_eq!(done.get("state").unwrap(), "done", "{done}");
    let list = imported(&test, &ana).await;
    let of_file = "select count(*) from tasks where title like ?";
    let all = test.count(of_file, b"Task %").await;
    assert_eq!(usize::try_from(all), Ok(text.lines().count()), "with the trash");
    test.sound().await;
    (there, list)
}

/// Lines, each so far in.
fn lines(levels: impl IntoIterator<Item = usize>) -> String {
    let line = |(index, level): (usize, usize)| format!("{}Task {index:04}\n", " ".repeat(level));
    levels.into_iter().enumerate().map(line).collect()
}

#[tokio::test]
async fn subtasks_become_subtasks_on_all_levels() {
    let test = TestBackend::new().await;
    let mut ana = test.page("ana");
    ana.add("Mine").await;
    let text = lines((0..250).map(|index| [0, 1, 2, 3, 4, 5, 5, 3, 1][index % 9]));
    let token = keep(&test, &ana, &text).await;
    let done = import(&test, &ana, &token).await;
    assert_eq!(done["sentence"], "Imported 250 tasks in one list.");
    assert_eq!(outline(&imported(&test, &ana).await), text);
    test.sound().await;
}

#[tokio::test]
async fn an_import_that_was_cut_off_goes_on_with_the_subtasks_of_what_is_there() {
    let text = lines((0..600).map(|index| [0, 1, 2, 3, 4, 5, 5, 3, 1][index % 9]));
    let (_, list) = cut_off(&text, async |_, _| {}).await;
    assert_eq!(outline(&list), text);
}

#[tokio::test]
async fn the_subtasks_of_what_somebody_has_deleted_meanwhile_come_to_what_that_was_a_part_of() {
    // A task, one in it, and in that one pairs, each of which is one more and one in that.
    let levels = |count: usize| [0, 1].into_iter().chain((2..count).map(|index| 2 + index % 2));
    let text = lines(levels(600));
    for (title, level) in [("Task 0000", 0), ("Task 0001", 1)] {
        let (there, list) = cut_off(&text, async |ana, half| {
            let task = find(half, title);
            ana.done(Command::List(half.id, ListCommand::Delete { task }))
                .await;
        })
        .await;
        // What was deleted stays so.
        let kept = (level == 1).then(|| "Task 0000".to_owned());
        let rest = text.lines().skip(there + there % 2);
        let expected: Vec<String> = kept
            .into_iter()
            .chain(rest.map(|line| line[2 - level..].to_owned()))
            .collect();
        let outline = outline(&list);
        let mut lines: Vec<&str> = outline.lines().collect();
        if there % 2 == 1 {
            // Of half a pair the other half comes behind those that are asked for with it.
            let half = format!("{}Task {there:04}", " ".repeat(level));
            let at = lines.iter().position(|line| *line == half).unwrap();
            lines.remove(at);
        }
        assert_eq!(lines, expected, "{title}");
    }
}

#[tokio::test]
async fn what_has_no_level_left_where_somebody_has_moved_its_parent_stands_behind_that() {
    // A task with many in it, and behind them one with two levels more.
    let text = lines([0].into_iter().chain([1; 600]).chain([2, 3, 1]));
    let (_, list) = cut_off(&text, async |ana, half| {
        let mut place = Place::End;
        for index in 0..4 {
            let task = TaskId::from_bytes(fresh());
            let title = Title::parse(&format!("Mine {index}")).unwrap();
            let command = ListCommand::AddTask {
                task,
                place,
                title,
                fields: vec![Field::Done(true)],
            };
            ana.done(Command::List(half.id, command)).await;
            let notes = Field::Notes(domain::Notes::parse(&format!("About Mine {index}")).unwrap());
            ana.done(Command::List(half.id, ListCommand::set(task, notes)))
                .await;
            place = Place::EndOf(task);
        }
        let task = find(half, "Task 0000");
        ana.done(Command::List(half.id, ListCommand::Move { task, place }))
            .await;
    })
    .await;
    let mine: String = (0..4)
        .map(|index| format!("{}Mine {index}\n", " ".repeat(index)))
        .collect();
    let first: String = (1..=600).map(|index| format!("     Task {index:04}\n")).collect();
    let outline = outline(&list);
    let rest = outline
        .strip_prefix(&format!("{mine}    Task 0000\n{first}"))
        .unwrap();
    let mut rest: Vec<&str> = rest.lines().collect();
    rest.sort_unstable();
    assert_eq!(rest, ["     Task 0601", "     Task 0602", "     Task 0603"]);
}
