//! Signing in through a provider of OpenID Connect. What it says was verified before it comes here: this is about who that is among us.
//!
//! An account is found by the provider's name for itself and by what that calls somebody for ever, never by a name or an
//! address that people choose: whoever could choose those could come in as somebody else.

use std::time::Duration;

use domain::{ListId, PersonId, Timestamp};
use sqlx::SqliteConnection;

use crate::accounts::new_session::Begun;
use crate::accounts::sessions;
use crate::accounts::sign_in;
use crate::database::columns::{Columns, number};
use crate::write::request::WriteRequest;
use crate::{AccountName, AuthError, Backend, Device, Error, Method, SessionId, SignedIn, Visitor};

/// For how long a session is an operator's because the provider said so when it began: it is asked again each day.
const OFFICE: Duration = Duration::from_secs(24 * 60 * 60);

/// How many names are tried for a new account before it gets one that nobody chose.
const MOST_NAMES: u32 = 50;

/// Who somebody is to a provider.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OidcIdentity {
    /// The provider.
    pub issuer: String,
    /// What it calls them for ever.
    pub subject: String,
    /// What it calls them now: from it a new account has its name.
    pub name: String,
    /// Whether it says that they run this server.
    pub is_operator: bool,
}

/// The account that an identity belongs to.
struct Owner {
    person: PersonId,
    first_list: ListId,
    is_suspended: bool,
}

impl Backend {
    /// Signs in whoever the provider knows by that identity. Who is new here keeps what they have as a guest, where `new` people
    /// may come; of a known one who `brings` what they have as a guest those lists are the account's from now on.
    /// True if the account is new.
    pub async fn sign_in_by(
        &self,
        before: Option<&Visitor>,
        brings: bool,
        new: bool,
        identity: &OidcIdentity,
        device: Device,
    ) -> Result<(SignedIn, bool), Error> {
        let Some(owner) = self.owner(identity).await? else {
            let guest = before.filter(|_| new).ok_or(AuthError::NotKnown)?;
            return Ok((self.enter_by(guest, identity, device).await?, true));
        };
        if owner.is_suspended {
            return Err(AuthError::Suspended.into());
        }
        let now = self.inner.clock.now();
        let until = office(identity, now);
        let begun =
            Begun::new(owner.person, owner.first_list, now, device, Method::Provider)?.in_office(until);
        if let Some(guest) = before.filter(|_| brings) {
            self.bring(&begun.visitor(), guest).await?;
        }
        let (identity, person) = (identity.clone(), owner.person);
        let inner = self.inner.clone();
        self.write_transaction(
            move |connection| {
                Box::pin(async move {
                    rename(connection, &identity).await?;
                    if until.is_none() {
                        super::operator_session::end_office(connection, person).await?;
                    }
                    Ok(())
                })
            },
            move |()| {
                if until.is_none() {
                    inner.sessions.end_office(person);
                }
            },
        )
        .await?;
        self.begin(&begun, None, None, before.copied()).await?;
        Ok((begun.signed_in(), false))
    }

    /// Makes a guest the account of that identity.
    async fn enter_by(
        &self,
        guest: &Visitor,
        identity: &OidcIdentity,
        device: Device,
    ) -> Result<SignedIn, Error> {
        if guest.guest().is_none() {
            return Err(AuthError::NotLinked.into());
        }
        self.ask(guest, vec![WriteRequest::Exist]).await?;
        let (person, first_list, now) = (guest.person(), guest.first_list(), self.inner.clock.now());
        let until = office(identity, now);
        let begun = Begun::new(person, first_list, now, device, Method::Provider)?.in_office(until);
        let (token, open, identity) = (begun.hash(), begun.open(), identity.clone());
        let (session, inner) = (open.clone(), self.inner.clone());
        self.write_transaction(
            move |connection| {
                Box::pin(async move {
                    let name = free_name(connection, &identity.name, person).await?;
                    sign_in::insert(connection, person, &name, None, first_list, now).await?;
                    insert(connection, person, &identity, now).await?;
                    sessions::end_guest(connection, person, now).await?;
                    sessions::insert(connection, token, &session).await?;
                    Ok(name)
                })
            },
            move |name| {
                inner.sessions.name(name.key(), person);
                inner.sessions.begin(token, open);
                inner.hub.supersede(person, SessionId::of_guest(person));
            },
        )
        .await?;
        Ok(begun.signed_in())
    }

    /// What the provider calls the visitor, if they can sign in through it.
    pub async fn identity(&self, visitor: &Visitor, issuer: &str) -> Result<Option<String>, Error> {
        let row = sqlx::query("select name from identities where person_id = $1 and issuer = $2")
            .bind(visitor.person().as_bytes().to_vec())
            .bind(issuer.to_owned())
            .fetch_optional(&self.inner.readers)
            .await?;
        row.map(|row| Ok(row.text("name")?.to_owned())).transpose()
    }

