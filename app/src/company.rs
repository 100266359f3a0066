//! The page among others: who else is there, what they do elsewhere, and what the server does for the person meanwhile.
//!
//! It hears what the session hears, and shows it by way of the store. The page works without it, so its code is a part of the
//! wasm that browsers load once the page has come to life.

mod announced;
mod away;
mod desktop;
mod group;
mod invitations;
mod jobs;
mod left;
mod names;
mod part;
mod pictures;
mod presence;
mod roles;
mod toasts;

use domain::sync::Client;
use domain::{ListId, Row, TaskId};
use leptos::prelude::*;

use crate::store::Store;
use group::{Group, News};
use part::Waiting;

/// How many changes of others that come at once are told and marked each.
const MOST_TOLD: usize = 16;

/// A handle that is free to copy.
#[derive(Clone, Copy)]
pub(crate) struct Company {
    store: Store,
    group: Group,
    waiting: Waiting,
}

impl Company {
    pub(crate) fn new(store: Store, client: StoredValue<Client>) -> Self {
        Self {
            store,
            group: Group::new(store, client),
            waiting: Waiting::new(),
        }
    }

    /// Begins, in the browser.
    pub(crate) fn start(self) {
        self.tell(News::Begun);
    }

    /// The stream has opened: it says again how things are.
    pub(crate) fn on_hello(self) {
        self.tell(News::Opened);
    }

    /// The stream has said something that is not in the log. A name that nobody here knows is of a newer server.
    pub(crate) fn on_ephemeral(self, name: &str, data: &str) {
        self.tell(News::Ephemeral(name.to_owned(), data.to_owned()));
    }

    /// The stream has said what changed. It is not in the store yet.
    pub(crate) fn on_row(self, row: &Row) {
        self.tell(News::Row(row.clone()));
    }

    /// The store shows what the stream has said. Of what comes by the hundred, after hours away, only the last is told: nobody looks at all
    /// of it in a moment.
    pub(crate) fn on_shown(self, rows: &[Row]) {
        let untold = if rows.len() > MOST_TOLD { rows.len() - 1 } else { 0 };
        for row in rows.iter().skip(untold) {
            self.tell(News::Shown(row.clone()));
        }
    }

    /// The list that was shown is the person's no more, as the sentence says.
    pub(crate) fn on_left(self, list: ListId, sentence: String) {
        left::on_left(self.store, list, sentence);
    }

    /// How the stream is. A server that is heard anew may know nothing of this page.
    pub(crate) fn on_link(self, is_up: bool, is_paused: bool) {
        self.tell(News::Link(is_up, is_paused));
    }

    /// The page shows something else.
    pub(crate) fn on_draw(self) {
        self.tell(News::Drawn);
    }

    /// The row of a task that is marked as changed while the person was away was drawn.
    pub(crate) fn on_mark(self, task: TaskId) {
        self.tell(News::Marked(task));
    }

    /// The person has read what happened while they were away.
    pub(crate) fn dismiss(self) {
        self.tell(News::Dismissed);
    }

    fn tell(self, news: News) {
        self.waiting.tell(self.group, news);
    }
}
