//! An action in words, for people who see it happen.

use crate::{Change, TaskId, isolated};

/// The task that the change is about, and the words that follow the person's name, such as `added “Milk”`; none for changes that
/// are not announced. `title` gives the title of a task.
pub fn describe(
    change: &Change,
    title: impl Fn(TaskId) -> Option<String>,
) -> Option<(Option<TaskId>, String)> {
    let title = |task: &TaskId| isolated(&title(*task).unwrap_or_default());
    match change {
        Change::TaskAdded { task } => Some((
            Some(task.id),
            format!("added “{}”", isolated(task.title.as_str())),
        )),
        Change::TaskRestored { task } => Some((
            Some(task.id),
            format!("restored “{}”", isolated(task.title.as_str())),
        )),
        Change::TaskSet { task, field } => Some((Some(*task), field.describe(&title(task)))),
        Change::TaskDeleted { .. } => Some((None, "deleted a task".to_owned())),
        Change::TaskMoved { task, .. } => Some((Some(*task), format!("moved “{}”", title(task)))),
        Change::ListRenamed { name } => {
            Some((None, format!("renamed the list to “{}”", isolated(name.as_str()))))
        }
        Change::MemberJoined { profile, .. } => {
            Some((None, format!("joined as {}", isolated(profile.name.as_str()))))
        }
        Change::MemberLeft { .. } => Some((None, "changed who is on the list".to_owned())),
        Change::ListCreated { .. }
        | Change::MemberRenamed { .. }
        | Change::ProfileSet { .. }
        | Change::ListJoined { .. }
        | Change::ListLeft { .. } => None,
    }
}
