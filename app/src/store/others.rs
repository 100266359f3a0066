//! Who else has the shown list open, on which row, and whether they type.

use domain::wire::{Presence, Present};
use domain::{ListId, LiteMap, Member, PersonId, TaskId};
use leptos::prelude::*;

use super::row::{Row, RowMark};
use super::set::set;

/// The other people on the page.
#[derive(Clone, Copy)]
pub(crate) struct Others {
    me: StoredValue<PersonId>,
    /// What the stream said last of each list.
    heard: StoredValue<LiteMap<ListId, Vec<Present>>>,
    /// Who else has the shown list open.
    pub(crate) people: RwSignal<Vec<PersonId>>,
    /// Who types a new task, in words.
    pub(crate) typing: RwSignal<String>,
    /// The tasks whose rows are marked.
    marked: StoredValue<Vec<TaskId>>,
}

impl Others {
    pub(super) fn new(me: PersonId) -> Self {
        Self {
            me: StoredValue::new(me),
            heard: StoredValue::new(LiteMap::new()),
            people: RwSignal::new(Vec::new()),
            typing: RwSignal::new(String::new()),
            marked: StoredValue::new(Vec::new()),
        }
    }

    /// The stream has said who has a list open.
    pub(super) fn hear(self, Presence { list, people }: Presence) {
        let me = self.me.get_value();
        let others = people
            .into_iter()
            .filter(|present| present.person != me)
            .collect();
        self.heard.update_value(|heard| {
            heard.insert(list, others);
        });
    }

    /// The stream begins anew, and says all of it again.
    pub(super) fn forget(self) {
        self.heard.update_value(LiteMap::clear);
    }

    /// Whether nobody else has the shown list open.
    pub(crate) fn is_nobody(self) -> bool {
        self.people.with_untracked(Vec::is_empty)
    }

    /// Marks the rows that others are on.
    pub(super) fn draw(
        self,
        shown: Option<ListId>,
        members: &[(PersonId, Member)],
        row: impl Fn(TaskId) -> Option<Row>,
    ) {
        let of = |heard: &LiteMap<ListId, Vec<Present>>| heard.get(&shown?).cloned();
        let present = self.heard.with_value(of).unwrap_or_default();
        let mut typing = String::new();
        let mut marks: LiteMap<TaskId, RowMark> = LiteMap::new();
        for Present {
            person,
            task,
            typing: types,
        } in &present
        {
            let Some((_, member)) = members.iter().find(|(other, _)| other == person) else {
                continue;
            };
            let mut mark = RowMark::of(&member.profile);
            if *types {
                mark.words += " is typing…";
            }
            match task {
                Some(task) => drop(marks.insert(*task, mark)),
                None if *types && typing.is_empty() => typing = mark.words,
                None => {}
            }
        }
        for task in self.marked.get_value() {
            if !marks.contains_key(&task)
                && let Some(row) = row(task)
            {
                row.set_here(None);
            }
        }
        self.marked.set_value(marks.keys().copied().collect());
        for (task, mark) in marks {
            if let Some(row) = row(task) {
                row.set_here(Some(mark));
            }
        }
        set(self.typing, typing);
        set(
            self.people,
            present.iter().map(|present| present.person).collect(),
        );
    }
}
