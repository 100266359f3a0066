//! A code with which somebody chooses a new password who cannot sign in any more. The operator hands it over, by a way on
//! which they know who it is: Tandem itself sends no mail.
//!
//! From the moment that a code is made the old password opens nothing, and every session is over: it is made since the
//! password was forgotten, or since somebody else knows it.

use std::time::Duration;

use domain::{PersonId, Timestamp};

use crate::accounts::free_name::free;
use crate::accounts::sessions;
use crate::accounts::sessions::Which;
use crate::accounts::sign_in::insert;
use crate::authority::Authority;
use crate::database::password_resets::Found;
use crate::database::{Connection, accounts, password_resets, totp};
use crate::write::request::WriteRequest;
use crate::{
    AccountName, Admin, Administrator, AuthError, Code, Device, Error, Password, SignIn, Token, Visitor,
};

/// How long a code works.
pub const RESET_WORKS: Duration = Duration::from_secs(24 * 60 * 60);

impl Admin<'_> {
    /// Makes a code for somebody, in place of any other of theirs.
    pub async fn reset_password(self, by: Administrator, person: PersonId) -> Result<Code, Error> {
        let code = Code::new()?;
        self.reset_password_by(by, person, code.hash()).await?;
        Ok(code)
    }

    /// The same, where somebody else has the code.
    pub(crate) async fn reset_password_by(
        self,
        by: Administrator,
        person: PersonId,
        secret: [u8; 32],
    ) -> Result<(), Error> {
        let (inner, now) = (self.backend.inner.clone(), self.backend.now());
        self.backend
            .write_transaction(
                by,
                move |connection| {
                    Box::pin(async move {
                        if !accounts::set_password(connection, person, None).await? {
                            return Err(domain::Refusal::NotFound.into());
                        }
                        totp::forget_wrong(connection, person).await?;
                        offer(connection, person, secret, now).await?;
                        sessions::remove(connection, person, Which::All).await
                    })
                },
                move |ended| {
                    inner.forget(person, ended);
                    inner.under_way.forget(person);
                },
            )
            .await
            .map(drop)
    }

    /// Makes an account for somebody, whoever may make one, and a code with which they choose its password.
    pub async fn make_account(
        self,
        by: Administrator,
        name: &AccountName,
    ) -> Result<(PersonId, Code), Error> {
        let code = Code::new()?;
        let person = self.make_account_by(by, name, code.hash()).await?;
        Ok((person, code))
    }

    /// The same, where somebody else has the code.
    pub(crate) async fn make_account_by(
        self,
        by: Administrator,
        name: &AccountName,
        secret: [u8; 32],
    ) -> Result<PersonId, Error> {
        free(&mut *self.backend.inner.readers.acquire().await?, name).await?;
        let guest = self
            .backend
            .accounts()
            .bearer(&Token::guest()?)
            .ok_or(Error::Stopped)?;
        self.backend.ask_by(by, &guest, vec![WriteRequest::Exist]).await?;
        let (person, first_list, now) = (guest.person(), guest.first_list(), self.backend.now());
        let (name, inner) = (name.clone(), self.backend.inner.clone());
        let key = name.key().to_owned();
        self.backend
            .write_transaction(
                by,
                move |connection| {
                    Box::pin(async move {
                        insert(connection, person, &name, None, first_list, now).await?;
                        sessions::end_guest(connection, person, now).await?;
                        offer(connection, person, secret, now).await
                    })
                },
                move |()| {
                    inner.sessions.name(&key, person);
                    inner.sessions.end_guest(person);
                },
            )
            .await?;
        Ok(person)
    }

    /// Gives the account that a code is for a new password, and signs in with it whoever has the code: a second factor is asked for
    /// as ever. The session that the browser had before is over.
    pub async fn use_reset(
        self,
        before: Option<&Visitor>,
        code: &Code,
        password: &str,
        device: Device,
    ) -> Result<SignIn, Error> {
        let secret = code.hash();
        let found = self.find(secret).await?.ok_or(AuthError::ResetInvalid)?;
        if found.is_suspended {
            return Err(AuthError::Suspended.into());
        }
        self.backend.inner.passwords.rate(password, &found.name).await?;
        let name = AccountName::parse(&found.name).map_err(Error::Name)?;
        let hash = self.backend.inner.passwords.hash(Password::new(password)).await?;
        let (person, now, inner) = (found.person, self.backend.now(), self.backend.inner.clone());
        self.backend
            .write_transaction(
                // The code is what it is done by.
                Authority::Server,
                move |connection| {
                    Box::pin(async move {
                        use_up(connection, secret, now).await?;
                        if accounts::credentials(connection, person)
                            .await?
                            .is_some_and(|(_, is_suspended)| is_suspended)
                        {
                            return Err(AuthError::Suspended.into());
                        }
                        accounts::set_password(connection, person, Some(&hash)).await?;
                        sessions::remove(connection, person, Which::All).await
                    })
                },
                move |ended| {
                    inner.forget(person, ended);
                    inner.under_way.forget(person);
                },
            )
            .await?;
        self.backend
            .accounts()
            .sign_in(before, false, &name, password, device)
            .await
    }

    async fn find(self, secret: [u8; 32]) -> Result<Option<Found>, Error> {
        let mut read = self.backend.inner.readers.acquire().await?;
        password_resets::find(&mut read, secret, self.backend.now()).await
    }
}

crate::guard! {
    /// Of two who come at once with one code, the second finds none.
    async fn use_up(connection: &mut Connection, secret: [u8; 32], now: Timestamp) -> Result<(), Error> {
        let taken = password_resets::take(connection, secret, now).await?;
        taken.then_some(()).ok_or(AuthError::ResetInvalid.into())
    }
    LastingReset: Ok(())
}

async fn offer(
    connection: &mut Connection,
    person: PersonId,
    secret: [u8; 32],
    now: Timestamp,
) -> Result<(), Error> {
    let until = now.0.saturating_add(RESET_WORKS.as_millis() as u64);
    password_resets::put(connection, person, secret, now, Timestamp(until)).await
}
