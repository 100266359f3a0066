//! What the session does with what the stream says.

use domain::Refusal;
use domain::sync::Client;
use domain::wire::{Cursor, Event};
use leptos::prelude::*;

use super::Session;
use super::connection::{Link, TOGETHER};
use crate::browser::{self, Stream};
use crate::json;
use crate::store::set;

/// With more commands pending than that, which happens after a time without a network, events are taken together.
const FEW: usize = 16;

impl Session {
    /// Hears the stream from where the page stands.
    pub(super) fn listen(self) {
        let (since, person, client) = self.with(|client| {
            let since = Cursor {
                epoch: client.epoch().clone(),
                seq: client.cursor(),
            };
            (since, client.account().person, client.id())
        });
        let hear = move |name: String, data: String| self.hear(&name, &data);
        let stream = Stream::open(&since.to_string(), &person.to_string(), &client.to_string(), hear);
        self.connection.open(stream);
    }

    /// What the stream says, by the name of the event.
    fn hear(self, name: &str, data: &str) {
        let heard = match name {
            "link" => return self.on_link(data),
            "hello" => json::read(data).map(|hello| self.on_event(Event::Hello(hello))),
            "change" => json::read(data).map(|row| self.on_event(Event::Change(row))),
            "heartbeat" => json::read(data).map(|beat| self.on_event(Event::Heartbeat(beat))),
            "reset" => json::read(data).map(|reset| self.on_event(Event::Reset(reset))),
            _ => return self.company.on_ephemeral(name, data),
        };
        if let Err(error) = heard {
            browser::complain("the stream said something strange", &error);
        }
    }

    fn on_event(self, event: Event) {
        match &event {
            Event::Hello(_) => self.company.on_hello(),
            Event::Change(row) => self.company.on_row(row),
            _ => {}
        }
        if let Event::Change(row) = &event
            && Some(self.with(Client::id)) == row.client
            && let Some(delay) = self.connection.measure(row.command_seq)
        {
            self.store.delay.set(delay);
        }
        let (is_first, is_flood) = self.connection.gather(event);
        // The first is taken at once, what follows close upon it together.
        if !is_flood && self.with(|client| client.pending().len()) <= FEW {
            self.take();
        } else if is_first {
            browser::after(TOGETHER, move || self.take());
        }
    }

    /// Takes the events that have come, all in one.
    fn take(self) {
        let events = self.connection.take();
        if events.is_empty() {
            return;
        }
        self.receive(|client| client.on_events(events));
        self.show_sync();
        self.connection.taken();
    }

    /// The stream is another than before.
    pub(super) fn on_link(self, words: &str) {
        let was_up = self.connection.is_up();
        let (link, opening, waiting) = self.connection.on_link(words);
        if !self.connection.has_delay() {
            self.store.delay.set(opening.unwrap_or_default());
        }
        self.store.paused.set(waiting.is_some());
        self.store.waiting.set(waiting.unwrap_or_default());
        self.company.on_link(link == Link::Up, waiting.is_some());
        self.show_sync();
        // Whatever stopped a push before may have been that there was no network.
        if link == Link::Up && !was_up {
            self.wake();
        }
        if link == Link::Ended {
            self.end(Refusal::SessionEnded);
        }
    }

    /// Says why what the person does is not sent, or that it is.
    pub(super) fn show_stuck(self, why: String) {
        self.connection.stops(why);
        self.show_sync();
    }

    fn show_sync(self) {
        let shown = self.store.sync;
        let paused = self.store.paused.get_untracked();
        let (sync, why) = self.connection.sync(self.with(Client::caught_up), paused);
        set(self.store.stuck, why);
        if shown.get_untracked() != sync {
            shown.set(sync);
            if sync.is_heard() {
                self.wake();
            }
            self.push();
        }
    }

    /// Pauses what others do on the page, or lets it come: one's own edits go on.
    pub(crate) fn pause(self) {
        let paused = self.store.paused.get_untracked();
        self.connection.wants(if paused { "resume" } else { "pause" });
    }
}
