//! A project of Todoist: `Export as a template`, and the files of its backups. Older files lack the last columns.
//!
//! A row is a task, a section (the tasks behind it are in it), a comment (`note`) on the row before it, or a setting (`meta`). The priority 1 is the highest, and 4 is what
//! every task has that nobody gave one.

use domain::capture::Language;
use domain::{Estimate, Priority};

use crate::bounds::MOST_ROWS;
use crate::collect::{Collected, ListAt, TaskAt};
use crate::dates::said;
use crate::draft::Draft;
use crate::imported::{Imported, Shape};
use crate::refused::FileRefused;
use crate::remark::Reason;
use crate::source::Source;
use crate::table::{Table, TableRow};

/// The columns that every version has, in small letters.
const NAMES: &[&str] = &["type", "content", "priority", "indent"];

/// All columns of which something is made, or which say how the others are to be read.
const KNOWN: &[&str] = &[
    "type",
    "content",
    "description",
    "priority",
    "indent",
    "author",
    "responsible",
    "date",
    "date_lang",
    "timezone",
    "duration",
    "duration_unit",
    "deadline",
    "deadline_lang",
];

/// How deep tasks stand below one another at the most.
const DEEPEST: usize = 8;

/// The table, if the text is one of Todoist.
pub(crate) fn table(text: &str) -> Option<Table> {
    Table::with_names(text, NAMES)
}

pub(crate) fn read(mut table: Table, source: &Source<'_>) -> Result<Imported, FileRefused> {
    let mut found = Collected::default();
    let list = found.list(source.list_name())?;
    let columns = Columns::of(&table);
    let mut reading = Reading {
        list,
        last: None,
        section: None,
        above: Vec::new(),
        about: String::new(),
    };
    let mut has_author = false;
    let mut rows = 0_usize;
    while let Some(row) = table.next_row()? {
        if row.cells.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        // Also those that are no tasks, since what is made of them is held.
        rows += 1;
        if rows > MOST_ROWS {
            return Err(FileRefused::TooManyRows);
        }
        let content = row.cell(columns.content);
        let kind = row.cell(columns.kind).to_lowercase();
        match kind.as_str() {
            // Somebody who writes a row by hand may leave its type out.
            "task" | "" if kind == "task" || !content.is_empty() => {
                reading.take(&mut found)?;
                has_author |= !row.cell(columns.author).is_empty();
                let mut task = columns.task(&row, source);
                keep_others(&table, &row, &mut task);
                reading.last = Some((columns.indent(&row), task));
            }
            "section" => {
                reading.take(&mut found)?;
                let mut section = Draft::section(row.line, content);
                row.cell(columns.description).clone_into(&mut section.notes);
                keep_others(&table, &row, &mut section);
                reading.last = Some((1, section));
            }
            "note" => match &mut reading.last {
                Some((_, task)) => task.keep("Comment", content, Reason::Comments),
                None => {
                    reading.about += content;
                    reading.about.push('\n');
                }
            },
            kind => found.leave_out(row.line, &format!("{kind} {content}"), Reason::NoTask)?,
        }
    }
    reading.take(&mut found)?;
    if has_author {
        found.remark("", Reason::History);
    }
    found.finish(Shape::Todoist)
}

/// Keeps the cells of columns that nobody knows.
fn keep_others(table: &Table, row: &TableRow, draft: &mut Draft) {
    for (label, cell) in table.others(row, KNOWN) {
        draft.keep(label, cell, Reason::OtherColumns);
    }
}

/// What is known from the rows before.
struct Reading {
    list: ListAt,
    /// How far the last task is indented, and the task, which comments may follow; or the last section.
    last: Option<(usize, Draft)>,
    /// The section that the next task is in.
    section: Option<TaskAt>,
    /// The tasks that the next one may be below.
    above: Vec<TaskAt>,
    /// Comments before the first row that is a task or a section: they are about the whole.
    about: String,
}

