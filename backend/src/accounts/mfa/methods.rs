//! The ways in which an account can be signed in to, and taking the second factors away.

use domain::{PersonId, Timestamp};

use super::passkeys;
use crate::database::mfa;
use crate::{Administrator, Error, Mfa, PasskeyInfo, Visitor};

/// The ways in which an account can be signed in to.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct SignInMethods {
    /// Whether there is a password.
    pub password: bool,
    /// Since when an authenticator app is asked for its code.
    pub totp: Option<Timestamp>,
    /// Those there are, the oldest first.
    pub passkeys: Vec<PasskeyInfo>,
    /// How many recovery codes are left; none where there are no such codes.
    pub recovery: Option<u64>,
}

impl Mfa<'_> {
    /// The ways in which the visitor can sign in; none for a guest.
    pub async fn sign_in_methods(self, visitor: &Visitor) -> Result<Option<SignInMethods>, Error> {
        let person = visitor.person();
        let mut read = self.backend.inner.readers.begin().await?;
        let Some(ways) = mfa::ways(&mut read, person).await? else {
            return Ok(None);
        };
        Ok(Some(SignInMethods {
            password: ways.has_password,
            totp: ways.totp,
            passkeys: passkeys::of(&mut read, person).await?,
            recovery: (ways.codes > 0).then_some(ways.left),
        }))
    }

    /// Takes every second factor of somebody's away: the authenticator app, all passkeys, the recovery codes, and whatever is under
    /// way with them. For the operator, for who has lost them; an account that had only passkeys then wants a password to be set.
    /// Sessions go on. Says whether there was anything.
    pub async fn remove_all(self, by: Administrator, person: PersonId) -> Result<bool, Error> {
        let (inner, now) = (self.backend.inner.clone(), self.backend.now());
        self.backend
            .write_transaction(
                by,
                move |connection| Box::pin(mfa::remove_all(connection, person)),
                move |_| {
                    inner.under_way.forget(person);
                    inner.under_way.forget_proofs(person, None, now);
                },
            )
            .await
    }
}
