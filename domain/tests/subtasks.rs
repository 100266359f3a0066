//! Subtasks: what becomes a part of what, what goes with a task, and what may not be.
#![expect(
    clippy::unwrap_used,
    reason = "what a test is given parses, and what it asks for is there"
)]

#[path = "subtasks/words.rs"]
mod words;

use std::collections::BTreeSet;

use domain::{Day, Field, List, ListCommand, Place, Refusal, Step, Task, TaskId, Title};
use simulation::Random;
use words::{add, at, dropped, list, read, shift, stepped, t, words_of};

#[track_caller]
fn check(before: &str, command: ListCommand, expected: Result<&str, Refusal>) {
    let after = at(100, &list(before), command.clone()).map(|list| words_of(&list));
    assert_eq!(
        after.as_deref().map_err(|refusal| *refusal),
        expected,
        "{command:?}"
    );
}

#[test]
fn a_task_is_added_among_the_subtasks_of_another() {
    check("a b", add('n', Place::EndOf(t('a'))), Ok("a(n) b"));
    check("a(b c) d", add('n', Place::EndOf(t('a'))), Ok("a(b c n) d"));
    check("a(b c) d", add('n', Place::StartOf(t('a'))), Ok("a(n b c) d"));
    check("a(b c) d", add('n', Place::After(t('b'))), Ok("a(b n c) d"));
    check("a(b c) d", add('n', Place::After(t('a'))), Ok("a(b c) n d"));
    check("a(b c) d", add('n', Place::End), Ok("a(b c) d n"));
    check("a", add('n', Place::EndOf(t('z'))), Err(Refusal::NotFound));
}

#[test]
fn a_task_moves_with_all_that_is_a_part_of_it() {
    check("a(b(c)) d", shift('b', Place::End), Ok("a d b(c)"));
    check("a(b(c)) d", shift('a', Place::EndOf(t('d'))), Ok("d(a(b(c)))"));
    check("a b c", shift('c', Place::StartOf(t('a'))), Ok("a(c) b"));
    check("a(b c)", shift('c', Place::StartOf(t('a'))), Ok("a(c b)"));
    check("a(b c)", shift('b', Place::After(t('a'))), Ok("a(c) b"));
    check("a(b c)", shift('c', Place::After(t('b'))), Ok("a(b c)"));
}

#[test]
fn no_task_becomes_a_part_of_itself() {
    for place in [
        Place::EndOf(t('a')),
        Place::StartOf(t('b')),
        Place::EndOf(t('c')),
        Place::After(t('b')),
        Place::After(t('c')),
    ] {
        check("a(b(c)) d", shift('a', place), Err(Refusal::WithinItself));
    }
}

#[test]
fn five_levels_of_subtasks_is_the_most() {
    let deep = "a(b(c(d(e(f)))))";
    check(deep, add('n', Place::EndOf(t('f'))), Err(Refusal::TooDeep));
    check(deep, add('n', Place::EndOf(t('e'))), Ok("a(b(c(d(e(f n)))))"));
    let two = "a(b(c(d(e)))) n(m(o))";
    check(two, shift('n', Place::EndOf(t('d'))), Err(Refusal::TooDeep));
    check(two, shift('n', Place::After(t('e'))), Err(Refusal::TooDeep));
    check(two, shift('n', Place::EndOf(t('c'))), Ok("a(b(c(d(e) n(m(o)))))"));
}

#[test]
fn what_is_deleted_goes_with_all_that_is_a_part_of_it_and_each_comes_back_to_its_place() {
    let before = list("a(b(c) d) e");
    let without = at(100, &before, ListCommand::Delete { task: t('b') }).unwrap();
    assert_eq!(words_of(&without), "a(d) e");
    let gone = at(200, &without, ListCommand::Delete { task: t('a') }).unwrap();
    assert_eq!(words_of(&gone), "e");
    for place in [Place::EndOf(t('a')), Place::StartOf(t('d'))] {
        assert_eq!(at(300, &gone, add('n', place)), Err(Refusal::Deleted));
    }
    let back = |list: &List, letter| at(300, list, ListCommand::Restore { task: t(letter) }).unwrap();
    let alone = back(&gone, 'a');
    assert_eq!(words_of(&alone), "a e");
    let whole = "dbc".chars().fold(alone, |list, letter| back(&list, letter));
    assert_eq!(words_of(&whole), "a(b(c) d) e");
}

#[test]
fn a_subtask_comes_back_without_what_it_was_a_part_of() {
    let gone = at(100, &list("a(b(c d)) e"), ListCommand::Delete { task: t('a') }).unwrap();
    let back = at(200, &gone, ListCommand::Restore { task: t('c') }).unwrap();
    assert_eq!(words_of(&back), "c e");
    let both = at(300, &back, ListCommand::Restore { task: t('b') }).unwrap();
    assert_eq!(words_of(&both), "b c e");
    // Behind one that is gone is where that was.
    let behind = at(200, &gone, add('n', Place::After(t('c')))).unwrap();
    assert_eq!(words_of(&behind), "n e");
}

