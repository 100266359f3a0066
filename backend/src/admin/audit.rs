//! The audit log: who signed in, who let whom into a list, who was refused. For the operator, who may be asked.
//!
//! Telling it waits for nobody: entries go through a bounded channel to a task that writes what came together, within two
//! seconds. Whatever changed a list is in the log of changes anyway, in the transaction that did it; this is where one looks.
//! What happens alike in one moment is one row with a count, so a flood of refusals is no flood of rows.

pub(crate) mod entry;

use std::time::Duration;

use data_encoding::HEXLOWER;
use domain::{ListId, PersonId, Timestamp};
use serde_json::json;
use tokio::sync::{mpsc, oneshot};
use tokio::task::AbortHandle;
use tokio::time::{Instant, timeout_at};

use crate::Clock;
use crate::database::audit;
use crate::database::columns::number;
use crate::write::queue::Queue;

pub use entry::{AuditEvent, AuditRecord, Entry};

/// Entries that may wait to be written. When it is full the next are only in the server's log.
const QUEUE: usize = 1_024;

/// How long entries are gathered.
const GATHER: Duration = Duration::from_secs(2);

/// The most rows that are written at once.
const MOST: usize = 256;

/// How long a row is kept: 400 days, in milliseconds.
const KEPT: u64 = 400 * 24 * 60 * 60 * 1_000;

/// Where it is told. A clone is the same.
#[derive(Clone)]
pub(crate) struct Audit {
    told: mpsc::Sender<Told>,
}

enum Told {
    Entry(Timestamp, Entry),
    Flush(oneshot::Sender<()>),
}

impl Audit {
    /// Begins to write what is told.
    pub(crate) fn begin(queue: Queue, clock: Clock) -> (Self, AbortHandle) {
        let (told, heard) = mpsc::channel(QUEUE);
        let task = tokio::spawn(keep(heard, queue, clock));
        (Self { told }, task.abort_handle())
    }

    /// Tells it. Never waits.
    pub(crate) fn tell(&self, at: Timestamp, entry: Entry) {
        let Entry {
            deed,
            actor,
            person,
            list,
            address,
            detail,
        } = &entry;
        // At this level, since whoever runs the server reads what matters of it in plain words there already.
        tracing::debug!(
            deed = deed.word(),
            ?actor,
            ?person,
            ?list,
            ?address,
            detail,
            "audit"
        );
        if self.told.try_send(Told::Entry(at, entry)).is_err() {
            tracing::warn!("the queue of the audit log is full, so this event is only here");
        }
    }

    /// Returns when all that was told is written.
    pub(crate) async fn flush(&self) {
        let (done, is_done) = oneshot::channel();
        if self.told.send(Told::Flush(done)).await.is_ok() {
            let _ = is_done.await;
        }
    }
}

async fn keep(mut heard: mpsc::Receiver<Told>, queue: Queue, clock: Clock) {
    let mut last_swept = None;
    while let Some(first) = heard.recv().await {
        let (until, mut next) = (Instant::now() + GATHER, Some(first));
        let mut rows: Vec<(Timestamp, Entry, u64)> = Vec::new();
        let mut waiting = None;
        while let Some(told) = next.take() {
            match told {
                Told::Entry(at, entry) => match rows.iter_mut().find(|(_, known, _)| *known == entry) {
                    Some((_, _, times)) => *times += 1,
                    None => rows.push((at, entry, 1)),
                },
                Told::Flush(done) => {
                    waiting = Some(done);
                    break;
                }
            }
            if rows.len() < MOST {
                next = timeout_at(until, heard.recv()).await.ok().flatten();
            }
        }
        let now = clock.now().0;
        if !rows.is_empty() {
            // Once a day is often enough.
            let sweeps = last_swept.is_none_or(|last: u64| now.saturating_sub(last) > KEPT / 400);
            if sweeps {
                last_swept = Some(now);
            }
            let oldest = sweeps.then(|| Timestamp(now.saturating_sub(KEPT)));
            write(&queue, text(&rows), oldest).await;
        }
        if let Some(done) = waiting {
            let _ = done.send(());
        }
    }
}

/// The rows as one JSON text.
fn text(rows: &[(Timestamp, Entry, u64)]) -> String {
    let hex = |id: Option<&[u8; 16]>| id.map(|id| HEXLOWER.encode(id));
    let row = |(at, entry, times): &(Timestamp, Entry, u64)| {
        json!([
            number(at.0),
            entry.deed.word(),
            hex(entry.actor.as_ref().map(PersonId::as_bytes)),
            hex(entry.person.as_ref().map(PersonId::as_bytes)),
            hex(entry.list.as_ref().map(ListId::as_bytes)),
            entry.address.map(|address| address.to_string()),
            entry.detail,
            number(*times),
        ])
    };
    serde_json::Value::from(rows.iter().map(row).collect::<Vec<_>>()).to_string()
}

/// Writes the rows, and drops those from before `oldest`.
async fn write(queue: &Queue, rows: String, oldest: Option<Timestamp>) {
    let written = queue.transact(
        move |connection| {
            Box::pin(async move {
                audit::insert(connection, rows).await?;
                if let Some(oldest) = oldest {
                    audit::sweep(connection, oldest).await?;
                }
                Ok(())
            })
        },
        |()| {},
    );
    if let Err(error) = written.await {
        tracing::warn!(%error, "the audit log could not be written");
    }
}
