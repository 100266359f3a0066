//! What others add where the person does not see it appear: to another list than the one that is shown, or out of sight.
//! Several within a moment are one notice. Where no page is in sight it is told on the desktop, if the person wants that.

use domain::sync::Client;
use domain::{Change, ListId, LiteMap, PersonId, Row, TaskId, Topic, View, isolated};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::assigned::assigned_to;
use super::desktop::{self, Place};
use super::names;
use crate::browser;
use crate::store::{Action, Button, Kind, Notice, Store};

/// For how long additions are gathered, in milliseconds.
const MOMENT: u64 = 1_000;

/// How long a notice is shown, in milliseconds.
const SHOWN_FOR: u64 = 8_000;

/// How many characters of a title are told.
const MOST_TITLE: usize = 60;

/// A task that somebody added.
#[derive(Clone, Debug)]
struct Addition {
    place: Place,
    actor: PersonId,
    task: TaskId,
    title: String,
}

/// What was added to a list.
#[derive(Clone, Default)]
struct Gathered {
    additions: Vec<Addition>,
    /// How many of them are in the notice.
    told: usize,
    notice: Option<u32>,
    /// Whether more is waited for.
    is_open: bool,
}

/// What was added and is not told, or not seen to be told.
#[derive(Clone, Copy)]
pub(super) struct Toasts {
    store: Store,
    client: StoredValue<Client>,
    lists: StoredValue<LiteMap<ListId, Gathered>>,
}

impl Toasts {
    pub(super) fn new(store: Store, client: StoredValue<Client>) -> Self {
        Self {
            store,
            client,
            lists: StoredValue::new(LiteMap::new()),
        }
    }

    /// Gathers what a row adds.
    pub(super) fn on_row(self, row: &Row) {
        let Topic::List(list) = row.topic else { return };
        let me = self.client.with_value(|client| client.account().person);
        // What is assigned to the person is told by itself.
        let mut added = additions(row);
        let mine = assigned_to(me, row);
        added.retain(|addition| !mine.iter().any(|(task, _)| *task == addition.task));
        if row.actor == me || row.client.is_none() || added.is_empty() {
            return;
        }
        let was_open = self.with(list, |gathered| {
            gathered.additions.extend(added);
            std::mem::replace(&mut gathered.is_open, true)
        });
        if !was_open {
            browser::after(MOMENT, move || self.say(list));
        }
    }

    fn with<T: Default>(self, list: ListId, act: impl FnOnce(&mut Gathered) -> T) -> T {
        let act = |lists: &mut LiteMap<ListId, Gathered>| act(lists.entry(list).or_default());
        self.lists.try_update_value(act).unwrap_or_default()
    }

    fn forget(self, list: ListId) {
        self.lists.update_value(|lists| drop(lists.remove(&list)));
    }

    /// Says what was added to a list within a moment.
    fn say(self, list: ListId) {
        let additions = self.with(list, |gathered| {
            gathered.is_open = false;
            gathered.additions.clone()
        });
        if browser::is_hidden() {
            self.forget(list);
            spawn_local(self.tell(list, additions));
            return;
        }
        let is_shown = self.store.shown.get_untracked() == Some(list);
        let unseen = is_shown.then(|| first_unseen(&additions)).flatten();
        if is_shown && unseen.is_none() {
            return self.forget(list);
        }
        let words = self.words(list, &additions);
        let sentence = match unseen {
            Some(_) => format!("{words}, out of sight."),
            None => format!("{words} to {}.", self.name(list)),
        };
        let shown = self.with(list, |gathered| {
            gathered.told = additions.len();
            gathered.notice
        });
        match shown.and_then(|number| self.store.notices.get(number)) {
            Some(notice) => notice.sentence.set(sentence),
            None => self.toast(list, sentence, unseen),
        }
    }

