//! Where a task is to stand among the others: intent, which the server turns into an order key.

use serde::{Deserialize, Serialize};

use crate::json::Read;
use crate::{List, Task, TaskId};

/// Where a task is to stand.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, Read)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// Above all others.
    Start,
    /// Right below that task, or where it stood last; below all others if the list never had it.
    After(TaskId),
    /// Below all others.
    End,
}

/// The place one step up or down among the tasks to be done; none at the end.
pub fn step(list: &List, task: TaskId, up: bool) -> Option<Place> {
    let open: Vec<&Task> = list.open().collect();
    let at = open.iter().position(|other| other.id == task)?;
    if up {
        Some(match at.checked_sub(1)? {
            0 => Place::Start,
            before => Place::After(open.get(before.checked_sub(1)?)?.id),
        })
    } else {
        open.get(at + 1).map(|after| Place::After(after.id))
    }
}
