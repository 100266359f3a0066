//! What proves who somebody is besides a password: codes of an authenticator app, recovery codes, passkeys.
//!
//! What is under way (a sign-in whose second step is missing, a secret that is not confirmed, a challenge that is not answered) is in
//! memory for minutes, and bound to the browser that began it. What counts is on disk, and each thing that works once is taken in the
//! transaction that lets somebody in.

#[cfg(test)]
mod fuzz;
mod made_codes;
mod passkeys;
mod pending_sign_in;
mod reauth;
mod recovery_codes;
mod register_passkey;
mod relying_party;
mod totp;
mod totp_secret;
mod under_way;

use domain::{PersonId, Timestamp};

use crate::database::mfa;
use crate::{Backend, Error, Visitor};

pub use made_codes::RecoveryCodes;
pub use passkeys::{PasskeyId, PasskeyInfo};
pub use pending_sign_in::PendingSignIn;
pub(crate) use pending_sign_in::Second;
pub use register_passkey::{Challenge, Registered};
pub use relying_party::{NoRelyingParty, RelyingParty};
pub use totp_secret::{TotpSecret, read_totp};
pub(crate) use under_way::Mfa;
pub use under_way::Reauth;

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

impl Backend {
    /// The ways in which the visitor can sign in; none for a guest.
    pub async fn ways(&self, visitor: &Visitor) -> Result<Option<SignInMethods>, Error> {
        let person = visitor.person();
        let mut read = self.inner.readers.begin().await?;
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
    pub async fn remove_factors(&self, person: PersonId) -> Result<bool, Error> {
        let inner = self.inner.clone();
        self.write_transaction(
            move |connection| Box::pin(mfa::remove_all(connection, person)),
            move |_| inner.factors.forget(person),
        )
        .await
    }
}
