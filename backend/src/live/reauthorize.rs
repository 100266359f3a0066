//! A second look at who may hear what. The hub follows every row that lets somebody in or out, so this should never find
//! anything; if it does, that reader reads on from the log, and with it what they may hear.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use domain::{PersonId, Timestamp};
use tokio::task::AbortHandle;
use tokio::time::{MissedTickBehavior, interval};

use crate::accounts::open_sessions::Sessions;
use crate::database::{Readers, people};
use crate::live::hub::Hub;
use crate::{Clock, Error, SessionId};

/// How many people are asked about at once.
const PIECE: usize = 500;

/// Looks at every open stream that often.
pub(crate) fn watch(
    hub: Arc<Hub>,
    readers: Readers,
    sessions: Arc<Sessions>,
    clock: Clock,
    every: Duration,
) -> AbortHandle {
    let mut looks = interval(every.max(Duration::from_millis(1)));
    looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let looks = async move {
        looks.tick().await; // The first comes at once.
        loop {
            looks.tick().await;
            end_those_that_are_over(&hub, &sessions, clock.now());
            if let Err(error) = look(&hub, &readers).await {
                tracing::warn!(%error, "the rights of the open streams could not be read");
            }
        }
    };
    tokio::spawn(looks).abort_handle()
}

/// A session ends by itself when it has not been used for long enough. What guests have does not.
fn end_those_that_are_over(hub: &Hub, sessions: &Sessions, now: Timestamp) {
    for (person, session) in hub.sessions() {
        if session != SessionId::of_guest(person) && !sessions.is_open(session, now) {
            hub.end(person, &[session]);
        }
    }
}

async fn look(hub: &Hub, readers: &Readers) -> Result<(), Error> {
    let audience = hub.audience();
    let everyone: Vec<PersonId> = audience
        .iter()
        .map(|(_, person, ..)| *person)
        .collect::<BTreeSet<_>>()
        .into_iter()
        .collect();
    let mut may_hear = BTreeMap::new();
    for piece in everyone.chunks(PIECE) {
        may_hear.extend(people::lists(&mut *readers.acquire().await?, piece).await?);
    }
    for (id, person, hears) in audience {
        // Of one who has written nothing yet nothing is on disk.
        if let Some(lists) = may_hear.get(&person)
            && !hears.is_subset(lists)
        {
            tracing::info!(%person, "a stream had a list that its reader is not on, and continues from the log");
            hub.reread(id);
        }
    }
    Ok(())
}
