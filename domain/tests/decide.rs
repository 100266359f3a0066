//! Every rule of the law: given a list, when somebody asks, then this happens to it or that is why not.
#![expect(
    clippy::unwrap_used,
    reason = "what a test is given parses, and what it asks for is there"
)]

use domain::{
    Account, AccountCommand, Attribution, Change, Colour, Command, Day, Decision, Estimate, Facts, Field,
    LabelName, List, ListCommand, ListId, ListName, Member, Notes, OrderKey, PersonId, PersonName, Place,
    Priority, Profile, Refusal, Role, Task, TaskId, Timestamp, Title, Topic, Version, decide,
};
use simulation::Random;

const LIST: ListId = ListId::from_bytes([1; 16]);
const OTHER_LIST: ListId = ListId::from_bytes([2; 16]);
const OWNER: PersonId = PersonId::from_bytes([10; 16]);
const EDITOR: PersonId = PersonId::from_bytes([11; 16]);
const VIEWER: PersonId = PersonId::from_bytes([12; 16]);
const STRANGER: PersonId = PersonId::from_bytes([13; 16]);

/// The task with that letter.
const fn t(letter: char) -> TaskId {
    TaskId::from_bytes([letter as u8; 16])
}

fn title(text: &str) -> Title {
    Title::parse(text).unwrap()
}

fn notes(text: &str) -> Notes {
    Notes::parse(text).unwrap()
}

fn name(text: &str) -> ListName {
    ListName::parse(text).unwrap()
}

fn profile(text: &str) -> Profile {
    Profile {
        name: PersonName::parse(text).unwrap(),
        colour: Colour::default(),
    }
}

fn task(letter: char, order: OrderKey) -> Task {
    Task::new(
        t(letter),
        title(&letter.to_string()),
        order,
        Attribution {
            by: OWNER,
            at: Timestamp(1),
        },
    )
}

/// Somebody, and the lists they are in.
fn account(person: PersonId, lists: &[(ListId, Role)]) -> Account {
    Account {
        person,
        version: Version(1),
        profile: profile("Somebody"),
        lists: lists.iter().copied().collect(),
    }
}

/// A list of three, with tasks in that order: a letter is a task, `x` behind it completes it, `-` puts it into the trash.
fn list(tasks: &str) -> List {
    let mut list = List::new(LIST, name("Home"));
    list.version = Version(5);
    for (person, role) in [
        (OWNER, Role::Owner),
        (EDITOR, Role::Editor),
        (VIEWER, Role::Viewer),
    ] {
        let profile = profile("Somebody");
        list.members.insert(person, Member { role, profile });
    }
    let words: Vec<&str> = tasks.split_whitespace().collect();
    let keys = OrderKey::n_between(None, None, words.len());
    for (place, (word, key)) in words.iter().zip(keys).enumerate() {
        let mut letters = word.chars();
        let mut task = task(letters.next().unwrap(), key);
        for mark in letters {
            let stamp = Attribution {
                by: OWNER,
                at: Timestamp(10 + place as u64),
            };
            match mark {
                'x' => task.done = Some(stamp),
                _ => task.deleted = Some(stamp),
            }
        }
        list.put(task);
    }
    list
}

/// The list in the same words.
fn words(list: &List) -> String {
    let word = |task: &Task| {
        let done = if task.done.is_some() { "x" } else { "" };
        format!("{}{done}", char::from(task.id.as_bytes()[0]))
    };
    list.tasks().map(word).collect::<Vec<_>>().join(" ")
}

const FACTS: Facts = Facts {
    at: Timestamp(100),
    id_taken: false,
};

fn ask(list: &List, who: PersonId, command: ListCommand) -> Result<Decision, Refusal> {
    let lists: Vec<(ListId, Role)> = list.role(who).map(|role| (LIST, role)).into_iter().collect();
    decide(
        &Command::List(LIST, command),
        &account(who, &lists),
        Some(list),
        FACTS,
    )
}

/// What the list is afterwards, and how many changes made it so.
fn after(list: &List, who: PersonId, command: ListCommand) -> Result<(List, usize), Refusal> {
    let (mut list, mut count) = (list.clone(), 0);
    for (topic, changes) in ask(&list, who, command)? {
        if topic == Topic::List(LIST) {
            count += changes.len();
            changes.iter().for_each(|change| {
                list.apply(
                    Attribution {
                        by: who,
                        at: FACTS.at,
                    },
                    change,
                )
            });
        }
    }
    Ok((list, count))
}

