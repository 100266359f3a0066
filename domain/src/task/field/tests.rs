//! Fields are set, read and taken back.

use super::*;
use crate::{OrderKey, PersonId, TaskId, Timestamp};

#[test]
fn whatever_is_set_of_a_task_is_its_title_its_notes_its_check_or_one_of_the_others() {
    let added = Attribution {
        by: PersonId::from_bytes([1; 16]),
        at: Timestamp(1),
    };
    let new = Task::new(
        TaskId::from_bytes([2; 16]),
        Title::parse("Milk").unwrap(),
        OrderKey::between(None, None),
        added,
    );
    assert!(Field::others_of(&new).is_empty());
    for field in (1..6).flat_map(Field::examples) {
        let mut task = new.clone();
        field.apply(&mut task, added);
        assert_eq!(field.of(&task), field);
        let mut again = new.clone();
        (again.title, again.notes, again.done) = (task.title.clone(), task.notes.clone(), task.done);
        for other in Field::others_of(&task) {
            other.apply(&mut again, added);
        }
        assert_eq!(again, task, "{field:?}");
    }
}

#[test]
fn taking_back_never_takes_back_what_somebody_else_has_set_since() {
    let added = Attribution {
        by: PersonId::from_bytes([1; 16]),
        at: Timestamp(1),
    };
    let title = Title::parse("Milk").unwrap();
    let mut task = Task::new(
        TaskId::from_bytes([2; 16]),
        title,
        OrderKey::between(None, None),
        added,
    );
    let (none, first, second) = (
        Field::Priority(None),
        Field::Priority(Some(Priority::First)),
        Field::Priority(Some(Priority::Second)),
    );
    first.apply(&mut task, added);
    assert_eq!(none.settle(&task, Some(&first)), Ok(Some(none.clone())));
    second.apply(&mut task, added);
    assert_eq!(none.settle(&task, Some(&first)), Err(Refusal::ChangedMeanwhile));
    assert_eq!(none.settle(&task, None), Ok(Some(none.clone())));
    assert_eq!(second.settle(&task, None), Ok(None));
}
