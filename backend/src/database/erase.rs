//! Erasing: most of it is what the foreign keys of the schema do, and what may be much goes piece by piece.

use std::collections::BTreeSet;

use domain::{ListId, PersonId, Seq, Timestamp};
use sqlx::query::Query;
use sqlx::sqlite::SqliteArguments;
use sqlx::{Row as _, Sqlite};

use crate::Error;
use crate::database::columns::{Columns, number};
use crate::database::{Connection, DriverError};

/// The rows, of the log or of another table, that one piece has at the most.
const PIECE: i64 = 200;

/// The bytes of changes as JSON that one piece has at the most, but that the last row is whole.
const PIECE_BYTES: i64 = 1024 * 1024;

/// The rows of a topic behind one and up to another.
macro_rules! rows {
    () => {
        "from log where topic = $1 and kind = $2 and seq > $3 and seq <= $4"
    };
}

/// What is still to be erased.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Erasure {
    id: i64,
    pub(crate) kind: Kind,
    pub(crate) person: PersonId,
    pub(crate) until: Seq,
    after: Seq,
}

/// What that is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Kind {
    /// What the log says of somebody who left.
    Own,
    /// Their name in the log of a list that stays.
    Name(ListId),
    /// A list that went with them.
    List(ListId),
}

impl Kind {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Own => "own",
            Self::Name(_) => "name",
            Self::List(_) => "list",
        }
    }

    const fn list(self) -> Option<ListId> {
        match self {
            Self::Own => None,
            Self::Name(list) | Self::List(list) => Some(list),
        }
    }
}

/// Has something erased later, unless that is said already.
pub(crate) async fn later(
    connection: &mut Connection,
    kind: Kind,
    person: PersonId,
    until: Seq,
) -> Result<(), DriverError> {
    let list = kind.list().map(|list| list.as_bytes().to_vec());
    sqlx::query(
        "insert into erasures (kind, person_id, list_id, until) select $1, $2, $3, $4
         where not exists (select 1 from erasures where list_id is $3 and person_id = $2 and kind in ($1, 'list'))",
    )
    .bind(kind.as_str())
    .bind(person.as_bytes().to_vec())
    .bind(list)
    .bind(number(until.0))
    .execute(connection)
    .await
    .map(drop)
}

/// The first erasure after that one, if there is any: it can be named also where it cannot be read.
pub(crate) async fn next(connection: &mut Connection, after: i64) -> Result<Option<i64>, Error> {
    let row = sqlx::query("select min(id) as id from erasures where id > $1")
        .bind(after)
        .fetch_one(connection)
        .await?;
    Ok(row.try_get("id")?)
}

/// An erasure, as long as there is something of it left.
pub(crate) async fn find(connection: &mut Connection, id: i64) -> Result<Option<Erasure>, Error> {
    let row = sqlx::query("select kind, person_id, list_id, after, until from erasures where id = $1")
        .bind(id)
        .fetch_optional(connection)
        .await?;
    let Some(row) = row else { return Ok(None) };
    let kind = match row.text("kind")? {
        "own" => Kind::Own,
        "name" => Kind::Name(row.id("list_id")?),
        _ => Kind::List(row.id("list_id")?),
    };
    Ok(Some(Erasure {
        id,
        kind,
        person: row.id("person_id")?,
        until: row.seq("until")?,
        after: row.seq("after")?,
    }))
}

/// Of whom something is still to be erased: nobody is to read it any more.
pub(crate) async fn being_erased(connection: &mut Connection) -> Result<BTreeSet<PersonId>, Error> {
    let rows = sqlx::query("select distinct person_id from erasures")
        .fetch_all(connection)
        .await?;
    rows.iter().map(|row| row.id("person_id")).collect()
}

/// The lists that are being erased: the log and the tables have less of them with each piece.
pub(crate) async fn lists(connection: &mut Connection) -> Result<BTreeSet<ListId>, Error> {
    let rows = sqlx::query("select distinct list_id from erasures where kind = 'list'")
        .fetch_all(connection)
        .await?;
    rows.iter().map(|row| row.id("list_id")).collect()
}

