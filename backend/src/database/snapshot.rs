//! Reading some tasks of a list: for pages, for the trash, for catching up.

use std::collections::BTreeMap;
use std::iter::successors;

use domain::{ListId, Notes, PersonId, Task, TaskId};

use crate::Error;
use crate::database::Connection;
use crate::database::columns::{Columns, id_array};
use crate::database::open::limit;
use crate::database::tasks::{json_task, json_tasks, notes, select_tasks, task};

/// The tasks outside the trash with their notes, and whether those are all there are. Where there are more than `most`: the
/// first `most` of those that are open, and as many sections, so that a task is not read below another one.
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
             (select * from
                  (select * from tasks where list_id = $1 and deleted_at is null and section = 0 and (whole or done_at is null)
                   order by order_key limit $2)
              union all
              select * from
                  (select * from tasks where list_id = $1 and deleted_at is null and section = 1 order by order_key limit $2)
             ) as tasks) as tasks
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

/// A task in the trash and what was deleted with it, `most` of it at the most: what each is a part of comes before it.
pub(crate) async fn deleted_with(
    connection: &mut Connection,
    list: ListId,
    task: TaskId,
    most: usize,
) -> Result<Vec<TaskId>, Error> {
    let rows = sqlx::query(
        "with recursive parts (id, level, deleted_by, deleted_at) as (
             select id, 0, deleted_by, deleted_at from tasks where id = $2 and list_id = $1
             union all
             select tasks.id, level + 1, parts.deleted_by, parts.deleted_at
             from parts join tasks on tasks.parent = parts.id
             where tasks.deleted_by = parts.deleted_by and tasks.deleted_at = parts.deleted_at)
         select id from parts order by level limit $3",
    )
    .bind(list.as_bytes().to_vec())
    .bind(task.as_bytes().to_vec())
    .bind(limit(most))
    .fetch_all(connection)
    .await?;
    rows.iter().map(|row| row.id("id")).collect()
}

/// The tasks of a list that are in its trash, or those that are not: in the order of the list, but none before what it is a part of.
pub(crate) async fn ids(
    connection: &mut Connection,
    list: ListId,
    in_trash: bool,
) -> Result<Vec<TaskId>, Error> {
    let rows = sqlx::query(
        "select id, parent from tasks where list_id = $1 and (deleted_at is not null) = $2 order by order_key",
    )
    .bind(list.as_bytes().to_vec())
    .bind(in_trash)
    .fetch_all(connection)
    .await?;
    let tasks = rows
        .iter()
        .map(|row| Ok((row.id("id")?, row.maybe_id("parent")?)));
    let tasks: Vec<(TaskId, Option<TaskId>)> = tasks.collect::<Result<_, Error>>()?;
    let parents: BTreeMap<TaskId, Option<TaskId>> = tasks.iter().copied().collect();
    let above = |task: &TaskId| parents.get(task).copied().flatten();
    let level = |task: TaskId| successors(Some(task), above).take(Task::MOST_DEPTH + 1).count();
    let mut ids: Vec<TaskId> = tasks.into_iter().map(|(task, _)| task).collect();
    ids.sort_by_cached_key(|task| level(*task));
    Ok(ids)
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
