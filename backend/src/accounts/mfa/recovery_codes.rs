//! Recovery codes: ten, of which each stands in once for the code of an authenticator app, and where there is no password for the
//! passkey that was lost. Shown once; what is kept are their hashes, made slowly though a code has 80 random bits.

use std::hash::Hash;

use domain::{PersonId, Timestamp};

use super::made_codes::{Hash as CodeHash, RecoveryCodes, Rows};
use crate::accounts::credentials;
use crate::authority::Authority;
use crate::database::{Connection, recovery_codes};
use crate::{AuthError, Code, Error, Mfa, Visitor, random};

/// How many there are at a time.
const MANY: usize = 10;

impl Mfa<'_> {
    /// Ten new codes, of which nothing is written yet.
    pub(crate) async fn new_codes(self, person: PersonId) -> Result<RecoveryCodes, Error> {
        let codes: Result<Vec<Code>, _> = (0..MANY).map(|_| Code::new()).collect();
        let (codes, salt) = (codes?, random()?);
        let hashes = self
            .backend
            .inner
            .passwords
            .stretch(person, codes.clone(), salt)
            .await?;
        Ok(RecoveryCodes { codes, salt, hashes })
    }

    /// Puts ten new codes in place of those there were.
    pub async fn renew_codes(self, visitor: &Visitor) -> Result<RecoveryCodes, Error> {
        let kept = self.backend.accounts().kept_password(visitor.person()).await?;
        let verified = kept.ok_or(AuthError::NoAccount)?.credentials;
        let ways = self.sign_in_methods(visitor).await?.ok_or(AuthError::NoAccount)?;
        if ways.totp.is_none() && ways.passkeys.is_empty() {
            return Err(AuthError::NoFactor.into());
        }
        let made = self.new_codes(visitor.person()).await?;
        let (rows, person, now) = (made.rows(), visitor.person(), self.backend.now());
        self.backend
            .write_transaction(
                Authority::Proven(*visitor),
                move |connection| {
                    Box::pin(async move {
                        credentials::check(connection, person, verified).await?;
                        recovery_codes::remove(connection, person).await?;
                        insert_first(connection, person, &rows, now).await
                    })
                },
                |_| {},
            )
            .await?;
        Ok(made)
    }

    /// The hash of a code of somebody's; none where they have no codes, for the same work. `whose` is the account by what is known of it.
    pub(super) async fn code_hash(
        self,
        whose: impl Hash,
        person: Option<PersonId>,
        code: Code,
    ) -> Result<Option<CodeHash>, Error> {
        let mut read = self.backend.inner.readers.acquire().await?;
        let salt = recovery_codes::salt(&mut read, person).await?;
        drop(read);
        let hashes = self
            .backend
            .inner
            .passwords
            .stretch(whose, vec![code], salt.unwrap_or_default())
            .await?;
        Ok(hashes.first().copied().filter(|_| salt.is_some()))
    }
}

/// Writes the codes, if there are none; says whether it did.
pub(crate) async fn insert_first(
    connection: &mut Connection,
    person: PersonId,
    rows: &Rows,
    now: Timestamp,
) -> Result<bool, Error> {
    if recovery_codes::is_any(connection, person).await? {
        return Ok(false);
    }
    recovery_codes::insert(connection, person, rows.salt, &rows.hashes, now).await?;
    Ok(true)
}

/// Whether a code is there and was not used.
pub(super) async fn check(
    connection: &mut Connection,
    person: PersonId,
    hash: &CodeHash,
) -> Result<(), Error> {
    let works = recovery_codes::works(connection, person, hash).await?;
    works.then_some(()).ok_or_else(|| AuthError::WrongCode.into())
}

/// Uses a code up.
pub(super) async fn spend(
    connection: &mut Connection,
    person: PersonId,
    hash: &CodeHash,
    now: Timestamp,
) -> Result<(), Error> {
    let spent = recovery_codes::spend(connection, person, hash, now).await?;
    spent.then_some(()).ok_or_else(|| AuthError::WrongCode.into())
}
