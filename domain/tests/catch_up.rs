//! What is told to one who comes back: what others did and what of it still holds, the most telling first.
#![expect(clippy::unwrap_used, reason = "what a test is given parses")]

use std::collections::BTreeMap;

use domain::{
    Attribution, CatchUp, Change, Colour, Field, ListId, ListName, Notes, OrderKey, PersonId, PersonName,
    Profile, Role, Row, Seq, Task, TaskId, Timestamp, Title, Topic, Version, catch_up, describe,
};

const BOB: PersonId = PersonId::from_bytes([1; 16]);
const EVE: PersonId = PersonId::from_bytes([2; 16]);

/// The task with that letter.
const fn t(letter: char) -> TaskId {
    TaskId::from_bytes([letter as u8; 16])
}

fn task(letter: char) -> Task {
    Task::new(
        t(letter),
        Title::parse(&letter.to_string()).unwrap(),
        OrderKey::n_between(None, None, 1).pop().unwrap(),
        Attribution {
            by: BOB,
            at: Timestamp(1),
        },
    )
}

fn row(actor: PersonId, changes: Vec<Change>) -> Row {
    Row {
        seq: Seq(1),
        topic: Topic::List(ListId::from_bytes([9; 16])),
        version: Version(1),
        actor,
        client: None,
        command_seq: None,
        at: Timestamp(1),
        changes,
    }
}

fn change(word: &str) -> Change {
    let mut letters = word.chars();
    let (sign, letter) = (letters.next().unwrap(), letters.next().unwrap());
    match sign {
        '+' => Change::TaskAdded { task: task(letter) },
        '-' => Change::TaskDeleted { task: t(letter) },
        '^' => Change::TaskRestored { task: task(letter) },
        'x' => Change::TaskSet {
            task: t(letter),
            field: Field::Done(true),
        },
        'o' => Change::TaskSet {
            task: t(letter),
            field: Field::Done(false),
        },
        '=' => Change::TaskSet {
            task: t(letter),
            field: Field::Title(Title::parse(&letter.to_string()).unwrap()),
        },
        '#' => Change::TaskSet {
            task: t(letter),
            field: Field::Notes(Notes::default()),
        },
        _ => Change::TaskMoved {
            task: t(letter),
            order: OrderKey::n_between(None, None, 1).pop().unwrap(),
            parent: None,
        },
    }
}

/// Plays what others did on top of what the list is by then: letters, `x` before one that is done, `-` before one in the trash.
fn told(did: &[(PersonId, &str)], now: &str) -> CatchUp {
    let stamp = Some(Attribution {
        by: BOB,
        at: Timestamp(2),
    });
    let mut tasks = BTreeMap::new();
    for word in now.split_whitespace() {
        let letter = word.chars().last().unwrap();
        let (done, deleted) = (word.starts_with('x'), word.starts_with('-'));
        tasks.insert(
            t(letter),
            Task {
                done: stamp.filter(|_| done),
                deleted: stamp.filter(|_| deleted),
                ..task(letter)
            },
        );
    }
    let rows: Vec<Row> = did
        .iter()
        .flat_map(|(actor, words)| {
            words
                .split_whitespace()
                .map(|word| row(*actor, vec![change(word)]))
        })
        .collect();
    catch_up(&rows, |task| tasks.get(&task).cloned())
}

/// The words about Bob, who did it all.
#[track_caller]
fn bob(did: &str, now: &str) -> String {
    let catch_up = told(&[(BOB, did)], now);
    assert!(catch_up.people.len() < 2);
    catch_up.people.first().map_or_else(String::new, |deeds| {
        assert_eq!((deeds.person, deeds.more), (BOB, 0));
        deeds.words.join(", ")
    })
}

#[test]
fn one_task_is_named_two_are_named_and_more_are_counted() {
    assert_eq!(bob("+a", "a"), "added “a”");
    assert_eq!(bob("+a +b", "a b"), "added “a” and “b”");
    assert_eq!(bob("+b +a", "a b"), "added “b” and “a”", "as it happened");
    assert_eq!(bob("+a +b +c", "a b c"), "added 3 tasks");
    assert_eq!(bob("=a", "a"), "renamed a task to “a”");
    assert_eq!(bob("=a =b", "a b"), "renamed 2 tasks");
    assert_eq!(bob("-a", "-a"), "deleted “a”");
    assert_eq!(bob("-a", ""), "deleted a task", "it is gone from the trash, too");
}

#[test]
fn the_most_telling_comes_first_whatever_came_first() {
    assert_eq!(
        bob("^f -g xh +i", "f -g xh i"),
        "added “i”, completed “h”, deleted “g”, restored “f”"
    );
    assert_eq!(
        bob(">a #b =c oe", "a b c e"),
        "reopened “e”, renamed a task to “c”, changed the notes of “b”, moved “a”"
    );
}

#[test]
fn what_came_to_nothing_is_not_told() {
    for (did, now) in [
        ("+a -a", "-a"),
        ("xa oa", "a"),
        ("oa xa", "xa"),
        ("-a ^a", "a"),
        ("^a -a", "-a"),
        ("xa", "a"),
        ("+a", "-a"),
        ("+a", ""),
    ] {
        assert_eq!(
            told(&[(BOB, did)], now),
            CatchUp::default(),
            "{did} and now {now}"
        );
    }
}

