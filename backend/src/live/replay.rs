//! Reading the log: what a reader at some place in it has missed. One function serves a stream that begins, one that
//! begins again, and one whose reader was too slow.

use std::collections::BTreeSet;
use std::time::Duration;

use domain::sync::{Production, Protocol, Resume};
use domain::wire::{Cursor, Event, Heartbeat, Reset};
use domain::{Epoch, ListId, LiteMap, Seq};

use crate::database::columns::JsonRows;
use crate::database::erase::being_erased;
use crate::database::open::Meta;
use crate::database::people::{Standing, standing};
use crate::database::{Connection, Readers, log};
use crate::lists::snapshot::hello;
use crate::{Error, Filter, Frame, Kinds, Visitor};

/// The most rows that are replayed; a reader who missed more is better off with the lists as they are.
const MOST_ROWS: usize = 1_000;

/// The most bytes of changes that are replayed.
const MOST_BYTES: u64 = 1024 * 1024;

/// Where a reader wants to go on.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Start {
    /// At the head, a newcomer.
    Head,
    /// Where they stand, by their own account.
    Cursor(Cursor),
    /// Where nobody can read.
    Nonsense,
    /// Where this stream has come to.
    Own(Seq),
}

/// What a reader is told before what is live.
pub(crate) struct Missed {
    pub(crate) frames: Vec<Frame>,
    /// Everything up to here has been said.
    pub(crate) through: Seq,
    /// The lists that the person is in as of then.
    pub(crate) lists: BTreeSet<ListId>,
}

impl Start {
    /// What the text of a cursor says; absent or empty, it says nothing.
    pub(crate) fn parse(text: Option<&str>) -> Self {
        match text {
            None | Some("") => Self::Head,
            Some(text) => Cursor::parse(text).map_or(Self::Nonsense, Self::Cursor),
        }
    }
}

/// What the visitor missed, membership and log being read in one transaction.
pub(crate) async fn missed(
    readers: &Readers,
    heartbeat: Duration,
    visitor: &Visitor,
    filter: &Filter,
    from: &Start,
) -> Result<Missed, Error> {
    let mut read = readers.begin().await?;
    let meta = Meta::read(&mut read).await?;
    let mut standing = standing(&mut read, visitor).await?;
    standing.lists.retain(|list, _| filter.wants(*list));
    standing.joined.retain(|list, _| filter.wants(*list));
    let resume = match from {
        Start::Head => Resume::From(meta.head),
        Start::Nonsense => Resume::Reset("cursor_unknown"),
        Start::Cursor(cursor) => Production.resume(cursor, &meta.epoch, meta.head, meta.oldest),
        Start::Own(seq) => Resume::From(*seq),
    };
    let replay = match resume {
        Resume::From(since) if !filter.kinds.contains(Kinds::CHANGE) => Ok((since, Vec::new())),
        Resume::From(since) => rows(&mut read, &meta.epoch, visitor, &standing, since, meta.head)
            .await?
            .map(|rows| (since, rows))
            .ok_or("cursor_too_old"),
        Resume::Reset(reason) => Err(reason),
    };
    drop(read);

    let through = meta.head;
    let lists: BTreeSet<ListId> = standing.lists.keys().copied().collect();
    let say = |event| Frame::new(&meta.epoch, &event);
    let mut frames = Vec::new();
    match replay {
        Ok((since, rows)) => {
            if !matches!(from, Start::Own(_)) {
                frames.push(say(Event::Hello(hello(&meta, since, heartbeat, standing))));
            }
            frames.extend(rows);
        }
        Err(reason) => {
            let reset = Reset {
                reason: reason.to_owned(),
                seq: through,
                lists: lists.iter().copied().collect(),
            };
            frames.push(say(Event::Hello(hello(&meta, through, heartbeat, standing))));
            frames.push(say(Event::Reset(reset)));
        }
    }
    frames.push(say(Event::Heartbeat(Heartbeat {
        seq: through,
        versions: LiteMap::new(),
    })));
    Ok(Missed {
        frames,
        through,
        lists,
    })
}

/// The rows after `since` that the person may see, in order; none if there are too many.
async fn rows(
    read: &mut Connection,
    epoch: &Epoch,
    visitor: &Visitor,
    standing: &Standing,
    since: Seq,
    head: Seq,
) -> Result<Option<Vec<Frame>>, Error> {
    if since >= head {
        return Ok(Some(Vec::new()));
    }
    let mut topics = JsonRows::default();
    topics.row().text("person").id(&visitor.person()).count(since.0);
    for (list, joined) in &standing.joined {
        let after = Production.replay_after(since, *joined);
        topics.row().text("list").id(list).count(after.0);
    }
    let topics = topics.finish();
    let size = log::size_of_topics(read, &topics, MOST_ROWS + 1).await?;
    if size.rows > MOST_ROWS as u64 || size.bytes > MOST_BYTES {
        return Ok(None);
    }
    let departed = being_erased(read).await?;
    let rows = log::of_topics(read, &topics, &departed).await?;
    let frames = rows
        .iter()
        .map(|(head, changes)| Frame::row(epoch, head, changes, None));
    Ok(Some(frames.collect()))
}
