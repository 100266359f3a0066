//! An export of Tandem itself. Only what a new list can have comes: names, sections, tasks and their fields, not people, not the trash.

use std::collections::HashMap;

use domain::{Day, Priority};
use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::collect::Collected;
use crate::draft::Draft;
use crate::family::in_order;
use crate::imported::{Imported, Shape};
use crate::json::{Id, or_default, read as read_json};
use crate::refused::FileRefused;
use crate::remark::Reason;
use crate::source::Source;

#[derive(Deserialize)]
struct Export {
    #[serde(default, deserialize_with = "or_default")]
    lists: Vec<Exported>,
    #[serde(default, deserialize_with = "or_default")]
    trash: Vec<Exported>,
}

#[derive(Deserialize)]
struct Exported {
    #[serde(default, deserialize_with = "or_default")]
    name: String,
    #[serde(default, deserialize_with = "or_default")]
    tasks: Vec<Entry>,
    #[serde(default, deserialize_with = "or_default")]
    members: HashMap<String, Member>,
}

#[derive(Default, Deserialize)]
struct Member {
    #[serde(default, deserialize_with = "or_default")]
    profile: Profile,
}

#[derive(Default, Deserialize)]
struct Profile {
    #[serde(default, deserialize_with = "or_default")]
    name: String,
}

/// Values as they are written, so that one that a later version writes otherwise does not refuse the whole file.
#[derive(Default, Deserialize)]
struct Entry {
    #[serde(default, deserialize_with = "or_default")]
    id: Id,
    #[serde(default, deserialize_with = "or_default")]
    title: String,
    #[serde(default, deserialize_with = "or_default")]
    notes: String,
    #[serde(default, deserialize_with = "or_default")]
    order: String,
    /// Of a subtask: what it is a part of.
    #[serde(default, deserialize_with = "or_default")]
    parent: Option<Id>,
    #[serde(default, deserialize_with = "or_default")]
    priority: Option<Id>,
    #[serde(default, deserialize_with = "or_default")]
    section: bool,
    #[serde(default, deserialize_with = "or_default")]
    due: String,
    #[serde(default, deserialize_with = "or_default")]
    due_time: String,
    #[serde(default, deserialize_with = "or_default")]
    repeat: String,
    #[serde(default, deserialize_with = "or_default")]
    deadline: String,
    #[serde(default, deserialize_with = "or_default")]
    start: String,
    #[serde(default, deserialize_with = "or_default")]
    estimate: Option<Id>,
    #[serde(default, deserialize_with = "or_default")]
    labels: Vec<String>,
    #[serde(default, deserialize_with = "or_default")]
    assignees: Vec<Id>,
    #[serde(default, deserialize_with = "or_default")]
    done: Option<IgnoredAny>,
    #[serde(default, deserialize_with = "or_default")]
    deleted: Option<IgnoredAny>,
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "only whether it can be read is asked")]
struct Known {
    tandem: u32,
    lists: IgnoredAny,
}

/// Whether the text is an export of Tandem.
pub(crate) fn is_one(text: &str) -> bool {
    read_json::<Known>(text).is_ok()
}

pub(crate) fn read(text: &str, source: &Source<'_>) -> Result<Imported, FileRefused> {
    let export: Export = read_json(text)?;
    let (mut found, mut row) = (Collected::default(), 0);
    for mut exported in export.lists {
        // Where two have the same key, their ids decide, as in a list.
        exported
            .tasks
            .sort_by(|a, b| (&a.order, &a.id.0).cmp(&(&b.order, &b.id.0)));
        let name = if exported.name.trim().is_empty() {
            source.list_name()
        } else {
            &exported.name
        };
        let list = found.list(name)?;
        let people = exported.members.iter();
        let people = people.map(|(id, member)| (id.as_str(), member.profile.name.trim()));
        let people = people.filter(|(_, name)| !name.is_empty()).collect();
        let (gone, mut tasks): (Vec<_>, Vec<_>) = exported
            .tasks
            .into_iter()
            .partition(|task| task.deleted.is_some());
        let ids: Vec<_> = tasks
            .iter()
            .map(|task| (&task.id, task.parent.as_ref()))
            .collect();
        let mut places = HashMap::with_capacity(ids.len());
        for (index, kin) in in_order(&ids) {
            let Some(entry) = tasks.get_mut(index).map(std::mem::take) else {
                continue;
            };
            row += 1;
            let mut task = draft(entry, row, &people);
            let parent = kin.parent(&mut task, &places);
            places.insert(index, found.add(list, parent, task)?);
        }
        for entry in gone {
            row += 1;
            found.leave_out(row, &entry.title, Reason::Trash)?;
        }
    }
    for entry in export.trash.into_iter().flat_map(|trash| trash.tasks) {
        row += 1;
        found.leave_out(row, &entry.title, Reason::Trash)?;
    }
    found.remark("", Reason::Members);
    found.remark("", Reason::History);
    found.finish(Shape::Tandem)
}

fn draft(entry: Entry, row: usize, people: &HashMap<&str, &str>) -> Draft {
    let mut task = Draft::new(row, entry.title);
    task.notes = entry.notes;
    task.is_done = entry.done.is_some();
    task.is_section = entry.section;
    if let Some(Id(priority)) = &entry.priority {
        task.priority = priority.parse::<Priority>().ok();
        if task.priority.is_none() {
            task.keep("Priority", priority, Reason::UnknownPriority);
        }
    }
    task.due = Day::parse(&entry.due);
    if task.due.is_none() {
        task.keep("Due", &entry.due, Reason::UnknownDate);
    }
    task.due_time = entry.due_time.parse().ok();
    if task.due_time.is_none() {
        task.keep("Time", &entry.due_time, Reason::UnknownDate);
    }
    task.repeat = entry.repeat.parse().ok();
    if task.repeat.is_none() {
        task.keep("Repeats", &entry.repeat, Reason::Repeats);
    }
    task.deadline = Day::parse(&entry.deadline);
    if task.deadline.is_none() {
        task.keep("Deadline", &entry.deadline, Reason::Deadline);
    }
    task.start = Day::parse(&entry.start);
    if task.start.is_none() {
        task.keep("Start", &entry.start, Reason::UnknownDate);
    }
    if let Some(Id(estimate)) = &entry.estimate {
        task.estimate = estimate.parse().ok();
        if task.estimate.is_none() {
            task.keep("Estimate", estimate, Reason::Duration);
        }
    }
    task.label(entry.labels.iter().map(String::as_str));
    // The new list has other people.
    let assignees = entry.assignees.iter().filter_map(|id| people.get(&*id.0));
    task.keep_all("Assignees", assignees.copied(), Reason::Assignees);
    task
}
