//! Why a file was not taken.

use thiserror::Error;

use crate::bounds::{
    DEEPEST, MOST_BYTES, MOST_COLUMNS, MOST_LISTS, MOST_OBJECTS, MOST_ROWS, MOST_TEXT, MOST_VALUES,
};

const MIB: usize = 1024 * 1024;

/// Why a file was not taken. Its `Display` is a sentence for people.
#[derive(Clone, PartialEq, Eq, Debug, Error)]
pub enum FileRefused {
    /// More than [`MOST_BYTES`].
    #[error("This file is too large. The limit is {} MB.", MOST_BYTES / MIB)]
    TooLarge,
    /// Nothing in it.
    #[error("This file is empty.")]
    Empty,
    /// A zip file or another archive.
    #[error("This file is an archive. Please unpack it first, and choose a file from inside.")]
    Archive,
    /// No text.
    #[error("This file is not text. Choose a CSV, JSON or Markdown file.")]
    NotText,
    /// More tasks than are read at once.
    #[error("This file has more than {MOST_ROWS} tasks. Please split it into smaller files.")]
    TooManyRows,
    /// More lists than are read at once.
    #[error("This file has more than {MOST_LISTS} lists. Please split it into smaller files.")]
    TooManyLists,
    /// More text than is taken at once.
    #[error("The tasks of this file have more than {} MB of text. Please split it into smaller files.", MOST_TEXT / MIB)]
    TooMuchText,
    /// JSON with too much inside of something else.
    #[error(
        "This JSON file is nested more than {DEEPEST} levels deep. No program that is known here writes such files."
    )]
    TooDeep,
    /// JSON with too many objects.
    #[error(
        "This JSON file has more than {MOST_OBJECTS} objects or {MOST_VALUES} values. Please split it into smaller files."
    )]
    TooManyObjects,
    /// No JSON, though it begins so, or one whose values are of other kinds than they should be.
    #[error("This JSON file cannot be read. The error is in line {line}, column {column}.")]
    BrokenJson {
        /// The line, from 1.
        line: usize,
        /// The byte in it, from 1.
        column: usize,
    },
    /// JSON of no program that is known here.
    #[error(
        "This JSON file is from no program that is known here. Known are Trello, Vikunja, Microsoft To Do and Tandem."
    )]
    UnknownJson,
    /// A quotation mark that is never closed, so that everything after it is one cell.
    #[error("A quotation mark in line {line} is never closed. Please correct the file.")]
    OpenQuote {
        /// The line of the row that it is in, from 1.
        line: u64,
    },
    /// A table with too many columns.
    #[error("This table has more than {MOST_COLUMNS} columns. Please remove some of them.")]
    TooManyColumns,
    /// A table of which no column is a title.
    #[error("Please choose which column has the titles.")]
    NoTitles,
    /// Columns were chosen for a table with other columns.
    #[error("The columns were chosen for another file. Please choose them again.")]
    OtherColumns,
    /// Nothing that is a task.
    #[error("There are no tasks in this file.")]
    NoTasks,
}
