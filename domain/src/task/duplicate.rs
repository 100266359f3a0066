//! A task once more, with all that is a part of it: as a template that is the task itself.

use std::fmt;

use super::{Field, Place};
use crate::{List, ListCommand, Notes, TaskId};

/// The most tasks that are duplicated at once.
pub const MOST_DUPLICATED: usize = 500;

/// A task is more, with its subtasks, than can be duplicated at once. Its `Display` is the sentence a person reads.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct TooManyToDuplicate;

impl fmt::Display for TooManyToDuplicate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("With its subtasks this is more than 500 tasks, which are too many to duplicate at once.")
    }
}

/// The commands that add the same as a task and all that is a part of it, right below it and to be done, in their order; nothing where the
/// task is not in the list. `new_id` makes the ids. The first command adds what the others are a part of, so deleting that takes all back.
///
/// # Errors
///
/// [`TooManyToDuplicate`], where there are more than [`MOST_DUPLICATED`].
pub fn duplicate(
    list: &List,
    task: TaskId,
    mut new_id: impl FnMut() -> TaskId,
) -> Result<Vec<ListCommand>, TooManyToDuplicate> {
    let Some(task) = list.task(task).filter(|task| task.is_live()) else {
        return Ok(Vec::new());
    };
    let parts = list.parts(task.id);
    if parts.len() >= MOST_DUPLICATED {
        return Err(TooManyToDuplicate);
    }
    let mut copies: Vec<(TaskId, TaskId)> = Vec::new();
    let mut commands = Vec::new();
    for original in [task].into_iter().chain(parts) {
        let parent = copies.iter().find(|(of, _)| Some(*of) == original.parent);
        let parent = parent.map(|(_, copy)| *copy);
        let copy = new_id();
        copies.push((original.id, copy));
        commands.push(ListCommand::AddTask {
            task: copy,
            place: parent.map_or(Place::After(task.id), Place::EndOf),
            title: original.title.clone(),
            fields: Field::others_of(original),
        });
        // A text is a command of its own.
        if !original.notes.is_empty() {
            let base = Field::Notes(Notes::default());
            commands.push(ListCommand::set_from(
                copy,
                base,
                Field::Notes(original.notes.clone()),
            ));
        }
    }
    Ok(commands)
}
