//! What Tandem exports and takes back in is the same: titles, notes, checks, priorities, days, the order, the sections, and which task is
//! a part of which.
#![expect(clippy::unwrap_used, reason = "the lists are made here")]

use bolero::{TypeGenerator, check};
use domain::capture::Language;
use domain::{
    Attribution, Day, Field, List, ListId, ListName, Notes, OrderKey, PersonId, Task, TaskId, Timestamp,
    Title,
};
use import::{Shape, Source, read};

/// A task, before it is one.
#[derive(Debug, TypeGenerator)]
struct Typed {
    title: String,
    notes: String,
    number: u32,
    is_in_trash: bool,
    /// Which of the tasks before it, outside the trash and less than five levels deep without their section, it is a part of.
    parent: Option<u8>,
}

/// The tasks in a list, each behind the one before or in front of it.
fn list(typed: &[Typed]) -> List {
    let mut list = List::new(ListId::from_bytes([1; 16]), ListName::parse("Home").unwrap());
    let stamp = Attribution {
        by: PersonId::from_bytes([2; 16]),
        at: Timestamp(3),
    };
    let (mut first, mut last) = (None::<OrderKey>, None::<OrderKey>);
    for (index, one) in typed.iter().enumerate() {
        let order = if one.number.is_multiple_of(2) {
            OrderKey::between(last.as_ref(), None)
        } else {
            OrderKey::between(None, first.as_ref())
        };
        let title = Title::parse(&one.title).unwrap_or_else(|_| Title::parse("Milk").unwrap());
        let mut task = Task::new(TaskId::from_bytes([index as u8; 16]), title, order.clone(), stamp);
        for field in Field::examples(one.number)
            .iter()
            .filter(|field| field.text().is_none())
        {
            field.apply(&mut task, stamp);
        }
        task.notes = Notes::parse(&one.notes).unwrap_or_default();
        task.deleted = one.is_in_trash.then_some(stamp);
        let level = |other: &Task| list.parents(other).filter(|above| !above.section).count();
        let can_be = |other: &&Task| other.is_live() && (other.section || level(other) < Task::MOST_LEVELS);
        let mut parents: Vec<TaskId> = list.all_tasks().filter(can_be).map(|other| other.id).collect();
        let at = one.parent.map(|at| usize::from(at) % parents.len().max(1));
        task.parent = at.and_then(|at| parents.drain(..).nth(at));
        task.section &= task.parent.is_none() && task.done.is_none();
        first = [first, Some(order.clone())].into_iter().flatten().min();
        last = last.max(Some(order));
        list.put(task);
    }
    list
}

/// The tasks outside the trash as they are read, the sections behind the others, each with which of them it is a part of.
fn in_order(list: &List) -> Vec<(&Task, Option<usize>)> {
    fn go<'a>(list: &'a List, parent: Option<(TaskId, usize)>, all: &mut Vec<(&'a Task, Option<usize>)>) {
        let (sections, tasks): (Vec<_>, Vec<_>) = list
            .subtasks(parent.map(|(id, _)| id))
            .partition(|task| task.section);
        for task in tasks.into_iter().chain(sections) {
            all.push((task, parent.map(|(_, at)| at)));
            go(list, Some((task.id, all.len() - 1)), all);
        }
    }
    let mut all = Vec::new();
    go(list, None, &mut all);
    all
}

#[test]
fn what_is_exported_comes_back_as_it_was() {
    let fields = |(task, parent): (&Task, Option<usize>)| {
        let is_done = task.done.is_some();
        (
            task.title.clone(),
            task.notes.as_str().trim_matches(domain::is_break).to_owned(),
            is_done,
            task.priority,
            task.due,
            task.repeat.clone(),
            (
                task.deadline,
                task.start,
                task.estimate,
                task.labels.clone(),
                parent,
                task.section,
            ),
        )
    };
    check!()
        .with_type::<Vec<Typed>>()
        .with_iterations(500)
        .for_each(|typed| {
            let list = list(typed.get(..200).unwrap_or(typed));
            let json = format!(
                "{{\"tandem\":1,\"lists\":[{}],\"trash\":[]}}",
                serde_json::to_string(&list).unwrap()
            );
            let source = Source {
                bytes: json.as_bytes(),
                name: "tandem.json",
                today: Day::of(2026, 12, 2),
                languages: &[Language::English],
                columns: None,
            };
            let before: Vec<_> = in_order(&list).into_iter().map(fields).collect();
            let Ok(imported) = read(&source) else {
                assert!(before.is_empty());
                return;
            };
            assert_eq!((imported.shape, imported.lists.len()), (Shape::Tandem, 1));
            let tasks = imported.lists[0].tasks.iter();
            let after: Vec<_> = tasks
                .map(|task| {
                    (
                        task.title.clone(),
                        task.notes.as_str().to_owned(),
                        task.is_done,
                        task.priority,
                        task.due,
                        task.repeat.clone(),
                        (
                            task.deadline,
                            task.start,
                            task.estimate,
                            task.labels.clone(),
                            task.parent,
                            task.section,
                        ),
                    )
                })
                .collect();
            assert_eq!(after, before);
            assert_eq!(imported.lists[0].remarks, []);
        });
}
