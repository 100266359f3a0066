//! Erasing: most of it is what the foreign keys of the schema do.

use domain::{ListId, PersonId, Seq, Timestamp};

use crate::database::columns::{id_array, number};
use crate::database::{Connection, DriverError};

/// Erases lists, with all that is in them and what the log held of them.
pub(crate) async fn lists(connection: &mut Connection, ids: &[ListId]) -> Result<(), DriverError> {
    let ids = id_array(ids.iter().copied());
    for statement in [
        "delete from lists where id in (select unhex(value) from json_each($1))",
        // The rows stay, since they are numbered; nothing is in them.
        "update log set changes = '[]'
         where kind = 'list' and topic in (select unhex(value) from json_each($1))",
    ] {
        sqlx::query(statement)
            .bind(ids.clone())
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

/// Erases somebody's account with all that guards it, their picture, the invitations that they made or had, and what the log held of
/// them before that row. The row in `persons` stays: it has a name that nobody has.
pub(crate) async fn person(
    connection: &mut Connection,
    person: PersonId,
    before: Seq,
    at: Timestamp,
) -> Result<(), DriverError> {
    for statement in [
        "delete from pictures where person_id = $1",
        "delete from list_invitations where made_by = $1",
        "delete from invitation_mutes where person_id = $1 or muted = $1",
        // The name is free: whoever takes it next was not asked into these lists.
        "delete from list_invitations where name_key = (select name_key from accounts where person_id = $1)",
        "delete from accounts where person_id = $1",
        "update signup_codes set made_by = null where made_by = $1",
        "update operator set person_id = null, since = null where person_id = $1",
    ] {
        sqlx::query(statement)
            .bind(person.as_bytes().to_vec())
            .execute(&mut *connection)
            .await?;
    }
    sqlx::query("update log set changes = '[]' where kind = 'person' and topic = $1 and seq < $2")
        .bind(person.as_bytes().to_vec())
        .bind(number(before.0))
        .execute(&mut *connection)
        .await?;
    for statement in [
        "insert into departed (person_id, at) values ($1, $2) on conflict (person_id) do nothing",
        "insert into ended_sessions (person_id, at) values ($1, $2) on conflict (person_id) do nothing",
    ] {
        sqlx::query(statement)
            .bind(person.as_bytes().to_vec())
            .bind(number(at.0))
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}
