//! Accounts on disk.

use domain::{At, ListId, PersonId};
use sqlx::SqliteConnection;

use crate::columns::number;
use crate::{AccountName, Denied, Error};

/// Writes an account.
pub(crate) async fn insert(
    connection: &mut SqliteConnection,
    person: PersonId,
    name: &AccountName,
    password: Option<&str>,
    first_list: ListId,
    now: At,
) -> Result<(), Error> {
    let taken = sqlx::query("select 1 from accounts where name_key = $1 or person_id = $2")
        .bind(name.key().to_owned())
        .bind(person.as_bytes().to_vec())
        .fetch_optional(&mut *connection)
        .await?;
    if taken.is_some() {
        return Err(Denied::NameTaken.into());
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
