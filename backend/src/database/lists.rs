//! Lists without their tasks: their versions, how many tasks they say are open, which ids are taken.

use std::collections::{BTreeMap, HashSet};

use domain::{ListId, TaskId, Version};

use crate::Error;
use crate::database::Connection;
use crate::database::columns::{Columns, Id, id_array};

/// How many open tasks each list says that it has, and how much text.
pub(crate) async fn open(connection: &mut Connection) -> Result<Vec<(ListId, u64, u64)>, Error> {
    let rows = sqlx::query("select id, open, bytes from lists")
        .fetch_all(connection)
        .await?;
    rows.iter()
        .map(|row| Ok((row.id("id")?, row.count("open")?, row.count("bytes")?)))
        .collect()
}

/// How much text those of the lists hold that there are.
pub(crate) async fn bytes(
    connection: &mut Connection,
    ids: impl IntoIterator<Item = ListId>,
) -> Result<BTreeMap<ListId, i64>, Error> {
    let rows =
        sqlx::query("select id, bytes from lists where id in (select unhex(value) from json_each($1))")
            .bind(id_array(ids))
            .fetch_all(connection)
            .await?;
    rows.iter()
        .map(|row| Ok((row.id("id")?, row.number("bytes")?)))
        .collect()
}

/// The versions of those of the lists that there are.
pub(crate) async fn versions(
    connection: &mut Connection,
    ids: impl IntoIterator<Item = ListId>,
) -> Result<BTreeMap<ListId, Version>, Error> {
    let rows =
        sqlx::query("select id, version from lists where id in (select unhex(value) from json_each($1))")
            .bind(id_array(ids))
            .fetch_all(connection)
            .await?;
    rows.iter()
        .map(|row| Ok((row.id("id")?, row.version("version")?)))
        .collect()
}

/// Which of the ids a list or a task has.
pub(crate) async fn taken(
    connection: &mut Connection,
    ids: impl IntoIterator<Item = [u8; 16]>,
) -> Result<HashSet<[u8; 16]>, Error> {
    let rows = sqlx::query(
        "with ids (id) as (select unhex(value) from json_each($1))
         select id from ids where exists (select 1 from tasks where tasks.id = ids.id)
         or exists (select 1 from lists where lists.id = ids.id)",
    )
    .bind(id_array(ids.into_iter().map(TaskId::from_bytes)))
    .fetch_all(connection)
    .await?;
    rows.iter()
        .map(|row| Ok(*row.id::<TaskId>("id")?.blob()))
        .collect()
}
