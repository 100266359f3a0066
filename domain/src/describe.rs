//! What somebody did, in words for those who see it happen.

use crate::{Change, TaskId};

/// The task that it was about and the words behind the name of who did it, such as `added “Milk”`; none for what nobody
/// need be told. `title` says what a task is called.
pub fn describe(
    change: &Change,
    title: impl Fn(TaskId) -> Option<String>,
) -> Option<(Option<TaskId>, String)> {
    let words = |verb: &str, task: &TaskId| {
        Some((
            Some(*task),
            format!("{verb} “{}”", title(*task).unwrap_or_default()),
        ))
    };
    match change {
        Change::TaskAdded { task } => Some((Some(task.id), format!("added “{}”", task.title))),
        Change::TaskRestored { task } => Some((Some(task.id), format!("brought back “{}”", task.title))),
        Change::TaskRetitled { task, title } => Some((Some(*task), format!("renamed a task to “{title}”"))),
        Change::NotesSet { task, .. } => words("changed the notes of", task),
        Change::TaskCompleted { task } => words("completed", task),
        Change::TaskReopened { task } => words("reopened", task),
        Change::TaskDeleted { .. } => Some((None, "deleted a task".to_owned())),
        Change::TaskMoved { task, .. } => words("moved", task),
        Change::ListRenamed { name } => Some((None, format!("renamed the list to “{name}”"))),
        Change::MemberJoined { profile, .. } => Some((None, format!("joined as {}", profile.name))),
        Change::MemberLeft { .. } => Some((None, "changed who is in the list".to_owned())),
        _ => None,
    }
}