#[track_caller]
fn check(before: &str, command: ListCommand, expected: Result<&str, Refusal>) {
    let after = after(&list(before), EDITOR, command.clone()).map(|(list, _)| words(&list));
    assert_eq!(
        after.as_deref().map_err(|refusal| *refusal),
        expected,
        "{command:?} on {before}"
    );
}

#[track_caller]
fn check_nothing(before: &str, command: ListCommand) {
    assert_eq!(ask(&list(before), EDITOR, command), Ok(vec![]));
}

fn add(letter: char, place: Place) -> ListCommand {
    ListCommand::add(t(letter), place, title(&letter.to_string()))
}

fn shift(letter: char, place: Place) -> ListCommand {
    ListCommand::Move {
        task: t(letter),
        place,
    }
}

fn every_list_command() -> Vec<ListCommand> {
    let task = t('a');
    vec![
        ListCommand::Rename { name: name("Work") },
        ListCommand::RemoveMember { person: EDITOR },
        add('n', Place::End),
        ListCommand::set(task, Field::Title(title("other"))),
        ListCommand::set_from(task, Field::Notes(notes("")), Field::Notes(notes("more"))),
        ListCommand::set(task, Field::Done(true)),
        ListCommand::set(t('b'), Field::Done(false)),
        ListCommand::Complete {
            task,
            next: t('m'),
            due: Day::of(2027, 1, 1).unwrap(),
        },
        ListCommand::Move {
            task,
            place: Place::End,
        },
        ListCommand::Delete { task },
        ListCommand::Restore { task: t('c') },
        ListCommand::ClearCompleted {},
    ]
}

#[test]
fn who_is_not_in_a_list_hears_that_there_is_none() {
    let list = list("a bx c-");
    for command in every_list_command() {
        assert_eq!(
            ask(&list, STRANGER, command.clone()),
            Err(Refusal::NotFound),
            "{command:?}"
        );
        // The same for a list that is not there: nobody can tell the two apart.
        let nowhere = decide(
            &Command::List(LIST, command),
            &account(STRANGER, &[]),
            None,
            FACTS,
        );
        assert_eq!(nowhere, Err(Refusal::NotFound));
    }
}

#[test]
fn a_viewer_looks_an_editor_works_an_owner_manages() {
    let list = list("a bx c-");
    for command in every_list_command() {
        let managing = matches!(
            command,
            ListCommand::Rename { .. } | ListCommand::RemoveMember { .. }
        );
        let viewer = if managing {
            Refusal::OwnerOnly
        } else {
            Refusal::ReadOnly
        };
        assert_eq!(ask(&list, VIEWER, command.clone()), Err(viewer), "{command:?}");
        let renames = matches!(command, ListCommand::Rename { .. });
        let editor = ask(&list, EDITOR, command.clone());
        assert_eq!(editor.is_err(), renames, "{command:?}"); // The member to be removed is the editor, who may leave.
        let owner = ask(&list, OWNER, command.clone()).expect("an owner may do everything");
        assert!(!owner.is_empty(), "{command:?}");
    }
}

#[test]
fn members_leave_and_owners_remove_but_one_owner_stays() {
    let mut two = list("");
    let remove = |person| ListCommand::RemoveMember { person };
    let gone = |person| {
        Ok(vec![
            (Topic::List(LIST), vec![Change::MemberLeft { person }]),
            (Topic::Person(person), vec![Change::ListLeft { list: LIST }]),
        ])
    };
    assert_eq!(ask(&two, VIEWER, remove(VIEWER)), gone(VIEWER));
    assert_eq!(ask(&two, EDITOR, remove(EDITOR)), gone(EDITOR));
    assert_eq!(ask(&two, OWNER, remove(VIEWER)), gone(VIEWER));
    assert_eq!(ask(&two, EDITOR, remove(VIEWER)), Err(Refusal::OwnerOnly));
    assert_eq!(ask(&two, OWNER, remove(STRANGER)), Ok(vec![]));
    assert_eq!(ask(&two, OWNER, remove(OWNER)), Err(Refusal::LastOwner));
    two.members.get_mut(&EDITOR).unwrap().role = Role::Owner;
    assert_eq!(ask(&two, OWNER, remove(OWNER)), gone(OWNER));
    assert_eq!(ask(&two, OWNER, remove(EDITOR)), gone(EDITOR));
}

#[test]
fn a_list_is_renamed_once() {
    let list = list("");
    let renamed = vec![Change::ListRenamed { name: name("Work") }];
    let rename = |text| ask(&list, OWNER, ListCommand::Rename { name: name(text) });
    assert_eq!(rename("Work"), Ok(vec![(Topic::List(LIST), renamed)]));
    assert_eq!(rename("Home"), Ok(vec![]));
}

