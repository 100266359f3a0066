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

#[cfg(test)]
#[cfg(feature = "ssr")]
mod tests {
    use domain::{
        Attribution, Colour, List, ListName, OrderKey, PersonName, Profile, Role, Task, Timestamp, Title,
    };

    use super::*;

    const ME: PersonId = PersonId::from_bytes([1; 16]);
    const ANN: PersonId = PersonId::from_bytes([2; 16]);
    const BOB: PersonId = PersonId::from_bytes([3; 16]);
    const LIST: ListId = ListId::from_bytes([4; 16]);
    const MILK: TaskId = TaskId::from_bytes([5; 16]);
    const BREAD: TaskId = TaskId::from_bytes([6; 16]);

    fn row_of(id: TaskId) -> Row {
        let added = Attribution {
            by: ME,
            at: Timestamp(5),
        };
        let key = OrderKey::between(None, None);
        let list = List::new(LIST, ListName::parse("Home").unwrap());
        let title = Title::parse("Milk").unwrap();
        Row::new(0, &list, &Task::new(id, title, key, added))
    }

    fn member(name: &str) -> Member {
        Member {
            role: Role::Editor,
            profile: Profile {
                name: PersonName::parse(name).unwrap(),
                colour: Colour::parse(3).unwrap(),
            },
        }
    }

    fn at(person: PersonId, task: Option<TaskId>, typing: bool) -> Present {
        Present { person, task, typing }
    }

    /// What the page shows after it has heard of those people: who is there, who types a new task, and the marks of two rows.
    #[track_caller]
    fn check(heard: &[Vec<Present>], people: &[PersonId], typing: &str, marks: [Option<&str>; 2]) {
        let owner = Owner::new();
        owner.with(|| {
            let others = Others::new(ME);
            let rows = [(MILK, row_of(MILK)), (BREAD, row_of(BREAD))];
            let members = [(ME, member("Me")), (ANN, member("Ann")), (BOB, member("Bob"))];
            for people in heard {
                others.hear(Presence {
                    list: LIST,
                    people: people.clone(),
                });
                let find = |task| {
                    let mut rows = rows.iter();
                    rows.find(|(id, _)| *id == task).map(|(_, row)| row.clone())
                };
                others.draw(Some(LIST), &members, find);
            }
            assert_eq!(others.people.get_untracked(), people);
            assert_eq!(others.typing.get_untracked(), typing);
            let words = rows
                .each_ref()
                .map(|(_, row)| row.here.get_untracked().map(|mark| mark.words));
            assert_eq!(words.each_ref().map(Option::as_deref), marks);
        });
    }

    #[test]
    fn rows_show_who_is_on_them_and_the_head_who_types_a_new_task() {
        check(
            &[vec![at(ANN, Some(MILK), false)]],
            &[ANN],
            "",
            [Some("Ann"), None],
        );
        check(
            &[vec![at(ANN, None, true), at(BOB, Some(BREAD), true)]],
            &[ANN, BOB],
            "Ann is typing…",
            [None, Some("Bob is typing…")],
        );
    }

    #[test]
    fn one_is_not_told_of_oneself_nor_of_somebody_who_is_no_member() {
        check(&[vec![at(ME, Some(MILK), true)]], &[], "", [None, None]);
        let stranger = PersonId::from_bytes([9; 16]);
        check(
            &[vec![at(stranger, Some(MILK), true)]],
            &[stranger],
            "",
            [None, None],
        );
    }

    #[test]
    fn whoever_goes_elsewhere_leaves_no_mark() {
        check(
            &[
                vec![at(ANN, Some(MILK), false)],
                vec![at(ANN, Some(BREAD), false)],
                vec![],
            ],
            &[],
            "",
            [None, None],
        );
        check(
            &[
                vec![at(ANN, Some(MILK), false)],
                vec![at(ANN, Some(BREAD), false)],
            ],
            &[ANN],
            "",
            [None, Some("Ann")],
        );
    }
}
