//! Whether it is the account's owner who asks for something that matters.

use std::time::Duration;

use crate::password::Tried;
use crate::{Backend, Denied, Error, Password, Visitor};

/// For how long after signing in somebody is taken to be there who has no password to say so.
const FRESH: Duration = Duration::from_secs(15 * 60);

impl Backend {
    /// Whether the visitor's account can be signed in to with a password.
    pub async fn has_password(&self, visitor: &Visitor) -> Result<bool, Error> {
        Ok(self.kept_password(visitor.person()).await?.is_some())
    }

    /// Whether it is the account's owner who asks: they know the password or, where there is none, have just signed in.
    pub async fn confirm(&self, visitor: &Visitor, password: &str) -> Result<(), Error> {
        let Some(kept) = self.kept_password(visitor.person()).await? else {
            return self.is_fresh(visitor);
        };
        match self
            .inner
            .passwords
            .verify(Password::new(password), Some(kept))
            .await?
        {
            Tried::Wrong => Err(Denied::WrongPassword.into()),
            Tried::Right | Tried::Again(_) => Ok(()),
        }
    }

    fn is_fresh(&self, visitor: &Visitor) -> Result<(), Error> {
        let now = self.inner.clock.now();
        let mut sessions = self.sessions(visitor).into_iter();
        let session = sessions.find(|session| session.id == visitor.session());
        let is_fresh =
            session.is_some_and(|session| now.0.saturating_sub(session.made.0) < FRESH.as_millis() as u64);
        is_fresh.then_some(()).ok_or_else(|| Denied::NotFresh.into())
    }
}