#[test]
fn a_task_is_added_where_it_shall_stand() {
    check("", add('n', Place::End), Ok("n"));
    check("a b", add('n', Place::Start), Ok("n a b"));
    check("a b", add('n', Place::End), Ok("a b n"));
    check("a b c", add('n', Place::After(t('a'))), Ok("a n b c"));
    check("a b c", add('n', Place::After(t('c'))), Ok("a b c n"));
    check("a b- c", add('n', Place::After(t('b'))), Ok("a n c")); // Where the deleted one stood.
    check("a b-", add('n', Place::After(t('b'))), Ok("a n"));
    check("a b", add('n', Place::After(t('z'))), Ok("a b n")); // The list never had it.
    check("a b", add('n', Place::After(t('n'))), Ok("a b n"));
}

#[test]
fn an_id_is_taken_here_or_elsewhere() {
    check("a", add('a', Place::End), Err(Refusal::IdTaken));
    check("a-", add('a', Place::End), Err(Refusal::IdTaken));
    let elsewhere = Facts {
        id_taken: true,
        ..FACTS
    };
    let command = Command::List(LIST, add('n', Place::End));
    let answer = decide(
        &command,
        &account(EDITOR, &[(LIST, Role::Editor)]),
        Some(&list("a")),
        elsewhere,
    );
    assert_eq!(answer, Err(Refusal::IdTaken));
}

#[test]
fn what_was_added_says_who_when_and_nothing_more() {
    let (list, _) = after(&list("a"), EDITOR, add('n', Place::End)).unwrap();
    let task = list.task(t('n')).unwrap();
    assert_eq!(
        task.added,
        Attribution {
            by: EDITOR,
            at: Timestamp(100)
        }
    );
    assert_eq!(
        (task.title.as_str(), task.notes.as_str(), task.done, task.deleted),
        ("n", "", None, None)
    );
}

#[test]
fn a_task_moves_by_its_neighbour() {
    check("a b c", shift('c', Place::Start), Ok("c a b"));
    check("a b c", shift('a', Place::End), Ok("b c a"));
    check("a b c", shift('a', Place::After(t('b'))), Ok("b a c"));
    check("a b c", shift('c', Place::After(t('a'))), Ok("a c b"));
    check("a bx c", shift('b', Place::End), Ok("a c bx"));
    check("a b- c d", shift('d', Place::After(t('b'))), Ok("a d c"));
    check("a b c", shift('a', Place::After(t('z'))), Ok("b c a"));
    check("a b-", shift('b', Place::Start), Err(Refusal::Deleted));
    check("a", shift('z', Place::Start), Err(Refusal::NotFound));
}

#[test]
fn who_stands_there_already_does_not_move() {
    check_nothing("a b c", shift('a', Place::Start));
    check_nothing("a b c", shift('c', Place::End));
    check_nothing("a b c", shift('b', Place::After(t('a'))));
    check_nothing("a b c", shift('b', Place::After(t('b'))));
    check_nothing("a b- c", shift('c', Place::After(t('b'))));
    check_nothing("a b- c", shift('c', Place::After(t('a'))));
    check_nothing("a", shift('a', Place::After(t('z'))));
}

#[test]
fn titles_and_completion_change_once_and_never_in_the_bin() {
    let task = t('a');
    check("a", ListCommand::set(task, Field::Done(true)), Ok("ax"));
    check("ax", ListCommand::set(task, Field::Done(false)), Ok("a"));
    check_nothing("ax", ListCommand::set(task, Field::Done(true)));
    check_nothing("a", ListCommand::set(task, Field::Done(false)));
    check_nothing("a", ListCommand::set(task, Field::Title(title("a"))));
    for command in [
        ListCommand::set(task, Field::Done(true)),
        ListCommand::set(task, Field::Done(false)),
        ListCommand::set(task, Field::Title(title("other"))),
        ListCommand::set_from(task, Field::Notes(notes("")), Field::Notes(notes("more"))),
    ] {
        check("a-", command.clone(), Err(Refusal::Deleted));
        check("b", command, Err(Refusal::NotFound));
    }
    let (list, _) = after(
        &list("a"),
        EDITOR,
        ListCommand::set(task, Field::Title(title("other"))),
    )
    .unwrap();
    assert_eq!(list.task(task).unwrap().title.as_str(), "other");
    let (list, _) = after(&list, EDITOR, ListCommand::set(task, Field::Done(true))).unwrap();
    assert_eq!(
        list.task(task).unwrap().done,
        Some(Attribution {
            by: EDITOR,
            at: Timestamp(100)
        })
    );
}

