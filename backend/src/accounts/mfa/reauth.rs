//! Proving again who one is: what guards an account is changed only by who has just signed in, or gives the password or a passkey once
//! more. An unlocked browser that somebody else sits down at is not enough.

use super::under_way::{Proof, Reauth, TEN_MINUTES};
use crate::accounts::credentials::{self, CredentialsVersion};
use crate::database::accounts::KeptPassword;
use crate::{AuthError, Error, Holder, Method, Mfa, Visitor};

impl Mfa<'_> {
    /// How the visitor has proved within the last ten minutes who they are; none if they have not.
    pub fn reauth(self, visitor: &Visitor) -> Option<Reauth> {
        let now = self.backend.now();
        let proofs = &self.backend.inner.under_way.proofs;
        if let Some(proof) = proofs.with(&visitor.session(), now, |proof| proof.how) {
            return Some(proof);
        }
        let session = self.backend.inner.sessions.one(visitor.session(), now)?;
        let is_fresh = now.0.saturating_sub(session.made.0) < TEN_MINUTES
            && !self.backend.inner.under_way.may_be_void(&session, now);
        is_fresh.then_some(match session.method {
            Method::Passkey | Method::PasskeySignUp => Reauth::Passkey,
            Method::Recovery => Reauth::Recovery,
            Method::Provider => Reauth::Provider,
            Method::SignUp | Method::Password | Method::PasswordAndCode | Method::PasswordAndRecovery => {
                Reauth::Password
            }
        })
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

    /// Asks whether the visitor has proved who they are, in the transaction that changes what guards their account: what they have
    /// proved it with may have been taken away since their request began.
    pub(crate) fn check_proof(self, visitor: &Visitor) -> Result<(), Error> {
        let proof = self.reauth(visitor);
        proof.map(drop).ok_or_else(|| AuthError::NotProven.into())
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
