//! The handle to all of it: what there is behind it, closing, health, and what a page asks of its lists.

use crate::accounts::mfa::Mfa;
use crate::accounts::open_sessions::Sessions;
use crate::accounts::password::Passwords;
use crate::admin::admission::Admission;
use crate::admin::audit::Audit;
use crate::database::{Readers, audit};
use crate::flash::Flashes;
use crate::lists::jobs::{JobProgress, Jobs};
use crate::live::hub::Hub;
use crate::live::presence::Places;
use crate::write::memory::Resident;
use crate::write::queue::Queue;
use crate::write::request::{WriteOutcome, WriteRequest};
use crate::{AuditEvent, AuditRecord, Clock, Counts, Entry, Error, Flash, Health, Visitor};
use bytes::Bytes;
use domain::wire::{Answer, Beat, Hello, MOST_COMMANDS, Progress, Push, Reply, Snapshot};
use domain::{Epoch, ListId, PersonId, Timestamp};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::AbortHandle;

/// The handle: a clone is the same backend. When the last one is dropped, what was queued is still written.
#[derive(Clone)]
pub struct Backend {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub(crate) epoch: Epoch,
    pub(crate) heartbeat: Duration,
    pub(crate) readers: Readers,
    pub(crate) queue: Queue,
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
    pub(crate) flashes: Flashes,
    pub(crate) factors: Mfa,
    pub(crate) audit: Audit,
    pub(crate) tellers: [AbortHandle; 5],
}

impl Backend {
    /// Saves what is queued, ends every stream and closes the database. Whoever asks afterwards is told that it stopped.
    pub async fn close(&self) {
        self.inner.hub.drain();
        self.inner.audit.flush().await;
        self.inner.readers.close().await;
        self.inner.queue.close().await;
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

    /// Takes what a page says of itself. One who does not hear the list, having no stream or no right to it, says nothing.
    pub fn beat(&self, visitor: &Visitor, beat: &Beat) {
        self.inner.places.beat(&self.inner.hub, visitor.person(), beat);
    }

    /// Keeps what is to be shown to the visitor; the key that gives it back.
    pub fn keep_told(&self, visitor: &Visitor, told: Flash) -> Result<String, Error> {
        self.inner.flashes.keep(visitor.person(), self.now(), told)
    }

    /// What was kept for the visitor under that key, as long as it is.
    pub fn told(&self, visitor: &Visitor, key: &str) -> Option<Flash> {
        self.inner.flashes.of(visitor.person(), self.now(), key)
    }

    /// Begins a job of the visitor's and gives its id at once. `work` is handed the means to say how far it has come; an
    /// error of it is a sentence.
    pub fn start_job<W>(
        &self,
        visitor: &Visitor,
        kind: &str,
        sentence: &str,
        work: impl FnOnce(JobProgress) -> W,
    ) -> Result<String, Error>
    where
        W: Future<Output = ()> + Send + 'static,
    {
        let steps = self
            .inner
            .jobs
            .begin(&self.inner.hub, visitor.person(), kind, sentence)?;
        let id = steps.id().to_owned();
        tokio::spawn(work(steps));
        Ok(id)
    }

    /// How a job of the visitor's stands, and what it made.
    pub fn job(&self, visitor: &Visitor, id: &str) -> Option<(Progress, Option<Bytes>)> {
        self.inner.jobs.of(visitor.person(), id)
    }

    /// Forgets a job of the visitor's that has ended.
    pub fn forget_job(&self, visitor: &Visitor, id: &str) {
        self.inner.jobs.forget(visitor.person(), id);
    }

    /// Writes down that it happened. Never waits: it is on disk some two seconds later.
    pub fn audit(&self, entry: Entry) {
        self.inner.audit.tell(self.inner.clock.now(), entry);
    }

    /// What the audit log holds, the newest first: `most` rows before the one with that number, of one kind or of all.
    pub async fn audited(
        &self,
        before: Option<i64>,
        deed: Option<AuditEvent>,
        most: usize,
    ) -> Result<Vec<AuditRecord>, Error> {
        self.inner.audit.flush().await;
        let mut read = self.inner.readers.acquire().await?;
        audit::read(&mut read, before, deed, most).await
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
