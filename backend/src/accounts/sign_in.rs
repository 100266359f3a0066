//! Accounts: a guest keeps what they have by choosing a name and a password, and signs in with them elsewhere.
//!
//! Whoever signs in gets a new token, whatever the browser sent before: nothing that somebody planted there is ever worth
//! more than a guest. The person stays the same from guest to account, so every list, and every page, goes on.

use std::sync::Arc;

use domain::{ListId, PersonId, Timestamp};

use crate::accounts::credentials::{self, CredentialsVersion};
use crate::accounts::free_name::free;
use crate::accounts::mfa::Second;
use crate::accounts::new_session::{Begun, SignedIn};
use crate::accounts::password::Tried;
use crate::accounts::sessions;
use crate::accounts::sessions::Which;
use crate::admin::signup_codes;
use crate::authority::Authority;
use crate::backend::Inner;
use crate::database::{Connection, accounts};
use crate::write::request::WriteRequest;
use crate::{
    AccountName, Accounts, AuthError, Code, Device, Error, Method, Password, PendingSignIn, Visitor,
};

pub use crate::database::accounts::SignInName;
pub(crate) use crate::database::accounts::{KeptPassword, Stored};

/// What a right password has come to.
pub enum SignIn {
    /// They are in.
    Done(SignedIn),
    /// A code is asked for as well; this is what the browser gives with it.
    Second(PendingSignIn),
}

