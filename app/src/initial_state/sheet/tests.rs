//! What a page says of a list is what both readers take out of it.

use domain::{ListId, ListName};

use super::*;
use crate::InitialState;
use crate::json;

/// A list in which tasks have notes, are done, and have each other field set.
fn list() -> List {
    let mut list = List::new(ListId::from_bytes([3; 16]), ListName::parse("Home").unwrap());
    let people = [PersonId::from_bytes([1; 16]), PersonId::from_bytes([2; 16])];
    let (mut number, mut last) = (0, None);
    for field in (0..6).flat_map(Field::examples) {
        for (by, done, notes) in [(0, None, ""), (1, Some(0), "Two\nloaves."), (1, None, "\"<b>\"")] {
            number += 1;
            let stamp = |person: usize, at| Attribution {
                by: people[person],
                at: Timestamp(at),
            };
            let order = OrderKey::between(last.as_ref(), None);
            last = Some(order.clone());
            let title = Title::parse(&format!("Task {number}")).unwrap();
            let mut task = Task::new(TaskId::from_bytes([number; 16]), title, order, stamp(by, 5));
            task.notes = Notes::parse(notes).unwrap();
            task.done = done.map(|person| stamp(person, 7));
            field.apply(&mut task, stamp(by, 8));
            task.parent = (number % 4 == 0).then(|| TaskId::from_bytes([number - 1; 16]));
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
}

#[test]
fn a_field_that_there_is_not_makes_the_page_unreadable() {
    let mut list = List::new(ListId::from_bytes([3; 16]), ListName::parse("Home").unwrap());
    let added = Attribution {
        by: PersonId::from_bytes([1; 16]),
        at: Timestamp(5),
    };
    let title = Title::parse("Milk").unwrap();
    list.put(Task::new(
        TaskId::from_bytes([2; 16]),
        title,
        OrderKey::between(None, None),
        added,
    ));
    let good = json::write(&state(list)).unwrap();
    for field in [r#"{"colour":1}"#, r#""done""#, "1", "null"] {
        let bad = good.replace(",5]", &format!(",5,null,\"\",[{field}]]"));
        assert_ne!(bad, good);
        assert!(json::read::<InitialState>(&bad).is_err(), "{field}");
        assert!(serde_json::from_str::<InitialState>(&bad).is_err(), "{field}");
    }
}

#[test]
fn a_page_without_a_list_says_so() {
    let state = InitialState::missing();
    let text = json::write(&state).unwrap();
    assert_eq!(json::read(&text), Ok(state));
}