#[test]
fn what_happened_to_a_new_task_is_part_of_its_being_new() {
    assert_eq!(bob("+a =a #a >a", "a"), "added “a”");
    assert_eq!(bob("+a xa", "xa"), "added “a”, completed “a”");
    assert_eq!(
        bob("xa >a", "xa"),
        "completed “a”",
        "its place goes without saying"
    );
    assert_eq!(bob(">a", "a"), "moved “a”");
    assert_eq!(bob("-a ^a =a", "a"), "renamed a task to “a”");
}

#[test]
fn the_busiest_are_named_first_and_each_task_is_marked_once_while_it_is_there() {
    let catch_up = told(&[(BOB, "+a"), (EVE, "xa =b #b -c"), (BOB, "")], "xa b -c");
    let people: Vec<_> = catch_up
        .people
        .iter()
        .map(|deeds| (deeds.person, deeds.words.join(", ")))
        .collect();
    assert_eq!(
        people,
        [
            (
                EVE,
                "completed “a”, deleted “c”, renamed a task to “b”, changed the notes of “b”".to_owned()
            ),
            (BOB, "added “a”".to_owned()),
        ]
    );
    assert_eq!(catch_up.tasks, [t('a'), t('b')]);
}

#[test]
fn past_a_few_words_the_rest_is_a_number() {
    let catch_up = told(&[(BOB, "+a xb -c oe =f =g #h >i")], "a xb -c e f g h i");
    let deeds = catch_up.people.first().unwrap();
    assert_eq!((deeds.words.len(), deeds.more), (4, 4));
    assert_eq!(catch_up.tasks.len(), 7);
}

#[test]
fn a_long_title_is_cut_at_a_character() {
    let long = "ü".repeat(500);
    let task = Task {
        title: Title::parse(&long).unwrap(),
        ..task('a')
    };
    let rows = [row(BOB, vec![Change::TaskAdded { task: task.clone() }])];
    let catch_up = catch_up(&rows, |_| Some(task.clone()));
    assert_eq!(catch_up.people[0].words, [format!("added “{}…”", "ü".repeat(59))]);
}

#[test]
fn who_assigned_two_people_did_one_thing_to_the_task() {
    let now = Task {
        assignees: vec![BOB, EVE],
        ..task('a')
    };
    let assigned = |person| Change::TaskSet {
        task: t('a'),
        field: Field::Assigned(person, true),
    };
    for rows in [
        vec![row(BOB, vec![assigned(BOB), assigned(EVE)])],
        vec![row(BOB, vec![assigned(EVE)]), row(BOB, vec![assigned(BOB)])],
    ] {
        let catch_up = catch_up(&rows, |_| Some(now.clone()));
        let deeds = catch_up.people.first().unwrap();
        assert_eq!(deeds.words, ["assigned “a”"]);
        assert_eq!((catch_up.people.len(), deeds.more), (1, 0));
    }
}

#[test]
fn what_comes_again_is_told_as_completed_once_and_the_next_as_added() {
    let set = |field| Change::TaskSet { task: t('a'), field };
    let next = Task {
        title: Title::parse("a").unwrap(),
        ..task('b')
    };
    let changes = vec![
        Change::TaskAdded { task: next.clone() },
        set(Field::Repeat(None)),
        set(Field::Done(true)),
    ];
    let done = Task {
        done: Some(next.added),
        ..task('a')
    };
    let now = |id| Some(if id == t('a') { done.clone() } else { next.clone() });
    let catch_up = catch_up(&[row(BOB, changes)], now);
    let deeds = catch_up.people.first().unwrap();
    assert_eq!(deeds.words, ["added “a”", "completed “a”"]);
    assert_eq!((catch_up.people.len(), deeds.more), (1, 0));
}

#[test]
fn of_the_list_are_told_who_came_who_went_and_its_last_name() {
    let name = |text: &str| Change::ListRenamed {
        name: ListName::parse(text).unwrap(),
    };
    let profile = Profile {
        name: PersonName::parse("Eve").unwrap(),
        colour: Colour::default(),
    };
    let joined = Change::MemberJoined {
        person: EVE,
        role: Role::Editor,
        profile: profile.clone(),
    };
    let rows = [
        row(BOB, vec![name("Shopping")]),
        row(EVE, vec![joined]),
        row(EVE, vec![Change::MemberRenamed { person: EVE, profile }]),
        row(BOB, vec![name("Groceries")]),
        row(EVE, vec![Change::MemberLeft { person: EVE }]),
    ];
    let catch_up = catch_up(&rows, |_| None);
    let words: Vec<_> = catch_up
        .people
        .iter()
        .map(|deeds| deeds.words.join(", "))
        .collect();
    assert_eq!(
        words,
        ["joined, left the list", "renamed the list to “Groceries”"]
    );
    assert_eq!(catch_up.tasks, []);
}

#[test]
fn one_thing_is_told_in_the_words_of_those_who_see_it_happen() {
    for (word, now) in [
        ("+a", "a"),
        ("^a", "a"),
        ("xa", "xa"),
        ("oa", "a"),
        ("=a", "a"),
        ("#a", "a"),
        (">a", "a"),
    ] {
        let (_, words) = describe(&change(word), |_| Some("a".to_owned())).unwrap();
        assert_eq!(bob(word, now), words);
    }
}
