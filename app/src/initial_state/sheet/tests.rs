//! What a page says of a list is what both readers take out of it.

use domain::{ListId, ListName};

use super::*;
use crate::InitialState;
use crate::json;

/// A list in which each priority stands, and none, with and without the other things that a task may have.
fn list() -> List {
    let mut list = List::new(ListId::from_bytes([3; 16]), ListName::parse("Home").unwrap());
    let people = [PersonId::from_bytes([1; 16]), PersonId::from_bytes([2; 16])];
    let priorities = Priority::ALL.into_iter().map(Some).chain([None]);
    let (mut number, mut last) = (0, None);
    for priority in priorities {
        for (by, done, notes) in [(0, None, ""), (1, Some(0), "Two\nloaves."), (1, None, "\"<b>\"")] {
            number += 1;
            let by = |person: usize, at| Attribution {
                by: people[person],
                at: Timestamp(at),
            };
            let order = OrderKey::between(last.as_ref(), None);
            last = Some(order.clone());
            let title = Title::parse(&format!("Task {number}")).unwrap();
            let mut task = Task::new(
                TaskId::from_bytes([number; 16]),
                title,
                order,
                by(done.unwrap_or(1), 5),
            );
            task.priority = priority;
            task.notes = Notes::parse(notes).unwrap();
            task.done = done.map(|person| by(person, 7));
            list.put(task);
        }
    }
    list
}

fn state(list: List) -> InitialState {
    InitialState {
        snapshot: Some(Snapshot {
            epoch: Epoch::none(),
            seq: Seq::ZERO,
            whole: true,
            list,
        }),
        ..InitialState::missing()
    }
}

#[test]
fn a_page_keeps_all_of_a_task() {
    let state = state(list());
    let text = json::write(&state).unwrap();
    assert_eq!(text, serde_json::to_string(&state).unwrap());
    assert_eq!(json::read::<InitialState>(&text).as_ref(), Ok(&state));
    assert_eq!(serde_json::from_str::<InitialState>(&text).unwrap(), state);
    let read: InitialState = json::read(&text).unwrap();
    let mut priorities: Vec<u8> = read
        .snapshot
        .iter()
        .flat_map(|snapshot| snapshot.list.tasks())
        .filter_map(|task| task.priority)
        .map(Priority::number)
        .collect();
    priorities.sort_unstable();
    assert_eq!(priorities, [1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4]);
}

#[test]
fn a_priority_that_there_is_not_makes_the_page_unreadable() {
    let state = state(list());
    let good = json::write(&state).unwrap();
    for priority in ["0", "5", "256", "\"1\"", "true"] {
        let bad = good.replace("\"\",1]", &format!("\"\",{priority}]"));
        assert_ne!(bad, good);
        assert!(json::read::<InitialState>(&bad).is_err(), "{priority}");
        assert!(serde_json::from_str::<InitialState>(&bad).is_err(), "{priority}");
    }
}

#[test]
fn a_page_without_a_list_says_so() {
    let state = InitialState::missing();
    let text = json::write(&state).unwrap();
    assert_eq!(json::read(&text), Ok(state));
}