#[test]
fn notes_that_two_people_wrote_are_merged() {
    let task = t('a');
    let set = |list: &List, base: &str, text: &str| {
        let command = ListCommand::set_from(task, Field::Notes(notes(base)), Field::Notes(notes(text)));
        after(list, EDITOR, command)
            .map(|(list, count)| (list.task(task).unwrap().notes.as_str().to_owned(), count, list))
    };
    let (text, _, first) = set(&list("a"), "", "one\ntwo").unwrap();
    assert_eq!(text, "one\ntwo");
    let (text, _, second) = set(&first, "one\ntwo", "ONE\ntwo").unwrap();
    assert_eq!(text, "ONE\ntwo");
    let (text, _, third) = set(&second, "one\ntwo", "one\nTWO").unwrap();
    assert_eq!(text, "ONE\nTWO");
    let (text, count, _) = set(&third, "one\ntwo", "ONE\nTWO").unwrap();
    assert_eq!((text.as_str(), count), ("ONE\nTWO", 0));
    let long = "x".repeat(Notes::LIMIT);
    let (_, _, full) = set(&list("a"), "", &long).unwrap();
    assert_eq!(
        set(&full, "", "mine").map(|(text, ..)| text),
        Err(Refusal::NotesTooLong)
    );
}

#[test]
fn the_bin_takes_and_gives_back() {
    let (delete, restore) = (
        |letter| ListCommand::Delete { task: t(letter) },
        |letter| ListCommand::Restore { task: t(letter) },
    );
    check("a b", delete('a'), Ok("b"));
    check_nothing("a-", delete('a'));
    check("a", delete('z'), Err(Refusal::NotFound));
    check("a b- c", restore('b'), Ok("a b c"));
    check("ax- b", restore('a'), Ok("ax b"));
    check_nothing("a", restore('a'));
    check("a", restore('z'), Err(Refusal::NotFound));
}

#[test]
fn a_restored_task_takes_no_place_that_is_taken() {
    let mut list = list("a b- c");
    let slot = list.task(t('b')).unwrap().order.clone();
    list.put(task('n', slot));
    let (list, _) = after(&list, EDITOR, ListCommand::Restore { task: t('b') }).unwrap();
    assert_eq!(words(&list), "a n b c");
    check_keys(&list);
}

#[test]
fn completed_tasks_are_cleared_and_nothing_else() {
    check("a bx c- dx e", ListCommand::ClearCompleted {}, Ok("a e"));
    check_nothing("a c-", ListCommand::ClearCompleted {});
}

#[test]
fn a_full_list_takes_no_more() {
    let mut full = List::new(LIST, name("Full"));
    full.members.insert(
        EDITOR,
        Member {
            role: Role::Editor,
            profile: profile("Somebody"),
        },
    );
    for (number, order) in OrderKey::n_between(None, None, List::MOST_TASKS)
        .into_iter()
        .enumerate()
    {
        let mut id = [0; 16];
        id[..8].copy_from_slice(&number.to_be_bytes());
        full.put(Task {
            id: TaskId::from_bytes(id),
            ..task('a', order)
        });
    }
    let deleted = Some(Attribution {
        by: OWNER,
        at: Timestamp(1),
    });
    full.put(Task {
        deleted,
        ..task('b', OrderKey::parse("b").unwrap())
    });
    assert_eq!(ask(&full, EDITOR, add('n', Place::End)), Err(Refusal::ListFull));
    assert_eq!(
        ask(&full, EDITOR, ListCommand::Restore { task: t('b') }),
        Err(Refusal::ListFull)
    );
    let mut first = full.tasks().next().unwrap().clone();
    first.repeat = "2027-01-01 FREQ=DAILY".parse().ok();
    let again = ListCommand::Complete {
        task: first.id,
        next: t('n'),
        due: Day::of(2027, 1, 2).unwrap(),
    };
    let delete = ListCommand::Delete { task: first.id };
    full.put(first);
    assert_eq!(ask(&full, EDITOR, again), Err(Refusal::ListFull));
    let (full, _) = after(&full, EDITOR, delete).unwrap();
    assert!(ask(&full, EDITOR, add('n', Place::End)).is_ok());
}

