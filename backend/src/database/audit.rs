//! The audit log on disk.

use domain::{PersonId, Timestamp};
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use crate::Error;
use crate::admin::audit::entry::{AuditEvent, AuditRecord};
use crate::database::Connection;
use crate::database::columns::{Columns, number};

/// Writes rows: a JSON array of arrays, with time, kind, actor, person and list in hexadecimal digits, address, detail, times.
pub(crate) async fn insert(connection: &mut Connection, rows: String) -> Result<(), Error> {
    sqlx::query(
        "insert into audit (at, kind, actor, person, list, address, detail, times)
         select value ->> 0, value ->> 1, unhex(value ->> 2), unhex(value ->> 3), unhex(value ->> 4), value ->> 5, value ->> 6, value ->> 7
         from json_each($1)",
    )
    .bind(rows)
    .execute(connection)
    .await?;
    Ok(())
}

/// Drops the rows from before then.
pub(crate) async fn sweep(connection: &mut Connection, oldest: Timestamp) -> Result<(), Error> {
    sqlx::query("delete from audit where at < $1")
        .bind(number(oldest.0))
        .execute(connection)
        .await?;
    Ok(())
}

/// The newest rows before that one, of one kind or of all.
pub(crate) async fn read(
    connection: &mut Connection,
    before: Option<i64>,
    deed: Option<AuditEvent>,
    most: usize,
) -> Result<Vec<AuditRecord>, Error> {
    let rows = sqlx::query(
        "select audit.id, audit.at, audit.kind, audit.actor, audit.person, audit.list, audit.address, audit.detail, audit.times,
                actors.name as actor_name, others.name as person_name
         from audit
         left join persons as actors on actors.id = audit.actor
         left join persons as others on others.id = audit.person
         where audit.id < $1 and ($2 is null or audit.kind = $2)
         order by audit.id desc limit $3",
    )
    .bind(before.unwrap_or(i64::MAX))
    .bind(deed.map(AuditEvent::word))
    .bind(i64::try_from(most).unwrap_or(i64::MAX))
    .fetch_all(connection)
    .await?;
    let maybe = |row: &SqliteRow, column: &str| -> Result<Option<String>, Error> { Ok(row.try_get(column)?) };
    rows.iter()
        .map(|row| {
            let named = |id: Option<PersonId>, column| -> Result<_, Error> {
                // A guest who did nothing has no row, and a name that follows from their id.
                let known = maybe(row, column)?;
                Ok(id.map(|id| (id, known.unwrap_or_else(|| domain::profile(id).name.to_string()))))
            };
            Ok(AuditRecord {
                id: row.number("id")?,
                at: Timestamp(row.count("at")?),
                deed: row.parsed("kind", AuditEvent::parse)?,
                actor: named(row.maybe_id("actor")?, "actor_name")?,
                person: named(row.maybe_id("person")?, "person_name")?,
                list: row.maybe_id("list")?,
                address: maybe(row, "address")?,
                detail: maybe(row, "detail")?,
                times: row.count("times")?,
            })
        })
        .collect()
}
