//! What is read of one small file of each shape, and what is said of it.
#![expect(clippy::unwrap_used, reason = "the samples are given")]

use domain::Day;
use domain::capture::Language;
use import::{ColumnRole, Columns, FileRefused, Imported, Remark, Source, read};

/// A file as it is read on Wednesday, 2 December 2026.
fn file<'a>(name: &'a str, bytes: &'a [u8]) -> Source<'a> {
    Source {
        bytes,
        name,
        today: Day::of(2026, 12, 2),
        languages: &[Language::English],
        columns: None,
    }
}

/// The lists as text: a line a task or section, indented below what it is a part of, its notes below it, and the remarks of each.
fn shown(imported: &Imported) -> String {
    let mut text = format!("= {}\n", imported.shape);
    let remarks = |text: &mut String, remarks: &[Remark]| {
        for remark in remarks {
            let row = remark.row.map_or_else(|| "-".to_owned(), |row| row.to_string());
            *text += &format!("? {row} {}: {:?}\n", remark.about, remark.reason);
        }
    };
    remarks(&mut text, &imported.remarks);
    for list in &imported.lists {
        text += &format!("# {}\n", list.name);
        let mut levels: Vec<usize> = Vec::new();
        for task in &list.tasks {
            let level = task.parent.map_or(0, |parent| levels.get(parent).unwrap() + 1);
            levels.push(level);
            let mark = match (task.section, task.is_done) {
                (true, _) => "#",
                (_, true) => "x",
                _ => " ",
            };
            let indent = "  ".repeat(level);
            text += &format!("{indent}[{mark}] {}", task.title);
            if let Some(priority) = task.priority {
                text += &format!(" p{}", priority.number());
            }
            if let Some(repeat) = &task.repeat {
                text += &format!(" ({})", String::from(repeat.clone()));
            }
            if let Some(due) = task.due {
                text += &format!(" {}", String::from(due));
            }
            if let Some(time) = &task.due_time {
                text += &format!(" at {time}");
            }
            if let Some(deadline) = task.deadline {
                text += &format!(" {{{deadline}}}");
            }
            if let Some(start) = task.start {
                text += &format!(" from {start}");
            }
            if let Some(estimate) = task.estimate {
                text += &format!(" for {}", estimate.in_words());
            }
            for label in &task.labels {
                text += &format!(" @{label}");
            }
            text.push('\n');
            for line in task.notes.as_str().lines() {
                text += &format!("{indent}    {line}\n");
            }
        }
        remarks(&mut text, &list.remarks);
    }
    text
}

fn check(name: &str, bytes: &[u8], expected: &str) {
    let imported = read(&file(name, bytes)).unwrap();
    let shown = shown(&imported);
    assert_eq!(shown, expected, "{name}:\n{shown}");
}

macro_rules! sample {
    ($test:ident, $name:literal) => {
        #[test]
        fn $test() {
            let expected = include_str!(concat!("samples/", $name, ".expected"));
            check($name, include_bytes!(concat!("samples/", $name)), expected);
        }
    };
}

sample!(an_old_project_of_todoist, "todoist-old.csv");
sample!(a_new_project_of_todoist, "todoist-new.csv");
sample!(a_backup_of_ticktick, "ticktick.csv");
sample!(a_board_of_trello, "trello.json");
sample!(an_export_of_vikunja, "vikunja.json");
sample!(a_new_export_of_vikunja, "vikunja-new.json");
sample!(lists_of_microsoft_to_do, "microsoft.json");
sample!(tasks_of_microsoft_to_do, "microsoft-tasks.json");
sample!(an_export_of_tandem, "tandem.json");
sample!(a_table_with_names_that_are_known, "table.csv");
sample!(markdown_with_headings, "markdown.md");

#[test]
fn the_columns_of_a_table_are_what_somebody_chose() {
    let bytes = b"Apples;3;red\nPears;1;green\n";
    let guessed = read(&file("fruit.csv", bytes)).unwrap();
    assert_eq!(
        shown(&guessed),
        "= a table (CSV)\n# fruit\n[ ] Apples\n    Also: 3\n    Also: red\n[ ] Pears\n    Also: 1\n    Also: green\n\
         ? 1 Apples: OtherColumns\n? 2 Pears: OtherColumns\n"
    );
    let columns = |has_names, roles: [ColumnRole; 3]| Columns {
        has_names,
        columns: roles.map(|role| (String::new(), role)).into(),
    };
    let chosen = columns(
        true,
        [ColumnRole::LeaveOut, ColumnRole::Priority, ColumnRole::Title],
    );
    let source = Source {
        columns: Some(&chosen),
        ..file("fruit.csv", bytes)
    };
    assert_eq!(
        shown(&read(&source).unwrap()),
        "= a table (CSV)\n# fruit\n[ ] green p1\n? 2 green: LeftOut\n"
    );
    let untitled = columns(false, [ColumnRole::Keep; 3]);
    let source = |columns| Source {
        columns: Some(columns),
        ..file("fruit.csv", bytes)
    };
    assert_eq!(read(&source(&untitled)), Err(FileRefused::NoTitles));
    let other = Columns {
        columns: vec![(String::new(), ColumnRole::Title)],
        has_names: true,
    };
    assert_eq!(read(&source(&other)), Err(FileRefused::OtherColumns));
}

