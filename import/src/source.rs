//! A file that is to be imported, and what is known beside it.

use domain::Day;
use domain::capture::Language;

use crate::columns::Columns;

/// A file that is to be imported.
#[derive(Clone, Copy, Debug)]
pub struct Source<'a> {
    /// What is in it.
    pub bytes: &'a [u8],
    /// What it is called: a list without a name has this one, without its ending.
    pub name: &'a str,
    /// What day it is, for `tomorrow`; where nobody knows, words say no day.
    pub today: Option<Day>,
    /// By which languages words for days are read, beside those that a file names.
    pub languages: &'a [Language],
    /// What the columns of a plain table are; where nobody said so, they are known by their names.
    pub columns: Option<&'a Columns>,
}

impl Source<'_> {
    /// What a list is called that has no name of its own.
    pub(crate) fn list_name(&self) -> &str {
        let name = self.name.rsplit(['/', '\\']).next().unwrap_or_default();
        let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem).trim();
        if stem.is_empty() { "Imported" } else { stem }
    }
}
