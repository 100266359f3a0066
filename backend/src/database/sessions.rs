//! Sessions on disk: written, taken away, and those of guests that are over.

use std::collections::HashSet;

use domain::{PersonId, Timestamp};
use sqlx::{Row, SqliteConnection, SqlitePool};

use crate::accounts::open_sessions::Open;
use crate::accounts::token::TokenHash;
use crate::database::columns::{Columns, number};
use crate::{AuthError, Error, SessionId};

/// Writes a new session. Nobody begins one who was suspended while they were signing in.
pub(crate) async fn insert(
    connection: &mut SqliteConnection,
    token: TokenHash,
    open: &Open,
) -> Result<(), Error> {
    let session = &open.session;
    let inserted = sqlx::query(
        "insert into sessions (id, token, person_id, made_at, seen_at, agent, place, method, operator_until)
         select $1, $2, $3, $4, $5, $6, $7, $8, $9
         where exists (select 1 from accounts where person_id = $3 and suspended_at is null)",
    )
    .bind(session.id.to_blob())
    .bind(token.0.to_vec())
    .bind(session.person.as_bytes().to_vec())
    .bind(number(session.made.0))
    .bind(number(session.seen.0))
    .bind(session.device.agent.clone())
    .bind(session.device.place.clone())
    .bind(session.method.as_str())
    .bind(open.operator_until.map(|until| number(until.0)))
    .execute(connection)
    .await?;
    if inserted.rows_affected() == 0 {
        return Err(AuthError::Suspended.into());
    }
    Ok(())
}

/// Remembers that a guest's session is over.
pub(crate) async fn end_guest(
    connection: &mut SqliteConnection,
    person: PersonId,
    now: Timestamp,
) -> Result<(), Error> {
    sqlx::query(
        "insert into ended_sessions (person_id, at) values ($1, $2) on conflict (person_id) do nothing",
    )
    .bind(person.as_bytes().to_vec())
    .bind(number(now.0))
    .execute(connection)
    .await?;
    Ok(())
}

/// Takes sessions of a person's away; says which there were.
pub(crate) async fn remove(
    connection: &mut SqliteConnection,
    person: PersonId,
    which: Which,
) -> Result<Vec<SessionId>, Error> {
    let (one, but) = match which {
        Which::One(session) => (Some(session.to_blob()), None),
        Which::AllBut(session) => (None, Some(session.to_blob())),
        Which::All => (None, None),
    };
    sqlx::query(
        "update accounts set last_seen_at = max(coalesce(last_seen_at, 0),
         (select max(seen_at) from sessions where sessions.person_id = $1))
         where person_id = $1 and exists (select 1 from sessions where sessions.person_id = $1)",
    )
    .bind(person.as_bytes().to_vec())
    .execute(&mut *connection)
    .await?;
    let rows = sqlx::query(
        "delete from sessions where person_id = $1 and ($2 is null or id = $2) and ($3 is null or id <> $3) returning id",
    )
    .bind(person.as_bytes().to_vec())
    .bind(one)
    .bind(but)
    .fetch_all(connection)
    .await?;
    rows.iter()
        .map(|row| SessionId::read(row.try_get("id")?))
        .collect()
}

/// Which of a person's sessions.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Which {
    One(SessionId),
    AllBut(SessionId),
    All,
}

/// Everyone whose session as a guest has ended.
pub(crate) async fn ended(readers: &SqlitePool) -> Result<HashSet<SessionId>, Error> {
    let rows = sqlx::query("select person_id from ended_sessions")
        .fetch_all(readers)
        .await?;
    rows.iter()
        .map(|row| row.id("person_id").map(SessionId::of_guest))
        .collect()
}
