//! What the columns of a plain table are.

/// The most bytes of a name of a column that is looked at.
const LONGEST_NAME: usize = 60;

/// What a column is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ColumnRole {
    /// The titles.
    Title,
    /// Notes.
    Notes,
    /// Whether it is done.
    Done,
    /// The priority.
    Priority,
    /// The day by which it is to be done.
    Due,
    /// The name of the list.
    List,
    /// The name of the section.
    Section,
    /// Something else: it stays in the notes.
    Keep,
    /// It does not come.
    LeaveOut,
}

impl ColumnRole {
    /// All of them, with the names that a form sends.
    pub const ALL: [(Self, &'static str); 9] = [
        (Self::Title, "title"),
        (Self::Notes, "notes"),
        (Self::Done, "done"),
        (Self::Priority, "priority"),
        (Self::Due, "due"),
        (Self::List, "list"),
        (Self::Section, "section"),
        (Self::Keep, "keep"),
        (Self::LeaveOut, "none"),
    ];

    /// The role with that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|(_, other)| *other == name)
            .map(|(role, _)| role)
    }

    /// The role of a column that is called so, in English and German.
    pub(crate) fn of_name(name: &str) -> Option<Self> {
        // What is longer is no name that is known.
        if name.len() > LONGEST_NAME {
            return None;
        }
        Some(match name.trim().to_lowercase().as_str() {
            "title" | "task" | "task name" | "name" | "subject" | "summary" | "content" | "to do"
            | "todo" | "titel" | "aufgabe" | "betreff" => Self::Title,
            "notes" | "note" | "description" | "details" | "body" | "comment" | "comments" | "notizen"
            | "notiz" | "beschreibung" => Self::Notes,
            "done" | "completed" | "complete" | "status" | "state" | "checked" | "erledigt" => Self::Done,
            "priority" | "importance" | "priorität" | "wichtigkeit" => Self::Priority,
            "due" | "due date" | "due on" | "date" | "deadline" | "fällig" | "fällig am" | "datum" => {
                Self::Due
            }
            "list" | "list name" | "project" | "liste" | "projekt" => Self::List,
            "section" | "section name" | "abschnitt" => Self::Section,
            _ => return None,
        })
    }
}

/// What the columns of a table are.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Columns {
    /// Whether the first row has their names.
    pub has_names: bool,
    /// Each column: its name, or what the first row has in it, and what it is.
    pub columns: Vec<(String, ColumnRole)>,
}
