//! A file that is read, and what is said of it.

use domain::Day;
use domain::capture::Language;
use import::{Columns, Imported, Reason, Source, read};

/// Reads a text, as on 2 December 2026 in English. `columns` are what somebody chose for those of a plain table.
pub(super) fn reading(text: &str, columns: Option<&Columns>) -> Imported {
    read(&Source {
        bytes: text.as_bytes(),
        name: "file",
        today: Day::of(2026, 12, 2),
        languages: &[Language::English],
        columns,
    })
    .unwrap()
}

/// Why things do not come as they were.
pub(super) fn reasons(imported: &Imported) -> Vec<Reason> {
    let lists = imported.lists.iter().flat_map(|list| &list.remarks);
    lists
        .chain(&imported.remarks)
        .map(|remark| remark.reason)
        .collect()
}