impl Erasure {
    /// The last row of the next piece of the log that it is about; none where it has been through all of it.
    pub(crate) async fn last(&self, connection: &mut Connection) -> Result<Option<Seq>, Error> {
        let row = self
            .piece(
                concat!(
                    "select max(seq) as last from
                     (select seq, sum(bytes) over (order by seq rows between unbounded preceding and 1 preceding) as before
                      from (select seq, octet_length(changes) as bytes ",
                    rows!(),
                    " order by seq limit $5))
                     where before is null or before < $6"
                ),
                self.until,
            )
            .bind(PIECE)
            .bind(PIECE_BYTES)
            .fetch_one(connection)
            .await?;
        Ok(row.maybe_count("last")?.map(Seq))
    }

    /// The rows of a piece, number and changes as JSON.
    pub(crate) async fn rows(
        &self,
        connection: &mut Connection,
        last: Seq,
    ) -> Result<Vec<(Seq, String)>, Error> {
        let rows = self
            .piece(concat!("select seq, changes ", rows!()), last)
            .fetch_all(connection)
            .await?;
        rows.iter()
            .map(|row| Ok((row.seq("seq")?, row.text("changes")?.to_owned())))
            .collect()
    }

    /// Empties the rows of a piece. They stay, since they are numbered.
    pub(crate) async fn empty_rows(&self, connection: &mut Connection, last: Seq) -> Result<(), DriverError> {
        let update = concat!(
            "update log set changes = '[]' where seq in (select seq ",
            rows!(),
            ")"
        );
        self.piece(update, last).execute(connection).await.map(drop)
    }

    /// Goes on behind a piece.
    pub(crate) async fn go_on(&self, connection: &mut Connection, last: Seq) -> Result<(), DriverError> {
        sqlx::query("update erasures set after = $2 where id = $1")
            .bind(self.id)
            .bind(number(last.0))
            .execute(connection)
            .await
            .map(drop)
    }

    /// It is done.
    pub(crate) async fn done(&self, connection: &mut Connection) -> Result<(), DriverError> {
        sqlx::query("delete from erasures where id = $1")
            .bind(self.id)
            .execute(connection)
            .await
            .map(drop)
    }

    /// A statement about the rows up to that one.
    fn piece(&self, statement: &'static str, last: Seq) -> Query<'static, Sqlite, SqliteArguments> {
        let (kind, topic) = match self.kind {
            Kind::Own => ("person", self.person.as_bytes().to_vec()),
            Kind::Name(list) | Kind::List(list) => ("list", list.as_bytes().to_vec()),
        };
        sqlx::query(statement)
            .bind(topic)
            .bind(kind)
            .bind(number(self.after.0))
            .bind(number(last.0))
    }
}

/// What a list has, each so much at a time. Who came by a link goes before it, since they may be many; notes go with their task.
const OF_A_LIST: [&str; 5] = [
    "delete from link_uses where (link_id, person_id) in
     (select link_id, person_id from link_uses where link_id in (select id from links where list_id = $1) limit $2)",
    "delete from links where id in (select id from links where list_id = $1 limit $2)",
    "delete from list_invitations where (list_id, name_key) in
     (select list_id, name_key from list_invitations where list_id = $1 limit $2)",
    "delete from role_limits where (list_id, person_id) in
     (select list_id, person_id from role_limits where list_id = $1 limit $2)",
    "delete from tasks where id in (select id from tasks where list_id = $1 limit $2)",
];

/// Erases the next piece of a list: its links, its tasks with their notes, and in the end itself. Says whether anything is left.
pub(crate) async fn piece_of_list(connection: &mut Connection, list: ListId) -> Result<bool, DriverError> {
    for statement in OF_A_LIST {
        let gone = sqlx::query(statement)
            .bind(list.as_bytes().to_vec())
            .bind(PIECE)
            .execute(&mut *connection)
            .await?;
        if gone.rows_affected() > 0 {
            return Ok(true);
        }
    }
    sqlx::query("delete from lists where id = $1")
        .bind(list.as_bytes().to_vec())
        .execute(connection)
        .await?;
    Ok(false)
}

/// Erases somebody's account with all that guards it, their picture, and the invitations that they made or had. The row in `persons`
/// stays: it has a name that nobody has.
pub(crate) async fn person(
    connection: &mut Connection,
    person: PersonId,
    at: Timestamp,
) -> Result<(), DriverError> {
    for statement in [
        "delete from pictures where person_id = $1",
        "delete from list_invitations where made_by = $1",
        "delete from role_limits where person_id = $1",
        "delete from invitation_mutes where person_id = $1 or muted = $1",
        // The name is free: whoever takes it next was not asked into these lists.
        "delete from list_invitations where name_key = (select name_key from accounts where person_id = $1)",
        "delete from accounts where person_id = $1",
        "update signup_codes set made_by = null where made_by = $1",
        "update operator set person_id = null, since = null where person_id = $1",
    ] {
        sqlx::query(statement)
            .bind(person.as_bytes().to_vec())
            .execute(&mut *connection)
            .await?;
    }
    for statement in [
        "insert into departed (person_id, at) values ($1, $2) on conflict (person_id) do nothing",
        "insert into ended_sessions (person_id, at) values ($1, $2) on conflict (person_id) do nothing",
    ] {
        sqlx::query(statement)
            .bind(person.as_bytes().to_vec())
            .bind(number(at.0))
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}
