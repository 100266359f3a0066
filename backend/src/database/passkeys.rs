//! Passkeys on disk.

use domain::{PersonId, PersonName, Timestamp};
use sqlx::Row;

use crate::Error;
use crate::database::Connection;
use crate::database::accounts::{CredentialsVersion, credentials_of};
use crate::database::columns::{Columns, number};

/// One that was just made, as `webauthn_rp` writes key and state.
pub(crate) struct NewRow {
    pub(crate) id: [u8; 16],
    pub(crate) credential: Vec<u8>,
    pub(crate) host: String,
    pub(crate) key: Vec<u8>,
    pub(crate) state: [u8; 7],
    pub(crate) name: PersonName,
}

/// One as it is compared with an answer.
pub(crate) struct Known {
    pub(crate) id: Vec<u8>,
    pub(crate) person: PersonId,
    pub(crate) host: String,
    pub(crate) key: Vec<u8>,
    pub(crate) state: Vec<u8>,
    /// What else opens the account that it is of.
    pub(crate) credentials: CredentialsVersion,
}

/// One as its owner sees it.
pub(crate) struct Info {
    pub(crate) id: Vec<u8>,
    pub(crate) name: String,
    pub(crate) host: String,
    pub(crate) made: Timestamp,
    pub(crate) used: Option<Timestamp>,
}

/// How many passkeys somebody has, and whether anybody has that credential.
pub(crate) async fn counted(
    connection: &mut Connection,
    person: PersonId,
    credential: &[u8],
) -> Result<(u64, bool), Error> {
    let row = sqlx::query(
        "select (select count(*) from passkeys where person_id = $1) as many,
                (select count(*) from passkeys where credential = $2) as known",
    )
    .bind(person.as_bytes().to_vec())
    .bind(credential.to_vec())
    .fetch_one(connection)
    .await?;
    Ok((row.count("many")?, row.count("known")? > 0))
}

/// Writes a passkey.
pub(crate) async fn insert(
    connection: &mut Connection,
    person: PersonId,
    passkey: &NewRow,
    now: Timestamp,
) -> Result<(), Error> {
    sqlx::query(
        "insert into passkeys (id, person_id, credential, host, key, state, name, made_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(passkey.id.to_vec())
    .bind(person.as_bytes().to_vec())
    .bind(passkey.credential.clone())
    .bind(passkey.host.clone())
    .bind(passkey.key.clone())
    .bind(passkey.state.to_vec())
    .bind(passkey.name.to_string())
    .bind(number(now.0))
    .execute(connection)
    .await?;
    Ok(())
}

/// What authenticators call somebody's passkeys under that host name.
pub(crate) async fn credentials(
    connection: &mut Connection,
    person: PersonId,
    host: &str,
) -> Result<Vec<Vec<u8>>, Error> {
    let rows = sqlx::query("select credential from passkeys where person_id = $1 and host = $2")
        .bind(person.as_bytes().to_vec())
        .bind(host.to_owned())
        .fetch_all(connection)
        .await?;
    rows.iter().map(|row| Ok(row.try_get("credential")?)).collect()
}

/// The one of that credential.
pub(crate) async fn by_credential(
    connection: &mut Connection,
    credential: &[u8],
) -> Result<Option<Known>, Error> {
    let row = sqlx::query(
        "select id, passkeys.person_id, host, key, state, credentials
         from passkeys join accounts on accounts.person_id = passkeys.person_id where credential = $1",
    )
    .bind(credential.to_vec())
    .fetch_optional(connection)
    .await?;
    row.map(|row| {
        Ok(Known {
            id: row.try_get("id")?,
            person: row.id("person_id")?,
            host: row.text("host")?.to_owned(),
            key: row.try_get("key")?,
            state: row.try_get("state")?,
            credentials: credentials_of(&row)?,
        })
    })
    .transpose()
}

/// Writes what a use has changed, if the state is still the one `before`; false if it is not.
pub(crate) async fn set_state(
    connection: &mut Connection,
    id: [u8; 16],
    before: Vec<u8>,
    after: [u8; 7],
    now: Timestamp,
) -> Result<bool, Error> {
    let done = sqlx::query("update passkeys set state = $3, used_at = $4 where id = $1 and state = $2")
        .bind(id.to_vec())
        .bind(before)
        .bind(after.to_vec())
        .bind(number(now.0))
        .execute(connection)
        .await?;
    Ok(done.rows_affected() > 0)
}

/// Calls one of somebody's something else; false if they have none such.
pub(crate) async fn rename(
    connection: &mut Connection,
    person: PersonId,
    id: [u8; 16],
    name: &PersonName,
) -> Result<bool, Error> {
    let done = sqlx::query("update passkeys set name = $3 where id = $1 and person_id = $2")
        .bind(id.to_vec())
        .bind(person.as_bytes().to_vec())
        .bind(name.to_string())
        .execute(connection)
        .await?;
    Ok(done.rows_affected() > 0)
}

/// Takes one of somebody's away; false if they have none such.
pub(crate) async fn remove(
    connection: &mut Connection,
    person: PersonId,
    id: [u8; 16],
) -> Result<bool, Error> {
    let done = sqlx::query("delete from passkeys where id = $1 and person_id = $2")
        .bind(id.to_vec())
        .bind(person.as_bytes().to_vec())
        .execute(connection)
        .await?;
    Ok(done.rows_affected() > 0)
}

/// Somebody's, the oldest first.
pub(crate) async fn of(connection: &mut Connection, person: PersonId) -> Result<Vec<Info>, Error> {
    let rows = sqlx::query(
        "select id, name, host, made_at, used_at from passkeys where person_id = $1 order by made_at, id",
    )
    .bind(person.as_bytes().to_vec())
    .fetch_all(connection)
    .await?;
    rows.iter()
        .map(|row| {
            Ok(Info {
                id: row.try_get("id")?,
                name: row.text("name")?.to_owned(),
                host: row.text("host")?.to_owned(),
                made: row.count("made_at").map(Timestamp)?,
                used: row.maybe_count("used_at")?.map(Timestamp),
            })
        })
        .collect()
}
