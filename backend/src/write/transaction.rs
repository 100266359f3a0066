//! Something rare that the writer does beside the log, in a transaction of its own.

use std::pin::Pin;

use tokio::sync::oneshot;

use crate::Error;
use crate::database::{Connection, connection as connections};

/// What is done on the writer's connection, inside a transaction.
pub(crate) type Work<'a, T> = Pin<Box<dyn Future<Output = Result<T, Error>> + Send + 'a>>;

type Run = Box<dyn for<'a> FnOnce(Result<&'a mut Connection, Error>) -> Work<'a, ()> + Send>;

/// One of them, and who is told what came of it.
pub(crate) struct WriteTransaction(Run);

impl WriteTransaction {
    /// Does `work`, and once that is on disk `then`, whether or not anybody still waits: what is in memory follows what is on
    /// disk, in the order of the commits.
    pub(crate) fn new<T: Send + 'static>(
        work: impl for<'a> FnOnce(&'a mut Connection) -> Work<'a, T> + Send + 'static,
        then: impl FnOnce(&T) + Send + 'static,
    ) -> (Self, oneshot::Receiver<Result<T, Error>>) {
        let (answer, answered) = oneshot::channel();
        let run: Run = Box::new(move |connection| {
            Box::pin(async move {
                let outcome = match connection {
                    Ok(connection) => transact(connection, work).await,
                    Err(error) => Err(error),
                };
                let failed = outcome.as_ref().err().cloned();
                if let Ok(value) = &outcome {
                    then(value);
                }
                let _ = answer.send(outcome);
                failed.map_or(Ok(()), Err)
            })
        });
        (Self(run), answered)
    }

    /// Does it and answers. Of an error the caller is told, and it is handed on: the writer knows what it means for itself.
    pub(crate) async fn run(self, connection: &mut Connection) -> Result<(), Error> {
        (self.0)(Ok(connection)).await
    }

    /// Tells the caller why it was not done.
    pub(crate) async fn refuse(self, error: Error) {
        drop((self.0)(Err(error)).await);
    }
}

async fn transact<T>(
    connection: &mut Connection,
    work: impl for<'a> FnOnce(&'a mut Connection) -> Work<'a, T>,
) -> Result<T, Error> {
    let mut write = connections::begin(connection).await?;
    let value = work(&mut write).await?;
    write.commit().await?;
    Ok(value)
}
