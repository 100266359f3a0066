//! Keeps the page live: opens the stream and opens it again, sends what is pending, fetches what is missing.
//!
//! The browser's own reconnecting is not enough. It gives up for good on any answer but 200, notices nothing when a
//! connection dies without a word, and sleeps through a laptop's lid. So: a watchdog of two and a half heartbeats, a
//! new stream with a spread-out delay whenever the browser has given up, and at once when the network or the person
//! is back.

use std::cell::RefCell;

use domain::json::Unreadable;
use domain::sync::{Client, Delta};
use domain::wire::{Cursor, Event};
use domain::{At, ClientId, Command, ListId, Mid, Refusal, View};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api::{self, ApiError, GetSnapshot, PushCommands};
use crate::browser::database::Database;
use crate::browser::{self, Keep, Said, Stream};
use crate::json;
use crate::outbox::Entry;
use crate::part::effect;
use crate::store::{Kept, Store, Sync};

/// How long a broken stream may stay unmentioned, in milliseconds: most come back within it.
const GRACE: u64 = 2_500;

/// The longest wait before a stream is opened again or a push repeated, in milliseconds.
const LONGEST: f64 = 10_000.0;

const TRAY: &str = "tandem-tray";

/// The page's connections. A page is one thread, and there is one page.
#[derive(Default)]
struct Live {
    stream: Option<Stream>,
    /// The list that the page began with: what `/` shows.
    home: Option<ListId>,
    /// Tells the stream that is open from those before it.
    turn: u32,
    heard: u64,
    broken_since: Option<u64>,
    failures: u32,
    heartbeat: u64,
    pushing: bool,
    fetching: Vec<ListId>,
    database: Option<Database>,
    /// What is in the outbox on disk.
    outbox: Vec<Entry>,
}

impl Live {
    /// The entry of that command, out of the outbox. There are few: what is not answered, and what was in the last day.
    fn take_out(&mut self, (client, mid): (ClientId, Mid)) -> Option<Entry> {
        let is_it = |entry: &Entry| entry.client == client && entry.mid == mid;
        let at = self.outbox.iter().position(is_it)?;
        Some(self.outbox.swap_remove(at))
    }
}

thread_local! {
    static LIVE: RefCell<Live> = RefCell::default();
}

fn live<T>(with: impl FnOnce(&mut Live) -> T) -> T {
    LIVE.with_borrow_mut(with)
}

/// Brings the page to life, in the browser; effects do not run on the server.
pub(crate) fn start(store: Store) {
    effect(move || {
        live(|live| {
            live.heartbeat = 20_000;
            live.home = store.shown.get_untracked();
        });
        restore_tray(store);
        effect(move || browser::show_state(store.sync.get().word(), store.unsaved.get()));
        open(store);
        for event in [
            "online",
            "pageshow",
            "visibilitychange",
            "offline",
            "pagehide",
            "popstate",
        ] {
            browser::on(event, move |_| on_page_event(store, event));
        }
        browser::every(1_000, move || watch(store));
        spawn_local(async move {
            match Database::open().await {
                Ok(database) => adopt(store, database).await,
                Err(error) => browser::complain("this browser keeps no outbox", &format!("{error:?}")),
            }
            push(store);
        });
        open_all(store);
    });
}

fn on_page_event(store: Store, event: &str) {
    match event {
        "pagehide" | "offline" => {
            live(|live| live.stream = None);
            if event == "offline" {
                store.sync.set(Sync::Offline);
            }
        }
        "popstate" => {
            let list = match View::parse(&browser::path()) {
                Some(View::List(list)) => Some(list),
                _ => live(|live| live.home),
            };
            if let Some(list) = list {
                store.show(list);
            }
        }
        "visibilitychange" => {
            let silent =
                live(|live| live.stream.is_none() || browser::now().0 > live.heard + live.heartbeat * 5 / 4);
            if browser::is_visible() && silent {
                open(store);
            }
        }
        // Back from the network's or the browser's sleep. A fresh page has opened its stream already.
        _ if live(|live| live.stream.is_none() || live.broken_since.is_some()) => open(store),
        _ => {}
    }
    if event != "pagehide" && browser::has_network() {
        browser::wake();
        push(store);
    }
}

/// Opens the stream from where the page stands, in place of any that is open.
fn open(store: Store) {
    let turn = live(|live| {
        live.turn += 1;
        live.stream = None;
        live.heard = browser::now().0;
        live.turn
    });
    let cursor = store.with(|client| Cursor {
        epoch: client.epoch().clone(),
        seq: client.cursor(),
    });
    let stream = Stream::open(
        &format!("/events?since={cursor}"),
        &["hello", "change", "heartbeat", "reset"],
        move |said| {
            if live(|live| live.turn) == turn {
                on_said(store, said);
            }
        },
    );
    live(|live| live.stream = stream);
}

