//! What there is of company, and what each of it hears.

use domain::json::Unreadable;
use domain::sync::Client;
use domain::wire::Presence;
use domain::{Row, TaskId};
use leptos::prelude::*;

use super::away::Away;
use super::invitations::Invitations;
use super::jobs::Jobs;
use super::pictures::Pictures;
use super::presence::Beats;
use super::toasts::Toasts;
use super::{announced, desktop, roles};
use crate::store::Store;
use crate::{browser, json};

/// A handle that is free to copy.
#[derive(Clone, Copy)]
pub(super) struct Group {
    store: Store,
    client: StoredValue<Client>,
    away: Away,
    beats: Beats,
    invitations: Invitations,
    jobs: Jobs,
    pictures: Pictures,
    toasts: Toasts,
    /// Whether the stream is heard, and whether it is paused.
    link: StoredValue<(bool, bool)>,
}

/// What company hears.
#[derive(Clone)]
pub(super) enum News {
    /// The page has come to life.
    Begun,
    /// The stream has opened: it says again how things are.
    Opened,
    /// Something that is not in the log, by its name, as JSON.
    Ephemeral(String, String),
    /// What changed. It is not in the store yet, unless company was still being loaded.
    Row(Row),
    /// What changed, as the store shows it by now.
    Shown(Row),
    /// Whether the stream is heard, and whether it is paused.
    Link(bool, bool),
    /// The page shows something else.
    Drawn,
    /// The row of a marked task was drawn.
    Marked(TaskId),
    /// The person has read what happened while they were away.
    Dismissed,
}

impl Group {
    pub(super) fn new(store: Store, client: StoredValue<Client>) -> Self {
        Self {
            store,
            client,
            away: Away::new(store, client),
            beats: Beats::new(store, client),
            invitations: Invitations::new(store.notices),
            jobs: Jobs::new(store.notices),
            pictures: Pictures::new(),
            toasts: Toasts::new(store, client),
            link: StoredValue::new((false, false)),
        }
    }

    /// Whether the stream is heard, so that the server is there.
    pub(super) fn is_heard(self) -> bool {
        self.store.sync.get_untracked().is_heard()
    }

    /// Takes in what was heard. Only the part calls this.
    pub(super) fn hear(self, news: News) {
        match news {
            News::Begun => self.begin(),
            News::Opened => {
                self.store.forget_presence();
                self.beats.forget();
            }
            News::Ephemeral(name, data) => {
                if let Err(error) = self.on_said(&name, &data) {
                    browser::complain("the stream said something strange", &error);
                }
            }
            News::Row(row) => self.on_change(&row),
            News::Shown(row) => {
                let me = self.client.with_value(|client| client.account().person);
                announced::on_told(self.store, me, &row);
            }
            News::Link(is_up, is_paused) => self.on_stream(is_up, is_paused),
            News::Drawn => self.beats.say(false),
            News::Marked(task) => self.away.watch(task),
            News::Dismissed => self.away.dismiss(),
        }
    }

    fn begin(self) {
        self.beats.start();
        self.away.start();
        self.jobs.start();
        // Also where nothing is ever told: that this page is in sight is what keeps the others silent.
        desktop::attend();
    }

    fn on_said(self, name: &str, data: &str) -> Result<(), Unreadable> {
        match name {
            "presence" => self.on_presence(json::read(data)?),
            "progress" => self.jobs.show(json::read(data)?),
            "invited" => self.invitations.show(json::read(data)?),
            _ => return Ok(()),
        }
        Ok(())
    }

    fn on_presence(self, presence: Presence) {
        let was_alone = self.store.others.is_nobody();
        self.store.hear_presence(presence);
        self.beats.say(was_alone); // Whoever came knows nothing of this page yet.
    }

    fn on_change(self, row: &Row) {
        self.pictures.follow(&row.changes);
        self.client
            .with_value(|client| roles::on_row(self.store, client, row));
        // What a page catches up with is told otherwise.
        let (is_up, _) = self.link.get_value();
        if is_up {
            self.toasts.on_row(row);
        }
    }

    fn on_stream(self, is_up: bool, is_paused: bool) {
        let link = (is_up, is_paused);
        if self.link.get_value() != link {
            self.link.set_value(link);
            if is_up || is_paused {
                self.beats.say(true);
            }
        }
        self.away.on_link(is_up && !is_paused);
    }
}