#[test]
fn a_list_is_made_for_its_owner() {
    let create = Command::Account(AccountCommand::CreateList {
        list: OTHER_LIST,
        name: name("Work"),
    });
    let who = account(OWNER, &[(LIST, Role::Owner)]);
    let role = Role::Owner;
    let made = vec![
        (
            Topic::Person(OWNER),
            vec![Change::ListJoined {
                list: OTHER_LIST,
                role,
            }],
        ),
        (
            Topic::List(OTHER_LIST),
            vec![
                Change::ListCreated { name: name("Work") },
                Change::MemberJoined {
                    person: OWNER,
                    role,
                    profile: who.profile.clone(),
                },
            ],
        ),
    ];
    assert_eq!(decide(&create, &who, None, FACTS), Ok(made));
    let taken = Facts {
        id_taken: true,
        ..FACTS
    };
    assert_eq!(decide(&create, &who, None, taken), Err(Refusal::IdTaken));
    assert_eq!(
        decide(&create, &who, Some(&list("")), FACTS),
        Err(Refusal::IdTaken)
    );
    assert_eq!(decide(&create, &busy(), None, FACTS), Err(Refusal::TooManyLists));
}

/// Somebody who is in as many lists as one may be.
fn busy() -> Account {
    let mut busy = account(STRANGER, &[]);
    for number in 0..Account::MOST_LISTS as u64 {
        let mut id = [9; 16];
        id[..8].copy_from_slice(&number.to_be_bytes());
        busy.lists.insert(ListId::from_bytes(id), Role::Owner);
    }
    busy
}

#[test]
fn only_a_server_knows_whether_a_link_is_right() {
    let join = Command::Account(AccountCommand::Join {
        list: LIST,
        code: "secret".to_owned(),
    });
    let decided = decide(&join, &account(STRANGER, &[]), Some(&list("a")), FACTS);
    assert_eq!(decided, Err(Refusal::LinkInvalid));
}

#[test]
fn a_new_profile_reaches_every_list() {
    let set = |text| {
        Command::Account(AccountCommand::SetProfile {
            profile: profile(text),
        })
    };
    let who = account(EDITOR, &[(LIST, Role::Editor), (OTHER_LIST, Role::Owner)]);
    let renamed = |list| {
        let profile = profile("Ana");
        (
            Topic::List(list),
            vec![Change::MemberRenamed {
                person: EDITOR,
                profile,
            }],
        )
    };
    let mine = (
        Topic::Person(EDITOR),
        vec![Change::ProfileSet {
            profile: profile("Ana"),
        }],
    );
    assert_eq!(
        decide(&set("Ana"), &who, None, FACTS),
        Ok(vec![mine, renamed(LIST), renamed(OTHER_LIST)])
    );
    assert_eq!(decide(&set("Somebody"), &who, None, FACTS), Ok(vec![]));
}

#[track_caller]
fn check_keys(list: &List) {
    let keys: Vec<_> = list.tasks().map(|task| (task.parent, &task.order)).collect();
    assert!(keys.is_sorted_by(|a, b| a < b), "{keys:?}");
    assert!(keys.iter().all(|(_, key)| key.as_str().len() <= 64), "{keys:?}");
}

#[test]
fn a_task_among_long_keys_gives_all_of_them_short_ones() {
    let mut home = list("");
    for number in 0..100_u8 {
        let key = format!("{}{number:02}V", "V".repeat(OrderKey::LONG));
        home.put(Task::new(
            TaskId::from_bytes([number; 16]),
            title("n"),
            OrderKey::parse(&key).unwrap(),
            Attribution {
                by: OWNER,
                at: Timestamp(1),
            },
        ));
    }
    let (next, count) = after(
        &home,
        EDITOR,
        add('n', Place::After(TaskId::from_bytes([50; 16]))),
    )
    .unwrap();
    check_keys(&next);
    let is_new = |task: &&Task| home.task(task.id).is_none_or(|old| old.order != task.order);
    let fresh: Vec<&str> = next
        .tasks()
        .filter(is_new)
        .map(|task| task.order.as_str())
        .collect();
    assert_eq!(fresh.len(), count);
    assert_eq!(count, 101);
    assert!(
        fresh.iter().all(|key| key.len() <= OrderKey::LONG / 2),
        "{fresh:?}"
    );
}

