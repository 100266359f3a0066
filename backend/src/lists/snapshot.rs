//! Reading for pages: who the visitor is, and one list. Each answer is as of one place in the log, read in the same
//! transaction, so that a stream from there on misses nothing.

use std::time::Duration;

use domain::wire::{Hello, Snapshot, WIRE};
use domain::{List, ListId, Notes, Refusal};
use sqlx::{SqliteConnection, SqlitePool};

use crate::database::columns::{Columns, id_array};
use crate::database::open::{Meta, limit};
use crate::database::people::{Standing, standing};
use crate::database::tasks;
use crate::{Error, Hole, Visitor};

/// Who the visitor is and which lists they have, as of the head.
pub(crate) async fn overview(
    readers: &SqlitePool,
    heartbeat: Duration,
    visitor: &Visitor,
) -> Result<Hello, Error> {
    let mut read = readers.begin().await?;
    let meta = Meta::read(&mut read).await?;
    let standing = standing(&mut read, visitor).await?;
    Ok(hello(&meta, meta.head, heartbeat, standing))
}

/// The first word of a stream that goes on from `seq`.
pub(crate) fn hello(meta: &Meta, seq: domain::Seq, heartbeat: Duration, standing: Standing) -> Hello {
    Hello {
        wire: WIRE,
        epoch: meta.epoch.clone(),
        seq,
        head: meta.head,
        heartbeat: u32::try_from(heartbeat.as_secs()).unwrap_or(u32::MAX).max(1),
        account: standing.account,
        lists: standing.lists,
    }
}

/// A list as of the head, without its bin. Where it has more than `most` tasks: the first `most` that are open.
pub(crate) async fn snapshot(
    readers: &SqlitePool,
    visitor: &Visitor,
    id: ListId,
    most: Option<usize>,
) -> Result<Snapshot, Error> {
    let mut read = readers.begin().await?;
    let meta = Meta::read(&mut read).await?;
    let list = tasks::headings(&mut read, id_array([id])).await?.remove(&id);
    let (list, whole) = match list {
        Some(list) if list.role(visitor.person()).is_some() || Hole::ForeignList.is_open() => {
            with_tasks(&mut read, list, most).await?
        }
        // Missing and forbidden answer alike.
        Some(_) => return Err(Refusal::NotFound.into()),
        None => match visitor.guest() {
            Some(guest) if guest.list == id && is_unwritten(&mut read, visitor).await? => {
                first_tasks(guest.first_list(), most)
            }
            _ => return Err(Refusal::NotFound.into()),
        },
    };
    Ok(Snapshot {
        epoch: meta.epoch,
        seq: meta.head,
        whole,
        list,
    })
}

async fn with_tasks(
    read: &mut SqliteConnection,
    mut list: List,
    most: Option<usize>,
) -> Result<(List, bool), Error> {
    let whole = match most {
        None => true,
        Some(most) => count(read, list.id, most).await? <= most,
    };
    let rows = sqlx::query(tasks::select_tasks!(
        ", body",
        "from tasks left join notes on notes.task_id = tasks.id
         where list_id = $1 and deleted_at is null and ($2 or done_at is null)
         order by order_key limit $3"
    ))
    .bind(list.id.as_bytes().to_vec())
    .bind(whole)
    .bind(most.filter(|_| !whole).map_or(-1, limit))
    .fetch_all(read)
    .await?;
    for row in rows {
        let body: Option<&str> = sqlx::Row::try_get(&row, "body")?;
        let notes = body.map_or_else(
            || Ok(Notes::default()),
            |body| Notes::parse(body).map_err(|problem| Error::Corrupt(problem.to_string())),
        );
        list.put(tasks::task(&row, notes?)?);
    }
    Ok((list, whole))
}

/// How many tasks the list has outside its bin; past `most` only that it has more.
async fn count(read: &mut SqliteConnection, list: ListId, most: usize) -> Result<usize, Error> {
    let row = sqlx::query(
        "select count(*) as count from
         (select 1 from tasks where list_id = $1 and deleted_at is null limit $2)",
    )
    .bind(list.as_bytes().to_vec())
    .bind(limit(most.saturating_add(1)))
    .fetch_one(read)
    .await?;
    Ok(usize::try_from(row.count("count")?).unwrap_or(usize::MAX))
}

fn first_tasks(mut list: List, most: Option<usize>) -> (List, bool) {
    let most = most.unwrap_or(usize::MAX);
    let extra: Vec<_> = list.tasks().skip(most).map(|task| task.id).collect();
    for task in &extra {
        list.take(*task);
    }
    (list, extra.is_empty())
}

/// Whether nothing of the visitor is on disk.
pub(crate) async fn is_unwritten(read: &mut SqliteConnection, visitor: &Visitor) -> Result<bool, Error> {
    let row = sqlx::query("select 1 from persons where id = $1")
        .bind(visitor.person().as_bytes().to_vec())
        .fetch_optional(read)
        .await?;
    Ok(row.is_none())
}
