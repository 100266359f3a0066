//! Where tasks stand: which is a part of which, in what order they are read, and the keys around a place.

use std::iter::successors;

use super::{List, Standing};
use crate::{OrderKey, Task, TaskId};

impl List {
    /// The subtasks of a task outside the trash, in order; of none, the tasks that are no subtasks.
    pub fn subtasks(&self, parent: Option<TaskId>) -> impl DoubleEndedIterator<Item = &Task> {
        let with = self.with_parent(parent).iter();
        with.filter_map(|(_, _, id)| self.task(*id))
    }

    /// The tasks still to be done and the sections, in the order in which they are read: first the tasks that are in no section, then
    /// the sections; below each its subtasks, and those of one that is done where it stood.
    pub fn open(&self) -> Vec<&Task> {
        let (mut all, mut sections) = (Vec::with_capacity(self.count()), Vec::new());
        for task in self.subtasks(None) {
            if task.section {
                sections.push(task);
            } else {
                self.read(task, 0, &mut all);
            }
        }
        // Of a list that is not here whole: subtasks whose parents are not here. Nobody knows in which section they are.
        for (parent, _, id) in self.nested() {
            let is_alone = parent.is_some_and(|parent| !self.has(parent));
            if let Some(task) = self.task(*id).filter(|_| is_alone) {
                self.read(task, 0, &mut all);
            }
        }
        for section in sections {
            self.read(section, 0, &mut all);
        }
        all.retain(|task| task.is_open());
        all
    }

    /// Whether that task is in the list and not in the trash.
    pub(crate) fn has(&self, task: TaskId) -> bool {
        self.task(task).is_some_and(Task::is_live)
    }

    /// The task, and all that is a part of it, in the order in which it is read.
    fn read<'a>(&'a self, task: &'a Task, level: usize, all: &mut Vec<&'a Task>) {
        all.push(task);
        self.read_below(task.id, level, all);
    }

    fn read_below<'a>(&'a self, task: TaskId, level: usize, all: &mut Vec<&'a Task>) {
        if level < Task::MOST_DEPTH {
            for part in self.subtasks(Some(task)) {
                self.read(part, level + 1, all);
            }
        }
    }

    /// What the task is a part of, the nearest first, as far as that is in the list.
    pub fn parents(&self, task: &Task) -> impl Iterator<Item = &Task> {
        let parent = |task: &Task| self.task(task.parent?);
        successors(parent(task), move |task| parent(task)).take(Task::MOST_DEPTH)
    }

    /// Of how many tasks that are to be done it is a part, the section aside.
    pub fn level(&self, task: &Task) -> usize {
        self.parents(task).filter(|parent| parent.is_to_do()).count()
    }

    /// The section that the task is in, as far as that is in the list.
    pub fn section(&self, task: &Task) -> Option<&Task> {
        self.parents(task).find(|parent| parent.section)
    }

    /// The sections outside the trash, in order.
    pub fn sections(&self) -> impl DoubleEndedIterator<Item = &Task> {
        self.subtasks(None).filter(|task| task.section)
    }

    /// How many of its subtasks are done, and how many there are; those of subtasks do not count.
    pub fn progress(&self, task: TaskId) -> (usize, usize) {
        let (mut done, mut all) = (0, 0);
        for task in self.subtasks(Some(task)) {
            done += usize::from(task.done.is_some());
            all += 1;
        }
        (done, all)
    }

    /// All that is a part of the task, outside the trash: subtasks, and theirs behind each.
    pub fn parts(&self, task: TaskId) -> Vec<&Task> {
        let mut parts = Vec::new();
        self.read_below(task, 0, &mut parts);
        parts
    }

    /// How many levels of subtasks the task has. Looks at what has subtasks, and not at each of them: it may have thousands.
    pub(crate) fn height(&self, task: TaskId) -> usize {
        let (mut rest, mut height) = (self.nested(), 0);
        while let Some((parent, ..)) = rest.first() {
            let above = parent.and_then(|parent| self.task(parent));
            let mut above = above
                .into_iter()
                .chain(above.into_iter().flat_map(|above| self.parents(above)));
            if let Some(level) = above.position(|above| above.id == task) {
                height = height.max(level + 1);
            }
            let group = rest.partition_point(|(other, ..)| other == parent);
            rest = rest.split_at(group).1;
        }
        height
    }

    /// The key of the first task with that parent whose key is greater, leaving `but` out.
    pub(crate) fn next_key(
        &self,
        parent: Option<TaskId>,
        key: Option<&OrderKey>,
        but: TaskId,
    ) -> Option<&OrderKey> {
        let (_, after) = self.split(parent, key);
        let mut others = after.iter().filter(|(_, _, id)| *id != but);
        others.next().map(|(_, key, _)| key)
    }

    /// The key of the last task with that parent, leaving `but` out.
    pub(crate) fn last_key(&self, parent: Option<TaskId>, but: TaskId) -> Option<&OrderKey> {
        let mut others = self.with_parent(parent).iter().rev();
        others.find(|(_, _, id)| *id != but).map(|(_, key, _)| key)
    }

    /// Up to `count` tasks with that parent on either side of a place, with the keys just outside of them.
    pub(crate) fn around(
        &self,
        (parent, low): (Option<TaskId>, Option<&OrderKey>),
        but: TaskId,
        count: usize,
    ) -> Neighbourhood<'_> {
        let others = |(_, _, id): &&Standing| *id != but;
        let (before, after) = self.split(parent, low);
        let mut before: Vec<_> = before.iter().rev().filter(others).take(count + 1).collect();
        let mut after: Vec<_> = after.iter().filter(others).take(count + 1).collect();
        let low = if before.len() > count {
            before.pop().map(|(_, key, _)| key)
        } else {
            None
        };
        let high = if after.len() > count {
            after.pop().map(|(_, key, _)| key)
        } else {
            None
        };
        before.reverse();
        Neighbourhood {
            low,
            high,
            before: before.into_iter().map(|(_, _, id)| *id).collect(),
            after: after.into_iter().map(|(_, _, id)| *id).collect(),
        }
    }

    /// The tasks with that parent in order, up to that key and past it.
    fn split(&self, parent: Option<TaskId>, key: Option<&OrderKey>) -> (&[Standing], &[Standing]) {
        let with = self.with_parent(parent);
        with.split_at(key.map_or(0, |key| with.partition_point(|(_, other, _)| other <= key)))
    }

    /// The tasks with that parent, in order.
    fn with_parent(&self, parent: Option<TaskId>) -> &[Standing] {
        if self.order.last().is_none_or(|(last, ..)| *last < parent) {
            return &[]; // Of a list without subtasks this is asked for every task.
        }
        let from = self.order.partition_point(|(other, ..)| *other < parent);
        let (_, from) = self.order.split_at(from);
        if from.first().is_none_or(|(other, ..)| *other != parent) {
            return &[];
        }
        let to = from.partition_point(|(other, ..)| *other == parent);
        from.split_at(to).0
    }

    /// The tasks that are subtasks, by their parents.
    fn nested(&self) -> &[Standing] {
        let roots = self.order.partition_point(|(parent, ..)| parent.is_none());
        self.order.split_at(roots).1
    }
}

/// A stretch of a list: what a rebalance gives fresh keys.
pub(crate) struct Neighbourhood<'a> {
    pub(crate) low: Option<&'a OrderKey>,
    pub(crate) high: Option<&'a OrderKey>,
    pub(crate) before: Vec<TaskId>,
    pub(crate) after: Vec<TaskId>,
}
