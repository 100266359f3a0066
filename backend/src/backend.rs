//! The handle to all of it: what there is behind it, the push, closing and health. What belongs to one wing is asked of that wing's
//! handle, as in `backend.lists().snapshot(…)`.

use crate::accounts::mfa::UnderWay;
use crate::accounts::open_sessions::Sessions;
use crate::accounts::password::Passwords;
use crate::admin::admission::Admission;
use crate::admin::audit::Audit;
use crate::database::Readers;
use crate::flash::Flashes;
use crate::lists::export_files::ExportFiles;
use crate::lists::import_files::ImportFiles;
use crate::lists::jobs::Jobs;
use crate::lists::shared_snapshots::SharedSnapshots;
use crate::live::hub::Hub;
use crate::live::presence::Places;
use crate::write::memory::Resident;
use crate::write::pieces::pieces;
use crate::write::queue::Queue;
use crate::write::request::{WriteOutcome, WriteRequest};
use crate::{Clock, Error, Flash, Health, Holder, Household, Visitor};
use domain::wire::{Answer, Push, Reply};
use domain::{Epoch, PersonId, Timestamp};
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
    pub(crate) exports: Arc<ExportFiles>,
    pub(crate) imports: Arc<ImportFiles>,
    /// The most bytes of text in one list.
    pub(crate) list_bytes: u64,
    pub(crate) snapshots: SharedSnapshots,
    pub(crate) flashes: Flashes,
    pub(crate) under_way: Arc<UnderWay>,
    pub(crate) audit: Audit,
    pub(crate) tellers: [AbortHandle; 6],
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

    /// Does what a page asks, exactly once. What is answered is on disk, and once queued it is done even if nobody waits for the answer.
    ///
    /// The first so many commands are answered: up to [`MOST_COMMANDS`](domain::wire::MOST_COMMANDS), to the first that changes how the
    /// person appears, and to the first that they may not write yet. A page sends the others again. Where none is answered for that last
    /// reason, the error says how long to wait.
    pub async fn push(&self, visitor: &Visitor, push: Push) -> Result<Reply, Error> {
        let epoch = self.inner.epoch.clone();
        if push.person != visitor.person() {
            return Ok(Reply::OtherPerson {
                person: visitor.person(),
            });
        }
        if push.epoch != epoch {
            return Ok(Reply::OtherEpoch { epoch });
        }
        let (mut answers, mut gap) = (Vec::new(), None);
        for piece in pieces(WriteRequest::all(push)) {
            let command_seqs: Vec<_> = piece.iter().filter_map(WriteRequest::command_seq).collect();
            let judged = match self.ask(visitor, piece).await {
                Ok(judged) => judged,
                // What a piece before it came to is known; the page asks the rest again, and hears why it is not done.
                Err(_) if !answers.is_empty() => break,
                Err(error) => return Err(error),
            };
            let count = answers.len() + command_seqs.len();
            for (command_seq, judged) in command_seqs.into_iter().zip(judged) {
                match judged {
                    WriteOutcome::Answered(outcome) => answers.push(Answer { command_seq, outcome }),
                    WriteOutcome::Gap { expected } => {
                        gap = Some(expected);
                        break;
                    }
                    WriteOutcome::Expired => return Ok(Reply::Expired { epoch }),
                    WriteOutcome::Later(error) if answers.is_empty() => return Err(error),
                    WriteOutcome::Later(_)
                    | WriteOutcome::Shared(_)
                    | WriteOutcome::Exists
                    | WriteOutcome::Refused(_)
                    | WriteOutcome::Again
                    | WriteOutcome::Outside => break,
                }
            }
            if answers.len() < count {
                break;
            }
        }
        Ok(Reply::Answered {
            epoch,
            answers,
            expected: gap,
        })
    }

    /// What is wrong with what is on disk, a sentence each; nothing, if the log makes exactly what the tables hold. Reads
    /// everything there is.
    pub async fn check(&self) -> Result<Vec<String>, Error> {
        crate::lists::check::check(&self.inner.readers).await
    }

    /// Keeps what is to be shown to the visitor, who asked from there, on their next page; gives the key for it.
    pub fn keep_flash(&self, visitor: &Visitor, household: Household, flash: Flash) -> Result<String, Error> {
        self.check_right(visitor)?;
        let holder = Holder {
            person: visitor.person(),
            household: Some(household),
        };
        self.inner.flashes.keep(holder, self.now(), flash)
    }

    /// What was kept for the visitor under that key, as long as it is.
    pub fn flash(&self, visitor: &Visitor, key: &str) -> Option<Flash> {
        self.inner.flashes.of(visitor.person(), self.now(), key)
    }

    /// The time.
    pub fn now(&self) -> Timestamp {
        self.inner.clock.now()
    }

    /// The time so many seconds from now.
    pub fn in_seconds(&self, seconds: u32) -> Timestamp {
        let later = u64::from(seconds) * 1_000;
        Timestamp(self.now().0.saturating_add(later))
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
