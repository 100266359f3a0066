//! Erases what is left of deleted accounts: piece by piece through the writer's queue, so that others write in between.
//!
//! What is to be erased is on disk, written with the deletion itself. So this goes on after a restart from where it was, and nothing but
//! the rows there say what is to be done: the deletion only wakes it.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Notify;
use tokio::task::AbortHandle;
use tokio::time::timeout;

use crate::Error;
use crate::database::erase::next;
use crate::write::left::erase_piece;
use crate::write::queue::Queue;

/// How long until what could not be erased is tried again.
const AGAIN: Duration = Duration::from_secs(30);

/// Begins with what an earlier process left, and goes on whenever there is more.
pub(crate) fn begin(queue: Queue, more: Arc<Notify>) -> AbortHandle {
    let erase = async move {
        loop {
            match round(&queue).await {
                Ok(true) => more.notified().await,
                Ok(false) => drop(timeout(AGAIN, more.notified()).await),
                Err(Stopped) => return,
            }
        }
    };
    tokio::spawn(erase).abort_handle()
}

/// The writer writes no more.
struct Stopped;

/// Erases all that there is, one after the other; says whether all of it is gone. What cannot be erased keeps nothing else from it.
async fn round(queue: &Queue) -> Result<bool, Stopped> {
    let (mut after, mut is_all) = (0, true);
    loop {
        let found = queue.transact(move |connection| Box::pin(next(connection, after)), |_| {});
        match found.await {
            Ok(Some(id)) => {
                is_all &= erase(queue, id).await?;
                after = id;
            }
            Ok(None) => return Ok(is_all),
            Err(Error::Stopped) => return Err(Stopped),
            Err(error) => {
                tracing::warn!(%error, "what is left of deleted accounts could not be read");
                return Ok(false);
            }
        }
    }
}

/// Erases one of them; says whether it is gone.
async fn erase(queue: &Queue, id: i64) -> Result<bool, Stopped> {
    loop {
        let piece = queue.transact(move |connection| Box::pin(erase_piece(connection, id)), |_| {});
        match piece.await {
            Ok(true) => {}
            Ok(false) => return Ok(true),
            Err(Error::Stopped) => return Err(Stopped),
            Err(error) => {
                tracing::warn!(%error, id, "something of a deleted account could not be erased");
                return Ok(false);
            }
        }
    }
}
