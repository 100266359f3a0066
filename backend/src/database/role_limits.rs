//! Who is to be no more than an owner made of them, in which list.

use domain::{ListId, PersonId, Role, RoleLimit, Timestamp};
use sqlx::Row;

use crate::Error;
use crate::database::Connection;
use crate::database::columns::{Columns, JsonRows, senseless};

/// The limits that there are of those persons in those lists.
pub(crate) async fn find(
    connection: &mut Connection,
    asked: impl IntoIterator<Item = (ListId, PersonId)>,
) -> Result<Vec<((ListId, PersonId), RoleLimit)>, Error> {
    let mut rows = JsonRows::default();
    for (list, person) in asked {
        rows.row().id(&list).id(&person);
    }
    let rows = sqlx::query(
        "select list_id, person_id, role, set_at from role_limits
         where (list_id, person_id) in (select unhex(value ->> 0), unhex(value ->> 1) from json_each($1))",
    )
    .bind(rows.finish())
    .fetch_all(connection)
    .await?;
    rows.iter()
        .map(|row| {
            let role: Option<&str> = row.try_get("role")?;
            let role = role.map(|role| Role::parse(role).ok_or_else(|| senseless("role")));
            let limit = RoleLimit {
                role: role.transpose()?,
                since: Timestamp(row.count("set_at")?),
            };
            Ok(((row.id("list_id")?, row.id("person_id")?), limit))
        })
        .collect()
}
