//! Keeps the page live: hears the stream, sends what is pending, fetches what is missing.
//!
//! The stream itself, which all tabs of the browser share, is `public/stream.js`: it opens and watches it, and says here
//! what is on it, each event once and in order, and how things are.

use std::cell::RefCell;

use domain::sync::{Client, Delta};
use domain::wire::{Cursor, Event, Reply};
use domain::{ClientId, Command, CommandSeq, ListId, Refusal, Role, Timestamp, View};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::browser::database::{Database, Record};
use crate::browser::{self, Keep, Stream};
use crate::components::draft_key;
use crate::json;
use crate::server_fns;
use crate::server_fns::{ApiError, PushCommands};
use crate::session::offline;
use crate::session::outbox::Entry;
use crate::store::{Kept, Store, Sync};
use crate::view::effect;

/// The longest wait before a push or a fetch is repeated, in milliseconds.
const LONGEST: f64 = 10_000.0;

/// With more commands pending than that, which happens after a time without a network, events are taken together.
const FEW: usize = 16;

/// For how long they are gathered then, in milliseconds.
const TOGETHER: u64 = 16;

const TRAY: &str = "tandem-tray";

/// The page's connections. A page is one thread, and there is one page.
#[derive(Default)]
struct Live {
    stream: Option<Stream>,
    /// How the stream is, as a word of `public/stream.js`.
    link: String,
    /// The list that the page began with: what `/` shows.
    home: Option<ListId>,
    /// The first command of the last push, and when it was sent.
    sent: Option<(CommandSeq, usize)>,
    /// How long the last few commands took from there to the stream, in milliseconds; 0 where there were none yet.
    delays: [usize; 3],
    pushing: bool,
    /// How often in a row a push did not get through.
    failures: u32,
    fetching: Vec<ListId>,
    database: Option<Database>,
    /// What is in the outbox on disk.
    outbox: Vec<Entry>,
    /// What is to be written there next.
    unwritten: Vec<Record>,
    writing: bool,
    /// Events that wait to be taken together.
    unheard: Vec<Event>,
    /// When the last were taken.
    taken: usize,
}

impl Live {
    /// The entry of that command, out of the outbox. There are few: what is not answered, and what was in the last day.
    fn take_out(&mut self, (client, mid): (ClientId, CommandSeq)) -> Option<Entry> {
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
        live(|live| live.home = store.shown.get_untracked());
        restore_tray(store);
        offline::start(store);
        effect(move || {
            let role = store.role.get().map_or("", Role::as_str);
            browser::show_state(store.sync.get().word(), store.unsaved.get(), role);
        });
        listen(store);
        for event in ["online", "pageshow", "visibilitychange", "popstate"] {
            browser::on(event, move |_| on_page_event(store, event));
        }
        spawn_local(async move {
            match Database::open().await {
                Ok(database) => adopt(store, database).await,
                Err(error) => browser::complain("this browser keeps no outbox", &format!("{error:?}")),
            }
            push(store);
        });
        // Without a network any list's address is answered by the one page that is kept, with another list in it.
        let shown = |list: &ListId| store.with(|client| client.account().lists.contains_key(list));
        match View::parse(&browser::path()) {
            Some(View::List(list)) if shown(&list) => store.show(list),
            _ => {}
        }
        open_all(store);
    });
}

fn on_page_event(store: Store, event: &str) {
    if event == "popstate" {
        let list = match View::parse(&browser::path()) {
            Some(View::List(list)) => Some(list),
            _ => live(|live| live.home),
        };
        if let Some(list) = list {
            store.show(list);
        }
    }
    if browser::has_network() {
        wake();
        push(store);
    }
}

/// Hears the stream from where the page stands.
fn listen(store: Store) {
    let (since, person, client) = store.with(|client| {
        let since = Cursor {
            epoch: client.epoch().clone(),
            seq: client.cursor(),
        };
        (since, client.account().person, client.id())
    });
    let hear = move |name: String, data: String| on_said(store, &name, &data);
    let stream = Stream::open(&since.to_string(), &person.to_string(), &client.to_string(), hear);
    live(|live| live.stream = stream);
}

/// What the stream says, by the name of the event. A name that nobody here knows is of a newer server, or not for this page.
fn on_said(store: Store, name: &str, data: &str) {
    let event = match name {
        "link" => return on_link(store, data),
        "hello" => json::read(data).map(Event::Hello),
        "change" => json::read(data).map(Event::Change),
        "heartbeat" => json::read(data).map(Event::Heartbeat),
        "reset" => json::read(data).map(Event::Reset),
        _ => return,
    };
    match event {
        Ok(event) => on_event(store, event),
        Err(error) => browser::complain("the stream said something strange", &error),
    }
}

