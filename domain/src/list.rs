//! A list: its members and its tasks, and how changes become part of it.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;

use serde::{Deserialize, Serialize};

use crate::{Change, ListId, ListName, OrderKey, PersonId, Profile, Role, Stamp, Task, TaskId, Version};

/// Somebody who is in a list.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Member {
    /// What they may do.
    pub role: Role,
    /// How they appear.
    pub profile: Profile,
}

/// A list as its members see it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(from = "Snapshot", into = "Snapshot")]
pub struct List {
    /// Which.
    pub id: ListId,
    /// How many log rows made it.
    pub version: Version,
    /// What it is called.
    pub name: ListName,
    /// Who is in it.
    pub members: BTreeMap<PersonId, Member>,
    tasks: BTreeMap<TaskId, Task>,
    order: BTreeSet<(OrderKey, TaskId)>,
}

/// A list on the wire. Tasks stand in any order: each carries its key.
#[derive(Serialize, Deserialize)]
struct Snapshot {
    id: ListId,
    version: Version,
    name: ListName,
    members: BTreeMap<PersonId, Member>,
    tasks: Vec<Task>,
}

impl From<Snapshot> for List {
    fn from(data: Snapshot) -> Self {
        let mut list = Self::new(data.id, data.name);
        list.version = data.version;
        list.members = data.members;
        for task in data.tasks {
            list.put(task);
        }
        list
    }
}

impl From<List> for Snapshot {
    fn from(list: List) -> Self {
        Self {
            id: list.id,
            version: list.version,
            name: list.name,
            members: list.members,
            tasks: list.tasks.into_values().collect(),
        }
    }
}

impl List {
    /// The most tasks that a list may hold outside the bin.
    pub const MOST_TASKS: usize = 10_000;

    /// An empty list that nobody is in, at version 0.
    pub const fn new(id: ListId, name: ListName) -> Self {
        Self {
            id,
            version: Version::ZERO,
            name,
            members: BTreeMap::new(),
            tasks: BTreeMap::new(),
            order: BTreeSet::new(),
        }
    }

    /// What that person may do here, if they are in it.
    pub fn role(&self, person: PersonId) -> Option<Role> {
        self.members.get(&person).map(|member| member.role)
    }

    /// The task, also one in the bin.
    pub fn task(&self, id: TaskId) -> Option<&Task> {
        self.tasks.get(&id)
    }

    /// All tasks, also those in the bin, by id.
    pub fn all_tasks(&self) -> impl Iterator<Item = &Task> {
        self.tasks.values()
    }

    /// The tasks outside the bin, in order.
    pub fn tasks(&self) -> impl DoubleEndedIterator<Item = &Task> {
        self.order.iter().filter_map(|(_, id)| self.tasks.get(id))
    }

    /// The tasks still to be done, in order.
    pub fn open(&self) -> impl DoubleEndedIterator<Item = &Task> {
        self.tasks().filter(|task| task.is_open())
    }

    /// The tasks that are done, the latest first.
    pub fn completed(&self) -> Vec<&Task> {
        let mut tasks: Vec<&Task> = self.tasks().filter(|task| task.done.is_some()).collect();
        tasks.sort_by_key(|task| std::cmp::Reverse(task.done.map(|done| (done.at, task.id))));
        tasks
    }

    /// How many tasks there are outside the bin.
    pub fn count(&self) -> usize {
        self.order.len()
    }

    /// The key of the first task whose key is greater, leaving `but` out.
    pub(crate) fn next_key(&self, key: Option<&OrderKey>, but: Option<TaskId>) -> Option<&OrderKey> {
        const LAST: TaskId = TaskId::from_bytes([0xff; 16]);
        let low = key.map_or(Bound::Unbounded, |key| Bound::Excluded((key.clone(), LAST)));
        self.order
            .range((low, Bound::Unbounded))
            .find(|(_, id)| Some(*id) != but)
            .map(|(key, _)| key)
    }

    /// The key of the last task, leaving `but` out.
    pub(crate) fn last_key(&self, but: Option<TaskId>) -> Option<&OrderKey> {
        self.order
            .iter()
            .rev()
            .find(|(_, id)| Some(*id) != but)
            .map(|(key, _)| key)
    }

