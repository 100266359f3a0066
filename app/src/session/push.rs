//! Sends what is pending, and fetches what is missing.

use domain::sync::{Client, Delta};
use domain::wire::{Asked, Numbered, Reply};
use domain::{CommandSeq, ListId, Refusal};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::backoff::Failures;
use super::isolation::Isolation;
use super::{Session, backoff, isolation};
use crate::browser;
use crate::server_fns::{self, ApiError, Failure, PushCommands};
use crate::store::SyncState;

impl Session {
    /// Sends what is pending, as long as there is anything. One push at a time keeps the order.
    pub(super) fn push(self) {
        if is_server() || self.pushing.get_value() {
            return;
        }
        self.pushing.set_value(true);
        spawn_local(async move {
            while self.push_once().await {}
            self.pushing.set_value(false);
        });
    }

    /// Sends what is pending now; false where there is nothing, or no use in trying.
    async fn push_once(self) -> bool {
        let Some(mut push) = self.with(Client::push) else {
            self.isolation.set_value(Isolation::new());
            self.backoff.forget();
            self.show_stuck(String::new());
            return false;
        };
        let isolation = self.isolation.get_value();
        push.commands.truncate(isolation.most());
        let (client, carried, alone) = (push.client, push.commands.len(), alone(&push.commands));
        let first = push.commands.first().map(|first| first.command_seq);
        let is_measured =
            client == self.with(Client::id) && self.store.sync.get_untracked() == SyncState::Live;
        self.connection.sends(first.filter(|_| is_measured));
        let (mut rest, mut hopes, mut was_silent, mut goes_on) = (0.0, false, false, false);
        let in_vain = match server_fns::call(&PushCommands { push }).await {
            Ok(reply) => {
                let in_vain = match &reply {
                    // Until the stream has told of the other lifetime of the database, every push would be answered alike.
                    Reply::OtherEpoch { epoch } => self.with(|client| client.epoch() != epoch),
                    _ => {
                        goes_on = isolation.asks_for_network();
                        isolation.is_probe()
                    }
                };
                self.receive(|this| this.on_reply(client, reply, browser::new_client()));
                self.isolation.set_value(isolation.passed(carried));
                if !in_vain {
                    self.show_stuck(String::new());
                }
                hopes = isolation.is_probe();
                in_vain
            }
            Err(Failure {
                error: Some(ApiError::NoSession),
                ..
            }) => {
                self.on_link("ended");
                return false;
            }
            Err(failure) => {
                let failures = self.backoff.failures().in_a_row;
                let is_up = self.connection.is_up();
                was_silent = failure.status.is_none();
                match &failure.error {
                    None | Some(ApiError::TooLarge) => {
                        // While the stream is heard the server is there, so the way to it is open again in a moment.
                        hopes = is_up && was_silent;
                        let (next, gives_up) = isolation.failed(carried, failure.status, is_up, failures + 1);
                        self.isolation.set_value(next);
                        if let Some(command_seq) = alone.filter(|_| gives_up) {
                            let sentence = isolation::refused(failure.status);
                            self.receive(|this| this.refuse(client, command_seq, sentence));
                        }
                    }
                    Some(ApiError::Unavailable(_) | ApiError::Unreachable) => {}
                    // This page is older than the server: trying again would change nothing.
                    Some(_) => {
                        self.receive(|this| this.give_up_all(Refusal::Malformed));
                        return true;
                    }
                }
                // What something between asks for counts only while nothing is known of the way.
                if failure.error.is_some() || !isolation.is_free() {
                    rest = failure.rest;
                }
                if failures > 0 {
                    self.show_stuck(match failure.error {
                        Some(ApiError::Unavailable(sentence)) => sentence,
                        _ => isolation::stopped(failure.status),
                    });
                }
                true
            }
        };
        if in_vain && !goes_on {
            let mut failures = self.backoff.count();
            if hopes {
                failures = self.backoff.hope();
            }
            backoff::pause(failures, rest, was_silent).await;
        } else if self.isolation.get_value() == Isolation::new() {
            self.backoff.forget();
        }
        true
    }

    /// The network may be another one: what waits goes out at once.
    pub(super) fn wake(self) {
        self.isolation
            .update_value(|isolation| *isolation = isolation.wake());
        self.backoff.wake();
    }

    /// Fetches the lists that the sync client misses, one after the other, the shown one first.
    pub(super) fn fetch_wanted(self) {
        if is_server() {
            return;
        }
        let shown = self.store.shown.get_untracked();
        let mut wanted = self.with(Client::wanted);
        if let Some(at) = wanted.iter().position(|list| Some(*list) == shown) {
            wanted.swap(0, at);
        }
        for list in wanted {
            if !self.fetching.with_value(|fetching| fetching.contains(&list)) {
                self.fetching.update_value(|fetching| fetching.push(list));
                spawn_local(self.fetch(list));
            }
        }
    }

    async fn fetch(self, list: ListId) {
        let (mut failures, mut was_silent) = (0, false);
        while self.with(|client| client.wanted().contains(&list)) {
            match server_fns::fetch_list(list).await {
                Ok(snapshot) => self.receive(|client| client.on_snapshot(snapshot)),
                Err(Failure {
                    error: Some(ApiError::Refused { .. }),
                    ..
                }) => break, // Not ours any more; the stream will say so.
                Err(failure) => was_silent = failure.status.is_none(),
            }
            failures += 1;
            if failures > 1 {
                backoff::pause(Failures::of(failures), 0.0, was_silent).await;
            }
        }
        self.fetching
            .update_value(|fetching| fetching.retain(|other| *other != list));
    }

    /// Has every list of the person here: it is shown at once, and also without a network.
    pub(super) fn open_all(self) {
        let lists = self.lists();
        self.receive(|client| {
            lists.into_iter().for_each(|list| client.open(list));
            Delta::default()
        });
        self.fetch_wanted();
    }
}

/// The number of a command that is sent alone.
fn alone(commands: &[Numbered]) -> Option<CommandSeq> {
    match commands {
        [one] if matches!(one.command, Asked::Readable(_)) => Some(one.command_seq),
        _ => None,
    }
}
