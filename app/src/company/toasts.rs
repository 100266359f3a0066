//! What others do that the person does not see: what they add to another list than the one that is shown, or out of sight, and what they
//! assign to the person, wherever that is. Several within a moment are one notice of each kind. Where no page is in sight it is told on
//! the desktop, if the person wants that.

use domain::sync::Client;
use domain::{Change, Field, ListId, LiteMap, PersonId, Row, TaskId, Topic, View, isolated};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::desktop::{self, Place};
use super::names;
use crate::browser;
use crate::store::{Action, Button, Kind, Notice, Store};

/// For how long pieces of news are gathered, in milliseconds.
const MOMENT: u64 = 1_000;

/// How many characters of a title are told.
const MOST_TITLE: usize = 60;

/// What somebody did.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Deed {
    /// Added a task.
    Added,
    /// Assigned a task to the person.
    Assigned,
}

impl Deed {
    /// How long its notice is shown, in milliseconds: longer where something is expected of the reader. Where nobody looks at the page,
    /// that is to be there on their return.
    fn shown_for(self) -> u64 {
        match self {
            Self::Added => 8_000,
            Self::Assigned if browser::is_hidden() => 12 * 60 * 60 * 1_000,
            Self::Assigned => 20_000,
        }
    }

    /// The name under which tabs agree on which of them tells it on the desktop.
    const fn claim(self) -> &'static str {
        match self {
            Self::Added => desktop::ADDED,
            Self::Assigned => desktop::ASSIGNED,
        }
    }
}

/// A task that somebody did that with.
#[derive(Clone, Debug)]
struct Piece {
    place: Place,
    actor: PersonId,
    task: TaskId,
    /// None where nobody here knows it.
    title: Option<String>,
}

/// What was done in a list.
#[derive(Clone, Default)]
struct Gathered {
    pieces: Vec<Piece>,
    /// How many of them are in the notice.
    told: usize,
    notice: Option<u32>,
    /// When the notice goes, by the clock that nobody sets.
    until: u64,
    /// Whether more is waited for.
    is_open: bool,
}

/// In which list, and what.
type About = (ListId, Deed);

/// What was done and is not told, or not seen to be told.
#[derive(Clone, Copy)]
pub(super) struct Toasts {
    store: Store,
    client: StoredValue<Client>,
    gathered: StoredValue<LiteMap<About, Gathered>>,
}

impl Toasts {
    pub(super) fn new(store: Store, client: StoredValue<Client>) -> Self {
        Self {
            store,
            client,
            gathered: StoredValue::new(LiteMap::new()),
        }
    }

    /// Gathers what a row says.
    pub(super) fn on_row(self, row: &Row) {
        let Topic::List(list) = row.topic else { return };
        let me = self.client.with_value(|client| client.account().person);
        if row.actor == me || row.client.is_none() {
            return;
        }
        let mut added = Vec::new();
        let mut assigned = Vec::new();
        for change in &row.changes {
            let (pieces, task, title) = match change {
                // What is assigned to the person is told as that, and not once more.
                Change::TaskAdded { task } if task.assignees.contains(&me) => {
                    (&mut assigned, task.id, Some(task.title.to_string()))
                }
                Change::TaskAdded { task } => (&mut added, task.id, Some(task.title.to_string())),
                Change::TaskSet {
                    task,
                    field: Field::Assigned(person, true),
                } if *person == me => (&mut assigned, *task, self.title(list, *task)),
                _ => continue,
            };
            let (at, seq) = (row.at, row.seq);
            pieces.push(Piece {
                place: Place { at, seq },
                actor: row.actor,
                task,
                title,
            });
        }
        self.gather((list, Deed::Added), added);
        if !comes_again(row) {
            self.gather((list, Deed::Assigned), assigned);
        }
    }

    fn gather(self, about: About, pieces: Vec<Piece>) {
        if pieces.is_empty() {
            return;
        }
        let was_open = self.with(about, |gathered| {
            for piece in pieces {
                if !gathered.pieces.iter().any(|other| other.task == piece.task) {
                    gathered.pieces.push(piece);
                }
            }
            std::mem::replace(&mut gathered.is_open, true)
        });
        if !was_open {
            browser::after(MOMENT, move || self.say(about));
        }
    }

