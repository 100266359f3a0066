//! Proving again who one is: what guards an account is changed only by who has just signed in, or gives the password or a passkey once
//! more. An unlocked browser that somebody else sits down at is not enough.

use domain::Timestamp;

use super::under_way::{Reauth, TEN_MINUTES};
use crate::{AuthError, Error, Holder, Method, Mfa, Visitor};

impl Mfa<'_> {
    /// How the visitor has proved within the last ten minutes who they are; none if they have not.
    pub fn reauth(self, visitor: &Visitor) -> Option<Reauth> {
        let now = self.backend.now();
        let proofs = &self.backend.inner.under_way.proofs;
        if let Some(proof) = proofs.with(&visitor.session(), now, |proof| *proof) {
            return Some(proof);
        }
        let session = self.backend.accounts().sessions(visitor).into_iter();
        let session = session.into_iter().find(|one| one.id == visitor.session())?;
        let is_fresh = now.0.saturating_sub(session.made.0) < TEN_MINUTES;
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
        accounts.check_password(password, kept).await?;
        self.has_proved(visitor, Reauth::Password, self.backend.now());
        Ok(())
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
            .is_some())
    }

    pub(super) fn has_proved(self, visitor: &Visitor, proof: Reauth, now: Timestamp) {
        let holder = Holder {
            person: visitor.person(),
            household: None,
        };
        self.backend
            .inner
            .under_way
            .proofs
            .put(visitor.session(), holder, proof, now);
    }
}