fn on_event(store: Store, event: Event) {
    if let Event::Change(row) = &event
        && Some(store.with(Client::id)) == row.client
    {
        measure(store, row.mid);
    }
    let is_first = live(|live| {
        live.unheard.push(event);
        live.unheard.len() == 1
    });
    // The first is taken at once, what follows close upon it together.
    let is_flood = browser::steady() < live(|live| live.taken) + TOGETHER as usize;
    if !is_flood && store.with(|client| client.pending().len()) <= FEW {
        take(store);
    } else if is_first {
        browser::after(TOGETHER, move || take(store));
    }
}

/// Takes the events that have come, all in one.
fn take(store: Store) {
    let events = live(|live| std::mem::take(&mut live.unheard));
    if events.is_empty() {
        return; // Taken already, with one that came later.
    }
    store.step(|client| client.on_events(events));
    show_sync(store);
    live(|live| live.taken = browser::steady());
}

/// How the stream is, how many milliseconds it took to open, and while paused how many changes wait: `up 12`, `up 12 4`.
fn on_link(store: Store, data: &str) {
    let mut words = data.split(' ');
    let link = words.next().unwrap_or_default();
    let mut number = || words.next().and_then(|word| word.parse().ok());
    let (opening, waiting): (Option<usize>, Option<usize>) = (number(), number());
    live(|live| link.clone_into(&mut live.link));
    if live(|live| live.delays == [0; 3]) {
        store.delay.set(opening.unwrap_or_default());
    }
    store.paused.set(waiting.is_some());
    store.waiting.set(waiting.unwrap_or_default());
    show_sync(store);
    if link == "ended" {
        end_session(store);
    }
}

/// The delay that the person sees is measured at their own commands: from the moment when one is sent until its row is
/// heard on the stream, written and told to all. Of the last three it is the middle one, so that one slow answer does not
/// stand there for long. Before the first it is how long the stream took from being opened to its first word.
fn measure(store: Store, mid: Option<CommandSeq>) {
    let now = browser::steady();
    let delay = live(|live| {
        let (_, sent) = live.sent.take_if(|(first, _)| Some(*first) == mid)?;
        live.delays.rotate_right(1);
        live.delays[0] = now.saturating_sub(sent).max(1);
        let [a, b, c] = live.delays;
        Some(if c == 0 { a } else { a.min(b).max(a.max(b).min(c)) })
    });
    if let Some(delay) = delay {
        store.delay.set(delay);
    }
}

fn show_sync(store: Store) {
    let caught_up = store.with(Client::caught_up);
    let paused = store.paused.get_untracked();
    let sync = live(|live| match live.link.as_str() {
        "ended" => Sync::Ended,
        "offline" => Sync::Offline,
        _ if paused => Sync::Paused,
        "up" if caught_up => Sync::Live,
        _ => Sync::CatchingUp,
    });
    if store.sync.get_untracked() != sync {
        store.sync.set(sync);
        if matches!(sync, Sync::Live | Sync::Paused) {
            wake();
        }
        push(store);
    }
}

/// Pauses what others do on the page, or lets it come: one's own edits go on.
pub(crate) fn pause(store: Store) {
    let paused = store.paused.get_untracked();
    wants(if paused { "resume" } else { "pause" });
}

fn wants(wish: &str) {
    live(|live| {
        live.sent = None; // What is late now says nothing about the way.
        if let Some(stream) = &live.stream {
            stream.wants(wish);
        }
    });
}

/// The server knows the person no more. What they typed goes to the tray, and stays there until they begin anew.
fn end_session(store: Store) {
    store.step(|client| client.give_up_all(Refusal::SessionEnded));
    store.give_back_draft(Refusal::SessionEnded.sentence());
}

/// After the session has ended: as somebody new, with what is in the tray.
pub(crate) fn begin_anew(store: Store) {
    end_session(store);
    // Somebody new has other lists, where it would not be found again.
    for list in store.with(|client| client.account().lists.keys().copied().collect::<Vec<_>>()) {
        let key = draft_key(list);
        if let Some(draft) = browser::kept(Keep::Tab, &key) {
            store.keep(draft, Refusal::SessionEnded.sentence());
            browser::keep(Keep::Tab, &key, None);
        }
    }
    browser::go("/");
}

/// Full jitter: anything up to a second, two, four … so that a thousand pages do not come back in one moment.
fn wait(failures: u32) -> f64 {
    browser::chance() * (500.0 * f64::from(1 << failures.min(6))).min(LONGEST) + 100.0
}

/// What waits to try again does so now, and as if it had never failed: it may be another network.
fn wake() {
    live(|live| live.failures = 0);
    browser::wake();
}