    /// Up to `count` tasks on either side of a place, with the keys just outside of them.
    pub(crate) fn around(
        &self,
        low: Option<&OrderKey>,
        but: Option<TaskId>,
        count: usize,
    ) -> Neighbourhood<'_> {
        const LAST: TaskId = TaskId::from_bytes([0xff; 16]);
        let pivot = low.map(|low| (low.clone(), LAST));
        let others = |(_, id): &&(OrderKey, TaskId)| Some(*id) != but;
        let (mut before, mut after) = match pivot {
            Some(pivot) => (
                self.order
                    .range(..=pivot.clone())
                    .rev()
                    .filter(others)
                    .take(count + 1)
                    .collect::<Vec<_>>(),
                self.order
                    .range(pivot..)
                    .filter(others)
                    .take(count + 1)
                    .collect::<Vec<_>>(),
            ),
            None => (
                Vec::new(),
                self.order.iter().filter(others).take(count + 1).collect(),
            ),
        };
        let low = if before.len() > count {
            before.pop().map(|(key, _)| key)
        } else {
            None
        };
        let high = if after.len() > count {
            after.pop().map(|(key, _)| key)
        } else {
            None
        };
        before.reverse();
        Neighbourhood {
            low,
            high,
            before: before.into_iter().map(|(_, id)| *id).collect(),
            after: after.into_iter().map(|(_, id)| *id).collect(),
        }
    }

    /// Makes the change part of the list. Total: one that does not belong here, or that is there already, does nothing.
    pub fn apply(&mut self, stamp: Stamp, change: &Change) {
        match change {
            Change::ListCreated { name } | Change::ListRenamed { name } => self.name.clone_from(name),
            Change::MemberJoined {
                person,
                role,
                profile,
            } => {
                self.members.insert(
                    *person,
                    Member {
                        role: *role,
                        profile: profile.clone(),
                    },
                );
            }
            Change::MemberRenamed { person, profile } => {
                if let Some(member) = self.members.get_mut(person) {
                    member.profile.clone_from(profile);
                }
            }
            Change::MemberLeft { person } => {
                self.members.remove(person);
            }
            Change::TaskAdded { task } | Change::TaskRestored { task } => self.put(task.clone()),
            Change::TaskRetitled { task, title } => self.edit(*task, |task| task.title.clone_from(title)),
            Change::NotesSet { task, notes } => self.edit(*task, |task| task.notes.clone_from(notes)),
            Change::TaskCompleted { task } => self.edit(*task, |task| task.done = Some(stamp)),
            Change::TaskReopened { task } => self.edit(*task, |task| task.done = None),
            Change::TaskMoved { task, order } => self.reorder(*task, |task| task.order.clone_from(order)),
            Change::TaskDeleted { task } => self.reorder(*task, |task| task.deleted = Some(stamp)),
            Change::ProfileSet { .. } | Change::ListJoined { .. } | Change::ListLeft { .. } => {}
        }
    }

    /// Puts a whole task in, in place of the one with its id.
    pub fn put(&mut self, task: Task) {
        self.take(task.id);
        if task.is_live() {
            self.order.insert((task.order.clone(), task.id));
        }
        self.tasks.insert(task.id, task);
    }

    /// Takes a task out for good.
    pub fn take(&mut self, id: TaskId) -> Option<Task> {
        let task = self.tasks.remove(&id)?;
        self.order.remove(&(task.order.clone(), id));
        Some(task)
    }

    fn edit(&mut self, id: TaskId, edit: impl FnOnce(&mut Task)) {
        if let Some(task) = self.tasks.get_mut(&id) {
            edit(task);
        }
    }

    fn reorder(&mut self, id: TaskId, edit: impl FnOnce(&mut Task)) {
        if let Some(mut task) = self.take(id) {
            edit(&mut task);
            self.put(task);
        }
    }
}

/// A stretch of a list: what a rebalance gives fresh keys.
pub(crate) struct Neighbourhood<'a> {
    pub(crate) low: Option<&'a OrderKey>,
    pub(crate) high: Option<&'a OrderKey>,
    pub(crate) before: Vec<TaskId>,
    pub(crate) after: Vec<TaskId>,
}