#[test]
fn a_crowded_place_is_given_fresh_keys_and_keeps_its_order() {
    let mut home = list("a b c d e f");
    let (mut expected, mut touched, mut fresh) = (vec!['a'], 0, 0);
    for number in 0..600_u16 {
        let mut id = [0xee; 16];
        id[..2].copy_from_slice(&number.to_be_bytes());
        let command = ListCommand::add(TaskId::from_bytes(id), Place::After(t('a')), title("n"));
        let (next, count) = after(&home, EDITOR, command).unwrap();
        check_keys(&next);
        assert_eq!(next.tasks().nth(1).unwrap().id, TaskId::from_bytes(id));
        let kept = |task: &&Task| task.id != TaskId::from_bytes(id);
        assert!(
            next.tasks()
                .filter(kept)
                .map(|task| task.id)
                .eq(home.tasks().map(|task| task.id))
        );
        touched += count - 1;
        fresh += usize::from(count > 1);
        home = next;
    }
    expected.extend("bcdef".chars());
    let others = home
        .tasks()
        .filter(|task| expected.iter().any(|letter| t(*letter) == task.id));
    assert!(
        others
            .map(|task| task.id)
            .eq(expected.iter().map(|letter| t(*letter)))
    );
    assert!(fresh > 0, "600 tasks in one place never crowded it");
    assert!(
        touched < 600,
        "{touched} other tasks were touched for 600 new ones, in {fresh} places"
    );
}

#[test]
fn a_task_is_added_with_all_that_is_known_of_it_but_its_texts() {
    let home = list("a b");
    let with = |fields: Vec<Field>| ListCommand::AddTask {
        task: t('n'),
        place: Place::End,
        title: title("n"),
        fields,
    };
    let known: Vec<Field> = Field::examples(1)
        .into_iter()
        .filter(|field| field.text().is_none())
        .collect();
    assert_eq!(
        known.len() + Task::MOST_ASSIGNEES - 1 + Task::MOST_LABELS - 1,
        Field::COUNT - 2
    );
    let (next, _) = after(&home, EDITOR, with(known.clone())).unwrap();
    let added = next.task(t('n')).unwrap();
    for field in &known {
        assert_eq!(field.of(added), *field);
    }
    for wrong in [
        vec![Field::Title(title("m"))],
        vec![Field::Notes(Notes::parse("").unwrap())],
        vec![Field::Due(None), Field::Due(None)],
        (0..100_000).map(|_| Field::Due(None)).collect(),
    ] {
        assert_eq!(after(&home, EDITOR, with(wrong)), Err(Refusal::Malformed));
    }
}

#[test]
fn what_comes_again_is_completed_once_and_one_comes_next() {
    let day = |text: &str| Day::parse(text).unwrap();
    let mut home = list("a b c");
    let mut rent = home.task(t('b')).unwrap().clone();
    rent.notes = notes("to Ann");
    rent.priority = Priority::from_number(2);
    rent.assignees = vec![OWNER];
    rent.deadline = Some(day("2026-12-03"));
    rent.start = Some(day("2026-11-25"));
    rent.estimate = Estimate::of_minutes(30);
    rent.labels = vec![LabelName::parse("home").unwrap()];
    rent.due = Some(day("2026-11-30"));
    rent.due_time = "17:00 Europe/Berlin".parse().ok();
    rent.repeat = Some("2026-10-31 FREQ=MONTHLY".parse().unwrap());
    home.put(rent.clone());
    let complete = |next: char| ListCommand::Complete {
        task: t('b'),
        next: t(next),
        due: day("2026-12-31"),
    };
    let (once, _) = after(&home, EDITOR, complete('n')).unwrap();
    assert_eq!(words(&once), "a bx n c");
    let next = once.task(t('n')).unwrap();
    assert_eq!(
        next,
        &Task {
            id: t('n'),
            order: next.order.clone(),
            due: Some(day("2026-12-31")),
            deadline: Some(day("2027-01-03")),
            start: Some(day("2026-12-26")),
            assignees: vec![OWNER],
            labels: rent.labels.clone(),
            added: Attribution {
                by: EDITOR,
                at: FACTS.at,
            },
            ..rent.clone()
        }
    );
    // The finished one is one task: taken up again, it does not come again.
    assert_eq!(once.task(t('b')).unwrap().repeat, None);
    let again = ListCommand::set(t('b'), Field::Done(false));
    assert_eq!(words(&after(&once, EDITOR, again).unwrap().0), "a b n c");
    // Somebody else completes the same one: it is done, and one has come.
    assert_eq!(after(&once, OWNER, complete('m')), Ok((once.clone(), 0)));
    assert_eq!(after(&home, EDITOR, complete('a')), Err(Refusal::IdTaken));
    // Somebody has ended the series meanwhile: it is just completed.
    home.put(Task { repeat: None, ..rent });
    let (done, _) = after(&home, EDITOR, complete('n')).unwrap();
    assert_eq!(words(&done), "a bx c");
}

