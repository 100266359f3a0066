//! What is done with a connection but asking it something: transactions, the write-ahead log, closing.

use sqlx::{Connection as _, Row, Sqlite};

use crate::database::{Connection, DriverError};

/// What a page of the database takes in the write-ahead log.
const FRAME: i64 = 4_096 + 24;

/// Begins a transaction that writes. Dropped without a commit it is as if nothing had been asked.
pub(crate) async fn begin(connection: &mut Connection) -> Result<sqlx::Transaction<'_, Sqlite>, DriverError> {
    connection.begin_with("begin immediate").await
}

/// Ends a transaction that failed. SQLite may have done that itself, and then says that there is nothing to roll back.
pub(crate) async fn rollback(connection: &mut Connection) {
    let _ = sqlx::query("rollback").execute(connection).await;
}

/// Closes it.
pub(crate) async fn close(connection: Connection) -> Result<(), DriverError> {
    connection.close().await
}

/// Copies the write-ahead log into the database if it has more than that many bytes.
pub(crate) async fn checkpoint(connection: &mut Connection, most: i64) -> Result<(), DriverError> {
    let size = sqlx::query("pragma wal_checkpoint(noop)")
        .fetch_one(&mut *connection)
        .await?;
    let pages = size.try_get::<i64, _>(1)? - size.try_get::<i64, _>(2)?;
    if pages * FRAME > most {
        sqlx::query("pragma wal_checkpoint(passive)")
            .fetch_one(connection)
            .await?;
    }
    Ok(())
}
