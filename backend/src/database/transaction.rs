//! What a transaction of the write path leaves in the tables: one JSON document with named fields, written by one statement.
//!
//! The document is handed to SQLite as one row for a view that keeps nothing; the view's trigger has a statement for each
//! table. Each statement that is asked for by itself costs two wakings of SQLite's thread, more than what a small one does.

use serde::Serialize;
use sqlx::Executor;

use super::columns::Hex;
use super::tasks::{self, MovedTask, NotesRow, TaskRow};
use super::{Connection, DriverError};

/// The rows of a transaction, table by table. A row that is there already is changed where its struct says so.
#[derive(Serialize, Default)]
pub(crate) struct Document<'a> {
    /// When it is committed.
    pub(crate) at: i64,
    /// The last row of the log.
    pub(crate) head: i64,
    pub(crate) persons: Vec<PersonRow<'a>>,
    pub(crate) lists_new: Vec<ListRow<'a>>,
    pub(crate) lists_changed: Vec<ListRow<'a>>,
    pub(crate) members_gone: Vec<MemberKey>,
    pub(crate) members: Vec<MemberRow>,
    pub(crate) links_new: Vec<LinkRow>,
    pub(crate) links_changed: Vec<LinkUse>,
    pub(crate) link_uses: Vec<LinkUser>,
    pub(crate) role_limits: Vec<RoleLimitRow>,
    pub(crate) role_limits_lifted: Vec<MemberKey>,
    pub(crate) tasks_new: Vec<TaskRow<'a>>,
    pub(crate) tasks_set: Vec<TaskRow<'a>>,
    pub(crate) tasks_moved: Vec<MovedTask<'a>>,
    pub(crate) notes: Vec<NotesRow<'a>>,
    pub(crate) log: Vec<LogRow<'a>>,
    pub(crate) clients: Vec<ClientRow>,
    pub(crate) refusals: Vec<RefusalRow>,
    pub(crate) invitations_accepted: Vec<InvitationKey<'a>>,
}

/// A person, written over where they are there.
#[derive(Serialize)]
pub(crate) struct PersonRow<'a> {
    pub(crate) id: Hex<16>,
    pub(crate) name: &'a str,
    pub(crate) colour: u8,
    pub(crate) version: i64,
}

/// A list. `open` and `bytes` are by how much the number of tasks to do and the length of its text change; a name that is none stays.
#[derive(Serialize)]
pub(crate) struct ListRow<'a> {
    pub(crate) id: Hex<16>,
    pub(crate) name: Option<&'a str>,
    pub(crate) version: i64,
    pub(crate) open: i64,
    pub(crate) bytes: i64,
}

/// What an owner has made of somebody, written over what is there.
#[derive(Serialize)]
pub(crate) struct RoleLimitRow {
    pub(crate) list: Hex<16>,
    pub(crate) person: Hex<16>,
    pub(crate) role: Option<&'static str>,
    pub(crate) set_at: i64,
}

/// A person in a list.
#[derive(Serialize)]
pub(crate) struct MemberKey {
    pub(crate) list: Hex<16>,
    pub(crate) person: Hex<16>,
}

/// A member. Without `joined_seq`, the row of the log that made them one, that and the link stay what they were.
#[derive(Serialize)]
pub(crate) struct MemberRow {
    pub(crate) list: Hex<16>,
    pub(crate) person: Hex<16>,
    pub(crate) role: &'static str,
    pub(crate) joined_seq: Option<i64>,
    pub(crate) link: Option<Hex<16>>,
}

/// A new link.
#[derive(Serialize)]
pub(crate) struct LinkRow {
    pub(crate) id: Hex<16>,
    pub(crate) list: Hex<16>,
    pub(crate) role: &'static str,
    pub(crate) secret: Hex<32>,
    pub(crate) made_by: Hex<16>,
    pub(crate) made_at: i64,
    pub(crate) expires_at: Option<i64>,
    pub(crate) most_uses: Option<u32>,
    pub(crate) uses: u32,
    pub(crate) revoked_at: Option<i64>,
}

