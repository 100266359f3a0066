//! A list as the page of it carries it: tasks without names of fields, and people by number. The rows beside it in the HTML
//! say most of it already, so it says the rest in as few bytes as can be.

use domain::json::{Read, Value};
use domain::wire::Snapshot;
use domain::{
    Attribution, Epoch, Field, List, Notes, OrderKey, PersonId, Seq, Task, TaskId, Timestamp, Title,
};
use serde::de::Error as _;
use serde::ser::SerializeSeq as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Who, by their place among the people of the sheet, and when.
type Mark = (u32, Timestamp);

/// A snapshot on the page, as it is written.
#[derive(Serialize)]
struct Written<'a> {
    epoch: &'a Epoch,
    seq: Seq,
    whole: bool,
    list: List,
    tasks: Vec<WrittenTask<'a>>,
    people: Vec<PersonId>,
}

/// Id, title, order, who added it and when; and as far as there is any of it, who completed it and when, notes, what else is
/// set of it, what it is a part of.
struct WrittenTask<'a> {
    task: &'a Task,
    added_by: u32,
    done: Option<Mark>,
}

impl Serialize for WrittenTask<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { task, added_by, done } = self;
        let others = Field::others_of(task);
        let is_part = task.parent.is_some();
        let has_others = !others.is_empty() || is_part;
        let has_notes = !task.notes.is_empty();
        let mut seq = serializer.serialize_seq(None)?;
        seq.serialize_element(&task.id.simple())?;
        seq.serialize_element(&task.title)?;
        seq.serialize_element(&task.order)?;
        seq.serialize_element(added_by)?;
        seq.serialize_element(&task.added.at)?;
        if done.is_some() || has_notes || has_others {
            seq.serialize_element(done)?;
        }
        if has_notes || has_others {
            seq.serialize_element(&task.notes)?;
        }
        if has_others {
            seq.serialize_element(&others)?;
        }
        if is_part {
            seq.serialize_element(&task.parent)?;
        }
        seq.end()
    }
}

/// The same as it is read.
#[derive(Deserialize, Read)]
struct Sheet {
    epoch: Epoch,
    seq: Seq,
    whole: bool,
    list: List,
    tasks: Vec<ReadTask>,
    people: Vec<PersonId>,
}

#[derive(Deserialize, Read)]
struct ReadTask(
    TaskId,
    Title,
    OrderKey,
    u32,
    Timestamp,
    #[serde(default)] Option<Mark>,
    #[serde(default)] Notes,
    #[serde(default)] Vec<Field>,
    #[serde(default)] Option<TaskId>,
);

impl Sheet {
    /// The snapshot, unless a task is by a person who is not there.
    fn snapshot(self) -> Option<Snapshot> {
        let people = self.people;
        let by = |(person, at): Mark| {
            let by = *people.get(usize::try_from(person).ok()?)?;
            Some(Attribution { by, at })
        };
        let mut list = self.list;
        for ReadTask(id, title, order, added_by, added_at, done, notes, others, parent) in self.tasks {
            let done = match done {
                Some(done) => Some(by(done)?),
                None => None,
            };
            let mut task = Task::new(id, title, order, by((added_by, added_at))?);
            (task.notes, task.done, task.parent) = (notes, done, parent);
            for field in others {
                let added = task.added;
                field.apply(&mut task, added);
            }
            list.put(task);
        }
        Some(Snapshot {
            epoch: self.epoch,
            seq: self.seq,
            whole: self.whole,
            list,
        })
    }
}

/// Writes a snapshot, which has no trash.
pub(super) fn serialize<S: Serializer>(
    snapshot: &Option<Snapshot>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let Some(snapshot) = snapshot else {
        return serializer.serialize_none();
    };
    let mut list = List::new(snapshot.list.id, snapshot.list.name.clone());
    list.version = snapshot.list.version;
    list.members = snapshot.list.members.clone();
    let mut people: Vec<PersonId> = Vec::new();
    // Few people share a list: looking through all of them is fast.
    let mut number = |person: PersonId| {
        let place = people.iter().position(|known| *known == person);
        let place = place.unwrap_or_else(|| {
            people.push(person);
            people.len() - 1
        });
        u32::try_from(place).unwrap_or(u32::MAX)
    };
    let tasks = snapshot.list.tasks().map(|task| {
        let done = task.done.map(|done| (number(done.by), done.at));
        let added_by = number(task.added.by);
        WrittenTask { task, added_by, done }
    });
    let tasks = tasks.collect();
    let written = Written {
        epoch: &snapshot.epoch,
        seq: snapshot.seq,
        whole: snapshot.whole,
        list,
        tasks,
        people,
    };
    written.serialize(serializer)
}

/// Reads a snapshot back.
pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Snapshot>, D::Error> {
    let sheet: Option<Sheet> = Option::deserialize(deserializer)?;
    let Some(sheet) = sheet else { return Ok(None) };
    let snapshot = sheet
        .snapshot()
        .ok_or_else(|| D::Error::custom("no such person"))?;
    Ok(Some(snapshot))
}

/// Reads a snapshot back where every kilobyte counts.
pub(super) fn read(value: &Value<'_>) -> Option<Option<Snapshot>> {
    match Option::<Sheet>::read(value)? {
        Some(sheet) => sheet.snapshot().map(Some),
        None => Some(None),
    }
}

#[cfg(test)]
mod tests;
