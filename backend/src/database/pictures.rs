//! Pictures that people show of themselves.

use domain::{PersonId, Timestamp};
use sqlx::Row;

use crate::Error;
use crate::database::columns::{Columns, number};
use crate::database::{Connection, DriverError};

/// A picture as it is shown.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Picture {
    /// What says which it is.
    pub name: String,
    /// A PNG.
    pub bytes: Vec<u8>,
}

/// Writes somebody's picture in place of any other; none takes it away.
pub(crate) async fn show(
    connection: &mut Connection,
    person: PersonId,
    picture: Option<&Picture>,
    now: Timestamp,
) -> Result<(), DriverError> {
    let Some(picture) = picture else {
        sqlx::query("delete from pictures where person_id = $1")
            .bind(person.as_bytes().to_vec())
            .execute(connection)
            .await?;
        return Ok(());
    };
    sqlx::query(
        "insert into pictures (person_id, name, png, made_at) values ($1, $2, $3, $4)
         on conflict (person_id) do update set name = excluded.name, png = excluded.png, made_at = excluded.made_at",
    )
    .bind(person.as_bytes().to_vec())
    .bind(picture.name.clone())
    .bind(picture.bytes.clone())
    .bind(number(now.0))
    .execute(connection)
    .await?;
    Ok(())
}

/// The picture of somebody who shares a list with `viewer`, or of `viewer`.
pub(crate) async fn one(
    connection: &mut Connection,
    viewer: PersonId,
    person: PersonId,
) -> Result<Option<Picture>, Error> {
    let row = sqlx::query(
        "select name, png from pictures where person_id = $1 and ($1 = $2 or exists
             (select 1 from members as mine join members as theirs on theirs.list_id = mine.list_id
              where mine.person_id = $2 and theirs.person_id = $1))",
    )
    .bind(person.as_bytes().to_vec())
    .bind(viewer.as_bytes().to_vec())
    .fetch_optional(connection)
    .await?;
    row.map(|row| {
        Ok(Picture {
            name: row.text("name")?.to_owned(),
            bytes: row.try_get("png")?,
        })
    })
    .transpose()
}

/// The pictures that `viewer` may see, by whose they are: each by the name that says which it is.
pub(crate) async fn names(
    connection: &mut Connection,
    viewer: PersonId,
) -> Result<Vec<(PersonId, String)>, Error> {
    let rows = sqlx::query(
        "select person_id, name from pictures where person_id = $1 or person_id in
             (select theirs.person_id from members as mine join members as theirs on theirs.list_id = mine.list_id
              where mine.person_id = $1)
         order by person_id",
    )
    .bind(viewer.as_bytes().to_vec())
    .fetch_all(connection)
    .await?;
    rows.iter()
        .map(|row| Ok((row.id("person_id")?, row.text("name")?.to_owned())))
        .collect()
}