/// What has become of a link.
#[derive(Serialize)]
pub(crate) struct LinkUse {
    pub(crate) id: Hex<16>,
    pub(crate) uses: u32,
    pub(crate) revoked_at: Option<i64>,
}

/// Who came by a link.
#[derive(Serialize)]
pub(crate) struct LinkUser {
    pub(crate) link: Hex<16>,
    pub(crate) person: Hex<16>,
}

/// A row of the log. `changes` is JSON, kept as it is.
#[derive(Serialize)]
pub(crate) struct LogRow<'a> {
    pub(crate) seq: i64,
    pub(crate) kind: &'static str,
    pub(crate) topic: Hex<16>,
    pub(crate) version: i64,
    pub(crate) actor: Hex<16>,
    pub(crate) client: Option<Hex<16>>,
    pub(crate) command_seq: Option<i64>,
    pub(crate) changes: &'a str,
}

/// How far a client has been answered.
#[derive(Serialize)]
pub(crate) struct ClientRow {
    pub(crate) id: Hex<16>,
    pub(crate) person: Hex<16>,
    pub(crate) last_command_seq: i64,
}

/// A command that was refused.
#[derive(Serialize)]
pub(crate) struct RefusalRow {
    pub(crate) client: Hex<16>,
    pub(crate) command_seq: i64,
    pub(crate) code: &'static str,
}

/// An invitation that somebody has come by.
#[derive(Serialize)]
pub(crate) struct InvitationKey<'a> {
    pub(crate) list: Hex<16>,
    pub(crate) name_key: &'a str,
}

