//! The one writer: takes what waits in the queue, decides it, writes it in one transaction, answers.
//!
//! There is no timer: while one transaction reaches the disk the next fills up, so a lone caller waits for nobody and
//! many share the cost of one sync.

use std::mem::take;
use std::sync::Arc;

use domain::{List, Refusal, Timestamp};
use tokio::sync::{Notify, mpsc, oneshot, watch};

use crate::admin::admission::Admission;
use crate::admin::audit::{Audit, Entry};
use crate::database::open::Lock;
use crate::database::{Connection, DriverError, connection as connections};
use crate::live::hub::Hub;
use crate::write::batch::Batch;
use crate::write::load::Preloaded;
use crate::write::memory::{State, Touched};
use crate::write::pace::Pace;
use crate::write::queue::{Message, Request};
use crate::write::request::{VisitorRequest, WriteOutcome, WriteRequest};
use crate::write::transaction::WriteTransaction;
use crate::{Clock, Error, Health};

/// The size of the write-ahead log, in bytes, from which on it is copied into the database when nobody waits.
const CHECKPOINT_IDLE: i64 = 4 * 1024 * 1024;

/// The same when somebody always waits.
const CHECKPOINT_BUSY: i64 = 64 * 1024 * 1024;

/// Commands after which the size of the write-ahead log is looked at: when nobody waits, and when somebody always does.
const LOOK: (usize, usize) = (256, 4_096);

/// The bytes that a transaction may write before others have their turn: about a tenth of a second on a slow disk. One request is never
/// split, and has no more than [`PIECE`](super::pieces::PIECE).
const MOST_BYTES: u64 = 2 * 1024 * 1024;

/// As how many commands a transaction beside the log counts: so many of them are done before others have their turn.
const TRANSACTION: usize = 32;

pub(crate) struct Writer {
    pub(crate) connection: Connection,
    pub(crate) lock: Lock,
    pub(crate) state: State,
    pub(crate) queue: mpsc::Receiver<Message>,
    pub(crate) hub: Arc<Hub>,
    pub(crate) audit: Audit,
    pub(crate) admission: Arc<Admission>,
    pub(crate) pace: Pace,
    pub(crate) health: watch::Sender<Health>,
    pub(crate) clock: Clock,
    /// The most commands that share one transaction, but that one request is never split.
    pub(crate) batch: usize,
    /// Commands since the size of the write-ahead log was looked at.
    pub(crate) unlooked: usize,
    /// Woken once more is to be erased.
    pub(crate) erasing: Arc<Notify>,
}

/// Why a transaction came to nothing.
#[derive(Debug)]
enum Failure {
    /// Something in it is not as the database wants it, or cannot be read: no other command need suffer.
    Command(Error),
    /// There is no room, or the database is locked. Nothing happened.
    Later(Error),
    /// Nobody knows what happened.
    Disk(String),
}

impl Writer {
    /// Serves until nobody can ask any more, somebody wants it closed, or the disk fails.
    pub(crate) async fn run(mut self) {
        let mut closing = None;
        while closing.is_none()
            && let Some(message) = self.queue.recv().await
        {
            let (mut requests, mut count, mut bytes) = (Vec::new(), 0, 0);
            let mut transactions = Vec::new();
            // What takes long is the last of its transaction: nobody waits for more than one of them.
            let mut is_long = false;
            let mut next = Some(message);
            while let Some(message) = next.take() {
                match message {
                    Message::Request(request) => {
                        count += request.asks.len();
                        bytes += self.most_bytes(&request.asks);
                        is_long |= request.asks.iter().any(WriteRequest::is_long);
                        requests.push(*request);
                    }
                    Message::WriteTransaction(transaction) => {
                        // Each waits for the disk by itself.
                        count += TRANSACTION;
                        transactions.push(transaction);
                    }
                    Message::Close(done) => {
                        closing = Some(done);
                        break;
                    }
                }
                if count < self.batch && bytes < MOST_BYTES && !is_long {
                    next = self.queue.try_recv().ok();
                }
            }
            // Nobody counts what they write.
            let looks = !transactions.is_empty();
            let mut result = self.serve(requests).await;
            for transaction in transactions {
                if result.is_ok() {
                    result = self.run_transaction(transaction).await;
                }
            }
            self.unlooked += count;
            let result = match result {
                Ok(()) => self.checkpoint(looks).await,
                Err(reason) => Err(reason),
            };
            if let Err(reason) = result {
                return self.stop(reason).await;
            }
        }
        self.close(closing).await;
    }

