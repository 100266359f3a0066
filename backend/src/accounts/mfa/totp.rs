//! Setting up an authenticator app, and taking its codes.
//!
//! The last code that was taken is remembered, so that whoever looked over a shoulder cannot give it again.

use domain::{PersonId, Timestamp};
use sqlx::{Row, SqliteConnection};

use super::recovery_codes;
use super::recovery_codes::tidy;
use super::totp_secret::{TotpSecret, read_totp};
use crate::database::columns::{Columns, number};
use crate::{AuthError, Backend, Error, Hole, RecoveryCodes, Visitor};

impl Backend {
    /// Begins to set up an authenticator app: the secret that the visitor is to confirm with a code, from this session and soon.
    pub fn begin_totp(&self, visitor: &Visitor) -> Result<(), Error> {
        let secret = TotpSecret::new()?;
        let now = self.inner.clock.now();
        self.inner.factors.secrets.put(visitor.session(), secret, now);
        Ok(())
    }

    /// The secret that waits to be confirmed.
    pub fn pending_totp(&self, visitor: &Visitor) -> Option<TotpSecret> {
        let (secrets, now) = (&self.inner.factors.secrets, self.inner.clock.now());
        secrets.with(&visitor.session(), now, |secret| secret.clone())
    }

    /// Switches the second step on, if the code is one of the app's; the recovery codes, if there were none yet.
    pub async fn confirm_totp(&self, visitor: &Visitor, code: &str) -> Result<Option<RecoveryCodes>, Error> {
        let (person, now) = (visitor.person(), self.inner.clock.now());
        let secret = self.pending_totp(visitor).ok_or(AuthError::TooLate)?;
        let step = read_totp(code).and_then(|code| secret.step(&code, now));
        let step = step.ok_or(AuthError::WrongCode)?;
        if !self.ways(visitor).await?.is_some_and(|ways| ways.password) {
            return Err(AuthError::NoPassword.into());
        }
        let made = self.new_codes().await?;
        let (rows, bytes) = (made.rows(), secret.0);
        let is_first = self
            .write_transaction_of(
                visitor,
                move |connection| {
                    Box::pin(async move {
                        sqlx::query(
                            "insert into totp (person_id, secret, made_at, last_step) values ($1, $2, $3, $4)
                             on conflict (person_id) do update set secret = $2, made_at = $3, last_step = $4",
                        )
                        .bind(person.as_bytes().to_vec())
                        .bind(bytes.to_vec())
                        .bind(number(now.0))
                        .bind(number(step))
                        .execute(&mut *connection)
                        .await?;
                        recovery_codes::insert_first(connection, person, &rows, now).await
                    })
                },
                |_| {},
            )
            .await?;
        self.inner.factors.secrets.take(&visitor.session(), now);
        Ok(is_first.then_some(made))
    }

    /// Switches the second step off; false if it was.
    pub async fn remove_totp(&self, visitor: &Visitor) -> Result<bool, Error> {
        let (person, inner) = (visitor.person(), self.inner.clone());
        self.write_transaction_of(
            visitor,
            move |connection| {
                Box::pin(async move {
                    let removed = sqlx::query("delete from totp where person_id = $1")
                        .bind(person.as_bytes().to_vec())
                        .execute(&mut *connection)
                        .await?;
                    tidy(connection, person).await?;
                    Ok(removed.rows_affected() > 0)
                })
            },
            move |_| inner.factors.forget(person),
        )
        .await
    }
}

/// Whether somebody has an authenticator app.
pub(super) async fn is_on(connection: &mut SqliteConnection, person: PersonId) -> Result<bool, Error> {
    let row = sqlx::query("select 1 from totp where person_id = $1")
        .bind(person.as_bytes().to_vec())
        .fetch_optional(connection)
        .await?;
    Ok(row.is_some())
}

/// The step that the code is of, if it counts and none as late was taken.
pub(super) async fn check(
    connection: &mut SqliteConnection,
    person: PersonId,
    code: &str,
    now: Timestamp,
) -> Result<u64, Error> {
    let row = sqlx::query("select secret, last_step from totp where person_id = $1")
        .bind(person.as_bytes().to_vec())
        .fetch_optional(connection)
        .await?
        .ok_or(AuthError::WrongCode)?;
    let (bytes, last): (&[u8], _) = (row.try_get("secret")?, row.count("last_step")?);
    let wrong = |_| Error::Corrupt("a secret of another length".to_owned());
    let secret = TotpSecret(bytes.try_into().map_err(wrong)?);
    let step = secret
        .step(code, now)
        .filter(|step| *step > last || Hole::ReplayedCode.is_open());
    step.ok_or_else(|| AuthError::WrongCode.into())
}

/// Takes a code: from here on it is of no use to anybody.
pub(super) async fn spend(
    connection: &mut SqliteConnection,
    person: PersonId,
    code: &str,
    now: Timestamp,
) -> Result<(), Error> {
    let step = check(connection, person, code, now).await?;
    sqlx::query("update totp set last_step = $2 where person_id = $1")
        .bind(person.as_bytes().to_vec())
        .bind(number(step))
        .execute(connection)
        .await?;
    Ok(())
}
