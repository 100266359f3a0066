//! What people ask for, and what comes of it.

use domain::{AccountCommand, Change, Command, Day, Field, ListCommand, Notes, Place, Role};

use super::parts::*;

/// Both values of each field, and texts with characters of every length.
pub(crate) fn fields() -> Vec<Field> {
    let examples = (0..3).flat_map(Field::examples);
    examples
        .chain([
            Field::Title(title("Été 😀")),
            Field::Notes(notes("\"quoted\"\n\tand \\ more")),
            Field::Notes(Notes::default()),
        ])
        .collect()
}

pub(crate) fn changes() -> Vec<Change> {
    let (person, list, task, role) = (PERSON, LIST, TASK, Role::Owner);
    let mut changes = vec![
        Change::ListCreated {
            name: name("“Home”")
        },
        Change::ListRenamed {
            name: name("Home \\ away"),
        },
        Change::MemberJoined {
            person,
            role,
            profile: profile(),
        },
        Change::MemberRenamed {
            person,
            profile: profile(),
        },
        Change::MemberLeft { person },
        Change::TaskAdded { task: whole_task() },
        Change::TaskAdded { task: section() },
        Change::TaskRestored { task: self::task() },
        Change::TaskMoved {
            task,
            order: order("zz"),
            parent: None,
        },
        Change::TaskMoved {
            task,
            order: order("zz"),
            parent: Some(OTHER_TASK),
        },
        Change::TaskDeleted { task },
        Change::ProfileSet { profile: profile() },
        Change::ListJoined { list, role },
        Change::ListLeft { list },
    ];
    changes.extend(fields().into_iter().map(|field| Change::TaskSet { task, field }));
    changes
}

pub(crate) fn commands() -> Vec<Command> {
    let of_list = list_commands()
        .into_iter()
        .map(|command| Command::List(LIST, command));
    of_list
        .chain(account_commands().into_iter().map(Command::Account))
        .collect()
}

pub(crate) fn list_commands() -> Vec<ListCommand> {
    let task = TASK;
    let mut commands = vec![
        ListCommand::Rename { name: name("Work") },
        ListCommand::RemoveMember { person: PERSON },
        ListCommand::add(task, Place::After(OTHER_TASK), title("Tea")),
        ListCommand::AddTask {
            task,
            place: Place::Start,
            title: title("Milk"),
            fields: Field::others_of(&whole_task()),
        },
        ListCommand::Complete {
            task,
            next: OTHER_TASK,
            due: Day::of(2027, 3, 1).unwrap(),
        },
        ListCommand::Move {
            task,
            place: Place::End,
        },
        ListCommand::Delete { task },
        ListCommand::Restore { task },
        ListCommand::ClearCompleted {},
    ];
    for field in fields() {
        commands.push(ListCommand::set_from(
            task,
            field.of(&whole_task()),
            field.clone(),
        ));
        commands.push(ListCommand::set(task, field));
    }
    commands
}

pub(crate) fn account_commands() -> Vec<AccountCommand> {
    vec![
        AccountCommand::CreateList {
            list: LIST,
            name: name("New"),
        },
        AccountCommand::Join {
            list: LIST,
            code: "x/y".to_owned(),
        },
        AccountCommand::SetProfile { profile: profile() },
    ]
}
