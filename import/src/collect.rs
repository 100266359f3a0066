//! Gathers what a reader finds into lists that are right, within the bounds of one file.

use std::collections::HashMap;

use domain::{ListName, beginning};

use crate::bounds::{MOST_LISTS, MOST_ROWS, MOST_TASKS, MOST_TEXT};
use crate::draft::{Draft, remark, short};
use crate::imported::{Imported, ImportedList, ImportedTask, Shape};
use crate::refused::FileRefused;
use crate::remark::{Reason, Remark};

/// The title of the task that says what is said of the list.
const ABOUT: &str = "About this list";

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
    /// What is said of the list itself: it is to be the first task.
    about: Option<Draft>,
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
        self.bytes += name.len();
        self.lists.push(Found {
            name: name.to_owned(),
            about: None,
            tasks: Vec::new(),
            remarks: Vec::new(),
        });
        Ok(ListAt(self.lists.len() - 1))
    }

    /// Counts a row with so much text.
    fn count(&mut self, bytes: usize) -> Result<(), FileRefused> {
        self.rows += 1;
        self.bytes += bytes;
        if self.rows > MOST_ROWS {
            return Err(FileRefused::TooManyRows);
        }
        if self.bytes > MOST_TEXT {
            return Err(FileRefused::TooMuchText);
        }
        Ok(())
    }

    /// Takes a task into a list, behind the others.
    pub(crate) fn add(&mut self, list: ListAt, draft: Draft) -> Result<(), FileRefused> {
        self.count(draft.bytes())?;
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
        let mut draft = Draft::new(row, ABOUT);
        text.clone_into(&mut draft.notes);
        draft.remark(Reason::Description);
        self.count(draft.bytes())?;
        if let Some(list) = self.lists.get_mut(list.0) {
            list.about = Some(draft);
        }
        Ok(())
    }

    /// Something is to be said of a list.
    pub(crate) fn remark_on(&mut self, list: ListAt, reason: Reason) {
        if let Some(list) = self.lists.get_mut(list.0) {
            list.remarks.push(of_list(&list.name, reason));
        }
    }

    /// A section has no tasks: its name does not come.
    pub(crate) fn empty_section(&mut self, row: Option<usize>, name: &str) -> Result<(), FileRefused> {
        let about = short(name);
        if about.is_empty() {
            return Ok(());
        }
        self.count(0)?;
        let reason = Reason::EmptySection;
        self.remarks.push(Remark { row, about, reason });
        Ok(())
    }

    /// A row does not come.
    pub(crate) fn leave_out(&mut self, row: usize, about: &str, reason: Reason) -> Result<(), FileRefused> {
        self.count(0)?;
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
            if found.tasks.is_empty() && found.about.is_none() {
                remarks.push(of_list(&found.name, Reason::EmptyList));
                remarks.append(&mut found.remarks);
                continue;
            }
            let name = right_name(&found.name).unwrap_or_else(|name| {
                found.remarks.push(of_list(&found.name, Reason::ListName));
                keep_name(&mut found);
                name
            });
            if let Some(about) = found.about.take() {
                let (tasks, said) = about.finish();
                found.tasks.splice(0..0, tasks);
                found.remarks.splice(0..0, said);
            }
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

/// Keeps a name that is too long as a whole, before whatever else is said of the list.
fn keep_name(found: &mut Found) {
    let whole = found.name.trim();
    if whole.chars().count() <= ListName::LIMIT {
        return;
    }
    let about = found.about.get_or_insert_with(|| Draft::new(1, ABOUT));
    about.notes = if about.notes.is_empty() {
        whole.to_owned()
    } else {
        format!("{whole}\n\n{}", about.notes)
    };
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
