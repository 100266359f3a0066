//! Reading the log, and taking out of it what is to be forgotten.

use std::collections::BTreeSet;

use domain::{ClientId, CommandSeq, ListId, PersonId, Row, Seq, Timestamp, Topic, Version};
use serde::Serialize;
use sqlx::sqlite::SqliteRow;

use crate::Error;
use crate::database::columns::{Columns, number};
use crate::database::open::limit;
use crate::database::{Connection, DriverError};
use crate::departed::readable;

/// A log row but for its changes.
#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct RowHead {
    pub(crate) seq: Seq,
    pub(crate) topic: Topic,
    pub(crate) version: Version,
    pub(crate) actor: PersonId,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) client: Option<ClientId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) command_seq: Option<CommandSeq>,
    pub(crate) at: Timestamp,
}

/// How much there is to read, counted up to a limit.
pub(crate) struct Size {
    pub(crate) rows: u64,
    /// The size of the changes as JSON, in bytes.
    pub(crate) bytes: u64,
}

/// Every row, in order.
pub(crate) async fn all(connection: &mut Connection) -> Result<Vec<Row>, Error> {
    let rows = sqlx::query(
        "select seq, kind, topic, version, actor, client, command_seq, at, changes from log order by seq",
    )
    .fetch_all(connection)
    .await?;
    rows.iter().map(|row| row_of(row, &BTreeSet::new())).collect()
}

/// How much follows in each of the topics, counted up to `most` rows. `topics` is a JSON array of arrays: a kind, an id in
/// hexadecimal digits, and the row after which to read.
pub(crate) async fn size_of_topics(
    connection: &mut Connection,
    topics: &str,
    most: usize,
) -> Result<Size, Error> {
    let row = sqlx::query(
        "select count(*) as rows, coalesce(sum(bytes), 0) as bytes from
         (select octet_length(log.changes) as bytes
          from json_each($1) as topic cross join log
          on log.topic = unhex(topic.value ->> 1) and log.kind = topic.value ->> 0 and log.seq > topic.value ->> 2
          limit $2)",
    )
    .bind(topics.to_owned())
    .bind(limit(most))
    .fetch_one(connection)
    .await?;
    size(&row)
}

/// What follows in each of the topics, in the order of the log: rows but for their changes, and those as JSON, without the names of
/// `departed`.
pub(crate) async fn of_topics(
    connection: &mut Connection,
    topics: &str,
    departed: &BTreeSet<PersonId>,
) -> Result<Vec<(RowHead, String)>, Error> {
    let rows = sqlx::query(
        "select log.seq, log.kind, log.topic, log.version, log.actor, log.client, log.command_seq, log.at, log.changes
         from json_each($1) as topic cross join log
         on log.topic = unhex(topic.value ->> 1) and log.kind = topic.value ->> 0 and log.seq > topic.value ->> 2
         order by log.seq",
    )
    .bind(topics.to_owned())
    .fetch_all(connection)
    .await?;
    rows.iter()
        .map(|row| Ok((head_of(row)?, readable(row.text("changes")?.to_owned(), departed))))
        .collect()
}

/// How much others than `me` did to a list after that row, counted up to `most` rows. What the server wrote by itself is nobody's deed.
pub(crate) async fn size_of_others(
    connection: &mut Connection,
    me: PersonId,
    list: ListId,
    after: Seq,
    most: usize,
) -> Result<Size, Error> {
    let row = sqlx::query(
        "select count(*) as rows, coalesce(sum(bytes), 0) as bytes from
         (select octet_length(changes) as bytes from log
          where topic = $1 and kind = 'list' and seq > $2 and actor <> $3 and client is not null
          order by seq limit $4)",
    )
    .bind(list.as_bytes().to_vec())
    .bind(number(after.0))
    .bind(me.as_bytes().to_vec())
    .bind(limit(most))
    .fetch_one(connection)
    .await?;
    size(&row)
}

/// What others than `me` did to a list after that row, in order, without the names of `departed`.
pub(crate) async fn of_others(
    connection: &mut Connection,
    me: PersonId,
    list: ListId,
    after: Seq,
    departed: &BTreeSet<PersonId>,
) -> Result<Vec<Row>, Error> {
    let rows = sqlx::query(
        "select seq, kind, topic, version, actor, client, command_seq, at, changes from log
         where topic = $1 and kind = 'list' and seq > $2 and actor <> $3 and client is not null
         order by seq",
    )
    .bind(list.as_bytes().to_vec())
    .bind(number(after.0))
    .bind(me.as_bytes().to_vec())
    .fetch_all(connection)
    .await?;
    rows.iter().map(|row| row_of(row, departed)).collect()
}

/// Who of the others wrote the first `rows` rows after that one, the busiest `most` first.
pub(crate) async fn others(
    connection: &mut Connection,
    me: PersonId,
    list: ListId,
    after: Seq,
    rows: usize,
    most: usize,
) -> Result<Vec<PersonId>, Error> {
    let rows = sqlx::query(
        "select actor from
         (select actor from log
          where topic = $1 and kind = 'list' and seq > $2 and actor <> $3 and client is not null
          order by seq limit $4)
         group by actor order by count(*) desc, actor limit $5",
    )
    .bind(list.as_bytes().to_vec())
    .bind(number(after.0))
    .bind(me.as_bytes().to_vec())
    .bind(limit(rows))
    .bind(limit(most))
    .fetch_all(connection)
    .await?;
    rows.iter().map(|row| row.id("actor")).collect()
}

/// Writes other changes into rows.
pub(crate) async fn set_all_changes(
    connection: &mut Connection,
    rows: Vec<(Seq, String)>,
) -> Result<(), Error> {
    for (seq, changes) in rows {
        set_changes(connection, seq, changes).await?;
    }
    Ok(())
}

/// Writes other changes into a row.
pub(crate) async fn set_changes(
    connection: &mut Connection,
    seq: Seq,
    changes: String,
) -> Result<(), DriverError> {
    sqlx::query("update log set changes = $2 where seq = $1")
        .bind(number(seq.0))
        .bind(changes)
        .execute(connection)
        .await
        .map(drop)
}

fn size(row: &SqliteRow) -> Result<Size, Error> {
    Ok(Size {
        rows: row.count("rows")?,
        bytes: row.count("bytes")?,
    })
}

/// A row of the log but for its changes.
pub(crate) fn head_of(row: &SqliteRow) -> Result<RowHead, Error> {
    let topic = match row.text("kind")? {
        "list" => Topic::List(row.id("topic")?),
        "person" => Topic::Person(row.id("topic")?),
        other => return Err(Error::Corrupt(format!("a log row of kind {other}"))),
    };
    Ok(RowHead {
        seq: row.seq("seq")?,
        topic,
        version: row.version("version")?,
        actor: row.id("actor")?,
        client: row.maybe_id("client")?,
        command_seq: row.maybe_count("command_seq")?.map(CommandSeq),
        at: Timestamp(row.count("at")?),
    })
}

/// A row of the log whole, without the names of `departed`.
fn row_of(row: &SqliteRow, departed: &BTreeSet<PersonId>) -> Result<Row, Error> {
    let head = head_of(row)?;
    let changes = readable(row.text("changes")?.to_owned(), departed);
    let changes = serde_json::from_str(&changes).map_err(|error| Error::Corrupt(error.to_string()))?;
    Ok(Row {
        seq: head.seq,
        topic: head.topic,
        version: head.version,
        actor: head.actor,
        client: head.client,
        command_seq: head.command_seq,
        at: head.at,
        changes,
    })
}
