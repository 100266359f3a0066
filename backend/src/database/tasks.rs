//! Reading lists whole: for the writer, which decides on them, and for those who check that all is well.

use std::collections::BTreeMap;

use domain::{
    Attribution, List, ListId, ListName, Member, Notes, OrderKey, Role, Task, TaskId, Timestamp, Title,
};
use sqlx::SqliteConnection;
use sqlx::sqlite::SqliteRow;

use crate::Error;
use crate::database::columns::{Columns, id_array};
use crate::database::people::profile;

/// The lists that there are of these, bins included, notes left out.
pub(crate) async fn lists(
    connection: &mut SqliteConnection,
    ids: impl IntoIterator<Item = ListId>,
) -> Result<BTreeMap<ListId, List>, Error> {
    let ids = id_array(ids);
    let mut lists = headings(connection, ids.clone()).await?;
    let rows = sqlx::query(
        "select id, list_id, title, order_key, added_by, added_at, done_by, done_at, deleted_by, deleted_at
         from tasks where list_id in (select unhex(value) from json_each($1))",
    )
    .bind(ids)
    .fetch_all(connection)
    .await?;
    for row in rows {
        if let Some(list) = lists.get_mut(&row.id("list_id")?) {
            list.put(task(&row, Notes::default())?);
        }
    }
    Ok(lists)
}

/// The lists with their members and no tasks. `ids` is a JSON array.
pub(crate) async fn headings(
    connection: &mut SqliteConnection,
    ids: String,
) -> Result<BTreeMap<ListId, List>, Error> {
    let rows = sqlx::query(
        "select id, name, version from lists where id in (select unhex(value) from json_each($1))",
    )
    .bind(ids.clone())
    .fetch_all(&mut *connection)
    .await?;
    let mut lists = BTreeMap::new();
    for row in rows {
        let id = row.id("id")?;
        let mut list = List::new(id, row.parsed("name", |name| ListName::parse(name).ok())?);
        list.version = row.version("version")?;
        lists.insert(id, list);
    }
    let rows = sqlx::query(
        "select members.list_id, members.person_id, members.role, persons.name, persons.colour
         from members join persons on persons.id = members.person_id
         where members.list_id in (select unhex(value) from json_each($1))",
    )
    .bind(ids)
    .fetch_all(connection)
    .await?;
    for row in rows {
        if let Some(list) = lists.get_mut(&row.id("list_id")?) {
            let member = Member {
                role: row.parsed("role", Role::parse)?,
                profile: profile(&row)?,
            };
            list.members.insert(row.id("person_id")?, member);
        }
    }
    Ok(lists)
}

/// The notes of those of the tasks that have any.
pub(crate) async fn notes(
    connection: &mut SqliteConnection,
    tasks: impl IntoIterator<Item = TaskId>,
) -> Result<BTreeMap<TaskId, Notes>, Error> {
    let rows = sqlx::query(
        "select task_id, body from notes where task_id in (select unhex(value) from json_each($1))",
    )
    .bind(id_array(tasks))
    .fetch_all(connection)
    .await?;
    rows.iter()
        .map(|row| {
            Ok((
                row.id("task_id")?,
                row.parsed("body", |body| Notes::parse(body).ok())?,
            ))
        })
        .collect()
}

/// The task in a row of `tasks`.
pub(crate) fn task(row: &SqliteRow, notes: Notes) -> Result<Task, Error> {
    Ok(Task {
        id: row.id("id")?,
        title: row.parsed("title", |title| Title::parse(title).ok())?,
        notes,
        order: row.parsed("order_key", OrderKey::parse)?,
        added: Attribution {
            by: row.id("added_by")?,
            at: Timestamp(row.count("added_at")?),
        },
        done: row.stamp("done_by", "done_at")?,
        deleted: row.stamp("deleted_by", "deleted_at")?,
    })
}
