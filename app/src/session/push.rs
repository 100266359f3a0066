//! Sends what is pending, and fetches what is missing.

use domain::sync::{Client, Delta};
use domain::wire::Reply;
use domain::{ListId, Refusal};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::{Session, backoff};
use crate::browser;
use crate::server_fns::{self, ApiError, PushCommands};
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
        let Some(push) = self.with(Client::push) else {
            return false;
        };
        let client = push.client;
        let first = push.commands.first().map(|first| first.command_seq);
        let is_measured =
            client == self.with(Client::id) && self.store.sync.get_untracked() == SyncState::Live;
        self.connection.sends(first.filter(|_| is_measured));
        let answer = server_fns::call(&PushCommands { push }).await;
        // Until the stream has told of the other lifetime of the database, every push would be answered alike.
        let in_vain = match &answer {
            Ok(Reply::OtherEpoch { epoch }) => self.with(|client| client.epoch() != epoch),
            Ok(_) => false,
            Err(error) => matches!(error, ApiError::Unreachable | ApiError::Unavailable(_)),
        };
        let is_unreached = matches!(&answer, Err(ApiError::Unreachable));
        match answer {
            Ok(reply) => self.receive(|this| this.on_reply(client, reply, browser::new_client())),
            Err(ApiError::Unreachable | ApiError::Unavailable(_)) => {}
            Err(ApiError::NoSession) => {
                self.on_link("ended");
                return false;
            }
            // This page is older than the server: trying again would change nothing.
            Err(_) => self.receive(|this| this.give_up_all(Refusal::Malformed)),
        }
        // While the stream is heard the server is there, so the way to it is open again in a moment.
        let is_heard = self.store.sync.get_untracked().is_heard();
        let failures = self.backoff.count(in_vain && !(is_unreached && is_heard));
        if in_vain {
            backoff::pause(failures).await;
        }
        true
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
        let mut failures = 0;
        while self.with(|client| client.wanted().contains(&list)) {
            match server_fns::fetch_list(list).await {
                Ok(snapshot) => self.receive(|client| client.on_snapshot(snapshot)),
                Err(ApiError::Refused { .. }) => break, // Not ours any more; the stream will say so.
                Err(_) => {}
            }
            failures += 1;
            if failures > 1 {
                backoff::pause(failures).await;
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
