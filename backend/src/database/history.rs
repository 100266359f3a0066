//! The long rows of the log, minute by minute: what it need not keep of them is taken out (`maintenance/history.rs`).

use domain::{Seq, Timestamp};

use crate::Error;
use crate::database::Connection;
use crate::database::columns::{Columns, number, time};
use crate::database::log::{RowHead, head_of};

/// The rows of lists whose changes have more than 512 bytes, from one to another.
macro_rules! long_rows {
    () => {
        "from log where seq >= $1 and seq <= $2 and kind = 'list' and octet_length(changes) > 512"
    };
}

/// How much of the log is gone through at once in search of a long row.
const REACH: u64 = 10_000;

/// What is next in the log.
pub(crate) enum Next {
    /// A minute in which there is a long row, from that row to its last.
    Minute(Seq, Seq),
    /// No long row up to that one.
    Nothing(Seq),
    /// Nothing that is old enough.
    End,
}

/// The last row that was looked at.
pub(crate) async fn thinned(connection: &mut Connection) -> Result<Seq, Error> {
    let row = sqlx::query("select max(thinned, oldest) as thinned from meta")
        .fetch_one(connection)
        .await?;
    row.seq("thinned")
}

/// Notes the last row that was looked at.
pub(crate) async fn set_thinned(connection: &mut Connection, seq: Seq) -> Result<(), Error> {
    sqlx::query("update meta set thinned = $1")
        .bind(number(seq.0))
        .execute(connection)
        .await?;
    Ok(())
}

/// What comes after that row, of what is older than `before`. A minute has `minute` milliseconds; `before` is the begin of one.
pub(crate) async fn next(
    connection: &mut Connection,
    after: Seq,
    before: Timestamp,
    minute: u64,
) -> Result<Next, Error> {
    let row = sqlx::query(concat!(
        "select seq, at ",
        long_rows!(),
        " and at < $3 order by seq limit 1"
    ))
    .bind(number(after.0.saturating_add(1)))
    .bind(number(after.0.saturating_add(REACH)))
    .bind(time(before))
    .fetch_optional(&mut *connection)
    .await?;
    let (first, end) = match row {
        Some(row) => {
            let begin = row.count("at")?;
            (Some(row.seq("seq")?), begin - begin % minute + minute)
        }
        None => (None, before.0),
    };
    // Times go up with the numbers of rows, so the first later one ends it.
    let (from, to) = match first {
        Some(first) => (first, Seq(u64::MAX)),
        None => (Seq(after.0.saturating_add(1)), Seq(after.0.saturating_add(REACH))),
    };
    let row = sqlx::query(
        "select coalesce(
             (select seq - 1 from log where seq >= $1 and seq <= $2 and at >= $3 order by seq limit 1),
             (select max(seq) from log where seq >= $1 and seq <= $2)) as last",
    )
    .bind(number(from.0))
    .bind(number(to.0))
    .bind(number(end))
    .fetch_one(connection)
    .await?;
    let last = row.maybe_count("last")?.map(Seq);
    Ok(match (first, last) {
        (Some(first), last) => Next::Minute(first, last.unwrap_or(first)),
        (None, Some(last)) if last > after => Next::Nothing(last),
        (None, _) => Next::End,
    })
}

/// Where the last piece of those rows begins: it has so many long rows and so many bytes of changes at the most, but that its first row is
/// whole. None where there is no long row.
pub(crate) async fn piece(
    connection: &mut Connection,
    first: Seq,
    last: Seq,
    (rows, bytes): (u64, u64),
) -> Result<Option<Seq>, Error> {
    let row = sqlx::query(concat!(
        "select min(seq) as first from
         (select seq, sum(bytes) over (order by seq desc rows between unbounded preceding and 1 preceding) as others
          from (select seq, octet_length(changes) as bytes ",
        long_rows!(),
        " order by seq desc limit $3))
         where others is null or others < $4"
    ))
    .bind(number(first.0))
    .bind(number(last.0))
    .bind(number(rows))
    .bind(number(bytes))
    .fetch_one(connection)
    .await?;
    Ok(row.maybe_count("first")?.map(Seq))
}

/// The long rows from one to another, the last first.
pub(crate) async fn long_rows(
    connection: &mut Connection,
    first: Seq,
    last: Seq,
) -> Result<Vec<(RowHead, String)>, Error> {
    let rows = sqlx::query(concat!(
        "select seq, kind, topic, version, actor, client, command_seq, at, changes ",
        long_rows!(),
        " order by seq desc"
    ))
    .bind(number(first.0))
    .bind(number(last.0))
    .fetch_all(connection)
    .await?;
    rows.iter()
        .map(|row| Ok((head_of(row)?, row.text("changes")?.to_owned())))
        .collect()
}
