//! An action in words, for people who see it happen.

use crate::{Change, TaskId};

/// The task that the change is about, and the words that follow the person's name, such as `added “Milk”`; none for changes that
/// are not announced. `title` gives the title of a task.
pub fn describe(
    change: &Change,
    title: impl Fn(TaskId) -> Option<String>,
) -> Option<(Option<TaskId>, String)> {
    let title = |task: &TaskId| title(*task).unwrap_or_default();
    match change {
        Change::TaskAdded { task } => Some((Some(task.id), format!("added “{}”", task.title))),
        Change::TaskRestored { task } => Some((Some(task.id), format!("restored “{}”", task.title))),
        Change::TaskSet { task, field } => Some((Some(*task), field.describe(&title(task)))),
        Change::TaskDeleted { .. } => Some((None, "deleted a task".to_owned())),
        Change::TaskMoved { task, .. } => Some((Some(*task), format!("moved “{}”", title(task)))),
        Change::ListRenamed { name } => Some((None, format!("renamed the list to “{name}”"))),
        Change::MemberJoined { profile, .. } => Some((None, format!("joined as {}", profile.name))),
        Change::MemberLeft { .. } => Some((None, "changed who is on the list".to_owned())),
        Change::ListCreated { .. }
        | Change::MemberRenamed { .. }
        | Change::ProfileSet { .. }
        | Change::ListJoined { .. }
        | Change::ListLeft { .. } => None,
    }
}
