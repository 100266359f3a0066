//! Reading for pages: who the visitor is, and one list. Each answer is as of one place in the log, read in the same
//! transaction, so that a stream from there on misses nothing.

use std::time::Duration;

use domain::wire::{Hello, Snapshot, WIRE};
use domain::{List, ListId, Refusal};

use crate::database::columns::id_array;
use crate::database::open::Meta;
use crate::database::people::{Standing, standing};
use crate::database::{Connection, Readers, people, snapshot as reading, tasks};
use crate::{Error, Visitor};

/// Who the visitor is and which lists they have, as of the head.
pub(crate) async fn overview(
    readers: &Readers,
    heartbeat: Duration,
    visitor: &Visitor,
) -> Result<Hello, Error> {
    let mut read = readers.begin().await?;
    let meta = Meta::read(&mut read).await?;
    let standing = standing(&mut read, visitor).await?;
    Ok(hello(&meta, meta.head, heartbeat, standing))
}

/// What a page begins with: who the visitor is, and a list as of the same head. Without an `id`: their own first list, or
/// else whichever they are in; none where they are in none.
pub(crate) async fn page(
    readers: &Readers,
    heartbeat: Duration,
    visitor: &Visitor,
    id: Option<ListId>,
    most: Option<usize>,
) -> Result<(Hello, Option<Snapshot>), Error> {
    let mut read = readers.begin().await?;
    let meta = Meta::read(&mut read).await?;
    let standing = standing(&mut read, visitor).await?;
    let first = visitor.first_list();
    let id = id
        .or_else(|| standing.lists.get(&first).map(|_| first))
        .or_else(|| standing.lists.first().map(|(id, _)| *id));
    let snapshot = match id {
        Some(id) => Some(at_head(&mut read, &meta, visitor, id, most).await?),
        None => None,
    };
    Ok((hello(&meta, meta.head, heartbeat, standing), snapshot))
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

/// A list as of the head, without its trash. Where it has more than `most` tasks: the first `most` that are open.
pub(crate) async fn snapshot(
    readers: &Readers,
    visitor: &Visitor,
    id: ListId,
    most: Option<usize>,
) -> Result<Snapshot, Error> {
    let mut read = readers.begin().await?;
    let meta = Meta::read(&mut read).await?;
    at_head(&mut read, &meta, visitor, id, most).await
}

/// A list without its tasks, as a transaction that reads finds it.
pub(crate) async fn heading(read: &mut Connection, visitor: &Visitor, id: ListId) -> Result<List, Error> {
    let meta = Meta::read(read).await?;
    Ok(at_head(read, &meta, visitor, id, Some(0)).await?.list)
}

async fn at_head(
    read: &mut Connection,
    meta: &Meta,
    visitor: &Visitor,
    id: ListId,
    most: Option<usize>,
) -> Result<Snapshot, Error> {
    let (list, is_written) = readable(read, visitor, id).await?;
    let (list, whole) = if is_written {
        with_tasks(read, list, most).await?
    } else {
        first_tasks(list, most)
    };
    Ok(Snapshot {
        epoch: meta.epoch.clone(),
        seq: meta.head,
        whole,
        list,
    })
}

/// A list that the visitor may read, and whether it is on disk: then its tasks are still to be read. A newcomer's is not, and is here whole.
pub(crate) async fn readable(
    read: &mut Connection,
    visitor: &Visitor,
    id: ListId,
) -> Result<(List, bool), Error> {
    match tasks::headings(read, id_array([id])).await?.remove(&id) {
        Some(list) if may_read(&list, visitor) => Ok((list, true)),
        // Missing and forbidden answer alike.
        Some(_) => Err(Refusal::NotFound.into()),
        None => match visitor.guest() {
            Some(guest) if guest.list == id && is_unwritten(read, visitor).await? => {
                Ok((guest.first_list(), false))
            }
            _ => Err(Refusal::NotFound.into()),
        },
    }
}

crate::guard! {
    /// Whether the list is the visitor's to read.
    fn may_read(list: &List, visitor: &Visitor) -> bool {
        list.role(visitor.person()).is_some()
    }
    ForeignList: true
}

pub(crate) async fn with_tasks(
    read: &mut Connection,
    mut list: List,
    most: Option<usize>,
) -> Result<(List, bool), Error> {
    let (tasks, whole) = reading::read(read, list.id, most).await?;
    for task in tasks {
        list.put(task);
    }
    Ok((list, whole))
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
pub(crate) async fn is_unwritten(read: &mut Connection, visitor: &Visitor) -> Result<bool, Error> {
    Ok(!people::is_there(read, visitor.person()).await?)
}
