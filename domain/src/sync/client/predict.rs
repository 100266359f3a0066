//! The view: what is confirmed with what is pending on top.

use super::held_list::{HeldList, LoadState};
use super::{Client, Delta, Pending};
use crate::sync::Protocol;
use crate::sync::optimistic_list::OptimisticList;
use crate::{
    Account, AccountCommand, Attribution, Change, Command, Decision, Facts, ListId, Refusal, Timestamp,
    Topic, Version, decide,
};

impl<S: Protocol> Client<S> {
    /// One step: takes the predictions off, lets `step` change what is confirmed, and predicts again.
    pub(super) fn update(&mut self, step: impl FnOnce(&mut Self, &mut Delta)) -> Delta {
        let mut delta = Delta::default();
        for (id, held) in &mut self.held_lists {
            let Some(shown) = &mut held.shown else { continue };
            let (tasks, heading) = shown.rollback();
            if heading || !tasks.is_empty() {
                let touched = delta.list(*id);
                touched.tasks.extend(tasks);
                touched.heading |= heading;
            }
        }
        let before = std::mem::replace(&mut self.account, self.confirmed_account.clone());
        step(self, &mut delta);
        self.settle();
        self.account = self.confirmed_account.clone();
        self.predict_all(&mut delta);
        self.compare(&before, &mut delta);
        delta
    }

    /// Drops the lists that are no more, and says whether the account differs from what was seen before.
    pub(super) fn compare(&mut self, before: &Account, delta: &mut Delta) {
        let (confirmed, seen) = (&self.confirmed_account.lists, &self.account.lists);
        self.held_lists.retain(|id, held| {
            confirmed.contains_key(id) || matches!(held.state, LoadState::Made) && seen.contains_key(id)
        });
        delta.account |= *before != self.account;
    }

    fn predict_all(&mut self, delta: &mut Delta) {
        let pending = std::mem::take(&mut self.pending);
        for pending in &pending {
            // What no longer applies is hidden, not dropped: the server has the last word.
            if let Ok(decision) = self.predict(&pending.command, pending.asked) {
                self.lay(pending, decision, delta);
            }
        }
        self.pending = pending;
    }

    /// Lays what a command is predicted to do on top of what is seen.
    pub(super) fn lay(&mut self, pending: &Pending, decision: Decision, delta: &mut Delta) {
        let stamp = Attribution {
            by: self.account.person,
            at: pending.asked,
        };
        for (topic, changes) in decision {
            match topic {
                Topic::Person(person) if person == self.account.person => {
                    changes.iter().for_each(|change| self.account.apply(change));
                }
                Topic::Person(_) => {}
                Topic::List(list) => {
                    self.predict_in_list(list, stamp, &pending.command, &changes, delta);
                }
            }
        }
    }

    fn predict_in_list(
        &mut self,
        list: ListId,
        stamp: Attribution,
        command: &Command,
        changes: &[Change],
        delta: &mut Delta,
    ) {
        if let Command::Account(AccountCommand::CreateList { name, .. }) = command {
            self.held_lists.entry(list).or_insert_with(|| {
                delta.list(list).whole = true;
                HeldList::made(list, name.clone())
            });
        }
        let Some(shown) = self
            .held_lists
            .get_mut(&list)
            .and_then(|held| held.shown.as_mut())
        else {
            return;
        };
        let touched = delta.list(list);
        for change in changes {
            match change.task() {
                Some(task) => touched.tasks.push(task),
                None => touched.heading = true,
            }
            if self.steps.keeps_predictions_apart() {
                shown.predict(stamp, change);
            } else {
                shown.scribble(stamp, change);
            }
        }
    }

    /// What the command would change as far as this page can tell.
    pub(super) fn predict(&self, command: &Command, at: Timestamp) -> Result<Decision, Refusal> {
        if let Command::Account(AccountCommand::Join { .. }) = command {
            return Ok(Vec::new()); // Only the server knows whether the link's code is right.
        }
        let held = command.list().and_then(|id| self.held_lists.get(&id));
        if held.is_some_and(|held| held.shown.is_none()) {
            return Ok(Vec::new()); // Nor can a list that is not loaded be judged here.
        }
        // A list that this page has asked for is nothing until the command that makes it is predicted again.
        let list = held
            .and_then(|held| held.shown.as_ref())
            .map(OptimisticList::view)
            .filter(|list| list.version > Version::ZERO || !list.members.is_empty());
        let facts = Facts { at, id_taken: false };
        decide(command, &self.account, list, facts)
    }
}