/// In an order that every foreign key allows: what is referred to first.
const STATEMENTS: &[&str] = &[
    "insert into persons (id, name, colour, version)
    select unhex(value ->> 'id'), value ->> 'name', value ->> 'colour', value ->> 'version'
    from json_each(new.document, '$.persons') where true
    on conflict (id) do update
    set name = excluded.name, colour = excluded.colour, version = excluded.version",
    "insert into lists (id, name, version, open, bytes)
    select unhex(value ->> 'id'), value ->> 'name', value ->> 'version', value ->> 'open', value ->> 'bytes'
    from json_each(new.document, '$.lists_new')",
    "update lists
    set name = coalesce(row.value ->> 'name', name), version = row.value ->> 'version', open = open + (row.value ->> 'open'),
        bytes = bytes + (row.value ->> 'bytes')
    from json_each(new.document, '$.lists_changed') as row where lists.id = unhex(row.value ->> 'id')",
    "insert into links (id, list_id, role, secret, made_by, made_at, expires_at, most_uses, uses, revoked_at)
    select unhex(value ->> 'id'), unhex(value ->> 'list'), value ->> 'role', unhex(value ->> 'secret'),
        unhex(value ->> 'made_by'), value ->> 'made_at', value ->> 'expires_at', value ->> 'most_uses', value ->> 'uses',
        value ->> 'revoked_at'
    from json_each(new.document, '$.links_new')",
    "update links set uses = row.value ->> 'uses', revoked_at = row.value ->> 'revoked_at'
    from json_each(new.document, '$.links_changed') as row where links.id = unhex(row.value ->> 'id')",
    "insert into link_uses (link_id, person_id, at)
    select unhex(value ->> 'link'), unhex(value ->> 'person'), new.document ->> 'at'
    from json_each(new.document, '$.link_uses')",
    "insert into role_limits (list_id, person_id, role, set_at)
    select unhex(value ->> 'list'), unhex(value ->> 'person'), value ->> 'role', value ->> 'set_at'
    from json_each(new.document, '$.role_limits') where true
    on conflict (list_id, person_id) do update set role = excluded.role, set_at = excluded.set_at",
    "delete from role_limits
    where (list_id, person_id) in
        (select unhex(value ->> 'list'), unhex(value ->> 'person') from json_each(new.document, '$.role_limits_lifted'))",
    "delete from members
    where (list_id, person_id) in
        (select unhex(value ->> 'list'), unhex(value ->> 'person') from json_each(new.document, '$.members_gone'))",
    "insert into members (list_id, person_id, role, joined_seq, link_id)
    select unhex(value ->> 'list'), unhex(value ->> 'person'), value ->> 'role', coalesce(value ->> 'joined_seq',
        (select joined_seq from members
         where list_id = unhex(value ->> 'list') and person_id = unhex(value ->> 'person'))),
        iif(value ->> 'joined_seq' is null, coalesce(unhex(value ->> 'link'),
            (select link_id from members
             where list_id = unhex(value ->> 'list') and person_id = unhex(value ->> 'person'))), unhex(value ->> 'link'))
    from json_each(new.document, '$.members') where true
    on conflict (list_id, person_id) do update
    set role = excluded.role, joined_seq = excluded.joined_seq, link_id = excluded.link_id",
    tasks::INSERT,
    tasks::SET,
    tasks::MOVE,
    tasks::NOTES,
    "insert into log (seq, kind, topic, version, actor, client, command_seq, at, changes)
    select value ->> 'seq', value ->> 'kind', unhex(value ->> 'topic'), value ->> 'version', unhex(value ->> 'actor'),
        unhex(value ->> 'client'), value ->> 'command_seq', new.document ->> 'at', value ->> 'changes'
    from json_each(new.document, '$.log')",
    "insert into clients (id, person_id, last_command_seq, seen_at)
    select unhex(value ->> 'id'), unhex(value ->> 'person'), value ->> 'last_command_seq', new.document ->> 'at'
    from json_each(new.document, '$.clients') where true
    on conflict (id) do update set last_command_seq = excluded.last_command_seq, seen_at = excluded.seen_at",
    "insert into refusals (client, command_seq, code)
    select unhex(value ->> 'client'), value ->> 'command_seq', value ->> 'code' from json_each(new.document, '$.refusals')",
    "delete from list_invitations
    where (list_id, name_key) in
        (select unhex(value ->> 'list'), value ->> 'name_key' from json_each(new.document, '$.invitations_accepted'))",
    "update meta set head = new.document ->> 'head', at = new.document ->> 'at'",
];

/// Makes the view and its trigger, for this connection only.
pub(crate) async fn prepare(connection: &mut Connection) -> Result<(), DriverError> {
    let statements = STATEMENTS.join(";\n");
    let view = format!(
        "create temp view batch (document) as select null;
         create temp trigger write instead of insert on batch begin {statements}; end"
    );
    connection.execute(sqlx::AssertSqlSafe(view)).await.map(drop)
}

/// Writes the document: a transaction by itself, unless the connection is in one. Once this returns without an error
/// and the transaction is committed, it is on disk.
pub(crate) async fn write(connection: &mut Connection, document: &Document<'_>) -> Result<(), DriverError> {
    let document = serde_json::to_string(document).map_err(|error| DriverError::Encode(error.into()))?;
    // Parsed once, and not by each statement again.
    sqlx::query("insert into batch values (jsonb($1))")
        .bind(document)
        .execute(connection)
        .await
        .map(drop)
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
        for statement in STATEMENTS
            .iter()
            .filter(|statement| statement.contains("json_each"))
        {
            let statement = statement.replace("new.document", "?");
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

    #[test]
    fn every_part_of_a_document_is_written_by_a_statement() {
        let document = serde_json::to_value(Document::default()).unwrap();
        let parts = document.as_object().unwrap().keys();
        assert!(parts.len() > 15);
        for part in parts {
            let named = [format!("'$.{part}'"), format!("->> '{part}'")];
            let is_written = |statement: &&str| named.iter().any(|name| statement.contains(name.as_str()));
            assert!(STATEMENTS.iter().any(is_written), "{part}");
        }
    }
}