#[test]
fn whatever_is_asked_keys_stay_in_order_and_apply_agrees() {
    for seed in 0..300 {
        let mut random = Random::new(seed);
        let mut home = list("a b c x- y-");
        // A crowded start, so that fresh keys are needed soon.
        let tight = OrderKey::n_between(
            OrderKey::parse("FFFFFFFFFFFFFFFFFFFFFFF").as_ref(),
            OrderKey::parse("FFFFFFFFFFFFFFFFFFFFFFG").as_ref(),
            3,
        );
        for (letter, key) in "pqr".chars().zip(tight) {
            home.put(Task {
                repeat: "2027-01-01 FREQ=DAILY".parse().ok(),
                ..task(letter, key)
            });
        }
        for letter in ('!'..='~').filter(|letter| !"abcxypqr".contains(*letter)) {
            let ids: Vec<TaskId> = home
                .all_tasks()
                .map(|task| task.id)
                .chain([t('\u{7f}')])
                .collect();
            let (some, anchor) = (random.pick(&ids).unwrap(), random.pick(&ids).unwrap());
            let place = random
                .pick(&[
                    Place::Start,
                    Place::End,
                    Place::After(anchor),
                    Place::After(anchor),
                ])
                .unwrap();
            let command = match random.below(7) {
                0 | 1 => add(letter, place),
                2 | 3 => ListCommand::Move { task: some, place },
                4 => ListCommand::Delete { task: some },
                5 => ListCommand::Restore { task: some },
                _ => ListCommand::Complete {
                    task: some,
                    next: t(letter),
                    due: Day::of(2027, 1, 1).unwrap(),
                },
            };
            let before = home.clone();
            if let Ok((next, _)) = after(&home, EDITOR, command.clone()) {
                home = next;
            }
            check_keys(&home);
            check_others(&before, &home, &command);
            // What is applied twice is there once.
            if let Ok(decision) = ask(&before, EDITOR, command) {
                let mut twice = home.clone();
                for change in decision.iter().flat_map(|(_, changes)| changes) {
                    twice.apply(
                        Attribution {
                            by: EDITOR,
                            at: FACTS.at,
                        },
                        change,
                    );
                }
                assert_eq!(twice, home);
            }
        }
    }
}

/// All tasks but the one that was asked about, and what is a part of it, stand in the order that they had.
#[track_caller]
fn check_others(before: &List, after: &List, command: &ListCommand) {
    let made = Command::List(LIST, command.clone()).makes();
    let parts = |list: &List| -> Vec<TaskId> {
        let parts = command.task().into_iter().flat_map(|task| list.parts(task));
        parts.map(|task| task.id).collect()
    };
    let parts = [parts(before), parts(after)].concat();
    let others = |list: &List| -> Vec<TaskId> {
        list.tasks()
            .map(|task| task.id)
            .filter(|task| command.task() != Some(*task) && made != Some(*task) && !parts.contains(task))
            .collect()
    };
    assert_eq!(others(before), others(after), "{command:?}");
}

#[test]
fn a_task_is_assigned_to_people_of_the_list_each_by_themselves() {
    let home = list("a b");
    let assign = |person, is| ListCommand::set(t('a'), Field::Assigned(person, is));
    let assignees = |list: &List| list.task(t('a')).unwrap().assignees.clone();
    let (one, _) = after(&home, EDITOR, assign(VIEWER, true)).unwrap();
    // Two who assign two people both succeed, and who says it again changes nothing.
    let (two, _) = after(&one, OWNER, assign(OWNER, true)).unwrap();
    assert_eq!(assignees(&two), [VIEWER, OWNER]);
    assert_eq!(after(&two, EDITOR, assign(OWNER, true)), Ok((two.clone(), 0)));
    let (one, _) = after(&two, EDITOR, assign(VIEWER, false)).unwrap();
    assert_eq!(assignees(&one), [OWNER]);
    assert_eq!(after(&one, VIEWER, assign(VIEWER, true)), Err(Refusal::ReadOnly));
    // Taking back takes back what one did, and nothing that somebody did since.
    let back = ListCommand::set_from(
        t('a'),
        Field::Assigned(OWNER, true),
        Field::Assigned(OWNER, false),
    );
    assert_eq!(
        assignees(&after(&one, EDITOR, back.clone()).unwrap().0),
        [] as [PersonId; 0]
    );
    let (none, _) = after(&one, OWNER, assign(OWNER, false)).unwrap();
    assert_eq!(after(&none, EDITOR, back), Err(Refusal::ChangedMeanwhile));
    // Somebody who is not in the list does nothing in it: not by a command, and not with a new task, which is there nevertheless.
    let stranger = PersonId::from_bytes([77; 16]);
    assert_eq!(
        after(&home, EDITOR, assign(stranger, true)),
        Err(Refusal::NotAMember)
    );
    assert_eq!(
        after(&home, EDITOR, assign(stranger, false)),
        Ok((home.clone(), 0))
    );
    let with = ListCommand::AddTask {
        task: t('n'),
        place: Place::End,
        title: title("n"),
        fields: vec![Field::Assigned(stranger, true), Field::Assigned(OWNER, true)],
    };
    let (next, _) = after(&home, EDITOR, with).unwrap();
    assert_eq!(next.task(t('n')).unwrap().assignees, [OWNER]);
}

