//! Who else has the list open, on which row, and whether they type there; and the same said of this page.
//!
//! A page says so when it comes, and again every few seconds as long as somebody else is there: to an empty room nobody
//! speaks. Hidden or closed, it says that it is gone.

use std::cell::RefCell;

use crate::part::effect;
use crate::store::Store;
use crate::{browser, json};
use domain::sync::Client;
use domain::wire::{Presence, Present};
use domain::{ListId, TaskId};

/// How often a page says that it is there, in milliseconds. The server forgets it after three times that.
const AGAIN: u64 = 5_000;

/// How long after a key somebody counts as typing, in milliseconds.
const TYPING: usize = 3_000;

/// What a page last said of itself: its list, the row that has the focus, and whether somebody types.
type Said = (ListId, Option<TaskId>, bool);

#[derive(Default)]
struct Here {
    /// What was last heard of each list.
    heard: Vec<Presence>,
    said: Option<Said>,
    /// When a key was last pressed in a field.
    typed: Option<usize>,
}

thread_local! {
    static HERE: RefCell<Here> = RefCell::default();
}

fn here<T>(with: impl FnOnce(&mut Here) -> T) -> T {
    HERE.with_borrow_mut(with)
}

/// Begins to say where the page is.
pub(crate) fn start(store: Store) {
    for event in [
        "focusin",
        "focusout",
        "input",
        "visibilitychange",
        "pagehide",
        "pageshow",
    ] {
        browser::on(event, move |_| {
            if event == "input" {
                here(|here| here.typed = Some(browser::steady()));
            }
            if event == "pagehide" {
                leave(store)
            } else {
                say(store, false)
            }
        });
    }
    browser::every(AGAIN, move || say(store, true));
    effect(move || {
        store.shown.get();
        store.members.with(Vec::len);
        show(store);
        say(store, false);
    });
}

/// Takes what the stream says about who is where.
pub(crate) fn on_said(store: Store, data: &str) {
    if let Ok(presence) = json::read::<Presence>(data) {
        here(|here| {
            here.heard.retain(|heard| heard.list != presence.list);
            here.heard.push(presence);
        });
        let alone = store.here.with_untracked(Vec::is_empty);
        show(store);
        // Whoever came knows nothing of this page yet.
        say(store, alone);
    }
}

/// A stream that opens says anew how things are, and may be heard by a server that knows nothing of this page.
pub(crate) fn on_hello(store: Store) {
    here(|here| (here.heard, here.said) = (Vec::new(), None));
    show(store);
}

/// Says again where the page is, once the stream is there to hear the others.
pub(crate) fn say(store: Store, again: bool) {
    if !browser::is_visible() {
        return leave(store);
    }
    // Nobody else could be there.
    let Some(list) = store
        .shown
        .get_untracked()
        .filter(|_| store.members.with_untracked(|members| members.len() > 1))
    else {
        return leave(store);
    };
    let now = browser::steady();
    let typing = here(|here| here.typed.is_some_and(|typed| now.saturating_sub(typed) < TYPING));
    let is = (list, browser::row_in_focus(), typing);
    let said = here(|here| here.said);
    if said.is_some_and(|(before, ..)| before != list) {
        leave(store);
    }
    let comes = said.is_none_or(|(before, ..)| before != list);
    let news = again || said != Some(is);
    if comes || news && !store.here.with_untracked(Vec::is_empty) {
        here(|here| here.said = Some(is));
        let mut more =
            is.1.map_or_else(String::new, |task| format!(",\"task\":\"{task}\""));
        if typing {
            more.push_str(",\"typing\":true");
        }
        send(store, list, &more);
    }
}

fn leave(store: Store) {
    if let Some((list, ..)) = here(|here| here.said.take()) {
        send(store, list, ",\"gone\":true");
    }
}

fn send(store: Store, list: ListId, more: &str) {
    let client = store.with(Client::id);
    browser::beacon(
        "/presence",
        &format!("{{\"client\":\"{client}\",\"list\":\"{list}\"{more}}}"),
    );
}

/// Shows who else is in the list that is shown.
fn show(store: Store) {
    let me = store.with(|client| client.account().person);
    let list = store.shown.get_untracked();
    let people: Vec<Present> = here(|here| {
        let heard = here.heard.iter().find(|heard| Some(heard.list) == list);
        let others = heard.into_iter().flat_map(|heard| &heard.people);
        others.filter(|present| present.person != me).cloned().collect()
    });
    store.set_here(people);
}
