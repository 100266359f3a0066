//! Any other table: its columns are known by their names, or by what somebody chose.

use domain::Priority;

use crate::collect::Collected;
use crate::columns::{ColumnRole, Columns};
use crate::dates::said;
use crate::draft::{Draft, short};
use crate::imported::{Imported, Shape};
use crate::markdown;
use crate::refused::FileRefused;
use crate::remark::Reason;
use crate::source::Source;
use crate::table::{DELIMITERS, Table, TableRow};

/// How many rows are looked at to tell a table from a text.
const LOOKED_AT: usize = 20;

/// How many cells are looked at where there are too many.
const MOST_LOOKED_AT: usize = 1_000;

/// A table, and what stands between its cells.
pub(crate) struct Found {
    delimiter: u8,
    first: TableRow,
}

/// The table, if the names of its columns are known.
pub(crate) fn with_known_names(text: &str) -> Result<Option<Found>, FileRefused> {
    let is_title = |name: &str| ColumnRole::of_name(name) == Some(ColumnRole::Title);
    for delimiter in DELIMITERS.iter().copied() {
        match Table::new(text, delimiter).next_row() {
            Ok(Some(first)) if first.cells.iter().any(|name| is_title(name)) && are_names(&first) => {
                // One word above a list is its heading.
                if first.cells.len() == 1 && markdown::has_marks(text) {
                    return Ok(None);
                }
                return Ok(Some(Found { delimiter, first }));
            }
            Err(FileRefused::TooManyColumns) => {
                let line = text.lines().next().unwrap_or_default();
                if line
                    .split(char::from(delimiter))
                    .take(MOST_LOOKED_AT)
                    .any(is_title)
                {
                    return Err(FileRefused::TooManyColumns);
                }
            }
            // A quotation mark that is open here may be text in another shape.
            _ => {}
        }
    }
    Ok(None)
}

/// Whether a row may be the names of columns: most of them are known, or one is that of titles and no state, as `todo` is.
fn are_names(first: &TableRow) -> bool {
    let is_sure = |cell: &String| {
        ColumnRole::of_name(cell) == Some(ColumnRole::Title) && is_done(cell.trim()).is_none()
    };
    let known = first
        .cells
        .iter()
        .filter(|cell| ColumnRole::of_name(cell).is_some());
    known.count() * 2 > first.cells.len() || first.cells.iter().any(is_sure)
}

