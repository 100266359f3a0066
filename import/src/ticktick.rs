//! A backup of TickTick: some lines about the file, the names of the columns, and a row for each task of all lists.
//!
//! Times are in UTC. A checklist is the text of a task, with a mark before each of its lines. Of a section there is the name alone, in each
//! row that is in it, with a number for its place.

use std::collections::HashMap;

use domain::{Priority, is_break};

use crate::bounds::MOST_ROWS;
use crate::collect::{Collected, ListAt, TaskAt};
use crate::draft::Draft;
use crate::family::in_order;
use crate::imported::{Imported, Shape};
use crate::json::Id;
use crate::refused::FileRefused;
use crate::remark::Reason;
use crate::source::Source;
use crate::stamp::Stamp;
use crate::table::{Table, TableRow};

/// The columns by which it is known, in small letters.
const NAMES: &[&str] = &["list name", "title", "content", "status"];

/// All columns of which something is made, which say how the others are to be read, or how the program shows them.
const KNOWN: &[&str] = &[
    "folder name",
    "list name",
    "title",
    "kind",
    "tags",
    "content",
    "is check list",
    "start date",
    "due date",
    "reminder",
    "repeat",
    "priority",
    "status",
    "created time",
    "completed time",
    "order",
    "timezone",
    "is all day",
    "is floating",
    "column name",
    "column order",
    "view mode",
    "taskid",
    "parentid",
];

/// Before a line of a checklist that is open, and before one that is done.
const OPEN: char = '▫';
const DONE: char = '▪';

/// What the program calls the tasks that are in no section.
const NO_SECTION: &str = "Not Sectioned";

/// The state of a task that nobody will do.
const WONT_DO: &str = "-1";

/// The table, if the text is one of TickTick.
pub(crate) fn table(text: &str) -> Option<Table> {
    Table::with_names(text, NAMES)
}

/// A row, and where it belongs.
struct Row {
    list: String,
    /// The name of its section, and the place of that; nothing where it is in none.
    section: String,
    section_order: f64,
    order: f64,
    task: Draft,
    /// The lines of its checklist.
    checks: Vec<Draft>,
    id: Id,
    parent: Option<Id>,
}

pub(crate) fn read(mut table: Table, source: &Source<'_>) -> Result<Imported, FileRefused> {
    let (mut rows, mut count): (Vec<Row>, usize) = (Vec::new(), 0);
    while let Some(row) = table.next_row()? {
        if row.cells.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        count += 1;
        rows.push(read_row(&table, &row, source, &mut count)?);
    }
    rows.sort_by(|a, b| a.order.total_cmp(&b.order));
    // Lists come in the order in which their first rows stand in the file.
    let mut found = Collected::default();
    let mut names: Vec<_> = rows.iter().map(|row| (row.task.row, row.list.as_str())).collect();
    names.sort_unstable();
    for (_, name) in names {
        found.named(name)?;
    }
    find_sections(&mut found, &rows)?;
    let ids: Vec<_> = rows.iter().map(|row| (&row.id, row.parent.as_ref())).collect();
    let order = in_order(&ids);
    let mut rows: Vec<Option<Row>> = rows.into_iter().map(Some).collect();
    let mut tasks = HashMap::with_capacity(rows.len());
    for (index, kin) in order {
        let Some(mut row) = rows.get_mut(index).and_then(Option::take) else {
            continue;
        };
        let parent = kin.parent(&mut row.task, &tasks);
        let list = found.named(&row.list)?;
        let section = section(&mut found, list, &row)?.map(|section| (section, row.section.as_str()));
        let task = found.add_in(list, section, parent, row.task)?;
        tasks.insert(index, task);
        for check in row.checks {
            found.add(list, Some(task), check)?;
        }
    }
    found.remark("", Reason::History);
    found.finish(Shape::TickTick)
}

/// Makes the sections of all lists, in their order.
fn find_sections(found: &mut Collected, rows: &[Row]) -> Result<(), FileRefused> {
    let mut rows: Vec<&Row> = rows.iter().collect();
    rows.sort_by(|a, b| {
        let of_sections = a.section_order.total_cmp(&b.section_order);
        of_sections.then(a.task.row.cmp(&b.task.row))
    });
    for row in rows {
        let list = found.named(&row.list)?;
        section(found, list, row)?;
    }
    Ok(())
}

/// The section of a row.
fn section(found: &mut Collected, list: ListAt, row: &Row) -> Result<Option<TaskAt>, FileRefused> {
    match row.section.as_str() {
        "" | NO_SECTION => Ok(None),
        name => found.section_named(list, row.task.row, name),
    }
}

