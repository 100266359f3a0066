//! Setting up an authenticator app, and taking its codes.
//!
//! The last code that was taken is remembered, so that whoever looked over a shoulder cannot give it again.

use domain::{PersonId, Timestamp};

use super::recovery_codes;
use super::totp_secret::{TotpSecret, read_totp};
use super::under_way::{NewTotp, begun_too_early};
use crate::accounts::credentials;
use crate::authority::Authority;
use crate::database::{Connection, mfa, totp};
use crate::{AuthError, Error, Holder, Mfa, RecoveryCodes, Visitor};

impl Mfa<'_> {
    /// Begins to set up an authenticator app: the secret that the visitor is to confirm with a code, from this session and soon.
    pub async fn begin_totp(self, visitor: &Visitor) -> Result<(), Error> {
        self.backend.check_right(visitor)?;
        let (person, secret) = (visitor.person(), TotpSecret::new()?);
        let kept = self.backend.accounts().kept_password(person).await?;
        let new = NewTotp {
            person,
            secret,
            credentials: kept.ok_or(AuthError::NoAccount)?.credentials,
        };
        let (secrets, now) = (&self.backend.inner.under_way.secrets, self.backend.now());
        let holder = Holder {
            person,
            household: None,
        };
        secrets.put(visitor.session(), holder, new, now);
        Ok(())
    }

    /// The secret that waits to be confirmed.
    pub fn pending_totp(self, visitor: &Visitor) -> Option<TotpSecret> {
        self.new_totp(visitor).map(|new| new.secret)
    }

    fn new_totp(self, visitor: &Visitor) -> Option<NewTotp> {
        let (secrets, now) = (&self.backend.inner.under_way.secrets, self.backend.now());
        secrets.with(&visitor.session(), now, |new| new.clone())
    }

    /// Switches the second step on, if the code is one of the app's; the recovery codes, if there were none yet.
    pub async fn confirm_totp(self, visitor: &Visitor, code: &str) -> Result<Option<RecoveryCodes>, Error> {
        let (person, now) = (visitor.person(), self.backend.now());
        let NewTotp {
            secret, credentials, ..
        } = self.new_totp(visitor).ok_or(AuthError::TooLate)?;
        let step = read_totp(code).and_then(|code| secret.step(&code, now));
        let step = step.ok_or(AuthError::WrongCode)?;
        if !self
            .sign_in_methods(visitor)
            .await?
            .is_some_and(|ways| ways.password)
        {
            return Err(AuthError::NoPassword.into());
        }
        let made = self.new_codes(person).await?;
        let (rows, bytes) = (made.rows(), secret.0);
        let is_first = self
            .backend
            .write_transaction(
                Authority::Proven(*visitor),
                move |connection| {
                    Box::pin(async move {
                        credentials::check(connection, person, credentials).await?;
                        totp::put(connection, person, bytes, step, now).await?;
                        recovery_codes::insert_first(connection, person, &rows, now).await
                    })
                },
                |_| {},
            )
            .await
            .map_err(begun_too_early)?;
        self.backend.inner.under_way.secrets.take(&visitor.session(), now);
        Ok(is_first.then_some(made))
    }

    /// Switches the second step off; false if it was.
    pub async fn remove_totp(self, visitor: &Visitor) -> Result<bool, Error> {
        let (person, session) = (visitor.person(), visitor.session());
        let (inner, now) = (self.backend.inner.clone(), self.backend.now());
        self.backend
            .write_transaction(
                Authority::Proven(*visitor),
                move |connection| {
                    Box::pin(async move {
                        let removed = totp::remove(connection, person).await?;
                        mfa::tidy(connection, person).await?;
                        Ok(removed)
                    })
                },
                move |_| {
                    inner.under_way.forget(person);
                    inner.under_way.forget_proofs(person, Some(session), now);
                },
            )
            .await
    }
}

/// The step that the code is of, if it counts and none as late was taken.
pub(super) async fn check(
    connection: &mut Connection,
    person: PersonId,
    code: &str,
    now: Timestamp,
) -> Result<u64, Error> {
    let (secret, last) = totp::find(connection, person)
        .await?
        .ok_or(AuthError::WrongCode)?;
    let secret = TotpSecret(secret);
    let step = secret.step(code, now).filter(|step| is_unused(*step, last));
    step.ok_or_else(|| AuthError::WrongCode.into())
}

crate::guard! {
    /// Whether no code of that step was taken, nor of a later one.
    fn is_unused(step: u64, last: u64) -> bool {
        step > last
    }
    ReplayedCode: true
}

/// Takes a code: from here on it is of no use to anybody.
pub(super) async fn spend(
    connection: &mut Connection,
    person: PersonId,
    code: &str,
    now: Timestamp,
) -> Result<(), Error> {
    let step = check(connection, person, code, now).await?;
    totp::set_last_step(connection, person, step).await
}
