//! Sign-up codes: by them somebody makes an account where not everyone may.

use domain::{PersonId, Timestamp};

use crate::admin::policy::SignUp;
use crate::database::{Connection, signup_codes};
use crate::{Admin, Administrator, AuthError, Code, Error, Visitor};

pub use crate::database::signup_codes::{SignupCode, SignupCodeTerms};

/// The most that are shown, the newest first.
const SHOWN: i64 = 100;

impl Admin<'_> {
    /// Makes a sign-up code.
    pub async fn make_signup_code(self, by: Administrator, terms: SignupCodeTerms) -> Result<Code, Error> {
        let code = Code::new()?;
        self.keep_signup_code(by, terms, code.hash()).await?;
        Ok(code)
    }

    /// The same, where somebody else has the code.
    pub(crate) async fn keep_signup_code(
        self,
        by: Administrator,
        terms: SignupCodeTerms,
        secret: [u8; 32],
    ) -> Result<(), Error> {
        let now = self.backend.now();
        self.backend
            .write_transaction(
                by,
                move |connection| Box::pin(signup_codes::insert(connection, by.person(), terms, secret, now)),
                |()| {},
            )
            .await
    }

    /// The sign-up codes there are, the newest first.
    pub async fn signup_codes(self) -> Result<Vec<SignupCode>, Error> {
        let mut read = self.backend.inner.readers.acquire().await?;
        signup_codes::newest(&mut read, self.backend.now(), SHOWN).await
    }

    /// Ends a sign-up code. Whoever has made an account by it keeps that.
    pub async fn revoke_signup_code(self, by: Administrator, id: i64) -> Result<(), Error> {
        let now = self.backend.now();
        self.backend
            .write_transaction(
                by,
                move |connection| Box::pin(signup_codes::revoke(connection, id, now)),
                |()| {},
            )
            .await
    }

    /// Whether the visitor may make an account, and if not, why.
    pub async fn may_sign_up(self, visitor: &Visitor, code: Option<&Code>) -> Result<(), Error> {
        let secret = match self.backend.inner.admission.needs(visitor.person(), code)? {
            None => return Ok(()),
            Some(secret) => secret,
        };
        let mut read = self.backend.inner.readers.acquire().await?;
        let works = signup_codes::works(&mut read, secret, self.backend.now()).await?;
        works.then_some(()).ok_or(AuthError::InvitationInvalid.into())
    }
}

impl crate::admin::admission::Admission {
    /// The hash of the sign-up code that it takes for that person to make an account, if it takes one; or why they may not.
    pub(crate) fn needs(&self, person: PersonId, code: Option<&Code>) -> Result<Option<[u8; 32]>, AuthError> {
        if self.is_operator(person) {
            return Ok(None);
        }
        match (self.house().sign_up, code) {
            (SignUp::Open, _) => Ok(None),
            (SignUp::Invited, None) => Err(AuthError::NotInvited),
            (SignUp::Invited, Some(code)) => Ok(Some(code.hash())),
            (SignUp::Closed, _) => Err(AuthError::SignUpClosed),
        }
    }
}

/// Uses a sign-up code up, by one account. Of two who come at once by the last use of one, the second finds none.
pub(crate) async fn take(connection: &mut Connection, secret: [u8; 32], now: Timestamp) -> Result<(), Error> {
    let taken = signup_codes::take(connection, secret, now).await?;
    taken.then_some(()).ok_or(AuthError::InvitationInvalid.into())
}
