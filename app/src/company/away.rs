//! "While you were away": who comes back to a list after a while is told what others did since, and the rows that they
//! changed carry a mark until they were seen.

mod memory;

use domain::sync::Client;
use domain::wire::{Cursor, Digest};
use domain::{ListId, PersonId, TaskId, Timestamp};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::browser::{self, Sight};
use crate::json;
use crate::store::{Missed, Store};
use crate::view::effect;
use memory::{Absence, Seen};

/// How long one must have been away to be told, in milliseconds. Who looks elsewhere for a moment still knows the list, and
/// what happens meanwhile is signed on its row; after five minutes one has to read it again.
const GAP: u64 = 5 * 60_000;

/// How often it is written down that the list is being looked at: a browser that dies knows it so well.
const TICK: u64 = 5_000;

/// How long a stream takes at the most to come back after a sleep.
const WAKING: u64 = 15_000;

/// How long a marked row must be in sight to count as seen.
const GLANCE: u64 = 3_000;

/// What the person looks at, and what they have missed. A handle that is free to copy.
#[derive(Clone, Copy)]
pub(crate) struct Away {
    store: Store,
    client: StoredValue<Client>,
    state: StoredValue<State>,
}

#[derive(Default)]
struct State {
    /// Whether what is new is there to be seen, by what the stream said last.
    is_up: bool,
    /// The same, once the stream has had the time to come back after a sleep.
    is_live: bool,
    /// When it was last asked what is looked at.
    asked: Timestamp,
    /// The list that is being looked at.
    here: Option<ListId>,
    /// The list that the panel and the marks are about.
    about: Option<ListId>,
    sight: Option<Sight>,
    /// The marked rows that are in sight, each with the number of the glance.
    glances: Vec<(TaskId, u32)>,
}

impl Away {
    pub(super) fn new(store: Store, client: StoredValue<Client>) -> Self {
        Self {
            store,
            client,
            state: StoredValue::new(State::default()),
        }
    }

    fn with<T: Default>(self, act: impl FnOnce(&mut State) -> T) -> T {
        self.state.try_update_value(act).unwrap_or_default()
    }

    /// Follows what is looked at, in the browser.
    pub(super) fn start(self) {
        self.with(|state| {
            state.asked = browser::now();
            state.sight = Sight::new(move |task, in_sight| self.on_sight(task, in_sight));
        });
        for event in ["visibilitychange", "pagehide"] {
            browser::on(event, move |_| self.look());
        }
        // Who touches a row has seen it.
        for event in ["pointerdown", "focusin"] {
            browser::on(event, move |event| {
                if let Some(task) = browser::row_of(&event) {
                    self.see(task);
                }
            });
        }
        browser::every(TICK, move || self.look());
        effect(move || {
            self.store.shown.get();
            self.look();
        });
    }

    /// Whether what is new is there to be seen; while the page is paused it is not.
    pub(super) fn on_link(self, is_up: bool) {
        self.with(|state| (state.is_up, state.is_live) = (is_up, is_up));
        self.look();
    }

    /// What is looked at now?
    fn look(self) {
        let now = browser::now();
        let shown = self.store.shown.get_untracked();
        let (before, here, slept) = self.with(|state| {
            let slept = now.0.saturating_sub(state.asked.0) >= GAP;
            state.asked = now;
            let before = state.here;
            if slept && before.is_some() {
                // Nobody looked, the computer slept. What is new comes when the stream is there again, which it says.
                state.is_live = false;
                browser::after(WAKING, move || self.on_link(self.with(|state| state.is_up)));
            }
            state.here = shown.filter(|_| state.is_live && !browser::is_hidden());
            (before, state.here, slept)
        });
        if here == before {
            return self.remember(here, |_| {});
        }
        if !slept {
            self.remember(before, |_| {}); // What was shown until now was seen.
        }
        self.with(|state| {
            state.glances.clear();
            if let Some(sight) = &state.sight {
                sight.forget_all();
            }
        });
        if let Some(list) = here {
            self.arrive(list);
        }
    }

    /// Somebody looks at that list.
    fn arrive(self, list: ListId) {
        if self.with(|state| state.about.replace(list)) != Some(list) {
            self.forget();
        }
        let Seen { cursor, at, absence } = memory::of(self.person(), list);
        let is_gap =
            !cursor.is_empty() && cursor != self.cursor() && browser::now().0.saturating_sub(at.0) >= GAP;
        let absence = if is_gap {
            // Two absences with something unseen between them are one.
            let begun = absence.unwrap_or(Absence {
                cursor,
                since: at,
                dismissed: false,
                seen: Vec::new(),
            });
            Some(Absence {
                dismissed: false,
                ..begun
            })
        } else {
            absence
        };
        self.remember(Some(list), |seen| seen.absence.clone_from(&absence));
        let marked = self.store.unseen.tasks();
        if let Some(absence) = absence.filter(|_| is_gap || marked.is_empty()) {
            self.ask(list, absence);
        }
        // Also while the server is asked, which may not answer.
        marked.into_iter().for_each(|task| self.watch(task));
    }

