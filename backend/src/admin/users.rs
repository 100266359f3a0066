//! The people of the house, for whoever runs it: who has an account, how many guests there are, and keeping somebody out.

use std::collections::HashMap;

use domain::{PersonId, Timestamp};

use crate::accounts::sessions;
use crate::accounts::sessions::Which;
use crate::database::users::User;
use crate::database::{Connection, accounts, users};
use crate::{AccountName, Admin, Administrator, AuthError, Error};

/// Somebody with an account.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Person {
    /// The person's id.
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

impl Admin<'_> {
    /// Those in whose names `search` stands, as many as `most`, after that person.
    pub async fn users(self, search: &str, after: Option<PersonId>, most: usize) -> Result<People, Error> {
        let mut read = self.backend.inner.readers.begin().await?;
        let counted = users::counted(&mut read).await?;
        // One more tells whether there are more.
        let rows = users::search(&mut read, search, after, most + 1).await?;
        let seen = self.backend.inner.sessions.seen(self.backend.now());
        let more = rows.len() > most;
        let people = rows.into_iter().take(most).map(|row| self.person_of(row, &seen));
        Ok(People {
            people: people.collect(),
            more,
            accounts: counted.accounts,
            suspended: counted.suspended,
            guests: counted.guests,
        })
    }

    /// Somebody, if they have an account.
    pub async fn user(self, person: PersonId) -> Result<Option<Person>, Error> {
        let mut read = self.backend.inner.readers.acquire().await?;
        let row = users::one(&mut read, person).await?;
        let seen = self.backend.inner.sessions.seen(self.backend.now());
        Ok(row.map(|row| self.person_of(row, &seen)))
    }

    /// Who signs in with that name.
    pub async fn user_named(self, name: &AccountName) -> Result<Option<Person>, Error> {
        let mut read = self.backend.inner.readers.acquire().await?;
        let row = users::named(&mut read, name).await?;
        let seen = self.backend.inner.sessions.seen(self.backend.now());
        Ok(row.map(|row| self.person_of(row, &seen)))
    }

    fn person_of(self, row: User, seen: &HashMap<PersonId, (usize, Timestamp)>) -> Person {
        let now = self.backend.now();
        let (sessions, last) = seen.get(&row.id).copied().unzip();
        Person {
            id: row.id,
            name: row.name,
            called: row.called,
            made: row.made,
            seen: row.seen.max(last),
            sessions: sessions.unwrap_or_default(),
            owns: row.owns,
            lists: row.lists,
            suspended: row.suspended,
            reset: row.reset.filter(|until| *until > now),
            is_operator: self.backend.inner.admission.is_operator(row.id),
        }
    }

    /// Keeps somebody out until that is lifted: their sessions and streams are over, and no command of theirs is written
    /// from here on, also of those on their way. Nobody keeps themselves out.
    pub async fn suspend(self, by: Administrator, person: PersonId) -> Result<(), Error> {
        if by.person() == Some(person) {
            return Err(AuthError::Oneself.into());
        }
        let (inner, now) = (self.backend.inner.clone(), self.backend.now());
        self.backend
            .write_transaction(
                by,
                move |connection| {
                    Box::pin(async move {
                        set_suspended(connection, person, Some(now)).await?;
                        sessions::remove(connection, person, Which::All).await
                    })
                },
                move |ended| {
                    inner.sessions.suspend(person, true);
                    inner.forget(person, ended);
                    inner.under_way.forget(person);
                },
            )
            .await
            .map(drop)
    }

    /// Lets somebody in again who was kept out.
    pub async fn resume(self, by: Administrator, person: PersonId) -> Result<(), Error> {
        let inner = self.backend.inner.clone();
        self.backend
            .write_transaction(
                by,
                move |connection| Box::pin(set_suspended(connection, person, None)),
                move |()| inner.sessions.suspend(person, false),
            )
            .await
    }

    /// Ends every session of somebody's; says how many there were.
    pub async fn end_all_sessions(self, by: Administrator, person: PersonId) -> Result<usize, Error> {
        self.backend.accounts().end_sessions(by, person, Which::All).await
    }
}

/// Since when somebody is kept out. It is an error if they have no account.
async fn set_suspended(
    connection: &mut Connection,
    person: PersonId,
    since: Option<Timestamp>,
) -> Result<(), Error> {
    let is_done = accounts::set_suspended(connection, person, since).await?;
    is_done
        .then_some(())
        .ok_or_else(|| domain::Refusal::NotFound.into())
}
