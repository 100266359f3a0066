//! The start of a new guest: a pleasant name, a colour, and a first list whose tasks explain Tandem.
//!
//! All of it follows from ids that follow from the guest's cookie, so nothing is written until they do something.

use crate::{
    Account, Change, Colour, Decision, List, ListId, ListName, OrderKey, PersonId, PersonName, Profile, Role,
    Timestamp,
};
use crate::{Attribution, Task, TaskId, Title, Topic, Version};

/// A new guest: the ids that follow from their cookie.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Guest {
    /// The person's id.
    pub person: PersonId,
    /// Their first list.
    pub list: ListId,
    /// The tasks in it.
    pub tasks: [TaskId; 3],
}

const FIRST_LIST: &str = "My list";

const TEACHING: [&str; 3] = [
    "Click the circle to complete this task",
    "Open this list in another window, and see that it is live",
    "Press Share to work on this list together",
];

const ADJECTIVES: [&str; 24] = [
    "Amber", "Bright", "Brisk", "Calm", "Clever", "Cosy", "Daring", "Eager", "Fair", "Gentle", "Glad",
    "Happy", "Jolly", "Keen", "Kind", "Lively", "Lucky", "Mellow", "Merry", "Nimble", "Quick", "Quiet",
    "Sunny", "Swift",
];

const ANIMALS: [&str; 32] = [
    "Badger", "Beaver", "Bison", "Crane", "Dolphin", "Falcon", "Finch", "Fox", "Gecko", "Hare", "Heron",
    "Ibis", "Jay", "Koala", "Lark", "Lemur", "Lynx", "Marmot", "Marten", "Newt", "Ocelot", "Otter", "Owl",
    "Panda", "Puffin", "Quail", "Raven", "Robin", "Seal", "Stork", "Tapir", "Wren",
];

impl Guest {
    /// The name and colour they start with.
    pub fn profile(&self) -> Profile {
        profile(self.person)
    }

    /// Their account before anything is written: in one list, at version 0.
    pub fn account(&self) -> Account {
        let lists = [(self.list, Role::Owner)].into_iter().collect();
        Account {
            person: self.person,
            version: Version::ZERO,
            profile: self.profile(),
            lists,
        }
    }

    /// Their first list before anything is written, at version 0.
    pub fn first_list(&self) -> List {
        let mut list = List::new(self.list, line(ListName::parse(FIRST_LIST)));
        for change in self.list_changes() {
            list.apply(self.stamp(), &change);
        }
        list
    }

    /// The log rows that write it all down. Applied to what [`Self::account`] and [`Self::first_list`] give, they change nothing.
    pub fn decision(&self) -> Decision {
        let mine = vec![
            Change::ProfileSet {
                profile: self.profile(),
            },
            Change::ListJoined {
                list: self.list,
                role: Role::Owner,
            },
        ];
        vec![
            (Topic::Person(self.person), mine),
            (Topic::List(self.list), self.list_changes()),
        ]
    }

    fn list_changes(&self) -> Vec<Change> {
        let mut changes = vec![
            Change::ListCreated {
                name: line(ListName::parse(FIRST_LIST)),
            },
            Change::MemberJoined {
                person: self.person,
                role: Role::Owner,
                profile: self.profile(),
            },
        ];
        let keys = OrderKey::n_between(None, None, TEACHING.len());
        changes.extend(
            self.tasks
                .iter()
                .zip(TEACHING)
                .zip(keys)
                .map(|((id, title), order)| {
                    let title = line(Title::parse(title));
                    Change::TaskAdded {
                        task: Task::new(*id, title, order, self.stamp()),
                    }
                }),
        );
        changes
    }

    /// The teaching tasks carry no time: the same cookie must always give the same list.
    const fn stamp(&self) -> Attribution {
        Attribution {
            by: self.person,
            at: Timestamp::ZERO,
        }
    }
}

/// The name and colour of a person until they choose others.
pub fn profile(person: PersonId) -> Profile {
    let number = person.as_bytes().iter().fold(0_usize, |sum, byte| {
        sum.wrapping_mul(31).wrapping_add(usize::from(*byte))
    });
    let pick =
        |words: &[&'static str], number: usize| words.get(number % words.len()).copied().unwrap_or("Kind");
    let name = format!(
        "{} {}",
        pick(&ADJECTIVES, number),
        pick(&ANIMALS, number / ADJECTIVES.len())
    );
    let colour = (number / ADJECTIVES.len() / ANIMALS.len()) % usize::from(Colour::COUNT);
    Profile {
        name: line(PersonName::parse(&name)),
        colour: u8::try_from(colour)
            .ok()
            .and_then(Colour::parse)
            .unwrap_or_default(),
    }
}

/// The texts of this file are known to parse: a test says so.
#[expect(
    clippy::expect_used,
    reason = "constants of this file; the tests below go through all of them"
)]
fn line<T>(text: Result<T, crate::TextProblem>) -> T {
    text.expect("a text of this file parses")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guest(byte: u8) -> Guest {
        let id = |n: u8| [[byte; 15].as_slice(), &[n]].concat().try_into().unwrap();
        Guest {
            person: PersonId::from_bytes(id(0)),
            list: ListId::from_bytes(id(1)),
            tasks: [2, 3, 4].map(|n| TaskId::from_bytes(id(n))),
        }
    }

    #[test]
    fn what_is_written_later_is_what_was_shown_before() {
        let guest = guest(7);
        let (mut account, mut list) = (guest.account(), guest.first_list());
        assert_eq!(
            list.open()
                .into_iter()
                .map(|task| task.title.as_str())
                .collect::<Vec<_>>(),
            TEACHING
        );
        for (_, changes) in guest.decision() {
            for change in &changes {
                account.apply(change);
                list.apply(
                    Attribution {
                        by: guest.person,
                        at: Timestamp(9),
                    },
                    change,
                );
            }
        }
        assert_eq!((account, list), (guest.account(), guest.first_list()));
    }

    #[test]
    fn every_guest_has_a_name_that_parses() {
        for word in ADJECTIVES {
            for animal in ANIMALS {
                assert!(PersonName::parse(&format!("{word} {animal}")).is_ok());
            }
        }
        let names: std::collections::BTreeSet<String> =
            (0..=255).map(|n| guest(n).profile().name.to_string()).collect();
        assert!(names.len() > 150, "only {} names for 256 guests", names.len());
    }
}
