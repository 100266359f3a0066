//! Accounts on disk.

use domain::{ListId, PersonId, Timestamp};
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use crate::database::Connection;
use crate::database::columns::{Columns, number};
use crate::{AccountName, Error};

/// What an account is signed in to with.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SignInName {
    /// As it was typed.
    pub name: String,
    /// When the account was created.
    pub made: Timestamp,
}

/// The version of what opens an account: of its password, app, codes, passkeys and identities, and of whether it is suspended. Any
/// change of those makes it another one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct CredentialsVersion(i64);

/// An account as it is on disk.
pub(crate) struct Stored {
    pub(crate) person: PersonId,
    pub(crate) first_list: ListId,
    pub(crate) password: Option<String>,
    pub(crate) is_suspended: bool,
    pub(crate) credentials: CredentialsVersion,
}

/// What somebody's password was made into, if they have one.
pub(crate) struct KeptPassword {
    pub(crate) hash: Option<String>,
    pub(crate) credentials: CredentialsVersion,
}

/// Whether somebody else has that name, or the person an account.
pub(crate) async fn is_there(
    connection: &mut Connection,
    person: PersonId,
    name: &AccountName,
) -> Result<bool, Error> {
    let there = sqlx::query("select 1 from accounts where name_key = $1 or person_id = $2")
        .bind(name.key().to_owned())
        .bind(person.as_bytes().to_vec())
        .fetch_optional(connection)
        .await?;
    Ok(there.is_some())
}

/// Writes an account.
pub(crate) async fn insert(
    connection: &mut Connection,
    person: PersonId,
    name: &AccountName,
    password: Option<&str>,
    first_list: ListId,
    now: Timestamp,
) -> Result<(), Error> {
    sqlx::query(
        "insert into accounts (person_id, name, name_key, password, first_list, made_at)
         values ($1, $2, $3, $4, $5, $6)",
    )
    .bind(person.as_bytes().to_vec())
    .bind(name.as_str().to_owned())
    .bind(name.key().to_owned())
    .bind(password.map(str::to_owned))
    .bind(first_list.as_bytes().to_vec())
    .bind(number(now.0))
    .execute(connection)
    .await?;
    Ok(())
}

/// Writes what a password was made into; none takes it away. False if there is no such account.
pub(crate) async fn set_password(
    connection: &mut Connection,
    person: PersonId,
    hash: Option<&str>,
) -> Result<bool, Error> {
    let changed = sqlx::query("update accounts set password = $2 where person_id = $1")
        .bind(person.as_bytes().to_vec())
        .bind(hash.map(str::to_owned))
        .execute(connection)
        .await?;
    Ok(changed.rows_affected() > 0)
}

/// Writes what the same password is made into from now on. It opens the account as before: so the version of what opens it stays, which
/// a trigger raises with every other password.
pub(crate) async fn set_hash(connection: &mut Connection, person: PersonId, hash: &str) -> Result<(), Error> {
    sqlx::query("update accounts set password = $2, credentials = credentials - 1 where person_id = $1")
        .bind(person.as_bytes().to_vec())
        .bind(hash.to_owned())
        .execute(connection)
        .await?;
    Ok(())
}

/// Since when somebody is kept out; none lets them in. False if there is no such account.
pub(crate) async fn set_suspended(
    connection: &mut Connection,
    person: PersonId,
    since: Option<Timestamp>,
) -> Result<bool, Error> {
    let changed = sqlx::query(
        "update accounts set suspended_at = case when $2 is null then null else coalesce(suspended_at, $2) end
         where person_id = $1",
    )
    .bind(person.as_bytes().to_vec())
    .bind(since.map(|at| number(at.0)))
    .execute(connection)
    .await?;
    Ok(changed.rows_affected() > 0)
}

