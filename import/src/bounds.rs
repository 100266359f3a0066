//! How much is read of a file, and how much is made of it.

/// The most bytes of a file: as much as the text of one list may have.
pub const MOST_BYTES: usize = 16 * 1024 * 1024;

/// The most columns of a table.
pub const MOST_COLUMNS: usize = 64;

/// The most tasks of a file, with its sections.
pub(crate) const MOST_ROWS: usize = 50_000;

/// The most lists of a file.
pub(crate) const MOST_LISTS: usize = 200;

/// The most tasks of a list, with its sections: the server holds no more, so longer ones are split.
pub(crate) const MOST_TASKS: usize = domain::List::MOST_TASKS;

/// The most bytes of text that the tasks of a file have, with what is added to notes.
pub(crate) const MOST_TEXT: usize = 32 * 1024 * 1024;

/// The most bytes of an id in JSON; the longest that is known has a third of it.
pub(crate) const LONGEST_ID: usize = 100;

/// How deep arrays and objects of JSON may stand in one another; the deepest known file has a tenth of it.
pub(crate) const DEEPEST: usize = 64;

/// The most bytes that are made of the smallest object of JSON, beside its text.
pub(crate) const LARGEST_OBJECT: usize = 500;

/// The most objects and arrays of JSON: each may become [`LARGEST_OBJECT`].
pub(crate) const MOST_OBJECTS: usize = 250_000;

/// The most values of JSON: what is made of the smallest one may have 24 bytes.
pub(crate) const MOST_VALUES: usize = 2_000_000;
