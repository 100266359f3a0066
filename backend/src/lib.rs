//! What keeps Tandem: the database, the one write path, the log, and the hub that tells everyone. Knows nothing of HTTP.
//!
//! A [`Push`] waits in one queue; one task, the only writer, takes what is there, decides it by the law of `domain`,
//! writes it in one transaction, and when that is on disk answers the callers and hands the rows to the hub, in the
//! order of the log. Readers have connections of their own. A stream is a [`Subscriber`]: what it missed from the log,
//! then what comes from the hub.

mod account_name;
mod accounts;
mod admission;
mod asking;
mod audit;
mod authority;
mod away;
mod batch;
mod binned;
mod cache;
mod check;
mod chores;
mod clock;
mod columns;
mod config;
mod denied;
mod departure;
mod errand;
mod error;
mod export;
mod factors;
mod filter;
mod frame;
#[cfg(test)]
mod fuzz;
mod hole;
mod house;
mod hub;
mod identity;
mod inbox;
mod invitations;
mod jobs;
mod keeper;
mod link;
mod list_invitations;
mod lists;
mod log;
mod normal;
mod operator;
mod orders;
mod password;
mod people;
mod pictures;
mod presence;
mod random;
mod reset;
mod session;
mod sessions;
mod sharing;
mod sign_in;
mod snapshot;
mod state;
mod stats;
mod store;
mod subscriber;
mod token;
mod told;
mod visitor;
mod writer;

use std::sync::Arc;
use std::time::Duration;

use domain::wire::{Answer, Hello, MOST_COMMANDS, Push, Reply, Snapshot};
use domain::{At, Epoch, ListId, PersonId};
use sqlx::SqlitePool;
use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::AbortHandle;
use tokio::time::{MissedTickBehavior, interval};

use crate::admission::Admission;
use crate::audit::Audit;
use crate::batch::{Ask, Judged};
use crate::factors::Factors;
use crate::hub::Hub;
use crate::jobs::Jobs;
use crate::password::Passwords;
use crate::presence::Places;
use crate::sessions::Sessions;
use crate::state::{Resident, State};
use crate::store::Store;
use crate::told::Tolds;
use crate::writer::{Message, QUEUE, Writer};

pub use account_name::{AccountName, NameProblem};
pub use audit::{Audited, Deed, Entry};
pub use away::Meanwhile;
pub use binned::Bin;
pub use clock::Clock;
pub use config::Config;
pub use denied::Denied;
pub use departure::{Fate, GONE, Leaving};
pub use error::{Error, OpenError};
pub use factors::{
    Challenge, HalfIn, NoSite, PasskeyId, PasskeyInfo, Proof, RecoveryCodes, Registered, Site, TotpSecret,
    Ways, read_totp,
};
pub use filter::{Filter, Kinds};
pub use frame::Frame;
pub use hole::Hole;
pub use house::{Fixed, Guests, House, SignUp};
pub use identity::Identity;
pub use inbox::{Offer, Outlet};
pub use invitations::{Invitation, Invite};
pub use jobs::{Outcome, Steps};
pub use link::parse_code;
pub use list_invitations::{Invited, Waiting};
pub use operator::{Code, is_same_secret, operator_code};
pub use orders::{Listed, Order, OrderError, list_people, order};
pub use password::{Cost, Password};
pub use people::{People, Person};
pub use pictures::Picture;
pub use presence::Beat;
pub use reset::RESET_WORKS;
pub use session::{Limits, Method, Session, SessionId, Whence};
pub use sharing::{Links, MadeLink, Terms};
pub use sign_in::{SignIn, SignInName, SignedIn};
pub use stats::{Counts, Delays};
pub use subscriber::{Line, Subscriber};
pub use token::Token;
pub use told::Told;
pub use visitor::Visitor;

/// The handle: a clone is the same backend. When the last one is dropped, what was queued is still written.
#[derive(Clone)]
pub struct Backend {
    inner: Arc<Inner>,
}