/// The account of that name.
pub(crate) async fn stored(connection: &mut Connection, name: &AccountName) -> Result<Option<Stored>, Error> {
    let row = sqlx::query(
        "select person_id, first_list, password, suspended_at, credentials from accounts where name_key = $1",
    )
    .bind(name.key().to_owned())
    .fetch_optional(connection)
    .await?;
    row.map(|row| {
        Ok(Stored {
            person: row.id("person_id")?,
            first_list: row.id("first_list")?,
            password: row.try_get("password")?,
            is_suspended: row.maybe_count("suspended_at")?.is_some(),
            credentials: credentials_of(&row)?,
        })
    })
    .transpose()
}

/// The version that a row of `accounts` has.
pub(crate) fn credentials_of(row: &SqliteRow) -> Result<CredentialsVersion, Error> {
    Ok(CredentialsVersion(row.try_get("credentials")?))
}

/// The version of what opens somebody's account, and whether it is suspended.
pub(crate) async fn credentials(
    connection: &mut Connection,
    person: PersonId,
) -> Result<Option<(CredentialsVersion, bool)>, Error> {
    let row = sqlx::query("select credentials, suspended_at from accounts where person_id = $1")
        .bind(person.as_bytes().to_vec())
        .fetch_optional(connection)
        .await?;
    row.map(|row| Ok((credentials_of(&row)?, row.maybe_count("suspended_at")?.is_some())))
        .transpose()
}

/// Who has that name.
pub(crate) async fn owner(
    connection: &mut Connection,
    name: &AccountName,
) -> Result<Option<PersonId>, Error> {
    let row = sqlx::query("select person_id from accounts where name_key = $1")
        .bind(name.key().to_owned())
        .fetch_optional(connection)
        .await?;
    row.map(|row| row.id("person_id")).transpose()
}

/// What somebody began with as a guest, and whether they are kept out.
pub(crate) async fn first_list(
    connection: &mut Connection,
    person: PersonId,
) -> Result<Option<(ListId, bool)>, Error> {
    let row = sqlx::query("select first_list, suspended_at from accounts where person_id = $1")
        .bind(person.as_bytes().to_vec())
        .fetch_optional(connection)
        .await?;
    row.map(|row| Ok((row.id("first_list")?, row.maybe_count("suspended_at")?.is_some())))
        .transpose()
}

/// What somebody's password was made into; none for a guest.
pub(crate) async fn password(
    connection: &mut Connection,
    person: PersonId,
) -> Result<Option<KeptPassword>, Error> {
    let row = sqlx::query("select password, credentials from accounts where person_id = $1")
        .bind(person.as_bytes().to_vec())
        .fetch_optional(connection)
        .await?;
    row.map(|row| {
        Ok(KeptPassword {
            hash: row.try_get("password")?,
            credentials: credentials_of(&row)?,
        })
    })
    .transpose()
}

/// What somebody signs in with; none for a guest.
pub(crate) async fn sign_in_name(
    connection: &mut Connection,
    person: PersonId,
) -> Result<Option<SignInName>, Error> {
    let row = sqlx::query("select name, made_at from accounts where person_id = $1")
        .bind(person.as_bytes().to_vec())
        .fetch_optional(connection)
        .await?;
    row.map(|row| {
        Ok(SignInName {
            name: row.text("name")?.to_owned(),
            made: row.count("made_at").map(Timestamp)?,
        })
    })
    .transpose()
}

/// Everyone with an account: by which name, as it is compared, and whether they are kept out.
pub(crate) async fn all(connection: &mut Connection) -> Result<Vec<(PersonId, String, bool)>, Error> {
    let rows = sqlx::query("select person_id, name_key, suspended_at from accounts")
        .fetch_all(connection)
        .await?;
    rows.iter()
        .map(|row| {
            let is_suspended = row.maybe_count("suspended_at")?.is_some();
            Ok((
                row.id("person_id")?,
                row.text("name_key")?.to_owned(),
                is_suspended,
            ))
        })
        .collect()
}
