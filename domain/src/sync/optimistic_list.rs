//! A list as the person sees it: what is confirmed, with what is predicted on top, and the way back.

use litemap::LiteMap;

use crate::{Attribution, Change, List, ListName, Member, PersonId, Row, Task, TaskId};

/// `view = confirmed ⊕ pending` in one copy: each prediction first saves what it touches, so that it can be taken off
/// again at the cost of what was predicted, not of the list's size.
#[derive(Clone, Debug)]
pub(super) struct OptimisticList {
    list: List,
    tasks: LiteMap<TaskId, Option<Box<Task>>>,
    head: Option<(ListName, LiteMap<PersonId, Member>)>,
}

impl OptimisticList {
    pub(super) const fn new(list: List) -> Self {
        Self {
            list,
            tasks: LiteMap::new(),
            head: None,
        }
    }

    /// What the person sees.
    pub(super) const fn view(&self) -> &List {
        &self.list
    }

    /// What the server has confirmed.
    pub(super) fn confirmed(&self) -> List {
        let mut copy = self.clone();
        copy.rollback();
        copy.list
    }

    /// Takes all predictions off; says what they had touched.
    pub(super) fn rollback(&mut self) -> (Vec<TaskId>, bool) {
        let saved = std::mem::take(&mut self.tasks);
        let touched = saved.keys().copied().collect();
        for (id, task) in saved {
            match task {
                Some(task) => self.list.put(*task),
                None => drop(self.list.take(id)),
            }
        }
        let head = self.head.take();
        let renamed = head.is_some();
        if let Some((name, members)) = head {
            self.list.name = name;
            self.list.members = members;
        }
        (touched, renamed)
    }

    /// Puts a prediction on top.
    pub(super) fn predict(&mut self, stamp: Attribution, change: &Change) {
        match change.task() {
            Some(id) => {
                self.tasks
                    .entry(id)
                    .or_insert_with(|| self.list.task(id).cloned().map(Box::new));
            }
            None if self.head.is_none() => {
                self.head = Some((self.list.name.clone(), self.list.members.clone()))
            }
            None => {}
        }
        self.list.apply(stamp, change);
    }

    /// Puts a change on top with no way back: the bug that the simulator must notice.
    pub(super) fn scribble(&mut self, stamp: Attribution, change: &Change) {
        self.list.apply(stamp, change);
    }

    /// Makes a row part of what is confirmed. Wants all predictions taken off.
    pub(super) fn confirm(&mut self, row: &Row) {
        for change in &row.changes {
            self.list.apply(
                Attribution {
                    by: row.actor,
                    at: row.at,
                },
                change,
            );
        }
        self.list.version = row.version;
    }

    /// Forgets how far it is confirmed: what is shown is from another lifetime of the database.
    pub(super) const fn forget_version(&mut self) {
        self.list.version = crate::Version::ZERO;
    }
}
