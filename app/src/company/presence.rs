//! What the page says of itself to those who share the shown list.
//!
//! It says where it is when it comes, and again every few seconds as long as somebody else is there: to an empty room nobody
//! speaks. Hidden or closed, it says that it is gone.

use domain::ListId;
use domain::sync::Client;
use domain::wire::Beat;
use leptos::prelude::*;

use crate::store::Store;
use crate::{browser, json};

/// How often a page says that it is there, in milliseconds. The server forgets it after three times that.
const AGAIN: u64 = 5_000;

/// How long after a key somebody counts as typing, in milliseconds.
const TYPING: usize = 3_000;

/// What the page says of itself.
#[derive(Clone, Copy)]
pub(super) struct Beats {
    store: Store,
    client: StoredValue<Client>,
    /// The last, unless it said that the page is gone.
    last: StoredValue<Option<Beat>>,
    /// When a key was last pressed in a field, if one ever was.
    typed: StoredValue<Option<usize>>,
}

impl Beats {
    pub(super) fn new(store: Store, client: StoredValue<Client>) -> Self {
        Self {
            store,
            client,
            last: StoredValue::new(None),
            typed: StoredValue::new(None),
        }
    }

    /// Begins to say where the page is.
    pub(super) fn start(self) {
        for event in ["focusin", "focusout", "input", "visibilitychange", "pageshow"] {
            browser::on(event, move |_| {
                if event == "input" {
                    self.typed.set_value(Some(browser::steady()));
                }
                self.say(false);
            });
        }
        browser::on("pagehide", move |_| self.leave());
        browser::every(AGAIN, move || self.say(true));
    }

    /// A server that does not know the page is told all again.
    pub(super) fn forget(self) {
        self.last.set_value(None);
    }

    /// Says where the page is, if that is news to anyone; or `again`.
    pub(super) fn say(self, again: bool) {
        let list = self.list();
        let last = self.last.get_value();
        let comes = list != last.as_ref().map(|beat| beat.list);
        if comes {
            self.leave();
        }
        let Some(list) = list else { return };
        let beat = Beat {
            client: self.client.with_value(Client::id),
            list,
            task: browser::row_in_focus(),
            typing: (self.typed.get_value()).is_some_and(|typed| browser::steady() < typed + TYPING),
            gone: false,
        };
        let is_news = again || last.as_ref() != Some(&beat);
        if comes || (is_news && !self.store.others.is_nobody()) {
            send(&beat);
            self.last.set_value(Some(beat));
        }
    }

    /// The list that the page shows to somebody. In a list without other members nobody else could be there.
    fn list(self) -> Option<ListId> {
        let is_shared = self.store.members.with_untracked(|members| members.len() > 1);
        let shown = self.store.shown.get_untracked();
        shown.filter(|_| is_shared && !browser::is_hidden())
    }

    fn leave(self) {
        let last = self.last.try_update_value(Option::take).flatten();
        if let Some(beat) = last {
            send(&Beat { gone: true, ..beat });
        }
    }
}

fn send(beat: &Beat) {
    if let Ok(json) = json::write(beat) {
        browser::send_beacon("/presence", &json);
    }
}
