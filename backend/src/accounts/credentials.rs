//! That what somebody has verified is still what opens the account, when something comes of it.
//!
//! Verifying takes time: a password is hashed, a provider or an authenticator is asked. Meanwhile the password may be replaced, a
//! passkey removed, an app set up, the account suspended. So whoever verifies something remembers the version of all that opens the
//! account, and the transaction in which something comes of it looks whether that is still the version.

use domain::PersonId;

use crate::database::{Connection, accounts};
use crate::{AuthError, Error};

pub(crate) use crate::database::accounts::CredentialsVersion;

/// Refuses what was verified when the account was opened by something else than now.
pub(crate) async fn check(
    connection: &mut Connection,
    person: PersonId,
    verified: CredentialsVersion,
) -> Result<(), Error> {
    let (now, is_suspended) = accounts::credentials(connection, person)
        .await?
        .ok_or(AuthError::Changed)?;
    if is_suspended {
        return Err(AuthError::Suspended.into());
    }
    if !is_unchanged(verified, now) {
        return Err(AuthError::Changed.into());
    }
    Ok(())
}

crate::guard! {
    /// Whether that was verified of what opens the account now.
    fn is_unchanged(verified: CredentialsVersion, now: CredentialsVersion) -> bool {
        verified == now
    }
    ReplacedPassword: true
}