struct Inner {
    epoch: Epoch,
    heartbeat: Duration,
    readers: SqlitePool,
    queue: mpsc::Sender<Message>,
    health: watch::Receiver<Health>,
    resident: Arc<Resident>,
    hub: Arc<Hub>,
    clock: Clock,
    /// Who the operator is. Only this process changes that, and says so here at once.
    operator: watch::Sender<Option<PersonId>>,
    sessions: Arc<Sessions>,
    admission: Arc<Admission>,
    passwords: Passwords,
    places: Arc<Places>,
    jobs: Arc<Jobs>,
    tolds: Tolds,
    factors: Factors,
    audit: Audit,
    tellers: [AbortHandle; 5],
}

/// Whether the backend reads and writes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Health {
    /// It does.
    Good,
    /// It reads; there is no room to write.
    DiskFull,
    /// It writes no more, for this reason.
    Stopped(String),
}

impl Backend {
    /// Opens the database, making it and its folder if need be. Wants a Tokio runtime with time.
    pub async fn open(config: Config) -> Result<Self, OpenError> {
        let Store {
            lock,
            writer: connection,
            readers,
            meta,
            operator,
        } = Store::open(&config).await?;
        let (queue, requests) = mpsc::channel(QUEUE);
        let (say, health) = watch::channel(Health::Good);
        let resident = Arc::new(Resident::default());
        let corrupt = |error: Error| OpenError::Corrupt(config.path().unwrap_or_default(), error.to_string());
        let ended = sessions::ended(&readers).await.map_err(corrupt)?;
        let sessions = Sessions::load(&readers, config.limits).await.map_err(corrupt)?;
        let sessions = Arc::new(sessions);
        let operator = watch::Sender::new(operator);
        let admission = Admission::load(
            &readers,
            config.fixed,
            Arc::clone(&sessions),
            operator.subscribe(),
        );
        let admission = Arc::new(admission.await.map_err(corrupt)?);
        let hub = Arc::new(Hub::new(meta.epoch.clone(), meta.head, ended));
        let (audit, keeper) = Audit::begin(queue.clone(), config.clock.clone());
        let writer = Writer {
            connection,
            lock,
            state: State::new(&meta, config.cache_bytes, Arc::clone(&resident)),
            queue: requests,
            hub: Arc::clone(&hub),
            audit: audit.clone(),
            admission: Arc::clone(&admission),
            health: say,
            clock: config.clock.clone(),
            batch: config.batch,
            unlooked: 0,
        };
        tokio::spawn(writer.run());
        let places = Arc::new(Places::default());
        let tellers = [
            tell(Arc::clone(&hub)),
            beat(Arc::clone(&hub), config.heartbeat),
            authority::watch(
                Arc::clone(&hub),
                readers.clone(),
                Arc::clone(&sessions),
                config.clock.clone(),
                config.second_look,
            ),
            presence::watch(Arc::clone(&places), Arc::clone(&hub)),
            keeper,
        ];
        let inner = Inner {
            epoch: meta.epoch,
            heartbeat: config.heartbeat,
            readers,
            queue,
            health,
            resident,
            hub,
            clock: config.clock,
            operator,
            sessions,
            admission,
            passwords: Passwords::new(config.cost),
            places,
            jobs: Arc::default(),
            tolds: Tolds::default(),
            factors: Factors::default(),
            audit,
            tellers,
        };
        let this = Self {
            inner: Arc::new(inner),
        };
        keeper::keep(&this);
        Ok(this)
    }

    /// Saves what is queued, ends every stream and closes the database. Whoever asks afterwards is told that it stopped.
    pub async fn close(&self) {
        self.inner.hub.drain();
        self.inner.audit.flush().await;
        self.inner.readers.close().await;
        let (done, closed) = oneshot::channel();
        if self.inner.queue.send(Message::Close(done)).await.is_ok() {
            let _ = closed.await;
        }
    }

    /// Which lifetime of the database this is.
    pub fn epoch(&self) -> &Epoch {
        &self.inner.epoch
    }

