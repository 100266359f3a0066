//! Codes with which somebody chooses a new password: of each there is only the hash.

use domain::{PersonId, Timestamp};
use sqlx::Row;

use crate::Error;
use crate::database::Connection;
use crate::database::columns::{Columns, number};

/// Whose password a code is for.
pub(crate) struct Found {
    pub(crate) person: PersonId,
    pub(crate) name: String,
    pub(crate) is_suspended: bool,
}

/// Writes one, in place of any other of theirs.
pub(crate) async fn put(
    connection: &mut Connection,
    person: PersonId,
    secret: [u8; 32],
    now: Timestamp,
    until: Timestamp,
) -> Result<(), Error> {
    sqlx::query(
        "insert into password_resets (person_id, secret, made_at, expires_at) values ($1, $2, $3, $4)
         on conflict (person_id) do update
         set secret = excluded.secret, made_at = excluded.made_at, expires_at = excluded.expires_at",
    )
    .bind(person.as_bytes().to_vec())
    .bind(secret.to_vec())
    .bind(number(now.0))
    .bind(number(until.0))
    .execute(connection)
    .await?;
    Ok(())
}

/// Whose password the code with that hash is for, if it works.
pub(crate) async fn find(
    connection: &mut Connection,
    secret: [u8; 32],
    now: Timestamp,
) -> Result<Option<Found>, Error> {
    let row = sqlx::query(
        "select accounts.person_id, name, suspended_at from password_resets
         join accounts on accounts.person_id = password_resets.person_id
         where secret = $1 and expires_at > $2",
    )
    .bind(secret.to_vec())
    .bind(number(now.0))
    .fetch_optional(connection)
    .await?;
    row.map(|row| {
        Ok(Found {
            person: row.id("person_id")?,
            name: row.try_get("name")?,
            is_suspended: row.maybe_count("suspended_at")?.is_some(),
        })
    })
    .transpose()
}

/// Uses one up. Of two who come at once with one code, the second finds none: false.
pub(crate) async fn take(
    connection: &mut Connection,
    secret: [u8; 32],
    now: Timestamp,
) -> Result<bool, Error> {
    let used = sqlx::query("delete from password_resets where secret = $1 and expires_at > $2")
        .bind(secret.to_vec())
        .bind(number(now.0))
        .execute(connection)
        .await?;
    Ok(used.rows_affected() > 0)
}
