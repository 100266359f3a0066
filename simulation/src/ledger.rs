//! Every command and its outcome.

use std::collections::{BTreeMap, BTreeSet};

use super::oracle::{Held, hold};
use domain::wire::Outcome;
use domain::{ClientId, Command, CommandSeq, Epoch, PersonId};

pub(super) type Key = (ClientId, CommandSeq);

/// All commands, by page and number. Two under one number would be a bug, which is for the oracles to find.
#[derive(Default)]
pub(super) struct Ledger {
    entries: BTreeMap<Key, Vec<Asked>>,
    /// The server's answer to each number, in each lifetime of the database.
    outcomes: BTreeMap<(Epoch, ClientId, CommandSeq), Result<(), String>>,
}

#[derive(Clone, Debug)]
pub(super) struct Asked {
    pub(super) by: PersonId,
    pub(super) command: Command,
    /// The person was told that it is saved.
    pub(super) answered: bool,
    /// The person was told that it was refused or given up.
    pub(super) refused: bool,
    /// Nothing was promised: the browser lost it, or its page never came back after a restore.
    pub(super) exempt: bool,
}

impl Ledger {
    pub(super) fn ask(&mut self, key: Key, by: PersonId, command: Command) {
        self.entries.entry(key).or_default().push(Asked {
            by,
            command,
            answered: false,
            refused: false,
            exempt: false,
        });
    }

    pub(super) fn asked(&self, key: Key) -> impl Iterator<Item = &Asked> {
        self.entries.get(&key).into_iter().flatten()
    }

    pub(super) fn all(&self) -> impl Iterator<Item = (Key, &Asked)> {
        self.entries
            .iter()
            .flat_map(|(key, asked)| asked.iter().map(|asked| (*key, asked)))
    }

    pub(super) fn clients(&self) -> BTreeSet<ClientId> {
        self.entries.keys().map(|(client, _)| *client).collect()
    }

    pub(super) fn mark(&mut self, key: Key, mark: impl Fn(&mut Asked)) {
        if let Some(last) = self.entries.get_mut(&key).and_then(|asked| asked.last_mut()) {
            mark(last);
        }
    }

    /// The same number is answered the same, each time.
    pub(super) fn hear(&mut self, epoch: &Epoch, key: Key, outcome: &Outcome) -> Held {
        let outcome = match outcome {
            Outcome::Done { .. } => Ok(()),
            Outcome::Refused { code, .. } => Err(code.clone()),
        };
        let before = self
            .outcomes
            .entry((epoch.clone(), key.0, key.1))
            .or_insert_with(|| outcome.clone());
        hold(
            *before == outcome,
            "a command is answered the same each time",
            || format!("{key:?} was {before:?} and is {outcome:?}"),
        )
    }
}
