//! Proving again who one is: what guards an account is changed only by who has just signed in, or gives the password or a passkey once
//! more. An unlocked browser that somebody else sits down at is not enough.

use super::under_way::{Proof, Reauth};
use crate::accounts::credentials::{self, CredentialsVersion};
use crate::database::accounts::KeptPassword;
use crate::{AuthError, Error, Holder, Mfa, Visitor};

impl Mfa<'_> {
    /// How the visitor has proved within the last ten minutes who they are; none if they have not.
    pub fn reauth(self, visitor: &Visitor) -> Option<Reauth> {
        let inner = &self.backend.inner;
        inner
            .under_way
            .proof(&inner.sessions, visitor.session(), self.backend.now())
    }

    /// Whether it is the visitor's password, which then counts as a proof for ten minutes.
    pub async fn reauth_with_password(self, visitor: &Visitor, password: &str) -> Result<(), Error> {
        let accounts = self.backend.accounts();
        let kept = accounts.kept_password(visitor.person()).await?;
        let KeptPassword { hash, credentials } = kept.ok_or(AuthError::NoAccount)?;
        accounts.check_password(visitor, password, hash).await?;
        self.has_proved(visitor, Reauth::Password, credentials).await
    }

    /// Whether it is the account's owner who asks for something that matters: they give the password or, where there is none, have
    /// just proved in another way who they are.
    pub async fn confirm(self, visitor: &Visitor, password: &str) -> Result<(), Error> {
        if self.has_password(visitor).await? {
            return self.reauth_with_password(visitor, password).await;
        }
        self.reauth(visitor)
            .map(drop)
            .ok_or_else(|| AuthError::NotFresh.into())
    }

    /// Whether the visitor's account can be signed in to with a password.
    pub async fn has_password(self, visitor: &Visitor) -> Result<bool, Error> {
        Ok(self
            .backend
            .accounts()
            .kept_password(visitor.person())
            .await?
            .is_some_and(|kept| kept.hash.is_some()))
    }

    /// Counts what was verified as a proof for ten minutes, if it is what opens the account still. It is the writer that notes it: so it
    /// is noted before a change that forgets it, or not at all.
    pub(super) async fn has_proved(
        self,
        visitor: &Visitor,
        how: Reauth,
        verified: CredentialsVersion,
    ) -> Result<(), Error> {
        let (person, session) = (visitor.person(), visitor.session());
        let (inner, now) = (self.backend.inner.clone(), self.backend.now());
        self.backend
            .write_transaction(
                visitor,
                move |connection| Box::pin(credentials::check(connection, person, verified)),
                move |()| {
                    let proof = Proof { person, session, how };
                    let holder = Holder {
                        person,
                        household: None,
                    };
                    inner.under_way.proofs.put(session, holder, proof, now);
                },
            )
            .await
    }
}
