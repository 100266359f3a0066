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

/// Remembers the last time step whose code was taken: wrong ones before it are not in a row any more.
pub(crate) async fn set_last_step(
    connection: &mut Connection,
    person: PersonId,
    step: u64,
) -> Result<(), Error> {
    sqlx::query("update totp set last_step = $2, wrong = 0, closed_until = null where person_id = $1")
        .bind(person.as_bytes().to_vec())
        .bind(number(step))
        .execute(connection)
        .await?;
    Ok(())
}

/// How many wrong codes there were since the last right one, and until when none is looked at. None without an app.
pub(crate) async fn wrong(
    connection: &mut Connection,
    person: PersonId,
) -> Result<Option<(u64, Option<Timestamp>)>, Error> {
    let row = sqlx::query("select wrong, closed_until from totp where person_id = $1")
        .bind(person.as_bytes().to_vec())
        .fetch_optional(connection)
        .await?;
    row.map(|row| {
        Ok((
            row.count("wrong")?,
            row.maybe_count("closed_until")?.map(Timestamp),
        ))
    })
    .transpose()
}

/// Counts a wrong code, which was given from there, and closes the door until then.
pub(crate) async fn count_wrong(
    connection: &mut Connection,
    person: PersonId,
    closed_until: Option<Timestamp>,
    place: &str,
    now: Timestamp,
) -> Result<(), Error> {
    sqlx::query(
        "update totp set wrong = wrong + 1, unseen = unseen + 1, closed_until = $2, wrong_at = $3, wrong_place = $4
         where person_id = $1",
    )
    .bind(person.as_bytes().to_vec())
    .bind(closed_until.map(|at| number(at.0)))
    .bind(number(now.0))
    .bind(place.to_owned())
    .execute(connection)
    .await?;
    Ok(())
}

/// So many wrong codes turn out to have been their owner's, who gave the right one after them.
pub(crate) async fn were_own(connection: &mut Connection, person: PersonId, many: u32) -> Result<(), Error> {
    sqlx::query("update totp set unseen = max(unseen - $2, 0) where person_id = $1")
        .bind(person.as_bytes().to_vec())
        .bind(i64::from(many))
        .execute(connection)
        .await?;
    Ok(())
}

/// Counts none of them any more.
pub(crate) async fn forget_wrong(connection: &mut Connection, person: PersonId) -> Result<(), Error> {
    sqlx::query("update totp set wrong = 0, unseen = 0, closed_until = null where person_id = $1")
        .bind(person.as_bytes().to_vec())
        .execute(connection)
        .await?;
    Ok(())
}

/// The wrong codes that their owner is told of: how many, when and where the last was given.
pub(crate) async fn unseen(
    connection: &mut Connection,
    person: PersonId,
) -> Result<Option<(u64, Timestamp, String)>, Error> {
    let row = sqlx::query(
        "select unseen, wrong_at, wrong_place from totp where person_id = $1 and unseen > 0 and wrong_at is not null",
    )
    .bind(person.as_bytes().to_vec())
    .fetch_optional(connection)
    .await?;
    row.map(|row| {
        let place: Option<String> = row.try_get("wrong_place")?;
        Ok((
            row.count("unseen")?,
            row.count("wrong_at").map(Timestamp)?,
            place.unwrap_or_default(),
        ))
    })
    .transpose()
}
