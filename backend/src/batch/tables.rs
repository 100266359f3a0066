//! What a transaction leaves in the tables: the last state of each row that it touched, written by one text of SQL.

use std::collections::{BTreeMap, BTreeSet};

use domain::{Change, ClientId, ListId, Mid, PersonId, Refusal, Role, Seq, TaskId, Version};
use sqlx::SqliteConnection;

use super::Decided;
use crate::columns::{JsonRows, number};
use crate::hub::Committed;
use crate::state::State;

/// The rows that a transaction touched.
#[derive(Debug, Default)]
pub(crate) struct Tables {
    pub(super) persons: BTreeSet<PersonId>,
    lists: BTreeMap<ListId, ListRow>,
    /// None for one who is a member no more.
    members: BTreeMap<(ListId, PersonId), Option<Membership>>,
    tasks: BTreeMap<TaskId, TaskRow>,
    pub(super) clients: BTreeSet<ClientId>,
    pub(super) refusals: Vec<(ClientId, Mid, Refusal)>,
}

#[derive(Debug, Default)]
pub(super) struct ListRow {
    pub(super) new: bool,
    pub(super) version: Version,
    /// By how much the number of tasks to do changes.
    pub(super) open: i64,
}

#[derive(Clone, Copy, Debug)]
struct Membership {
    role: Role,
    /// The row that made them a member, if that is in this transaction.
    joined: Option<Seq>,
}

#[derive(Debug)]
struct TaskRow {
    list: ListId,
    new: bool,
    edited: bool,
    moved: bool,
    notes: Option<String>,
}

/// The task that a change is about.
pub(super) const fn task(change: &Change) -> Option<TaskId> {
    match change {
        Change::TaskAdded { task } | Change::TaskRestored { task } => Some(task.id),
        Change::TaskRetitled { task, .. }
        | Change::NotesSet { task, .. }
        | Change::TaskCompleted { task }
        | Change::TaskReopened { task }
        | Change::TaskMoved { task, .. }
        | Change::TaskDeleted { task } => Some(*task),
        Change::ListCreated { .. }
        | Change::ListRenamed { .. }
        | Change::MemberJoined { .. }
        | Change::MemberRenamed { .. }
        | Change::MemberLeft { .. }
        | Change::ProfileSet { .. }
        | Change::ListJoined { .. }
        | Change::ListLeft { .. } => None,
    }
}

impl Tables {
    pub(super) fn list(&mut self, list: ListId) -> &mut ListRow {
        self.lists.entry(list).or_default()
    }

    /// Notes what a change touches in the table of tasks.
    pub(super) fn note(&mut self, list: ListId, change: &Change) {
        let Some(task) = task(change) else { return };
        let untouched = TaskRow {
            list,
            new: false,
            edited: false,
            moved: false,
            notes: None,
        };
        let row = self.tasks.entry(task).or_insert(untouched);
        match change {
            Change::TaskAdded { .. } => row.new = true,
            Change::TaskMoved { .. } => row.moved = true,
            Change::TaskRestored { .. } => (row.moved, row.edited) = (true, true),
            Change::NotesSet { notes, .. } => row.notes = Some(notes.as_str().to_owned()),
            _ => row.edited = true,
        }
    }

    pub(super) fn join(&mut self, list: ListId, person: PersonId, role: Role, joined: Option<Seq>) {
        let before = self.members.get(&(list, person)).copied().flatten();
        let joined = joined.or(before.and_then(|before| before.joined));
        self.members
            .insert((list, person), Some(Membership { role, joined }));
    }

    pub(super) fn leave(&mut self, list: ListId, person: PersonId) {
        self.members.insert((list, person), None);
    }
}