/// Whether what stands in a column without a name that is known comes again below: then it is no name of a column.
fn comes_again(text: &str, found: &Found) -> Result<bool, FileRefused> {
    let mut table = Table::new(text, found.delimiter);
    table.next_row()?;
    let unknown = |cell: &str| !cell.is_empty() && ColumnRole::of_name(cell).is_none();
    while let Some(row) = table.next_row()? {
        let mut columns = 0..found.first.cells.len();
        if columns.any(|at| {
            let cell = row.cell(Some(at));
            cell == found.first.cell(Some(at)) && unknown(cell)
        }) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The table, if every row has as many cells, and more than one.
pub(crate) fn with_even_rows(text: &str) -> Option<Found> {
    DELIMITERS.iter().find_map(|delimiter| {
        let mut table = Table::new(text, *delimiter);
        let first = table.next_row().ok()??;
        let mut rows = 1;
        while rows < LOOKED_AT {
            let Some(row) = table.next_row().ok()? else { break };
            if row.cells.len() != first.cells.len() {
                return None;
            }
            rows += 1;
        }
        (first.cells.len() > 1 && rows > 1).then_some(Found {
            delimiter: *delimiter,
            first,
        })
    })
}

pub(crate) fn read(text: &str, found: Found, source: &Source<'_>) -> Result<Imported, FileRefused> {
    let columns = match source.columns {
        Some(columns) if columns.columns.len() == found.first.cells.len() => Columns {
            has_names: columns.has_names,
            columns: found
                .first
                .cells
                .iter()
                .map(|name| short(name))
                .zip(columns.columns.iter().map(|(_, role)| *role))
                .collect(),
        },
        Some(_) => return Err(FileRefused::OtherColumns),
        None => {
            let has_names = are_names(&found.first) && !comes_again(text, &found)?;
            guess(&found.first, has_names)
        }
    };
    if !columns.columns.iter().any(|(_, role)| *role == ColumnRole::Title) {
        return Err(FileRefused::NoTitles);
    }
    let (mut collected, mut table) = (Collected::default(), Table::new(text, found.delimiter));
    if columns.has_names {
        table.next_row()?;
        // Somebody who chose the columns has seen the row.
        let names = &found.first.cells;
        if source.columns.is_none() && names.iter().any(|name| ColumnRole::of_name(name).is_none()) {
            collected.remark(&names.join(", "), Reason::FirstRow);
        }
    }
    while let Some(row) = table.next_row()? {
        let list = columns.first(&row, ColumnRole::List);
        let list = collected.named(list.unwrap_or(source.list_name()))?;
        let section = match columns.first(&row, ColumnRole::Section) {
            Some(name) => collected.section_named(list, Some(row.line), name)?,
            None => None,
        };
        collected.add(list, section, columns.task(&row, source))?;
    }
    let imported = collected.finish(Shape::Table);
    imported.map(|imported| Imported {
        columns: Some(columns),
        ..imported
    })
}

fn guess(first: &TableRow, has_names: bool) -> Columns {
    let role = |cell: &String| ColumnRole::of_name(cell).filter(|_| has_names);
    let roles: Vec<_> = first.cells.iter().map(role).collect();
    let has_title = roles.contains(&Some(ColumnRole::Title));
    let mut taken = Vec::new();
    let columns = first
        .cells
        .iter()
        .zip(roles)
        .enumerate()
        .map(|(at, (cell, role))| {
            let role = role.unwrap_or(if at == 0 && !has_title {
                ColumnRole::Title
            } else {
                ColumnRole::Keep
            });
            // Of two columns for one thing, the second stays in the notes.
            let is_twice = taken.contains(&role) && role != ColumnRole::Notes;
            taken.push(role);
            (short(cell), if is_twice { ColumnRole::Keep } else { role })
        });
    Columns {
        columns: columns.collect(),
        has_names,
    }
}

impl Columns {
    /// The cells of the columns that are that, with what the columns are called.
    fn cells<'a>(&'a self, row: &'a TableRow, role: ColumnRole) -> impl Iterator<Item = (&'a str, &'a str)> {
        let columns = self
            .columns
            .iter()
            .enumerate()
            .filter(move |(_, (_, other))| *other == role);
        columns.map(|(at, (name, _))| (name.as_str(), row.cell(Some(at))))
    }

    /// What the first cell of those columns says that says something.
    fn first<'a>(&'a self, row: &'a TableRow, role: ColumnRole) -> Option<&'a str> {
        let mut cells = self.cells(row, role).map(|(_, cell)| cell);
        cells.find(|cell| !cell.is_empty())
    }

    fn task(&self, row: &TableRow, source: &Source<'_>) -> Draft {
        let joined = |role, between: &str| {
            let cells = self
                .cells(row, role)
                .map(|(_, cell)| cell)
                .filter(|cell| !cell.is_empty());
            cells.collect::<Vec<_>>().join(between)
        };
        let mut task = Draft::new(row.line, joined(ColumnRole::Title, " "));
        task.notes = joined(ColumnRole::Notes, "\n");
        for (name, cell) in self.cells(row, ColumnRole::Done) {
            match is_done(cell) {
                Some(is_done) => task.is_done |= is_done,
                None => task.keep(self.label(name, "State"), cell, Reason::UnknownState),
            }
        }
        for (name, cell) in self.cells(row, ColumnRole::Priority) {
            match priority(cell) {
                Some(Some(_)) if task.priority.is_some() => {
                    task.keep(self.label(name, "Priority"), cell, Reason::OtherColumns);
                }
                Some(priority) => task.priority = priority.or(task.priority),
                None => task.keep(self.label(name, "Priority"), cell, Reason::UnknownPriority),
            }
        }
        for (name, cell) in self
            .cells(row, ColumnRole::Due)
            .filter(|(_, cell)| !cell.is_empty())
        {
            let said = said(cell, source.today, source.languages);
            // A task has one day: that of the first column that says one.
            if task.due.is_some() {
                task.keep(self.label(name, "Due"), cell, Reason::OtherColumns);
                continue;
            }
            task.due_on(self.label(name, "Due"), cell, said);
        }
        for (name, cell) in self.cells(row, ColumnRole::Keep) {
            task.keep(self.label(name, "Also"), cell, Reason::OtherColumns);
        }
        if self
            .cells(row, ColumnRole::LeaveOut)
            .any(|(_, cell)| !cell.is_empty())
        {
            task.remark(Reason::LeftOut);
        }
        // A row may be longer than the first.
        for cell in row.cells.iter().skip(self.columns.len()) {
            task.keep("Also", cell, Reason::OtherColumns);
        }
        // Names of lists beyond the first are no list, and those of sections no section.
        for (role, label) in [(ColumnRole::List, "List"), (ColumnRole::Section, "Section")] {
            let cells = self.cells(row, role).filter(|(_, cell)| !cell.is_empty());
            for (name, cell) in cells.skip(1) {
                task.keep(self.label(name, label), cell, Reason::OtherColumns);
            }
        }
        task
    }

    /// What stands before a cell in the notes.
    fn label<'a>(&self, name: &'a str, otherwise: &'a str) -> &'a str {
        if self.has_names && !name.trim().is_empty() {
            name
        } else {
            otherwise
        }
    }
}

/// Whether a cell says that a task is done; none if that cannot be told.
fn is_done(cell: &str) -> Option<bool> {
    match cell.to_lowercase().as_str() {
        "" | "0" | "false" | "no" | "n" | "open" | "todo" | "to do" | "not started" | "notstarted"
        | "needsaction" | "nein" | "offen" | "falsch" => Some(false),
        "1" | "true" | "yes" | "y" | "x" | "✓" | "✔" | "done" | "complete" | "completed" | "closed"
        | "ja" | "erledigt" | "fertig" | "wahr" => Some(true),
        _ => None,
    }
}

/// The priority that a cell says, which may be that there is none; none if that cannot be told.
fn priority(cell: &str) -> Option<Option<Priority>> {
    let cell = cell.to_lowercase();
    Some(match cell.as_str() {
        "" | "none" | "normal" | "0" | "keine" => None,
        "urgent" | "highest" | "high" | "hoch" | "dringend" => Some(Priority::First),
        "medium" | "mittel" => Some(Priority::Second),
        "low" | "niedrig" => Some(Priority::Third),
        "lowest" => Some(Priority::Fourth),
        _ => Some(cell.strip_prefix('p').unwrap_or(&cell).parse().ok()?),
    })
}
