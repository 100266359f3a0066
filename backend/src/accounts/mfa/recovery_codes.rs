//! Recovery codes: ten, of which each stands in once for the code of an authenticator app, and where there is no password for the
//! passkey that was lost. Shown once; what is kept are their hashes, made slowly though a code has 80 random bits.

use domain::{PersonId, Timestamp};
use sqlx::{Row, SqliteConnection};

use super::made_codes::{Hash, RecoveryCodes, Rows, Salt};
use crate::database::columns::number;
use crate::{AuthError, Backend, Code, Error, Visitor, random};

/// How many there are at a time.
const MANY: usize = 10;

impl Backend {
    /// Ten new codes, of which nothing is written yet.
    pub(crate) async fn new_codes(&self) -> Result<RecoveryCodes, Error> {
        let codes: Result<Vec<Code>, _> = (0..MANY).map(|_| Code::new()).collect();
        let (codes, salt) = (codes?, random()?);
        let hashes = self.inner.passwords.stretch(codes.clone(), salt).await?;
        Ok(RecoveryCodes { codes, salt, hashes })
    }

    /// Puts ten new codes in place of those there were.
    pub async fn renew_codes(&self, visitor: &Visitor) -> Result<RecoveryCodes, Error> {
        let ways = self.ways(visitor).await?.ok_or(AuthError::NoAccount)?;
        if ways.totp.is_none() && ways.passkeys.is_empty() {
            return Err(AuthError::NoFactor.into());
        }
        let made = self.new_codes().await?;
        let (rows, person, now) = (made.rows(), visitor.person(), self.inner.clock.now());
        self.write_transaction_of(
            visitor,
            move |connection| {
                Box::pin(async move {
                    sqlx::query("delete from recovery_codes where person_id = $1")
                        .bind(person.as_bytes().to_vec())
                        .execute(&mut *connection)
                        .await?;
                    insert_first(connection, person, &rows, now).await
                })
            },
            |_| {},
        )
        .await?;
        Ok(made)
    }

    /// The hash of a code of somebody's; none where they have no codes, for the same work.
    pub(super) async fn code_hash(
        &self,
        person: Option<PersonId>,
        code: Code,
    ) -> Result<Option<Hash>, Error> {
        let row = sqlx::query("select salt from recovery_codes where person_id = $1 limit 1")
            .bind(person.map(|person| person.as_bytes().to_vec()))
            .fetch_optional(&self.inner.readers)
            .await?;
        let salt: Option<Salt> = match &row {
            Some(row) => {
                let salt: &[u8] = row.try_get("salt")?;
                let wrong = |_| Error::Corrupt("a salt of another length".to_owned());
                Some(salt.try_into().map_err(wrong)?)
            }
            None => None,
        };
        let hashes = self
            .inner
            .passwords
            .stretch(vec![code], salt.unwrap_or_default())
            .await?;
        Ok(hashes.first().copied().filter(|_| salt.is_some()))
    }
}

/// Writes the codes, if there are none; says whether it did.
pub(crate) async fn insert_first(
    connection: &mut SqliteConnection,
    person: PersonId,
    rows: &Rows,
    now: Timestamp,
) -> Result<bool, Error> {
    let there = sqlx::query("select 1 from recovery_codes where person_id = $1 limit 1")
        .bind(person.as_bytes().to_vec())
        .fetch_optional(&mut *connection)
        .await?;
    if there.is_some() {
        return Ok(false);
    }
    for hash in &rows.hashes {
        sqlx::query("insert into recovery_codes (person_id, hash, salt, made_at) values ($1, $2, $3, $4)")
            .bind(person.as_bytes().to_vec())
            .bind(hash.to_vec())
            .bind(rows.salt.to_vec())
            .bind(number(now.0))
            .execute(&mut *connection)
            .await?;
    }
    Ok(true)
}

/// Whether a code is there and was not used.
pub(super) async fn check(
    connection: &mut SqliteConnection,
    person: PersonId,
    hash: &Hash,
) -> Result<(), Error> {
    let row =
        sqlx::query("select 1 from recovery_codes where person_id = $1 and hash = $2 and used_at is null")
            .bind(person.as_bytes().to_vec())
            .bind(hash.to_vec())
            .fetch_optional(connection)
            .await?;
    row.map(drop).ok_or_else(|| AuthError::WrongCode.into())
}

/// Uses a code up.
pub(super) async fn spend(
    connection: &mut SqliteConnection,
    person: PersonId,
    hash: &Hash,
    now: Timestamp,
) -> Result<(), Error> {
    let used = sqlx::query(
        "update recovery_codes set used_at = $3 where person_id = $1 and hash = $2 and used_at is null",
    )
    .bind(person.as_bytes().to_vec())
    .bind(hash.to_vec())
    .bind(number(now.0))
    .execute(connection)
    .await?;
    match used.rows_affected() {
        0 => Err(AuthError::WrongCode.into()),
        _ => Ok(()),
    }
}

/// Drops the recovery codes of who has no factor any more that they could stand in for.
pub(super) async fn tidy(connection: &mut SqliteConnection, person: PersonId) -> Result<(), Error> {
    sqlx::query(
        "delete from recovery_codes where person_id = $1
         and not exists (select 1 from totp where totp.person_id = $1)
         and not exists (select 1 from passkeys where passkeys.person_id = $1)",
    )
    .bind(person.as_bytes().to_vec())
    .execute(connection)
    .await?;
    Ok(())
}
