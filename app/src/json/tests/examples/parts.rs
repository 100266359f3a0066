//! What the examples are made of.

use domain::{
    Attribution, ClientId, Colour, Day, Epoch, Estimate, LabelName, ListId, ListName, Notes, OrderKey,
    PersonId, PersonName, Priority, Profile, Task, TaskId, Timestamp, Title,
};

pub(crate) const PERSON: PersonId = PersonId::from_bytes([0x01; 16]);
pub(crate) const OTHER_PERSON: PersonId = PersonId::from_bytes([0x06; 16]);
pub(crate) const TASK: TaskId = TaskId::from_bytes([0x02; 16]);
pub(crate) const OTHER_TASK: TaskId = TaskId::from_bytes([0x04; 16]);
pub(crate) const CLIENT: ClientId = ClientId::from_bytes([0x05; 16]);
pub(crate) const LIST: ListId = ListId::from_bytes([0x03; 16]);
pub(crate) const OTHER_LIST: ListId = ListId::from_bytes([0x07; 16]);

/// A task with nothing but what every task has.
pub(crate) fn task() -> Task {
    Task::new(TASK, title("Milk"), order("V"), attribution(0))
}

/// A task outside the trash with notes, a priority, a day and its check.
pub(crate) fn done_task() -> Task {
    Task {
        id: OTHER_TASK,
        notes: notes("Two\nloaves."),
        order: order("V001"),
        priority: Some(Priority::First),
        due: Day::of(2027, 3, 1),
        due_time: "17:00 Europe/Berlin".parse().ok(),
        deadline: Day::of(2027, 4, 1),
        start: Day::of(2027, 2, 1),
        estimate: Estimate::of_minutes(90),
        labels: vec![LabelName::parse("home").unwrap()],
        assignees: vec![PERSON, OTHER_PERSON],
        done: Some(Attribution {
            by: OTHER_PERSON,
            at: Timestamp(7),
        }),
        ..task()
    }
}

/// A section.
pub(crate) fn section() -> Task {
    Task {
        section: true,
        ..task()
    }
}

/// A task of which everything is there.
pub(crate) fn whole_task() -> Task {
    Task {
        deleted: Some(attribution(u64::MAX)),
        ..done_task()
    }
}

pub(crate) fn attribution(at: u64) -> Attribution {
    Attribution {
        by: PERSON,
        at: Timestamp(at),
    }
}

pub(crate) fn profile() -> Profile {
    Profile {
        name: PersonName::parse("Ann").unwrap(),
        colour: Colour::parse(11).unwrap(),
    }
}

pub(crate) fn epoch() -> Epoch {
    Epoch::parse("0000000000000000").unwrap()
}

pub(crate) fn name(text: &str) -> ListName {
    ListName::parse(text).unwrap()
}

pub(crate) fn title(text: &str) -> Title {
    Title::parse(text).unwrap()
}

pub(crate) fn notes(text: &str) -> Notes {
    Notes::parse(text).unwrap()
}

pub(crate) fn order(text: &str) -> OrderKey {
    OrderKey::parse(text).unwrap()
}