#[test]
fn a_start_comes_as_a_day_with_its_time_in_the_notes() {
    check(
        "microsoft.json",
        b"{\"value\":[{\"title\":\"Sow\",\"status\":\"notStarted\",\"startDateTime\":{\"dateTime\":\"2026-12-03T23:00:00.0000000\",\"timeZone\":\"UTC\"}},\
          {\"title\":\"Reap\",\"status\":\"notStarted\",\"startDateTime\":{\"dateTime\":\"soon\",\"timeZone\":\"UTC\"}}]}",
        "= tasks from Microsoft To Do\n# microsoft\n[ ] Sow from 2026-12-04\n[ ] Reap\n    Start: soon UTC\n? 2 Reap: UnknownDate\n",
    );
    check(
        "vikunja.json",
        b"[{\"title\":\"Boat\",\"hex_color\":\"\",\"tasks\":[{\"title\":\"Sand\",\"start_date\":\"2026-12-03T12:00:00Z\",\
          \"end_date\":\"2026-12-04T12:00:00Z\"}]}]",
        "= an export from Vikunja\n? - : History\n# Boat\n[ ] Sand from 2026-12-03\n    Start: 2026-12-03T12:00:00Z\n    End: 2026-12-04T12:00:00Z\n\
         ? 1 Sand: Time\n? 1 Sand: End\n",
    );
    let head = "List Name,Title,Content,Status,Start Date,Due Date,Timezone,Is All Day\n";
    let rows = "Garden,Rake,,0,2026-12-03T23:00:00+0000,2026-12-05T23:00:00+0000,Europe/Berlin,true\n\
                Garden,Mow,,0,2026-12-03T10:00:00+0000,,Europe/Berlin,false\n";
    check(
        "ticktick.csv",
        format!("{head}{rows}").as_bytes(),
        "= a backup from TickTick\n? - : History\n# Garden\n[ ] Rake 2026-12-06 from 2026-12-04\n[ ] Mow from 2026-12-03\n\
         \x20   Start: 2026-12-03T10:00:00+0000, Europe/Berlin\n? 3 Mow: Time\n",
    );
}

#[test]
fn how_long_it_takes_comes_where_it_is_said_in_minutes() {
    let head = "TYPE,CONTENT,PRIORITY,INDENT,DATE,DURATION,DURATION_UNIT\n";
    let rows = "task,Read,4,1,,45,minute\ntask,Rest,4,1,,2,day\ntask,Wait,4,1,,0,minute\n";
    check(
        "todoist.csv",
        format!("{head}{rows}").as_bytes(),
        "= a project from Todoist\n# todoist\n[ ] Read for 45 min\n[ ] Rest\n    Duration: 2 day\n[ ] Wait\n    Duration: 0 minute\n\
         ? 3 Rest: Duration\n? 4 Wait: Duration\n",
    );
}

#[test]
fn lines_without_marks_are_tasks() {
    check(
        "notes.txt",
        "Milk\r\n\r\nBread, butter\r\n".as_bytes(),
        "= text or Markdown\n# notes\n[ ] Milk\n[ ] Bread, butter\n",
    );
    check(
        "[[links]].md",
        b"[[a link]]\n[x] b\n",
        "= text or Markdown\n# [[links]]\n[ ] [[a link]]\n[x] b\n? 1 [[a link]]: NoBullet\n",
    );
}

#[test]
fn a_name_of_a_list_that_is_too_long_is_kept_whole() {
    let name = "All that is to be done before ".repeat(5) + "the end";
    let cut = name.chars().take(99).collect::<String>();
    let text = format!("# {name}\n- Milk\n");
    let about = format!("= text or Markdown\n# {cut}…\n[ ] About this list\n    {name}\n[ ] Milk\n");
    let remark = format!("? - {}…: ListName\n", name.chars().take(59).collect::<String>());
    check("file.md", text.as_bytes(), &(about + &remark));
    let json = format!(
        "[{{\"title\":\"{name}\",\"hex_color\":\"\",\"description\":\"Hello\",\"tasks\":[{{\"title\":\"Milk\"}}]}}]"
    );
    let list = &read(&file("data.json", json.as_bytes())).unwrap().lists[0];
    assert_eq!(list.tasks[0].notes.as_str(), format!("{name}\n\nHello"));
    assert_eq!(list.tasks.len(), 2);
}