    fn with<T: Default>(self, about: About, act: impl FnOnce(&mut Gathered) -> T) -> T {
        let act = |all: &mut LiteMap<About, Gathered>| act(all.entry(about).or_default());
        self.gathered.try_update_value(act).unwrap_or_default()
    }

    fn forget(self, about: About) {
        self.gathered.update_value(|all| drop(all.remove(&about)));
    }

    /// Says what was done in a list within a moment.
    fn say(self, about: About) {
        let (list, deed) = about;
        let pieces = self.with(about, |gathered| {
            gathered.is_open = false;
            gathered.pieces.clone()
        });
        if browser::is_hidden() {
            spawn_local(self.tell(about, pieces.clone()));
            // A page that is shown again shows what was added, and not whom it is for.
            if deed == Deed::Added {
                return self.forget(about);
            }
        }
        let is_shown = self.store.shown.get_untracked() == Some(list);
        let here = match deed {
            _ if !is_shown => None,
            Deed::Added => first_unseen(&pieces),
            Deed::Assigned => pieces.first().map(|piece| piece.task),
        };
        if is_shown && here.is_none() {
            return self.forget(about);
        }
        let words = self.words(about, &pieces);
        let sentence = match deed {
            Deed::Assigned => format!("{words}."),
            Deed::Added if is_shown => format!("{words}, out of sight."),
            Deed::Added => format!("{words} to {}.", self.name(list)),
        };
        let time = deed.shown_for();
        let shown = self.with(about, |gathered| {
            gathered.told = pieces.len();
            gathered.until = steady().saturating_add(time);
            gathered.notice
        });
        match shown.and_then(|number| self.store.notices.get(number)) {
            Some(notice) => notice.sentence.set(sentence),
            None => self.toast(about, sentence, here, time),
        }
    }

    fn toast(self, about: About, sentence: String, here: Option<TaskId>, time: u64) {
        let action = here.map_or(Action::Show(about.0), Action::Reveal);
        let notice = Notice::new(Kind::Toast, sentence).offering(Button::new("Show", action));
        let number = notice.number;
        let mut notice = notice.ending(move || self.end(about, number));
        // The page itself says aloud what happens in the list that is shown.
        notice.is_quiet = here.is_some();
        self.with(about, |gathered| gathered.notice = Some(number));
        self.store.notices.put(notice);
        self.goes_after(about, number, time);
    }

    /// Has a notice go when its time is over, which may be longer by then: it tells of more.
    fn goes_after(self, about: About, number: u32, time: u64) {
        browser::after(time, move || {
            let until = self.with(about, |gathered| {
                let is_it = gathered.notice == Some(number);
                is_it.then_some(gathered.until)
            });
            let left = until.map_or(0, |until| until.saturating_sub(steady()));
            if left > 0 {
                self.goes_after(about, number, left);
            } else {
                self.store.notices.ends(number, 0);
            }
        });
    }

    /// The notice has gone: what it told is not told again.
    fn end(self, about: About, number: u32) {
        let is_done = self.with(about, |gathered| {
            if gathered.notice != Some(number) {
                return false; // Another one tells of the list by now.
            }
            gathered.notice = None;
            gathered.pieces.drain(..gathered.told.min(gathered.pieces.len()));
            gathered.told = 0;
            gathered.pieces.is_empty()
        });
        if is_done {
            self.forget(about);
        }
    }

    /// Tells it on the desktop, if no page is in sight and no other tab has told it.
    async fn tell(self, about: About, mut pieces: Vec<Piece>) {
        let (list, deed) = about;
        let Some(last) = pieces.iter().map(|piece| piece.place).max() else {
            return;
        };
        if !desktop::is_due() {
            return;
        }
        let told = desktop::claim(deed.claim(), last).await;
        pieces.retain(|piece| Some(piece.place) > told);
        if pieces.is_empty() {
            return;
        }
        let mut body = self.words(about, &pieces);
        if deed == Deed::Assigned {
            body.push('.');
        }
        browser::notify(&self.name(list), &body, &View::List(list).path()).await;
    }

