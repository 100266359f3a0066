//! Invitations: codes by which somebody makes an account where not everyone may.

use domain::{PersonId, Timestamp};
use sqlx::SqliteConnection;

use crate::admin::policy::SignUp;
use crate::database::columns::{Columns, number};
use crate::{AuthError, Backend, Code, Error, Visitor};

/// The most that are shown, the newest first.
const SHOWN: i64 = 100;

/// What an invitation is to give.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Invite {
    /// When it stops working, if ever.
    pub expires: Option<Timestamp>,
    /// How many accounts it makes, if not any number.
    pub most_uses: Option<u32>,
}

/// An invitation. Nobody can read its code again.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Invitation {
    /// Its number.
    pub id: i64,
    /// When it was made.
    pub made: Timestamp,
    /// What it gives.
    pub invite: Invite,
    /// How many accounts it has made.
    pub uses: u64,
    /// Whether it makes another.
    pub works: bool,
    /// Whether somebody ended it.
    pub is_revoked: bool,
}

impl Default for Invite {
    fn default() -> Self {
        Self {
            expires: None,
            most_uses: Some(1),
        }
    }
}

impl Backend {
    /// Makes an invitation; `by` is none from the shell.
    pub async fn invite(&self, by: Option<PersonId>, invite: Invite) -> Result<Code, Error> {
        let code = Code::new().map_err(|error| Error::Corrupt(error.to_string()))?;
        self.invite_by(by, invite, code.hash()).await?;
        Ok(code)
    }

    /// The same, where somebody else has the code.
    pub(crate) async fn invite_by(
        &self,
        by: Option<PersonId>,
        invite: Invite,
        secret: [u8; 32],
    ) -> Result<(), Error> {
        let now = self.inner.clock.now();
        self.write_transaction(
            move |connection| {
                Box::pin(async move {
                    sqlx::query(
                        "insert into invitations (secret, made_by, made_at, expires_at, most_uses)
                         values ($1, $2, $3, $4, $5)",
                    )
                    .bind(secret.to_vec())
                    .bind(by.map(|by| by.as_bytes().to_vec()))
                    .bind(number(now.0))
                    .bind(invite.expires.map(|at| number(at.0)))
                    .bind(invite.most_uses.map(i64::from))
                    .execute(connection)
                    .await?;
                    Ok(())
                })
            },
            |()| {},
        )
        .await
    }

    /// What invitations there are, the newest first.
    pub async fn invitations(&self) -> Result<Vec<Invitation>, Error> {
        let rows = sqlx::query(
            "select id, made_at, expires_at, most_uses, uses, revoked_at,
             revoked_at is null and (expires_at is null or expires_at > $1)
             and (most_uses is null or uses < most_uses) as works
             from invitations order by id desc limit $2",
        )
        .bind(number(self.inner.clock.now().0))
        .bind(SHOWN)
        .fetch_all(&self.inner.readers)
        .await?;
        rows.iter()
            .map(|row| {
                let most_uses = row.maybe_count("most_uses")?;
                Ok(Invitation {
                    id: row.number("id")?,
                    made: row.count("made_at").map(Timestamp)?,
                    invite: Invite {
                        expires: row.maybe_count("expires_at")?.map(Timestamp),
                        most_uses: most_uses.map(|most| u32::try_from(most).unwrap_or(u32::MAX)),
                    },
                    uses: row.count("uses")?,
                    works: row.count("works")? > 0,
                    is_revoked: row.maybe_count("revoked_at")?.is_some(),
                })
            })
            .collect()
    }

    /// Ends an invitation. Whoever has made an account by it keeps that.
    pub async fn revoke_invitation(&self, id: i64) -> Result<(), Error> {
        let now = self.inner.clock.now();
        self.write_transaction(
            move |connection| {
                Box::pin(async move {
                    sqlx::query(
                        "update invitations set revoked_at = $2 where id = $1 and revoked_at is null",
                    )
                    .bind(id)
                    .bind(number(now.0))
                    .execute(connection)
                    .await?;
                    Ok(())
                })
            },
            |()| {},
        )
        .await
    }

    /// Whether the visitor may make an account, and if not, why.
    pub async fn may_sign_up(&self, visitor: &Visitor, code: Option<&Code>) -> Result<(), Error> {
        let secret = match self.inner.admission.needs(visitor.person(), code)? {
            None => return Ok(()),
            Some(secret) => secret,
        };
        let found = sqlx::query(
            "select 1 from invitations where secret = $1 and revoked_at is null
             and (expires_at is null or expires_at > $2) and (most_uses is null or uses < most_uses)",
        )
        .bind(secret.to_vec())
        .bind(number(self.inner.clock.now().0))
        .fetch_optional(&self.inner.readers)
        .await?;
        found.map(drop).ok_or(AuthError::InvitationInvalid.into())
    }
}

impl crate::admin::admission::Admission {
    /// The hash of the invitation that it takes for that person to make an account, if it takes one; or why they may not.
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

/// Uses an invitation up, by one account. Of two who come at once by the last use of one, the second finds none.
pub(crate) async fn take(
    connection: &mut SqliteConnection,
    secret: [u8; 32],
    now: Timestamp,
) -> Result<(), Error> {
    let taken = sqlx::query(
        "update invitations set uses = uses + 1 where secret = $1 and revoked_at is null
         and (expires_at is null or expires_at > $2) and (most_uses is null or uses < most_uses)",
    )
    .bind(secret.to_vec())
    .bind(number(now.0))
    .execute(connection)
    .await?;
    if taken.rows_affected() == 0 {
        return Err(AuthError::InvitationInvalid.into());
    }
    Ok(())
}