    /// Lets the visitor's account be signed in to by that identity too.
    pub async fn link(&self, visitor: &Visitor, identity: &OidcIdentity) -> Result<(), Error> {
        let (person, now, identity) = (visitor.person(), self.inner.clock.now(), identity.clone());
        if visitor.guest().is_some() {
            return Err(AuthError::NoAccount.into());
        }
        self.write_transaction_of(
            visitor,
            move |connection| Box::pin(async move { insert(connection, person, &identity, now).await }),
            |()| {},
        )
        .await
    }

    /// Lets the visitor's account be signed in to by the provider no more, unless there is no other way in.
    pub async fn unlink(&self, visitor: &Visitor, issuer: &str) -> Result<(), Error> {
        let (person, issuer) = (visitor.person(), issuer.to_owned());
        self.write_transaction_of(
            visitor,
            move |connection| Box::pin(async move { remove(connection, person, &issuer).await }),
            |()| {},
        )
        .await
    }

    async fn owner(&self, identity: &OidcIdentity) -> Result<Option<Owner>, Error> {
        let row = sqlx::query(
            "select accounts.person_id, first_list, suspended_at
             from identities join accounts on accounts.person_id = identities.person_id
             where issuer = $1 and subject = $2",
        )
        .bind(identity.issuer.clone())
        .bind(identity.subject.clone())
        .fetch_optional(&self.inner.readers)
        .await?;
        row.map(|row| {
            Ok(Owner {
                person: row.id("person_id")?,
                first_list: row.id("first_list")?,
                is_suspended: row.maybe_count("suspended_at")?.is_some(),
            })
        })
        .transpose()
    }
}

fn office(identity: &OidcIdentity, now: Timestamp) -> Option<Timestamp> {
    identity
        .is_operator
        .then(|| Timestamp(now.0.saturating_add(OFFICE.as_millis() as u64)))
}

/// A name that no account has: what the provider says, or else that with a number behind it.
async fn free_name(
    connection: &mut SqliteConnection,
    wanted: &str,
    person: PersonId,
) -> Result<AccountName, Error> {
    let kept: String = wanted.split_whitespace().collect::<Vec<_>>().join(".");
    let kept: String = kept
        .chars()
        .filter(|c| AccountName::parse(&c.to_string()).is_ok())
        .take(200)
        .collect();
    let kept = if kept.is_empty() {
        "someone".to_owned()
    } else {
        kept
    };
    let numbered = (2..MOST_NAMES).map(|number| format!("{kept}-{number}"));
    let last = format!("{kept}-{person}");
    for name in std::iter::once(kept.clone()).chain(numbered).chain([last]) {
        let name = AccountName::parse(&name).map_err(|problem| Error::Corrupt(problem.to_string()))?;
        let taken = sqlx::query("select 1 from accounts where name_key = $1")
            .bind(name.key().to_owned())
            .fetch_optional(&mut *connection)
            .await?;
        if taken.is_none() {
            return Ok(name);
        }
    }
    Err(AuthError::NameTaken.into())
}

async fn insert(
    connection: &mut SqliteConnection,
    person: PersonId,
    identity: &OidcIdentity,
    now: Timestamp,
) -> Result<(), Error> {
    let there = sqlx::query(
        "select person_id from identities where issuer = $1 and (subject = $2 or person_id = $3)",
    )
    .bind(identity.issuer.clone())
    .bind(identity.subject.clone())
    .bind(person.as_bytes().to_vec())
    .fetch_all(&mut *connection)
    .await?;
    for row in &there {
        if row.id::<PersonId>("person_id")? != person {
            return Err(AuthError::LinkedElsewhere.into());
        }
    }
    // One that they had before with this provider gives way.
    sqlx::query("delete from identities where issuer = $1 and person_id = $2")
        .bind(identity.issuer.clone())
        .bind(person.as_bytes().to_vec())
        .execute(&mut *connection)
        .await?;
    sqlx::query(
        "insert into identities (issuer, subject, person_id, name, made_at) values ($1, $2, $3, $4, $5)",
    )
    .bind(identity.issuer.clone())
    .bind(identity.subject.clone())
    .bind(person.as_bytes().to_vec())
    .bind(identity.name.clone())
    .bind(number(now.0))
    .execute(connection)
    .await?;
    Ok(())
}

async fn rename(connection: &mut SqliteConnection, identity: &OidcIdentity) -> Result<(), Error> {
    sqlx::query("update identities set name = $3 where issuer = $1 and subject = $2 and name <> $3")
        .bind(identity.issuer.clone())
        .bind(identity.subject.clone())
        .bind(identity.name.clone())
        .execute(connection)
        .await?;
    Ok(())
}

async fn remove(connection: &mut SqliteConnection, person: PersonId, issuer: &str) -> Result<(), Error> {
    let other_way = sqlx::query(
        "select 1 from accounts where person_id = $1 and (password is not null
         or exists (select 1 from passkeys where passkeys.person_id = $1))",
    )
    .bind(person.as_bytes().to_vec())
    .fetch_optional(&mut *connection)
    .await?;
    if other_way.is_none() {
        return Err(AuthError::LastWay.into());
    }
    sqlx::query("delete from identities where person_id = $1 and issuer = $2")
        .bind(person.as_bytes().to_vec())
        .bind(issuer.to_owned())
        .execute(connection)
        .await?;
    Ok(())
}
