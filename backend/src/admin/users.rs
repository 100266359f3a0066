//! The people of the house, for whoever runs it: who has an account, how many guests there are, and keeping somebody out.

use std::collections::HashMap;

use domain::{PersonId, Timestamp};
use sqlx::SqliteConnection;
use sqlx::sqlite::SqliteRow;

use crate::accounts::sessions;
use crate::accounts::sessions::Which;
use crate::database::columns::{Columns, number};
use crate::database::open::limit;
use crate::{AccountName, AuthError, Backend, Error};

/// Somebody with an account.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Person {
    /// Who.
    pub id: PersonId,
    /// What they sign in with.
    pub name: String,
    /// What they are called in their lists.
    pub called: String,
    /// Since when they have the account.
    pub made: Timestamp,
    /// When they were here last, true to an hour; none if they never signed in.
    pub seen: Option<Timestamp>,
    /// How many sessions of theirs are open.
    pub sessions: usize,
    /// How many lists they own.
    pub owns: u64,
    /// How many lists they are in.
    pub lists: u64,
    /// Since when they are kept out, if they are.
    pub suspended: Option<Timestamp>,
    /// Until when a code lets them choose a new password, if there is one.
    pub reset: Option<Timestamp>,
    /// Whether they run the server.
    pub is_operator: bool,
}

/// Some of the people.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct People {
    /// By the names they sign in with.
    pub people: Vec<Person>,
    /// Whether there are more after them.
    pub more: bool,
    /// How many accounts there are in all.
    pub accounts: u64,
    /// How many of them are suspended.
    pub suspended: u64,
    /// How many people have written something and have no account.
    pub guests: u64,
}

/// The columns of a person, and what follows.
macro_rules! person {
    ($rest:literal) => {
        concat!(
            "select accounts.person_id, accounts.name, persons.name as called, accounts.made_at, accounts.last_seen_at,
             accounts.suspended_at, resets.expires_at,
             (select count(*) from members where members.person_id = accounts.person_id) as lists,
             (select count(*) from members where members.person_id = accounts.person_id and role = 'owner') as owns
             from accounts join persons on persons.id = accounts.person_id
             left join resets on resets.person_id = accounts.person_id ",
            $rest
        )
    };
}

impl Backend {
    /// Those in whose names `search` stands, as many as `most`, after that person.
    pub async fn persons(&self, search: &str, after: Option<PersonId>, most: usize) -> Result<People, Error> {
        let mut read = self.inner.readers.begin().await?;
        let row = sqlx::query(
            "select (select count(*) from accounts) as accounts,
             (select count(*) from accounts where suspended_at is not null) as suspended,
             (select count(*) from persons where not exists (select 1 from accounts where person_id = persons.id)
              and not exists (select 1 from departed where person_id = persons.id)) as guests",
        )
        .fetch_one(&mut *read)
        .await?;
        let (accounts, suspended, guests) = (
            row.count("accounts")?,
            row.count("suspended")?,
            row.count("guests")?,
        );
        let rows = sqlx::query(person!(
            "where ($1 = '' or instr(accounts.name_key, $1) or instr(lower(persons.name), $1))
             and ($2 is null or accounts.name_key > (select name_key from accounts where person_id = $2))
             order by accounts.name_key limit $3"
        ))
        .bind(search.trim().to_lowercase())
        .bind(after.map(|after| after.as_bytes().to_vec()))
        .bind(limit(most + 1)) // One more tells whether there are more.
        .fetch_all(&mut *read)
        .await?;
        let seen = self.inner.sessions.seen(self.inner.clock.now());
        let more = rows.len() > most;
        let people = rows.iter().take(most).map(|row| self.person_of(row, &seen));
        Ok(People {
            people: people.collect::<Result<_, _>>()?,
            more,
            accounts,
            suspended,
            guests,
        })
    }

    /// Somebody, if they have an account.
    pub async fn person(&self, person: PersonId) -> Result<Option<Person>, Error> {
        let row = sqlx::query(person!("where accounts.person_id = $1"))
            .bind(person.as_bytes().to_vec())
            .fetch_optional(&self.inner.readers)
            .await?;
        let seen = self.inner.sessions.seen(self.inner.clock.now());
        row.map(|row| self.person_of(&row, &seen)).transpose()
    }

    /// Who signs in with that name.
    pub async fn person_named(&self, name: &AccountName) -> Result<Option<Person>, Error> {
        let row = sqlx::query(person!("where accounts.name_key = $1"))
            .bind(name.key().to_owned())
            .fetch_optional(&self.inner.readers)
            .await?;
        let seen = self.inner.sessions.seen(self.inner.clock.now());
        row.map(|row| self.person_of(&row, &seen)).transpose()
    }

    fn person_of(
        &self,
        row: &SqliteRow,
        seen: &HashMap<PersonId, (usize, Timestamp)>,
    ) -> Result<Person, Error> {
        let now = self.inner.clock.now();
        let id = row.id("person_id")?;
        let (sessions, last) = seen.get(&id).copied().unzip();
        let reset = row.maybe_count("expires_at")?.map(Timestamp);
        Ok(Person {
            id,
            name: row.text("name")?.to_owned(),
            called: row.text("called")?.to_owned(),
            made: row.count("made_at").map(Timestamp)?,
            seen: row.maybe_count("last_seen_at")?.map(Timestamp).max(last),
            sessions: sessions.unwrap_or_default(),
            owns: row.count("owns")?,
            lists: row.count("lists")?,
            suspended: row.maybe_count("suspended_at")?.map(Timestamp),
            reset: reset.filter(|until| *until > now),
            is_operator: self.inner.admission.is_operator(id),
        })
    }

    /// Keeps somebody out until that is lifted: their sessions and streams are over, and no command of theirs is written
    /// from here on, also of those on their way. `by` is none from the shell; nobody keeps themselves out.
    pub async fn suspend(&self, by: Option<PersonId>, person: PersonId) -> Result<(), Error> {
        if by == Some(person) {
            return Err(AuthError::Oneself.into());
        }
        let (inner, now) = (self.inner.clone(), self.inner.clock.now());
        self.write_transaction(
            move |connection| {
                Box::pin(async move {
                    set_suspended(connection, person, Some(now)).await?;
                    sessions::remove(connection, person, Which::All).await
                })
            },
            move |ended| {
                inner.sessions.suspend(person, true);
                inner.forget(person, ended);
                inner.factors.forget(person);
            },
        )
        .await
        .map(drop)
    }

    /// Lets somebody in again who was kept out.
    pub async fn resume(&self, person: PersonId) -> Result<(), Error> {
        let inner = self.inner.clone();
        self.write_transaction(
            move |connection| Box::pin(set_suspended(connection, person, None)),
            move |()| inner.sessions.suspend(person, false),
        )
        .await
    }

    /// Ends every session of somebody's; says how many there were.
    pub async fn end_all_sessions(&self, person: PersonId) -> Result<usize, Error> {
        self.end_sessions(person, Which::All).await
    }
}

/// Since when somebody is kept out. It is an error if they have no account.
async fn set_suspended(
    connection: &mut SqliteConnection,
    person: PersonId,
    since: Option<Timestamp>,
) -> Result<(), Error> {
    let changed = sqlx::query(
        "update accounts set suspended_at = case when $2 is null then null else coalesce(suspended_at, $2) end
         where person_id = $1",
    )
    .bind(person.as_bytes().to_vec())
    .bind(since.map(|at| number(at.0)))
    .execute(connection)
    .await?;
    if changed.rows_affected() == 0 {
        return Err(domain::Refusal::NotFound.into());
    }
    Ok(())
}
