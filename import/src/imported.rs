//! What came of a file.

use std::fmt;

use domain::{Day, DueTime, Estimate, LabelName, ListName, Notes, Priority, Recurrence, Title};

use crate::columns::Columns;
use crate::remark::Remark;

/// A file, read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Imported {
    /// Which program's it is.
    pub shape: Shape,
    /// The lists, in the order of the file; each has tasks or sections.
    pub lists: Vec<ImportedList>,
    /// What there is to say of the file as a whole, and of rows that belong to no list.
    pub remarks: Vec<Remark>,
    /// Of a plain table: what its columns were taken for.
    pub columns: Option<Columns>,
}

/// A list, read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ImportedList {
    /// What it is called.
    pub name: ListName,
    /// Its tasks, in order: first those that are in no section, then each section with its own. Subtasks come behind what they are a part
    /// of, at most [`domain::Task::MOST_LEVELS`] deep without the section.
    pub tasks: Vec<ImportedTask>,
    /// What does not come as it was, by row.
    pub remarks: Vec<Remark>,
}

/// A task, read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ImportedTask {
    /// What is to be done.
    pub title: Title,
    /// Which task of its list it is a part of, counted from 0, if it is a subtask: one that comes before it.
    pub parent: Option<usize>,
    /// Whether it is a section: the tasks of the section have it as their parent. It has none itself, and is never done.
    pub section: bool,
    /// The notes, with what there is no other place for.
    pub notes: Notes,
    /// Whether it is done.
    pub is_done: bool,
    /// Its priority, if it has one.
    pub priority: Option<Priority>,
    /// The day by which it is to be done, if it has one.
    pub due: Option<Day>,
    /// The time of that day, if it has one.
    pub due_time: Option<DueTime>,
    /// The day after which it is too late, if it has one.
    pub deadline: Option<Day>,
    /// The day before which nobody need think of it, if it has one.
    pub start: Option<Day>,
    /// How long it takes, if the file says so.
    pub estimate: Option<Estimate>,
    /// When it comes again, if it does.
    pub repeat: Option<Recurrence>,
    /// Its labels.
    pub labels: Vec<LabelName>,
}

/// Which program wrote a file. Its `Display` is the name for people.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Shape {
    /// A project of Todoist, CSV.
    Todoist,
    /// A backup of `TickTick`, CSV.
    TickTick,
    /// A board of Trello, JSON.
    Trello,
    /// The `data.json` of an export of Vikunja.
    Vikunja,
    /// Lists or tasks of Microsoft To Do as Microsoft Graph has them, JSON.
    MicrosoftToDo,
    /// An export of Tandem, JSON.
    Tandem,
    /// Any other table, CSV.
    Table,
    /// Markdown, and any other text.
    Markdown,
}

impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Todoist => "a project from Todoist",
            Self::TickTick => "a backup from TickTick",
            Self::Trello => "a board from Trello",
            Self::Vikunja => "an export from Vikunja",
            Self::MicrosoftToDo => "tasks from Microsoft To Do",
            Self::Tandem => "an export from Tandem",
            Self::Table => "a table (CSV)",
            Self::Markdown => "text or Markdown",
        })
    }
}
