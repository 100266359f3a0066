//! Erasing: most of it is what the foreign keys of the schema do, and what may be much goes piece by piece.

use domain::{ListId, PersonId, Seq, Timestamp};
use sqlx::Row as _;

use crate::Error;
use crate::database::columns::{Columns, id_array, number};
use crate::database::{Connection, DriverError};

/// The tasks, or rows of the log, that one piece has at the most.
const PIECE: i64 = 200;

/// What is still to be erased.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Erasure {
    id: i64,
    pub(crate) kind: Kind,
    pub(crate) person: PersonId,
    pub(crate) until: Seq,
    after: i64,
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
         where not exists (select 1 from erasures where person_id = $2 and list_id is $3 and kind in ($1, 'list'))",
    )
    .bind(kind.as_str())
    .bind(person.as_bytes().to_vec())
    .bind(list)
    .bind(number(until.0))
    .execute(connection)
    .await
    .map(drop)
}

/// Something that is still to be erased, if there is anything.
pub(crate) async fn next(connection: &mut Connection) -> Result<Option<Erasure>, Error> {
    let row =
        sqlx::query("select id, kind, person_id, list_id, after, until from erasures order by id limit 1")
            .fetch_optional(connection)
            .await?;
    let Some(row) = row else { return Ok(None) };
    let kind = match row.text("kind")? {
        "own" => Kind::Own,
        "name" => Kind::Name(row.id("list_id")?),
        _ => Kind::List(row.id("list_id")?),
    };
    Ok(Some(Erasure {
        id: row.try_get("id")?,
        kind,
        person: row.id("person_id")?,
        until: row.seq("until")?,
        after: row.try_get("after")?,
    }))
}

impl Erasure {
    /// The next rows of the log that it is about, number and changes as JSON: of a list those that name the person.
    pub(crate) async fn rows(&self, connection: &mut Connection) -> Result<Vec<(i64, String)>, DriverError> {
        let (kind, topic) = self.topic();
        let named = match self.kind {
            Kind::Own => String::new(),
            Kind::Name(_) | Kind::List(_) => self.person.to_string(),
        };
        let rows = sqlx::query(
            "select seq, changes from
             (select seq, changes from log
              where topic = $1 and kind = $2 and seq > $3 and seq <= $4 order by seq limit $5)
             where instr(changes, $6) > 0 or $6 = ''",
        )
        .bind(topic)
        .bind(kind)
        .bind(self.after)
        .bind(number(self.until.0))
        .bind(PIECE)
        .bind(named)
        .fetch_all(connection)
        .await?;
        rows.iter()
            .map(|row| Ok((row.try_get("seq")?, row.try_get("changes")?)))
            .collect()
    }

    /// Goes on behind the piece of the log that was looked at; says whether there is more of it.
    pub(crate) async fn go_on(&self, connection: &mut Connection) -> Result<bool, DriverError> {
        let (kind, topic) = self.topic();
        let last: Option<i64> = sqlx::query_scalar(
            "select max(seq) from
             (select seq from log where topic = $1 and kind = $2 and seq > $3 and seq <= $4 order by seq limit $5)",
        )
        .bind(topic)
        .bind(kind)
        .bind(self.after)
        .bind(number(self.until.0))
        .bind(PIECE)
        .fetch_one(&mut *connection)
        .await?;
        if let Some(last) = last {
            sqlx::query("update erasures set after = $2 where id = $1")
                .bind(self.id)
                .bind(last)
                .execute(connection)
                .await?;
        }
        Ok(last.is_some())
    }

    /// Empties the next rows of the log that it is about. They stay, since they are numbered.
    pub(crate) async fn empty_rows(&self, connection: &mut Connection) -> Result<(), DriverError> {
        let (kind, topic) = self.topic();
        sqlx::query(
            "update log set changes = '[]' where seq in
             (select seq from log where topic = $1 and kind = $2 and seq > $3 and seq <= $4 order by seq limit $5)",
        )
        .bind(topic)
        .bind(kind)
        .bind(self.after)
        .bind(number(self.until.0))
        .bind(PIECE)
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

    fn topic(&self) -> (&'static str, Vec<u8>) {
        match self.kind {
            Kind::Own => ("person", self.person.as_bytes().to_vec()),
            Kind::Name(list) | Kind::List(list) => ("list", list.as_bytes().to_vec()),
        }
    }
}

/// Erases some tasks of a list with their notes; says whether there were any.
pub(crate) async fn some_tasks(connection: &mut Connection, list: ListId) -> Result<bool, DriverError> {
    let gone =
        sqlx::query("delete from tasks where id in (select id from tasks where list_id = $1 limit $2)")
            .bind(list.as_bytes().to_vec())
            .bind(PIECE)
            .execute(connection)
            .await?;
    Ok(gone.rows_affected() > 0)
}

/// Erases a list, with what little is left in it.
pub(crate) async fn list(connection: &mut Connection, list: ListId) -> Result<(), DriverError> {
    sqlx::query("delete from lists where id = $1")
        .bind(list.as_bytes().to_vec())
        .execute(connection)
        .await
        .map(drop)
}

/// Lets nobody into lists any more that are to be erased.
pub(crate) async fn ways_in(connection: &mut Connection, lists: &[ListId]) -> Result<(), DriverError> {
    let ids = id_array(lists.iter().copied());
    for statement in [
        "delete from links where list_id in (select unhex(value) from json_each($1))",
        "delete from list_invitations where list_id in (select unhex(value) from json_each($1))",
    ] {
        sqlx::query(statement)
            .bind(ids.clone())
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
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
