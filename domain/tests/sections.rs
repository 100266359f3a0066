//! Sections: headings that tasks stand below. What can be one, what can be in one, and where steps and drags lead between them.
#![expect(
    clippy::unwrap_used,
    reason = "what a test is given parses, and what it asks for is there"
)]

#[path = "subtasks/words.rs"]
mod words;

use domain::capture::{Language, Names, capture};
use domain::{
    Day, Field, ListCommand, MOST_DUPLICATED, Notes, Place, Refusal, Step, TaskId, Title, TooManyToDuplicate,
    duplicate,
};
use words::{add, at, dropped, list, read, shift, stepped, t, words_of};

const SECTION: Field = Field::Section(true);
const TASK: Field = Field::Section(false);

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
fn what_is_in_no_section_is_read_first_and_then_each_section() {
    assert_eq!(read(&list("B(c d(e)) a F g")), "a0 g0 B0 c0 d0 e1 F0");
    assert_eq!(read(&list("B a C")), "a0 B0 C0");
    let list = list("a B(c dx(e))");
    assert_eq!(list.count_open(), 3, "a section is nothing to be done");
    let of = |letter| {
        list.section(list.task(t(letter)).unwrap())
            .map(|section| section.id)
    };
    assert_eq!(of('e'), Some(t('B')));
    assert_eq!(of('a'), None);
    assert_eq!(
        list.sections().map(|section| section.id).collect::<Vec<_>>(),
        [t('B')]
    );
}

#[test]
fn a_section_is_neither_completed_nor_a_subtask() {
    let done = || ListCommand::set(t('A'), Field::Done(true));
    check("A(b)", done(), Err(Refusal::IsSection));
    check(
        "A(b) c",
        shift('A', Place::EndOf(t('c'))),
        Err(Refusal::IsSection),
    );
    check(
        "A(b) C",
        shift('A', Place::EndOf(t('C'))),
        Err(Refusal::IsSection),
    );
    check("A(b) C", shift('A', Place::After(t('C'))), Ok("C A(b)"));
    let section = |letter| ListCommand::set(t(letter), SECTION);
    check("a(b)", section('b'), Err(Refusal::NoSection));
    check("ax(b)", section('a'), Err(Refusal::NoSection));
    let inside = ListCommand::AddTask {
        task: t('n'),
        place: Place::EndOf(t('a')),
        title: Title::parse("n").unwrap(),
        fields: vec![SECTION],
    };
    check("a(b)", inside, Err(Refusal::NoSection));
}

#[test]
fn a_task_becomes_a_section_with_its_subtasks_and_a_section_a_task() {
    let before = list("a(b(c)) d");
    let after = at(100, &before, ListCommand::set(t('a'), SECTION)).unwrap();
    assert_eq!(read(&after), "d0 a0 b0 c1");
    let back = at(200, &after, ListCommand::set_from(t('a'), SECTION, TASK)).unwrap();
    assert_eq!(read(&back), "a0 b1 c2 d0");
}

#[test]
fn below_a_section_there_are_as_many_levels_as_below_none() {
    let deep = "A(b(c(d(e(f(g))))))";
    check(deep, add('n', Place::EndOf(t('g'))), Err(Refusal::TooDeep));
    check(deep, add('n', Place::EndOf(t('f'))), Ok("A(b(c(d(e(f(g n))))))"));
    check(deep, ListCommand::set(t('A'), TASK), Err(Refusal::TooDeep));
    check(
        "A(b(c(d(e(f)))))",
        ListCommand::set(t('A'), TASK),
        Ok("A(b(c(d(e(f)))))"),
    );
    assert_eq!(read(&list(deep)), "A0 b0 c1 d2 e3 f4 g5");
    let all = list(deep).parts(t('A')).len();
    assert_eq!(all, 6, "all of it goes along");
}

#[test]
fn what_is_deleted_takes_its_tasks_along_and_no_task_is_in_a_section_that_is_gone() {
    let gone = at(100, &list("a B(c(d)) e"), ListCommand::Delete { task: t('B') }).unwrap();
    assert_eq!(words_of(&gone), "a e");
    assert_eq!(
        at(200, &gone, add('n', Place::EndOf(t('B')))),
        Err(Refusal::Deleted)
    );
    let whole = "Bcd".chars().fold(gone, |list, letter| {
        at(300, &list, ListCommand::Restore { task: t(letter) }).unwrap()
    });
    assert_eq!(words_of(&whole), "a B(c(d)) e");
    assert!(whole.task(t('B')).unwrap().section);
}

