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

/// The lists as text: a line a task, its notes below it, and the remarks of each.
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
        for task in &list.tasks {
            let mark = if task.is_done { "x" } else { " " };
            text += &format!("[{mark}] {}", task.title);
            if let Some(priority) = task.priority {
                text += &format!(" p{}", priority.number());
            }
            if let Some(repeat) = &task.repeat {
                text += &format!(" ({})", String::from(repeat.clone()));
            }
            if let Some(due) = task.due {
                text += &format!(" {}", String::from(due));
            }
            if let Some(deadline) = task.deadline {
                text += &format!(" {{{deadline}}}");
            }
            for label in &task.labels {
                text += &format!(" @{label}");
            }
            text.push('\n');
            for line in task.notes.as_str().lines() {
                text += &format!("    {line}\n");
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