/// Writes a transaction. The statements are one text, since each message to SQLite's thread costs as much as a small
/// statement does; each takes its rows as one JSON text, so that their number changes nothing about it.
const WRITE: &str = "begin immediate;

    insert into persons (id, name, colour, version)
    select unhex(value ->> 0), value ->> 1, value ->> 2, value ->> 3 from json_each($1) where true
    on conflict (id) do update
    set name = excluded.name, colour = excluded.colour, version = excluded.version;

    insert into lists (id, name, version, open)
    select unhex(value ->> 0), value ->> 1, value ->> 2, value ->> 3 from json_each($2);

    update lists
    set name = coalesce(row.value ->> 1, name), version = row.value ->> 2, open = open + (row.value ->> 3)
    from json_each($3) as row where lists.id = unhex(row.value ->> 0);

    delete from members
    where (list_id, person_id) in (select unhex(value ->> 0), unhex(value ->> 1) from json_each($4));

    insert into members (list_id, person_id, role, joined_seq)
    select unhex(value ->> 0), unhex(value ->> 1), value ->> 2, coalesce(value ->> 3,
        (select joined_seq from members
         where list_id = unhex(value ->> 0) and person_id = unhex(value ->> 1)))
    from json_each($5) where true
    on conflict (list_id, person_id) do update
    set role = excluded.role, joined_seq = excluded.joined_seq;

    insert into tasks
        (id, list_id, title, order_key, added_by, added_at, done_by, done_at, deleted_by, deleted_at)
    select unhex(value ->> 0), unhex(value ->> 1), value ->> 2, value ->> 3, unhex(value ->> 4), value ->> 5,
        unhex(value ->> 6), value ->> 7, unhex(value ->> 8), value ->> 9
    from json_each($6);

    update tasks
    set title = row.value ->> 1, done_by = unhex(row.value ->> 2), done_at = row.value ->> 3,
        deleted_by = unhex(row.value ->> 4), deleted_at = row.value ->> 5
    from json_each($7) as row where tasks.id = unhex(row.value ->> 0);

    update tasks set order_key = row.value ->> 1
    from json_each($8) as row where tasks.id = unhex(row.value ->> 0);

    insert into notes (task_id, body)
    select unhex(value ->> 0), value ->> 1 from json_each($9) where true
    on conflict (task_id) do update set body = excluded.body;

    insert into log (seq, kind, topic, version, actor, client, mid, at, changes)
    select value ->> 0, value ->> 1, unhex(value ->> 2), value ->> 3, unhex(value ->> 4), unhex(value ->> 5),
        value ->> 6, $13, value -> 7
    from json_each($10);

    insert into clients (id, person_id, last_mid, seen_at)
    select unhex(value ->> 0), unhex(value ->> 1), value ->> 2, $13 from json_each($11) where true
    on conflict (id) do update set last_mid = excluded.last_mid, seen_at = excluded.seen_at;

    insert into refusals (client, mid, code)
    select unhex(value ->> 0), value ->> 1, value ->> 2 from json_each($12);

    update meta set head = $14, at = $13;

    commit";

impl Decided {
    /// Writes all of it in one transaction. When this returns without an error it is on disk.
    pub(crate) async fn write(
        &self,
        connection: &mut SqliteConnection,
        state: &State,
    ) -> Result<(), sqlx::Error> {
        let lists = self.lists(state);
        let members = self.members();
        let tasks = self.tasks(state);
        sqlx::query(WRITE)
            .bind(self.persons(state))
            .bind(lists.new)
            .bind(lists.changed)
            .bind(members.gone)
            .bind(members.there)
            .bind(tasks.new)
            .bind(tasks.edited)
            .bind(tasks.moved)
            .bind(tasks.notes)
            .bind(log(&self.rows))
            .bind(self.clients(state))
            .bind(self.refusals())
            .bind(number(self.at.0))
            .bind(number(state.head.0))
            .execute(connection)
            .await
            .map(drop)
    }

    /// Whether there is nothing to write.
    pub(crate) fn is_empty(&self) -> bool {
        self.rows.is_empty() && self.tables.clients.is_empty()
    }

    fn persons(&self, state: &State) -> String {
        let mut rows = JsonRows::default();
        for account in self
            .tables
            .persons
            .iter()
            .filter_map(|person| state.accounts.get(person))
        {
            let profile = &account.profile;
            let row = rows.row().id(&account.person).text(profile.name.as_str());
            row.count(profile.colour.number().into()).count(account.version.0);
        }
        rows.finish()
    }

    fn lists(&self, state: &State) -> Lists {
        let (mut new, mut changed) = (JsonRows::default(), JsonRows::default());
        for (id, row) in &self.tables.lists {
            let name = state.lists.get(id).map(|list| list.name.as_str());
            let rows = if row.new { &mut new } else { &mut changed };
            rows.row()
                .id(id)
                .maybe(name, |row, name| row.text(name))
                .count(row.version.0)
                .number(row.open);
        }
        Lists {
            new: new.finish(),
            changed: changed.finish(),
        }
    }

