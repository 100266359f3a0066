//! Who runs the server, and the code by which somebody becomes that.

use domain::{PersonId, Timestamp};

use crate::Error;
use crate::database::columns::{Columns, number};
use crate::database::{Connection, DriverError};

/// Who the operator is, if anybody.
pub(crate) async fn operator(connection: &mut Connection) -> Result<Option<PersonId>, Error> {
    sqlx::query("select person_id from operator")
        .fetch_one(connection)
        .await?
        .maybe_id("person_id")
}

/// Puts the hash of a new code in place of any other.
pub(crate) async fn set_code(connection: &mut Connection, hash: [u8; 32]) -> Result<(), DriverError> {
    sqlx::query("update operator set code = $1")
        .bind(hash.to_vec())
        .execute(connection)
        .await
        .map(drop)
}

/// The same while there is no operator. False if there is one, and then nothing is changed.
pub(crate) async fn offer_code(connection: &mut Connection, hash: [u8; 32]) -> Result<bool, Error> {
    let changed = sqlx::query("update operator set code = $1 where person_id is null")
        .bind(hash.to_vec())
        .execute(connection)
        .await?;
    Ok(changed.rows_affected() == 1)
}

/// The hash of the code that makes an operator, if one does.
pub(crate) async fn code(connection: &mut Connection) -> Result<Option<Vec<u8>>, Error> {
    Ok(sqlx::query_scalar("select code from operator")
        .fetch_one(connection)
        .await?)
}

/// No code makes anybody the operator from here on.
pub(crate) async fn remove_code(connection: &mut Connection) -> Result<(), Error> {
    sqlx::query("update operator set code = null")
        .execute(connection)
        .await?;
    Ok(())
}

/// Makes somebody the operator.
pub(crate) async fn set(connection: &mut Connection, person: PersonId, at: Timestamp) -> Result<(), Error> {
    sqlx::query("update operator set person_id = $1, since = $2")
        .bind(person.as_bytes().to_vec())
        .bind(number(at.0))
        .execute(connection)
        .await?;
    Ok(())
}
