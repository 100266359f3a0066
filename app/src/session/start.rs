//! How the page comes to life in the browser, and what wakes it later.

use domain::{ListId, Role, View};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::web_sys::Event;

use super::Session;
use crate::browser;
use crate::browser::database::Kept;
use crate::store::{SyncState, set};
use crate::view::effect;

impl Session {
    /// Brings the page to life, in the browser; effects do not run on the server.
    pub(crate) fn start(self) {
        effect(move || {
            self.store.unsaved.restore();
            self.tell_time();
            self.keep_for_offline();
            effect(move || {
                let role = self.store.role.get().map_or("", Role::as_str);
                browser::show_state(self.store.sync.get().word(), self.store.pending.get(), role);
            });
            self.company.start();
            self.listen();
            for name in ["keydown", "online", "pageshow", "visibilitychange", "popstate"] {
                browser::on(name, move |event| self.on_page_event(name, &event));
            }
            browser::on_notification_click(move |path| self.open_path(&path));
            spawn_local(async move {
                while let Some(all) = self.outbox.read().await {
                    for left in all {
                        self.receive(|client| client.adopt(left.person, left.commands, &left.epoch));
                    }
                    self.push();
                }
            });
            // Without a network any list's address is answered by the one page that is kept, with another list in it.
            match View::parse(&browser::path()) {
                Some(View::List(list)) if self.has(list) => self.show(list),
                _ => {}
            }
            self.with(|client| self.store.fold_again(client));
            self.open_all();
        });
    }

    /// Has the page know what day and what time it is. Once a second; a timer that was held back by sleep comes late, so the page's waking
    /// is looked at as well.
    fn tell_time(self) {
        set(self.store.zone, browser::zone());
        set(self.store.day, browser::day());
        set(self.store.clock, browser::clock());
    }

    fn has(self, list: ListId) -> bool {
        self.with(|client| client.account().lists.contains_key(&list))
    }

    /// Shows what an address leads to, which may be another page.
    fn open_path(self, path: &str) {
        match View::parse(path) {
            Some(View::List(list)) if self.has(list) => self.go(list),
            _ => browser::go(path),
        }
    }

    fn on_page_event(self, name: &str, event: &Event) {
        if name == "keydown" {
            if browser::takes_back(event) {
                event.prevent_default();
                self.undo(None);
            }
            return;
        }
        if name == "popstate" {
            let list = match View::parse(&browser::path()) {
                Some(View::List(list)) => Some(list),
                _ => self.home,
            };
            if let Some(list) = list {
                self.show(list);
            }
        }
        self.tell_time();
        if browser::has_network() {
            self.wake();
            self.push();
        }
    }

    /// Tells the service worker now and then what there is to keep, and warns whoever closes the page too early.
    fn keep_for_offline(self) {
        let (store, offline) = (self.store, self.offline);
        let guard = move || {
            let kept = self.outbox.kept();
            let has_texts = !store.unsaved.is_kept();
            set(store.unkept, kept == Kept::Not || has_texts);
            offline.guard(store.sync.get_untracked(), kept, has_texts);
        };
        offline.begin();
        effect(move || {
            store.sync.get();
            offline.sends(store.pending.get() > 0);
            guard();
        });
        browser::every(1_000, move || {
            self.tell_time();
            guard();
            if store.sync.get_untracked() == SyncState::Live && offline.is_due() && self.tell_worker() {
                offline.kept();
            }
        });
        browser::on("visibilitychange", move |_| {
            self.tell_worker();
        });
    }

    /// Tells the worker what is shown and which versions the lists have; false where there is none.
    fn tell_worker(self) -> bool {
        let mut text = browser::path();
        self.with(|client| {
            for (list, heading) in client.headings() {
                text += &format!("\n{list} {}.{}", client.epoch(), heading.version);
            }
        });
        browser::tell_worker(&text)
    }
}