    fn members(&self) -> Members {
        let (mut gone, mut there) = (JsonRows::default(), JsonRows::default());
        for ((list, person), member) in &self.tables.members {
            match member {
                None => drop(gone.row().id(list).id(person)),
                Some(Membership { role, joined }) => {
                    let row = there.row().id(list).id(person).text(role.as_str());
                    row.maybe(*joined, |row, joined| row.count(joined.0));
                }
            }
        }
        Members {
            gone: gone.finish(),
            there: there.finish(),
        }
    }

    fn tasks(&self, state: &State) -> Tasks {
        let (mut new, mut edited) = (JsonRows::default(), JsonRows::default());
        let (mut moved, mut notes) = (JsonRows::default(), JsonRows::default());
        for (id, row) in &self.tables.tasks {
            if let Some(body) = &row.notes {
                notes.row().id(id).text(body);
            }
            let Some(task) = state.lists.get(&row.list).and_then(|list| list.task(*id)) else {
                continue;
            };
            let title = task.title.as_str();
            if row.new {
                let added = task.added;
                let row = new
                    .row()
                    .id(id)
                    .id(&row.list)
                    .text(title)
                    .text(task.order.as_str());
                row.id(&added.by)
                    .count(added.at.0)
                    .stamp(task.done)
                    .stamp(task.deleted);
                continue;
            }
            if row.edited {
                edited
                    .row()
                    .id(id)
                    .text(title)
                    .stamp(task.done)
                    .stamp(task.deleted);
            }
            if row.moved {
                moved.row().id(id).text(task.order.as_str());
            }
        }
        Tasks {
            new: new.finish(),
            edited: edited.finish(),
            moved: moved.finish(),
            notes: notes.finish(),
        }
    }

    fn clients(&self, state: &State) -> String {
        let mut rows = JsonRows::default();
        for client in &self.tables.clients {
            if let Some((person, mid)) = state.register.get(client) {
                rows.row().id(client).id(person).count(mid.0);
            }
        }
        rows.finish()
    }

    fn refusals(&self) -> String {
        let mut rows = JsonRows::default();
        for (client, mid, refusal) in &self.tables.refusals {
            rows.row().id(client).count(mid.0).text(refusal.code());
        }
        rows.finish()
    }
}

struct Lists {
    new: String,
    changed: String,
}

struct Members {
    gone: String,
    there: String,
}

struct Tasks {
    new: String,
    edited: String,
    moved: String,
    notes: String,
}

fn log(committed: &[Committed]) -> String {
    let mut rows = JsonRows::default();
    for Committed { head, changes, .. } in committed {
        let row = rows.row().count(head.seq.0);
        let row = match &head.topic {
            domain::Topic::List(list) => row.text("list").id(list),
            domain::Topic::Person(person) => row.text("person").id(person),
        };
        row.count(head.version.0)
            .id(&head.actor)
            .maybe(head.client, |row, client| row.id(&client))
            .maybe(head.mid, |row, mid| row.count(mid.0))
            .json(changes);
    }
    rows.finish()
}

#[cfg(test)]
mod tests {
    use sqlx::{ConnectOptions, Row, SqlSafeStr};

    use super::*;

    #[tokio::test]
    async fn no_statement_reads_a_table_from_end_to_end() {
        let options = sqlx::sqlite::SqliteConnectOptions::new().in_memory(true);
        let mut database = options.connect().await.unwrap();
        let tables = include_str!("../../migrations/0001_tables.sql");
        sqlx::raw_sql(tables).execute(&mut database).await.unwrap();
        for statement in WRITE
            .split(';')
            .filter(|statement| statement.contains("json_each"))
        {
            let plan = sqlx::AssertSqlSafe(format!("explain query plan {statement}")).into_sql_str();
            for step in sqlx::query(plan).fetch_all(&mut database).await.unwrap() {
                let step: String = step.get("detail");
                assert!(
                    !step.starts_with("SCAN") || step.contains("VIRTUAL TABLE"),
                    "{step}: {statement}"
                );
            }
        }
    }
}
