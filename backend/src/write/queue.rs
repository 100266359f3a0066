//! The queue before the one writer: what may be put there, and the handle by which it is put.

use domain::List;
use tokio::sync::{mpsc, oneshot};

use crate::authority::Authority;
use crate::database::Connection;
use crate::write::request::{WriteOutcome, WriteRequest};
use crate::write::transaction::{Work, WriteTransaction};
use crate::{Error, Household, Visitor};

/// Messages that may wait. Whoever comes when the queue is full waits for a place, and has asked nothing yet.
const LENGTH: usize = 1_024;

/// Something for the writer.
pub(crate) enum Message {
    Request(Box<Request>),
    WriteTransaction(WriteTransaction),
    /// End, and say when that is done.
    Close(oneshot::Sender<()>),
}

/// What one caller asks.
pub(crate) struct Request {
    /// By whose right.
    pub(crate) by: Authority,
    pub(crate) visitor: Visitor,
    /// From where; none of what the server does by itself.
    pub(crate) household: Option<Household>,
    pub(crate) asks: Vec<WriteRequest>,
    /// Lists that the caller has read for the writer.
    pub(crate) loaded: Vec<List>,
    pub(crate) answer: oneshot::Sender<Result<Vec<WriteOutcome>, Error>>,
}

/// The handle. A clone leads to the same writer.
#[derive(Clone)]
pub(crate) struct Queue(mpsc::Sender<Message>);

impl Queue {
    /// A queue, and the end of it that the writer takes from.
    pub(crate) fn new() -> (Self, mpsc::Receiver<Message>) {
        let (sender, receiver) = mpsc::channel(LENGTH);
        (Self(sender), receiver)
    }

    /// Has the writer decide requests in one transaction. It is on disk when this returns. `loaded` are lists that were read for them.
    pub(crate) async fn ask(
        &self,
        by: Authority,
        visitor: Visitor,
        household: Option<Household>,
        asks: Vec<WriteRequest>,
        loaded: Vec<List>,
    ) -> Result<Vec<WriteOutcome>, Error> {
        let (answer, answered) = oneshot::channel();
        let request = Request {
            by,
            visitor,
            household,
            asks,
            loaded,
            answer,
        };
        self.send(Message::Request(Box::new(request))).await?;
        answered.await.map_err(|_| Error::Unknown)?
    }

    /// Has the writer do something beside the log, in a transaction of its own. It is on disk when this returns; `then` was
    /// called once it was.
    pub(crate) async fn transact<T: Send + 'static>(
        &self,
        work: impl for<'a> FnOnce(&'a mut Connection) -> Work<'a, T> + Send + 'static,
        then: impl FnOnce(&T) + Send + 'static,
    ) -> Result<T, Error> {
        let (transaction, answered) = WriteTransaction::new(work, then);
        self.send(Message::WriteTransaction(transaction)).await?;
        answered.await.map_err(|_| Error::Unknown)?
    }

    /// Has the writer do what waits, close the database and end.
    pub(crate) async fn close(&self) {
        let (done, closed) = oneshot::channel();
        if self.send(Message::Close(done)).await.is_ok() {
            let _ = closed.await;
        }
    }

    /// How many messages wait.
    #[cfg(test)]
    pub(crate) fn waiting(&self) -> usize {
        self.0.max_capacity() - self.0.capacity()
    }

    async fn send(&self, message: Message) -> Result<(), Error> {
        self.0.send(message).await.map_err(|_| Error::Stopped)
    }
}
