//! Reading the log: what a reader at some place in it has missed. One function serves a stream that begins, one that
//! begins again, and one whose reader was too slow.

use std::collections::BTreeSet;
use std::time::Duration;

use domain::sync::{Production, Protocol, Resume};
use domain::wire::{Cursor, Event, Heartbeat, Reset};
use domain::{CommandSeq, Epoch, ListId, LiteMap, Row, Seq, Timestamp, Topic};
use sqlx::{SqliteConnection, SqlitePool};

use crate::database::columns::{Columns, JsonRows};
use crate::database::open::{Meta, limit};
use crate::database::people::{Standing, standing};
use crate::lists::snapshot::hello;
use crate::live::frame::RowHead;
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
    readers: &SqlitePool,
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
    read: &mut SqliteConnection,
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
    let row = sqlx::query(
        "select count(*) as rows, coalesce(sum(bytes), 0) as bytes from
         (select octet_length(log.changes) as bytes
          from json_each($1) as topic cross join log
          on log.topic = unhex(topic.value ->> 1) and log.kind = topic.value ->> 0 and log.seq > topic.value ->> 2
          limit $2)",
    )
    .bind(topics.clone())
    .bind(limit(MOST_ROWS + 1))
    .fetch_one(&mut *read)
    .await?;
    if row.count("rows")? > MOST_ROWS as u64 || row.count("bytes")? > MOST_BYTES {
        return Ok(None);
    }
    let rows = sqlx::query(
        "select log.seq, log.kind, log.topic, log.version, log.actor, log.client, log.mid, log.at, log.changes
         from json_each($1) as topic cross join log
         on log.topic = unhex(topic.value ->> 1) and log.kind = topic.value ->> 0 and log.seq > topic.value ->> 2
         order by log.seq",
    )
    .bind(topics)
    .fetch_all(read)
    .await?;
    let frames = rows
        .iter()
        .map(|row| Ok(Frame::row(epoch, &head_of(row)?, row.text("changes")?, None)));
    frames.collect::<Result<_, Error>>().map(Some)
}

/// A row of the log but for its changes.
pub(crate) fn head_of(row: &sqlx::sqlite::SqliteRow) -> Result<RowHead, Error> {
    let topic = match row.text("kind")? {
        "list" => Topic::List(row.id("topic")?),
        "person" => Topic::Person(row.id("topic")?),
        other => return Err(Error::Corrupt(format!("a log row of kind {other}"))),
    };
    Ok(RowHead {
        seq: row.seq("seq")?,
        topic,
        version: row.version("version")?,
        actor: row.id("actor")?,
        client: row.maybe_id("client")?,
        mid: row.maybe_count("mid")?.map(CommandSeq),
        at: Timestamp(row.count("at")?),
    })
}

/// A row of the log whole.
pub(crate) fn row_of(row: &sqlx::sqlite::SqliteRow) -> Result<Row, Error> {
    let head = head_of(row)?;
    let changes =
        serde_json::from_str(row.text("changes")?).map_err(|error| Error::Corrupt(error.to_string()))?;
    Ok(Row {
        seq: head.seq,
        topic: head.topic,
        version: head.version,
        actor: head.actor,
        client: head.client,
        mid: head.mid,
        at: head.at,
        changes,
    })
}
