//! Who has which list open, on which row, and whether they type there. In memory only, and only as long as it is said.
//!
//! A page says it with a beat, again every few seconds as long as somebody else is there; one that is closed says that
//! too. Whoever may hear a list is told all who have it open, whenever that changes.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::Duration;

use domain::wire::{Beat, Presence, Present};
use domain::{ClientId, ListId, PersonId, TaskId, Topic};
use parking_lot::Mutex;
use tokio::task::AbortHandle;
use tokio::time::{Instant, MissedTickBehavior, interval};

use crate::live::frame::Ephemeral;
use crate::live::hub::Hub;
use crate::{Frame, Kinds};

/// How long a beat is good for.
const GOOD_FOR: Duration = Duration::from_secs(15);

/// The most pages of one person that count in one list; more are not told apart.
const MOST_PAGES: usize = 32;

/// Everyone who is somewhere.
#[derive(Debug, Default)]
pub(crate) struct Places {
    by_list: Mutex<HashMap<ListId, Vec<Page>>>,
}

#[derive(Debug)]
struct Page {
    client: ClientId,
    person: PersonId,
    task: Option<TaskId>,
    typing: bool,
    until: Instant,
}

impl Places {
    /// Takes what a page of a person's says of itself.
    pub(crate) fn beat(&self, hub: &Hub, person: PersonId, beat: &Beat) {
        let is_there = !beat.gone && hub.hears(person, beat.list);
        let mut by_list = self.by_list.lock();
        if !is_there && !by_list.contains_key(&beat.list) {
            return;
        }
        let pages = by_list.entry(beat.list).or_default();
        let before = people(pages);
        pages.retain(|page| page.client != beat.client || page.person != person);
        if is_there && pages.iter().filter(|page| page.person == person).count() < MOST_PAGES {
            pages.push(Page {
                client: beat.client,
                person,
                task: beat.task,
                typing: beat.typing,
                until: Instant::now() + GOOD_FOR,
            });
        }
        tell(hub, beat.list, pages, &before);
        if pages.is_empty() {
            by_list.remove(&beat.list);
        }
    }

    /// Forgets those who are silent, and those who may not hear the list any more.
    fn sweep(&self, hub: &Hub) {
        let now = Instant::now();
        self.by_list.lock().retain(|list, pages| {
            let before = people(pages);
            pages.retain(|page| page.until > now && !hub.is_shut_out(page.person, *list));
            tell(hub, *list, pages, &before);
            !pages.is_empty()
        });
    }

    /// Lets a reader who begins to hear these lists know who is there; `put` is called while nobody comes or goes.
    pub(crate) fn greet(&self, lists: impl Iterator<Item = ListId>, put: impl Fn(Frame)) {
        let by_list = self.by_list.lock();
        for list in lists {
            if let Some(pages) = by_list.get(&list) {
                put(frame(list, people(pages)));
            }
        }
    }
}

/// Sweeps once a second, for ever.
pub(crate) fn watch(places: Arc<Places>, hub: Arc<Hub>) -> AbortHandle {
    let mut sweeps = interval(Duration::from_secs(1));
    sweeps.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let sweeping = async move {
        loop {
            sweeps.tick().await;
            places.sweep(&hub);
        }
    };
    tokio::spawn(sweeping).abort_handle()
}

/// Everyone once, in an order that does not change; of several pages the one that says most counts.
fn people(pages: &[Page]) -> Vec<Present> {
    let mut people: BTreeMap<PersonId, Present> = BTreeMap::new();
    for page in pages {
        let person = page.person;
        let present = people.entry(person).or_insert(Present {
            person,
            task: None,
            typing: false,
        });
        if page.typing || (page.task.is_some() && !present.typing) {
            (present.task, present.typing) = (page.task, page.typing);
        }
    }
    people.into_values().collect()
}

fn tell(hub: &Hub, list: ListId, pages: &[Page], before: &[Present]) {
    let now = people(pages);
    if now != before {
        hub.tell_aside(Topic::List(list), Kinds::PRESENCE, &frame(list, now), None);
    }
}

fn frame(list: ListId, people: Vec<Present>) -> Frame {
    Frame::aside(&Ephemeral::Presence(Presence { list, people }))
}
