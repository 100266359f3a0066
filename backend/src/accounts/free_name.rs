//! Whether a name is free for a new account.

use crate::database::{Connection, accounts};
use crate::{AccountName, AuthError, Error};

/// Refuses a name that somebody has, or one that looks like theirs.
pub(crate) async fn free(connection: &mut Connection, name: &AccountName) -> Result<(), Error> {
    if accounts::is_taken(connection, name).await? {
        return Err(AuthError::NameTaken.into());
    }
    if looks_alike(connection, name).await? {
        return Err(AuthError::NameLooksAlike.into());
    }
    Ok(())
}

crate::guard! {
    /// Whether people would take that name for one that somebody else has.
    async fn looks_alike(connection: &mut Connection, name: &AccountName) -> Result<bool, Error> {
        accounts::looks_alike(connection, name).await
    }
    LookAlike: Ok(false)
}