#[test]
fn clearing_leaves_the_sections() {
    let clear = ListCommand::ClearCompleted {};
    check("ax B(cx(d) ex) F(gx)", clear, Ok("B(d) F"));
}

#[test]
fn a_step_leads_on_from_section_to_section() {
    #[track_caller]
    fn check(before: &str, letter: char, to: Step, expected: &str) {
        let after = stepped(before, letter, to);
        assert_eq!(after.map_or("nowhere".to_owned(), |list| read(&list)), expected);
    }
    check("a b C(d) E(f)", 'b', Step::Down, "a0 C0 b0 d0 E0 f0");
    check("a C(d e) F(g)", 'e', Step::Down, "a0 C0 d0 F0 e0 g0");
    check("a C(d) F(g)", 'g', Step::Down, "nowhere");
    check("a C(d) F(g h)", 'g', Step::Up, "a0 C0 d0 g0 F0 h0");
    check("a C(d e)", 'd', Step::Up, "a0 d0 C0 e0");
    check("C(d) a", 'd', Step::Up, "a0 d0 C0");
    check("C(d) F(g)", 'F', Step::Up, "F0 g0 C0 d0");
    check("C(d) a F(g) h", 'C', Step::Down, "a0 h0 F0 g0 C0 d0");
    check("C(d)", 'C', Step::Down, "nowhere");
    check("C(d) F", 'F', Step::In, "nowhere");
    check("C(d)", 'd', Step::Out, "nowhere");
    check("C(d e)", 'e', Step::In, "C0 d0 e1");
    check("C(d(e))", 'e', Step::Out, "C0 d0 e0");
    check("C(d(e))", 'e', Step::Up, "nowhere");
    check("C a", 'a', Step::In, "nowhere");
}

#[test]
fn what_is_let_go_lands_in_the_section_above_it() {
    #[track_caller]
    fn check(before: &str, letter: char, above: Option<char>, level: usize, expected: &str) {
        let after = dropped(before, letter, above, level);
        assert_eq!(read(&after), expected, "{letter} below {above:?}");
    }
    let before = "a b C(d e) F";
    check(before, 'a', Some('C'), 0, "b0 C0 a0 d0 e0 F0");
    check(before, 'a', Some('C'), 3, "b0 C0 a0 d0 e0 F0");
    check(before, 'a', Some('d'), 0, "b0 C0 d0 a0 e0 F0");
    check(before, 'a', Some('d'), 1, "b0 C0 d0 a1 e0 F0");
    check(before, 'a', Some('e'), 0, "b0 C0 d0 e0 a0 F0");
    check(before, 'a', Some('F'), 0, "b0 C0 d0 e0 F0 a0");
    check(before, 'e', Some('b'), 0, "a0 b0 e0 C0 d0 F0");
    check(before, 'e', Some('b'), 1, "a0 b0 e1 C0 d0 F0");
    check(before, 'e', None, 0, "e0 a0 b0 C0 d0 F0");
    // A section goes with all of it, and stands among the sections.
    check(before, 'C', Some('F'), 0, "a0 b0 F0 C0 d0 e0");
    check(before, 'F', Some('d'), 0, "a0 b0 C0 d0 e0 F0");
    check(before, 'F', Some('a'), 0, "a0 b0 F0 C0 d0 e0");
    check(before, 'F', None, 0, "a0 b0 F0 C0 d0 e0");
    check("C(d) F(g)", 'g', Some('C'), 0, "C0 g0 d0 F0");
}

#[test]
fn the_place_of_a_task_is_among_tasks_and_that_of_a_section_among_sections() {
    let before = list("A b C(d) e F");
    let place = |letter| Place::of(&before, before.task(t(letter)).unwrap());
    assert_eq!(place('b'), Place::Start);
    assert_eq!(place('e'), Place::After(t('b')));
    assert_eq!(place('d'), Place::StartOf(t('C')));
    assert_eq!(place('C'), Place::After(t('A')));
    for letter in "AbCdeF".chars() {
        let moved = at(100, &before, shift(letter, Place::End)).unwrap();
        let back = at(200, &moved, shift(letter, place(letter))).unwrap();
        assert_eq!(read(&back), read(&before), "{letter}");
    }
}