impl Reading {
    /// Adds what is whole by now.
    fn take(&mut self, found: &mut Collected) -> Result<(), FileRefused> {
        found.describe(self.list, 1, &std::mem::take(&mut self.about))?;
        match self.last.take() {
            Some((_, section)) if section.is_section => {
                self.above.clear();
                self.section = found.section(self.list, section)?;
            }
            Some((indent, task)) => {
                self.above.truncate(indent - 1);
                let parent = self.above.last().copied().or(self.section);
                self.above.push(found.add(self.list, parent, task)?);
            }
            None => {}
        }
        Ok(())
    }
}

/// Which column is what.
struct Columns {
    kind: Option<usize>,
    content: Option<usize>,
    description: Option<usize>,
    priority: Option<usize>,
    indent: Option<usize>,
    author: Option<usize>,
    responsible: Option<usize>,
    date: Option<usize>,
    date_language: Option<usize>,
    duration: Option<usize>,
    duration_unit: Option<usize>,
    deadline: Option<usize>,
}

impl Columns {
    fn of(table: &Table) -> Self {
        Self {
            kind: table.column("type"),
            content: table.column("content"),
            description: table.column("description"),
            priority: table.column("priority"),
            indent: table.column("indent"),
            author: table.column("author"),
            responsible: table.column("responsible"),
            date: table.column("date"),
            date_language: table.column("date_lang"),
            duration: table.column("duration"),
            duration_unit: table.column("duration_unit"),
            deadline: table.column("deadline"),
        }
    }

    /// How far a task is indented, from 1.
    fn indent(&self, row: &TableRow) -> usize {
        row.cell(self.indent).parse().unwrap_or(1).clamp(1, DEEPEST)
    }

    fn task(&self, row: &TableRow, source: &Source<'_>) -> Draft {
        let content = row.cell(self.content);
        let mut task = Draft::new(row.line, content);
        row.cell(self.description).clone_into(&mut task.notes);
        // A word with an `@` is how this file writes a label.
        let is_label = |word: &&str| word.len() > 1 && word.starts_with('@');
        let (labels, words): (Vec<&str>, Vec<&str>) = content.split_whitespace().partition(is_label);
        if !labels.is_empty() && !words.is_empty() {
            task.title = words.join(" ");
            task.label(labels.iter().filter_map(|label| label.strip_prefix('@')));
        }
        match row.cell(self.priority) {
            "" | "4" => {}
            number => match number.parse::<Priority>() {
                Ok(priority) => task.priority = Some(priority),
                Err(_) => task.keep("Priority", number, Reason::UnknownPriority),
            },
        }
        self.date(row, &mut task, source);
        task.keep("Responsible", row.cell(self.responsible), Reason::Assignees);
        let duration = row.cell(self.duration);
        if !duration.is_empty() && duration != "None" {
            let unit = row.cell(self.duration_unit);
            let minutes = duration.parse().ok().filter(|_| unit == "minute");
            task.estimate = minutes.and_then(Estimate::of_minutes);
            if task.estimate.is_none() {
                task.keep("Duration", &format!("{duration} {unit}"), Reason::Duration);
            }
        }
        let deadline = row.cell(self.deadline);
        task.deadline = said(deadline, source.today, &self.languages(row, source)).day;
        if task.deadline.is_none() {
            task.keep("Deadline", deadline, Reason::Deadline);
        }
        task
    }

    fn languages(&self, row: &TableRow, source: &Source<'_>) -> Vec<Language> {
        let mut languages = Language::of([row.cell(self.date_language)]);
        languages.extend(source.languages);
        languages
    }

    fn date(&self, row: &TableRow, task: &mut Draft, source: &Source<'_>) {
        let date = row.cell(self.date);
        if date.is_empty() {
            return;
        }
        let said = said(date, source.today, &self.languages(row, source));
        task.due_on("Date", date, said);
    }
}
