//! A browser: the person of its cookie, and its disk.

use std::rc::Rc;

use domain::sync::{Pending, Progress};
use domain::{ClientId, Command, CommandSeq, Epoch, Guest, PersonId, Seq, Timestamp};

/// A browser. Its tabs belong to the world.
pub(super) struct Browser {
    pub(super) guest: Guest,
    pub(super) storage: Storage,
}

/// A command as IndexedDB keeps it.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Entry {
    pub(super) person: PersonId,
    pub(super) epoch: Epoch,
    pub(super) client: ClientId,
    pub(super) command_seq: CommandSeq,
    pub(super) command: Command,
    pub(super) asked: Timestamp,
    pub(super) answered: bool,
    pub(super) stopped: bool,
}

impl Entry {
    pub(super) const fn key(&self) -> (ClientId, CommandSeq) {
        (self.client, self.command_seq)
    }

    pub(super) fn pending(&self) -> Pending {
        Pending {
            client: self.client,
            command_seq: self.command_seq,
            command: self.command.clone(),
            asked: self.asked,
            progress: match (self.stopped, self.answered) {
                (true, _) => Progress::Stopped,
                (_, true) => Progress::Answered(Seq::ZERO),
                _ => Progress::Unanswered,
            },
        }
    }
}

/// The outbox on disk. The last write may be lost when the browser crashes.
#[derive(Default)]
pub(super) struct Storage {
    entries: Vec<Rc<Entry>>,
    before: Vec<Rc<Entry>>,
}

impl Storage {
    pub(super) fn entries(&self) -> impl DoubleEndedIterator<Item = &Entry> {
        self.entries.iter().map(Rc::as_ref)
    }

    pub(super) fn add(&mut self, entry: Entry) {
        self.before.clone_from(&self.entries);
        self.entries.push(Rc::new(entry));
    }

    pub(super) fn remove(&mut self, keys: &[(ClientId, CommandSeq)]) {
        self.change(keys, |_| None);
    }

    /// One write: changes those entries, or takes them out.
    pub(super) fn change(
        &mut self,
        keys: &[(ClientId, CommandSeq)],
        change: impl Fn(&Entry) -> Option<Entry>,
    ) {
        self.before.clone_from(&self.entries);
        let changed = |entry: Rc<Entry>| {
            if keys.contains(&entry.key()) {
                change(&entry).map(Rc::new)
            } else {
                Some(entry)
            }
        };
        self.entries = std::mem::take(&mut self.entries)
            .into_iter()
            .filter_map(changed)
            .collect();
    }

    /// Loses the last write, and returns the commands that were lost with it.
    pub(super) fn lose(&mut self) -> Vec<Rc<Entry>> {
        let lost = std::mem::replace(&mut self.entries, self.before.clone());
        let kept = |entry: &Rc<Entry>| self.entries.iter().any(|other| other.key() == entry.key());
        lost.into_iter().filter(|entry| !kept(entry)).collect()
    }
}
