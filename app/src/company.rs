//! The page among others: who else is there, what they do elsewhere, and what the server does for the person meanwhile.
//!
//! It hears what the session hears, and shows it by way of the store.

mod away;
mod desktop;
mod invitations;
mod jobs;
mod names;
mod pictures;
mod presence;
mod roles;
mod toasts;

use domain::json::Unreadable;
use domain::sync::Client;
use domain::wire::Presence;
use domain::{ListId, Row};
use leptos::prelude::*;

use crate::json;
use crate::store::Store;
use away::Away;
use invitations::Invitations;
use jobs::Jobs;
use pictures::Pictures;
use presence::Beats;
use toasts::Toasts;

/// A handle that is free to copy.
#[derive(Clone, Copy)]
pub(crate) struct Company {
    store: Store,
    client: StoredValue<Client>,
    /// What others did while the person was away.
    pub(crate) away: Away,
    beats: Beats,
    invitations: Invitations,
    jobs: Jobs,
    pictures: Pictures,
    toasts: Toasts,
    /// Whether the stream is heard, and whether it is paused.
    link: StoredValue<(bool, bool)>,
}

impl Company {
    pub(crate) fn new(store: Store, client: StoredValue<Client>) -> Self {
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

    /// Begins, in the browser.
    pub(crate) fn start(self) {
        self.beats.start();
        self.away.start();
        self.jobs.start();
        // Also where nothing is ever told: that this page is in sight is what keeps the others silent.
        desktop::attend();
    }

    /// The stream has opened: it says again how things are.
    pub(crate) fn on_hello(self) {
        self.store.forget_presence();
        self.beats.forget();
    }

    /// The stream has said something that is not in the log. A name that nobody here knows is of a newer server.
    pub(crate) fn on_ephemeral(self, name: &str, data: &str) -> Result<(), Unreadable> {
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

    /// The stream has said what changed. It is not in the store yet.
    pub(crate) fn on_row(self, row: &Row) {
        self.pictures.follow(&row.changes);
        self.client
            .with_value(|client| roles::on_row(self.store, client, row));
        // What a page catches up with is told otherwise.
        let (is_up, _) = self.link.get_value();
        if is_up {
            self.toasts.on_row(row);
        }
    }

    /// The list that was shown is the person's no more.
    pub(crate) fn on_left(self, list: ListId, name: &str) {
        roles::on_left(self.store, list, name);
    }

    /// How the stream is. A server that is heard anew may know nothing of this page.
    pub(crate) fn on_link(self, is_up: bool, is_paused: bool) {
        let link = (is_up, is_paused);
        if self.link.get_value() != link {
            self.link.set_value(link);
            if is_up || is_paused {
                self.beats.say(true);
            }
        }
        self.away.on_link(is_up && !is_paused);
    }

    /// The page shows something else.
    pub(crate) fn on_draw(self) {
        self.beats.say(false);
    }
}