#[test]
fn a_subtask_comes_back_where_there_is_a_level_for_it() {
    let gone = at(
        100,
        &list("a(b(c)) m(n(o(p(q))))"),
        ListCommand::Delete { task: t('b') },
    )
    .unwrap();
    let deeper = at(200, &gone, shift('a', Place::EndOf(t('p')))).unwrap();
    assert_eq!(words_of(&deeper), "m(n(o(p(q a))))");
    let back = at(300, &deeper, ListCommand::Restore { task: t('b') }).unwrap();
    assert_eq!(words_of(&back), "m(n(o(p(q a(b)))))");
    let back = at(400, &back, ListCommand::Restore { task: t('c') }).unwrap();
    assert_eq!(words_of(&back), "m(n(o(p(q a(b c)))))");
}

#[test]
fn what_is_to_be_done_stays_when_what_it_is_a_part_of_is_cleared() {
    check(
        "a(bx(cx(d)) e) fx(gx)",
        ListCommand::ClearCompleted {},
        Ok("a(d e)"),
    );
    check("ax(b(c)) d", ListCommand::ClearCompleted {}, Ok("b(c) d"));
    check(
        "a bx(cx(d e) f) g",
        ListCommand::ClearCompleted {},
        Ok("a d e f g"),
    );
}

#[test]
fn subtasks_start_afresh_when_their_task_comes_again() {
    let before = list("a(bx(cx) d) e");
    let daily = Field::Repeat("2027-01-01 FREQ=DAILY".parse().ok());
    let before = at(50, &before, ListCommand::set(t('a'), daily)).unwrap();
    let (next, due) = (t('n'), Day::of(2027, 1, 2).unwrap());
    let complete = ListCommand::Complete {
        task: t('a'),
        next,
        due,
    };
    let after = at(100, &before, complete).unwrap();
    assert_eq!(words_of(&after), "ax n(b(c) d) e");
}

#[test]
fn subtasks_are_read_below_their_task_also_where_that_is_done() {
    assert_eq!(read(&list("a(b(c) d) e")), "a0 b1 c2 d1 e0");
    assert_eq!(read(&list("a(bx(c) d) e")), "a0 c1 d1 e0");
    assert_eq!(read(&list("ax(b(c)) d")), "b0 c1 d0");
    // A page that has only a part of a list shows what it has.
    let mut part = list("a(b(c)) d");
    part.take(t('a'));
    assert_eq!(read(&part), "d0 b0 c1");
    assert_eq!(list("a(bx c d(ex))").progress(t('a')), (1, 3));
}

#[test]
fn the_first_tasks_by_key_are_parents_before_their_subtasks() {
    let list = list("a(b(c) d) e(f)");
    let mut by_key: Vec<&Task> = list.tasks().collect();
    by_key.sort_by_key(|task| &task.order);
    for (at, task) in by_key.iter().enumerate() {
        let before = by_key.iter().take(at).map(|task| task.id);
        assert!(
            task.parent
                .is_none_or(|parent| before.clone().any(|id| id == parent))
        );
    }
}

#[test]
fn a_step_leads_to_each_side() {
    #[track_caller]
    fn check(before: &str, letter: char, to: Step, expected: &str) {
        let after = stepped(before, letter, to);
        assert_eq!(
            after.map_or("nowhere".to_owned(), |list| words_of(&list)),
            expected
        );
    }
    check("a b(c)", 'b', Step::In, "a(b(c))");
    check("a(c) b", 'b', Step::In, "a(c b)");
    check("a b", 'a', Step::In, "nowhere");
    check("a(b c) d", 'b', Step::Out, "a(c) b d");
    check("a b", 'b', Step::Out, "nowhere");
    check("a(b c) d", 'c', Step::Up, "a(c b) d");
    check("a(b c) d", 'b', Step::Up, "nowhere");
    check("a(b c) d", 'b', Step::Down, "a(c b) d");
    check("a(b c) d", 'c', Step::Down, "nowhere");
    check("a(b) c", 'c', Step::Up, "c a(b)");
    check("a bx c", 'c', Step::In, "a(c) bx");
}