#[test]
fn a_line_names_its_section() {
    let sections = [
        ('a', "Kitchen"),
        ('c', "Living"),
        ('b', "Living room"),
        ('d', "kitchen"),
        ('e', "Küche"),
    ];
    let names = Names {
        sections: sections
            .map(|(letter, name)| (t(letter), name.to_owned()))
            .to_vec(),
        ..Names::default()
    };
    let today = Day::of(2026, 12, 2).unwrap();
    for (line, title, section) in [
        ("Milk /Kitchen", "Milk", Some('a')),
        ("/kitchen Milk", "Milk", Some('a')),
        ("Milk /KITCHEN, eggs", "Milk eggs", Some('a')),
        ("Lamp /Living room tomorrow", "Lamp", Some('b')),
        ("Lamp /living of the cat", "Lamp of the cat", Some('c')),
        ("Lamp /Living, room", "Lamp room", Some('c')),
        ("Messer /küche", "Messer", Some('e')),
        ("Milk /Kitchen /Living", "Milk /Kitchen", Some('c')),
        ("Milk /Kit", "Milk /Kit", None),
        ("Look into /etc/hosts", "Look into /etc/hosts", None),
        ("Either/Kitchen", "Either/Kitchen", None),
        ("A / Kitchen", "A / Kitchen", None),
        ("Milk \\/Kitchen", "Milk /Kitchen", None),
        ("Milk “/Kitchen”", "Milk “/Kitchen”", None),
        ("Milk // /Kitchen", "Milk", None),
        ("/Kitchen", "/Kitchen", None),
    ] {
        let captured = capture(line, today, &[Language::English], &names, &[]);
        assert_eq!(
            (captured.title.trim(), captured.section()),
            (title, section.map(t)),
            "{line}"
        );
    }
}

#[test]
fn a_task_is_duplicated_with_all_that_is_a_part_of_it() {
    let again = |words: &str, letter: char| {
        let mut list = list(words);
        let mut letters = 'p'..='z';
        let commands = duplicate(&list, t(letter), || t(letters.next().unwrap())).unwrap();
        for command in commands {
            list = at(300, &list, command).unwrap();
        }
        list
    };
    let both = again("a(b(c) dx) e", 'a');
    assert_eq!(words_of(&both), "a(b(c) dx) p(q(r) s) e", "to be done again");
    assert_eq!(both.task(t('r')).unwrap().title.as_str(), "c");
    assert_eq!(words_of(&again("a(b(c) d)", 'b')), "a(b(c) p(q) d)");
    let section = again("A(b) C", 'A');
    assert_eq!(read(&section), "A0 b0 p0 q0 C0");
    assert!(section.task(t('p')).unwrap().section);
    assert_eq!(read(&again("A(b c)", 'b')), "A0 b0 p0 c0");

    // With all that is set of it.
    let mut before = list("a b");
    let notes = Field::Notes(Notes::parse("Oat\nmilk").unwrap());
    for field in Field::examples(4).into_iter().chain([notes]) {
        if !matches!(field, Field::Assigned(..) | Field::Done(_) | Field::Section(_)) {
            before = at(2, &before, ListCommand::set(t('a'), field)).unwrap();
        }
    }
    let commands = duplicate(&before, t('a'), || t('p')).unwrap();
    let after = commands
        .into_iter()
        .fold(before, |list, command| at(300, &list, command).unwrap());
    let (original, copy) = (after.task(t('a')).unwrap(), after.task(t('p')).unwrap());
    assert_eq!(Field::others_of(copy), Field::others_of(original));
    assert_eq!((&copy.title, &copy.notes), (&original.title, &original.notes));

    let gone = at(400, &after, ListCommand::Delete { task: t('a') }).unwrap();
    assert_eq!(duplicate(&gone, t('a'), || t('z')), Ok(Vec::new()));
    assert_eq!(duplicate(&gone, t('x'), || t('z')), Ok(Vec::new()));
}

#[test]
fn what_has_too_many_subtasks_is_not_duplicated() {
    let mut list = list("a");
    let id = |number: usize| {
        TaskId::from_bytes([
            2,
            (number >> 8) as u8,
            number as u8,
            1,
            1,
            1,
            1,
            1,
            1,
            1,
            1,
            1,
            1,
            1,
            1,
            1,
        ])
    };
    for number in 0..MOST_DUPLICATED {
        let title = Title::parse("Part").unwrap();
        list = at(
            1,
            &list,
            ListCommand::add(id(number), Place::EndOf(t('a')), title),
        )
        .unwrap();
    }
    assert_eq!(duplicate(&list, t('a'), || t('z')), Err(TooManyToDuplicate));
    let less = at(2, &list, ListCommand::Delete { task: id(0) }).unwrap();
    assert_eq!(
        duplicate(&less, t('a'), || t('z')).unwrap().len(),
        MOST_DUPLICATED
    );
}
