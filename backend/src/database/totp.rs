//! Secrets that authenticator apps share with the server.

use domain::{PersonId, Timestamp};
use sqlx::Row;

use crate::Error;
use crate::database::Connection;
use crate::database::columns::{Columns, number};

/// Writes somebody's secret, in place of any other, and the time step whose code has confirmed it.
pub(crate) async fn put(
    connection: &mut Connection,
    person: PersonId,
    secret: [u8; 20],
    step: u64,
    now: Timestamp,
) -> Result<(), Error> {
    sqlx::query(
        "insert into totp (person_id, secret, made_at, last_step) values ($1, $2, $3, $4)
         on conflict (person_id) do update set secret = $2, made_at = $3, last_step = $4",
    )
    .bind(person.as_bytes().to_vec())
    .bind(secret.to_vec())
    .bind(number(now.0))
    .bind(number(step))
    .execute(connection)
    .await?;
    Ok(())
}

/// Takes it away; false if there was none.
pub(crate) async fn remove(connection: &mut Connection, person: PersonId) -> Result<bool, Error> {
    let removed = sqlx::query("delete from totp where person_id = $1")
        .bind(person.as_bytes().to_vec())
        .execute(connection)
        .await?;
    Ok(removed.rows_affected() > 0)
}

/// Whether somebody has an authenticator app.
pub(crate) async fn is_on(connection: &mut Connection, person: PersonId) -> Result<bool, Error> {
    let row = sqlx::query("select 1 from totp where person_id = $1")
        .bind(person.as_bytes().to_vec())
        .fetch_optional(connection)
        .await?;
    Ok(row.is_some())
}

/// Somebody's secret, and the last time step whose code was taken.
pub(crate) async fn find(
    connection: &mut Connection,
    person: PersonId,
) -> Result<Option<([u8; 20], u64)>, Error> {
    let row = sqlx::query("select secret, last_step from totp where person_id = $1")
        .bind(person.as_bytes().to_vec())
        .fetch_optional(connection)
        .await?;
    row.map(|row| {
        let (bytes, last): (&[u8], _) = (row.try_get("secret")?, row.count("last_step")?);
        let wrong = |_| Error::Corrupt("a secret of another length".to_owned());
        Ok((bytes.try_into().map_err(wrong)?, last))
    })
    .transpose()
}

/// Remembers the last time step whose code was taken.
pub(crate) async fn set_last_step(
    connection: &mut Connection,
    person: PersonId,
    step: u64,
) -> Result<(), Error> {
    sqlx::query("update totp set last_step = $2 where person_id = $1")
        .bind(person.as_bytes().to_vec())
        .bind(number(step))
        .execute(connection)
        .await?;
    Ok(())
}