fn on_said(store: Store, said: Said) {
    let now = browser::now().0;
    match said {
        Said::Open => live(|live| live.heard = now),
        Said::Event(name, data) => {
            live(|live| {
                live.heard = now;
                live.broken_since = None;
                live.failures = 0;
            });
            match event(name, &data) {
                Ok(event) => on_event(store, event),
                Err(error) => browser::complain("the stream said something strange", &error),
            }
        }
        Said::Cut => broken(store),
        Said::Closed => {
            broken(store);
            let failures = live(|live| {
                live.stream = None;
                live.failures += 1;
                live.failures
            });
            let turn = live(|live| live.turn);
            browser::after(wait(failures) as u64, move || {
                if live(|live| live.stream.is_none() && live.turn == turn) && browser::has_network() {
                    open(store);
                }
            });
        }
    }
}

fn broken(store: Store) {
    live(|live| live.broken_since.get_or_insert(browser::now().0).to_owned());
    if store.sync.get_untracked() == Sync::Live {
        store.sync.set(Sync::CatchingUp);
    }
}

/// Full jitter: anything up to a second, two, four … so that a thousand pages do not come back in one moment.
fn wait(failures: u32) -> f64 {
    browser::chance() * (500.0 * f64::from(1 << failures.min(6))).min(LONGEST) + 100.0
}

fn event(name: &str, data: &str) -> Result<Event, Unreadable> {
    match name {
        "hello" => json::read(data).map(Event::Hello),
        "change" => json::read(data).map(Event::Change),
        "heartbeat" => json::read(data).map(Event::Heartbeat),
        _ => json::read(data).map(Event::Reset),
    }
}

fn on_event(store: Store, event: Event) {
    if let Event::Hello(hello) = &event {
        live(|live| live.heartbeat = u64::from(hello.heartbeat) * 1000);
        browser::wake();
    }
    store.step(|client| client.on_event(event));
    let live_now = store.with(Client::caught_up);
    let sync = if live_now { Sync::Live } else { Sync::CatchingUp };
    if store.sync.get_untracked() != sync {
        store.sync.set(sync);
        push(store);
    }
}

/// Once a second: is the stream silent for too long, or broken for longer than is worth hiding?
fn watch(store: Store) {
    let now = browser::now().0;
    let (silent, broken) = live(|live| {
        (
            live.stream.is_some() && now > live.heard + live.heartbeat * 5 / 2,
            live.broken_since.is_some_and(|since| now > since + GRACE),
        )
    });
    if silent {
        broken_stream(store);
    }
    if broken && store.sync.get_untracked() != Sync::Offline {
        store.sync.set(Sync::Offline);
    }
}

fn broken_stream(store: Store) {
    broken(store);
    open(store);
}

/// Sends what is pending, as long as there is anything. One push at a time keeps the order.
pub(crate) fn push(store: Store) {
    if is_server() || live(|live| std::mem::replace(&mut live.pushing, true)) {
        return;
    }
    spawn_local(async move {
        let mut failures = 0;
        while let Some(push) = store.with(Client::push) {
            let client = push.client;
            match api::call(&PushCommands { push }).await {
                Ok(reply) => {
                    failures = 0;
                    store.step(|this| this.on_reply(client, reply, browser::new_client()));
                }
                Err(ApiError::Unreachable | ApiError::Unavailable(_)) => {
                    failures += 1;
                    browser::pause(wait(failures)).await;
                }
                // The session is gone: the texts go to the tray, and the page begins anew.
                Err(ApiError::NoSession) => {
                    store.step(|this| this.give_up_all(Refusal::OtherPerson));
                    browser::go("/");
                }
                // This page is older than the server: trying again would change nothing.
                Err(_) => store.step(|this| this.give_up_all(Refusal::Malformed)),
            }
        }
        live(|live| live.pushing = false);
    });
}

/// Fetches the lists that the sync client misses, one after the other, the shown one first.
pub(crate) fn fetch_wanted(store: Store) {
    if is_server() {
        return;
    }
    let shown = store.shown.get_untracked();
    let mut wanted = store.with(Client::wanted);
    if let Some(at) = wanted.iter().position(|list| Some(*list) == shown) {
        wanted.swap(0, at);
    }
    for list in wanted {
        if !live(|live| live.fetching.contains(&list)) {
            live(|live| live.fetching.push(list));
            spawn_local(async move {
                let mut failures = 0;
                while store.with(|client| client.wanted().contains(&list)) {
                    match api::call(&GetSnapshot { list }).await {
                        Ok(snapshot) => store.step(|client| client.on_snapshot(snapshot)),
                        Err(ApiError::Refused { .. }) => break, // Not ours any more; the stream will say so.
                        Err(_) => {}
                    }
                    failures += 1;
                    if failures > 1 {
                        browser::pause(wait(failures)).await;
                    }
                }
                live(|live| live.fetching.retain(|other| *other != list));
            });
        }
    }
}

