//! Gathers what a reader finds into lists that are right, within the bounds of one file.

use std::collections::HashMap;
use std::iter::successors;

use domain::{ListName, Task, beginning};

use crate::bounds::{MOST_LISTS, MOST_ROWS, MOST_TASKS, MOST_TEXT};
use crate::draft::{Draft, remark, short};
use crate::imported::{Imported, ImportedList, ImportedTask, Shape};
use crate::refused::FileRefused;
use crate::remark::{Reason, Remark};
use crate::sections::in_order;
use crate::split::split;

/// The title of the task that says what is said of the list.
const ABOUT: &str = "About this list";

/// Which list, in the order in which they came.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct ListAt(usize);

/// Which task, for those that are a part of it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TaskAt {
    list: ListAt,
    /// Its index or, if it does not come, that of the one above it.
    index: Option<usize>,
    /// Whether it has text, and comes.
    comes: bool,
}

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
    /// The sections that a name is enough for; none for one that has no text.
    sections: HashMap<String, Option<TaskAt>>,
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
            sections: HashMap::new(),
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

    /// Takes a task into a list, behind the others, as a part of one that was taken before, if there is one.
    pub(crate) fn add(
        &mut self,
        list: ListAt,
        parent: Option<TaskAt>,
        draft: Draft,
    ) -> Result<TaskAt, FileRefused> {
        self.add_in(list, None, parent, draft)
    }

    /// The same of a file that says the section of each task, with its name. A subtask is in the section of its parent: the name of
    /// another one stays in the notes.
    pub(crate) fn add_in(
        &mut self,
        list: ListAt,
        section: Option<(TaskAt, &str)>,
        parent: Option<TaskAt>,
        mut draft: Draft,
    ) -> Result<TaskAt, FileRefused> {
        let mut parent = parent.and_then(|parent| self.parent(list, parent, &mut draft));
        if let Some((section, name)) = section {
            if parent.is_none() {
                parent = section.index;
            } else if self.root(list, parent) != section.index {
                draft.keep("Section", name, Reason::Section);
            }
        }
        self.count(draft.bytes())?;
        // A section is a part of nothing.
        draft.is_section &= parent.is_none();
        let is_section = draft.is_section;
        let (tasks, remarks) = draft.finish();
        let mut added = TaskAt {
            list,
            index: parent,
            comes: !tasks.is_empty(),
        };
        if let Some(list) = self.lists.get_mut(list.0) {
            if added.comes {
                added.index = Some(list.tasks.len());
            }
            let inside = added.index.filter(|_| is_section).or(parent);
            list.tasks.extend(tasks.into_iter().map(|task| ImportedTask {
                parent: inside.filter(|_| !task.section),
                ..task
            }));
            // The tasks of a section without text lose nothing with it.
            if added.comes || !is_section {
                list.remarks.extend(remarks);
            }
        }
        Ok(added)
    }

    /// The first of what a task of the list is a part of, or itself.
    fn root(&self, list: ListAt, task: Option<usize>) -> Option<usize> {
        let tasks = &self.lists.get(list.0)?.tasks;
        successors(task, |task| tasks.get(*task)?.parent).last()
    }

    /// Which task of the list it becomes a part of, with a remark where that is another one, or none.
    fn parent(&self, list: ListAt, parent: TaskAt, draft: &mut Draft) -> Option<usize> {
        if !parent.comes {
            draft.remark(Reason::EmptyParent);
        }
        let tasks = &self.lists.get(parent.list.0)?.tasks;
        let above = tasks.get(parent.index?)?;
        if parent.list != list {
            draft.part_of(above.title.as_str(), Reason::OtherList);
            return None;
        }
        let parents = successors(Some(above), |task| tasks.get(task.parent?));
        if parents.filter(|task| !task.section).count() > Task::MOST_LEVELS {
            draft.part_of(above.title.as_str(), Reason::TooDeep);
            return above.parent;
        }
        parent.index
    }

    /// Takes a section into a list, behind the others. None of one without text: its tasks are in no section.
    pub(crate) fn section(&mut self, list: ListAt, draft: Draft) -> Result<Option<TaskAt>, FileRefused> {
        let added = self.add(list, None, draft)?;
        Ok(Some(added).filter(|section| section.comes))
    }

    /// The section of a list with that name, a new one if there is none yet.
    pub(crate) fn section_named(
        &mut self,
        list: ListAt,
        row: Option<usize>,
        name: &str,
    ) -> Result<Option<TaskAt>, FileRefused> {
        let there = self.lists.get(list.0).and_then(|list| list.sections.get(name));
        if let Some(section) = there {
            return Ok(*section);
        }
        let section = self.section(list, Draft::section(row, name))?;
        if let Some(list) = self.lists.get_mut(list.0) {
            list.sections.insert(name.to_owned(), section);
        }
        Ok(section)
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

    /// A section that is not shown where the file comes from has no tasks: its name does not come.
    pub(crate) fn empty_section(&mut self, name: &str) -> Result<(), FileRefused> {
        let about = short(name);
        if about.is_empty() {
            return Ok(());
        }
        self.count(0)?;
        self.remarks.push(remark(None, about, Reason::EmptySection));
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

    /// The lists that have tasks or sections.
    pub(crate) fn finish(self, shape: Shape) -> Result<Imported, FileRefused> {
        let mut lists = Vec::new();
        let (mut remarks, mut bytes) = (self.remarks, self.bytes);
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
                for task in &mut found.tasks {
                    task.parent = task.parent.map(|parent| parent + tasks.len());
                }
                found.tasks.splice(0..0, tasks);
                found.remarks.splice(0..0, said);
            }
            found.tasks = in_order(found.tasks);
            make(name, found, &mut bytes, &mut lists);
        }
        if lists.is_empty() {
            return Err(FileRefused::NoTasks);
        }
        if lists.len() > MOST_LISTS {
            return Err(FileRefused::TooManyLists);
        }
        if bytes > MOST_TEXT {
            return Err(FileRefused::TooMuchText);
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

/// Makes lists of what was found: several where it is too long for one. Counts the text that is added to notes.
fn make(name: ListName, mut found: Found, bytes: &mut usize, lists: &mut Vec<ImportedList>) {
    let is_split = found.tasks.len() > MOST_TASKS;
    if is_split {
        found.remarks.push(of_list(name.as_str(), Reason::LongList));
    }
    for (index, part) in split(found.tasks, MOST_TASKS).into_iter().enumerate() {
        let numbered = || {
            let begin = beginning(name.as_str(), ListName::LIMIT - 8);
            ListName::parse(&format!("{begin} ({})", index + 1)).ok()
        };
        let mut remarks = std::mem::take(&mut found.remarks);
        remarks.extend(part.remarks);
        *bytes += part.bytes;
        lists.push(ImportedList {
            name: numbered().filter(|_| is_split).unwrap_or_else(|| name.clone()),
            tasks: part.tasks,
            remarks,
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
