//! Reading some tasks of a list: for pages, for the trash, for catching up.

use std::collections::BTreeMap;

use domain::{ListId, Notes, PersonId, Task, TaskId};

use crate::Error;
use crate::database::Connection;
use crate::database::columns::{Columns, id_array};
use crate::database::open::limit;
use crate::database::tasks::{json_task, json_tasks, notes, select_tasks, task};

/// The tasks outside the trash with their notes, and whether those are all there are. Where there are more than `most`: the
/// first `most` of those that are open.
///
/// The tasks come as one JSON text: a driver's row copies each of its values, which took longer than everything else about
/// a list of 200. Notes, which may be long, come as rows.
pub(crate) async fn read(
    connection: &mut Connection,
    list: ListId,
    most: Option<usize>,
) -> Result<(Vec<Task>, bool), Error> {
    // Without a bound nothing needs to be counted.
    let all = most.is_none();
    let most = most.map_or(i64::MAX - 1, limit);
    let row = sqlx::query(concat!(
        "with few as (
             select $4 or count(*) <= $2 as whole from
             (select 1 from tasks where list_id = $1 and deleted_at is null limit $3))
         select whole, (select json_group_array(",
        json_task!(),
        ") from
             (select * from tasks where list_id = $1 and deleted_at is null and (whole or done_at is null)
              order by order_key limit $2) as tasks) as tasks
         from few"
    ))
    .bind(list.as_bytes().to_vec())
    .bind(most)
    .bind(if all { 0 } else { most.saturating_add(1) })
    .bind(all)
    .fetch_one(&mut *connection)
    .await?;
    let mut tasks = json_tasks(row.text("tasks")?)?;
    let noted = tasks.iter().filter(|(_, has_notes)| *has_notes);
    let noted: Vec<TaskId> = noted.map(|(task, _)| task.id).collect();
    if !noted.is_empty() {
        let mut notes = notes(connection, noted).await?;
        for (task, _) in &mut tasks {
            task.notes = notes.remove(&task.id).unwrap_or_default();
        }
    }
    let whole = row.number("whole")? != 0;
    Ok((tasks.into_iter().map(|(task, _)| task).collect(), whole))
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

/// The tasks of a list that are in its trash, or those that are not, in the order of the list.
pub(crate) async fn ids(
    connection: &mut Connection,
    list: ListId,
    in_trash: bool,
) -> Result<Vec<TaskId>, Error> {
    let rows = sqlx::query(
        "select id from tasks where list_id = $1 and (deleted_at is not null) = $2 order by order_key",
    )
    .bind(list.as_bytes().to_vec())
    .bind(in_trash)
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