    fn name(self, list: ListId) -> String {
        self.client.with_value(|client| names::list(client, list))
    }

    fn title(self, list: ListId, task: TaskId) -> Option<String> {
        self.client
            .with_value(|client| Some(client.list(list)?.task(task)?.title.to_string()))
    }

    fn words(self, (list, deed): About, pieces: &[Piece]) -> String {
        let mut people: Vec<PersonId> = Vec::new();
        for piece in pieces {
            if !people.contains(&piece.actor) {
                people.push(piece.actor);
            }
        }
        let name = |person: &PersonId| {
            self.client
                .with_value(|client| names::person(client, list, *person))
        };
        let names: Vec<String> = people.iter().map(name).collect();
        let titles: Vec<_> = pieces.iter().map(|piece| piece.title.as_deref()).collect();
        words(&names, deed, &titles)
    }
}

/// The time of a clock that nobody sets, in milliseconds.
fn steady() -> u64 {
    browser::steady() as u64
}

/// Whether a task was completed that comes again: it stays with whom it was assigned to.
fn comes_again(row: &Row) -> bool {
    let is_done = |change: &Change| {
        matches!(
            change,
            Change::TaskSet {
                field: Field::Done(true),
                ..
            }
        )
    };
    row.changes.iter().any(is_done)
}

/// The first of these whose row is drawn, if none of them is in sight.
fn first_unseen(pieces: &[Piece]) -> Option<TaskId> {
    let mut first = None;
    for Piece { task, .. } in pieces {
        match browser::is_in_sight(&format!("row-{task}")) {
            Some(true) => return None,
            Some(false) => first = first.or(Some(*task)),
            None => {}
        }
    }
    first
}

/// Who did what with which tasks.
fn words(names: &[String], deed: Deed, titles: &[Option<&str>]) -> String {
    let by = match names {
        [] => String::new(),
        [one] => one.clone(),
        [one, two] => format!("{one} and {two}"),
        [one, others @ ..] => format!("{one} and {} others", others.len()),
    };
    let what = match titles {
        [Some(title)] => format!("“{}”", isolated(&short(title))),
        [None] => "a task".to_owned(),
        titles => format!("{} tasks", titles.len()),
    };
    match deed {
        Deed::Added => format!("{by} added {what}"),
        Deed::Assigned => format!("{by} assigned {what} to you"),
    }
}

fn short(title: &str) -> String {
    if title.chars().count() <= MOST_TITLE {
        return title.to_owned();
    }
    format!("{}…", browser::beginning(title, MOST_TITLE - 1).trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_sentence_says_who_did_what() {
        use Deed::{Added, Assigned};
        let names = |count: usize| ["Ana", "Bo", "Cy", "Di"].map(String::from)[..count].to_vec();
        let (milk, tea) = (Some("Milk"), Some("Tea"));
        for (count, deed, titles, expected) in [
            (1, Added, vec![milk], "Ana added “Milk”"),
            (1, Added, vec![milk, tea], "Ana added 2 tasks"),
            (2, Added, vec![milk, tea], "Ana and Bo added 2 tasks"),
            (4, Added, vec![milk; 5], "Ana and 3 others added 5 tasks"),
            (1, Assigned, vec![milk], "Ana assigned “Milk” to you"),
            (1, Assigned, vec![None], "Ana assigned a task to you"),
            (
                2,
                Assigned,
                vec![milk, None],
                "Ana and Bo assigned 2 tasks to you",
            ),
        ] {
            assert_eq!(words(&names(count), deed, &titles), expected);
        }
    }

    #[test]
    fn a_long_title_is_told_in_sixty_characters() {
        assert_eq!(short(&"é".repeat(60)), "é".repeat(60));
        assert_eq!(short(&"é".repeat(61)), format!("{}…", "é".repeat(59)));
        assert_eq!(
            short(&format!("{} {}", "x".repeat(58), "y".repeat(9))),
            format!("{}…", "x".repeat(58))
        );
    }
}