#[test]
fn a_task_that_is_let_go_lands_on_the_level_that_is_meant() {
    #[track_caller]
    fn check(before: &str, letter: char, above: Option<char>, level: usize, expected: &str) {
        let after = dropped(before, letter, above, level);
        assert_eq!(words_of(&after), expected, "{letter} below {above:?}");
    }
    check("a b(c d) e f", 'f', None, 3, "f a b(c d) e");
    check("a b(c d) e f", 'f', Some('a'), 0, "a f b(c d) e");
    check("a b(c d) e f", 'f', Some('a'), 1, "a(f) b(c d) e");
    check("a b(c d) e f", 'f', Some('b'), 0, "a b(f c d) e");
    check("a b(c d) e f", 'f', Some('c'), 5, "a b(c(f) d) e");
    check("a b(c d) e f", 'f', Some('d'), 0, "a b(c d) f e");
    check("a b(c d) e f", 'f', Some('d'), 1, "a b(c d f) e");
    check("a b(c d) e f", 'f', Some('d'), 2, "a b(c d(f)) e");
    // Below itself or what goes along it changes its level only.
    check("a b(c d) e f", 'b', Some('d'), 1, "a(b(c d)) e f");
    check("a b(c d) e f", 'b', Some('b'), 0, "a b(c d) e f");
    check("a b(c d) e f", 'd', Some('d'), 0, "a b(c) d e f");
    check("a(b) c", 'c', Some('b'), 1, "a(b c)");
    check("a(b(c(d))) e(f(g))", 'e', Some('d'), 5, "a(b(c(d e(f(g)))))");
}

#[test]
fn the_place_of_a_task_leads_back_to_it() {
    let before = list("a(b c(d e)) f");
    for letter in "abcdef".chars() {
        let place = Place::of(&before, before.task(t(letter)).unwrap());
        for to in [
            Place::Start,
            Place::End,
            Place::EndOf(t('f')),
            Place::StartOf(t('a')),
        ] {
            let Ok(moved) = at(100, &before, shift(letter, to)) else {
                continue;
            };
            let back = at(200, &moved, shift(letter, place)).unwrap();
            assert_eq!(words_of(&back), words_of(&before), "{letter} by {place:?}");
        }
    }
}

/// No task is a part of itself, of one that is in the trash, or too deep; and everything that is to be done is read, once.
fn assert_is_tree(list: &List) {
    for start in list.tasks() {
        assert!(!start.section || start.parent.is_none() && start.done.is_none());
        let mut above = Vec::new();
        let mut parent = start.parent;
        while let Some(id) = parent {
            let task = list.task(id).unwrap();
            assert!(task.is_live(), "a part of what is in the trash");
            above.push(id);
            let levels = above.len() - usize::from(list.section(start).is_some());
            assert!(levels <= Task::MOST_LEVELS, "too deep, or a circle");
            parent = task.parent;
        }
    }
    assert_eq!(list.open().len(), list.count_open() + list.sections().count());
    let places: BTreeSet<_> = list
        .tasks()
        .map(|task| (task.parent, task.order.clone()))
        .collect();
    assert_eq!(places.len(), list.count(), "two tasks at one place");
}

#[test]
fn whatever_is_asked_for_no_task_is_lost() {
    for seed in 0..200 {
        let mut random = Random::new(seed);
        let mut list = list("a(b(c) d) e f S(g)");
        let daily = Field::Repeat("2027-01-01 FREQ=DAILY".parse().ok());
        list = at(1, &list, ListCommand::set(t('b'), daily)).unwrap();
        for (time, letter) in (10..).zip('!'..='~') {
            let ids: Vec<TaskId> = list.all_tasks().map(|task| task.id).collect();
            let (task, other) = (random.pick(&ids).unwrap(), random.pick(&ids).unwrap());
            let places = [
                Place::Start,
                Place::End,
                Place::After(other),
                Place::StartOf(other),
                Place::EndOf(other),
            ];
            let place = random.pick(&places).unwrap();
            let is_new = list.task(t(letter)).is_none();
            let command = match random.below(13) {
                0..2 if is_new => add(letter, place),
                2 if is_new => ListCommand::AddTask {
                    task: t(letter),
                    place,
                    title: Title::parse("new").unwrap(),
                    fields: vec![Field::Section(random.chance(50)), Field::Done(random.chance(50))],
                },
                3..7 => ListCommand::Move { task, place },
                7 => ListCommand::Delete { task },
                8 => ListCommand::Restore { task },
                9 => ListCommand::set(task, Field::Done(random.chance(50))),
                10 if is_new => ListCommand::Complete {
                    task,
                    next: t(letter),
                    due: Day::of(2027, 1, 2).unwrap(),
                },
                11 => ListCommand::set(task, Field::Section(random.chance(50))),
                _ => ListCommand::ClearCompleted {},
            };
            let open = list.count_open();
            let clears = command == ListCommand::ClearCompleted {};
            if let Ok(after) = at(time, &list, command) {
                list = after;
            }
            assert_is_tree(&list);
            assert!(
                !clears || list.count_open() == open,
                "clearing took what is to be done"
            );
        }
    }
}
