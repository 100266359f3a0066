//! Asking the writer: what it does not have in memory is read before, so that it need not be while everyone waits.

use std::collections::BTreeSet;

use domain::{List, ListId};

use crate::authority::Authority;
use crate::client_address::client_address;
use crate::database::{Connection, tasks};
use crate::write::request::{WriteOutcome, WriteRequest};
use crate::write::transaction::Work;
use crate::{Backend, Error, Visitor};

impl Backend {
    /// Has the writer decide what a visitor asks, by their own right.
    pub(crate) async fn ask(
        &self,
        visitor: &Visitor,
        asks: Vec<WriteRequest>,
    ) -> Result<Vec<WriteOutcome>, Error> {
        self.ask_by(visitor, visitor, asks).await
    }

    /// The same of what is asked about a visitor, by anybody's right.
    pub(crate) async fn ask_by(
        &self,
        by: impl Into<Authority>,
        visitor: &Visitor,
        asks: Vec<WriteRequest>,
    ) -> Result<Vec<WriteOutcome>, Error> {
        let (by, household) = (by.into(), client_address());
        let loaded = self.load(&asks).await?;
        let queue = &self.inner.queue;
        let judged = queue.ask(by, *visitor, household, asks, loaded).await?;
        if let [WriteOutcome::Later(error)] = judged.as_slice() {
            return Err(error.clone());
        }
        // They stand in one transaction and come from one person: all of them, or none.
        if judged
            .iter()
            .any(|judged| matches!(judged, WriteOutcome::Outside))
        {
            self.inner.admission.check(&by, self.now())?;
            return Err(Error::SessionEnded);
        }
        Ok(judged)
    }

    /// Reads the lists that the writer does not have in memory, so that it need not while everyone waits.
    async fn load(&self, asks: &[WriteRequest]) -> Result<Vec<List>, Error> {
        let named = asks.iter().flat_map(WriteRequest::lists);
        let missing: BTreeSet<ListId> = named
            .filter(|list| !self.inner.resident.contains(*list))
            .collect();
        if missing.is_empty() {
            return Ok(Vec::new());
        }
        let mut read = self.inner.readers.begin().await?;
        Ok(tasks::lists(&mut read, missing).await?.into_values().collect())
    }

    /// Has the writer do something beside the log, if that right stands when it comes to it. It is on disk when this returns.
    pub(crate) async fn write_transaction<T: Send + 'static>(
        &self,
        by: impl Into<Authority>,
        work: impl for<'a> FnOnce(&'a mut Connection) -> Work<'a, T> + Send + 'static,
        then: impl FnOnce(&T) + Send + 'static,
    ) -> Result<T, Error> {
        let (inner, by) = (self.inner.clone(), by.into());
        self.inner
            .queue
            .transact(
                move |connection| match inner.admission.check(&by, inner.clock.now()) {
                    Ok(()) => work(connection),
                    Err(error) => refused(error),
                },
                then,
            )
            .await
    }

    /// Asks whether the visitor may still do what is not written: for what begins or is handed over beside the database.
    pub(crate) fn check_right(&self, visitor: &Visitor) -> Result<(), Error> {
        self.inner.admission.check(&visitor.into(), self.now())
    }
}

fn refused<'a, T: Send + 'static>(error: Error) -> Work<'a, T> {
    Box::pin(async { Err(error) })
}
