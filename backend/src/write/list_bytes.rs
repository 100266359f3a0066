//! How much text a list holds, and whether more may come.

use domain::{Field, List, ListCommand, ListId, TaskId};

use crate::write::memory::State;

/// What a task is beside its text, on disk.
const OVERHEAD: usize = 100;

impl State {
    /// Whether a command leaves a list within its bound. One that makes it no longer always does.
    pub(crate) fn has_room(&self, list: &List, command: &ListCommand) -> bool {
        let more = growth(list, command);
        more <= 0 || self.bytes_of(list.id) + more <= self.most_bytes
    }

    fn bytes_of(&self, list: ListId) -> i64 {
        self.list_bytes.get(&list).copied().unwrap_or_default()
    }

    /// A list has so many bytes more, or less.
    pub(crate) fn grew(&mut self, list: ListId, bytes: i64) {
        *self.list_bytes.entry(list).or_default() += bytes;
    }
}

/// By how many bytes a command may make a list longer.
fn growth(list: &List, command: &ListCommand) -> i64 {
    match command {
        ListCommand::AddTask { title, .. } => bytes(OVERHEAD + title.as_str().len()),
        ListCommand::Set { task, field, .. } => {
            let task = list.task(*task);
            let before = task.map_or(0, |task| match field {
                Field::Title(_) => task.title.as_str().len(),
                Field::Notes(_) => task.notes.as_str().len(),
                _ => 0,
            });
            let after = match field {
                Field::Title(_) | Field::Notes(_) => field.text().map_or(0, str::len),
                _ => 0,
            };
            bytes(after) - bytes(before)
        }
        _ => 0,
    }
}

/// The bytes of a task, also in the trash; its notes count as far as they are in memory.
pub(crate) fn bytes_of(list: &List, task: TaskId) -> i64 {
    let task = list.task(task);
    task.map_or(0, |task| {
        bytes(OVERHEAD + task.title.as_str().len() + task.notes.as_str().len())
    })
}

fn bytes(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
