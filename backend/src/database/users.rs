//! People with accounts as whoever runs the server sees them.

use domain::{PersonId, Timestamp};
use sqlx::sqlite::SqliteRow;

use crate::database::Connection;
use crate::database::columns::Columns;
use crate::database::open::limit;
use crate::{AccountName, Error};

/// Somebody with an account.
pub(crate) struct User {
    pub(crate) id: PersonId,
    pub(crate) name: String,
    pub(crate) called: String,
    pub(crate) made: Timestamp,
    /// Of the sessions that are over.
    pub(crate) seen: Option<Timestamp>,
    pub(crate) owns: u64,
    pub(crate) lists: u64,
    pub(crate) suspended: Option<Timestamp>,
    /// Until when there is a code for a new password.
    pub(crate) reset: Option<Timestamp>,
}

/// How many people there are.
pub(crate) struct Counted {
    pub(crate) accounts: u64,
    pub(crate) suspended: u64,
    /// People without an account.
    pub(crate) guests: u64,
}

/// Somebody as the shell lists them.
pub(crate) struct ListedUser {
    pub(crate) name: String,
    pub(crate) called: String,
    pub(crate) made: Timestamp,
    pub(crate) sessions: u64,
    pub(crate) is_suspended: bool,
}

/// The columns of a person, and what follows.
macro_rules! user {
    ($rest:literal) => {
        concat!(
            "select accounts.person_id, accounts.name, persons.name as called, accounts.made_at, accounts.last_seen_at,
             accounts.suspended_at, password_resets.expires_at,
             (select count(*) from members where members.person_id = accounts.person_id) as lists,
             (select count(*) from members where members.person_id = accounts.person_id and role = 'owner') as owns
             from accounts join persons on persons.id = accounts.person_id
             left join password_resets on password_resets.person_id = accounts.person_id ",
            $rest
        )
    };
}

/// Counts accounts, suspended accounts and guests.
pub(crate) async fn counted(connection: &mut Connection) -> Result<Counted, Error> {
    let row = sqlx::query(
        "select (select count(*) from accounts) as accounts,
         (select count(*) from accounts where suspended_at is not null) as suspended,
         (select count(*) from persons where not exists (select 1 from accounts where person_id = persons.id)
          and not exists (select 1 from departed where person_id = persons.id)) as guests",
    )
    .fetch_one(connection)
    .await?;
    Ok(Counted {
        accounts: row.count("accounts")?,
        suspended: row.count("suspended")?,
        guests: row.count("guests")?,
    })
}

/// Those in whose names `search` stands, as many as `most`, after that person.
pub(crate) async fn search(
    connection: &mut Connection,
    search: &str,
    after: Option<PersonId>,
    most: usize,
) -> Result<Vec<User>, Error> {
    let rows = sqlx::query(user!(
        "where ($1 = '' or instr(accounts.name_key, $1) or instr(lower(persons.name), $1))
         and ($2 is null or accounts.name_key > (select name_key from accounts where person_id = $2))
         order by accounts.name_key limit $3"
    ))
    .bind(search.trim().to_lowercase())
    .bind(after.map(|after| after.as_bytes().to_vec()))
    .bind(limit(most))
    .fetch_all(connection)
    .await?;
    rows.iter().map(user).collect()
}

/// Somebody, if they have an account.
pub(crate) async fn one(connection: &mut Connection, person: PersonId) -> Result<Option<User>, Error> {
    let row = sqlx::query(user!("where accounts.person_id = $1"))
        .bind(person.as_bytes().to_vec())
        .fetch_optional(connection)
        .await?;
    row.as_ref().map(user).transpose()
}

/// Who signs in with that name.
pub(crate) async fn named(connection: &mut Connection, name: &AccountName) -> Result<Option<User>, Error> {
    let row = sqlx::query(user!("where accounts.name_key = $1"))
        .bind(name.key().to_owned())
        .fetch_optional(connection)
        .await?;
    row.as_ref().map(user).transpose()
}

fn user(row: &SqliteRow) -> Result<User, Error> {
    Ok(User {
        id: row.id("person_id")?,
        name: row.text("name")?.to_owned(),
        called: row.text("called")?.to_owned(),
        made: row.count("made_at").map(Timestamp)?,
        seen: row.maybe_count("last_seen_at")?.map(Timestamp),
        owns: row.count("owns")?,
        lists: row.count("lists")?,
        suspended: row.maybe_count("suspended_at")?.map(Timestamp),
        reset: row.maybe_count("expires_at")?.map(Timestamp),
    })
}

/// Everyone with an account in whose names `search` stands.
pub(crate) async fn listed(connection: &mut Connection, search: &str) -> Result<Vec<ListedUser>, Error> {
    let rows = sqlx::query(
        "select accounts.name, persons.name as called, made_at, suspended_at is not null as suspended,
         (select count(*) from sessions where sessions.person_id = accounts.person_id) as sessions
         from accounts join persons on persons.id = accounts.person_id
         where $1 = '' or instr(accounts.name_key, $1) or instr(lower(persons.name), $1)
         order by name_key",
    )
    .bind(search.trim().to_lowercase())
    .fetch_all(connection)
    .await?;
    rows.iter()
        .map(|row| {
            Ok(ListedUser {
                name: row.text("name")?.to_owned(),
                called: row.text("called")?.to_owned(),
                made: row.count("made_at").map(Timestamp)?,
                sessions: row.count("sessions")?,
                is_suspended: row.count("suspended")? > 0,
            })
        })
        .collect()
}