    /// The most bytes that these may write. Notes are merged, so what is asked says little.
    fn most_bytes(&self, asks: &[WriteRequest]) -> u64 {
        let bytes = asks
            .iter()
            .map(|ask| ask.most_bytes(|list| self.state.most_notes(list)));
        bytes.sum()
    }

    /// Does what the requests ask and answers them. An error says why the backend must stop.
    async fn serve(&mut self, requests: Vec<Request>) -> Result<(), String> {
        let (mut units, mut loaded, mut callers) = (Vec::new(), Vec::new(), Vec::new());
        for Request {
            by,
            visitor,
            household,
            asks,
            loaded: lists,
            answer,
        } in requests
        {
            callers.push((asks.len(), answer));
            loaded.extend(lists);
            let unit = |ask| VisitorRequest {
                by,
                visitor,
                household,
                ask,
            };
            units.extend(asks.into_iter().map(unit));
        }
        let mut outcomes: Vec<Result<WriteOutcome, Error>> = Vec::with_capacity(units.len());
        let mut broken = None;
        match self.commit(&units, loaded).await {
            Ok(judged) => outcomes.extend(judged.into_iter().map(Ok)),
            Err(Failure::Later(error)) => outcomes.extend(units.iter().map(|_| Err(error.clone()))),
            Err(Failure::Disk(reason)) => broken = Some(reason),
            Err(Failure::Command(_)) => {
                for unit in &mut units {
                    match self.alone(unit).await {
                        Ok(outcome) => outcomes.push(outcome),
                        Err(reason) => {
                            broken = Some(reason);
                            break;
                        }
                    }
                }
            }
        }
        outcomes.resize_with(units.len(), || Err(Error::Unknown));
        let mut outcomes = outcomes.into_iter();
        for (count, caller) in callers {
            // One who no longer waits will ask again and be told the same.
            let _ = caller.send(outcomes.by_ref().take(count).collect());
        }
        broken.map_or(Ok(()), Err)
    }

    /// Does one command in a transaction of its own. One that the database itself turns down is refused for good, or
    /// it would be asked for ever.
    async fn alone(&mut self, unit: &mut VisitorRequest) -> Result<Result<WriteOutcome, Error>, String> {
        for last in [false, true] {
            let error = match self.commit(std::slice::from_ref(unit), Vec::new()).await {
                Ok(judged) => return Ok(judged.into_iter().next().ok_or(Error::Unknown)),
                Err(Failure::Disk(reason)) => return Err(reason),
                Err(Failure::Later(error)) => return Ok(Err(error)),
                Err(Failure::Command(error)) => error,
            };
            match &mut unit.ask {
                WriteRequest::Command {
                    client,
                    command_seq,
                    command,
                    ..
                } if !last && matches!(error, Error::Database(_)) => {
                    tracing::error!(%client, %command_seq, ?error, "the database turned a command down");
                    *command = Err(Refusal::Malformed);
                }
                _ => return Ok(Err(error)),
            }
        }
        Ok(Err(Error::Unknown))
    }

    /// Decides and writes the units in one transaction. On failure memory is as if nothing had been asked.
    async fn commit(
        &mut self,
        units: &[VisitorRequest],
        loaded: Vec<List>,
    ) -> Result<Vec<WriteOutcome>, Failure> {
        let now = self.clock.now().max(self.state.at);
        let known = Preloaded::load(&mut self.connection, &mut self.state, units, loaded, now).await;
        let known = known.map_err(Failure::from)?;
        let before = (self.state.head, self.state.at);
        let mut batch = Batch::new(&mut self.state, &self.admission, &self.pace, known, now);
        let judged = units.iter().map(|unit| batch.judge(unit)).collect();
        let decided = batch.finish();
        if decided.is_empty() {
            self.tell(decided.at, decided.audit);
            self.state.settle(&decided.touched);
            return Ok(judged);
        }
        match decided.write(&mut self.connection, &self.state).await {
            Ok(()) => {
                self.state.at = decided.at;
                self.admission.met(decided.touched.accounts.iter().copied());
                self.state.settle(&decided.touched);
                for left in &decided.left {
                    self.state.erase(left);
                    let ended = self.admission.forget(left.person);
                    self.hub.end(left.person, &ended);
                }
                if !decided.left.is_empty() {
                    self.erasing.notify_one();
                }
                self.hub.publish(decided.rows);
                self.tell(decided.at, decided.audit);
                if *self.health.borrow() == Health::DiskFull {
                    tracing::info!("there is room on the disk again");
                    self.health.send_replace(Health::Good);
                }
                Ok(judged)
            }
            Err(error) => {
                (self.state.head, self.state.at) = before;
                decided
                    .charged
                    .iter()
                    .for_each(|charge| self.pace.give_back(charge));
                Err(self.failed(&decided.touched, error).await)
            }
        }
    }