/// The row, with the lines of its checklist counted into `count`: they are tasks, too, and a row may have millions.
fn read_row(
    table: &Table,
    row: &TableRow,
    source: &Source<'_>,
    count: &mut usize,
) -> Result<Row, FileRefused> {
    let cell = |name: &str| row.cell(table.column(name));
    let mut task = Draft::new(row.line, cell("title"));
    let mut checks = Vec::new();
    let is_checklist =
        cell("kind").eq_ignore_ascii_case("checklist") || cell("is check list").eq_ignore_ascii_case("y");
    // What ends lines in the file of a spreadsheet is not what ends them in a cell.
    for line in cell("content").replace("\r\n", "\n").split(is_break) {
        if *count > MOST_ROWS {
            return Err(FileRefused::TooManyRows);
        }
        match line
            .trim_start()
            .strip_prefix([OPEN, DONE])
            .filter(|text| is_checklist && !text.trim().is_empty())
        {
            Some(text) => {
                *count += 1;
                let mut check = Draft::new(row.line, text);
                check.is_done = line.trim_start().starts_with(DONE);
                checks.push(check);
            }
            None => {
                task.notes += line;
                task.notes.push('\n');
            }
        }
    }
    match cell("priority") {
        "" | "0" => {}
        "5" => task.priority = Some(Priority::First),
        "3" => task.priority = Some(Priority::Second),
        "1" => task.priority = Some(Priority::Third),
        other => task.keep("Priority", other, Reason::UnknownPriority),
    }
    match cell("status") {
        "" | "0" => {}
        // What is completed is archived by itself after a while.
        "1" | "2" => task.is_done = true,
        WONT_DO => {
            task.is_done = true;
            task.remark(Reason::WontDo);
        }
        other => task.keep("State", other, Reason::UnknownState),
    }
    if cell("kind").eq_ignore_ascii_case("note") {
        task.remark(Reason::Note);
    }
    due(&mut task, cell("due date"), cell("is all day"), cell("timezone"));
    let start = cell("start date");
    if start != cell("due date") {
        let is_all_day = cell("is all day").eq_ignore_ascii_case("true");
        match Stamp::parse(start).filter(|_| is_all_day) {
            Some(stamp) => task.start = Some(stamp.whole_day()),
            None => task.starts_at(start, cell("timezone")),
        }
    }
    task.keep("Folder", cell("folder name"), Reason::Folder);
    task.label(cell("tags").split(',').filter(|tag| !tag.trim().is_empty()));
    task.keep("Reminder", cell("reminder"), Reason::Reminder);
    let repeat = cell("repeat").replace('\n', " ");
    task.repeats("", repeat.strip_prefix("RRULE:").unwrap_or(&repeat), &repeat);
    for (label, cell) in table.others(row, KNOWN) {
        task.keep(label, cell, Reason::OtherColumns);
    }
    let list = match cell("list name") {
        "" => source.list_name(),
        name => name,
    };
    let parent = cell("parentid");
    Ok(Row {
        list: list.to_owned(),
        section: cell("column name").to_owned(),
        section_order: cell("column order").parse().unwrap_or(f64::MAX),
        order: cell("order").parse().unwrap_or(f64::MAX),
        task,
        checks,
        id: Id(cell("taskid").to_owned()),
        parent: (!matches!(parent, "" | "0")).then(|| Id(parent.to_owned())),
    })
}

fn due(task: &mut Draft, due: &str, is_all_day: &str, zone: &str) {
    match Stamp::parse(due) {
        None => task.keep("Due", due, Reason::UnknownDate),
        Some(stamp) if is_all_day.eq_ignore_ascii_case("true") => task.due = Some(stamp.whole_day()),
        Some(stamp) => task.due_at(stamp, zone),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_checklist_is_read_no_further_than_a_file_may_have_tasks() {
        let text = format!(
            "List Name,Title,Content,Status,Kind\nL,a,\"{}\",0,CHECKLIST\n",
            "▫x\n".repeat(MOST_ROWS * 2)
        );
        let mut table = table(&text).unwrap();
        let row = table.next_row().unwrap().unwrap();
        let source = Source {
            bytes: &[],
            name: "file",
            today: None,
            languages: &[],
            columns: None,
        };
        let mut count = 1;
        let read = read_row(&table, &row, &source, &mut count);
        assert_eq!(read.err(), Some(FileRefused::TooManyRows));
        assert_eq!(count, MOST_ROWS + 1);
    }
}
