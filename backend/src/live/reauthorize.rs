//! A second look at who may hear what. The hub follows every row that lets somebody in or out, so this should never find
//! anything; if it does, that reader reads on from the log, and with it what they may hear.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use domain::{ListId, PersonId, Timestamp};
use sqlx::SqlitePool;
use tokio::task::AbortHandle;
use tokio::time::{MissedTickBehavior, interval};

use crate::accounts::open_sessions::Sessions;
use crate::database::columns::{Columns, id_array};
use crate::live::hub::Hub;
use crate::{Clock, Error, SessionId};

/// How many people are asked about at once.
const PIECE: usize = 500;

/// Looks at every open stream that often.
pub(crate) fn watch(
    hub: Arc<Hub>,
    readers: SqlitePool,
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
                tracing::warn!(%error, "who may hear what could not be looked at");
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

async fn look(hub: &Hub, readers: &SqlitePool) -> Result<(), Error> {
    let audience = hub.audience();
    let people: Vec<PersonId> = audience
        .iter()
        .map(|(_, person, ..)| *person)
        .collect::<BTreeSet<_>>()
        .into_iter()
        .collect();
    let mut may_hear = BTreeMap::new();
    for piece in people.chunks(PIECE) {
        members(readers, piece, &mut may_hear).await?;
    }
    for (id, person, hears) in audience {
        // Of one who has written nothing yet nothing is on disk.
        if let Some(lists) = may_hear.get(&person)
            && !hears.is_subset(lists)
        {
            tracing::info!(%person, "a stream heard of a list that its reader is not in, and reads on from the log");
            hub.reread(id);
        }
    }
    Ok(())
}

async fn members(
    readers: &SqlitePool,
    people: &[PersonId],
    found: &mut BTreeMap<PersonId, BTreeSet<ListId>>,
) -> Result<(), Error> {
    let rows = sqlx::query(
        "select persons.id as person_id, members.list_id
         from persons left join members on members.person_id = persons.id
         where persons.id in (select unhex(value) from json_each($1))",
    )
    .bind(id_array(people.iter().copied()))
    .fetch_all(readers)
    .await?;
    for row in rows {
        let lists = found.entry(row.id("person_id")?).or_default();
        lists.extend(row.maybe_id::<ListId>("list_id")?);
    }
    Ok(())
}