    /// Asks the server what others did since.
    fn ask(self, list: ListId, absence: Absence) {
        spawn_local(async move {
            let address = format!("/lists/{list}/catch-up?since={}", absence.cursor);
            let answer = match browser::fetch(&address, None).await {
                Ok(answer) if answer.is_ours && answer.status < 500 => answer,
                _ => return, // The next look at the list asks again.
            };
            if self.with(|state| state.about) != Some(list) {
                return;
            }
            self.forget();
            let digest = answer.is_done().then(|| json::read::<Digest>(&answer.text).ok());
            let digest = digest.flatten();
            if let Some(digest) = digest {
                self.show(absence, digest);
            }
            self.settle();
        });
    }

    fn show(self, absence: Absence, digest: Digest) {
        let mut tasks = digest.tasks.clone();
        tasks.retain(|task| !absence.seen.contains(task));
        let store = self.store;
        store.unseen.mark(tasks.clone(), |task| store.row(task));
        tasks.into_iter().for_each(|task| self.watch(task));
        let missed = Missed {
            since: absence.since,
            digest,
        };
        self.store
            .unseen
            .panel
            .set((!absence.dismissed).then_some(missed));
    }

    /// The person has read it.
    pub(crate) fn dismiss(self) {
        self.store.unseen.panel.set(None);
        for task in self.store.unseen.tasks() {
            if !browser::has_place(task) {
                self.unmark(task); // What is folded away is not going to be seen.
            }
        }
        self.change(|absence| absence.dismissed = true);
    }

    /// What was shown of an absence goes.
    fn forget(self) {
        self.store.unseen.panel.set(None);
        for task in self.store.unseen.tasks() {
            self.unmark(task);
        }
    }

    /// Follows whether the row of a task is in sight, if it is marked: it was just marked, or drawn.
    pub(crate) fn watch(self, task: TaskId) {
        browser::before_paint(move || {
            self.with(|state| {
                if state.here.is_some()
                    && self.store.unseen.contains(task)
                    && let Some(sight) = &state.sight
                {
                    sight.watch(task);
                }
            });
        });
    }

    fn on_sight(self, task: TaskId, in_sight: bool) {
        let glance = browser::number();
        self.with(|state| {
            state.glances.retain(|(other, _)| *other != task);
            if in_sight && state.here.is_some() {
                state.glances.push((task, glance));
                browser::after(GLANCE, move || {
                    if self.with(|state| state.glances.contains(&(task, glance))) {
                        self.see(task);
                    }
                });
            }
        });
    }

    /// The person has seen that row.
    fn see(self, task: TaskId) {
        if self.store.unseen.contains(task) {
            self.unmark(task);
            self.change(|absence| absence.seen.push(task));
        }
    }

    fn unmark(self, task: TaskId) {
        self.store.unseen.unmark(task, self.store.row(task));
        self.with(|state| {
            state.glances.retain(|(other, _)| *other != task);
            if let Some(sight) = &state.sight {
                sight.forget(task);
            }
        });
    }

    /// Changes what is remembered of the absence.
    fn change(self, change: impl FnOnce(&mut Absence)) {
        let about = self.with(|state| state.about);
        self.remember(about, |seen| {
            if let Some(absence) = &mut seen.absence {
                change(absence);
            }
        });
        self.settle();
    }

    /// Once all is told and seen, it is done with.
    fn settle(self) {
        if self.store.unseen.is_empty() {
            let about = self.with(|state| state.about);
            self.remember(about, |seen| seen.absence = None);
        }
    }

    /// Remembers of a list that it is seen up to here.
    fn remember(self, list: Option<ListId>, also: impl FnOnce(&mut Seen)) {
        if let Some(list) = list {
            memory::change(self.person(), list, |seen| {
                (seen.cursor, seen.at) = (self.cursor(), browser::now());
                also(seen);
            });
        }
    }

    /// Where in the stream the page stands.
    fn cursor(self) -> String {
        self.client.with_value(|client| {
            let (epoch, seq) = (client.epoch().clone(), client.cursor());
            Cursor { epoch, seq }.to_string()
        })
    }

    fn person(self) -> PersonId {
        self.client.with_value(|client| client.account().person)
    }
}
