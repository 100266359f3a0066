//! A list: its members and its tasks, and how changes become part of it.

mod tree;

use std::collections::{BTreeSet, BinaryHeap};

use litemap::LiteMap;
use serde::{Deserialize, Serialize};

use crate::json::Read;
use crate::{
    Attribution, Change, LabelName, ListId, ListName, OrderKey, PersonId, Profile, Role, Task, TaskId,
    Version,
};

/// Somebody who is in a list.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Read)]
pub struct Member {
    /// What they may do.
    pub role: Role,
    /// How they appear.
    pub profile: Profile,
}

/// A list as its members see it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Read)]
#[serde(from = "Snapshot", into = "Snapshot")]
pub struct List {
    /// The list's id.
    pub id: ListId,
    /// How many log rows made it.
    pub version: Version,
    /// The list's name.
    pub name: ListName,
    /// The members by their id.
    pub members: LiteMap<PersonId, Member>,
    /// By id; boxed, since making room moves what comes behind.
    tasks: LiteMap<TaskId, Box<Task>>,
    /// Those outside the trash, sorted: first those that are no subtasks, then the subtasks of each task.
    order: Vec<Standing>,
}

/// A task's place: below which task it stands, and there by key, and by id where two have the same.
type Standing = (Option<TaskId>, OrderKey, TaskId);

/// A list on the wire. Tasks stand in any order: each carries its key.
#[derive(Serialize, Deserialize, Read)]
struct Snapshot {
    id: ListId,
    version: Version,
    name: ListName,
    #[serde(with = "crate::serde_map")]
    members: LiteMap<PersonId, Member>,
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
            tasks: list.tasks.into_iter().map(|(_, task)| *task).collect(),
        }
    }
}

impl List {
    /// The most tasks that a list may hold outside the trash.
    pub const MOST_TASKS: usize = 10_000;

    /// The most labels of a list that are offered, and found whatever the case of their letters.
    const MOST_KNOWN_LABELS: usize = 500;

    /// An empty list that nobody is in, at version 0.
    pub const fn new(id: ListId, name: ListName) -> Self {
        Self {
            id,
            version: Version::ZERO,
            name,
            members: LiteMap::new(),
            tasks: LiteMap::new(),
            order: Vec::new(),
        }
    }

    /// What that person may do here, if they are in it.
    pub fn role(&self, person: PersonId) -> Option<Role> {
        self.members.get(&person).map(|member| member.role)
    }

    /// How many owners there are.
    pub fn owners(&self) -> usize {
        let members = self.members.values();
        members.filter(|member| member.role == Role::Owner).count()
    }

    /// The task, also one in the trash.
    pub fn task(&self, id: TaskId) -> Option<&Task> {
        self.tasks.get(&id).map(Box::as_ref)
    }

    /// Which of all tasks by id the task is, counted from 0.
    pub fn index(&self, id: TaskId) -> Option<usize> {
        self.tasks.find_index(&id).ok()
    }

    /// All tasks, also those in the trash, by id.
    pub fn all_tasks(&self) -> impl Iterator<Item = &Task> {
        self.tasks.values().map(Box::as_ref)
    }

    /// The tasks outside the trash: first those that are no subtasks, in order, then the subtasks of each task, in order.
    pub fn tasks(&self) -> impl DoubleEndedIterator<Item = &Task> {
        self.order.iter().filter_map(|(_, _, id)| self.task(*id))
    }

    /// How many tasks are still to be done.
    pub fn count_open(&self) -> usize {
        self.tasks().filter(|task| task.is_to_do()).count()
    }

    /// The tasks that are done, the latest first.
    pub fn completed(&self) -> Vec<&Task> {
        // A heap sorts with a tenth of the code of `sort`, which counts in the browser.
        let done = self.tasks().filter_map(|task| Some((task.done?.at, task.id)));
        let done = BinaryHeap::from_iter(done).into_sorted_vec();
        done.into_iter()
            .rev()
            .filter_map(|(_, id)| self.task(id))
            .collect()
    }

    /// The labels that tasks outside the trash have, each once, by name: of a list with thousands, the first of them.
    pub fn labels(&self) -> BTreeSet<&LabelName> {
        let mut labels = BTreeSet::new();
        for label in self.tasks().flat_map(|task| &task.labels) {
            if labels.len() >= Self::MOST_KNOWN_LABELS {
                break;
            }
            labels.insert(label);
        }
        labels
    }

    /// How many tasks there are outside the trash.
    pub fn count(&self) -> usize {
        self.order.len()
    }

    /// Makes the change part of the list. Total: one that does not belong here, or that is there already, does nothing.
    pub fn apply(&mut self, stamp: Attribution, change: &Change) {
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
            Change::TaskSet { task, field } => self.edit(*task, |task| field.apply(task, stamp)),
            Change::TaskMoved { task, order, parent } => self.reorder(*task, |task| {
                task.order.clone_from(order);
                task.parent = *parent;
            }),
            Change::TaskDeleted { task } => self.reorder(*task, |task| task.deleted = Some(stamp)),
            Change::ProfileSet { .. } | Change::ListJoined { .. } | Change::ListLeft { .. } => {}
        }
    }

    /// Puts a whole task in, in place of the one with its id.
    pub fn put(&mut self, task: Task) {
        let to = standing(&task);
        let before = self.tasks.insert(task.id, Box::new(task));
        self.stand(before.and_then(|before| standing(&before)), to);
    }

    /// Takes a task out for good.
    pub fn take(&mut self, id: TaskId) -> Option<Task> {
        let task = *self.tasks.remove(&id)?;
        self.stand(standing(&task), None);
        Some(task)
    }

    /// Moves a task from one place among the others to another; none is the trash.
    fn stand(&mut self, from: Option<Standing>, to: Option<Standing>) {
        if from == to {
            return;
        }
        if let Some(at) = from.and_then(|from| self.order.binary_search(&from).ok()) {
            self.order.remove(at);
        }
        if let Some(to) = to
            && let Err(at) = self.order.binary_search(&to)
        {
            self.order.insert(at, to);
        }
    }

    fn edit(&mut self, id: TaskId, edit: impl FnOnce(&mut Task)) {
        if let Some(task) = self.tasks.get_mut(&id) {
            edit(task);
        }
    }

    fn reorder(&mut self, id: TaskId, edit: impl FnOnce(&mut Task)) {
        if let Some(task) = self.tasks.get_mut(&id) {
            let from = standing(task);
            edit(task);
            let to = standing(task);
            self.stand(from, to);
        }
    }
}

/// Where the task stands, if it is not in the trash.
fn standing(task: &Task) -> Option<Standing> {
    task.is_live().then(|| (task.parent, task.order.clone(), task.id))
}
