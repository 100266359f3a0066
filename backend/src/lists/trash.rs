//! The trash of a list: what was deleted there, and can be put back.

use domain::{List, ListId, PersonId, PersonName, Role, Task, TaskId};

use crate::database::people::accounts;
use crate::database::snapshot;
use crate::{Error, Lists, Visitor};

/// How many tasks one form brings back from the trash: a task, or a section, and what was deleted with it.
const MOST_RESTORED: usize = 1_000;

/// What is in the trash of a list, for those who may put it back.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Trash {
    /// The list, without its tasks.
    pub list: List,
    /// What was deleted, the latest first, each with the name of who did it. Their notes are not read.
    pub tasks: Vec<(Task, PersonName)>,
    /// How many there are in all.
    pub count: u64,
}

impl Lists<'_> {
    /// What is in the trash of a list, `most` of it at the most. Who may only look at the list sees nothing of it: it is what the others
    /// did not want to be read.
    pub async fn trash(self, visitor: &Visitor, list: ListId, most: usize) -> Result<Trash, Error> {
        let list = self.snapshot(visitor, list, Some(0)).await?.list;
        let mut read = self.backend.inner.readers.begin().await?;
        let (tasks, count) = snapshot::trash(&mut read, visitor.person(), list.id, most).await?;
        let deleter = |task: &Task| task.deleted.map_or(task.added.by, |deleted| deleted.by);
        let people = accounts(&mut read, tasks.iter().map(deleter)).await?;
        let name = |person: PersonId| {
            let account = people.get(&person);
            account.map_or_else(PersonName::unknown, |account| account.profile.name.clone())
        };
        let tasks = tasks.into_iter().map(|task| {
            let name = name(deleter(&task));
            (task, name)
        });
        Ok(Trash {
            tasks: tasks.collect(),
            list,
            count,
        })
    }

    /// A task in the trash and what was deleted with it, each behind what it is a part of, [`MOST_RESTORED`] at the most. Whether the
    /// visitor may is the rules' to say.
    pub async fn deleted_with(
        self,
        visitor: &Visitor,
        list: ListId,
        task: TaskId,
    ) -> Result<Vec<TaskId>, Error> {
        let list = self.snapshot(visitor, list, Some(0)).await?.list;
        let mut read = self.backend.inner.readers.acquire().await?;
        let tasks = snapshot::deleted_with(&mut read, list.id, task, MOST_RESTORED).await?;
        // One that there is not is asked for all the same, and refused.
        Ok(if tasks.is_empty() { vec![task] } else { tasks })
    }

    /// All that is in the trash of a list, in the order of the list, if the visitor may put it back; with the list's name.
    pub(crate) async fn deleted_tasks(
        self,
        visitor: &Visitor,
        list: ListId,
    ) -> Result<(String, Vec<TaskId>), Error> {
        let list = self.snapshot(visitor, list, Some(0)).await?.list;
        if !list.role(visitor.person()).is_some_and(Role::can_edit) {
            return Err(domain::Refusal::ReadOnly.into());
        }
        let mut read = self.backend.inner.readers.acquire().await?;
        Ok((
            list.name.to_string(),
            snapshot::ids(&mut read, list.id, true).await?,
        ))
    }
}
