//! The log as it stands on disk, read without any of the code that wrote it.

use std::collections::BTreeMap;

use domain::wire::Outcome;
use domain::{Change, ClientId, Command, CommandSeq, Field, ListCommand, Seq};
use sqlx::Row as _;
use sqlx::sqlite::{SqliteConnectOptions, SqliteRow};

/// A row of it.
#[derive(Debug)]
pub(crate) struct LogRow {
    pub(crate) seq: Seq,
    topic: String,
    version: u64,
    by: Option<(ClientId, CommandSeq)>,
    changes: Vec<Change>,
}

/// What was asked under each number, and what was answered.
pub(crate) type Asked = BTreeMap<(ClientId, CommandSeq), (Command, Option<Outcome>)>;

pub(crate) async fn read(database: &str) -> Vec<LogRow> {
    let options = SqliteConnectOptions::new().filename(database).read_only(true);
    let mut connection = sqlx::ConnectOptions::connect(&options).await.unwrap();
    let rows = sqlx::query(
        "select seq, kind || hex(topic) as topic, version, client, command_seq, changes from log order by seq",
    )
    .fetch_all(&mut connection)
    .await
    .unwrap();
    sqlx::Connection::close(connection).await.unwrap();
    rows.iter().map(row).collect()
}

fn row(row: &SqliteRow) -> LogRow {
    let count = |name| u64::try_from(row.get::<i64, _>(name)).unwrap();
    let client: Option<Vec<u8>> = row.get("client");
    let command_seq: Option<i64> = row.get("command_seq");
    LogRow {
        seq: Seq(count("seq")),
        topic: row.get("topic"),
        version: count("version"),
        by: client.zip(command_seq).map(|(client, command_seq)| {
            let client = ClientId::from_bytes(client.try_into().unwrap());
            (client, CommandSeq(u64::try_from(command_seq).unwrap()))
        }),
        changes: serde_json::from_str(row.get("changes")).unwrap(),
    }
}

/// Neither in the numbers of the rows nor in the versions of any list or person.
pub(crate) fn has_no_hole(rows: &[LogRow]) {
    let mut versions: BTreeMap<&str, u64> = BTreeMap::new();
    for (next, row) in (1..).zip(rows) {
        assert_eq!(row.seq.0, next, "{row:?}");
        let version = versions.entry(&row.topic).or_default();
        *version += 1;
        assert_eq!(row.version, *version, "{row:?}");
    }
}

/// In the order that each page asked; and what was refused, or never asked, is not there.
pub(crate) fn has_each_answered_command_once(rows: &[LogRow], asked: &Asked) {
    let mut last: BTreeMap<ClientId, CommandSeq> = BTreeMap::new();
    let mut done: BTreeMap<(ClientId, CommandSeq), Vec<&LogRow>> = BTreeMap::new();
    for row in rows {
        if let Some(by) = row.by {
            let before = last.insert(by.0, by.1).unwrap_or_default();
            assert!(by.1 >= before, "out of order: {row:?}");
            done.entry(by).or_default().push(row);
        }
    }
    for (by, (command, outcome)) in asked {
        let rows = done.remove(by).unwrap_or_default();
        match outcome {
            None => panic!("{command:?} was never answered"),
            Some(Outcome::Refused { .. }) => assert!(rows.is_empty(), "{command:?} was refused: {rows:?}"),
            Some(Outcome::Done { .. }) => {
                let mut topics: Vec<&str> = rows.iter().map(|row| row.topic.as_str()).collect();
                topics.dedup();
                assert_eq!(topics.len(), rows.len(), "done twice: {command:?}: {rows:?}");
                let times = rows
                    .iter()
                    .flat_map(|row| &row.changes)
                    .filter(|change| tells(change, command))
                    .count();
                // What was so already leaves no row; what is new or goes by a text of its own always does.
                match command {
                    Command::List(
                        _,
                        ListCommand::AddTask { .. }
                        | ListCommand::Set {
                            field: Field::Title(_),
                            ..
                        },
                    )
                    | Command::Account(_) => assert_eq!(times, 1, "{command:?}: {rows:?}"),
                    _ => assert!(times <= 1, "{command:?}: {rows:?}"),
                }
            }
        }
    }
    let made = rows
        .iter()
        .flat_map(|row| &row.changes)
        .filter_map(|change| match change {
            Change::TaskAdded { task } => Some(task.id),
            _ => None,
        });
    let mut made: Vec<_> = made.collect();
    let all = made.len();
    made.sort();
    made.dedup();
    assert_eq!(made.len(), all, "a task was added twice");
    assert!(done.is_empty(), "nobody asked this: {done:?}");
}

/// Whether the change is the one that the command asked for.
fn tells(change: &Change, command: &Command) -> bool {
    use domain::AccountCommand::{CreateList, Join, SetProfile};
    match (command, change) {
        (Command::List(_, ListCommand::AddTask { task, title, .. }), Change::TaskAdded { task: added }) => {
            (added.id, &added.title) == (*task, title)
        }
        (Command::List(_, ListCommand::Complete { task, .. }), Change::TaskSet { task: to, field }) => {
            to == task && *field == Field::Done(true)
        }
        // Notes are merged, so what is written need not be what was asked.
        (
            Command::List(_, ListCommand::Set { task, field, .. }),
            Change::TaskSet { task: to, field: now },
        ) => to == task && (now == field || matches!((now, field), (Field::Notes(_), Field::Notes(_)))),
        (Command::List(_, ListCommand::Delete { task }), Change::TaskDeleted { task: done }) => task == done,
        (Command::List(_, ListCommand::Move { task, .. }), Change::TaskMoved { task: moved, .. }) => {
            task == moved
        }
        (Command::List(_, ListCommand::Restore { task }), Change::TaskRestored { task: back }) => {
            *task == back.id
        }
        (
            Command::Account(CreateList { list, .. } | Join { list, .. }),
            Change::ListJoined { list: to, .. },
        ) => list == to,
        (Command::Account(SetProfile { profile }), Change::ProfileSet { profile: now }) => profile == now,
        _ => false,
    }
}
