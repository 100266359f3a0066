//! The handle to all of it: opening, closing, health, and what a page asks of its lists.

use crate::accounts::mfa::Mfa;
use crate::accounts::password::Passwords;
use crate::accounts::sessions::Sessions;
use crate::admin::admission::Admission;
use crate::admin::audit::Audit;
use crate::database::Readers;
use crate::database::open::Store;
use crate::flash::Flashes;
use crate::lists::jobs::Jobs;
use crate::live::hub::Hub;
use crate::live::presence::Places;
use crate::write::batch::{WriteOutcome, WriteRequest};
use crate::write::memory::{Resident, State};
use crate::write::writer::{Message, QUEUE, Writer};
use crate::{Clock, Config, Counts, Error, OpenError, Visitor};
use domain::wire::{Answer, Hello, MOST_COMMANDS, Push, Reply, Snapshot};
use domain::{Epoch, ListId, PersonId, Timestamp};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::AbortHandle;
use tokio::time::{MissedTickBehavior, interval};

/// The handle: a clone is the same backend. When the last one is dropped, what was queued is still written.
#[derive(Clone)]
pub struct Backend {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub(crate) epoch: Epoch,
    pub(crate) heartbeat: Duration,
    pub(crate) readers: Readers,
    pub(crate) queue: mpsc::Sender<Message>,
    pub(crate) health: watch::Receiver<Health>,
    pub(crate) resident: Arc<Resident>,
    pub(crate) hub: Arc<Hub>,
    pub(crate) clock: Clock,
    /// Who the operator is. Only this process changes that, and says so here at once.
    pub(crate) operator: watch::Sender<Option<PersonId>>,
    pub(crate) sessions: Arc<Sessions>,
    pub(crate) admission: Arc<Admission>,
    pub(crate) passwords: Passwords,
    pub(crate) places: Arc<Places>,
    pub(crate) jobs: Arc<Jobs>,
    pub(crate) tolds: Flashes,
    pub(crate) factors: Mfa,
    pub(crate) audit: Audit,
    pub(crate) tellers: [AbortHandle; 5],
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
        let ended = crate::accounts::sessions::ended(&readers)
            .await
            .map_err(corrupt)?;
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
            crate::live::reauthorize::watch(
                Arc::clone(&hub),
                readers.clone(),
                Arc::clone(&sessions),
                config.clock.clone(),
                config.second_look,
            ),
            crate::live::presence::watch(Arc::clone(&places), Arc::clone(&hub)),
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
            tolds: Flashes::default(),
            factors: Mfa::default(),
            audit,
            tellers,
        };
        let this = Self {
            inner: Arc::new(inner),
        };
        crate::maintenance::keep(&this);
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
        let asks = WriteRequest::all(push);
        let judged = self.ask(visitor, asks).await?;
        let mut answers = Vec::with_capacity(mids.len());
        for (mid, judged) in mids.into_iter().zip(judged) {
            match judged {
                WriteOutcome::Answered(outcome) => answers.push(Answer { mid, outcome }),
                WriteOutcome::Gap { expected } => {
                    return Ok(Reply::Answered {
                        epoch,
                        answers,
                        expected: Some(expected),
                    });
                }
                WriteOutcome::Expired => return Ok(Reply::Expired { epoch }),
                WriteOutcome::Shared(_)
                | WriteOutcome::Exists
                | WriteOutcome::Refused(_)
                | WriteOutcome::Again
                | WriteOutcome::Outside => {}
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
        crate::lists::snapshot::overview(&self.inner.readers, self.inner.heartbeat, visitor).await
    }

    /// A list as of the head, without its bin. Where it has more than `most` tasks: the first `most` that are open.
    pub async fn snapshot(
        &self,
        visitor: &Visitor,
        list: ListId,
        most: Option<usize>,
    ) -> Result<Snapshot, Error> {
        crate::lists::snapshot::snapshot(&self.inner.readers, visitor, list, most).await
    }

    /// What is wrong with what is on disk, a sentence each; nothing, if the log makes exactly what the tables hold. Reads
    /// everything there is.
    pub async fn check(&self) -> Result<Vec<String>, Error> {
        crate::lists::check::check(&self.inner.readers).await
    }

    /// The time.
    pub fn now(&self) -> Timestamp {
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
