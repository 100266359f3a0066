//! What is taken for the names of columns, and which columns are read.
#![expect(clippy::unwrap_used, reason = "the tables are given")]

#[path = "support/reading.rs"]
mod reading;

use domain::Day;
use import::{ColumnRole, Columns, Imported, Reason, Shape};
use reading::{reading, reasons};

fn titles(imported: &Imported) -> Vec<&str> {
    let tasks = imported.lists.iter().flat_map(|list| &list.tasks);
    tasks.map(|task| task.title.as_str()).collect()
}

#[test]
fn the_first_row_is_names_only_where_most_of_it_is() {
    for (text, expected) in [
        ("Buy milk;done\nBread;open\n", &["Buy milk", "Bread"][..]),
        ("Buy milk;todo\nBread;done\n", &["Buy milk", "Bread"]),
        // What comes again below is no name.
        ("Title;Ada;Bob\nBread;Ada;Cem\n", &["Title", "Bread"]),
        ("Title;Notes\nBread;Notes\n", &["Bread"]),
        ("Name,Tags,Owner,Created\nBread,,,\n", &["Bread"]),
    ] {
        let imported = reading(text, None);
        assert_eq!(titles(&imported), expected, "{text}");
        let remark = imported
            .remarks
            .iter()
            .find(|remark| remark.reason == Reason::FirstRow);
        let about = remark.map(|remark| remark.about.as_str());
        let is_doubtful = text.starts_with("Name");
        assert_eq!(
            about,
            is_doubtful.then_some("Name, Tags, Owner, Created"),
            "{text}"
        );
    }
}

#[test]
fn a_word_above_a_list_is_no_column() {
    for text in [
        "To do\n- [x] Milk, fresh\n- Bread\n",
        "Todo\n\n* [x] Milk, fresh\n* Bread\n",
        "Title\n\n# A\n- [x] Milk, fresh\n- Bread\n",
    ] {
        let imported = reading(text, None);
        assert_eq!(imported.shape, Shape::Markdown, "{text}");
        assert_eq!(titles(&imported)[1..], ["Milk, fresh", "Bread"], "{text}");
        let tasks = imported.lists.iter().flat_map(|list| &list.tasks);
        assert_eq!(tasks.filter(|task| task.is_done).count(), 1, "{text}");
    }
    assert_eq!(reading("Title\nMilk\n", None).shape, Shape::Table);
}

#[test]
fn of_two_columns_for_one_thing_the_second_stays_in_the_notes() {
    let roles = [
        ColumnRole::Title,
        ColumnRole::Due,
        ColumnRole::Due,
        ColumnRole::Priority,
        ColumnRole::Priority,
    ];
    let chosen = Columns {
        has_names: true,
        columns: roles.map(|role| (String::new(), role)).into(),
    };
    let text = "a,Due,Until,b,Urgency\nMilk,2026-12-05,2026-12-24,low,high\nBread,,2026-12-24,,high\n";
    let imported = reading(text, Some(&chosen));
    let tasks = &imported.lists[0].tasks;
    let facts = |at: usize| {
        (
            tasks[at].due,
            tasks[at].priority.map(|priority| priority.number()),
        )
    };
    assert_eq!(facts(0), (Day::of(2026, 12, 5), Some(3)));
    assert_eq!(tasks[0].notes.as_str(), "Urgency: high\nUntil: 2026-12-24");
    assert_eq!(facts(1), (Day::of(2026, 12, 24), Some(1)));
    assert_eq!(tasks[1].notes.as_str(), "");
}

/// Each task with its mark, its notes on the same line, and before a subtask the title of its parent.
fn lines(imported: &Imported) -> Vec<String> {
    let mut lines = Vec::new();
    for list in &imported.lists {
        for task in &list.tasks {
            let parent = task
                .parent
                .map(|parent| format!("{} > ", list.tasks.get(parent).unwrap().title));
            let (mark, notes) = (if task.is_done { "x" } else { " " }, task.notes.as_str());
            let (parent, notes) = (parent.unwrap_or_default(), notes.replace('\n', " / "));
            lines.push(format!("[{mark}] {parent}{} ({notes})", task.title));
        }
    }
    lines
}

#[test]
fn cells_of_todoist_that_nobody_knows_stay_in_the_notes() {
    let text = "TYPE,CONTENT,PRIORITY,INDENT,Estimate,\ntask,Tent,4,1,5,blue,and long\n,Stove,4,1,,\n,,4,,,\n,,,,,\n";
    let imported = reading(text, None);
    assert_eq!(
        lines(&imported),
        [
            "[ ] Tent (Estimate: 5 / Also: blue / Also: and long)",
            "[ ] Stove ()"
        ]
    );
    assert_eq!(reasons(&imported), [Reason::OtherColumns, Reason::NoTask]);
}

#[test]
fn a_row_of_ticktick_says_what_its_lines_are() {
    let text = "List Name,Title,Kind,Content,Is Check list,Status,Energy\n\
                L,Old,,\"▫a\r▪b\rText\",Y,0,\nL,New,CHECKLIST,\"▫c\u{2028}▪d\",N,0,low\nL,Text,TEXT,▫ e,N,-1,\nL,Idea,NOTE,,N,0,,x\n";
    let imported = reading(text, None);
    assert_eq!(
        lines(&imported),
        [
            "[ ] Old (Text)",
            "[ ] Old > a ()",
            "[x] Old > b ()",
            "[ ] New (Energy: low)",
            "[ ] New > c ()",
            "[x] New > d ()",
            "[x] Text (▫ e)",
            "[ ] Idea (Also: x)",
        ]
    );
    let other = Reason::OtherColumns;
    let expected = [other, Reason::WontDo, Reason::Note, other, Reason::History];
    assert_eq!(reasons(&imported), expected);
}