impl Accounts<'_> {
    /// Makes the guest's account: they stay who they are, their session as a guest is over, and a new one has begun. If the
    /// name is taken and the password is its own, this was sent twice, and signs in.
    pub async fn sign_up(
        self,
        guest: &Visitor,
        name: &AccountName,
        password: &str,
        device: Device,
    ) -> Result<SignedIn, Error> {
        self.sign_up_with_code(None, guest, name, password, device).await
    }

    /// The same, perhaps by an invitation.
    pub async fn sign_up_with_code(
        self,
        invitation: Option<&Code>,
        guest: &Visitor,
        name: &AccountName,
        password: &str,
        device: Device,
    ) -> Result<SignedIn, Error> {
        if guest.guest().is_none() {
            return Err(AuthError::HasAccount.into());
        }
        let may = self.backend.admin().may_sign_up(guest, invitation).await;
        if let Err(Error::Auth(denied @ (AuthError::SignUpClosed | AuthError::NotInvited))) = &may {
            return Err((*denied).into());
        }
        self.backend.inner.passwords.rate(password, name.as_str()).await?;
        let hash = self.backend.inner.passwords.hash(Password::new(password)).await?;
        if self.stored(name).await?.is_some() {
            return match self.sign_in(None, false, name, password, device).await {
                Ok(SignIn::Done(signed_in)) => Ok(signed_in),
                // Who may not make an account is not told who has one.
                Ok(SignIn::Second(_)) | Err(Error::Auth(AuthError::Wrong)) => {
                    Err(may.err().unwrap_or(AuthError::NameTaken.into()))
                }
                Err(error) => Err(error),
            };
        }
        if let Err(error) = may {
            // As much work as for a name that somebody has.
            let passwords = &self.backend.inner.passwords;
            passwords
                .verify(name.key(), Password::new(password), None)
                .await?;
            self.backend.mfa().stand_in(name.key(), None, password).await?;
            return Err(error);
        }
        let invitation = invitation.cloned();
        let by = Authority::Bearer(*guest);
        self.backend.ask_by(by, guest, vec![WriteRequest::Exist]).await?;
        let (person, first_list, now) = (guest.person(), guest.first_list(), self.backend.now());
        let begun = Begun::new(person, first_list, now, device, Method::SignUp)?;
        let (token, open, name) = (begun.hash(), begun.open.clone(), name.clone());
        let key = name.key().to_owned();
        let (session, inner) = (open.clone(), self.backend.inner.clone());
        let admission = Arc::clone(&inner.admission);
        self.backend
            .write_transaction(
                by,
                move |connection| {
                    Box::pin(async move {
                        let wanted = admission.needs(person, invitation.as_ref())?;
                        if let Some(secret) = wanted {
                            use_invitation(connection, secret, now).await?;
                        }
                        insert(connection, person, &name, Some(&hash), first_list, now).await?;
                        end_guest(connection, person, now).await?;
                        sessions::insert(connection, token, &session).await
                    })
                },
                move |()| {
                    inner.sessions.name(&key, person);
                    inner.sessions.begin(token, open);
                    supersede_guest(&inner, person);
                },
            )
            .await?;
        Ok(begun.signed_in())
    }

    /// Begins a session for whoever knows name and password, or half of one where a code is asked for as well. The one that the
    /// browser had `before` is over: of a guest who `brings` their lists along those are the account's from now on. Where there is
    /// no password, a recovery code stands in for the passkey that was lost.
    pub async fn sign_in(
        self,
        before: Option<&Visitor>,
        brings: bool,
        name: &AccountName,
        password: &str,
        device: Device,
    ) -> Result<SignIn, Error> {
        let stored = self.stored(name).await?;
        let kept = stored.as_ref().and_then(|stored| stored.password.clone());
        let has_password = kept.is_some();
        let tried = self
            .backend
            .inner
            .passwords
            .verify(name.key(), Password::new(password), kept)
            .await?;
        let (mut second, mut again) = (None, None);
        match (tried, &stored) {
            (Tried::Right, _) => {}
            (Tried::Again(hash), _) => again = Some(hash),
            (Tried::Wrong, stored) => {
                let mut alone = stored
                    .as_ref()
                    .filter(|_| !has_password)
                    .map(|stored| stored.person);
                // With an authenticator app the code is the second step, and stands in for nothing else.
                if let Some(person) = alone
                    && self.backend.mfa().wants_second(person).await?
                {
                    alone = None;
                }
                second = self.backend.mfa().stand_in(name.key(), alone, password).await?;
                second.as_ref().ok_or(AuthError::Wrong)?;
            }
        }
        let stored = stored.ok_or(AuthError::Wrong)?;
        if stored.is_suspended {
            return Err(AuthError::Suspended.into());
        }
        let before = before.copied();
        if brings {
            self.check_room(stored.person, before.as_ref()).await?;
        }
        if second.is_none() && self.backend.mfa().wants_second(stored.person).await? {
            let half = self
                .backend
                .mfa()
                .keep_pending_sign_in(&stored, name, before, brings)?;
            return Ok(SignIn::Second(half));
        }
        let method = match second {
            None => Method::Password,
            Some(_) => Method::Recovery,
        };
        let now = self.backend.now();
        let begun = Begun::new(stored.person, stored.first_list, now, device, method)?;
        let done = self
            .complete(begun, stored.credentials, again, second, before, brings)
            .await;
        done.map(SignIn::Done).map_err(|error| match error {
            // Nobody is told that it is a code that was looked at.
            Error::Auth(AuthError::WrongCode) => AuthError::Wrong.into(),
            error => error,
        })
    }

    /// Lets somebody in who has proved who they are, but for what is still to be taken once, as long as what they have verified is
    /// what opens the account. `hash` is what is to be kept of the same password from now on. A guest's lists come along only once the
    /// session stands, and the guest's session is over only once they have: whatever goes wrong in between, nothing is lost.
    pub(crate) async fn complete(
        self,
        begun: Begun,
        verified: CredentialsVersion,
        hash: Option<String>,
        second: Option<Second>,
        before: Option<Visitor>,
        brings: bool,
    ) -> Result<SignedIn, Error> {
        // Whose session as a guest is over comes as if from another browser.
        let before = before.filter(|before| !self.has_ended(before));
        if brings {
            self.check_room(begun.open.session.person, before.as_ref())
                .await?;
        }
        self.begin(&begun, verified, hash, second, before.filter(|_| !brings))
            .await?;
        if let Some(guest) = before.filter(|_| brings) {
            if let Err(error) = self.bring(&begun.visitor(), &guest).await {
                // Nobody has its token.
                let (person, one) = (begun.open.session.person, begun.open.session.id);
                self.end_sessions(Authority::Server, person, Which::One(one))
                    .await?;
                return Err(error);
            }
            self.replace_session(guest).await?;
        }
        Ok(begun.signed_in())
    }

    /// What the visitor signs in with; none for a guest.
    pub async fn sign_in_name(self, visitor: &Visitor) -> Result<Option<SignInName>, Error> {
        let mut read = self.backend.inner.readers.acquire().await?;
        accounts::sign_in_name(&mut read, visitor.person()).await
    }

    /// How often a password was worked on since the start.
    pub fn password_runs(self) -> u64 {
        self.backend.inner.passwords.runs()
    }

    async fn begin(
        self,
        begun: &Begun,
        verified: CredentialsVersion,
        hash: Option<String>,
        second: Option<Second>,
        before: Option<Visitor>,
    ) -> Result<(), Error> {
        let (token, open) = (begun.hash(), begun.open.clone());
        let (session, inner, now) = (open.clone(), self.backend.inner.clone(), open.session.made);
        let person = session.session.person;
        self.backend
            .write_transaction(
                // Of who has proved who they are, whatever session they had before.
                Authority::Server,
                move |connection| {
                    Box::pin(async move {
                        credentials::check(connection, person, verified).await?;
                        // Of two who give one code at once, one is let in.
                        if let Some(second) = second {
                            second.spend(connection, person, now).await?;
                        }
                        if let Some(hash) = hash {
                            accounts::set_hash(connection, person, &hash).await?;
                        }
                        sessions::insert(connection, token, &session).await?;
                        match before {
                            Some(before) => end_replaced(connection, before, now).await,
                            None => Ok(()),
                        }
                    })
                },
                move |()| {
                    inner.sessions.begin(token, open);
                    if let Some(before) = before {
                        inner.supersede(&before);
                    }
                },
            )
            .await
    }

    /// Ends the session in whose place the same browser has another one.
    async fn replace_session(self, before: Visitor) -> Result<(), Error> {
        let (inner, now) = (self.backend.inner.clone(), self.backend.now());
        self.backend
            .write_transaction(
                Authority::Server,
                move |connection| Box::pin(end_replaced(connection, before, now)),
                move |()| inner.supersede(&before),
            )
            .await
    }
}

