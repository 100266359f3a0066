//! Another password, or the first one.

use crate::accounts::credentials::{self, CredentialsVersion};
use crate::accounts::new_session::Begun;
use crate::accounts::sessions;
use crate::accounts::sessions::Which;
use crate::accounts::sign_in::KeptPassword;
use crate::authority::Authority;
use crate::database::{accounts, totp};
use crate::{Accounts, AuthError, Device, Error, Method, Password, Reauth, SignedIn, Visitor};

impl Accounts<'_> {
    /// Gives the visitor's account another password, or its first one. All their other sessions are over, and this one has a new
    /// token. The old password is asked for, but of who has just used a passkey, which may be how they come to have forgotten it.
    pub async fn change_password(
        self,
        visitor: &Visitor,
        password: &str,
        new: &str,
        device: Device,
    ) -> Result<SignedIn, Error> {
        let named = self.sign_in_name(visitor).await?.ok_or(AuthError::NoAccount)?;
        self.backend.inner.passwords.rate(new, &named.name).await?;
        let kept = self.kept_password(visitor.person()).await?;
        let KeptPassword { hash, credentials } = kept.ok_or(AuthError::NoAccount)?;
        let by = match (hash, self.backend.mfa().reauth(visitor)) {
            (_, Some(Reauth::Passkey)) | (None, Some(_)) => Authority::Proven(*visitor),
            (None, None) => return Err(AuthError::NotProven.into()),
            (kept @ Some(_), _) => {
                self.check_password(visitor, password, kept).await?;
                Authority::Visitor(*visitor)
            }
        };
        self.replace_password(by, visitor, credentials, new, device).await
    }

    async fn replace_password(
        self,
        by: Authority,
        visitor: &Visitor,
        verified: CredentialsVersion,
        new: &str,
        device: Device,
    ) -> Result<SignedIn, Error> {
        let hash = self.backend.inner.passwords.hash(Password::new(new)).await?;
        let (person, now) = (visitor.person(), self.backend.now());
        let begun = Begun::new(person, visitor.first_list(), now, device, Method::Password)?;
        let (token, open) = (begun.hash(), begun.open.clone());
        let (session, inner, own) = (open.clone(), self.backend.inner.clone(), visitor.session());
        self.backend
            .write_transaction(
                by,
                move |connection| {
                    Box::pin(async move {
                        credentials::check(connection, person, verified).await?;
                        accounts::set_password(connection, person, Some(&hash)).await?;
                        // Whoever guessed codes knew the old one.
                        totp::forget_wrong(connection, person).await?;
                        let ended = sessions::remove(connection, person, Which::All).await?;
                        sessions::insert(connection, token, &session).await?;
                        Ok(ended)
                    })
                },
                move |ended| {
                    inner.under_way.forget(person);
                    inner.sessions.begin(token, open);
                    inner.sessions.end(ended);
                    inner.hub.supersede(person, own);
                    inner.hub.end(person, ended);
                },
            )
            .await?;
        Ok(begun.signed_in())
    }
}
