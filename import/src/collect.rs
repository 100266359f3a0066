//! Gathers what a reader finds into lists that are right, within the bounds of one file.

use std::collections::HashMap;

use domain::{ListName, beginning};

use crate::bounds::{MOST_LISTS, MOST_ROWS, MOST_TASKS, MOST_TEXT};
use crate::draft::{Draft, remark, short};
use crate::imported::{Imported, ImportedList, ImportedTask, Shape};
use crate::refused::FileRefused;
use crate::remark::{Reason, Remark};

/// Which list, in the order in which they came.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ListAt(usize);

/// What was found so far.
#[derive(Debug, Default)]
pub(crate) struct Collected {
    lists: Vec<Found>,
    by_name: HashMap<String, ListAt>,
    remarks: Vec<Remark>,
    rows: usize,
    bytes: usize,
}

#[derive(Debug)]
struct Found {
    name: String,
    tasks: Vec<ImportedTask>,
    remarks: Vec<Remark>,
}

impl Collected {
    /// The list with that name, a new one if there is none yet.
    pub(crate) fn named(&mut self, name: &str) -> Result<ListAt, FileRefused> {
        if let Some(at) = self.by_name.get(name) {
            return Ok(*at);
        }
        let at = self.list(name)?;
        self.by_name.insert(name.to_owned(), at);
        Ok(at)
    }

    /// A new list, whatever others are called.
    pub(crate) fn list(&mut self, name: &str) -> Result<ListAt, FileRefused> {
        if self.lists.len() >= MOST_LISTS {
            return Err(FileRefused::TooManyLists);
        }
        self.lists.push(Found {
            name: name.to_owned(),
            tasks: Vec::new(),
            remarks: Vec::new(),
        });
        Ok(ListAt(self.lists.len() - 1))
    }

    /// Takes a task into a list, behind the others.
    pub(crate) fn add(&mut self, list: ListAt, draft: Draft) -> Result<(), FileRefused> {
        self.rows += 1;
        self.bytes += draft.bytes();
        if self.rows > MOST_ROWS {
            return Err(FileRefused::TooManyRows);
        }
        if self.bytes > MOST_TEXT {
            return Err(FileRefused::TooMuchText);
        }
        let (tasks, remarks) = draft.finish();
        if let Some(list) = self.lists.get_mut(list.0) {
            list.tasks.extend(tasks);
            list.remarks.extend(remarks);
        }
        Ok(())
    }

    /// Keeps the description of a list, as its first task.
    pub(crate) fn describe(&mut self, list: ListAt, row: usize, text: &str) -> Result<(), FileRefused> {
        if text.trim().is_empty() {
            return Ok(());
        }
        let mut draft = Draft::new(row, "About this list");
        text.clone_into(&mut draft.notes);
        draft.remark(Reason::Description);
        self.add(list, draft)
    }

    /// A row does not come.
    pub(crate) fn leave_out(&mut self, row: usize, about: &str, reason: Reason) -> Result<(), FileRefused> {
        self.rows += 1;
        if self.rows > MOST_ROWS {
            return Err(FileRefused::TooManyRows);
        }
        self.remarks.push(remark(row, short(about), reason));
        Ok(())
    }

    /// Something is to be said of the whole file.
    pub(crate) fn remark(&mut self, about: &str, reason: Reason) {
        let about = short(about);
        self.remarks.push(Remark {
            row: None,
            about,
            reason,
        });
    }

    /// The lists that have tasks.
    pub(crate) fn finish(self, shape: Shape) -> Result<Imported, FileRefused> {
        let mut lists = Vec::new();
        let mut remarks = self.remarks;
        for mut found in self.lists {
            if found.tasks.is_empty() {
                remarks.append(&mut found.remarks);
                continue;
            }
            let name = right_name(&found.name).unwrap_or_else(|name| {
                found.remarks.push(of_list(&found.name, Reason::ListName));
                name
            });
            split(name, found, &mut lists);
        }
        if lists.is_empty() {
            return Err(FileRefused::NoTasks);
        }
        if lists.len() > MOST_LISTS {
            return Err(FileRefused::TooManyLists);
        }
        Ok(Imported {
            shape,
            lists,
            remarks,
            columns: None,
        })
    }
}

/// The name as it is, or else one like it.
fn right_name(name: &str) -> Result<ListName, ListName> {
    let clean: String = name
        .chars()
        .filter(|c| !c.is_control() || c.is_whitespace())
        .collect();
    let parsed = ListName::parse(&clean);
    match parsed {
        Ok(parsed) if clean == name => Ok(parsed),
        Ok(parsed) => Err(parsed),
        Err(_) => {
            let cut = beginning(clean.trim(), ListName::LIMIT - 1) + "…";
            Err(ListName::parse(&cut).unwrap_or_else(|_| ListName::unknown()))
        }
    }
}

/// Makes a list that is too long several.
fn split(name: ListName, found: Found, lists: &mut Vec<ImportedList>) {
    let Found {
        tasks, mut remarks, ..
    } = found;
    let is_split = tasks.len() > MOST_TASKS;
    if is_split {
        remarks.push(of_list(name.as_str(), Reason::LongList));
    }
    let mut tasks = tasks.into_iter();
    for number in 1.. {
        let part: Vec<_> = tasks.by_ref().take(MOST_TASKS).collect();
        if part.is_empty() {
            break;
        }
        let numbered = || {
            ListName::parse(&format!(
                "{} ({number})",
                beginning(name.as_str(), ListName::LIMIT - 8)
            ))
        };
        lists.push(ImportedList {
            name: if is_split {
                numbered().unwrap_or_else(|_| name.clone())
            } else {
                name.clone()
            },
            tasks: part,
            remarks: std::mem::take(&mut remarks),
        });
    }
}

fn of_list(name: &str, reason: Reason) -> Remark {
    Remark {
        row: None,
        about: short(name),
        reason,
    }
}
