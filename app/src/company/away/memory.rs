//! What this browser remembers of each list, for all tabs: up to where it was seen, and what there is to tell of an
//! absence. Another device has its own eyes.

use domain::json::Read;
use domain::{ListId, PersonId, TaskId, Timestamp};
use serde::{Deserialize, Serialize};

use crate::browser::{self, Keep};
use crate::json;

/// Where the browser keeps it.
const KEY: &str = "tandem-seen";

/// All that one person has seen.
#[derive(PartialEq, Eq, Debug, Serialize, Deserialize, Read)]
struct Memory {
    person: PersonId,
    lists: Vec<(ListId, Seen)>,
}

/// When a list was looked at last.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize, Read)]
pub(super) struct Seen {
    /// Where in the stream the page stood; empty if it never was.
    pub(super) cursor: String,
    pub(super) at: Timestamp,
    pub(super) absence: Option<Absence>,
}

/// What there is to tell of an absence, until it is told and seen. It is kept, so that a reload does not lose it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Read)]
pub(super) struct Absence {
    /// The cursor since when.
    pub(super) cursor: String,
    pub(super) since: Timestamp,
    /// Whether the panel was dismissed.
    pub(super) dismissed: bool,
    /// Which of the marked tasks were seen.
    pub(super) seen: Vec<TaskId>,
}

/// What is remembered of a list.
pub(super) fn of(person: PersonId, list: ListId) -> Seen {
    let lists = read(person).lists;
    let seen = lists.into_iter().find(|(other, _)| *other == list);
    seen.map(|(_, seen)| seen).unwrap_or_default()
}

/// Changes what is remembered of a list.
pub(super) fn change(person: PersonId, list: ListId, change: impl FnOnce(&mut Seen)) {
    let mut memory = read(person);
    if memory.lists.iter().all(|(other, _)| *other != list) {
        memory.lists.push((list, Seen::default()));
    }
    if let Some((_, seen)) = memory.lists.iter_mut().find(|(other, _)| *other == list) {
        change(seen);
    }
    browser::keep(Keep::Browser, KEY, json::write(&memory).ok().as_deref());
}

fn read(person: PersonId) -> Memory {
    let kept = browser::kept(Keep::Browser, KEY).and_then(|kept| json::read::<Memory>(&kept).ok());
    kept.filter(|memory| memory.person == person).unwrap_or(Memory {
        person,
        lists: Vec::new(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_what_comes_back() {
        let absence = Absence {
            cursor: "k3.7".to_owned(),
            since: Timestamp(5),
            dismissed: true,
            seen: vec![TaskId::from_bytes([2; 16])],
        };
        let seen = |absence| Seen {
            cursor: "k3.9".to_owned(),
            at: Timestamp(6),
            absence,
        };
        let memory = Memory {
            person: PersonId::from_bytes([1; 16]),
            lists: vec![
                (ListId::from_bytes([3; 16]), seen(Some(absence))),
                (ListId::from_bytes([4; 16]), seen(None)),
            ],
        };
        let kept = json::write(&memory).unwrap();
        assert_eq!(json::read(&kept), Ok(memory));
    }
}
