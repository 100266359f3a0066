//! The ways in which an account can be signed in to, counted over the tables that hold them.

use domain::{PersonId, Timestamp};
use sqlx::Row;

use crate::Error;
use crate::database::Connection;
use crate::database::columns::Columns;

/// What an account has besides its passkeys.
pub(crate) struct Ways {
    pub(crate) has_password: bool,
    /// Since when there is an authenticator app.
    pub(crate) totp: Option<Timestamp>,
    /// Recovery codes, those used too.
    pub(crate) codes: u64,
    /// Recovery codes that are not used.
    pub(crate) left: u64,
}

/// What somebody's account has; none for a guest.
pub(crate) async fn ways(connection: &mut Connection, person: PersonId) -> Result<Option<Ways>, Error> {
    let row = sqlx::query(
        "select password is not null as has_password,
                (select made_at from totp where totp.person_id = accounts.person_id) as totp,
                (select count(*) from recovery_codes where recovery_codes.person_id = accounts.person_id) as codes,
                (select count(*) from recovery_codes where recovery_codes.person_id = accounts.person_id and used_at is null) as left
         from accounts where person_id = $1",
    )
    .bind(person.as_bytes().to_vec())
    .fetch_optional(connection)
    .await?;
    row.map(|row| {
        Ok(Ways {
            has_password: row.try_get("has_password")?,
            totp: row.maybe_count("totp")?.map(Timestamp),
            codes: row.count("codes")?,
            left: row.count("left")?,
        })
    })
    .transpose()
}

/// Whether there is any way in: a password, a passkey, a provider.
pub(crate) async fn has_way(connection: &mut Connection, person: PersonId) -> Result<bool, Error> {
    let row = sqlx::query(
        "select 1 from accounts where person_id = $1 and (password is not null
         or exists (select 1 from passkeys where passkeys.person_id = $1)
         or exists (select 1 from oidc_identities where oidc_identities.person_id = $1))",
    )
    .bind(person.as_bytes().to_vec())
    .fetch_optional(connection)
    .await?;
    Ok(row.is_some())
}

/// Whether there is a way in without a provider: a password, a passkey.
pub(crate) async fn has_own_way(connection: &mut Connection, person: PersonId) -> Result<bool, Error> {
    let row = sqlx::query(
        "select 1 from accounts where person_id = $1 and (password is not null
         or exists (select 1 from passkeys where passkeys.person_id = $1))",
    )
    .bind(person.as_bytes().to_vec())
    .fetch_optional(connection)
    .await?;
    Ok(row.is_some())
}

/// Takes the authenticator app, all passkeys and the recovery codes away; false if there was nothing.
pub(crate) async fn remove_all(connection: &mut Connection, person: PersonId) -> Result<bool, Error> {
    let mut removed = 0;
    for statement in [
        "delete from totp where person_id = $1",
        "delete from passkeys where person_id = $1",
        "delete from recovery_codes where person_id = $1",
    ] {
        let done = sqlx::query(statement).bind(person.as_bytes().to_vec());
        removed += done.execute(&mut *connection).await?.rows_affected();
    }
    Ok(removed > 0)
}

/// Drops the recovery codes of who has no factor any more that they could stand in for.
pub(crate) async fn tidy(connection: &mut Connection, person: PersonId) -> Result<(), Error> {
    sqlx::query(
        "delete from recovery_codes where person_id = $1
         and not exists (select 1 from totp where totp.person_id = $1)
         and not exists (select 1 from passkeys where passkeys.person_id = $1)",
    )
    .bind(person.as_bytes().to_vec())
    .execute(connection)
    .await?;
    Ok(())
}