    fn tell(&self, at: Timestamp, entries: Vec<Entry>) {
        for entry in entries {
            self.audit.tell(at, entry);
        }
    }

    async fn failed(&mut self, touched: &Touched, error: DriverError) -> Failure {
        self.state.forget(touched);
        let failure = Failure::from(Error::from(error));
        if !matches!(failure, Failure::Disk(_)) {
            connections::rollback(&mut self.connection).await;
        }
        if matches!(failure, Failure::Later(Error::DiskFull))
            && self.health.send_replace(Health::DiskFull) != Health::DiskFull
        {
            tracing::error!("the disk is full: nothing can be saved until there is room again");
        }
        failure
    }

    /// Does something beside the log. An error says why the backend must stop.
    async fn run_transaction(&mut self, transaction: WriteTransaction) -> Result<(), String> {
        survived(transaction.run(&mut self.connection).await)
    }

    /// Copies the write-ahead log into the database when it has grown. Only this connection ever does.
    async fn checkpoint(&mut self, looks: bool) -> Result<(), String> {
        let idle = self.queue.is_empty();
        let (most, due) = if idle {
            (CHECKPOINT_IDLE, LOOK.0)
        } else {
            (CHECKPOINT_BUSY, LOOK.1)
        };
        // What was counted stays counted: a look that came early finds too little.
        match self.unlooked >= due {
            true => self.unlooked = 0,
            false if looks => {}
            false => return Ok(()),
        }
        let result = connections::checkpoint(&mut self.connection, most).await;
        match result.map_err(|error| Failure::from(Error::from(error))) {
            Err(Failure::Disk(reason)) => Err(reason),
            // No room to copy to: the log has it all, and the next write will say so.
            Err(Failure::Command(_) | Failure::Later(_)) | Ok(()) => Ok(()),
        }
    }

    /// After a failure of the disk nothing that SQLite or the system has in memory can be trusted: only a restart reads
    /// what is there.
    async fn stop(mut self, reason: String) {
        tracing::error!(reason, "the backend stops");
        let sentence =
            format!("The disk failed while writing, so nothing more is saved until a restart: {reason}.");
        self.health.send_replace(Health::Stopped(sentence));
        self.queue.close();
        while let Ok(message) = self.queue.try_recv() {
            match message {
                Message::Request(request) => drop(request.answer.send(Err(Error::Stopped))),
                Message::WriteTransaction(transaction) => transaction.refuse(Error::Stopped).await,
                Message::Close(_) => {}
            }
        }
        self.hub.drain();
    }

    async fn close(mut self, done: Option<oneshot::Sender<()>>) {
        self.queue.close();
        let mut rest = Vec::new();
        while let Ok(message) = self.queue.try_recv() {
            match message {
                Message::Request(request) => rest.push(*request),
                Message::WriteTransaction(transaction) => transaction.refuse(Error::Stopped).await,
                Message::Close(_) => {}
            }
        }
        if let Err(reason) = self.serve(take(&mut rest)).await {
            return self.stop(reason).await;
        }
        if let Err(error) = connections::close(self.connection).await {
            tracing::warn!(%error, "the database did not close cleanly; the next start repairs it");
        }
        drop(self.lock);
        self.health
            .send_replace(Health::Stopped("It was closed.".to_owned()));
        if let Some(done) = done {
            let _ = done.send(());
        }
    }
}

/// Says why the backend must stop, if what went wrong with one caller's wish leaves no other way.
fn survived(outcome: Result<(), Error>) -> Result<(), String> {
    match outcome.map_err(Failure::from) {
        Err(Failure::Disk(reason)) => Err(reason),
        Ok(()) | Err(Failure::Command(_) | Failure::Later(_)) => Ok(()),
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let Error::Database(cause) = &error else {
            return Self::Command(error);
        };
        let code = cause
            .as_database_error()
            .and_then(|error| error.code()?.parse::<u32>().ok());
        // https://sqlite.org/rescode.html; the low byte is the primary code.
        match code.map(|code| code & 0xff) {
            Some(5 | 6) => Self::Later(Error::Busy),
            Some(13) => Self::Later(Error::DiskFull),
            Some(18 | 19 | 20 | 25) => Self::Command(error), // Too big, constraint, mismatch, range.
            _ => Self::Disk(cause.to_string()),
        }
    }
}
