//! Whatever bytes come: a sentence, or lists that are right. `make fuzz` runs these for long, led by coverage.

#[path = "../../domain/tests/support/soup.rs"]
mod soup;

use bolero::{check, one_of, produce};
use domain::capture::Language;
use domain::{Day, List, Task, Title};

use self::soup::{changed, soup};
use crate::bounds::{MOST_LISTS, MOST_ROWS};
use crate::imported::{Imported, ImportedTask};
use crate::refused::FileRefused;
use crate::shape::read;
use crate::source::Source;

/// How often each target is tried where nothing else is said.
const TRIES: usize = 1_000;

const SAMPLES: &[&str] = &[
    include_str!("../tests/samples/todoist-old.csv"),
    include_str!("../tests/samples/todoist-new.csv"),
    include_str!("../tests/samples/ticktick.csv"),
    include_str!("../tests/samples/trello.json"),
    include_str!("../tests/samples/vikunja.json"),
    include_str!("../tests/samples/vikunja-new.json"),
    include_str!("../tests/samples/microsoft.json"),
    include_str!("../tests/samples/tandem.json"),
    include_str!("../tests/samples/table.csv"),
    include_str!("../tests/samples/markdown.md"),
];

const WORDS: &[&str] = &[
    "{",
    "}",
    "[",
    "]",
    "\"",
    ":",
    ",",
    ";",
    "\t",
    "\n",
    "\r",
    "#",
    "\n## ",
    "- ",
    "[x] ",
    "  ",
    "null",
    "true",
    "0",
    "-1",
    "1e999",
    "title",
    "name",
    "cards",
    "lists",
    "tasks",
    "value",
    "tandem",
    "task",
    "section",
    "TYPE",
    "CONTENT",
    "PRIORITY",
    "INDENT",
    "Title",
    "Status",
    "every",
    "2026-12-05",
    "T18:00",
    "<p>",
    "&amp;",
    "▫",
    "parent",
    "parentId",
    "subtask",
    "\n\t",
    "\u{0}",
    "\u{feff}",
    "\u{1}",
];

/// Whether each task comes behind what it is a part of, none is deeper than a list has them, and sections stand behind what is in none,
/// open and a part of nothing.
fn are_nested(tasks: &[ImportedTask]) -> bool {
    // Of each task how many it is a part of, with itself and without the section.
    let (mut levels, mut has_section) = (Vec::new(), false);
    tasks.iter().all(|task| {
        has_section |= task.section;
        let above = task.parent.map_or(Some(0), |parent| levels.get(parent).copied());
        levels.extend(above.map(|above| above + usize::from(!task.section)));
        let is_right = if task.section {
            task.parent.is_none() && !task.is_done
        } else {
            task.parent.is_some() || !has_section
        };
        is_right && above.is_some_and(|above| above <= Task::MOST_LEVELS)
    })
}

fn reading(bytes: &[u8]) -> Result<Imported, FileRefused> {
    let read = read(&Source {
        bytes,
        name: "file.csv",
        today: Day::of(2026, 12, 2),
        languages: &[Language::English],
        columns: None,
    });
    match &read {
        Ok(imported) => {
            let lists = &imported.lists;
            assert!((1..=MOST_LISTS).contains(&lists.len()));
            assert!(
                lists
                    .iter()
                    .all(|list| (1..=List::MOST_TASKS).contains(&list.tasks.len()))
            );
            assert!(lists.iter().map(|list| list.tasks.len()).sum::<usize>() <= MOST_ROWS);
            assert!(lists.iter().all(|list| are_nested(&list.tasks)));
            let remarks = lists
                .iter()
                .flat_map(|list| &list.remarks)
                .chain(&imported.remarks);
            assert!(remarks.into_iter().all(|remark| !remark.about.contains('\n')));
        }
        Err(refused) => assert!(refused.to_string().ends_with('.')),
    }
    read
}

#[test]
fn whatever_bytes_come_the_lists_are_right_or_a_sentence_says_why_not() {
    check!()
        .with_generator(produce::<Vec<u8>>())
        .with_iterations(TRIES)
        .for_each(|bytes| drop(reading(bytes)));
}

#[test]
fn a_file_of_which_a_part_is_changed_is_read_or_refused() {
    check!()
        .with_generator(one_of((soup(WORDS), changed(SAMPLES, WORDS))))
        .with_iterations(TRIES)
        .for_each(|text| drop(reading(text.as_bytes())));
}

#[test]
fn whatever_cells_a_table_has_no_word_of_them_is_lost() {
    let cell = || {
        soup(&[
            "a", "b", " ", ",", ";", "\"", "\n", "\r\n", "é", "#", "- ", "🥛", "every", "done",
        ])
    };
    check!()
        .with_generator((cell(), cell(), cell()))
        .with_iterations(TRIES)
        .for_each(|(title, notes, other)| {
            let quoted = |cell: &str| format!("\"{}\"", cell.replace('"', "\"\""));
            let cells = [title, notes, other].map(|cell| quoted(cell)).join(",");
            let Ok(imported) = reading(format!("Title,Notes,Other\n{cells}\n").as_bytes()) else {
                // Only what has nothing in it that can be seen has no task, and a file with a NUL in it is no text.
                assert!(
                    cells.contains('\0')
                        || [title, notes, other]
                            .iter()
                            .all(|cell| Title::parse(cell) == Err(domain::TextProblem::Empty)
                                || cell.chars().any(char::is_control))
                );
                return;
            };
            let task = &imported.lists[0].tasks[0];
            let letters = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).collect::<String>();
            let said = letters(task.title.as_str()) + &letters(task.notes.as_str());
            for cell in [title, notes, other] {
                assert!(said.contains(&letters(cell)), "{cell:?} is not in {task:?}");
            }
        });
}
