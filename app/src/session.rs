//! The page's session with the server: the one thing that components hold.
//!
//! It owns the sync client, the [`Store`] that shows what is in it, the connection, the outbox and the copy for offline.
//! What comes from the server goes through [`Session::receive`], what the person does through [`Session::ask`]; both end in
//! the store, which calls nobody back but for what a notice is given to do when it ends.

mod backoff;
mod connection;
mod isolation;
mod offline;
mod outbox;
mod push;
mod start;
mod stream;

use domain::sync::{Client, Delta, Production};
use domain::wire::{Hello, Snapshot};
use domain::{Command, ListCommand, ListId, Refusal, View, isolated};
use leptos::prelude::*;

use crate::browser;
use crate::browser::database::Kept;
use crate::company::Company;
use crate::store::Store;
use backoff::Backoff;
use connection::Connection;
use isolation::Isolation;
use offline::Offline;
use outbox::{Entry, Outbox};

/// A handle that is free to copy. There is one session a page, from its first moment to its last.
#[derive(Clone, Copy)]
pub(crate) struct Session {
    /// What the person sees.
    pub(crate) store: Store,
    client: StoredValue<Client>,
    /// The list that the page began with: what `/` shows.
    home: Option<ListId>,
    connection: Connection,
    /// The other people.
    pub(crate) company: Company,
    outbox: Outbox,
    offline: Offline,
    /// Whether a push is on its way.
    pushing: StoredValue<bool>,
    /// How often in a row a push did not get through.
    backoff: Backoff,
    /// What is known of the way that it goes, where something on it refuses what is sent.
    isolation: StoredValue<Isolation>,
    /// The lists that are being fetched.
    fetching: StoredValue<Vec<ListId>>,
}

impl Session {
    /// What the server put into the page; both halves begin with the same.
    pub(crate) fn new(hello: Hello, snapshot: Option<Snapshot>) -> Self {
        let mut client = Client::new(Production, browser::new_client(), hello);
        let home = snapshot.as_ref().map(|snapshot| snapshot.list.id);
        if let Some(snapshot) = snapshot {
            client.open(snapshot.list.id);
            client.on_snapshot(snapshot);
        }
        let store = Store::new(&client, home);
        let client = StoredValue::new(client);
        Self {
            store,
            client,
            home,
            company: Company::new(store, client),
            connection: Connection::new(),
            outbox: Outbox::new(),
            offline: Offline::new(),
            pushing: StoredValue::new(false),
            backoff: Backoff::new(),
            isolation: StoredValue::new(Isolation::new()),
            fetching: StoredValue::new(Vec::new()),
        }
    }

    /// Looks something up in the sync client.
    pub(crate) fn with<T>(&self, look: impl FnOnce(&Client) -> T) -> T {
        self.client.with_value(look)
    }

    /// Asks something of the shown list: it is there at once.
    pub(crate) fn ask_here(&self, command: ListCommand) -> bool {
        let shown = self.store.shown.get_untracked();
        shown.is_some_and(|list| self.ask(Command::List(list, command)))
    }

    /// Asks something: it is there at once. What the rules refuse even here says so; false then.
    pub(crate) fn ask(&self, command: Command) -> bool {
        let now = browser::now();
        let ask = |client: &mut Client| client.ask(command.clone(), now);
        let Some(asked) = self.client.try_update_value(ask) else {
            return false;
        };
        match asked {
            Ok((command_seq, delta)) => {
                // It is on its way to the disk while it is on its way to the server.
                self.outbox
                    .keep(self.with(|client| Entry::new(client, command_seq, command, now)));
                self.draw(&delta);
                self.push();
                true
            }
            Err(refusal) => {
                self.store.refuse(&command, refusal.sentence());
                false
            }
        }
    }

    /// Takes back what the person did: what that notice tells of, or else the last that was not taken back.
    pub(crate) fn undo(&self, number: Option<u32>) {
        for command in self.store.notices.take_undo(number) {
            self.ask(command);
        }
    }

    /// Lets the sync client take in what came from the server, and shows what that changed.
    pub(crate) fn receive(&self, step: impl FnOnce(&mut Client) -> Delta) {
        if let Some(delta) = self.client.try_update_value(step) {
            self.follow_up(&delta);
            self.draw(&delta);
        }
    }

    /// Keeps the outbox in step with what the sync client says of its commands, and does what else it asks for.
    fn follow_up(&self, delta: &Delta) {
        let epoch = self.with(|client| client.epoch().clone());
        self.outbox.settle(delta, &epoch);
        if delta.account || !delta.lists.is_empty() {
            self.offline.changed(!delta.answered.is_empty());
        }
        if delta.account {
            self.open_all();
        } else if !delta.lists.is_empty() {
            self.fetch_wanted();
        }
        let session = *self;
        if delta.reconnect {
            browser::after(0, move || session.connection.wants("again"));
        }
        if delta.other_person.is_some() {
            // The browser is somebody else by now (another tab was quicker): the texts are kept, and the page loads anew.
            browser::after(0, move || session.begin_anew(Refusal::OtherPerson));
        }
    }

    fn draw(&self, delta: &Delta) {
        let store = self.store;
        let could_edit = store.can_edit();
        self.with(|client| store.draw(client, delta));
        if could_edit && !store.can_edit() {
            store.give_up(Refusal::ReadOnly.sentence());
        }
        self.company.on_shown(&delta.news);
        self.company.on_draw();
        let shown = store.shown.get_untracked();
        if shown.is_some_and(|list| self.with(|client| !client.account().lists.contains_key(&list))) {
            self.leave();
        }
    }

    /// Shows another list.
    pub(crate) fn show(&self, list: ListId) {
        // By Back and Forward nothing has left the field yet: what is in it goes to the list that it was typed in.
        if self.store.editing.get_untracked().is_some() {
            browser::blur();
        }
        self.client.update_value(|client| client.open(list));
        self.with(|client| self.store.show(client, list));
        self.company.on_draw();
        self.fetch_wanted();
    }

    /// Shows another list, and its address.
    pub(crate) fn go(&self, list: ListId) {
        self.show(list);
        browser::show_address(&View::List(list).path());
        browser::close_popover("side");
    }

    /// The shown list is there no more: somebody took the person out of it.
    fn leave(&self) {
        let store = self.store;
        let name = isolated(&store.name.get_untracked());
        let sentence = format!("You are no longer on “{name}”.");
        store.give_up(&sentence);
        if let Some(list) = store.shown.get_untracked() {
            self.company.on_left(list, sentence);
        }
        match store.side.with_untracked(|side| side.first().map(|row| row.list)) {
            Some(list) => self.go(list),
            None => browser::go("/"),
        }
    }

    /// The server knows the person no more. What they typed is kept until they begin anew.
    fn end(&self, why: Refusal) {
        self.receive(|client| client.give_up_all(why));
        self.store.give_up_draft(why.sentence());
    }

    /// After the session has ended: as somebody new, with the texts that were kept.
    pub(crate) fn begin_anew(&self, why: Refusal) {
        self.end(why);
        // Somebody new has other lists, where what was typed would not be found again.
        for list in self.lists() {
            self.store.give_up_new_task(list, why.sentence());
        }
        browser::go("/");
    }

    /// The person leaves the page by a button of ours. What is on the disk goes out later, so nobody need be asked.
    pub(crate) fn leaves(&self) {
        if self.outbox.kept() == Kept::Here {
            browser::warn_on_close(false);
        }
    }

    /// The lists that the person is in.
    fn lists(&self) -> Vec<ListId> {
        self.with(|client| client.account().lists.keys().copied().collect())
    }
}
