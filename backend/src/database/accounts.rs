//! Accounts on disk.

use domain::{ListId, PersonId, Timestamp};
use sqlx::{Row, SqliteConnection};

use crate::database::columns::{Columns, number};
use crate::{AccountName, AuthError, Backend, Error};

/// An account as it is on disk.
pub(crate) struct Stored {
    pub(crate) person: PersonId,
    pub(crate) first_list: ListId,
    pub(crate) password: Option<String>,
    pub(crate) is_suspended: bool,
}

/// Writes an account.
pub(crate) async fn insert(
    connection: &mut SqliteConnection,
    person: PersonId,
    name: &AccountName,
    password: Option<&str>,
    first_list: ListId,
    now: Timestamp,
) -> Result<(), Error> {
    let taken = sqlx::query("select 1 from accounts where name_key = $1 or person_id = $2")
        .bind(name.key().to_owned())
        .bind(person.as_bytes().to_vec())
        .fetch_optional(&mut *connection)
        .await?;
    if taken.is_some() {
        return Err(AuthError::NameTaken.into());
    }
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

/// Writes what a password was made into.
pub(crate) async fn set_password(
    connection: &mut SqliteConnection,
    person: PersonId,
    hash: &str,
) -> Result<(), Error> {
    sqlx::query("update accounts set password = $2 where person_id = $1")
        .bind(person.as_bytes().to_vec())
        .bind(hash.to_owned())
        .execute(connection)
        .await?;
    Ok(())
}

impl Backend {
    pub(crate) async fn stored(&self, name: &AccountName) -> Result<Option<Stored>, Error> {
        let row = sqlx::query(
            "select person_id, first_list, password, suspended_at from accounts where name_key = $1",
        )
        .bind(name.key().to_owned())
        .fetch_optional(&self.inner.readers)
        .await?;
        row.map(|row| {
            Ok(Stored {
                person: row.id("person_id")?,
                first_list: row.id("first_list")?,
                password: row.try_get("password")?,
                is_suspended: row.maybe_count("suspended_at")?.is_some(),
            })
        })
        .transpose()
    }

    /// What somebody began with as a guest, and whether they are kept out.
    pub(crate) async fn first_list_of(&self, person: PersonId) -> Result<(ListId, bool), Error> {
        let row = sqlx::query("select first_list, suspended_at from accounts where person_id = $1")
            .bind(person.as_bytes().to_vec())
            .fetch_one(&self.inner.readers)
            .await?;
        Ok((row.id("first_list")?, row.maybe_count("suspended_at")?.is_some()))
    }

    pub(crate) async fn kept_password(&self, person: PersonId) -> Result<Option<String>, Error> {
        let row = sqlx::query("select password from accounts where person_id = $1")
            .bind(person.as_bytes().to_vec())
            .fetch_optional(&self.inner.readers)
            .await?;
        Ok(row.map(|row| row.try_get("password")).transpose()?.flatten())
    }
}
