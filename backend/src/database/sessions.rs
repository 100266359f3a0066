//! Sessions on disk: written, taken away, and those of guests that are over.

use std::collections::HashSet;

use domain::{PersonId, Timestamp};
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use crate::accounts::open_sessions::Open;
use crate::accounts::token::TokenHash;
use crate::database::Connection;
use crate::database::columns::{Columns, number};
use crate::{Device, Error, Method, Session, SessionId};

/// Writes a new session. False if the account is suspended, and then nothing is written.
pub(crate) async fn insert(
    connection: &mut Connection,
    token: TokenHash,
    open: &Open,
) -> Result<bool, Error> {
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
    Ok(inserted.rows_affected() > 0)
}

/// Remembers that a guest's session is over.
pub(crate) async fn end_guest(
    connection: &mut Connection,
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
    connection: &mut Connection,
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

/// Writes when a session was last used.
pub(crate) async fn set_seen(
    connection: &mut Connection,
    session: SessionId,
    seen: Timestamp,
) -> Result<(), Error> {
    sqlx::query("update sessions set seen_at = max(seen_at, $2) where id = $1")
        .bind(session.to_blob())
        .bind(number(seen.0))
        .execute(connection)
        .await?;
    Ok(())
}

/// Makes no session of a person's an operator's.
pub(crate) async fn end_office(connection: &mut Connection, person: PersonId) -> Result<(), Error> {
    sqlx::query("update sessions set operator_until = null where person_id = $1")
        .bind(person.as_bytes().to_vec())
        .execute(connection)
        .await?;
    Ok(())
}

/// Everyone whose session as a guest has ended.
pub(crate) async fn ended(connection: &mut Connection) -> Result<HashSet<SessionId>, Error> {
    let rows = sqlx::query("select person_id from ended_sessions")
        .fetch_all(connection)
        .await?;
    rows.iter()
        .map(|row| row.id("person_id").map(SessionId::of_guest))
        .collect()
}

/// Every session that somebody signed in to.
pub(crate) async fn all(connection: &mut Connection) -> Result<Vec<(TokenHash, Open)>, Error> {
    let rows = sqlx::query(
        "select sessions.id, token, sessions.person_id, sessions.made_at, seen_at, agent, place, method, operator_until,
         first_list
         from sessions join accounts on accounts.person_id = sessions.person_id",
    )
    .fetch_all(connection)
    .await?;
    rows.iter().map(open).collect()
}

fn open(row: &SqliteRow) -> Result<(TokenHash, Open), Error> {
    let token: &[u8] = row.try_get("token")?;
    let wrong = |_| Error::Corrupt("a token's hash of another length".to_owned());
    let session = Session {
        id: SessionId::read(row.try_get("id")?)?,
        person: row.id("person_id")?,
        made: row.count("made_at").map(Timestamp)?,
        seen: row.count("seen_at").map(Timestamp)?,
        device: Device {
            agent: row.text("agent")?.to_owned(),
            place: row.text("place")?.to_owned(),
        },
        method: row.parsed("method", Method::parse)?,
    };
    let open = Open {
        session,
        first_list: row.id("first_list")?,
        operator_until: row.maybe_count("operator_until")?.map(Timestamp),
    };
    Ok((TokenHash(token.try_into().map_err(wrong)?), open))
}
