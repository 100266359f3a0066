//! Fields are set, read and taken back.

use super::*;
use crate::{OrderKey, PersonId, TaskId, Timestamp};

/// Who does it all, and when.
const STAMP: Attribution = Attribution {
    by: PersonId::from_bytes([1; 16]),
    at: Timestamp(1),
};

/// A task with a title and nothing else.
fn milk() -> Task {
    let title = Title::parse("Milk").unwrap();
    Task::new(
        TaskId::from_bytes([2; 16]),
        title,
        OrderKey::between(None, None),
        STAMP,
    )
}

#[test]
fn whatever_is_set_of_a_task_is_its_title_its_notes_its_check_or_one_of_the_others() {
    let new = milk();
    assert!(Field::others_of(&new).is_empty());
    for field in (1..6).flat_map(Field::examples) {
        let mut task = new.clone();
        field.apply(&mut task, STAMP);
        assert_eq!(field.of(&task), field);
        let mut again = new.clone();
        (again.title, again.notes, again.done) = (task.title.clone(), task.notes.clone(), task.done);
        for other in Field::others_of(&task) {
            other.apply(&mut again, STAMP);
        }
        assert_eq!(again, task, "{field:?}");
    }
}

#[test]
fn taking_back_never_takes_back_what_somebody_else_has_set_since() {
    let mut task = milk();
    let (none, first, second) = (
        Field::Priority(None),
        Field::Priority(Some(Priority::First)),
        Field::Priority(Some(Priority::Second)),
    );
    first.apply(&mut task, STAMP);
    assert_eq!(none.settle(&task, Some(&first)), Ok(Some(none.clone())));
    second.apply(&mut task, STAMP);
    assert_eq!(none.settle(&task, Some(&first)), Err(Refusal::ChangedMeanwhile));
    assert_eq!(none.settle(&task, None), Ok(Some(none.clone())));
    assert_eq!(second.settle(&task, None), Ok(None));
}

#[test]
fn a_field_that_is_applied_twice_is_as_if_it_was_applied_once() {
    let new = milk();
    for field in (0..30).flat_map(Field::examples) {
        // Also where something else is set of it already.
        for others in [vec![], Field::examples(2), Field::examples(3)] {
            let mut once = new.clone();
            for other in others.iter().chain([&field]) {
                other.apply(&mut once, STAMP);
            }
            let mut twice = once.clone();
            field.apply(&mut twice, STAMP);
            assert_eq!(once, twice, "{field:?}");
        }
    }
}
