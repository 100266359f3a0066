//! What others did to a list since somebody last looked at it, read from the log.

use std::collections::BTreeMap;

use domain::sync::{Production, Protocol, Resume};
use domain::wire::Cursor;
use domain::{CatchUp, Change, ListId, PersonId, Profile, Refusal, Row, Seq, catch_up};

use crate::database::erase::being_erased;
use crate::database::open::Meta;
use crate::database::people::accounts;
use crate::database::{Connection, Readers, log, members, snapshot};
use crate::lists::snapshot::is_unwritten;
use crate::{Error, Lists, Visitor};

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

impl Lists<'_> {
    /// What others did to a list after that place in the log, as far as it is the visitor's to know.
    pub async fn catch_up(self, visitor: &Visitor, list: ListId, since: &Cursor) -> Result<Missed, Error> {
        meanwhile(&self.backend.inner.readers, visitor, list, since).await
    }
}

async fn meanwhile(
    readers: &Readers,
    visitor: &Visitor,
    list: ListId,
    since: &Cursor,
) -> Result<Missed, Error> {
    let mut read = readers.begin().await?;
    let meta = Meta::read(&mut read).await?;
    let joined = match members::joined(&mut read, visitor.person(), list).await? {
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
        let actors = log::others(
            &mut read,
            visitor.person(),
            list,
            after,
            MOST_ROWS + 1,
            MOST_NAMED,
        )
        .await?;
        let mut accounts = accounts(&mut read, actors.iter().copied()).await?;
        let profiles = actors.iter().filter_map(|actor| accounts.remove(actor));
        return Ok(Missed::Much(profiles.map(|account| account.profile).collect()));
    };
    let touched = rows.iter().flat_map(|row| &row.changes).filter_map(Change::task);
    let tasks = snapshot::by_id(&mut read, touched).await?;
    let catch_up = catch_up(&rows, |task| tasks.get(&task).cloned());
    let people = accounts(&mut read, catch_up.people.iter().map(|deeds| deeds.person)).await?;
    let profiles = people
        .into_iter()
        .map(|(person, account)| (person, account.profile));
    Ok(Missed::Changes(catch_up, profiles.collect()))
}

/// The rows of others after that one, in order; none if there are too many. What the server wrote by itself is nobody's deed.
async fn rows(
    read: &mut Connection,
    visitor: &Visitor,
    list: ListId,
    after: Seq,
) -> Result<Option<Vec<Row>>, Error> {
    let me = visitor.person();
    let size = log::size_of_others(read, me, list, after, MOST_ROWS + 1).await?;
    if size.rows > MOST_ROWS as u64 || size.bytes > MOST_BYTES {
        return Ok(None);
    }
    let departed = being_erased(read).await?;
    log::of_others(read, me, list, after, &departed).await.map(Some)
}