async fn end_replaced(connection: &mut Connection, before: Visitor, now: Timestamp) -> Result<(), Error> {
    if before.guest().is_some() {
        return sessions::end_guest(connection, before.person(), now).await;
    }
    let which = Which::One(before.session());
    sessions::remove(connection, before.person(), which)
        .await
        .map(drop)
}

impl Accounts<'_> {
    pub(crate) async fn stored(self, name: &AccountName) -> Result<Option<Stored>, Error> {
        accounts::stored(&mut *self.backend.inner.readers.acquire().await?, name).await
    }

    /// What somebody began with as a guest, and whether they are kept out.
    pub(crate) async fn first_list_of(self, person: PersonId) -> Result<(ListId, bool), Error> {
        let mut read = self.backend.inner.readers.acquire().await?;
        let found = accounts::first_list(&mut read, person).await?;
        found.ok_or_else(|| Error::Corrupt(format!("{person} has no account")))
    }

    pub(crate) async fn kept_password(self, person: PersonId) -> Result<Option<KeptPassword>, Error> {
        accounts::password(&mut *self.backend.inner.readers.acquire().await?, person).await
    }

    /// Refuses a password other than the one that is kept.
    pub(crate) async fn check_password(
        self,
        visitor: &Visitor,
        password: &str,
        kept: Option<String>,
    ) -> Result<(), Error> {
        let passwords = &self.backend.inner.passwords;
        // Strangers who try the name use up another share.
        let whose = visitor.person();
        match passwords.verify(whose, Password::new(password), kept).await? {
            Tried::Right | Tried::Again(_) => Ok(()),
            Tried::Wrong => Err(AuthError::WrongPassword.into()),
        }
    }
}

crate::guard! {
    /// Counts an account that an invitation makes, if it makes one more.
    async fn use_invitation(
        connection: &mut Connection,
        secret: [u8; 32],
        now: Timestamp,
    ) -> Result<(), Error> {
        signup_codes::take(connection, secret, now).await
    }
    LastingInvitation: Ok(())
}

crate::guard! {
    /// The cookie that the browser had as a guest opens nothing any more.
    async fn end_guest(connection: &mut Connection, person: PersonId, now: Timestamp) -> Result<(), Error> {
        sessions::end_guest(connection, person, now).await
    }
    Fixation: Ok(())
}

crate::guard! {
    /// Nor do streams go on that it opened.
    fn supersede_guest(inner: &Inner, person: PersonId) {
        inner.supersede_guest(person);
    }
    Fixation: {}
}

/// Writes an account. Nobody has two, and no two have one name.
pub(crate) async fn insert(
    connection: &mut Connection,
    person: PersonId,
    name: &AccountName,
    password: Option<&str>,
    first_list: ListId,
    now: Timestamp,
) -> Result<(), Error> {
    free(connection, name).await?;
    if accounts::is_there(connection, person).await? {
        return Err(AuthError::NameTaken.into());
    }
    accounts::insert(connection, person, name, password, first_list, now).await
}