    fn toast(self, list: ListId, sentence: String, unseen: Option<TaskId>) {
        let action = unseen.map_or(Action::Show(list), Action::Reveal);
        let notice = Notice::new(Kind::Toast, sentence).offering(Button::new("Show", action));
        let number = notice.number;
        let mut notice = notice.ending(move || self.end(list, number));
        // The page itself says aloud what happens in the list that is shown.
        notice.is_quiet = unseen.is_some();
        self.with(list, |gathered| gathered.notice = Some(number));
        self.store.notices.put_for(notice, SHOWN_FOR);
    }

    /// The notice about a list has gone: what it told is not told again.
    fn end(self, list: ListId, number: u32) {
        let is_done = self.with(list, |gathered| {
            if gathered.notice != Some(number) {
                return false; // Another one tells of the list by now.
            }
            gathered.notice = None;
            gathered
                .additions
                .drain(..gathered.told.min(gathered.additions.len()));
            gathered.told = 0;
            gathered.additions.is_empty()
        });
        if is_done {
            self.forget(list);
        }
    }

    /// Tells it on the desktop, if no page is in sight and no other tab has told it.
    async fn tell(self, list: ListId, mut additions: Vec<Addition>) {
        let Some(last) = additions.iter().map(|addition| addition.place).max() else {
            return;
        };
        if !desktop::is_due() {
            return;
        }
        let told = desktop::claim(desktop::ADDED, last).await;
        additions.retain(|addition| Some(addition.place) > told);
        if !additions.is_empty() {
            let (title, body) = (self.name(list), self.words(list, &additions));
            browser::notify(&title, &body, &View::List(list).path()).await;
        }
    }

    fn name(self, list: ListId) -> String {
        self.client.with_value(|client| names::list(client, list))
    }

    fn words(self, list: ListId, additions: &[Addition]) -> String {
        let mut people: Vec<PersonId> = Vec::new();
        for addition in additions {
            if !people.contains(&addition.actor) {
                people.push(addition.actor);
            }
        }
        let name = |person: &PersonId| {
            self.client
                .with_value(|client| names::person(client, list, *person))
        };
        let names: Vec<String> = people.iter().map(name).collect();
        let titles: Vec<&str> = additions.iter().map(|addition| addition.title.as_str()).collect();
        words(&names, &titles)
    }
}

fn additions(row: &Row) -> Vec<Addition> {
    let added = row.changes.iter().filter_map(|change| match change {
        Change::TaskAdded { task } => Some(Addition {
            place: Place {
                at: row.at,
                seq: row.seq,
            },
            actor: row.actor,
            task: task.id,
            title: task.title.to_string(),
        }),
        _ => None,
    });
    added.collect()
}

/// The first of these whose row is drawn, if none of them is in sight.
fn first_unseen(additions: &[Addition]) -> Option<TaskId> {
    let mut first = None;
    for Addition { task, .. } in additions {
        match browser::is_in_sight(&format!("row-{task}")) {
            Some(true) => return None,
            Some(false) => first = first.or(Some(*task)),
            None => {}
        }
    }
    first
}

/// Who added what.
fn words(names: &[String], titles: &[&str]) -> String {
    let by = match names {
        [] => String::new(),
        [one] => one.clone(),
        [one, two] => format!("{one} and {two}"),
        [one, others @ ..] => format!("{one} and {} others", others.len()),
    };
    match titles {
        [title] => format!("{by} added “{}”", isolated(&short(title))),
        titles => format!("{by} added {} tasks", titles.len()),
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
    fn one_sentence_says_who_added_what() {
        let names = |count: usize| ["Ana", "Bo", "Cy", "Di"].map(String::from)[..count].to_vec();
        for (count, titles, expected) in [
            (1, vec!["Milk"], "Ana added “Milk”"),
            (1, vec!["Milk", "Tea"], "Ana added 2 tasks"),
            (2, vec!["Milk", "Tea"], "Ana and Bo added 2 tasks"),
            (4, vec!["Milk"; 5], "Ana and 3 others added 5 tasks"),
        ] {
            assert_eq!(words(&names(count), &titles), expected);
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
