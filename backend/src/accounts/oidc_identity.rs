//! Signing in through a provider of OpenID Connect. What it says was verified before it comes here: this is about who that is among us.
//!
//! An account is found by the provider's name for itself and by what that calls somebody for ever, never by a name or an
//! address that people choose: whoever could choose those could come in as somebody else.

use std::time::Duration;

use domain::{PersonId, Timestamp};

use crate::accounts::credentials;
use crate::accounts::free_name::free;
use crate::accounts::new_session::Begun;
use crate::accounts::sessions;
use crate::accounts::sign_in;
use crate::authority::Authority;
use crate::database::{Connection, mfa, oidc_identities};
use crate::write::request::WriteRequest;
use crate::{AccountName, Accounts, AuthError, Device, Error, Method, SignedIn, Visitor};

pub use crate::database::oidc_identities::OidcIdentity;

/// For how long a session is an operator's because the provider said so when it began: it is asked again each day.
const OFFICE: Duration = Duration::from_secs(24 * 60 * 60);

/// How many names are tried for a new account before it gets one that nobody chose.
const MOST_NAMES: u32 = 50;

impl Accounts<'_> {
    /// Signs in whoever the provider knows by that identity. Who is new here keeps what they have as a guest, where `new` people
    /// may come; of a known one who `brings` what they have as a guest those lists are the account's from now on.
    /// True if the account is new.
    pub async fn sign_in_with_identity(
        self,
        before: Option<&Visitor>,
        brings: bool,
        new: bool,
        identity: &OidcIdentity,
        device: Device,
    ) -> Result<(SignedIn, bool), Error> {
        let mut read = self.backend.inner.readers.acquire().await?;
        let owner = oidc_identities::owner(&mut read, identity).await?;
        drop(read);
        let Some(owner) = owner else {
            let guest = before.filter(|_| new).ok_or(AuthError::NotKnown)?;
            return Ok((self.enter_by(guest, identity, device).await?, true));
        };
        if owner.is_suspended {
            return Err(AuthError::Suspended.into());
        }
        let now = self.backend.now();
        let until = office(identity, now);
        let begun =
            Begun::new(owner.person, owner.first_list, now, device, Method::Provider)?.in_office(until);
        let (identity, person) = (identity.clone(), owner.person);
        let inner = self.backend.inner.clone();
        self.backend
            .write_transaction(
                Authority::Server,
                move |connection| {
                    Box::pin(async move {
                        credentials::check(connection, person, owner.credentials).await?;
                        oidc_identities::rename(connection, &identity).await?;
                        if until.is_none() {
                            crate::database::sessions::end_office(connection, person).await?;
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
        let signed_in = self
            .complete(begun, owner.credentials, None, None, before.copied(), brings)
            .await?;
        Ok((signed_in, false))
    }

    /// Makes a guest the account of that identity.
    async fn enter_by(
        self,
        guest: &Visitor,
        identity: &OidcIdentity,
        device: Device,
    ) -> Result<SignedIn, Error> {
        if guest.guest().is_none() {
            return Err(AuthError::NotLinked.into());
        }
        let by = Authority::Bearer(*guest);
        self.backend.ask_by(by, guest, vec![WriteRequest::Exist]).await?;
        let (person, first_list, now) = (guest.person(), guest.first_list(), self.backend.now());
        let until = office(identity, now);
        let begun = Begun::new(person, first_list, now, device, Method::Provider)?.in_office(until);
        let (token, open, identity) = (begun.hash(), begun.open(), identity.clone());
        let (session, inner) = (open.clone(), self.backend.inner.clone());
        self.backend
            .write_transaction(
                by,
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
                    inner.supersede_guest(person);
                },
            )
            .await?;
        Ok(begun.signed_in())
    }

    /// What the provider calls the visitor, if they can sign in through it.
    pub async fn identity(self, visitor: &Visitor, issuer: &str) -> Result<Option<String>, Error> {
        let mut read = self.backend.inner.readers.acquire().await?;
        oidc_identities::name(&mut read, visitor.person(), issuer).await
    }

    /// Lets the visitor's account be signed in to by that identity too.
    pub async fn link_identity(self, visitor: &Visitor, identity: &OidcIdentity) -> Result<(), Error> {
        let (person, now, identity) = (visitor.person(), self.backend.now(), identity.clone());
        if visitor.guest().is_some() {
            return Err(AuthError::NoAccount.into());
        }
        self.backend
            .write_transaction(
                Authority::Proven(*visitor),
                move |connection| Box::pin(async move { insert(connection, person, &identity, now).await }),
                |()| {},
            )
            .await
    }

    /// Lets the visitor's account be signed in to by the provider no more, unless there is no other way in.
    pub async fn unlink_identity(self, visitor: &Visitor, issuer: &str) -> Result<(), Error> {
        let (person, session, issuer) = (visitor.person(), visitor.session(), issuer.to_owned());
        let (inner, now) = (self.backend.inner.clone(), self.backend.now());
        self.backend
            .write_transaction(
                Authority::Proven(*visitor),
                move |connection| Box::pin(async move { remove(connection, person, &issuer).await }),
                move |()| inner.under_way.forget_proofs(person, Some(session), now),
            )
            .await
    }
}

fn office(identity: &OidcIdentity, now: Timestamp) -> Option<Timestamp> {
    identity
        .is_operator
        .then(|| Timestamp(now.0.saturating_add(OFFICE.as_millis() as u64)))
}

/// A name that no account has: what the provider says, or else that with a number behind it.
async fn free_name(
    connection: &mut Connection,
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
        match free(connection, &name).await {
            Err(Error::Auth(AuthError::NameTaken | AuthError::NameLooksAlike)) => {}
            free => return free.map(|()| name),
        }
    }
    Err(AuthError::NameTaken.into())
}

async fn insert(
    connection: &mut Connection,
    person: PersonId,
    identity: &OidcIdentity,
    now: Timestamp,
) -> Result<(), Error> {
    let holders = oidc_identities::holders(connection, person, identity).await?;
    if holders.iter().any(|holder| *holder != person) {
        return Err(AuthError::LinkedElsewhere.into());
    }
    // One that they had before with this provider gives way.
    oidc_identities::remove(connection, person, &identity.issuer).await?;
    oidc_identities::insert(connection, person, identity, now).await
}

async fn remove(connection: &mut Connection, person: PersonId, issuer: &str) -> Result<(), Error> {
    if !mfa::has_own_way(connection, person).await? {
        return Err(AuthError::LastWay.into());
    }
    oidc_identities::remove(connection, person, issuer).await
}
