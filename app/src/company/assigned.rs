//! What others ask the person to do: told wherever the person is, and on the desktop where no page is in sight.

use domain::sync::Client;
use domain::{Change, Field, ListId, PersonId, Row, TaskId, Topic, View, isolated};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::desktop::{self, Place};
use super::names;
use crate::browser;
use crate::store::{Action, Button, Kind, Notice, Store};

/// How long a notice is shown, in milliseconds: longer than one of what was added, since something is expected of the reader.
const SHOWN_FOR: u64 = 20_000;

/// The same where nobody looks at the page: it is to be there on their return.
const UNTIL_SEEN: u64 = 12 * 60 * 60 * 1_000;

/// The tasks that a row assigns to that person, each with its title if the row says it.
pub(super) fn assigned_to(me: PersonId, row: &Row) -> Vec<(TaskId, Option<String>)> {
    let of_change = |change: &Change| match change {
        Change::TaskAdded { task } if task.assignees.contains(&me) => {
            Some((task.id, Some(task.title.to_string())))
        }
        Change::TaskSet {
            task,
            field: Field::Assigned(person, true),
        } if *person == me => Some((*task, None)),
        _ => None,
    };
    row.changes.iter().filter_map(of_change).collect()
}

/// Tells what somebody else has assigned to the person.
pub(super) fn on_row(store: Store, client: &Client, row: &Row) {
    let Topic::List(list) = row.topic else { return };
    let me = client.account().person;
    let tasks = assigned_to(me, row);
    let [(first, title), rest @ ..] = tasks.as_slice() else {
        return;
    };
    // What comes again stays with whom it was assigned to.
    let comes_again = row.changes.iter().any(|change| {
        matches!(
            change,
            Change::TaskSet {
                field: Field::Done(true),
                ..
            }
        )
    });
    if row.actor == me || row.client.is_none() || comes_again {
        return;
    }
    let known = || Some(client.list(list)?.task(*first)?.title.to_string());
    let what = match title.clone().or_else(known) {
        _ if !rest.is_empty() => format!("{} tasks", tasks.len()),
        Some(title) => format!("“{}”", isolated(&title)),
        None => "a task".to_owned(),
    };
    let by = names::person(client, list, row.actor);
    let sentence = format!("{by} assigned {what} to you.");
    if browser::is_hidden() {
        let place = Place {
            at: row.at,
            seq: row.seq,
        };
        spawn_local(tell(list, names::list(client, list), sentence.clone(), place));
    }
    let is_shown = store.shown.get_untracked() == Some(list);
    let action = if is_shown {
        Action::Reveal(*first)
    } else {
        Action::Show(list)
    };
    let mut notice = Notice::new(Kind::Toast, sentence).offering(Button::new("Show", action));
    // The page itself says aloud what happens in the list that is shown.
    notice.is_quiet = is_shown;
    let time = if browser::is_hidden() {
        UNTIL_SEEN
    } else {
        SHOWN_FOR
    };
    store.notices.put_for(notice, time);
}

/// Tells it on the desktop, if no page is in sight and no other tab has told it.
async fn tell(list: ListId, name: String, sentence: String, place: Place) {
    if desktop::is_due() && desktop::claim(desktop::ASSIGNED, place).await < Some(place) {
        browser::notify(&name, &sentence, &View::List(list).path()).await;
    }
}