fn open_all(store: Store) {
    let lists: Vec<ListId> = store.with(|client| client.account().lists.keys().copied().collect());
    store.step(|client| {
        lists.into_iter().for_each(|list| client.open(list));
        Delta::default()
    });
    fetch_wanted(store);
}

/// Shows another list, and its address.
pub(crate) fn go(store: Store, list: ListId) {
    store.show(list);
    browser::show_address(&View::List(list).path());
    browser::close_popover("side");
}

/// Keeps a command on disk until it is answered, while it is already on its way.
pub(crate) fn keep(store: Store, mid: Mid, command: Command, asked: At) {
    let (person, epoch, client) =
        store.with(|this| (this.confirmed_account().person, this.epoch().clone(), this.id()));
    let entry = Entry {
        person,
        epoch,
        client,
        mid,
        command,
        asked,
        answered: false,
    };
    write(entry.record().into_iter().collect(), Vec::new());
    live(|live| live.outbox.push(entry));
}

/// Keeps the outbox on disk in step with what the sync client says of its commands, and does what else it asks for.
pub(crate) fn remember(store: Store, delta: &Delta) {
    let epoch = store.with(|client| client.epoch().clone());
    let (mut put, mut delete) = (Vec::new(), Vec::new());
    live(|live| {
        for (client, mid, _) in &delta.refused {
            delete.extend(live.take_out((*client, *mid)).map(|entry| entry.key()));
        }
        let sent = delta.answered.iter().map(|id| (*id, true));
        let again = delta.revived.iter().map(|id| (*id, false));
        for (id, answered) in sent.chain(again) {
            let Some(entry) = live.take_out(id) else {
                continue;
            };
            let entry = Entry {
                answered,
                epoch: epoch.clone(),
                ..entry
            };
            put.extend(entry.record());
            live.outbox.push(entry);
        }
    });
    if !put.is_empty() || !delete.is_empty() {
        write(put, delete);
    }
    if delta.account {
        open_all(store);
    } else if !delta.lists.is_empty() {
        fetch_wanted(store);
    }
    if delta.reconnect {
        browser::after(0, move || open(store));
    }
    if delta.other_person.is_some() {
        // The browser is somebody else by now (another tab was quicker): the texts go to the tray, and the page anew.
        browser::after(0, move || {
            store.step(|client| client.give_up_all(Refusal::OtherPerson));
            browser::go("/");
        });
    }
}

fn write(put: Vec<(String, String)>, delete: Vec<String>) {
    let Some(database) = live(|live| live.database.clone()) else {
        return;
    };
    spawn_local(async move {
        if let Err(error) = database.write(&put, &delete).await {
            browser::complain("the outbox could not be written", &format!("{error:?}"));
        }
    });
}

/// Takes over what earlier pages of this person left behind.
async fn adopt(store: Store, database: Database) {
    let entries = database.all().await.unwrap_or_default();
    // They come by key, so each page's are in order.
    let mut entries: Vec<Entry> = entries.iter().filter_map(|text| json::read(text).ok()).collect();
    live(|live| live.database = Some(database));
    let now = browser::now();
    let old = entries
        .iter()
        .filter(|entry| entry.is_old(now))
        .map(Entry::key)
        .collect();
    write(Vec::new(), old);
    // What was asked before the database was open is not in it yet.
    write(
        live(|live| live.outbox.iter().filter_map(Entry::record).collect()),
        Vec::new(),
    );
    entries.retain(|entry| !entry.is_old(now));
    while let Some(first) = entries
        .iter()
        .min_by_key(|entry| (entry.asked, entry.client, entry.mid))
        .cloned()
    {
        let (same, rest): (Vec<_>, Vec<_>) = entries
            .into_iter()
            .partition(|entry| entry.client == first.client);
        entries = rest;
        live(|live| live.outbox.extend(same.iter().cloned()));
        let orphans = same.into_iter().map(Entry::pending).collect();
        store.step(|client| client.adopt(first.person, orphans, &first.epoch));
    }
}

/// The tray is kept for good: it is all that is left of what somebody typed.
pub(crate) fn remember_tray(store: Store) {
    let tray: Vec<(String, String)> = store.tray.with_untracked(|tray| {
        tray.iter()
            .map(|kept| (kept.text.clone(), kept.sentence.clone()))
            .collect()
    });
    let text = (!tray.is_empty()).then(|| json::write(&tray).ok()).flatten();
    browser::keep(Keep::Browser, TRAY, text.as_deref());
}

fn restore_tray(store: Store) {
    let tray =
        browser::kept(Keep::Browser, TRAY).and_then(|text| json::read::<Vec<(String, String)>>(&text).ok());
    for (text, sentence) in tray.unwrap_or_default() {
        store.tray.update(|tray| {
            tray.push(Kept {
                number: browser::number(),
                text,
                sentence,
            })
        });
    }
}
