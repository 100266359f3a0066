//! Writing a transaction: one statement for all of it.

use sqlx::{Connection, Executor, SqliteConnection};

use super::row_changes::Decided;
use crate::accounts::delete::erase;
use crate::database::columns::{JsonRows, number};
use crate::live::committed_row::CommittedRow;
use crate::write::memory::State;

/// What a transaction writes; each statement takes its rows as one JSON text, so that their number changes nothing about it.
const WRITE: &str = "insert into persons (id, name, colour, version)
    select unhex(value ->> 0), value ->> 1, value ->> 2, value ->> 3 from json_each(new.persons) where true
    on conflict (id) do update
    set name = excluded.name, colour = excluded.colour, version = excluded.version;

    insert into lists (id, name, version, open)
    select unhex(value ->> 0), value ->> 1, value ->> 2, value ->> 3 from json_each(new.lists_new);

    update lists
    set name = coalesce(row.value ->> 1, name), version = row.value ->> 2, open = open + (row.value ->> 3)
    from json_each(new.lists_changed) as row where lists.id = unhex(row.value ->> 0);

    insert into links (id, list_id, role, secret, made_by, made_at, expires_at, most_uses, uses, revoked_at)
    select unhex(value ->> 0), unhex(value ->> 1), value ->> 2, unhex(value ->> 3), unhex(value ->> 4), value ->> 5,
        value ->> 6, value ->> 7, value ->> 8, value ->> 9
    from json_each(new.links_new);

    update links set uses = row.value ->> 1, revoked_at = row.value ->> 2
    from json_each(new.links_changed) as row where links.id = unhex(row.value ->> 0);

    insert into link_uses (link_id, person_id, at)
    select unhex(value ->> 0), unhex(value ->> 1), new.at from json_each(new.link_uses);

    delete from members
    where (list_id, person_id) in (select unhex(value ->> 0), unhex(value ->> 1) from json_each(new.members_gone));

    insert into members (list_id, person_id, role, joined_seq, link_id)
    select unhex(value ->> 0), unhex(value ->> 1), value ->> 2, coalesce(value ->> 3,
        (select joined_seq from members
         where list_id = unhex(value ->> 0) and person_id = unhex(value ->> 1))),
        iif(value ->> 3 is null, coalesce(unhex(value ->> 4),
            (select link_id from members
             where list_id = unhex(value ->> 0) and person_id = unhex(value ->> 1))), unhex(value ->> 4))
    from json_each(new.members_there) where true
    on conflict (list_id, person_id) do update
    set role = excluded.role, joined_seq = excluded.joined_seq, link_id = excluded.link_id;

    insert into tasks
        (id, list_id, title, order_key, added_by, added_at, done_by, done_at, deleted_by, deleted_at)
    select unhex(value ->> 0), unhex(value ->> 1), value ->> 2, value ->> 3, unhex(value ->> 4), value ->> 5,
        unhex(value ->> 6), value ->> 7, unhex(value ->> 8), value ->> 9
    from json_each(new.tasks_new);

    update tasks
    set title = row.value ->> 1, done_by = unhex(row.value ->> 2), done_at = row.value ->> 3,
        deleted_by = unhex(row.value ->> 4), deleted_at = row.value ->> 5
    from json_each(new.tasks_edited) as row where tasks.id = unhex(row.value ->> 0);

    update tasks set order_key = row.value ->> 1
    from json_each(new.tasks_moved) as row where tasks.id = unhex(row.value ->> 0);

    insert into notes (task_id, body)
    select unhex(value ->> 0), value ->> 1 from json_each(new.notes) where true
    on conflict (task_id) do update set body = excluded.body;

    insert into log (seq, kind, topic, version, actor, client, mid, at, changes)
    select value ->> 0, value ->> 1, unhex(value ->> 2), value ->> 3, unhex(value ->> 4), unhex(value ->> 5),
        value ->> 6, new.at, value -> 7
    from json_each(new.log);

    insert into clients (id, person_id, last_mid, seen_at)
    select unhex(value ->> 0), unhex(value ->> 1), value ->> 2, new.at from json_each(new.clients) where true
    on conflict (id) do update set last_mid = excluded.last_mid, seen_at = excluded.seen_at;

    insert into refusals (client, mid, code)
    select unhex(value ->> 0), value ->> 1, value ->> 2 from json_each(new.refusals);

    delete from list_invitations
    where (list_id, name_key) in (select unhex(value ->> 0), value ->> 1 from json_each(new.invitations_accepted));

    update meta set head = new.head, at = new.at;";

/// What the statements find their rows in.
const COLUMNS: &str = "persons, lists_new, lists_changed, members_gone, members_there, tasks_new, tasks_edited, tasks_moved, notes, log, clients, refusals, at, head, links_new, links_changed, link_uses, invitations_accepted";

/// Has the connection write a transaction when a row is put into `batch`, which keeps nothing. So it is one statement, and a
/// transaction by itself: each that is asked for costs two wakings of SQLite's thread, more than what a small one does.
pub(crate) async fn prepare(connection: &mut SqliteConnection) -> Result<(), sqlx::Error> {
    let nothing = ["null"; 18].join(", ");
    let batch = format!(
        "create temp view batch ({COLUMNS}) as select {nothing};
         create temp trigger write instead of insert on batch begin {WRITE} end"
    );
    connection.execute(sqlx::AssertSqlSafe(batch)).await.map(drop)
}

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
        let links = self.links();
        let write = sqlx::query(
            "insert into batch values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)",
        )
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
            .bind(links.new)
            .bind(links.changed)
            .bind(links.uses)
            .bind(self.invitations());
        if self.left.is_empty() {
            return write.execute(connection).await.map(drop);
        }
        let mut transaction = connection.begin_with("begin immediate").await?;
        write.execute(&mut *transaction).await?;
        for left in &self.left {
            erase(&mut transaction, left, self.at).await?;
        }
        transaction.commit().await
    }

    /// Whether there is nothing to write.
    pub(crate) fn is_empty(&self) -> bool {
        self.rows.is_empty()
            && self.tables.clients.is_empty()
            && self.tables.links.is_empty()
            && self.tables.invitations.is_empty()
    }
}

fn log(committed: &[CommittedRow]) -> String {
    let mut rows = JsonRows::default();
    for CommittedRow { head, changes, .. } in committed {
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
        crate::database::open::migrations()
            .run(&mut database)
            .await
            .unwrap();
        for statement in WRITE
            .split(';')
            .filter(|statement| statement.contains("json_each"))
        {
            let statement = COLUMNS
                .split(", ")
                .fold(statement.to_owned(), |statement, column| {
                    statement.replace(&format!("new.{column}"), "?")
                });
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
