//! Tasks from the files of other programs, pure: bytes come in, lists with tasks go out, and a remark on everything that does not come
//! as it was.
//!
//! [`read`] finds out by the content which program wrote a file; its name is no more than the name of a list. What Tandem does not have
//! (times, comments, reminders, …) stays in the notes of its task as far as it is text, so that nothing somebody typed is lost, and
//! a [`Remark`] says so. Each shape has a file; `collect` makes tasks that are right of what they find.

mod bounds;
mod collect;
mod columns;
mod dates;
mod draft;
mod family;
#[cfg(test)]
mod fuzz;
mod html;
mod imported;
mod json;
mod markdown;
mod microsoft;
mod plain;
mod refused;
mod remark;
mod sections;
mod shape;
mod source;
mod split;
mod stamp;
mod table;
mod tandem;
mod text;
mod ticktick;
mod times;
mod todoist;
mod trello;
mod vikunja;

pub use bounds::{MOST_BYTES, MOST_COLUMNS};
pub use columns::{ColumnRole, Columns};
pub use imported::{Imported, ImportedList, ImportedTask, Shape};
pub use refused::FileRefused;
pub use remark::{Reason, Remark};
pub use shape::read;
pub use source::Source;