    /// Does what a page asks, exactly once. It is on disk when this returns, and once queued it is done even if nobody
    /// waits for the answer. Of more than [`MOST_COMMANDS`] commands the first so many are answered.
    pub async fn push(&self, visitor: &Visitor, mut push: Push) -> Result<Reply, Error> {
        let epoch = self.inner.epoch.clone();
        if push.person != visitor.person() {
            return Ok(Reply::OtherPerson {
                person: visitor.person(),
            });
        }
        if push.epoch != epoch {
            return Ok(Reply::OtherEpoch { epoch });
        }
        push.commands.truncate(MOST_COMMANDS);
        let mids: Vec<_> = push.commands.iter().map(|numbered| numbered.mid).collect();
        let asks = Ask::all(push);
        let judged = self.ask(visitor, asks).await?;
        let mut answers = Vec::with_capacity(mids.len());
        for (mid, judged) in mids.into_iter().zip(judged) {
            match judged {
                Judged::Answered(outcome) => answers.push(Answer { mid, outcome }),
                Judged::Gap { expected } => {
                    return Ok(Reply::Answered {
                        epoch,
                        answers,
                        expected: Some(expected),
                    });
                }
                Judged::Expired => return Ok(Reply::Expired { epoch }),
                Judged::Shared(_) | Judged::Exists | Judged::Refused(_) | Judged::Again | Judged::Outside => {
                }
            }
        }
        Ok(Reply::Answered {
            epoch,
            answers,
            expected: None,
        })
    }

    /// Who the visitor is and which lists they have, as of the head.
    pub async fn overview(&self, visitor: &Visitor) -> Result<Hello, Error> {
        snapshot::overview(&self.inner.readers, self.inner.heartbeat, visitor).await
    }

    /// A list as of the head, without its bin. Where it has more than `most` tasks: the first `most` that are open.
    pub async fn snapshot(
        &self,
        visitor: &Visitor,
        list: ListId,
        most: Option<usize>,
    ) -> Result<Snapshot, Error> {
        snapshot::snapshot(&self.inner.readers, visitor, list, most).await
    }

    /// What is wrong with what is on disk, a sentence each; nothing, if the log makes exactly what the tables hold. Reads
    /// everything there is.
    pub async fn check(&self) -> Result<Vec<String>, Error> {
        check::check(&self.inner.readers).await
    }

    /// The time.
    pub fn now(&self) -> At {
        self.inner.clock.now()
    }

    /// How many streams are open.
    pub fn live_streams(&self) -> usize {
        self.inner.hub.live()
    }

    /// What has been counted since the start.
    pub fn counts(&self) -> Counts {
        self.inner.hub.counts()
    }

    /// Ends every stream after what it has; new ones end at once.
    pub fn drain(&self) {
        self.inner.hub.drain();
    }

    /// Whether the backend reads and writes.
    pub fn health(&self) -> Health {
        self.inner.health.borrow().clone()
    }

    /// Returns when the backend writes no more, with a sentence that says why. The process should end: a restart recovers.
    pub async fn stopped(&self) -> String {
        let mut health = self.inner.health.clone();
        match health
            .wait_for(|health| matches!(health, Health::Stopped(_)))
            .await
            .as_deref()
        {
            Ok(Health::Stopped(sentence)) => sentence.clone(),
            _ => "The writer ended, which it never should.".to_owned(),
        }
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.hub.drain();
        self.tellers.iter().for_each(AbortHandle::abort);
    }
}

fn tell(hub: Arc<Hub>) -> AbortHandle {
    tokio::spawn(hub.run()).abort_handle()
}

/// One sweep for all streams.
fn beat(hub: Arc<Hub>, every: Duration) -> AbortHandle {
    let mut beats = interval(every.max(Duration::from_millis(1)));
    beats.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let beats = async move {
        beats.tick().await; // The first comes at once.
        loop {
            beats.tick().await;
            hub.heartbeat().await;
        }
    };
    tokio::spawn(beats).abort_handle()
}
