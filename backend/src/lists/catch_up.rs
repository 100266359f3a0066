//! What others did to a list since somebody last looked at it, read from the log.

use std::collections::BTreeMap;

use domain::sync::{Production, Protocol, Resume};
use domain::wire::Cursor;
use domain::{CatchUp, Change, ListId, PersonId, Profile, Refusal, Row, Seq, TaskId, catch_up};
use sqlx::{SqliteConnection, SqlitePool};

use crate::database::columns::{Columns, id_array, number};
use crate::database::open::{Meta, limit};
use crate::database::people::accounts;
use crate::database::tasks;
use crate::lists::snapshot::is_unwritten;
use crate::live::replay::row_of;
use crate::{Backend, Error, Visitor};

/// The most rows that are told one by one. Who missed more is better off looking at the list.
const MOST_ROWS: usize = 500;

/// The most bytes of changes that are read for it.
const MOST_BYTES: u64 = 1024 * 1024;

/// The most people who are named where there is too much to tell.
const MOST_NAMED: usize = 50;

/// What others did to a list since then.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Missed {
    /// This, and how those who did it appear.
    Changes(CatchUp, BTreeMap<PersonId, Profile>),
    /// More than can be told, by these at the least.
    Much(Vec<Profile>),
    /// Nobody can tell any more: the log does not reach back so far, or the database is another than then.
    Unknown,
}

impl Backend {
    /// What others did to a list after that place in the log, as far as it is the visitor's to know.
    pub async fn meanwhile(&self, visitor: &Visitor, list: ListId, since: &Cursor) -> Result<Missed, Error> {
        meanwhile(&self.inner.readers, visitor, list, since).await
    }

    /// How those appear who are in the list.
    pub async fn people(
        &self,
        visitor: &Visitor,
        list: ListId,
    ) -> Result<BTreeMap<PersonId, Profile>, Error> {
        let members = self.snapshot(visitor, list, Some(0)).await?.list.members;
        let profiles = members
            .into_iter()
            .map(|(person, member)| (person, member.profile));
        Ok(profiles.collect())
    }
}

async fn meanwhile(
    readers: &SqlitePool,
    visitor: &Visitor,
    list: ListId,
    since: &Cursor,
) -> Result<Missed, Error> {
    let mut read = readers.begin().await?;
    let meta = Meta::read(&mut read).await?;
    let joined = match joined(&mut read, visitor, list).await? {
        Some(joined) => joined,
        None if visitor.first_list() == list && is_unwritten(&mut read, visitor).await? => meta.head,
        // Missing and forbidden answer alike.
        None => return Err(Refusal::NotFound.into()),
    };
    let Resume::From(since) = Production.resume(since, &meta.epoch, meta.head, meta.oldest) else {
        return Ok(Missed::Unknown);
    };
    let after = Production.replay_after(since, joined);
    let Some(rows) = rows(&mut read, visitor, list, after).await? else {
        let actors = actors(&mut read, visitor, list, after).await?;
        let mut accounts = accounts(&mut read, actors.iter().copied()).await?;
        let profiles = actors.iter().filter_map(|actor| accounts.remove(actor));
        return Ok(Missed::Much(profiles.map(|account| account.profile).collect()));
    };
    let touched = rows.iter().flat_map(|row| &row.changes).filter_map(Change::task);
    let tasks = tasks(&mut read, touched).await?;
    let catch_up = catch_up(&rows, |task| tasks.get(&task).cloned());
    let people = accounts(&mut read, catch_up.people.iter().map(|deeds| deeds.person)).await?;
    let profiles = people
        .into_iter()
        .map(|(person, account)| (person, account.profile));
    Ok(Missed::Changes(catch_up, profiles.collect()))
}

/// The row that made the visitor a member.
async fn joined(read: &mut SqliteConnection, visitor: &Visitor, list: ListId) -> Result<Option<Seq>, Error> {
    let row = sqlx::query("select joined_seq from members where list_id = $1 and person_id = $2")
        .bind(list.as_bytes().to_vec())
        .bind(visitor.person().as_bytes().to_vec())
        .fetch_optional(read)
        .await?;
    row.map(|row| row.seq("joined_seq")).transpose()
}

/// The rows of others after that one, in order; none if there are too many. What the server wrote by itself is nobody's deed.
async fn rows(
    read: &mut SqliteConnection,
    visitor: &Visitor,
    list: ListId,
    after: Seq,
) -> Result<Option<Vec<Row>>, Error> {
    let topic = list.as_bytes().to_vec();
    let me = visitor.person().as_bytes().to_vec();
    let size = sqlx::query(
        "select count(*) as rows, coalesce(sum(bytes), 0) as bytes from
         (select octet_length(changes) as bytes from log
          where topic = $1 and kind = 'list' and seq > $2 and actor <> $3 and client is not null
          order by seq limit $4)",
    )
    .bind(topic.clone())
    .bind(number(after.0))
    .bind(me.clone())
    .bind(limit(MOST_ROWS + 1))
    .fetch_one(&mut *read)
    .await?;
    if size.count("rows")? > MOST_ROWS as u64 || size.count("bytes")? > MOST_BYTES {
        return Ok(None);
    }
    let rows = sqlx::query(
        "select seq, kind, topic, version, actor, client, mid, at, changes from log
         where topic = $1 and kind = 'list' and seq > $2 and actor <> $3 and client is not null
         order by seq",
    )
    .bind(topic)
    .bind(number(after.0))
    .bind(me)
    .fetch_all(read)
    .await?;
    rows.iter().map(row_of).collect::<Result<_, Error>>().map(Some)
}

/// Who of the others wrote the first rows after that one, the busiest first.
async fn actors(
    read: &mut SqliteConnection,
    visitor: &Visitor,
    list: ListId,
    after: Seq,
) -> Result<Vec<PersonId>, Error> {
    let rows = sqlx::query(
        "select actor from
         (select actor from log
          where topic = $1 and kind = 'list' and seq > $2 and actor <> $3 and client is not null
          order by seq limit $4)
         group by actor order by count(*) desc, actor limit $5",
    )
    .bind(list.as_bytes().to_vec())
    .bind(number(after.0))
    .bind(visitor.person().as_bytes().to_vec())
    .bind(limit(MOST_ROWS + 1))
    .bind(limit(MOST_NAMED))
    .fetch_all(read)
    .await?;
    rows.iter().map(|row| row.id("actor")).collect()
}

/// The tasks by now, those in the bin too.
async fn tasks(
    read: &mut SqliteConnection,
    ids: impl Iterator<Item = TaskId>,
) -> Result<BTreeMap<TaskId, domain::Task>, Error> {
    let rows = sqlx::query(tasks::select_tasks!(
        "from tasks where id in (select unhex(value) from json_each($1))"
    ))
    .bind(id_array(ids))
    .fetch_all(read)
    .await?;
    rows.iter()
        .map(|row| {
            let task = tasks::task(row, domain::Notes::default())?;
            Ok((task.id, task))
        })
        .collect()
}
