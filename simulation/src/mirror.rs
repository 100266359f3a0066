//! A page that draws only the differences: if a delta leaves something out, it shows something false.

use std::collections::BTreeMap;

use super::oracle::{Held, hold};
use domain::sync::{Client, Delta, Pending, Progress, Protocol, Touched};
use domain::{Account, ListId, ListName, Member, PersonId, Task, TaskId};
use litemap::LiteMap;

/// The content of the page.
pub(super) struct Mirror {
    account: Account,
    lists: BTreeMap<ListId, Shown>,
}

#[derive(Clone, PartialEq, Debug, Default)]
struct Shown {
    heading: Option<(ListName, LiteMap<PersonId, Member>)>,
    whole: bool,
    /// With whether something about each may not be on disk.
    tasks: BTreeMap<TaskId, (Task, bool)>,
}

impl Mirror {
    pub(super) fn new<S: Protocol>(client: &Client<S>) -> Self {
        let account = client.account().clone();
        let read = |id: &ListId| (*id, Shown::read(client, *id));
        let lists = account.lists.keys().map(read).collect();
        Self { account, lists }
    }

    pub(super) fn draw<S: Protocol>(&mut self, client: &Client<S>, delta: &Delta) {
        if delta.account {
            self.account = client.account().clone();
            self.lists.retain(|id, _| client.account().lists.contains_key(id));
            for id in client.account().lists.keys() {
                self.lists.entry(*id).or_insert_with(|| Shown::read(client, *id));
            }
        }
        for (id, touched) in &delta.lists {
            if let Some(shown) = self.lists.get_mut(id) {
                shown.draw(client, *id, touched);
            }
        }
    }

    pub(super) fn check<S: Protocol>(&self, client: &Client<S>) -> Held {
        const ORACLE: &str = "a delta says all that changed";
        hold(self.account == *client.account(), ORACLE, || {
            format!("{:?} is shown, not {:?}", self.account, client.account())
        })?;
        hold(
            self.lists.keys().eq(client.account().lists.keys()),
            ORACLE,
            || "other lists".to_owned(),
        )?;
        for (id, shown) in &self.lists {
            hold(shown.is(client, *id), ORACLE, || {
                format!("{id}: {shown:?} is shown, not {:?}", Shown::read(client, *id))
            })?;
        }
        Ok(())
    }
}

impl Shown {
    fn read<S: Protocol>(client: &Client<S>, id: ListId) -> Self {
        let mut shown = Self::default();
        let touched = Touched {
            whole: true,
            ..Touched::default()
        };
        shown.draw(client, id, &touched);
        shown
    }

    fn draw<S: Protocol>(&mut self, client: &Client<S>, id: ListId, touched: &Touched) {
        let list = client.list(id);
        if touched.heading || touched.whole {
            self.heading = list.map(|list| (list.name.clone(), list.members.clone()));
            self.whole = client.is_ready(id);
        }
        if touched.whole {
            let tasks = list.into_iter().flat_map(|list| list.tasks());
            let read = |task: &Task| (task.id, (task.clone(), unsaved(client, id, task.id)));
            self.tasks = tasks.map(read).collect();
        }
        for task in &touched.tasks {
            match list
                .and_then(|list| list.task(*task))
                .filter(|task| task.is_live())
            {
                Some(there) => drop(
                    self.tasks
                        .insert(*task, (there.clone(), unsaved(client, id, *task))),
                ),
                None => drop(self.tasks.remove(task)),
            }
        }
    }

    fn is<S: Protocol>(&self, client: &Client<S>, id: ListId) -> bool {
        let Some(list) = client.list(id) else {
            return *self == Self::default();
        };
        let heading = self
            .heading
            .as_ref()
            .is_some_and(|(name, members)| *name == list.name && *members == list.members);
        let same = |task: &Task| {
            let shown = self.tasks.get(&task.id);
            shown.is_some_and(|(shown, marked)| shown == task && *marked == unsaved(client, id, task.id))
        };
        heading
            && self.whole == client.is_ready(id)
            && self.tasks.len() == list.count()
            && list.tasks().all(same)
    }
}

/// Whether something about the task is not on disk, as the page marks it. A command that names a task in a wrong list gets
/// no mark.
fn unsaved<S: Protocol>(client: &Client<S>, list: ListId, task: TaskId) -> bool {
    let about =
        |pending: &Pending| pending.command.list() == Some(list) && pending.command.task() == Some(task);
    client
        .pending()
        .iter()
        .any(|pending| pending.progress == Progress::Unanswered && about(pending))
}
