//! What the shell asks of a server that runs, in a table between the two processes.

use domain::Timestamp;

use crate::Error;
use crate::database::columns::{Columns, number};
use crate::database::{Connection, DriverError};

/// A command that waits.
pub(crate) struct WaitingCommand {
    pub(crate) id: i64,
    pub(crate) at: Timestamp,
    /// The command as JSON.
    pub(crate) asked: String,
}

/// Leaves a command; gives its number.
pub(crate) async fn insert(
    connection: &mut Connection,
    at: Timestamp,
    asked: String,
) -> Result<i64, DriverError> {
    let inserted = sqlx::query("insert into cli_commands (at, asked) values ($1, $2)")
        .bind(number(at.0))
        .bind(asked)
        .execute(connection)
        .await?;
    Ok(inserted.last_insert_rowid())
}

/// What was answered, if anything.
pub(crate) async fn answer(connection: &mut Connection, id: i64) -> Result<Option<String>, DriverError> {
    sqlx::query_scalar("select answer from cli_commands where id = $1")
        .bind(id)
        .fetch_one(connection)
        .await
}

/// Takes a command back, if its answer is still that one; false if it is another.
pub(crate) async fn take_back(
    connection: &mut Connection,
    id: i64,
    answer: Option<&str>,
) -> Result<bool, DriverError> {
    let taken = sqlx::query("delete from cli_commands where id = $1 and answer is $2")
        .bind(id)
        .bind(answer.map(str::to_owned))
        .execute(connection)
        .await?;
    Ok(taken.rows_affected() > 0)
}

/// Those that wait, in order.
pub(crate) async fn waiting(connection: &mut Connection) -> Result<Vec<WaitingCommand>, Error> {
    let rows = sqlx::query("select id, at, asked from cli_commands where answer is null order by id")
        .fetch_all(connection)
        .await?;
    rows.iter()
        .map(|row| {
            Ok(WaitingCommand {
                id: row.number("id")?,
                at: row.count("at").map(Timestamp)?,
                asked: row.text("asked")?.to_owned(),
            })
        })
        .collect()
}

/// Answers a command; those go that were answered, were left before then, and that nobody has taken back.
pub(crate) async fn set_answer(
    connection: &mut Connection,
    id: i64,
    answer: String,
    before: Timestamp,
) -> Result<(), Error> {
    sqlx::query("update cli_commands set answer = $2 where id = $1")
        .bind(id)
        .bind(answer)
        .execute(&mut *connection)
        .await?;
    sqlx::query("delete from cli_commands where at < $1 and answer is not null and id <> $2")
        .bind(number(before.0))
        .bind(id)
        .execute(connection)
        .await?;
    Ok(())
}
