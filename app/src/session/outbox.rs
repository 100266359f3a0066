//! The outbox on the browser's disk: commands until they are answered, so that a reload or a crash loses nothing.
//!
//! Answered ones stay for a day: if the server is restored from a backup, they go out again.

use domain::json::Read;
use domain::sync::{Client, Delta, Pending, Progress};
use domain::{ClientId, Command, CommandSeq, Epoch, PersonId, Seq, Timestamp};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::browser;
use crate::browser::database::{self, Kept};
use crate::json;

/// How long answered commands are kept, in milliseconds: a day.
const KEPT_FOR: u64 = 24 * 60 * 60 * 1000;

/// A command in the outbox.
#[derive(Clone, Serialize, Deserialize, Read)]
pub(super) struct Entry {
    person: PersonId,
    epoch: Epoch,
    client: ClientId,
    command_seq: CommandSeq,
    command: Command,
    asked: Timestamp,
    answered: bool,
    /// Whether something on the way refused it: only its number is of use, see [`Progress::Stopped`].
    #[serde(default)]
    stopped: bool,
}

impl Entry {
    /// A command that was just asked.
    pub(super) fn new(client: &Client, command_seq: CommandSeq, command: Command, asked: Timestamp) -> Self {
        Self {
            person: client.confirmed_account().person,
            epoch: client.asked_in(),
            client: client.id(),
            command_seq,
            command,
            asked,
            answered: false,
            stopped: false,
        }
    }

    /// Where it is: in order, for each client.
    fn key(&self) -> String {
        format!("{}.{:010}", self.client, self.command_seq.0)
    }

    /// Whether nobody needs it any more.
    fn is_old(&self, now: Timestamp) -> bool {
        (self.answered || self.stopped) && self.asked.0 + KEPT_FOR < now.0
    }

    /// The command as the sync client takes it over.
    fn pending(self) -> Pending {
        let progress = match (self.stopped, self.answered) {
            (true, _) => Progress::Stopped,
            (_, true) => Progress::Answered(Seq::ZERO),
            _ => Progress::Unanswered,
        };
        Pending {
            client: self.client,
            command_seq: self.command_seq,
            command: self.command,
            asked: self.asked,
            progress,
        }
    }
}

/// What an earlier page has left behind.
pub(super) struct Orphans {
    pub(super) person: PersonId,
    pub(super) epoch: Epoch,
    pub(super) commands: Vec<Pending>,
}

/// A handle to what is kept, free to copy.
#[derive(Clone, Copy)]
pub(super) struct Outbox(StoredValue<State>);

#[derive(Default)]
struct State {
    /// What is on the disk, and what will be.
    entries: Vec<Entry>,
}

impl State {
    /// The entry of that command, out of the outbox. There are few: what is not answered, and what was in the last day.
    fn take_out(&mut self, (client, command_seq): (ClientId, CommandSeq)) -> Option<Entry> {
        let is_it = |entry: &Entry| entry.client == client && entry.command_seq == command_seq;
        let at = self.entries.iter().position(is_it)?;
        Some(self.entries.swap_remove(at))
    }
}

impl Outbox {
    pub(super) fn new() -> Self {
        Self(StoredValue::new(State::default()))
    }

    fn with<T: Default>(self, act: impl FnOnce(&mut State) -> T) -> T {
        self.0.try_update_value(act).unwrap_or_default()
    }

    /// Reads what the browser has on its disk; gives what earlier pages left behind, the oldest first. None where all is read.
    pub(super) async fn read(self) -> Option<Vec<Orphans>> {
        let entries = database::all().await?;
        // They come by key, so each page's are in order.
        let mut entries: Vec<Entry> = entries.iter().filter_map(|text| json::read(text).ok()).collect();
        let now = browser::now();
        for entry in entries.extract_if(.., |entry| entry.is_old(now)) {
            database::write(&entry.key(), None);
        }
        self.with(|state| state.entries.extend(entries.iter().cloned()));
        let mut orphans = Vec::new();
        while let Some(first) = entries
            .iter()
            .min_by_key(|entry| (entry.asked, entry.client, entry.command_seq))
            .cloned()
        {
            let (same, rest): (Vec<_>, Vec<_>) = entries
                .into_iter()
                .partition(|entry| entry.client == first.client);
            entries = rest;
            orphans.push(Orphans {
                person: first.person,
                epoch: first.epoch,
                commands: same.into_iter().map(Entry::pending).collect(),
            });
        }
        Some(orphans)
    }

    /// Keeps a command until it is answered.
    pub(super) fn keep(self, entry: Entry) {
        write(&entry);
        self.with(|state| state.entries.push(entry));
    }

    /// Follows what the sync client says of its commands.
    pub(super) fn settle(self, delta: &Delta, epoch: &Epoch) {
        self.with(|state| {
            for (client, command_seq, refused) in &delta.refused {
                let Some(entry) = state.take_out((*client, *command_seq)) else {
                    continue;
                };
                if refused.is_stopped() {
                    let entry = Entry {
                        stopped: true,
                        ..entry
                    };
                    write(&entry);
                    state.entries.push(entry);
                } else {
                    database::write(&entry.key(), None);
                }
            }
            let sent = delta.answered.iter().map(|id| (*id, true));
            let again = delta.revived.iter().map(|id| (*id, false));
            for (id, answered) in sent.chain(again) {
                let Some(entry) = state.take_out(id) else {
                    continue;
                };
                let entry = Entry {
                    answered,
                    epoch: epoch.clone(),
                    ..entry
                };
                write(&entry);
                state.entries.push(entry);
            }
            // With what follows it the server has heard of that number.
            let is_heard = |entry: &mut Entry| {
                let mut answered = delta.answered.iter();
                entry.stopped
                    && answered.any(|(client, command_seq)| {
                        *client == entry.client && *command_seq > entry.command_seq
                    })
            };
            for entry in state.entries.extract_if(.., is_heard) {
                database::write(&entry.key(), None);
            }
        });
    }

    /// Where on this device stands what is not answered.
    pub(super) fn kept(self) -> Kept {
        database::kept()
    }
}

fn write(entry: &Entry) {
    database::write(&entry.key(), json::write(entry).ok());
}