/// Sends what is pending, as long as there is anything. One push at a time keeps the order.
pub(crate) fn push(store: Store) {
    if is_server() || live(|live| std::mem::replace(&mut live.pushing, true)) {
        return;
    }
    spawn_local(async move {
        while let Some(push) = store.with(Client::push) {
            let client = push.client;
            let first = push.commands.first().map(|first| first.mid);
            let measured = client == store.with(Client::id) && store.sync.get_untracked() == Sync::Live;
            live(|live| live.sent = first.filter(|_| measured).map(|mid| (mid, browser::steady())));
            let answer = server_fns::call(&PushCommands { push }).await;
            // Until the stream has told of the other lifetime of the database, every push would be answered alike.
            let in_vain = match &answer {
                Ok(Reply::OtherEpoch { epoch }) => store.with(|client| client.epoch() != epoch),
                Ok(_) => false,
                Err(error) => matches!(error, ApiError::Unreachable | ApiError::Unavailable(_)),
            };
            let unreached = matches!(&answer, Err(ApiError::Unreachable));
            match answer {
                Ok(reply) => store.step(|this| this.on_reply(client, reply, browser::new_client())),
                Err(ApiError::Unreachable | ApiError::Unavailable(_)) => {}
                Err(ApiError::NoSession) => {
                    on_link(store, "ended");
                    break;
                }
                // This page is older than the server: trying again would change nothing.
                Err(_) => store.step(|this| this.give_up_all(Refusal::Malformed)),
            }
            // While the stream is heard the server is there, so the way to it is open again in a moment.
            let is_heard = matches!(store.sync.get_untracked(), Sync::Live | Sync::Paused);
            let failures = live(|live| {
                live.failures = if in_vain && !(unreached && is_heard) {
                    live.failures + 1
                } else {
                    0
                };
                live.failures
            });
            if in_vain {
                browser::pause(wait(failures)).await;
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
                    match server_fns::fetch_list(list).await {
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
pub(crate) fn keep(store: Store, mid: CommandSeq, command: Command, asked: Timestamp) {
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
    write(vec![entry.record()]);
    live(|live| live.outbox.push(entry));
}

/// Keeps the outbox on disk in step with what the sync client says of its commands, and does what else it asks for.
pub(crate) fn remember(store: Store, delta: &Delta) {
    let epoch = store.with(|client| client.epoch().clone());
    let mut records = Vec::new();
    live(|live| {
        for (client, mid, _) in &delta.refused {
            let entry = live.take_out((*client, *mid));
            records.extend(entry.map(|entry| (entry.key(), None)));
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
            records.push(entry.record());
            live.outbox.push(entry);
        }
    });
    write(records);
    if delta.account || !delta.lists.is_empty() {
        offline::changed(!delta.answered.is_empty());
    }
    if delta.account {
        open_all(store);
    } else if !delta.lists.is_empty() {
        fetch_wanted(store);
    }
    if delta.reconnect {
        browser::after(0, || wants("again"));
    }
    if delta.other_person.is_some() {
        // The browser is somebody else by now (another tab was quicker): the texts go to the tray, and the page anew.
        browser::after(0, move || {
            store.step(|client| client.give_up_all(Refusal::OtherPerson));
            browser::go("/");
        });
    }
}

/// Writes to the outbox: one transaction at a time, each with all that was to be written meanwhile. One for each of five
/// hundred lines that are pasted at once would take seconds, and a page that is closed then would lose the last of them.
fn write(records: Vec<Record>) {
    let Some(database) = live(|live| {
        live.unwritten.extend(records);
        let idle = !live.writing && !live.unwritten.is_empty();
        live.database.clone().filter(|_| idle)
    }) else {
        return;
    };
    live(|live| live.writing = true);
    spawn_local(async move {
        loop {
            let records = live(|live| std::mem::take(&mut live.unwritten));
            if records.is_empty() {
                break;
            }
            if let Err(error) = database.write(&records).await {
                browser::complain("the outbox could not be written", &format!("{error:?}"));
                live(|live| live.database = None);
                break;
            }
        }
        live(|live| live.writing = false);
    });
}

/// Whether all that is asked is on this device's disk, too.
pub(crate) fn is_on_disk() -> bool {
    live(|live| live.database.is_some() && !live.writing)
}

/// Takes over what earlier pages of this person left behind.
async fn adopt(store: Store, database: Database) {
    let entries = database.all().await.unwrap_or_default();
    // They come by key, so each page's are in order.
    let mut entries: Vec<Entry> = entries.iter().filter_map(|text| json::read(text).ok()).collect();
    live(|live| live.database = Some(database));
    let now = browser::now();
    let old = entries.iter().filter(|entry| entry.is_old(now));
    // With it goes what was asked before the database was open.
    write(old.map(|entry| (entry.key(), None)).collect());
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
