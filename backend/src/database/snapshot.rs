//! Reading some tasks of a list: for pages, for the trash, for catching up.

use std::collections::BTreeMap;

use domain::{ListId, Notes, PersonId, Task, TaskId};
use sqlx::Row;

use crate::Error;
use crate::database::Connection;
use crate::database::columns::{Columns, id_array};
use crate::database::open::limit;
use crate::database::tasks::{select_tasks, task};

/// How many tasks the list has outside its trash; past `most` only that it has more.
pub(crate) async fn count(connection: &mut Connection, list: ListId, most: usize) -> Result<usize, Error> {
    let row = sqlx::query(
        "select count(*) as count from
         (select 1 from tasks where list_id = $1 and deleted_at is null limit $2)",
    )
    .bind(list.as_bytes().to_vec())
    .bind(limit(most.saturating_add(1)))
    .fetch_one(connection)
    .await?;
    Ok(usize::try_from(row.count("count")?).unwrap_or(usize::MAX))
}

/// The tasks outside the trash with their notes, in order; with `most`, so many of those that are open.
pub(crate) async fn read(
    connection: &mut Connection,
    list: ListId,
    most: Option<usize>,
) -> Result<Vec<Task>, Error> {
    let rows = sqlx::query(select_tasks!(
        ", body",
        "from tasks left join notes on notes.task_id = tasks.id
         where list_id = $1 and deleted_at is null and ($2 or done_at is null)
         order by order_key limit $3"
    ))
    .bind(list.as_bytes().to_vec())
    .bind(most.is_none())
    .bind(most.map_or(-1, limit))
    .fetch_all(connection)
    .await?;
    rows.iter()
        .map(|row| {
            let body: Option<&str> = row.try_get("body")?;
            let notes = body.map_or_else(
                || Ok(Notes::default()),
                |body| Notes::parse(body).map_err(|problem| Error::Corrupt(problem.to_string())),
            );
            task(row, notes?)
        })
        .collect()
}

/// The latest `most` in the trash without their notes, and how many there are in all; nothing for who may only look.
pub(crate) async fn trash(
    connection: &mut Connection,
    person: PersonId,
    list: ListId,
    most: usize,
) -> Result<(Vec<Task>, u64), Error> {
    let rows = sqlx::query(select_tasks!(
        ", count(*) over () as count",
        "from tasks
         where list_id = $1 and deleted_at is not null and exists
             (select 1 from members where list_id = $1 and person_id = $2 and role <> 'viewer')
         order by deleted_at desc, order_key limit $3"
    ))
    .bind(list.as_bytes().to_vec())
    .bind(person.as_bytes().to_vec())
    .bind(limit(most))
    .fetch_all(connection)
    .await?;
    let count = rows.first().map_or(Ok(0), |row| row.count("count"))?;
    let tasks = rows.iter().map(|row| task(row, Notes::default()));
    Ok((tasks.collect::<Result<_, _>>()?, count))
}

/// What is in the trash, in the order of the list.
pub(crate) async fn trashed(connection: &mut Connection, list: ListId) -> Result<Vec<TaskId>, Error> {
    let rows =
        sqlx::query("select id from tasks where list_id = $1 and deleted_at is not null order by order_key")
            .bind(list.as_bytes().to_vec())
            .fetch_all(connection)
            .await?;
    rows.iter().map(|row| row.id("id")).collect()
}

/// Those tasks by now, without their notes, those in the trash too.
pub(crate) async fn by_id(
    connection: &mut Connection,
    ids: impl Iterator<Item = TaskId>,
) -> Result<BTreeMap<TaskId, Task>, Error> {
    let rows = sqlx::query(select_tasks!(
        "from tasks where id in (select unhex(value) from json_each($1))"
    ))
    .bind(id_array(ids))
    .fetch_all(connection)
    .await?;
    rows.iter()
        .map(|row| {
            let task = task(row, Notes::default())?;
            Ok((task.id, task))
        })
        .collect()
}
