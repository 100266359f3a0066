//! Which task comes as a part of which, where a file says more than a list can hold.

use domain::capture::Language;
use domain::{Day, List, Notes, Task};
use import::{FileRefused, Imported, ImportedList, Reason, Source, read};

fn reading(bytes: &[u8]) -> Result<Imported, FileRefused> {
    read(&Source {
        bytes,
        name: "file",
        today: Day::of(2026, 12, 2),
        languages: &[Language::English],
        columns: None,
    })
}

/// The titles of a list, each with which task it is a part of.
fn parents(list: &ImportedList) -> Vec<(String, Option<usize>)> {
    let tasks = list.tasks.iter();
    tasks.map(|task| (task.title.to_string(), task.parent)).collect()
}

fn with(parents: &[(&str, Option<usize>)]) -> Vec<(String, Option<usize>)> {
    let parents = parents.iter();
    parents
        .map(|(title, parent)| ((*title).to_owned(), *parent))
        .collect()
}

#[test]
fn parents_may_come_after_their_children_and_below_themselves() {
    let head = "List Name,Title,Content,Status,taskId,parentId\n";
    let rows = "L,child,,0,2,1\nL,parent,,0,1,\nL,a,,0,3,4\nL,b,,0,4,3\nL,lost,,0,5,99\n";
    assert_eq!(
        parents(&reading((head.to_owned() + rows).as_bytes()).unwrap().lists[0]),
        with(&[
            ("parent", None),
            ("child", Some(0)),
            ("lost", None),
            ("a", None),
            ("b", Some(3))
        ])
    );
}

#[test]
fn subtasks_that_are_too_deep_stand_behind_their_parents_on_the_last_level() {
    let lines: Vec<String> = (0..40)
        .map(|level| format!("{}- {level}\n", " ".repeat(level)))
        .collect();
    let list = &reading(lines.concat().as_bytes()).unwrap().lists[0];
    let most = Task::MOST_LEVELS;
    for (index, task) in list.tasks.iter().enumerate() {
        assert_eq!(task.title.as_str(), index.to_string());
        assert_eq!(task.parent, index.min(most).checked_sub(1), "{index}");
        // Whose notes say so is known to be below the task before it, as far as that is followed.
        let says = task.notes.as_str() == format!("Part of: {}", index.saturating_sub(1).min(31));
        assert_eq!(says, index > most, "{index}: {:?}", task.notes);
    }
    let deep = list.remarks.iter().map(|remark| remark.reason);
    assert!(deep.eq(vec![Reason::TooDeep; 39 - most]));
}

#[test]
fn what_is_below_a_task_that_does_not_come_is_one_level_up() {
    let text = "TYPE,CONTENT,PRIORITY,INDENT\ntask,a,4,1\ntask,,4,2\ntask,b,4,3\ntask,c,4,4\ntask,,4,1\ntask,d,4,2\n";
    let list = &reading(text.as_bytes()).unwrap().lists[0];
    let expected = [("a", None), ("b", Some(0)), ("c", Some(1)), ("d", None)];
    assert_eq!(parents(list), with(&expected));
    let reasons: Vec<_> = list
        .remarks
        .iter()
        .map(|remark| (remark.row, remark.reason))
        .collect();
    let (nothing, empty) = (Reason::Nothing, Reason::EmptyParent);
    assert_eq!(
        reasons,
        [
            (Some(3), nothing),
            (Some(4), empty),
            (Some(6), nothing),
            (Some(7), empty)
        ]
    );
}

#[test]
fn a_description_before_the_tasks_and_notes_that_need_several_leave_each_subtask_with_its_parent() {
    let long = "n ".repeat(Notes::LIMIT);
    let list = "\"title\":\"A\",\"hex_color\":\"\",\"description\":\"About\"";
    let file = format!(
        "[{{{list},\"tasks\":[{{\"id\":1,\"title\":\"a\",\"description\":\"{long}\",\"related_tasks\":{{\"subtask\":[{{\"id\":2}}]}}}},\
         {{\"id\":2,\"title\":\"b\",\"description\":\"{long}\"}}]}}]"
    );
    let tasks = parents(&reading(file.as_bytes()).unwrap().lists[0]);
    let pieces = tasks.iter().filter(|(title, _)| title == "a").count();
    assert!(pieces > 1);
    for (index, (title, parent)) in tasks.iter().enumerate() {
        assert_eq!(*parent, (title == "b").then_some(1), "{index}");
    }
}

#[test]
fn a_task_and_its_subtasks_stay_together_where_a_list_is_several() {
    let parts = "- a\n".repeat(List::MOST_TASKS - 1) + "- b\n  - c\n    - d\n";
    let imported = reading(parts.as_bytes()).unwrap();
    let (first, second) = (&imported.lists[0], &imported.lists[1]);
    let expected = [("b", None), ("c", Some(0)), ("d", Some(1))];
    assert_eq!(parents(second), with(&expected));
    assert_eq!(
        (first.tasks.len(), second.remarks.len()),
        (List::MOST_TASKS - 1, 0)
    );
}

#[test]
fn what_is_said_of_subtasks_that_no_list_holds_is_text_too() {
    // A card with so many lines that most come into other lists, where each names it, beside the long name of their checklist.
    let file = |name: usize| {
        let (title, name) = ("🥛".repeat(60), "s".repeat(name));
        let checks = "{\"name\":\"c\"},".repeat(49_000);
        format!(
            "{{\"lists\":[{{\"id\":\"l\",\"name\":\"Later\"}}],\"cards\":[{{\"id\":\"c\",\"idList\":\"l\",\"name\":\"{title}\"}}],\
             \"checklists\":[{{\"idCard\":\"c\",\"name\":\"{name}\",\"checkItems\":[{checks}{{}}]}}]}}"
        )
    };
    let imported = reading(file(10).as_bytes()).unwrap();
    let second = &imported.lists[1];
    let said = "\n\nPart of: ".to_owned() + &"🥛".repeat(60);
    assert!(second.tasks[0].section && second.tasks[0].notes.is_empty());
    for task in &second.tasks[1..] {
        assert!(
            task.parent == Some(0) && task.notes.as_str().ends_with(&said),
            "{task:?}"
        );
    }
    let elsewhere = second
        .remarks
        .iter()
        .filter(|remark| remark.reason == Reason::OtherList);
    assert_eq!(elsewhere.count(), second.tasks.len() - 1);
    assert_eq!(reading(file(600).as_bytes()), Err(FileRefused::TooMuchText));
}
