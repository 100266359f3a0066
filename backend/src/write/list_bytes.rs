//! How much a list holds of what people type and choose, and whether more may come.

use domain::{Change, Decision, Field, List, ListId, Notes, TaskId, Topic};

use crate::write::memory::State;

/// The most bytes that notes have.
pub(crate) const MOST_NOTES: u64 = Notes::LIMIT as u64;

/// What a task is beside its text, on disk.
const OVERHEAD: usize = 100;

impl State {
    /// Whether what was decided leaves a list within its bound. What makes it no longer always does.
    pub(crate) fn has_room(&self, list: &List, decision: &Decision) -> bool {
        let more = growth(list, decision);
        more <= 0 || self.bytes_of(list.id) + more <= self.most_bytes
    }

    /// The most bytes that the notes of a task in that list may have.
    pub(crate) fn most_notes(&self, list: ListId) -> u64 {
        let bytes = self.list_bytes.get(&list).copied();
        let bytes = bytes.and_then(|bytes| u64::try_from(bytes).ok());
        bytes.map_or(MOST_NOTES, |bytes| bytes.min(MOST_NOTES))
    }

    fn bytes_of(&self, list: ListId) -> i64 {
        self.list_bytes.get(&list).copied().unwrap_or_default()
    }

    /// A list has so many bytes more, or less.
    pub(crate) fn grew(&mut self, list: ListId, bytes: i64) {
        *self.list_bytes.entry(list).or_default() += bytes;
    }
}

/// By how many bytes what was decided makes a list longer. Notes are merged, so what was asked says little.
fn growth(list: &List, decision: &Decision) -> i64 {
    let changes = decision
        .iter()
        .filter(|(topic, _)| *topic == Topic::List(list.id));
    changes
        .flat_map(|(_, changes)| changes)
        .map(|change| more(list, change))
        .sum()
}

fn more(list: &List, change: &Change) -> i64 {
    match change {
        Change::TaskAdded { task } => bytes(OVERHEAD + Field::size_of(task)),
        Change::TaskSet { task, field } => {
            let before = list.task(*task).map_or(0, |task| field.of(task).size());
            bytes(field.size()) - bytes(before)
        }
        _ => 0,
    }
}

/// The bytes of a task, also in the trash; its notes count as far as they are in memory.
pub(crate) fn bytes_of(list: &List, task: TaskId) -> i64 {
    let task = list.task(task);
    task.map_or(0, |task| bytes(OVERHEAD + Field::size_of(task)))
}

fn bytes(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
