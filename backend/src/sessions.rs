//! Sessions that are over. A guest's session is its cookie, and the person follows from that; so one that has ended is
//! remembered, in memory too, where every request and every stream asks.

use std::collections::HashSet;

use domain::PersonId;
use sqlx::SqlitePool;

use crate::columns::Columns;
use crate::{Backend, Error, Visitor};

/// Everyone whose session has ended.
pub(crate) async fn ended(readers: &SqlitePool) -> Result<HashSet<PersonId>, Error> {
    let rows = sqlx::query("select person_id from ended_sessions")
        .fetch_all(readers)
        .await?;
    rows.iter().map(|row| row.id("person_id")).collect()
}

impl Backend {
    /// Ends the visitor's session for good: their streams end at once, and their cookie opens nothing any more.
    pub async fn end_session(&self, visitor: &Visitor) -> Result<(), Error> {
        let person = visitor.person();
        self.errand(
            "insert into ended_sessions (person_id, at) values ($1, cast(unixepoch('subsec') * 1000 as integer))
             on conflict (person_id) do nothing",
            vec![person.as_bytes().to_vec()],
        )
        .await?;
        self.inner.hub.end(person);
        Ok(())
    }

    /// Whether the visitor's session has ended.
    pub fn has_ended(&self, visitor: &Visitor) -> bool {
        self.inner.hub.has_ended(visitor.person())
    }
}
