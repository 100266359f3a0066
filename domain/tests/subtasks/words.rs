//! A list with subtasks in words, and what is asked of it.

use domain::{
    Account, Attribution, Colour, Command, Facts, Field, List, ListCommand, ListId, ListName, Member,
    PersonId, PersonName, Place, Profile, Refusal, Role, Step, Task, TaskId, Timestamp, Title, Version,
    below, decide, step,
};

pub(super) const LIST: ListId = ListId::from_bytes([1; 16]);
pub(super) const ANA: PersonId = PersonId::from_bytes([10; 16]);

pub(super) const fn t(letter: char) -> TaskId {
    TaskId::from_bytes([letter as u8; 16])
}

pub(super) fn add(letter: char, place: Place) -> ListCommand {
    ListCommand::add(t(letter), place, Title::parse(&letter.to_string()).unwrap())
}

pub(super) fn shift(letter: char, place: Place) -> ListCommand {
    ListCommand::Move {
        task: t(letter),
        place,
    }
}

pub(super) fn profile() -> Profile {
    let name = PersonName::parse("Ana").unwrap();
    let colour = Colour::default();
    Profile { name, colour }
}

/// The list after a command, at a time.
pub(super) fn at(time: u64, list: &List, command: ListCommand) -> Result<List, Refusal> {
    let account = Account {
        person: ANA,
        version: Version(1),
        profile: profile(),
        lists: std::iter::once((LIST, Role::Owner)).collect(),
    };
    let (by, id_taken) = (ANA, false);
    let at = Timestamp(time);
    let decision = decide(
        &Command::List(LIST, command),
        &account,
        Some(list),
        Facts { at, id_taken },
    )?;
    let stamp = Attribution { by, at };
    let apply = |list: &List| {
        let mut after = list.clone();
        let changes = decision.iter().flat_map(|(_, changes)| changes);
        changes.for_each(|change| after.apply(stamp, change));
        after
    };
    let after = apply(list);
    assert_eq!(apply(&after), after, "what is applied twice is there once");
    Ok(after)
}

/// The list that those words say: `a(b c(d)) e`, with `x` behind what is done; a capital letter is a section.
pub(super) fn list(words: &str) -> List {
    let mut list = List::new(LIST, ListName::parse("Home").unwrap());
    let (role, profile) = (Role::Owner, profile());
    list.members.insert(ANA, Member { role, profile });
    let (mut parents, mut last) = (Vec::new(), None);
    for (time, letter) in words.chars().enumerate() {
        match letter {
            '(' => parents.push(last.unwrap()),
            ')' => last = parents.pop(),
            ' ' => {}
            'x' => {
                list = at(
                    1 + time as u64,
                    &list,
                    ListCommand::set(last.unwrap(), Field::Done(true)),
                )
                .unwrap()
            }
            letter => {
                let place = parents.last().map_or(Place::End, |parent| Place::EndOf(*parent));
                list = at(1, &list, add(letter, place)).unwrap();
                if letter.is_uppercase() {
                    list = at(1, &list, ListCommand::set(t(letter), Field::Section(true))).unwrap();
                }
                last = Some(t(letter));
            }
        }
    }
    assert_eq!(words_of(&list), words);
    list
}

/// The list after one step of a task; none where there is none to go.
pub(super) fn stepped(words: &str, letter: char, to: Step) -> Option<List> {
    let list = list(words);
    let place = step(&list, t(letter), to)?;
    Some(at(100, &list, shift(letter, place)).unwrap())
}

/// The list after a task was let go below a row, so many levels in.
pub(super) fn dropped(words: &str, letter: char, above: Option<char>, level: usize) -> List {
    let list = list(words);
    let (place, _) = below(&list, t(letter), above.map(t), level);
    at(100, &list, shift(letter, place)).unwrap()
}

/// The words that say the list.
pub(super) fn words_of(list: &List) -> String {
    fn below(list: &List, parent: Option<TaskId>) -> String {
        let word = |task: &Task| {
            let mut word = char::from(task.id.as_bytes()[0]).to_string();
            if task.done.is_some() {
                word.push('x');
            }
            let parts = below(list, Some(task.id));
            if parts.is_empty() {
                word
            } else {
                format!("{word}({parts})")
            }
        };
        list.subtasks(parent).map(word).collect::<Vec<_>>().join(" ")
    }
    below(list, None)
}

/// What is to be done, in the order in which it is read, and how far each stands to the right.
pub(super) fn read(list: &List) -> String {
    let line = |task: &&Task| format!("{}{}", char::from(task.id.as_bytes()[0]), list.level(task));
    list.open().iter().map(line).collect::<Vec<_>>().join(" ")
}