#[test]
fn a_task_is_assigned_to_so_many_people_and_no_more() {
    let mut home = list("a");
    let person = |number: usize| PersonId::from_bytes([100 + number as u8; 16]);
    for number in 0..=Task::MOST_ASSIGNEES {
        let (role, profile) = (Role::Viewer, profile("Somebody"));
        home.members.insert(person(number), Member { role, profile });
    }
    let assign = |number| ListCommand::set(t('a'), Field::Assigned(person(number), true));
    for number in 0..Task::MOST_ASSIGNEES {
        (home, _) = after(&home, EDITOR, assign(number)).unwrap();
    }
    assert_eq!(
        after(&home, EDITOR, assign(Task::MOST_ASSIGNEES)),
        Err(Refusal::TooManyAssignees)
    );
    assert_eq!(after(&home, EDITOR, assign(3)), Ok((home.clone(), 0)));
}

#[test]
fn who_has_left_makes_way_for_who_is_assigned_and_for_nobody_else() {
    let mut home = list("a");
    let person = |number: usize| PersonId::from_bytes([100 + number as u8; 16]);
    let mut full = home.task(t('a')).unwrap().clone();
    full.assignees = (0..Task::MOST_ASSIGNEES).map(person).collect();
    home.put(full);
    // Numbers 1 and 2 have left.
    for number in [0, 3].into_iter().chain(4..Task::MOST_ASSIGNEES) {
        let (role, profile) = (Role::Viewer, profile("Somebody"));
        home.members.insert(person(number), Member { role, profile });
    }
    let assign = |person| ListCommand::set(t('a'), Field::Assigned(person, true));
    let set = |person, is_assigned| Change::TaskSet {
        task: t('a'),
        field: Field::Assigned(person, is_assigned),
    };
    assert_eq!(
        ask(&home, EDITOR, assign(OWNER)),
        Ok(vec![(
            Topic::List(LIST),
            vec![set(person(1), false), set(OWNER, true)]
        )])
    );
    // Who may not be assigned takes nobody off, and neither does who is assigned already, or something else that is set.
    assert_eq!(ask(&home, EDITOR, assign(STRANGER)), Err(Refusal::NotAMember));
    assert_eq!(ask(&home, EDITOR, assign(person(3))), Ok(vec![]));
    let (done, count) = after(&home, EDITOR, ListCommand::set(t('a'), Field::Done(true))).unwrap();
    assert_eq!((done.task(t('a')).unwrap().assignees.len(), count), (20, 1));
    let (one, _) = after(&home, EDITOR, assign(OWNER)).unwrap();
    let (two, _) = after(&one, OWNER, assign(EDITOR)).unwrap();
    assert_eq!(two.task(t('a')).unwrap().assignees.len(), Task::MOST_ASSIGNEES);
    assert_eq!(after(&two, OWNER, assign(VIEWER)), Err(Refusal::TooManyAssignees));
}

#[test]
fn labels_are_put_on_a_task_and_taken_off_each_by_itself() {
    let home = list("a");
    let label = |name: &str| LabelName::parse(name).unwrap();
    let set = |name: &str, is| ListCommand::set(t('a'), Field::Labelled(label(name), is));
    let (one, _) = after(&home, EDITOR, set("home", true)).unwrap();
    let (two, _) = after(&one, OWNER, set("urgent", true)).unwrap();
    assert_eq!(two.task(t('a')).unwrap().labels, [label("home"), label("urgent")]);
    assert_eq!(after(&two, EDITOR, set("home", true)), Ok((two.clone(), 0)));
    let (one, _) = after(&two, EDITOR, set("home", false)).unwrap();
    assert_eq!(one.task(t('a')).unwrap().labels, [label("urgent")]);
    let mut full = home;
    for number in 0..Task::MOST_LABELS {
        (full, _) = after(&full, EDITOR, set(&format!("label {number}"), true)).unwrap();
    }
    assert_eq!(
        after(&full, EDITOR, set("one more", true)),
        Err(Refusal::TooManyLabels)
    );
}
