//! Codes by which somebody makes an account: of each there is only the hash.

use domain::{PersonId, Timestamp};

use crate::Error;
use crate::database::Connection;
use crate::database::columns::{Columns, number};

/// What a sign-up code is to give.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct SignupCodeTerms {
    /// When it stops working, if ever.
    pub expires: Option<Timestamp>,
    /// How many accounts it makes, if not any number.
    pub most_uses: Option<u32>,
}

/// A sign-up code as it is kept: nobody can read the code itself again.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SignupCode {
    /// The code's number in the database.
    pub id: i64,
    /// When it was made.
    pub made: Timestamp,
    /// What it gives.
    pub terms: SignupCodeTerms,
    /// How many accounts it has made.
    pub uses: u64,
    /// Whether it makes another.
    pub works: bool,
    /// Whether somebody ended it.
    pub is_revoked: bool,
}

impl Default for SignupCodeTerms {
    fn default() -> Self {
        Self {
            expires: None,
            most_uses: Some(1),
        }
    }
}

/// Writes a sign-up code.
pub(crate) async fn insert(
    connection: &mut Connection,
    by: Option<PersonId>,
    terms: SignupCodeTerms,
    secret: [u8; 32],
    now: Timestamp,
) -> Result<(), Error> {
    sqlx::query(
        "insert into signup_codes (secret, made_by, made_at, expires_at, most_uses)
         values ($1, $2, $3, $4, $5)",
    )
    .bind(secret.to_vec())
    .bind(by.map(|by| by.as_bytes().to_vec()))
    .bind(number(now.0))
    .bind(terms.expires.map(|at| number(at.0)))
    .bind(terms.most_uses.map(i64::from))
    .execute(connection)
    .await?;
    Ok(())
}

/// The newest, as many as `most`.
pub(crate) async fn newest(
    connection: &mut Connection,
    now: Timestamp,
    most: i64,
) -> Result<Vec<SignupCode>, Error> {
    let rows = sqlx::query(
        "select id, made_at, expires_at, most_uses, uses, revoked_at,
         revoked_at is null and (expires_at is null or expires_at > $1)
         and (most_uses is null or uses < most_uses) as works
         from signup_codes order by id desc limit $2",
    )
    .bind(number(now.0))
    .bind(most)
    .fetch_all(connection)
    .await?;
    rows.iter()
        .map(|row| {
            let most_uses = row.maybe_count("most_uses")?;
            Ok(SignupCode {
                id: row.number("id")?,
                made: row.count("made_at").map(Timestamp)?,
                terms: SignupCodeTerms {
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

/// Revokes a sign-up code.
pub(crate) async fn revoke(connection: &mut Connection, id: i64, now: Timestamp) -> Result<(), Error> {
    sqlx::query("update signup_codes set revoked_at = $2 where id = $1 and revoked_at is null")
        .bind(id)
        .bind(number(now.0))
        .execute(connection)
        .await?;
    Ok(())
}

/// Whether the code with that hash makes an account.
pub(crate) async fn works(
    connection: &mut Connection,
    secret: [u8; 32],
    now: Timestamp,
) -> Result<bool, Error> {
    let found = sqlx::query(
        "select 1 from signup_codes where secret = $1 and revoked_at is null
         and (expires_at is null or expires_at > $2) and (most_uses is null or uses < most_uses)",
    )
    .bind(secret.to_vec())
    .bind(number(now.0))
    .fetch_optional(connection)
    .await?;
    Ok(found.is_some())
}

/// Uses one up, by one account. Of two who come at once by the last use of one, the second finds none: false.
pub(crate) async fn take(
    connection: &mut Connection,
    secret: [u8; 32],
    now: Timestamp,
) -> Result<bool, Error> {
    let taken = sqlx::query(
        "update signup_codes set uses = uses + 1 where secret = $1 and revoked_at is null
         and (expires_at is null or expires_at > $2) and (most_uses is null or uses < most_uses)",
    )
    .bind(secret.to_vec())
    .bind(number(now.0))
    .execute(connection)
    .await?;
    Ok(taken.rows_affected() > 0)
}
