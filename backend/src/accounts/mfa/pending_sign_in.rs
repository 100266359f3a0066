//! A sign-in that is half done: the password was right, and the code of the second step is missing. No session exists until it is
//! given: what the browser has is a key to what waits here for ten minutes, for five wrong codes of either kind at the most.

use std::hash::Hash;

use domain::{PersonId, Timestamp};

use super::under_way::Half;
use super::{recovery_codes, totp};
use crate::accounts::new_session::Begun;
use crate::database::Connection;
use crate::database::accounts::Stored;
use crate::{
    AccountName, AuthError, Code, Device, Error, Holder, Method, Mfa, SignedIn, Visitor, random, read_totp,
};

/// How many wrong codes end it.
const MOST_WRONG: u32 = 5;

/// What the browser gives with the code. A secret: no `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct PendingSignIn(String);

/// What is taken as the second step.
pub(crate) enum Second {
    Totp(String),
    Recovery([u8; 32]),
}

impl PendingSignIn {
    /// Reads what a browser sent.
    pub fn parse(text: &str) -> Option<Self> {
        let is_key = text.len() == 26 && text.bytes().all(|byte| random::DIGITS.contains(&byte));
        is_key.then(|| Self(text.to_owned()))
    }

    /// What a browser is to send.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl Second {
    /// Takes it, once and for all.
    pub(crate) async fn spend(
        &self,
        connection: &mut Connection,
        person: PersonId,
        now: Timestamp,
    ) -> Result<(), Error> {
        match self {
            Self::Totp(code) => totp::spend(connection, person, code, now).await,
            Self::Recovery(hash) => recovery_codes::spend(connection, person, hash, now).await,
        }
    }
}

impl Mfa<'_> {
    crate::guard! {
        /// Whether a code is asked for after somebody's password.
        pub(crate) async fn wants_second(self, person: PersonId) -> Result<bool, Error> {
            let mut read = self.backend.inner.readers.begin().await?;
            crate::database::totp::is_on(&mut read, person).await
        }
        SecondStepLeftOut: Ok(false)
    }

    /// Keeps a sign-in whose second step is missing.
    pub(crate) fn keep_pending_sign_in(
        self,
        stored: &Stored,
        name: &AccountName,
        before: Option<Visitor>,
        brings: bool,
    ) -> Result<PendingSignIn, Error> {
        let key = random_key()?;
        let half = Half {
            person: stored.person,
            credentials: stored.credentials,
            name: name.clone(),
            before,
            brings,
            wrong: 0,
            wrong_in_app: 0,
        };
        let now = self.backend.now();
        let holder = Holder {
            person: stored.person,
            household: None,
        };
        self.backend
            .inner
            .under_way
            .halves
            .put(key.clone(), holder, half, now);
        Ok(PendingSignIn(key))
    }

    /// Whose sign-in waits under that key; nobody's, if it took too long.
    pub fn pending_sign_in(self, key: &PendingSignIn) -> Option<(PersonId, AccountName)> {
        let (halves, now) = (&self.backend.inner.under_way.halves, self.backend.now());
        halves.with(&key.0, now, |half| (half.person, half.name.clone()))
    }

    /// Begins a session for whoever gives the code that was missing: one of their authenticator app, or a recovery code.
    pub async fn second_step(
        self,
        key: &PendingSignIn,
        given: &str,
        device: Device,
    ) -> Result<SignedIn, Error> {
        let (halves, now) = (&self.backend.inner.under_way.halves, self.backend.now());
        let half = halves.with(&key.0, now, |half| half.clone());
        let half = half.ok_or(AuthError::TooLate)?;
        let entered = self.enter(key, &half, given, device, now).await;
        match &entered {
            Ok(_) => {
                let wrong = halves.take(&key.0, now).map_or(0, |half| half.wrong_in_app);
                if let Err(error) = self.were_own(half.person, wrong).await {
                    // They are in: what is told on `/me` about wrong codes is too many.
                    tracing::error!(person = %half.person, ?error, "an owner's own wrong codes stay counted");
                }
            }
            // The password was right, and what opens the account is something else by now.
            Err(Error::Auth(AuthError::Changed)) => {
                halves.take(&key.0, now);
                return Err(AuthError::TooLate.into());
            }
            Err(Error::Auth(AuthError::WrongCode)) => {
                let wrong = halves.with(&key.0, now, |half| {
                    half.wrong += 1;
                    half.wrong
                });
                if wrong.is_none_or(|wrong| wrong >= MOST_WRONG) {
                    halves.take(&key.0, now);
                    return Err(AuthError::TooLate.into());
                }
            }
            Err(_) => {}
        }
        entered
    }

    async fn enter(
        self,
        key: &PendingSignIn,
        half: &Half,
        given: &str,
        device: Device,
        now: Timestamp,
    ) -> Result<SignedIn, Error> {
        let stored: Stored = self
            .backend
            .accounts()
            .stored(&half.name)
            .await?
            .ok_or(AuthError::TooLate)?;
        if stored.person != half.person {
            return Err(AuthError::TooLate.into());
        }
        if stored.is_suspended {
            return Err(AuthError::Suspended.into());
        }
        if stored.credentials != half.credentials {
            return Err(AuthError::Changed.into());
        }
        let second = self.second(half, given).await?.ok_or(AuthError::WrongCode)?;
        match &second {
            Second::Totp(code) => {
                let tried = self.try_code(half.person, code, &device.place, now).await;
                if let Err(Error::Auth(AuthError::WrongCode)) = &tried {
                    let halves = &self.backend.inner.under_way.halves;
                    halves.with(&key.0, now, |half| half.wrong_in_app += 1);
                }
                tried?;
            }
            Second::Recovery(hash) => {
                let mut read = self.backend.inner.readers.begin().await?;
                recovery_codes::check(&mut read, half.person, hash).await?;
            }
        }
        let method = match second {
            Second::Totp(_) => Method::PasswordAndCode,
            Second::Recovery(_) => Method::PasswordAndRecovery,
        };
        let begun = Begun::new(half.person, stored.first_list, now, device, method)?;
        self.backend
            .accounts()
            .complete(
                begun,
                half.credentials,
                None,
                Some(second),
                half.before,
                half.brings,
            )
            .await
    }

    /// What somebody typed, as what it is; none if it cannot be a code of theirs.
    async fn second(self, half: &Half, given: &str) -> Result<Option<Second>, Error> {
        if let Some(code) = read_totp(given) {
            return Ok(Some(Second::Totp(code)));
        }
        // Strangers who try the name use up another share.
        self.stand_in(half.person, Some(half.person), given).await
    }

    /// A recovery code, if it has the shape of one; as much work for whoever has none, so that nobody learns who has.
    pub(crate) async fn stand_in(
        self,
        whose: impl Hash,
        person: Option<PersonId>,
        given: &str,
    ) -> Result<Option<Second>, Error> {
        match Code::parse(given) {
            Some(code) => Ok(self.code_hash(whose, person, code).await?.map(Second::Recovery)),
            None => Ok(None),
        }
    }
}

/// 130 random bits, as letters and digits.
pub(super) fn random_key() -> Result<String, Error> {
    Ok(random::key::<26>()?)
}
