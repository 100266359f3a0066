//! What proves who somebody is besides a password: codes of an authenticator app, recovery codes, passkeys.
//!
//! What is under way (a sign-in whose second step is missing, a secret that is not confirmed, a challenge that is not answered) is in
//! memory for minutes, and bound to the browser that began it. What counts is on disk, and each thing that works once is taken in the
//! transaction that lets somebody in.

#[cfg(test)]
mod fuzz;
mod made_codes;
mod methods;
mod passkeys;
mod pending_sign_in;
mod reauth;
mod recovery_codes;
mod register_passkey;
mod relying_party;
mod totp;
mod totp_secret;
mod under_way;
mod wrong_codes;

use crate::Backend;

pub use made_codes::RecoveryCodes;
pub use methods::SignInMethods;
pub use passkeys::{PasskeyId, PasskeyInfo};
pub use pending_sign_in::PendingSignIn;
pub(crate) use pending_sign_in::Second;
pub use register_passkey::{Challenge, Registered};
pub use relying_party::{NoRelyingParty, RelyingParty};
pub use totp_secret::{TotpSecret, read_totp};
pub use under_way::Reauth;
pub(crate) use under_way::UnderWay;
pub use wrong_codes::WrongCodes;

/// What can be asked about second factors and about proving again who one is. A copy is the same handle.
#[derive(Clone, Copy)]
pub struct Mfa<'a> {
    backend: &'a Backend,
}

impl Backend {
    /// Second factors: authenticator apps, recovery codes, passkeys, and proving again who one is.
    pub const fn mfa(&self) -> Mfa<'_> {
        Mfa { backend: self }
    }
}
