//! Hashes of recovery codes.

use domain::{PersonId, Timestamp};
use sqlx::Row;

use crate::Error;
use crate::database::Connection;
use crate::database::columns::number;

/// Takes all of somebody's away.
pub(crate) async fn remove(connection: &mut Connection, person: PersonId) -> Result<(), Error> {
    sqlx::query("delete from recovery_codes where person_id = $1")
        .bind(person.as_bytes().to_vec())
        .execute(connection)
        .await?;
    Ok(())
}

/// Whether somebody has any, those used too.
pub(crate) async fn is_any(connection: &mut Connection, person: PersonId) -> Result<bool, Error> {
    let there = sqlx::query("select 1 from recovery_codes where person_id = $1 limit 1")
        .bind(person.as_bytes().to_vec())
        .fetch_optional(connection)
        .await?;
    Ok(there.is_some())
}

/// With which salt somebody's are hashed, if they have any. Of nobody the same work.
pub(crate) async fn salt(
    connection: &mut Connection,
    person: Option<PersonId>,
) -> Result<Option<[u8; 16]>, Error> {
    let row = sqlx::query("select salt from recovery_codes where person_id = $1 limit 1")
        .bind(person.map(|person| person.as_bytes().to_vec()))
        .fetch_optional(connection)
        .await?;
    row.map(|row| {
        let salt: &[u8] = row.try_get("salt")?;
        let wrong = |_| Error::Corrupt("a salt of another length".to_owned());
        salt.try_into().map_err(wrong)
    })
    .transpose()
}

/// Writes codes.
pub(crate) async fn insert(
    connection: &mut Connection,
    person: PersonId,
    salt: [u8; 16],
    hashes: &[[u8; 32]],
    now: Timestamp,
) -> Result<(), Error> {
    for hash in hashes {
        sqlx::query("insert into recovery_codes (person_id, hash, salt, made_at) values ($1, $2, $3, $4)")
            .bind(person.as_bytes().to_vec())
            .bind(hash.to_vec())
            .bind(salt.to_vec())
            .bind(number(now.0))
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

/// Whether a code is there and was not used.
pub(crate) async fn works(
    connection: &mut Connection,
    person: PersonId,
    hash: &[u8; 32],
) -> Result<bool, Error> {
    let row =
        sqlx::query("select 1 from recovery_codes where person_id = $1 and hash = $2 and used_at is null")
            .bind(person.as_bytes().to_vec())
            .bind(hash.to_vec())
            .fetch_optional(connection)
            .await?;
    Ok(row.is_some())
}

/// Uses a code up; false if there is none that works.
pub(crate) async fn spend(
    connection: &mut Connection,
    person: PersonId,
    hash: &[u8; 32],
    now: Timestamp,
) -> Result<bool, Error> {
    let used = sqlx::query(
        "update recovery_codes set used_at = $3 where person_id = $1 and hash = $2 and used_at is null",
    )
    .bind(person.as_bytes().to_vec())
    .bind(hash.to_vec())
    .bind(number(now.0))
    .execute(connection)
    .await?;
    Ok(used.rows_affected() > 0)
}
