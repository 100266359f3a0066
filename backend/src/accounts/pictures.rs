//! The picture that somebody shows of themselves: kept as it was drawn anew, never as it came, and seen by who shares a list with them.
//!
//! What is here is named by its content, so that browsers keep it. That there is another one is told to every open page as a change of the
//! profile is, by rows that leave name and colour as they are.

use data_encoding::HEXLOWER;
use domain::PersonId;
use sha2::{Digest, Sha256};
use sqlx::{Row, SqliteConnection};

use crate::database::columns::{Columns, number};
use crate::write::request::WriteRequest;
use crate::{Backend, Error, Visitor};

/// The most bytes of one: of a square of 128 pixels with four bytes each, and what a file has beside.
const MOST_BYTES: usize = 80 * 1024;

/// A picture as it is shown.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Picture {
    /// What says which it is.
    pub name: String,
    /// A PNG.
    pub bytes: Vec<u8>,
}

impl Backend {
    /// Shows that picture of the visitor to who shares a list with them, in place of any other; none takes it away.
    pub async fn set_picture(&self, visitor: &Visitor, png: Option<Vec<u8>>) -> Result<(), Error> {
        if png.as_ref().is_some_and(|png| png.len() > MOST_BYTES) {
            return Err(Error::Corrupt("a picture that was not drawn anew".to_owned()));
        }
        if !self.admits(visitor) {
            return Err(Error::SessionEnded);
        }
        self.ask(visitor, vec![WriteRequest::Exist]).await?;
        let (person, now) = (visitor.person(), number(self.inner.clock.now().0));
        self.write_transaction_of(
            visitor,
            move |connection| Box::pin(async move { write(connection, person, png, now).await }),
            |()| {},
        )
        .await?;
        self.ask(visitor, vec![WriteRequest::Shown]).await.map(drop)
    }

    /// The picture of somebody who shares a list with the visitor, or of the visitor.
    pub async fn picture(&self, visitor: &Visitor, person: PersonId) -> Result<Option<Picture>, Error> {
        let row = sqlx::query(
            "select name, png from pictures where person_id = $1 and ($1 = $2 or exists
                 (select 1 from members as mine join members as theirs on theirs.list_id = mine.list_id
                  where mine.person_id = $2 and theirs.person_id = $1))",
        )
        .bind(person.as_bytes().to_vec())
        .bind(visitor.person().as_bytes().to_vec())
        .fetch_optional(&self.inner.readers)
        .await?;
        row.map(|row| {
            Ok(Picture {
                name: row.text("name")?.to_owned(),
                bytes: row.try_get("png")?,
            })
        })
        .transpose()
    }

    /// The pictures that the visitor may see, by whose they are: each by the name that says which it is.
    pub async fn pictures(&self, visitor: &Visitor) -> Result<Vec<(PersonId, String)>, Error> {
        let rows = sqlx::query(
            "select person_id, name from pictures where person_id = $1 or person_id in
                 (select theirs.person_id from members as mine join members as theirs on theirs.list_id = mine.list_id
                  where mine.person_id = $1)
             order by person_id",
        )
        .bind(visitor.person().as_bytes().to_vec())
        .fetch_all(&self.inner.readers)
        .await?;
        rows.iter()
            .map(|row| Ok((row.id("person_id")?, row.text("name")?.to_owned())))
            .collect()
    }
}

async fn write(
    connection: &mut SqliteConnection,
    person: PersonId,
    png: Option<Vec<u8>>,
    now: i64,
) -> Result<(), Error> {
    let Some(png) = png else {
        sqlx::query("delete from pictures where person_id = $1")
            .bind(person.as_bytes().to_vec())
            .execute(connection)
            .await?;
        return Ok(());
    };
    let digest = Sha256::digest(&png);
    let name: String = HEXLOWER.encode(digest.as_slice().get(..8).unwrap_or_default());
    sqlx::query(
        "insert into pictures (person_id, name, png, made_at) values ($1, $2, $3, $4)
         on conflict (person_id) do update set name = excluded.name, png = excluded.png, made_at = excluded.made_at",
    )
    .bind(person.as_bytes().to_vec())
    .bind(name)
    .bind(png)
    .bind(now)
    .execute(connection)
    .await?;
    Ok(())
}
